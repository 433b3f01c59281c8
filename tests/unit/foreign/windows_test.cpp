#include "foreign/windows.h"

#include <catch2/catch.hpp>
#include <vector>

namespace musicrep {

TEST_CASE("windows begin as long as they bring a new sample") {
  using Starts = std::vector<std::size_t>;
  const WindowRule zeros{4, 2, WindowPadding::kZeros};
  CHECK(window_starts(1, zeros) == Starts{0});
  CHECK(window_starts(4, zeros) == Starts{0});
  CHECK(window_starts(5, zeros) == Starts{0, 2});
  CHECK(window_starts(6, zeros) == Starts{0, 2});
  CHECK(window_starts(7, zeros) == Starts{0, 2, 4});
  const WindowRule drop{4, 2, WindowPadding::kDrop};
  CHECK(window_starts(3, drop) == Starts{0});
  CHECK(window_starts(7, drop) == Starts{0, 2});
  CHECK(window_starts(8, drop) == Starts{0, 2, 4});
  const WindowRule apart{2, 5, WindowPadding::kZeros};  // samples between windows are left out
  CHECK(window_starts(4, apart) == Starts{0});
  CHECK(window_starts(6, apart) == Starts{0, 5});
}

TEST_CASE("a last window is filled by its rule") {
  const std::vector<float> values = {1, 2, 3, -1, -2, -3};
  const Signal signal{"a", values, 2, 3};
  CHECK(cut_window(signal, 1, {2, 1, WindowPadding::kZeros}) == std::vector<float>{2, 3, -2, -3});
  CHECK(cut_window(signal, 1, {4, 1, WindowPadding::kZeros}) ==
        std::vector<float>{2, 3, 0, 0, -2, -3, 0, 0});
  CHECK(cut_window(signal, 1, {6, 1, WindowPadding::kRepeat}) ==
        std::vector<float>{2, 3, 1, 2, 3, 1, -2, -3, -1, -2, -3, -1});
}

}  // namespace musicrep
