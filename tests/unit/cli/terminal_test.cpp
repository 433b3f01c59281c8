#include "cli/terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "test_files.h"

namespace musicrep::cli {
namespace {

/// What `print` writes to standard error, which is a file meanwhile.
std::string standard_error_of(const std::function<void()>& print) {
  const TempFolder folder;
  const std::filesystem::path path = folder.path() / "stderr";
  std::fflush(stderr);
  const int before = dup(STDERR_FILENO);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  dup2(file, STDERR_FILENO);
  close(file);
  print();
  std::fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("without a terminal a long step says how far it is, line by line") {
  const std::string text = standard_error_of([] {
    TerminalProgress progress(false, std::chrono::milliseconds(0));
    progress.plan(2);
    progress.begin("train tlm");
    progress.update(1, 4);
    progress.end("done");
  });
  CHECK(text.find("[1/2] train tlm  1/4, about ") != std::string::npos);
  CHECK(text.find("[1/2] train tlm: done  (") != std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
}

TEST_CASE("a short step has one line, a quiet run none") {
  for (const bool quiet : {false, true}) {
    const std::string text = standard_error_of([&] {
      TerminalProgress progress(quiet);
      progress.begin("encode");
      progress.update(1, 4);
      progress.end("done");
    });
    CHECK(std::count(text.begin(), text.end(), '\n') == (quiet ? 0 : 1));
  }
}

}  // namespace musicrep::cli
