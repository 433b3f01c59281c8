#include "musicbert.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/options.h"
#include "musicbert_corpus.h"
#include "musicbert_options.h"
#include "musicbert_weights.h"
#include "musicrep/error.h"
#include "musicrep/registry.h"
#include "nn/fit.h"
#include "nn/threads.h"
#include "weights/origin.h"

namespace musicrep {

struct Musicbert::Impl {
  MusicbertModel model{nullptr};
  MusicbertConfig net;
  std::size_t layer = 0;
  bool from_cls = false;
  bool concat_input = false;
  bool select = false;
  std::string sha256;
  std::vector<std::string> origin;

  /// [n, d] of one piece: its frames' states, or [CLS].
  torch::Tensor states(const torch::Tensor& frames);
  /// All that views() names, side by side: [n, columns].
  [[nodiscard]] torch::Tensor readings(const MusicbertOutput& out,
                                       const torch::Tensor& frames) const;
  [[nodiscard]] std::vector<VectorView> views() const;
  Matrix encode(const Signal& signal);
};

torch::Tensor Musicbert::Impl::states(const torch::Tensor& frames) {
  const MusicbertBatch batch = {torch::empty({1, 0}, torch::kLong),
                                frames.unsqueeze(0),
                                torch::full({1}, frames.size(0), torch::kLong),
                                {}};
  const MusicbertOutput out = model->net->forward(batch);
  if (select) return readings(out, frames);
  const torch::Tensor& state = out.hidden[layer];
  if (!concat_input) return from_cls ? out.cls(state) : out.frames(state)[0];
  if (from_cls) return torch::cat({out.cls(state), frames.mean(0, true)}, 1);
  return torch::cat({out.frames(state)[0], frames}, 1);
}

torch::Tensor Musicbert::Impl::readings(const MusicbertOutput& out,
                                        const torch::Tensor& frames) const {
  std::vector<torch::Tensor> parts;
  for (std::size_t l = 1; l < out.hidden.size(); ++l) {
    parts.push_back(out.frames(out.hidden[l])[0]);
    parts.push_back(out.cls(out.hidden[l]).expand({frames.size(0), net.width}));
  }
  if (concat_input) parts.push_back(frames);
  return torch::cat(parts, 1);
}

std::vector<VectorView> Musicbert::Impl::views() const {
  std::vector<VectorView> out;
  if (!select) return out;
  const auto width = static_cast<std::size_t>(net.width);
  const auto layers = static_cast<std::size_t>(net.layers);
  const std::size_t states = 2 * layers * width;
  for (const bool with_input : {false, true}) {
    if (with_input && !concat_input) continue;
    for (std::size_t l = layers; l > 0; --l) {
      for (const bool cls : {false, true}) {
        const std::size_t first = (2 * (l - 1) + (cls ? 1 : 0)) * width;
        VectorView view = {fmt::format("layer {}, {}{}", l, cls ? "[CLS]" : "mean of frames",
                                       with_input ? " beside the input" : ""),
                           {{first, first + width}}};
        if (with_input) view.columns.emplace_back(states, states + kMusicbertFrameWidth);
        out.push_back(std::move(view));
      }
    }
  }
  return out;
}

Matrix Musicbert::Impl::encode(const Signal& signal) {
  check_musicbert_frames(signal.id, signal.values, signal.rows, signal.cols);
  torch::Tensor frames =
      torch::empty({static_cast<std::int64_t>(signal.rows), kMusicbertFrameWidth});
  std::ranges::copy(signal.values, frames.data_ptr<float>());
  const std::int64_t n = frames.size(0);
  const std::int64_t pieces = (n + net.max_frames - 1) / net.max_frames;
  std::vector<torch::Tensor> parts;
  for (std::int64_t p = 0; p < pieces; ++p) {
    parts.push_back(states(frames.slice(0, p * n / pieces, (p + 1) * n / pieces)));
  }
  const torch::Tensor all = torch::cat(parts).to(torch::kDouble).contiguous();
  const double* begin = all.data_ptr<double>();
  return {static_cast<std::size_t>(all.size(0)),
          static_cast<std::size_t>(all.size(1)),
          {begin, begin + all.numel()}};
}

Musicbert::Musicbert(const EncoderArgs& args) : impl_(std::make_unique<Impl>()) {
  const auto& path = option<std::string>(args.options, "weights");
  if (path.empty()) {
    throw ConfigError(
        "musicbert: no weights: give the option weights (a file of an earlier training), or "
        "train_on, a data set of the experiment to train on");
  }
  const auto& pooling = option<std::string>(args.options, "pooling");
  if (pooling != "mean" && pooling != "cls") {
    throw ConfigError(fmt::format("musicbert: pooling: found '{}', expected mean or cls", pooling));
  }
  const std::string where = fmt::format("weights '{}':", path);
  const Weights weights = read_musicbert_weights(path);
  const MusicbertDescription description = musicbert_description(weights.config, where);
  if (!args.frame_space.empty() && args.frame_space != description.frame_space) {
    throw DataError(
        fmt::format("{} trained on frames of the space '{}', but the data set's are of '{}': they "
                    "are not comparable",
                    where, description.frame_space, args.frame_space));
  }
  const auto layer = option<std::int64_t>(args.options, "layer");
  if (layer < -1 || layer > description.net.layers) {
    throw ConfigError(fmt::format("musicbert: layer: found {}, expected 0 to {}, or -1", layer,
                                  description.net.layers));
  }
  impl_->net = description.net;
  impl_->layer = static_cast<std::size_t>(layer < 0 ? description.net.layers : layer);
  impl_->from_cls = pooling == "cls";
  impl_->concat_input = option<bool>(args.options, "concat_input");
  impl_->select = option<bool>(args.options, "select");
  if (impl_->select && (layer >= 0 || pooling != "mean")) {
    throw ConfigError("musicbert: select tries all layers and poolings: give no layer, no pooling");
  }
  impl_->model = musicbert_model(weights, description, where);
  impl_->sha256 = sha256_of(weights);
  impl_->origin = origin_notes(weights);
}

Musicbert::~Musicbert() = default;

EncoderInfo Musicbert::static_info() {
  EncoderInfo info;
  info.name = "musicbert";
  info.version = "1";
  info.description = "States of a Transformer over VGGish frames and words, trained in this tree";
  info.citation =
      "Rossetto, Dalton: MusicBERT: A Shared Multi-Modal Representation for Music and Text, "
      "NLP4MusA 2020";
  info.licence = "that of what it is trained on";
  info.input = InputKind::kVggishFrames;
  info.hop_s = 0.96;
  info.options = weights_options();
  info.options.push_back(
      {.name = "frames_from",
       .default_value = std::string(),
       .description = "encoder of the experiment that makes the frames, where the data set offers "
                      "audio alone"});
  info.options.push_back({.name = "layer",
                          .default_value = std::int64_t{-1},
                          .description = "whose states are given: 0 (the input), 1 ...; -1: the "
                                         "last"});
  info.options.push_back(
      {.name = "pooling",
       .default_value = std::string("mean"),
       .description = "mean: a vector for each frame, which protocols take the mean of; cls: that "
                      "of [CLS]"});
  info.options.push_back({.name = "concat_input",
                          .default_value = false,
                          .description = "whether the input frames stand beside the states"});
  info.options.push_back({.name = "select",
                          .default_value = false,
                          .description = "each protocol chooses layer and pooling (and, with "
                                         "concat_input, whether the input stands beside them) as "
                                         "it does its grid: on training folds alone"});
  std::ranges::move(musicbert_training_options(), std::back_inserter(info.options));
  return info;
}

std::vector<Matrix> Musicbert::encode(std::span<const Signal> signals) {
  use_one_thread();
  const torch::InferenceMode inference;
  std::vector<Matrix> out;
  out.reserve(signals.size());
  // One by one, so that a vector depends on its clip alone, to the last bit.
  for (const Signal& signal : signals) out.push_back(impl_->encode(signal));
  return out;
}

std::vector<VectorView> Musicbert::views() const { return impl_->views(); }

std::vector<std::string> Musicbert::notes() const { return impl_->origin; }

std::string Musicbert::content_sha256() const { return impl_->sha256; }

}  // namespace musicrep

MUSICREP_ENCODER(musicbert, musicrep::Musicbert)
