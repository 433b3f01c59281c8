#include "core/event_log.h"

#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "core/files.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;

namespace musicrep {
namespace {

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST_CASE("an event is a line of five fields, whatever is in them") {
  const TempFolder folder;
  const auto file = folder.path() / "new/run.log";
  CHECK_FALSE(logs(LogLevel::kError));
  log_event(LogLevel::kError, "", "", "nobody listens");
  open_event_log(file, LogLevel::kInfo);
  CHECK(logs(LogLevel::kWarning));
  CHECK_FALSE(logs(LogLevel::kDebug));
  log_event(LogLevel::kInfo, "encode mfcc on genres", "a\tb", "two\nlines\r");
  log_event(LogLevel::kDebug, "encode mfcc on genres", "c", "too much");
  log_event(LogLevel::kWarning, "", "", "alone");
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == 2);
  const std::string time = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t)";
  CHECK(std::regex_match(lines[0],
                         std::regex(time + "info\tencode mfcc on genres\ta b\ttwo lines ")));
  CHECK(std::regex_match(lines[1], std::regex(time + "warning\t-\t-\talone")));
}

TEST_CASE("a log goes on where it stands, and lines of many threads stay whole") {
  const TempFolder folder;
  const auto file = folder.write("run.log", "earlier\n");
  open_event_log(file, LogLevel::kDebug);
  const std::string text(3000, 'x');
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) log_event(LogLevel::kDebug, "s", "i", text);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == 201);
  CHECK(lines[0] == "earlier");
  for (std::size_t k = 1; k < lines.size(); ++k) {
    REQUIRE(lines[k].ends_with("Z\tdebug\ts\ti\t" + text));
  }
}

TEST_CASE("a log that cannot be opened is reported with its path") {
  const TempFolder folder;
  CHECK_THROWS_WITH(open_event_log(folder.path(), LogLevel::kInfo),
                    Contains(folder.path().string()) && Contains("Is a directory"));
  CHECK_NOTHROW(open_event_log(folder.path(), LogLevel::kOff));
}

}  // namespace
}  // namespace musicrep
