#include "musicbert_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/parallel.h"
#include "musicrep/error.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

torch::Tensor places(std::span<const std::size_t> which) {
  return torch::tensor(std::vector<std::int64_t>(which.begin(), which.end()), torch::kLong);
}

}  // namespace

void check_musicbert_frames(const std::string& id, std::span<const float> values, std::size_t rows,
                            std::size_t cols) {
  if (rows == 0 || cols != static_cast<std::size_t>(kMusicbertFrameWidth) ||
      values.size() != rows * cols) {
    throw DataError(fmt::format(
        "musicbert: item '{}': found frames of shape [{}, {}], expected [1 or more, {}]", id, rows,
        cols, kMusicbertFrameWidth));
  }
  const auto bad = std::ranges::find_if(values, [](float x) { return !std::isfinite(x); });
  if (bad != values.end()) {
    throw DataError(fmt::format("musicbert: item '{}': found {} in frame {}, expected a number", id,
                                *bad, static_cast<std::size_t>(bad - values.begin()) / cols));
  }
}

MusicbertClips::MusicbertClips(const TrainingCorpus& corpus, const std::vector<std::size_t>& items,
                               const std::vector<TrainingTag>& tags, const Vocabulary& vocabulary,
                               std::int64_t max_words)
    : clips_(items.size()) {
  std::vector<TextIds> texts(items.size());
  parallel_for(items.size(), available_processors(), [&](std::size_t i) {
    use_one_thread();
    LoadedSignal signal = corpus.load(items[i]);
    check_musicbert_frames(corpus.ids[items[i]], signal.values, signal.rows, signal.cols);
    clips_[i].frames =
        torch::from_blob(signal.values.data(),
                         {static_cast<std::int64_t>(signal.rows), kMusicbertFrameWidth})
            .clone();
    if (!corpus.texts.empty() && !vocabulary.words().empty()) {
      texts[i] = vocabulary.ids_of(corpus.texts[items[i]], static_cast<std::size_t>(max_words));
      clips_[i].words = std::move(texts[i].ids);
    }
  });
  for (const TextIds& text : texts) {
    unknown_words_ += text.unknown;
    cut_words_ += text.cut;
  }
  labels_ = torch::empty(
      {static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(tags.size())},
      torch::kByte);
  std::uint8_t* label = labels_.data_ptr<std::uint8_t>();
  for (const std::size_t item : items) {
    for (const TrainingTag& tag : tags) *label++ = tag.present[item];
  }
}

std::int64_t MusicbertClips::longest() const {
  std::int64_t out = 0;
  for (const Clip& clip : clips_) out = std::max(out, clip.frames.size(0));
  return out;
}

std::vector<std::size_t> MusicbertClips::lengths(std::int64_t max_frames) const {
  std::vector<std::size_t> out;
  for (const Clip& clip : clips_) {
    out.push_back(static_cast<std::size_t>(std::min(max_frames, clip.frames.size(0))) +
                  clip.words.size());
  }
  return out;
}

std::pair<torch::Tensor, torch::Tensor> MusicbertClips::scaler() const {
  torch::Tensor sum = torch::zeros(kMusicbertFrameWidth, torch::kDouble);
  torch::Tensor squares = torch::zeros_like(sum);
  std::int64_t n = 0;
  for (const Clip& clip : clips_) {
    const torch::Tensor frames = clip.frames.to(torch::kDouble);
    sum += frames.sum(0);
    squares += frames.square().sum(0);
    n += frames.size(0);
  }
  const torch::Tensor mean = sum / n;
  const torch::Tensor deviation = (squares / n - mean.square()).clamp_min(0).sqrt();
  return {mean.to(torch::kFloat), deviation.to(torch::kFloat)};
}

double MusicbertClips::frames_variance(const MusicbertClips& train) const {
  const auto [mean, deviation] = train.scaler();
  double sum = 0;
  double n = 0;
  for (const Clip& clip : clips_) {
    sum += ((clip.frames - mean) / deviation.clamp_min(1e-6)).square().sum().item<double>();
    n += static_cast<double>(clip.frames.numel());
  }
  return sum / n;
}

double MusicbertClips::word_surprise(const MusicbertClips& train) const {
  std::map<std::int64_t, double> count;
  double all = 0;
  for (const MusicbertClips* clips : {&train, this}) {
    for (const Clip& clip : clips->clips_) {
      for (const std::int64_t word : clip.words) {
        const bool learned = clips == &train;
        if (count.try_emplace(word, 1).second) ++all;
        if (learned) ++count[word];
        if (learned) ++all;
      }
    }
  }
  double sum = 0;
  double n = 0;
  for (const Clip& clip : clips_) {
    for (const std::int64_t word : clip.words) sum -= std::log(count.at(word) / all);
    n += static_cast<double>(clip.words.size());
  }
  return n > 0 ? sum / n : 0;
}

MusicbertBatch MusicbertClips::batch(std::span<const std::size_t> which, std::int64_t max_frames,
                                     torch::Generator* generator) const {
  std::int64_t longest = 0;
  std::int64_t most_words = 0;
  for (const std::size_t i : which) {
    longest = std::max(longest, std::min(max_frames, clips_[i].frames.size(0)));
    most_words = std::max(most_words, std::ssize(clips_[i].words));
  }
  const auto n = static_cast<std::int64_t>(which.size());
  MusicbertBatch out;
  out.words = torch::full({n, most_words}, static_cast<std::int64_t>(kPadWord), torch::kLong);
  out.frames = torch::zeros({n, longest, kMusicbertFrameWidth});
  out.frame_counts = torch::empty({n}, torch::kLong);
  auto words = out.words.accessor<std::int64_t, 2>();
  auto counts = out.frame_counts.accessor<std::int64_t, 1>();
  float* into = out.frames.data_ptr<float>();
  for (std::int64_t row = 0; row < n; ++row) {
    const Clip& clip = clips_[which[static_cast<std::size_t>(row)]];
    const std::int64_t all = clip.frames.size(0);
    counts[row] = std::min(max_frames, all);
    std::int64_t from = 0;
    if (generator != nullptr && all > max_frames) {
      from = torch::randint(0, all - max_frames + 1, {1}, *generator,
                            torch::TensorOptions(torch::kLong))
                 .item<std::int64_t>();
    }
    const float* frames = clip.frames.data_ptr<float>() + from * kMusicbertFrameWidth;
    std::copy_n(frames, counts[row] * kMusicbertFrameWidth,
                into + row * longest * kMusicbertFrameWidth);
    for (std::size_t w = 0; w < clip.words.size(); ++w) {
      words[row][static_cast<std::int64_t>(w)] = clip.words[w];
    }
  }
  return out;
}

torch::Tensor MusicbertClips::labels(std::span<const std::size_t> which) const {
  return labels_.index_select(0, places(which)).to(torch::kFloat);
}

}  // namespace musicrep
