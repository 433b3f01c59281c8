#include "stored_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/options.h"
#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace {

constexpr std::size_t kWidth = 128;

/// The inverse of FrameTable::dequantised(), and as VGGish quantises what lies outside.
double to_byte(double v) { return std::round((std::clamp(v, -2.0, 2.0) + 2) * 255 / 4); }

}  // namespace

StoredFrames::StoredFrames(const EncoderArgs& args)
    : bytes_(option<std::string>(args.options, "scale") == "bytes") {}

EncoderInfo StoredFrames::static_info() {
  EncoderInfo info;
  info.name = "stored_frames";
  info.version = "1";
  info.description = "VGGish frames that the data set offers";
  info.citation =
      "Hershey et al.: CNN Architectures for Large-Scale Audio Classification, ICASSP 2017";
  info.bibtex = R"(% known by: CNN Architectures for Large-Scale Audio
@inproceedings{hershey2017cnn,
  title = {{CNN} Architectures for Large-Scale Audio Classification},
  author = {Hershey, Shawn and Chaudhuri, Sourish and Ellis, Daniel P. W. and Gemmeke, Jort F. and Jansen, Aren and Moore, R. Channing and Plakal, Manoj and Platt, Devin and Saurous, Rif A. and Seybold, Bryan and Slaney, Malcolm and Weiss, Ron J. and Wilson, Kevin},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  year = {2017}
})";
  info.licence = "that of the data set";
  info.input = InputKind::kVggishFrames;
  info.window_s = 0.96;
  info.hop_s = 0.96;
  info.dim = kWidth;
  info.options = {{.name = "scale",
                   .default_value = std::string("dequantised"),
                   .description = "dequantised: in [-2, 2]; bytes: 0 to 255, as the 8 bit numbers "
                                  "are",
                   .one_of = {"dequantised", "bytes"}}};
  info.trained_on = {"YouTube-8M (a preliminary version, not released)"};
  return info;
}

Matrix StoredFrames::encode_one(const Signal& signal) {
  if (signal.rows == 0 || signal.cols != kWidth ||
      signal.values.size() != signal.rows * signal.cols) {
    throw DataError(fmt::format(
        "stored_frames: item '{}': found frames of shape [{}, {}], expected [1 or more, {}]",
        signal.id, signal.rows, signal.cols, kWidth));
  }
  if (!std::ranges::all_of(signal.values, [](float v) { return std::isfinite(v); })) {
    throw DataError(fmt::format("stored_frames: item '{}': a value is not finite, expected numbers",
                                signal.id));
  }
  std::vector<double> values(signal.values.begin(), signal.values.end());
  if (bytes_) std::ranges::transform(values, values.begin(), to_byte);
  return {signal.rows, signal.cols, std::move(values)};
}

std::vector<LayerTrace> StoredFrames::trace(const Signal& signal) {
  return {{kInputLayer, encode_one(signal), {}}};
}

}  // namespace musicrep

MUSICREP_ENCODER(stored_frames, musicrep::StoredFrames)
