#include "datasets/orchestrion/master.h"

#include <cmath>
#include <cstddef>

#include "core/random.h"

namespace musicrep::orchestrion {
namespace {

constexpr float kKnee = 0.8F;
constexpr float kRoom = 0.1999F;

/// The identity up to the knee, then a hyperbola that never reaches 1; smooth at the knee.
float bent(float value) {
  const float size = std::abs(value);
  if (size <= kKnee) return value;
  const float beyond = (size - kKnee) / kRoom;
  const float out = kKnee + kRoom * beyond / (1 + beyond);
  return value < 0 ? -out : out;
}

void lowpass(std::vector<float>& channel, double coefficient) {
  if (coefficient >= 1) return;
  double state = 0;
  for (float& sample : channel) {
    state += coefficient * (static_cast<double>(sample) - state);
    sample = static_cast<float>(state);
  }
}

double rms(const Stereo& audio) {
  double sum = 0;
  for (std::size_t i = 0; i < audio.left.size(); ++i) {
    const auto left = static_cast<double>(audio.left[i]);
    const auto right = static_cast<double>(audio.right[i]);
    sum += left * left + right * right;
  }
  return audio.left.empty() ? 0 : std::sqrt(sum / (2 * static_cast<double>(audio.left.size())));
}

void add_hiss(Stereo& audio, double hiss_rms, double width, std::uint64_t seed) {
  Random random(seed);
  const double side = width;
  // A uniform number in [-1, 1) has the RMS 1/sqrt(3).
  const double scale = hiss_rms * std::sqrt(3.0);
  for (std::size_t i = 0; i < audio.left.size(); ++i) {
    const double middle = scale * (2 * random.uniform() - 1);
    const double apart = side * scale * (2 * random.uniform() - 1);
    audio.left[i] += static_cast<float>(middle + apart);
    audio.right[i] += static_cast<float>(middle - apart);
  }
}

}  // namespace

double master(Stereo& audio, const Production& production, std::uint64_t hiss_seed, double& gain) {
  const auto width = static_cast<float>(production.width);
  for (std::size_t i = 0; i < audio.left.size(); ++i) {
    const float middle = (audio.left[i] + audio.right[i]) / 2;
    const float side = width * (audio.left[i] - audio.right[i]) / 2;
    audio.left[i] = middle + side;
    audio.right[i] = middle - side;
  }
  lowpass(audio.left, production.lowpass);
  lowpass(audio.right, production.lowpass);
  const double level = rms(audio);
  gain = level > 0 ? production.target_rms / level : 0;
  if (gain == 0) return 0;
  if (production.noise_rms > 0) {
    add_hiss(audio, production.noise_rms * level, production.width, hiss_seed);
  }
  std::size_t limited = 0;
  for (std::vector<float>* channel : {&audio.left, &audio.right}) {
    for (float& sample : *channel) {
      sample *= static_cast<float>(gain);
      if (std::abs(sample) > kKnee) ++limited;
      sample = bent(sample);
    }
  }
  return static_cast<double>(limited) / (2 * static_cast<double>(audio.left.size()));
}

}  // namespace musicrep::orchestrion
