#include "foreign/messages.h"

#include <fmt/format.h>

#include <cmath>

namespace musicrep {

std::string pack_signals(std::span<const Signal> signals) {
  Packer packer;
  packer(std::uint64_t{signals.size()});
  for (const Signal& signal : signals) {
    packer(signal.id);
    packer(signal.values);
    packer(std::uint64_t{signal.rows});
    packer(std::uint64_t{signal.cols});
  }
  return packer.take();
}

void check_info(const EncoderInfo& info) {
  const auto need = [&](bool good, const std::string& what) {
    if (!good) throw ProtocolError(fmt::format("encoder '{}': {}", info.name, what));
  };
  const int input = static_cast<int>(info.input);
  need(input >= static_cast<int>(InputKind::kPcm) && input <= static_cast<int>(InputKind::kItemId),
       fmt::format("found input {}, expected one of InputKind", input));
  if (info.input == InputKind::kPcm) {
    need(info.sample_rate_hz >= 1000 && info.sample_rate_hz <= 768000,
         fmt::format("found a sample rate of {} Hz, expected 1000 to 768000", info.sample_rate_hz));
    need(info.channels == 1 || info.channels == 2,
         fmt::format("found {} channels, expected 1 or 2", info.channels));
    need(info.resampler == "soxr" || info.resampler == "kaiser_best",
         fmt::format("found resampler '{}', expected soxr or kaiser_best", info.resampler));
  }
  for (const double seconds : {info.window_s, info.hop_s, info.max_duration_s}) {
    need(std::isfinite(seconds) && seconds >= 0,
         fmt::format("found a time of {} s, expected 0 or more", seconds));
  }
}

}  // namespace musicrep
