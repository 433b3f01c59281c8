// What is known of TLM without LibTorch.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "tlm/tlm.h"
#include "tlm/tlm_training.h"
#include "training/training_options.h"

namespace musicrep {
namespace tlm {
namespace {

void check_splits(const TrainingCorpus& corpus) {
  for (const char* split : {"train", "valid"}) {
    const std::size_t n = corpus.items_of(split).size();
    if (n < 2) {
      throw DataError(fmt::format(
          "tlm: data set '{}' has {} items of split '{}', expected at least 2 to train on",
          corpus.name, n, split));
    }
  }
}

}  // namespace

TrainerConfig training_defaults() {
  TrainerConfig config;
  config.steps = 180;
  config.batch_size = 8;
  config.learning_rate = 3e-3;
  config.weight_decay = 1e-4;
  config.warmup = 0.1;
  config.decay = true;
  config.validate_every = 45;
  config.checkpoint_every = 45;
  return config;
}

}  // namespace tlm

EncoderInfo Tlm::static_info() {
  EncoderInfo info;
  info.name = "tlm";
  info.version = "1";
  info.description =
      "Means of the maps of five convolutional blocks that were trained to tag music";
  info.citation =
      "Choi, Fazekas, Sandler, Cho: Transfer Learning for Music Classification and Regression "
      "Tasks, ISMIR 2017";
  info.bibtex = R"(% known by: Transfer learning for music classification
@inproceedings{choi2017transfer,
  title = {Transfer Learning for Music Classification and Regression Tasks},
  author = {Choi, Keunwoo and Fazekas, Gy{\"o}rgy and Sandler, Mark and Cho, Kyunghyun},
  booktitle = {Proceedings of the 18th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2017}
})";
  info.fetch_help =
      R"(Weights, as their authors publish them: a clone of https://github.com/keunwoochoi/transfer_learning_music. Its
features and labels: `musicrep fetch-help choi2017`.
Licence: MIT.
Layout: of it, the experiments read
  keras2_model/model_best.hdf5             weights for Keras 2 (variant keras2)
  weights_transfer/*.hdf5                  weights for Keras 1 and Theano (theano-batch))";
  info.licence = "published weights: MIT (keunwoochoi/transfer_learning_music)";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = tlm::kSampleRateHz;
  info.channels = 1;
  info.resampler = "kaiser_best";
  info.max_duration_s = static_cast<double>(tlm::kSamples) / tlm::kSampleRateHz;
  info.options = {
      {.name = "variant",
       .default_value = std::string(),
       .description = "keras2, theano-batch (a vector depends on the other clips of its batch) or "
                      "trained; empty: what the weights are for. Another than that is refused"},
      {.name = "layers",
       .default_value = std::string("12345"),
       .description = "the blocks whose means are given, 32 numbers each"},
      {.name = "short_clips",
       .default_value = std::string("repeat"),
       .description = "clips of less than 29 s: repeat (utils_featext.py) or zero-pad (the "
                      "authors' notebooks)",
       .trains = true},
      {.name = "statistics_batch",
       .default_value = std::int64_t{256},
       .description = "of theano-batch: clips, in the order of the files, that share their "
                      "statistics; 1: as easy_feature_extraction.py"}};
  OptionSpec crop = trains("crop_frames", std::int64_t{640},
                           "of a training example, 21 ms each: 320 to 1360, a multiple of 16");
  crop.came_later = true;
  info.options.push_back(std::move(crop));
  std::ranges::move(weights_options(), std::back_inserter(info.options));
  std::ranges::move(training_options(tlm::training_defaults()), std::back_inserter(info.options));
  return info;
}

void Tlm::check_corpus(const TrainingCorpus& corpus, const Options& options) {
  trainer_config(options, tlm::training_defaults());
  const auto crop = option<std::int64_t>(options, "crop_frames");
  if (crop < 320 || crop > 1360 || crop % 16 != 0) {
    throw ConfigError(fmt::format(
        "tlm: crop_frames: found {}, expected a multiple of 16 from 320 to 1360", crop));
  }
  tlm::check_splits(corpus);
  usable_tags(corpus, options, "tlm");
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(tlm, musicrep::Tlm)
