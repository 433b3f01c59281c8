#include "my_encoder.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace {

constexpr std::size_t kSampleRateHz = 16000;
constexpr std::size_t kWindow = kSampleRateHz;   // samples
constexpr std::size_t kHop = kSampleRateHz / 2;  // samples
constexpr std::size_t kDim = 2;

void check(const Signal& signal) {
  const std::string item = "my_encoder: item '" + signal.id + "': ";
  if (signal.rows != 1 || signal.cols == 0 || signal.values.size() != signal.cols) {
    throw DataError(item + "found " + std::to_string(signal.rows) + " channels of " +
                    std::to_string(signal.cols) + " samples, expected 1 of at least 1 sample");
  }
  if (!std::ranges::all_of(signal.values, [](float v) { return std::isfinite(v); })) {
    throw DataError(item + "found a sample that is not finite, expected numbers");
  }
}

}  // namespace

EncoderInfo MyEncoder::static_info() {
  EncoderInfo info;
  info.name = "my_encoder";
  info.version = "1";
  info.description = "Level and sign changes of each second";
  info.citation = "none";  // authors, title, where and when it was published
  info.licence = "none";   // of the code, and of the weights
  info.input = InputKind::kPcm;
  info.sample_rate_hz = kSampleRateHz;
  info.channels = 1;
  info.window_s = 1.0;
  info.hop_s = 0.5;
  info.dim = kDim;
  info.options = {{.name = "floor_db",
                   .default_value = -120.0,
                   .description = "level of silence in dB of full scale, -300 to -20",
                   .range = NumberRange::between(-300, -20)}};
  return info;
}

MyEncoder::MyEncoder(const EncoderArgs& args)
    : floor_db_(option<double>(args.options, "floor_db")) {}

Matrix MyEncoder::encode_one(const Signal& signal) {
  check(signal);
  // What is behind the last whole window is left out; a shorter clip is one window.
  const std::size_t rows = signal.cols < kWindow ? 1 : 1 + (signal.cols - kWindow) / kHop;
  Matrix out(rows, kDim);
  for (std::size_t t = 0; t < rows; ++t) {
    const auto window = signal.values.subspan(t * kHop, std::min(kWindow, signal.cols - t * kHop));
    double squares = 0;
    std::size_t changes = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
      squares += static_cast<double>(window[i]) * window[i];
      if (i > 0 && (window[i] < 0) != (window[i - 1] < 0)) ++changes;
    }
    const auto n = static_cast<double>(window.size());
    out.at(t, 0) = std::max(floor_db_, 10 * std::log10(squares / n));
    out.at(t, 1) = static_cast<double>(changes) / n;
  }
  return out;
}

}  // namespace musicrep

MUSICREP_ENCODER(my_encoder, musicrep::MyEncoder)
