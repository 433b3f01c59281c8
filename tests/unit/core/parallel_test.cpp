#include "core/parallel.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/random.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {

TEST_CASE("a parallel loop visits each index once") {
  const std::size_t threads = GENERATE(as<std::size_t>{}, 0, 1, 2, 8, 64);
  const std::size_t n = GENERATE(as<std::size_t>{}, 0, 1, 3, 1000);
  std::vector<std::atomic<int>> visits(n);
  parallel_for(n, threads, [&](std::size_t i) { ++visits.at(i); });
  for (const auto& count : visits) CHECK(count == 1);
}

TEST_CASE("a parallel loop on one thread goes in order, on the caller's thread") {
  std::vector<std::size_t> order;
  const auto caller = std::this_thread::get_id();
  parallel_for(5, 1, [&](std::size_t i) {
    CHECK(std::this_thread::get_id() == caller);
    order.push_back(i);
  });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("the exception of the lowest index comes back") {
  const std::size_t threads = GENERATE(as<std::size_t>{}, 1, 2, 8);
  const std::size_t first = GENERATE(as<std::size_t>{}, 0, 7);
  // Each run gives the threads another chance to overtake each other.
  int wrong = 0;
  for (int run = 0; run < 300; ++run) {
    const std::string message = message_of<DataError>([&] {
      parallel_for(40, threads, [&](std::size_t i) {
        if (i >= first) throw DataError("item " + std::to_string(i));
      });
    });
    if (message != "item " + std::to_string(first)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("an exception ends the loop early, after what has begun") {
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  CHECK_THROWS_AS(parallel_for(100000, 4,
                               [&](std::size_t i) {
                                 ++begun;
                                 if (i == 10) throw std::runtime_error("ten");
                                 // Long enough for a busy machine to let the eleventh throw.
                                 std::this_thread::sleep_for(std::chrono::microseconds(20));
                                 ++ended;
                               }),
                  std::runtime_error);
  CHECK(begun == ended + 1);
  CHECK(begun < 100000);
}

TEST_CASE("nested parallel loops give the same data on 1 and on 8 threads") {
  const auto filled = [](std::size_t threads) {
    std::vector<std::vector<double>> rows(20, std::vector<double>(30));
    parallel_for(rows.size(), threads, [&](std::size_t row) {
      parallel_for(rows[row].size(), threads, [&](std::size_t col) {
        Random random(derive_seed(row, std::to_string(col)));
        for (int i = 0; i < 10; ++i) rows[row][col] += random.normal();
      });
    });
    return rows;
  };
  const auto expected = filled(1);
  CHECK(expected[0][0] != expected[0][1]);
  CHECK(filled(8) == expected);
}

TEST_CASE("a request to stop ends a parallel loop") {
  const std::size_t threads = GENERATE(as<std::size_t>{}, 1, 4);
  std::atomic<int> done{0};
  const auto loop = [&] {
    parallel_for(100000, threads, [&](std::size_t i) {
      if (i == 5) request_stop(SIGINT);
      ++done;
    });
  };
  CHECK(stop_requested() == 0);
  ErrorKind kind = ErrorKind::kUsage;
  try {
    loop();
  } catch (const Error& e) {
    kind = e.kind();
  }
  CHECK(stop_requested() == SIGINT);
  request_stop(0);
  CHECK(kind == ErrorKind::kInterrupted);
  CHECK(done >= 6);
  CHECK(done < 100000);
}

TEST_CASE("there is at least one processor") { CHECK(available_processors() >= 1); }

}  // namespace musicrep
