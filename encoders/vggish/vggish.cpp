#include "vggish.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/check_pcm.h"
#include "core/did_you_mean.h"
#include "core/hash.h"
#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "vggish_core.h"
#include "vggish_fit.h"
#include "vggish_published.h"
#include "vggish_weights.h"
#include "weights/origin.h"

namespace musicrep {
namespace {

constexpr std::size_t kDim = kVggishDim;

using Texts = std::vector<std::string>;

std::string one_of(const Options& options, const std::string& name, const Texts& known) {
  const auto& value = option<std::string>(options, name);
  if (std::ranges::count(known, value) == 0) {
    throw ConfigError(fmt::format("encoder 'vggish': option '{}': {}", name,
                                  unknown_name("value", value, known)));
  }
  return value;
}

/// Name, shape and values.
void update(Sha256& hash, const std::string& name, const FloatTensor& tensor) {
  hash.update_text(name).update_text(shape_text(tensor.shape));
  hash.update(std::string_view(reinterpret_cast<const char*>(tensor.values.data()),
                               tensor.values.size() * sizeof(float)));
}

}  // namespace

struct Vggish::State {
  std::string end;
  std::string postprocess;
  VggishRounding rounding;
  std::unique_ptr<VggishCore> core;
  std::optional<VggishPca> pca;
  std::string frame_space;
  std::vector<std::string> origin;

  explicit State(const Options& options);
  void take(const Weights& weights, const std::string& path);
};

Vggish::State::State(const Options& options)
    : end(one_of(options, "end", {"linear", "relu"})),
      postprocess(one_of(options, "postprocess", {"none", "pca", "quantised"})),
      rounding(one_of(options, "rounding", {"truncate", "nearest"}) == "nearest"
                   ? VggishRounding::kNearest
                   : VggishRounding::kTruncate) {
  const auto& path = option<std::string>(options, "weights");
  if (path.empty()) {
    throw ConfigError(
        "encoder 'vggish': it has no weights: give a file as option 'weights' (of this program, or "
        "vggish_model.ckpt, torchvggish's .pth or Keras' .h5) or a data set of the experiment as "
        "'train_on'");
  }
  take(read_vggish_weights({.path = path, .smoke_test = option<bool>(options, "smoke_test")}),
       path);
}

void Vggish::State::take(const Weights& weights, const std::string& path) {
  if (postprocess != "none") {
    pca = vggish_pca(weights, end);
    if (!pca) {
      throw DataError(fmt::format(
          "{}: postprocess = \"{}\" needs principal components, and these weights have none: put "
          "the published vggish_pca_params.npz into the folder of the published weights",
          path, postprocess));
    }
  }
  Sha256 hash;
  hash.update_text("vggish frame space").update_text(end).update_text(postprocess);
  if (postprocess == "quantised") {
    hash.update_text(rounding == VggishRounding::kNearest ? "nearest" : "truncate");
  }
  for (const auto& [name, shape] : vggish_shapes(vggish_width(weights))) {
    update(hash, name, weights.tensors.at(name));
  }
  if (pca) {
    update(hash, "pca.eigen_vectors", {{kDim, kDim}, pca->eigen_vectors});
    update(hash, "pca.means", {{kDim}, pca->means});
  }
  frame_space = hash.hex();
  origin = origin_notes(weights);
  core = std::make_unique<VggishCore>(weights);
}

Vggish::Vggish(const EncoderArgs& args) : state_(std::make_unique<State>(args.options)) {}

Vggish::~Vggish() = default;

void Vggish::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  fit_vggish(corpus, args);
}

void Vggish::import_weights(const std::string& from, const std::string& to) {
  write_weights(to, read_vggish_weights({.path = from}));
}

std::vector<LayerTrace> Vggish::trace(const Signal& signal) {
  return {{kInputLayer, encode_one(signal), {}}};
}

std::string Vggish::content_sha256() const { return state_->frame_space; }

std::vector<std::string> Vggish::notes() const { return state_->origin; }

Matrix Vggish::encode_one(const Signal& signal) {
  check_pcm("vggish", signal);
  const torch::Tensor embeddings = state_->core->embed(signal.values, state_->end == "relu");
  const std::span<const float> values(embeddings.data_ptr<float>(),
                                      static_cast<std::size_t>(embeddings.numel()));
  Matrix out(values.size() / kDim, kDim, {values.begin(), values.end()});
  if (!state_->pca) return out;
  for (std::size_t t = 0; t < out.rows(); ++t) {
    const std::span<double> row = out.row(t);
    state_->pca->apply(values.subspan(t * kDim, kDim), row);
    if (state_->postprocess != "quantised") continue;
    for (double& v : row) v = vggish_dequantised(vggish_quantised(v, state_->rounding));
  }
  return out;
}

}  // namespace musicrep

MUSICREP_NETWORK(vggish, musicrep::Vggish)
