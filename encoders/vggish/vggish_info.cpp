// What is known of VGGish without LibTorch.
#include <fmt/format.h>

#include <algorithm>

#include "core/options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "training/training_options.h"
#include "vggish.h"
#include "vggish_layers.h"
#include "vggish_training.h"

namespace musicrep {
namespace {

constexpr double kSampleRateHz = 16000;

OptionSpec text_option(const char* name, const char* value, const char* description) {
  return {.name = name, .default_value = std::string(value), .description = description};
}

/// What takes about a minute on one core for ten patches a clip.
TrainerConfig default_training() {
  TrainerConfig config;
  config.steps = 600;
  config.batch_size = 32;
  config.learning_rate = 1e-3;
  config.warmup = 0.1;
  config.decay = true;
  config.validate_every = 100;
  return config;
}

std::vector<OptionSpec> own_training_options() {
  std::vector<OptionSpec> options = training_options(default_training());
  options.push_back(trains("width", 0.25, "channels, 1 (published), 0.5, 0.25 or 0.125"));
  options.push_back(trains("max_patches", std::int64_t{40000},
                           "patches of 0.96 s to keep, at least 2, 12 KiB each; of more each clip "
                           "gives fewer"));
  return options;
}

}  // namespace

TrainerConfig vggish_training(const Options& options) {
  return trainer_config(options, default_training());
}

double vggish_training_width(const Options& options) {
  const auto width = option<double>(options, "width");
  if (std::ranges::count(kVggishWidths, width) == 0) {
    throw ConfigError(fmt::format(
        "encoder 'vggish': option 'width': found {}, expected 1, 0.5, 0.25 or 0.125", width));
  }
  return width;
}

EncoderInfo Vggish::static_info() {
  EncoderInfo info;
  info.name = "vggish";
  info.version = "1";
  info.description = "VGGish: a vector of 128 for each 0.96 s";
  info.citation =
      "Hershey et al.: CNN Architectures for Large-Scale Audio Classification, ICASSP 2017";
  info.bibtex = R"(% known by: CNN Architectures for Large-Scale Audio
@inproceedings{hershey2017cnn,
  title = {{CNN} Architectures for Large-Scale Audio Classification},
  author = {Hershey, Shawn and Chaudhuri, Sourish and Ellis, Daniel P. W. and Gemmeke, Jort F. and Jansen, Aren and Moore, R. Channing and Plakal, Manoj and Platt, Devin and Saurous, Rif A. and Seybold, Bryan and Slaney, Malcolm and Weiss, Ron J. and Wilson, Kevin},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  year = {2017}
})";
  info.fetch_help =
      R"(Weights: https://storage.googleapis.com/audioset/vggish_model.ckpt
Principal components, beside them: https://storage.googleapis.com/audioset/vggish_pca_params.npz
Licence: Apache 2.0.
Layout: any folder; experiments/table1-paper.toml looks for both in weights/. The .pth of
harritaylor/torchvggish and Keras' .h5 of the same network are read, too.)";
  info.licence = "published weights: Apache 2.0; trained here: that of the corpus";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = kSampleRateHz;
  info.channels = 1;
  info.window_s = static_cast<double>(kVggishPatchSamples) / kSampleRateHz;
  info.hop_s = 0.96;
  info.dim = kVggishDim;
  info.resampler = "kaiser_best";
  info.options = weights_options();
  info.options.push_back(
      text_option("end", "linear", "last layer: linear (official now) or relu (older, all ports)"));
  info.options.push_back(text_option("postprocess", "none",
                                     "none, pca, or quantised (pca in 8 bits, back in [-2, 2])"));
  info.options.push_back(text_option("rounding", "truncate",
                                     "of quantised: truncate (official) or nearest (torchvggish)"));
  info.options.push_back({.name = "smoke_test",
                          .default_value = true,
                          .description = "refuse published weights that fail the official test"});
  for (OptionSpec& spec : own_training_options()) info.options.push_back(std::move(spec));
  return info;
}

void Vggish::check_corpus(const TrainingCorpus& corpus, const Options& options) {
  vggish_training_width(options);
  const TrainerConfig config = vggish_training(options);
  if (option<std::int64_t>(options, "max_patches") < 2) {
    throw ConfigError("encoder 'vggish': option 'max_patches': expected at least 2");
  }
  Problems problems;
  if (corpus.items_of("train").empty()) problems.add("no item has the split \"train\"");
  if (config.validate_every > 0 && corpus.items_of("valid").empty()) {
    problems.add("no item has the split \"valid\" (validate_every = 0 trains without)");
  }
  problems.throw_if_any(fmt::format("vggish cannot be trained on '{}':", corpus.name));
  usable_tags(corpus, options, "vggish");
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(vggish, musicrep::Vggish)
