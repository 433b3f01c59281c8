#include "tlm/tlm.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "tlm_front_ends.h"
#include "weights/origin.h"

namespace musicrep {
namespace {

Weights weights_of(const Options& options) {
  const auto& path = option<std::string>(options, "weights");
  if (path.empty()) {
    throw ConfigError(
        "tlm: there are no weights. Give `weights`: a file of this project's, or the published "
        "model_best.hdf5 or weights_layer4_theano.hdf5 of keunwoochoi/transfer_learning_music; or "
        "`train_on`: a data set of the experiment");
  }
  Weights weights = tlm::load_weights(path);
  const auto& wanted = option<std::string>(options, "variant");
  const auto& found = weights.config.at("variant").get_ref<const std::string&>();
  if (!wanted.empty() && tlm::variant_named(wanted) != tlm::variant_named(found)) {
    throw ConfigError(fmt::format("tlm: `variant` is '{}', but the weights '{}' are for '{}'",
                                  wanted, path, found));
  }
  return weights;
}

std::vector<std::size_t> layers_of(const Options& options) {
  const auto& text = option<std::string>(options, "layers");
  std::vector<std::size_t> layers;
  for (const char digit : text) {
    const auto layer = static_cast<std::size_t>(digit - '1');
    if (digit < '1' || digit > '5' || std::ranges::find(layers, layer) != layers.end()) {
      throw ConfigError(fmt::format(
          "tlm: `layers` is '{}', expected digits from 1 to 5, each once, such as '5'", text));
    }
    layers.push_back(layer);
  }
  if (layers.empty()) throw ConfigError("tlm: `layers` is empty, expected digits such as '12345'");
  return layers;
}

std::size_t statistics_batch_of(const Options& options) {
  const auto n = option<std::int64_t>(options, "statistics_batch");
  if (n < 1 || n > 4096) {
    throw ConfigError(fmt::format("tlm: `statistics_batch` is {}, expected 1 to 4096", n));
  }
  return static_cast<std::size_t>(n);
}

LogMelConfig front_end_of(tlm::Variant variant) {
  if (variant != tlm::Variant::kTheanoBatch) return front_ends::tlm_keras2.config;
  // Decibels alone: their range is that of a batch.
  LogMelConfig config = front_ends::tlm_theano.config;
  config.log.reference = Reference::kOne;
  config.log.range_db = 0;
  return config;
}

}  // namespace

Tlm::Tlm(const EncoderArgs& args) : Tlm(args.options, weights_of(args.options)) {}

Tlm::Tlm(const Options& options, const Weights& weights)
    : variant_(tlm::variant_named(weights.config.at("variant"))),
      fit_(tlm::fit_named(option<std::string>(options, "short_clips"))),
      layers_(layers_of(options)),
      statistics_batch_(statistics_batch_of(options)),
      sha256_(sha256_of(weights)),
      origin_(origin_notes(weights)),
      front_end_(front_end_of(variant_)),
      network_(weights.tensors) {}

std::size_t Tlm::dependent_batch_size() const {
  return variant_ == tlm::Variant::kTheanoBatch ? statistics_batch_ : 1;
}

std::vector<std::string> Tlm::notes() const {
  std::vector<std::string> out = origin_;
  if (variant_ == tlm::Variant::kTheanoBatch && statistics_batch_ > 1) {
    out.push_back(
        fmt::format("vectors depend on the other clips of their batch of {}, in the "
                    "order of the files",
                    statistics_batch_));
  }
  return out;
}

std::vector<Matrix> Tlm::encode(std::span<const Signal> signals) {
  std::vector<Matrix> out;
  out.reserve(signals.size());
  if (variant_ == tlm::Variant::kTheanoBatch) {
    for (std::size_t at = 0; at < signals.size(); at += statistics_batch_) {
      const std::size_t n = std::min(statistics_batch_, signals.size() - at);
      for (const tlm::Means& means : batch_means(signals.subspan(at, n))) {
        out.push_back(vector(means));
      }
    }
    return out;
  }
  for (const Signal& signal : signals) {
    const tlm::Input input = tlm::to_input(tlm::spectrogram(front_end_, signal, fit_));
    out.push_back(vector(network_.stored_statistics(input)));
  }
  return out;
}

std::vector<tlm::Means> Tlm::batch_means(std::span<const Signal> signals) const {
  std::vector<tlm::Input> inputs;
  inputs.reserve(signals.size());
  for (const Signal& signal : signals) {
    inputs.push_back(tlm::to_input(tlm::spectrogram(front_end_, signal, fit_)));
  }
  tlm::limit_range(inputs, 80);
  return network_.batch_statistics(std::move(inputs));
}

Matrix Tlm::vector(const tlm::Means& means) const {
  Matrix out(1, layers_.size() * tlm::kMaps);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto from = std::span(means).subspan(layers_[i] * tlm::kMaps, tlm::kMaps);
    std::ranges::copy(from, out.row(0).subspan(i * tlm::kMaps).begin());
  }
  return out;
}

void Tlm::import_weights(const std::string& published, const std::string& out) {
  write_weights(out, tlm::import_published(published));
}

}  // namespace musicrep

MUSICREP_NETWORK(tlm, musicrep::Tlm)
