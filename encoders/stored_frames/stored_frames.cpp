#include "stored_frames.h"

#include <fmt/format.h>

#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace {

constexpr std::size_t kWidth = 128;

}  // namespace

StoredFrames::StoredFrames(const EncoderArgs&) {}

EncoderInfo StoredFrames::static_info() {
  EncoderInfo info;
  info.name = "stored_frames";
  info.version = "1";
  info.description = "VGGish frames that the data set offers";
  info.citation =
      "Hershey et al.: CNN Architectures for Large-Scale Audio Classification, ICASSP 2017";
  info.licence = "that of the data set";
  info.input = InputKind::kVggishFrames;
  info.window_s = 0.96;
  info.hop_s = 0.96;
  info.dim = kWidth;
  info.trained_on = {"YouTube-8M (a preliminary version, not released)"};
  return info;
}

std::vector<Matrix> StoredFrames::encode(std::span<const Signal> signals) {
  std::vector<Matrix> out;
  out.reserve(signals.size());
  for (const Signal& signal : signals) {
    if (signal.rows == 0 || signal.cols != kWidth ||
        signal.values.size() != signal.rows * signal.cols) {
      throw DataError(fmt::format(
          "stored_frames: item '{}': found frames of shape [{}, {}], expected [1 or more, {}]",
          signal.id, signal.rows, signal.cols, kWidth));
    }
    out.emplace_back(signal.rows, signal.cols,
                     std::vector<double>(signal.values.begin(), signal.values.end()));
  }
  return out;
}

}  // namespace musicrep

MUSICREP_ENCODER(stored_frames, musicrep::StoredFrames)
