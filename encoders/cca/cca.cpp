#include "cca.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "tag_net.h"
#include "text/tfidf.h"
#include "weights/origin.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

/// out += weight * row `i` of a matrix [n, out.size()].
void add_row(const FloatTensor& matrix, std::size_t i, double weight, std::vector<double>& out) {
  const float* row = matrix.values.data() + i * out.size();
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += weight * static_cast<double>(row[k]);
}

/// (x - mean) times a matrix [n, k].
std::vector<double> projected(const std::vector<double>& x, const FloatTensor& mean,
                              const FloatTensor& matrix) {
  std::vector<double> out(matrix.shape[1], 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    add_row(matrix, i, x[i] - static_cast<double>(mean.values[i]), out);
  }
  return out;
}

}  // namespace

std::vector<double> mean_and_deviation(const std::string& id, std::span<const float> values,
                                       std::size_t rows, std::size_t cols) {
  if (rows == 0 || cols != kCcaFrameWidth || values.size() != rows * cols) {
    throw DataError(
        fmt::format("cca: item '{}': found frames of shape [{}, {}], expected [1 or more, {}]", id,
                    rows, cols, kCcaFrameWidth));
  }
  std::vector<double> out(kCcaMusicWidth, 0);
  const auto n = static_cast<double>(rows);
  for (std::size_t k = 0; k < cols; ++k) {
    double sum = 0;
    for (std::size_t t = 0; t < rows; ++t) sum += static_cast<double>(values[t * cols + k]);
    const double mean = sum / n;
    double squares = 0;
    for (std::size_t t = 0; t < rows; ++t) {
      const double difference = static_cast<double>(values[t * cols + k]) - mean;
      squares += difference * difference;
    }
    out[k] = mean;
    out[cols + k] = std::sqrt(squares / n);
  }
  if (!std::ranges::all_of(out, [](double v) { return std::isfinite(v); })) {
    throw DataError(fmt::format("cca: item '{}': its frames are not all finite", id));
  }
  return out;
}

struct Cca::Impl {
  Weights weights;
  Tfidf tfidf;
  TagNetwork network{nullptr};  // null: none
  std::string sha256;

  [[nodiscard]] const FloatTensor& tensor(const char* name) const {
    return weights.tensors.at(name);
  }
  [[nodiscard]] TextVector text_vector(const std::string& text) const;
  [[nodiscard]] std::vector<double> music_vector(const Signal& signal);
};

std::vector<double> Cca::Impl::music_vector(const Signal& signal) {
  std::vector<double> x = mean_and_deviation(signal.id, signal.values, signal.rows, signal.cols);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = (x[i] - static_cast<double>(tensor("input_mean").values[i])) /
           static_cast<double>(tensor("input_scale").values[i]);
  }
  if (network) {
    const torch::Tensor input = torch::tensor(x, torch::kDouble).to(torch::kFloat).unsqueeze(0);
    const torch::Tensor hidden = network->hidden(input)[0].to(torch::kDouble).contiguous();
    x.insert(x.end(), hidden.data_ptr<double>(), hidden.data_ptr<double>() + hidden.numel());
  }
  return projected(x, tensor("music_mean"), tensor("music"));
}

TextVector Cca::Impl::text_vector(const std::string& text) const {
  const WeightedWords words = tfidf.of(text);
  TextVector out{{}, "", words.unknown, 0};
  if (words.weights.empty()) {
    out.problem = words.unknown == 0
                      ? "the text has no words"
                      : fmt::format("none of the text's {} words is known", words.unknown);
    return out;
  }
  std::vector<double> latent(tensor("latent").shape[1], 0);
  for (const auto& [place, weight] : words.weights) {
    add_row(tensor("latent"), place, weight, latent);
  }
  out.values = projected(latent, tensor("text_mean"), tensor("text"));
  return out;
}

