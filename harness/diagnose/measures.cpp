#include "diagnose/measures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <functional>
#include <limits>
#include <optional>

#include "core/parallel.h"
#include "diagnose/attention_measures.h"
#include "diagnose/frame_measures.h"

namespace musicrep {
namespace {

constexpr std::array<MeasureInfo, 15> kInfos = {{
    {"cosine", "cosine", "mean cosine of two frames of a clip; 1: all point the same way"},
    {"cosine_centred", "centred",
     "the same after the mean of all frames of all clips is taken off, which a common offset "
     "cannot raise"},
    {"adjacent_cosine", "adjacent", "cosine of frames that follow each other"},
    {"adjacent_cosine_centred", "adjacent, centred", "the same, centred"},
    {"random_cosine", "random pairs",
     "cosine of frames of different clips: what the first is to "
     "be compared with"},
    {"random_cosine_centred", "random pairs, centred", "the same, centred"},
    {"within_variance", "variance within clips",
     "share of the variance of all frames that lies within clips; 0: a clip's frames are equal"},
    {"effective_rank", "effective rank",
     "exp of the entropy of the clip's normalised singular values; 1: all frames lie on a line"},
    {"rank1_residual", "rank-1 residual",
     "what is left of a clip, by norm, when the mean of its frames is taken off; 0: full collapse"},
    {"high_frequency_share", "upper spectrum",
     "share of the energy over time, without the mean, above half of the highest frequency; about "
     "a half in white noise, less where frames change slowly"},
    {"attention_entropy", "entropy",
     "entropy of a frame's attention over that of an even one; 1: it looks everywhere alike", true},
    {"attention_support", "support", "share of the places with any attention at all", true},
    {"attention_max", "largest", "largest weight of a frame's attention", true},
    {"attention_on_frames", "on frames",
     "attention that frames pay to frames; the rest goes to [CLS] and [SEP]", true},
    {"attention_distance", "distance",
     "how many frames away, on average, the attention on frames lies", true},
}};

/// Over the clips that give it, in their order.
template <typename Clip>
Measure mean_of(const std::string& name, const std::vector<Clip>& clips,
                std::optional<double> Clip::*member) {
  Measure out{name, 0, 0};
  for (const Clip& clip : clips) {
    if (!(clip.*member)) continue;
    out.value += *(clip.*member);
    ++out.n_clips;
  }
  out.value = out.n_clips > 0 ? out.value / static_cast<double>(out.n_clips)
                              : std::numeric_limits<double>::quiet_NaN();
  // Of a mean over the clips that give it: the mean over all clips is 0.
  const double share = static_cast<double>(clips.size()) /
                       static_cast<double>(std::max<std::size_t>(1, out.n_clips));
  for (const Clip& clip : clips) {
    out.influence.push_back(clip.*member ? (*(clip.*member) - out.value) * share : 0);
  }
  return out;
}
Measure within_variance(const std::vector<ClipFrames>& clips) {
  double within = 0;
  double total = 0;
  Measure out{"within_variance", 0, 0};
  for (const ClipFrames& clip : clips) {
    within += clip.within_square_sum;
    total += clip.total_square_sum;
    if (clip.rank1_residual) ++out.n_clips;
  }
  out.value = total > 0 ? within / total : std::numeric_limits<double>::quiet_NaN();
  for (const ClipFrames& clip : clips) {
    // The first-order change of a ratio of sums.
    const double change = clip.within_square_sum - out.value * clip.total_square_sum;
    out.influence.push_back(total > 0 ? change / total * static_cast<double>(clips.size()) : 0);
  }
  return out;
}

Measure random_pairs(const std::string& name, std::span<const Matrix* const> states,
                     std::span<const double> centre, std::uint64_t seed) {
  const auto value = random_cosine(states, centre, seed);
  return {name, value.value_or(std::numeric_limits<double>::quiet_NaN()),
          value ? states.size() : 0};
}

}  // namespace

std::span<const MeasureInfo> measure_infos() { return kInfos; }

std::vector<Measure> layer_measures(std::span<const LayerTrace* const> clips, std::uint64_t seed,
                                    std::size_t threads) {
  assert(!clips.empty());
  std::vector<const Matrix*> states;
  for (const LayerTrace* clip : clips) states.push_back(&clip->states);
  const std::vector<double> mean = mean_row(states);
  std::vector<ClipFrames> frames(clips.size());
  std::vector<ClipAttention> attention(clips.size());
  parallel_for(clips.size(), threads, [&](std::size_t i) {
    frames[i] = clip_frames(*states[i], mean);
    attention[i] = clip_attention(clips[i]->attention);
  });
  std::vector<Measure> out = {
      mean_of("cosine", frames, &ClipFrames::cosine),
      mean_of("cosine_centred", frames, &ClipFrames::cosine_centred),
      mean_of("adjacent_cosine", frames, &ClipFrames::adjacent_cosine),
      mean_of("adjacent_cosine_centred", frames, &ClipFrames::adjacent_cosine_centred),
      random_pairs("random_cosine", states, std::vector<double>(mean.size()), seed),
      random_pairs("random_cosine_centred", states, mean, seed),
      within_variance(frames),
      mean_of("effective_rank", frames, &ClipFrames::effective_rank),
      mean_of("rank1_residual", frames, &ClipFrames::rank1_residual),
      mean_of("high_frequency_share", frames, &ClipFrames::high_frequency)};
  if (clips.front()->attention.empty()) return out;
  out.push_back(mean_of("attention_entropy", attention, &ClipAttention::entropy));
  out.push_back(mean_of("attention_support", attention, &ClipAttention::support));
  out.push_back(mean_of("attention_max", attention, &ClipAttention::largest));
  out.push_back(mean_of("attention_on_frames", attention, &ClipAttention::on_frames));
  out.push_back(mean_of("attention_distance", attention, &ClipAttention::distance));
  return out;
}

}  // namespace musicrep
