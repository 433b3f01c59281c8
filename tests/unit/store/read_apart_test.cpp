#include "store/read_apart.h"

#include <array>
#include <atomic>
#include <csignal>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>

#include "store_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

template <typename Read>
std::string refusal_of(Read&& read) {
  return data_error_of([&] { return read_apart("/some/file.h5", read); });
}

TEST_CASE("what is read in another process comes back bit for bit") {
  using Value = std::pair<Matrix, std::map<std::string, std::optional<double>>>;
  const Value value = {Matrix(1, 3, {-0.0, std::numeric_limits<double>::denorm_min(), 1e300}),
                       {{"a", 1.0 / 3}, {"none", std::nullopt}, {"", -1}}};
  const Value back = read_apart("x", [&] { return value; });
  CHECK(back.first == value.first);
  CHECK(std::signbit(back.first.at(0, 0)));
  CHECK(back.second == value.second);
  const std::string large(5 << 20, 'x');  // far more than a pipe holds
  CHECK(read_apart("x", [&] { return large; }) == large);
  CHECK(read_apart("x", [] { return std::string(); }).empty());
}

TEST_CASE("what the other process refuses is refused alike") {
  CHECK(refusal_of([]() -> std::string { throw DataError("'x': no"); }) == "'x': no");
  CHECK_THROWS_AS(read_apart("x", []() -> std::string { throw ConfigError("no"); }), ConfigError);
}

TEST_CASE("a reader that crashes, gives up or does not end is reported by the file's name") {
  CHECK_THAT(refusal_of([]() -> std::string {
               std::raise(SIGSEGV);
               return "";
             }),
             Contains("'/some/file.h5'") && Contains("crashed while reading it"));
  CHECK_THAT(refusal_of([]() -> std::string { throw std::runtime_error("lost"); }),
             Contains("'/some/file.h5'") && Contains("crashed while reading it (code "));
  CHECK_THAT(refusal_of([]() -> std::string { throw std::bad_alloc(); }),
             Contains("'/some/file.h5'") && Contains("more memory than there is"));
  CHECK_THAT(refusal_of([]() -> std::string {
               std::atomic<int> i = 0;
               while (i >= 0) i = 0;
               return "";
             }),
             Contains("'/some/file.h5'") && Contains("3 s of processor time"));
}

TEST_CASE("other threads go on meanwhile") {
  std::vector<std::thread> threads;
  std::array<int, 4> good{};
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&good, t] {
      for (int i = 0; i < 20; ++i) {
        good[t] += read_apart("x", [&] { return std::vector<int>(1000, i); }).at(999) == i ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::array<int, 4>{20, 20, 20, 20});
}

}  // namespace
}  // namespace musicrep