Cca::Cca(const EncoderArgs& args) : impl_(std::make_unique<Impl>()) {
  const auto& path = option<std::string>(args.options, "weights");
  if (path.empty()) {
    throw ConfigError(
        "cca: no weights: give the option weights (a file of an earlier training), or train_on, a "
        "data set of the experiment to train on");
  }
  const std::string where = fmt::format("weights '{}':", path);
  if (!is_weights_file(path)) throw DataError(where + " no weights file of this program");
  impl_->weights = read_weights(path);
  if (impl_->weights.architecture != "cca") {
    throw DataError(fmt::format("{} found weights of '{}', expected those of 'cca'", where,
                                impl_->weights.architecture));
  }
  std::vector<std::string> words;
  std::string space;
  std::size_t units = 0;
  std::size_t n_tags = 0;
  try {
    const nlohmann::json& config = impl_->weights.config;
    words = config.at("words").get<std::vector<std::string>>();
    space = config.at("frame_space").get<std::string>();
    units = config.at("tag_units").get<std::size_t>();
    n_tags = config.at("tags").get<std::size_t>();
  } catch (const nlohmann::json::exception& e) {
    throw DataError(fmt::format("{} its config is not understood: {}", where, e.what()));
  }
  const NamedTensors& tensors = impl_->weights.tensors;
  const auto size_of = [&](const char* name, std::size_t axis) {
    const auto at = tensors.find(name);
    const bool known = at != tensors.end() && at->second.shape.size() > axis;
    return known ? at->second.shape[axis] : 0;
  };
  const std::size_t k = size_of("correlations", 0);
  const std::size_t m = size_of("latent", 1);
  const std::size_t p = kCcaMusicWidth + units;
  TensorShapes shapes = {{"idf", {words.size()}},
                         {"latent", {words.size(), m}},
                         {"text_mean", {m}},
                         {"text", {m, k}},
                         {"input_mean", {kCcaMusicWidth}},
                         {"input_scale", {kCcaMusicWidth}},
                         {"music_mean", {p}},
                         {"music", {p, k}},
                         {"correlations", {k}}};
  if (units > 0) {
    impl_->network =
        TagNetwork(static_cast<std::int64_t>(kCcaMusicWidth), static_cast<std::int64_t>(units),
                   static_cast<std::int64_t>(n_tags));
    for (const auto& [name, shape] : shapes_of(*impl_->network)) shapes["network." + name] = shape;
  }
  check_tensors(tensors, shapes, where);
  if (units > 0) {
    constexpr std::string_view kNetwork = "network.";
    NamedTensors network;
    for (const auto& [name, tensor] : tensors) {
      if (name.starts_with(kNetwork)) network[name.substr(kNetwork.size())] = tensor;
    }
    load_state(*impl_->network, network, where);
    impl_->network->eval();
  }
  require_frame_space(where, space, args.frame_space);
  const std::vector<float>& idf = impl_->tensor("idf").values;
  impl_->tfidf = Tfidf(std::move(words), {idf.begin(), idf.end()});
  impl_->sha256 = sha256_of(impl_->weights);
}

Cca::~Cca() = default;

std::vector<Matrix> Cca::encode(std::span<const Signal> signals) {
  use_one_thread();
  const torch::InferenceMode inference;
  std::vector<Matrix> out;
  for (const Signal& signal : signals) {
    std::vector<double> vector = impl_->music_vector(signal);
    const std::size_t width = vector.size();
    out.emplace_back(1, width, std::move(vector));
  }
  return out;
}

std::vector<TextVector> Cca::encode_texts(std::span<const std::string> texts) {
  std::vector<TextVector> out;
  for (const std::string& text : texts) out.push_back(impl_->text_vector(text));
  return out;
}

std::vector<std::string> Cca::notes() const { return origin_notes(impl_->weights); }

std::string Cca::content_sha256() const { return impl_->sha256; }

}  // namespace musicrep

MUSICREP_NETWORK(cca, musicrep::Cca)
