#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "core/did_you_mean.h"
#include "datasets/dataset.h"
#include "experiment/catalogue.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

constexpr const char* kChoi2017 =
    R"(Features of GTZAN and emoMusic, their labels, and the weights of TLM, as its authors publish them:
a clone of https://github.com/keunwoochoi/transfer_learning_music, called choi2017.
Licence: MIT.
Layout: of it, the experiments read
  data_csv/*.csv, data_feats/*.npy         labels and features
  keras2_model/model_best.hdf5             weights for Keras 2 (variant keras2)
  weights_transfer/*.hdf5                  weights for Keras 1 and Theano (theano-batch)
GTZAN's artists and splits come from gtzan/metadata: `musicrep fetch-help gtzan`.)";

constexpr const char* kMusicnn =
    R"(50 tags a frame for the fault-filtered GTZAN, as jordipons/sklearn-audio-transfer-learning publishes them:
folder data/audio_representations of https://github.com/jordipons/sklearn-audio-transfer-learning, called
gtzan_musicnn.
Licence: ISC.
Layout: training_data_GTZAN_MSDmusicnn_taggram.npz, evaluation_data_GTZAN_MSDmusicnn_taggram.npz.
GTZAN's splits come from gtzan/metadata: `musicrep fetch-help gtzan`.)";

constexpr const char* kVggish =
    R"(Weights: https://storage.googleapis.com/audioset/vggish_model.ckpt
Principal components, beside them: https://storage.googleapis.com/audioset/vggish_pca_params.npz
Licence: Apache 2.0.
Layout: any folder; experiments/table1-paper.toml looks for both in weights/. The .pth of
harritaylor/torchvggish and Keras' .h5 of the same network are read, too.)";

constexpr const char* kMtlmr =
    R"(Weights: 4TU.ResearchData, data set 12692300; any of its checkpoints. The paper of MusicBERT does not say
which one it used.
Means and deviations of mel bands, beside them: musmtl/data/mel_standard_scaler_params.npz of
https://github.com/eldrin/MTLMusicRepresentation-PyTorch.
Layout: any folder; experiments/table1-paper.toml looks for weights/mtlmr.pth.)";

constexpr const char* kFeatures =
    R"(Vectors in files are the user's own. Published ones that experiments here read: `musicrep fetch-help choi2017`
and `musicrep fetch-help musicnn`.)";

/// By name of a kind of data set, of an encoder, or of published vectors.
std::map<std::string, std::string> fetch_helps(const EncoderRegistry& encoders) {
  std::map<std::string, std::string> out = {{"choi2017", kChoi2017}, {"features", kFeatures},
                                            {"mtlmr", kMtlmr},       {"musicnn", kMusicnn},
                                            {"tlm", kChoi2017},      {"vggish", kVggish}};
  for (const DatasetKind& kind : all_dataset_kinds({})) out[kind.name] = kind.fetch_help;
  for (const std::string& name : encoders.names()) {
    out.try_emplace(name,
                    fmt::format("There is nothing to fetch for encoder '{0}': its files, if any, "
                                "are the user's own; see `musicrep describe {0}`.",
                                name));
  }
  return out;
}

}  // namespace

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  const std::map<std::string, std::string> helps = fetch_helps(registry);
  std::vector<std::string> known;
  for (const auto& [name, text] : helps) known.push_back(name);
  CommandLine line;
  line.command = "fetch-help";
  line.usage = "fetch-help NAME...";
  line.summary = fmt::format(
      "Where to get a data set, published vectors or an encoder's published weights, their "
      "licence\n"
      "and the layout that is expected. NAME is one of\n  {}",
      fmt::join(known, " "));
  line.examples = "  musicrep fetch-help gtzan\n";
  line.positional = {"name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  for (const std::string& name : required_names(line, values)) {
    const auto help = helps.find(name);
    if (help == helps.end()) throw ConfigError(unknown_name("data set or encoder", name, known));
    fmt::print("{}\n", help->second);
  }
  return kOk;
}

}  // namespace

extern const Command fetch_help_command;
const Command fetch_help_command = {
    .place = 170,
    .name = "fetch-help",
    .summary = "where to get data or weights, their licence, their layout",
    .run = command_main};

}  // namespace musicrep::cli
