// What is known of MTLMR without LibTorch.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/options.h"
#include "mtlmr.h"
#include "mtlmr_config.h"
#include "mtlmr_targets.h"
#include "mtlmr_training.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "training/training_options.h"

namespace musicrep {
namespace {

TrainerConfig default_training() {
  TrainerConfig config;
  config.steps = 300;
  config.batch_size = 32;
  config.learning_rate = 1e-3;
  config.l2 = 1e-6;
  config.validate_every = 50;
  config.checkpoint_every = 50;
  return config;
}

}  // namespace

TrainerConfig mtlmr_training(const Options& options) {
  TrainerConfig config = default_training();
  config.decay = option<std::string>(options, "tasks_a_batch") == "all";
  config.warmup = config.decay ? 0.1 : 0;
  return trainer_config(options, config);
}

EncoderInfo Mtlmr::static_info() {
  EncoderInfo info;
  info.name = "mtlmr";
  info.version = "1";
  info.description =
      "Mean and deviation over 2.5 s patches of a network trained on several sources";
  info.citation =
      "Kim, Urbano, Liem, Hanjalic: One deep music representation to rule them all? A comparative "
      "analysis of different representation learning strategies, Neural Computing and "
      "Applications, 2019";
  info.bibtex = R"(% known by: One deep music representation
@article{kim2019one,
  title = {One Deep Music Representation to Rule Them All? A Comparative Analysis of Different Representation Learning Strategies},
  author = {Kim, Jaehun and Urbano, Juli{\'a}n and Liem, Cynthia C. S. and Hanjalic, Alan},
  journal = {Neural Computing and Applications},
  year = {2019},
  doi = {10.1007/s00521-019-04076-1}
})";
  info.fetch_help =
      R"(Weights: 4TU.ResearchData, data set 12692300; any of its checkpoints. The paper of MusicBERT does not say
which one it used.
Means and deviations of mel bands, beside them: musmtl/data/mel_standard_scaler_params.npz of
https://github.com/eldrin/MTLMusicRepresentation-PyTorch.
Layout: any folder; experiments/table1-paper.toml looks for weights/mtlmr.pth.)";
  info.licence = "that of the weights";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = 22050;
  info.channels = 2;
  info.resampler = "kaiser_best";
  info.options = weights_options();
  info.options.push_back(
      {.name = "last_patch",
       .default_value = std::string(),
       .description =
           "frames after the last whole patch: drop (left out; a clip shorter than a "
           "patch is filled up with its minimum) or zero-db (filled up with 0 dB, as the "
           "release does); empty: zero-db for imported weights, drop for others"});
  info.options.push_back(trains("branch_at", std::string("fc"),
                                "up to where tasks share layers: null (nothing), 2, 4, 6 "
                                "(1, 3, 5 convolutions) or fc (all)"));
  info.options.push_back(
      trains("sources", std::vector<std::string>{},
             "what is learned: self, tags, artist, tempo, year, mood; empty: all that the "
             "data set offers"));
  OptionSpec tasks = trains("tasks_a_batch", std::string("one"),
                            "one (a random one, as in the paper) or all, with a rate that falls");
  tasks.one_of = {"one", "all"};
  tasks.came_later = true;
  info.options.push_back(std::move(tasks));
  info.options.push_back(trains("factors", std::int64_t{50},
                                "width of the distributions over artists and numbers, 2 to 1000"));
  for (OptionSpec& spec : training_options(default_training())) info.options.push_back(spec);
  return info;
}

void Mtlmr::check_corpus(const TrainingCorpus& corpus, const Options& options) {
  const TrainerConfig config = mtlmr_training(options);
  const auto& branch_at = option<std::string>(options, "branch_at");
  if (std::ranges::count(mtlmr_sharings(), branch_at) == 0) {
    throw ConfigError(fmt::format("mtlmr: branch_at: found '{}', expected {}", branch_at,
                                  fmt::join(mtlmr_sharings(), ", ")));
  }
  const auto factors = option<std::int64_t>(options, "factors");
  if (factors < 2 || factors > 1000) {
    throw ConfigError(fmt::format("mtlmr: factors: found {}, expected 2 to 1000", factors));
  }
  const std::size_t n_train = corpus.items_of("train").size();
  const std::size_t n_valid = corpus.items_of("valid").size();
  if (std::min(config.batch_size, n_train) < 2) {
    throw DataError(
        fmt::format("mtlmr: data set '{}': found {} items with split 'train' and "
                    "batch_size = {}, expected at least 2 of each (batch normalisation)",
                    corpus.name, n_train, config.batch_size));
  }
  if (config.validate_every > 0 && n_valid == 0) {
    throw DataError(
        fmt::format("mtlmr: data set '{}': found no items with split 'valid', expected "
                    "some, or the option validate_every = 0",
                    corpus.name));
  }
  chosen_sources(corpus, options);
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(mtlmr, musicrep::Mtlmr)
