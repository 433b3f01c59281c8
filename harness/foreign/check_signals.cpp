#include "foreign/check_signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/usable_values.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kFrameWidth = 128;

std::string signal_problem(const EncoderInfo& info, const Signal& signal) {
  if (info.input == InputKind::kItemId) return {};
  const bool pcm = info.input == InputKind::kPcm;
  if (pcm && signal.rows != static_cast<std::size_t>(info.channels)) {
    return fmt::format("found {} channels, expected {}", signal.rows, info.channels);
  }
  if (!pcm && signal.cols != kFrameWidth) {
    return fmt::format("found frames of {} values, expected {}", signal.cols, kFrameWidth);
  }
  if (signal.values.empty()) return pcm ? "found no sample" : "found no frame";
  const auto bad =
      std::ranges::find_if_not(signal.values, [](float v) { return std::isfinite(v); });
  if (bad == signal.values.end()) return {};
  return fmt::format("found {} at position {}, expected finite values", *bad,
                     bad - signal.values.begin());
}

}  // namespace

void check_signals(const EncoderInfo& info, std::span<const Signal> signals) {
  for (const Signal& signal : signals) {
    const std::string problem = signal_problem(info, signal);
    if (problem.empty()) continue;
    throw ForeignFailure(fmt::format("encoder '{}', item '{}': {}", info.name, signal.id, problem));
  }
}

std::string value_problem(std::span<const double> values, std::size_t cols) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double v = values[k];
    if (std::abs(v) <= kLargestValue) continue;
    const std::string where = fmt::format("row {}, column {}", k / cols, k % cols);
    if (!std::isfinite(v)) {
      return fmt::format("found a value that is not finite ({}) in {}", v, where);
    }
    return fmt::format("found the value {} in {}, expected -{} to {}", v, where, kLargestValue,
                       kLargestValue);
  }
  return {};
}

std::string items_text(std::span<const Signal> signals) {
  if (signals.empty()) return "no items";
  if (signals.size() == 1) return fmt::format("item '{}'", signals.front().id);
  return fmt::format("the {} items from '{}' on", signals.size(), signals.front().id);
}

}  // namespace musicrep
