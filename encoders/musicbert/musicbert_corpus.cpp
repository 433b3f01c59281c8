#include "musicbert_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "core/parallel.h"
#include "musicrep/error.h"
#include "nn/threads.h"
#include "text/words.h"

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
      std::size_t first = 0;
      for (const std::string_view sentence : sentences_of(corpus.texts[items[i]])) {
        if (first < clips_[i].words.size()) clips_[i].sentences.push_back(first);
        first += words_of(sentence).size();
      }
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

std::vector<std::size_t> MusicbertClips::with_words() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    if (!clips_[i].words.empty()) out.push_back(i);
  }
  return out;
}

std::vector<std::size_t> MusicbertClips::without_words() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    if (clips_[i].words.empty()) out.push_back(i);
  }
  return out;
}

namespace {

/// Numbers in [0, 1).
std::vector<float> uniform(std::size_t n, torch::Generator& generator) {
  const torch::Tensor drawn =
      torch::rand({static_cast<std::int64_t>(n)}, generator, torch::TensorOptions(torch::kFloat));
  const float* begin = drawn.data_ptr<float>();
  return {begin, begin + n};
}

/// Places of the frames that stay, one at least.
std::vector<std::int64_t> some_places(std::int64_t n, double share, torch::Generator& generator) {
  std::vector<std::int64_t> kept;
  const std::vector<float> drawn = uniform(static_cast<std::size_t>(n), generator);
  for (std::int64_t i = 0; i < n; ++i) {
    if (static_cast<double>(drawn[static_cast<std::size_t>(i)]) >= share) kept.push_back(i);
  }
  if (kept.empty()) kept.push_back(std::ranges::max_element(drawn) - drawn.begin());
  return kept;
}

}  // namespace

std::vector<std::int64_t> MusicbertClips::some_words(const Clip& clip, const Dropped& dropped,
                                                     torch::Generator& generator) {
  std::vector<std::int64_t> words;
  if (dropped.sentences && clip.sentences.size() > 1) {
    constexpr double kHalf = 0.5;
    const auto n = static_cast<std::int64_t>(clip.sentences.size());
    for (const std::int64_t s : some_places(n, kHalf, generator)) {
      const auto first = clip.sentences[static_cast<std::size_t>(s)];
      const auto end =
          s + 1 < n ? clip.sentences[static_cast<std::size_t>(s) + 1] : clip.words.size();
      words.insert(words.end(), clip.words.begin() + static_cast<std::ptrdiff_t>(first),
                   clip.words.begin() + static_cast<std::ptrdiff_t>(end));
    }
  } else {
    words = clip.words;
  }
  if (dropped.words == 0 || words.empty()) return words;
  std::vector<std::int64_t> kept;
  for (const std::int64_t w : some_places(std::ssize(words), dropped.words, generator)) {
    kept.push_back(words[static_cast<std::size_t>(w)]);
  }
  return kept;
}

MusicbertBatch MusicbertClips::batch(std::span<const std::size_t> which, std::int64_t max_frames,
                                     torch::Generator* generator, const Dropped& dropped) const {
  const auto n = static_cast<std::int64_t>(which.size());
  std::int64_t longest = 0;
  std::int64_t most_words = 0;
  std::vector<std::vector<std::int64_t>> texts;
  for (const std::size_t i : which) {
    longest = std::max(longest, std::min(max_frames, clips_[i].frames.size(0)));
    texts.push_back(generator == nullptr ? clips_[i].words
                                         : some_words(clips_[i], dropped, *generator));
    most_words = std::max(most_words, std::ssize(texts.back()));
  }
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
    float* row_into = into + row * longest * kMusicbertFrameWidth;
    if (generator != nullptr && dropped.frames > 0) {
      const std::vector<std::int64_t> kept = some_places(counts[row], dropped.frames, *generator);
      for (const std::int64_t t : kept) {
        row_into = std::copy_n(frames + t * kMusicbertFrameWidth, kMusicbertFrameWidth, row_into);
      }
      counts[row] = std::ssize(kept);
    } else {
      std::copy_n(frames, counts[row] * kMusicbertFrameWidth, row_into);
    }
    const std::vector<std::int64_t>& text = texts[static_cast<std::size_t>(row)];
    for (std::size_t w = 0; w < text.size(); ++w) {
      words[row][static_cast<std::int64_t>(w)] = text[w];
    }
  }
  return out;
}

torch::Tensor MusicbertClips::labels(std::span<const std::size_t> which) const {
  return labels_.index_select(0, places(which)).to(torch::kFloat);
}

}  // namespace musicrep
