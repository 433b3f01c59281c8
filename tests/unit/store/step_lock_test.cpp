#include "store/step_lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "core/hash.h"
#include "core/stop.h"
#include "store_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

const std::string kKey = sha256_hex("a step");
const std::string kOther = sha256_hex("another step");
constexpr auto kLong = std::chrono::milliseconds(150);

/// A process that holds the lock of kKey until it is killed.
pid_t holder(const ArtefactStore& store) {
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const StepLock lock(store, kKey, "held");
    const char byte = 1;
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  close(ready[0]);
  close(ready[1]);
  return child;
}

void end(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_CASE("who waits for a step gets it when the process that holds it is killed") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "store");
  const pid_t child = holder(store);
  const StepLock other(store, kOther, "another step is free");
  std::atomic<bool> has = false;
  std::thread waits([&] {
    const StepLock lock(store, kKey, "waits");
    has = true;
  });
  std::this_thread::sleep_for(kLong);
  CHECK_FALSE(has);
  end(child);
  waits.join();
  CHECK(has);
}

TEST_CASE("threads of one run wait for each other, too") {
  const TempFolder folder;
  const ArtefactStore store(folder.path());
  auto first = std::make_unique<StepLock>(store, kKey, "first");
  std::atomic<bool> has = false;
  std::thread waits([&] {
    const StepLock lock(store, kKey, "second");
    has = true;
  });
  std::this_thread::sleep_for(kLong);
  CHECK_FALSE(has);
  first.reset();
  waits.join();
  CHECK(has);
  CHECK(store.list().empty());  // the file of locks is no artefact
}

TEST_CASE("waiting for a step ends on request") {
  const TempFolder folder;
  const ArtefactStore store(folder.path());
  const pid_t child = holder(store);
  std::thread asks([] {
    std::this_thread::sleep_for(kLong);
    request_stop(SIGTERM);
  });
  CHECK_THROWS_WITH(StepLock(store, kKey, "waits"),
                    Contains("run the same command again to continue"));
  asks.join();
  request_stop(0);
  end(child);
}

TEST_CASE("where there can be no lock it is held at once") {
  const TempFolder folder;
  const ArtefactStore store(std::filesystem::path(folder.write("file", "")) / "no folder");
  const StepLock one(store, kKey, "one");
  const StepLock two(store, kKey, "two");
  SUCCEED();
}

}  // namespace
}  // namespace musicrep
