#include "foreign/child_process.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "core/files.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

ChildArgs shell(const std::string& script, const std::filesystem::path& folder = {}) {
  return {.argv = {"/bin/sh", "-c", script}, .folder = folder};
}

bool is_running(int pid) {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("State:")) return line.find('Z') == std::string::npos;  // not yet reaped
  }
  return false;
}

}  // namespace

TEST_CASE("a child's end is reported") {
  ChildProcess good(shell("exit 0"));
  REQUIRE(good.wait_until(deadline_in(20)));
  CHECK(good.succeeded());
  ChildProcess bad(shell("echo one; echo two >&2; exit 3"));
  REQUIRE(bad.wait_until(deadline_in(20)));
  CHECK_FALSE(bad.succeeded());
  CHECK(bad.end() == "exited with code 3");
  CHECK(bad.last_words() == "one two");
  ChildProcess killed(shell("kill -SEGV $$"));
  REQUIRE(killed.wait_until(deadline_in(20)));
  CHECK(killed.end() == "was killed by signal 11 (Segmentation fault)");
}

TEST_CASE("a program or folder that is not there is reported at once") {
  CHECK_THROWS_WITH(ChildProcess({.argv = {"no-such-program-here"}, .folder = {}}),
                    Catch::Contains("no-such-program-here") && Catch::Contains("No such file"));
  CHECK_THROWS_AS(ChildProcess(shell("exit 0", "/no/such/folder")), DataError);
}

TEST_CASE("a child runs in the folder that is given, with nothing to read") {
  const TempFolder folder;
  write_text_atomically(folder.path() / "here", "x");
  ChildProcess child(shell("test -f here && ! read line", folder.path()));
  REQUIRE(child.wait_until(deadline_in(20)));
  CHECK(child.succeeded());
}

TEST_CASE("a child that does not end is killed with what it started") {
  const TempFolder folder;
  int grandchild = 0;
  {
    ChildProcess child(shell("sleep 1000 & echo $! > pid; mv pid started; wait", folder.path()));
    CHECK_FALSE(child.wait_until(deadline_in(0.2)));
    while (!std::filesystem::exists(folder.path() / "started")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    grandchild = std::stoi(read_file(folder.path() / "started"));
    CHECK(is_running(grandchild));
    child.kill();
    CHECK(child.end() == "was killed by signal 9 (Killed)");
  }
  CHECK_FALSE(is_running(grandchild));
}

TEST_CASE("what an ended child left behind is killed, too") {
  const TempFolder folder;
  ChildProcess child(shell("sleep 1000 & echo $! > pid", folder.path()));
  REQUIRE(child.wait_until(deadline_in(20)));
  CHECK_FALSE(is_running(std::stoi(read_file(folder.path() / "pid"))));
}

TEST_CASE("of much that is printed the end is kept") {
  ChildProcess child(shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"));
  REQUIRE(child.wait_until(deadline_in(60)));
  CHECK(child.last_words().ends_with("line 19999"));
  CHECK(child.last_words().size() < 700);
}

TEST_CASE("waiting ends at a request to stop") {
  ChildProcess child(shell("sleep 1000"));
  request_stop(SIGINT);
  CHECK_THROWS_AS(child.wait_until(deadline_in(60)), Error);
  request_stop(0);
}

TEST_CASE("children outlive the thread that made them") {
  std::unique_ptr<ChildProcess> child;
  std::jthread([&] { child = std::make_unique<ChildProcess>(shell("sleep 0.3; exit 7")); }).join();
  REQUIRE(child->wait_until(deadline_in(20)));
  CHECK(child->end() == "exited with code 7");
}

}  // namespace musicrep
