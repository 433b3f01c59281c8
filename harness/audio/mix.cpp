#include "audio/mix.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numbers>
#include <numeric>

namespace musicrep {
namespace {

using enum Speaker;
constexpr std::array kAll = {kFrontLeft, kFrontRight, kFrontCenter, kLowFrequency,
                             kBackLeft,  kBackRight,  kSideLeft,    kSideRight};
constexpr std::array kFour = {kFrontLeft, kFrontRight, kFrontCenter, kBackCenter};
constexpr std::array kFive = {kFrontLeft, kFrontRight, kFrontCenter, kBackLeft, kBackRight};
constexpr std::array kSeven = {kFrontLeft,  kFrontRight, kFrontCenter, kLowFrequency,
                               kBackCenter, kSideLeft,   kSideRight};
constexpr std::array kThree = {kFrontLeft, kFrontRight, kLowFrequency};

constexpr double kHalfPower = std::numbers::sqrt2 / 2;

double in_mono(Speaker speaker) {
  switch (speaker) {
    case kFrontLeft:
    case kFrontRight:
    case kFrontLeftOfCenter:
    case kFrontRightOfCenter:
      return kHalfPower;
    case kFrontCenter:
      return 1;
    case kLowFrequency:
      return 0;
    default:
      return kHalfPower * kHalfPower;
  }
}

double in_stereo(Speaker speaker, bool right) {
  switch (speaker) {
    case kFrontLeft:
    case kFrontLeftOfCenter:
      return right ? 0 : 1;
    case kFrontRight:
    case kFrontRightOfCenter:
      return right ? 1 : 0;
    case kBackLeft:
    case kSideLeft:
      return right ? 0 : kHalfPower;
    case kBackRight:
    case kSideRight:
      return right ? kHalfPower : 0;
    case kFrontCenter:
      return kHalfPower;
    case kBackCenter:
      return kHalfPower * kHalfPower;
    default:
      return 0;
  }
}

}  // namespace

std::span<const Speaker> default_speakers(std::size_t channels) {
  switch (channels) {
    case 3:
      return kThree;
    case 4:
      return kFour;
    case 5:
      return kFive;
    case 6:
      return std::span(kAll).first(6);
    case 7:
      return kSeven;
    case 8:
      return kAll;
    default:
      return {};
  }
}

Mixer::Mixer(std::size_t channels_in, std::span<const Speaker> speakers, std::size_t channels_out)
    : channels_in_(channels_in), channels_out_(channels_out) {
  assert(channels_in > 0 && channels_out > 0);
  if (channels_in <= 2 || channels_out > 2) return;
  if (speakers.size() != channels_in) speakers = default_speakers(channels_in);
  if (speakers.empty() || std::ranges::count(speakers, kOther) > 0) return;
  double most = 0;
  for (std::size_t out = 0; out < channels_out; ++out) {
    double sum = 0;
    for (const Speaker speaker : speakers) {
      weights_.push_back(channels_out == 1 ? in_mono(speaker) : in_stereo(speaker, out == 1));
      sum += weights_.back();
    }
    if (sum == 0) {  // it would be silent
      weights_.clear();
      return;
    }
    most = std::max(most, sum);
  }
  if (most <= 1) return;
  for (double& weight : weights_) weight /= most;
}

void Mixer::append(std::span<const float> interleaved,
                   std::vector<std::vector<float>>& planes) const {
  assert(planes.size() == channels_out_ && interleaved.size() % channels_in_ == 0);
  if (channels_out_ == channels_in_) {
    for (std::size_t c = 0; c < channels_in_; ++c) {
      for (std::size_t i = c; i < interleaved.size(); i += channels_in_) {
        planes[c].push_back(interleaved[i]);
      }
    }
    return;
  }
  for (std::size_t i = 0; i < interleaved.size(); i += channels_in_) {
    const std::span<const float> frame = interleaved.subspan(i, channels_in_);
    if (!weights_.empty()) {
      for (std::size_t out = 0; out < channels_out_; ++out) {
        const double* weights = weights_.data() + out * channels_in_;
        planes[out].push_back(static_cast<float>(std::inner_product(
            frame.begin(), frame.end(), weights, 0.0, std::plus<>(),
            [](float sample, double weight) { return static_cast<double>(sample) * weight; })));
      }
      continue;
    }
    double sum = 0;
    for (const float sample : frame) sum += static_cast<double>(sample);
    const auto mean = static_cast<float>(sum / static_cast<double>(channels_in_));
    for (std::vector<float>& plane : planes) plane.push_back(mean);
  }
}

Pcm mixed(const Pcm& pcm, std::size_t channels) {
  if (channels == 0 || channels == pcm.channels) return pcm;
  std::vector<float> interleaved(pcm.values.size());
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    for (std::size_t i = 0; i < pcm.frames; ++i) {
      interleaved[i * pcm.channels + c] = pcm.values[c * pcm.frames + i];
    }
  }
  std::vector<std::vector<float>> planes(channels);
  Mixer(pcm.channels, {}, channels).append(interleaved, planes);
  Pcm out = {pcm.sample_rate_hz, channels, pcm.frames, {}};
  for (const std::vector<float>& plane : planes) {
    out.values.insert(out.values.end(), plane.begin(), plane.end());
  }
  return out;
}

}  // namespace musicrep
