#include "mfcc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/check_pcm.h"
#include "mfcc_front_ends.h"
#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace {

constexpr std::size_t kCoefficients = 20;
constexpr std::size_t kStatistics = 6;
constexpr double kSampleRateHz = 12000;
constexpr double kDurationS = 29;
constexpr std::size_t kMostSamples = 348000;
// What mirroring half a frame needs; it also makes three frames, the fewest with second
// differences.
constexpr std::size_t kFewestSamples = 1024;

/// Replaces each row but the last of `values` [n, kCoefficients] by its difference to the next.
void difference(std::vector<double>& values) {
  for (std::size_t i = 0; i + kCoefficients < values.size(); ++i) {
    values[i] = values[i + kCoefficients] - values[i];
  }
  values.resize(values.size() - kCoefficients);
}

/// Mean, then population standard deviation, of each column of `values` [n, kCoefficients].
void write_statistics(const std::vector<double>& values, std::span<double> out) {
  const auto n = static_cast<double>(values.size() / kCoefficients);
  for (std::size_t k = 0; k < kCoefficients; ++k) {
    double sum = 0;
    for (std::size_t i = k; i < values.size(); i += kCoefficients) sum += values[i];
    const double mean = sum / n;
    double squares = 0;
    for (std::size_t i = k; i < values.size(); i += kCoefficients) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    out[k] = mean;
    out[kCoefficients + k] = std::sqrt(squares / n);
  }
}

}  // namespace

Mfcc::Mfcc(const EncoderArgs&)
    : front_end_(front_ends::mfcc_choi2017.config), dct_(front_end_.n_mels(), kCoefficients) {}

EncoderInfo Mfcc::static_info() {
  EncoderInfo info;
  info.name = "mfcc";
  info.version = "1";
  info.description = "Mean and deviation of 20 MFCCs and their first and second differences";
  info.citation =
      "Choi, Fazekas, Sandler, Cho: Transfer Learning for Music Classification and Regression "
      "Tasks, ISMIR 2017";
  info.bibtex = R"(% known by: Transfer learning for music classification
@inproceedings{choi2017transfer,
  title = {Transfer Learning for Music Classification and Regression Tasks},
  author = {Choi, Keunwoo and Fazekas, Gy{\"o}rgy and Sandler, Mark and Cho, Kyunghyun},
  booktitle = {Proceedings of the 18th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2017}
})";
  info.licence = "no weights";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = kSampleRateHz;
  info.channels = 1;
  info.dim = kStatistics * kCoefficients;
  info.resampler = "kaiser_best";
  info.max_duration_s = kDurationS;
  return info;
}

Matrix Mfcc::encode_one(const Signal& signal) {
  check_pcm("mfcc", signal);
  std::span<const float> samples = signal.values.first(std::min(signal.cols, kMostSamples));
  std::vector<float> longer;
  if (samples.size() < kFewestSamples) {
    longer.assign(samples.begin(), samples.end());
    longer.resize(kFewestSamples, 0.0F);
    samples = longer;
  }
  const Spectrogram mel = front_end_.compute(samples);
  std::vector<double> coefficients(mel.frames * kCoefficients);
  for (std::size_t t = 0; t < mel.frames; ++t) {
    dct_.apply(mel.row(0, t), std::span(coefficients).subspan(t * kCoefficients, kCoefficients));
  }
  Matrix out(1, kStatistics * kCoefficients);
  for (std::size_t order = 0; order < 3; ++order) {
    if (order > 0) difference(coefficients);
    write_statistics(coefficients, out.row(0).subspan(order * 2 * kCoefficients));
  }
  return out;
}

}  // namespace musicrep

MUSICREP_ENCODER(mfcc, musicrep::Mfcc)
