// What is known of the canonical correlation analysis without LibTorch.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cca.h"
#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "training/training_options.h"

namespace musicrep {
namespace {

TrainerConfig default_training() {
  TrainerConfig config;
  config.steps = 1200;
  config.batch_size = 256;
  config.learning_rate = 1e-3;
  config.weight_decay = 0.01;
  config.warmup = 0.1;
  config.decay = true;
  config.validate_every = 100;
  config.checkpoint_every = 200;
  return config;
}

}  // namespace

std::vector<std::size_t> cca_pairs(const TrainingCorpus& corpus) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < corpus.texts.size(); ++i) {
    const bool learned = corpus.splits[i] == "train" || corpus.splits[i] == "valid";
    if (learned && !corpus.texts[i].empty()) out.push_back(i);
  }
  return out;
}

TrainerConfig cca_tag_training(const Options& options) {
  return trainer_config(options, default_training());
}

EncoderInfo Cca::static_info() {
  EncoderInfo info;
  info.name = "cca";
  info.version = "1";
  info.description =
      "Canonical correlation analysis of VGGish frames and texts: a linear baseline for retrieval";
  info.citation = "Hotelling: Relations between two sets of variates, Biometrika 1936";
  info.bibtex = R"(% known by: Hotelling
@article{hotelling1936relations,
  title = {Relations Between Two Sets of Variates},
  author = {Hotelling, Harold},
  journal = {Biometrika},
  volume = {28},
  number = {3/4},
  pages = {321--377},
  year = {1936}
})";
  info.licence = "that of what it is trained on";
  info.input = InputKind::kVggishFrames;
  info.options = weights_options();
  info.options.push_back(frames_from_option());
  info.options.push_back(
      trains("components", std::int64_t{128}, "directions to keep", NumberRange::between(1, 256)));
  info.options.push_back(trains("latent", std::int64_t{256},
                                "directions of the latent semantic analysis of texts",
                                NumberRange::between(1, 4096)));
  info.options.push_back(trains(
      "regularisation", 2.0, "added to the diagonal of each covariance, in means of that diagonal",
      NumberRange{.least = 0, .greatest = 1e6, .without_least = true}));
  info.options.push_back(trains("fewest_texts", std::int64_t{2},
                                "texts that must hold a word for it to be known",
                                NumberRange::between(1, 1e6)));
  info.options.push_back(trains("tag_units", std::int64_t{0},
                                "hidden units of a network that learns the tags of all training "
                                "items first, beside mean and deviation; 0: none",
                                NumberRange::between(0, 4096)));
  info.options.push_back(trains("dropout", 0.3, "share of hidden units set to 0, in [0, 1)",
                                NumberRange{.least = 0, .greatest = 1, .without_greatest = true}));
  std::ranges::move(training_options(default_training()), std::back_inserter(info.options));
  return info;
}

void Cca::check_corpus(const TrainingCorpus& corpus, const Options& options) {
  if (option<std::int64_t>(options, "tag_units") > 0) {
    usable_tags(corpus, options, "cca");
    if (cca_tag_training(options).validate_every > 0 && corpus.items_of("valid").empty()) {
      throw DataError(
          fmt::format("cca cannot be trained on '{}': no item has the split \"valid\" "
                      "(validate_every = 0 trains without)",
                      corpus.name));
    }
  }
  const std::size_t n = cca_pairs(corpus).size();
  if (n < 2) {
    throw DataError(fmt::format(
        "cca cannot be trained on '{}': {} items of the splits \"train\" and \"valid\" have a "
        "text, expected 2 or more",
        corpus.name, n));
  }
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(cca, musicrep::Cca)
