#include "musicbert.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/options.h"
#include "musicbert_corpus.h"
#include "musicbert_options.h"
#include "musicbert_weights.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "nn/threads.h"
#include "weights/origin.h"

namespace musicrep {

namespace {

Matrix to_matrix(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.to(torch::kDouble).contiguous();
  const double* begin = values.data_ptr<double>();
  return {static_cast<std::size_t>(values.size(0)),
          static_cast<std::size_t>(values.size(1)),
          {begin, begin + values.numel()}};
}

}  // namespace

struct Musicbert::Impl {
  MusicbertModel model{nullptr};
  MusicbertConfig net;
  Vocabulary vocabulary;
  std::size_t layer = 0;
  bool from_cls = false;
  bool concat_input = false;
  bool select = false;
  std::string sha256;
  std::vector<std::string> origin;

  /// The frames of a clip in pieces that the network takes, [n, 128] each.
  [[nodiscard]] std::vector<torch::Tensor> pieces(const Signal& signal) const;
  /// One piece, without a text.
  MusicbertOutput forward(const torch::Tensor& frames, bool keep_attention);
  /// [n, d] of one piece: its frames' states, or [CLS].
  torch::Tensor states(const torch::Tensor& frames);
  /// All that views() names, side by side: [n, columns].
  [[nodiscard]] torch::Tensor readings(const MusicbertOutput& out,
                                       const torch::Tensor& frames) const;
  [[nodiscard]] std::vector<VectorView> views() const;
  Matrix encode(const Signal& signal);
  TextVector encode(const std::string& text);
  std::vector<LayerTrace> trace(const Signal& signal);
};

MusicbertOutput Musicbert::Impl::forward(const torch::Tensor& frames, bool keep_attention) {
  return model->net->forward(
      music_alone(frames.unsqueeze(0), torch::full({1}, frames.size(0), torch::kLong)), {},
      keep_attention);
}

torch::Tensor Musicbert::Impl::states(const torch::Tensor& frames) {
  const MusicbertOutput out = forward(frames, false);
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

std::vector<torch::Tensor> Musicbert::Impl::pieces(const Signal& signal) const {
  check_musicbert_frames(signal.id, signal.values, signal.rows, signal.cols);
  torch::Tensor frames =
      torch::empty({static_cast<std::int64_t>(signal.rows), kMusicbertFrameWidth});
  std::ranges::copy(signal.values, frames.data_ptr<float>());
  const std::int64_t n = frames.size(0);
  const std::int64_t n_pieces = (n + net.max_frames - 1) / net.max_frames;
  std::vector<torch::Tensor> out;
  for (std::int64_t p = 0; p < n_pieces; ++p) {
    out.push_back(frames.slice(0, p * n / n_pieces, (p + 1) * n / n_pieces));
  }
  return out;
}

Matrix Musicbert::Impl::encode(const Signal& signal) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& piece : pieces(signal)) parts.push_back(states(piece));
  return to_matrix(torch::cat(parts));
}

std::vector<LayerTrace> Musicbert::Impl::trace(const Signal& signal) {
  std::vector<LayerTrace> out = {{kInputLayer, {}, {}}};
  for (std::int64_t k = 1; k <= net.layers; ++k) {
    out.push_back({fmt::format("layer {} attention", k), {}, {}});
    out.push_back({fmt::format("layer {}", k), {}, {}});
  }
  std::vector<std::vector<torch::Tensor>> states(out.size());  // of each layer, piece after piece
  for (const torch::Tensor& piece : pieces(signal)) {
    const MusicbertOutput of_piece = forward(piece, true);
    states[0].push_back(of_piece.frames(of_piece.hidden[0])[0]);
    for (std::size_t k = 0; k < of_piece.attention.size(); ++k) {
      states[2 * k + 1].push_back(of_piece.frames(of_piece.after_attention[k])[0]);
      states[2 * k + 2].push_back(of_piece.frames(of_piece.hidden[k + 1])[0]);
      for (std::int64_t head = 0; head < net.heads; ++head) {
        out[2 * k + 1].attention.push_back({static_cast<std::size_t>(head),
                                            to_matrix(of_piece.attention[k][0][head]),
                                            static_cast<std::size_t>(of_piece.n_words + 2)});
      }
    }
  }
  for (std::size_t k = 0; k < out.size(); ++k) out[k].states = to_matrix(torch::cat(states[k]));
  return out;
}

TextVector Musicbert::Impl::encode(const std::string& text) {
  const TextIds words = vocabulary.ids_of(text, static_cast<std::size_t>(net.max_words));
  TextVector out{{}, "", words.unknown, words.cut};
  if (words.unknown == words.ids.size()) {
    out.problem = words.ids.empty()
                      ? "the text has no words"
                      : fmt::format("none of the text's {} words is known", words.ids.size());
    return out;
  }
  const MusicbertOutput output =
      model->net->forward(text_alone(torch::tensor(words.ids, torch::kLong).unsqueeze(0)));
  const torch::Tensor& state = output.hidden[layer];
  const torch::Tensor vector = (from_cls ? output.cls(state)[0] : output.words(state)[0].mean(0))
                                   .to(torch::kDouble)
                                   .contiguous();
  out.values.assign(vector.data_ptr<double>(), vector.data_ptr<double>() + vector.numel());
  return out;
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
  require_frame_space(where, description.frame_space, args.frame_space);
  const auto layer = option<std::int64_t>(args.options, "layer");
  if (layer < -1 || layer > description.net.layers) {
    throw ConfigError(fmt::format("musicbert: layer: found {}, expected 0 to {}, or -1", layer,
                                  description.net.layers));
  }
  impl_->net = description.net;
  impl_->vocabulary = description.vocabulary;
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

std::vector<Matrix> Musicbert::encode(std::span<const Signal> signals) {
  use_one_thread();
  const torch::InferenceMode inference;
  std::vector<Matrix> out;
  out.reserve(signals.size());
  // One by one, so that a vector depends on its clip alone, to the last bit.
  for (const Signal& signal : signals) out.push_back(impl_->encode(signal));
  return out;
}

std::string Musicbert::reason_without_texts() const {
  if (impl_->vocabulary.words().empty()) return "it was trained without texts";
  if (impl_->select) return "its vectors hold several readings (select), a text has one";
  if (impl_->concat_input) return "a text has no input frames, which concat_input asks for";
  return {};
}

std::vector<TextVector> Musicbert::encode_texts(std::span<const std::string> texts) {
  use_one_thread();
  const torch::InferenceMode inference;
  std::vector<TextVector> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(impl_->encode(text));
  return out;
}

std::vector<LayerTrace> Musicbert::trace(const Signal& signal) {
  use_one_thread();
  const torch::InferenceMode inference;
  return impl_->trace(signal);
}

std::vector<VectorView> Musicbert::views() const { return impl_->views(); }

std::vector<std::string> Musicbert::notes() const { return impl_->origin; }

std::string Musicbert::content_sha256() const { return impl_->sha256; }

}  // namespace musicrep

MUSICREP_NETWORK(musicbert, musicrep::Musicbert)
