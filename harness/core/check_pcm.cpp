#include "core/check_pcm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "musicrep/error.h"

namespace musicrep {

void check_pcm(std::string_view encoder, const Signal& signal, std::size_t most_channels) {
  if (signal.rows < 1 || signal.rows > most_channels || signal.cols == 0 ||
      signal.values.size() != signal.rows * signal.cols) {
    throw DataError(fmt::format(
        "{}: item '{}': found {} channels of {} samples, expected {} of at least 1 sample", encoder,
        signal.id, signal.rows, signal.cols,
        most_channels == 1 ? "1 channel" : fmt::format("1 to {} channels", most_channels)));
  }
  const auto bad = std::ranges::find_if(signal.values, [](float v) { return !std::isfinite(v); });
  if (bad == signal.values.end()) return;
  const auto place = static_cast<std::size_t>(bad - signal.values.begin());
  throw DataError(
      fmt::format("{}: item '{}': found the sample {} at place {}{}, expected a number", encoder,
                  signal.id, *bad, place % signal.cols,
                  most_channels == 1 ? "" : fmt::format(" of channel {}", place / signal.cols)));
}

}  // namespace musicrep
