#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/terminal.h"
#include "evaluation/pooling.h"
#include "musicrep/error.h"
#include "planner/run.h"
#include "search/index.h"

namespace musicrep::cli {
namespace {

/// The encoding of the first training of `label`. Throws ConfigError that lists what there is.
const EncodeStep& encoding_for(const Plan& plan, const std::string& label,
                               const std::string& dataset) {
  std::vector<const EncodeStep*> found;
  std::vector<std::string> known;
  for (const EncodeStep* step : plan.encodings) {
    const Encoding& encoding = step->encoding();
    if (encoding.seed_index != 0) continue;
    known.push_back(
        fmt::format("--encoder {} --dataset {}", encoding.label, encoding.dataset->name));
    const bool wanted =
        encoding.label == label && (dataset.empty() || encoding.dataset->name == dataset);
    if (wanted) found.push_back(step);
  }
  if (found.size() == 1) return *found.front();
  throw ConfigError(fmt::format("{}: found {} encodings for --encoder {}{}, expected one of:\n  {}",
                                plan.experiment.file.string(), found.size(), label,
                                dataset.empty() ? "" : " --dataset " + dataset,
                                fmt::join(known, "\n  ")));
}

/// What an index of its vectors is made again from, without paths.
SearchIndex facts_of(const EncodeStep& step) {
  const Encoding& encoding = step.encoding();
  const Dataset& dataset = *encoding.dataset;
  SearchIndex index;
  index.encoder = encoding.kind;
  index.version = encoding.version;
  index.label = encoding.label;
  index.dataset = dataset.name;
  index.frame_space = encoding.frame_space;
  for (const OptionSpec& option : encoding.info.options) {
    if (option.is_path || option.name == "train_on" || option.name == "frames_from") continue;
    index.options[option.name] = encoding.options.at(option.name);
  }
  index.ids = dataset.ids;
  index.texts = dataset.texts;
  index.texts.resize(dataset.ids.size());
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (!dataset.audio.empty()) {
      index.links.push_back(dataset.audio[i].string());
    } else {
      index.links.push_back(dataset.link_prefix.empty() ? std::string()
                                                        : dataset.link_prefix + dataset.ids[i]);
    }
  }
  return index;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "index";
  line.usage = "index EXPERIMENT --encoder LABEL [options]";
  line.summary =
      "Makes an index of music that `musicrep search` finds by words: the vectors of a data set of an\n"
      "experiment, by an encoder that encodes texts, too. Trains and encodes first what is not in the\n"
      "cache. The index is a folder that needs nothing else.";
  line.examples =
      "  musicrep index musiccaps --data ~/data --encoder cca-tags --dataset captions --out music\n"
      "  musicrep search music \"a sad piano ballad with strings\"\n";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("encoder")) throw ConfigError("index: --encoder LABEL is missing");
  const auto label = values["encoder"].as<std::string>();
  const auto dataset =
      values.contains("dataset") ? values["dataset"].as<std::string>() : std::string();
  PrepareOptions with;
  with.data_dir = data_folder(values);
  with.cache = cache_folder(values);
  with.only = {label};
  const auto [encoders, plan] =
      prepare_experiment(experiment_file(line, values), registry, {}, with);
  const EncodeStep& step = encoding_for(plan, label, dataset);
  if (!step.facts().refusal.empty()) throw DataError(step.facts().refusal);
  const ArtefactStore store(with.cache);
  const StepContext context = {store, encoders, values["jobs"].as<std::size_t>()};
  const auto encoded = step.vectors(context);
  const auto encoder = step.encoder(context);
  if (const std::string why = reason_without_texts_of(*encoder); !why.empty()) {
    throw ConfigError(fmt::format("encoder '{}' cannot encode texts: {}", label, why));
  }
  SearchIndex index = facts_of(step);
  index.seed = plan.settings->seed;
  index.space_sha256 = encoder->content_sha256();
  const Matrix clips = pool(encoded->embeddings, "mean");
  index.dim = clips.cols();
  index.vectors = unit_rows(clips, index.ids);
  if (step.training() != nullptr) index.weights = store.weights_path(step.training()->facts().key);
  const std::filesystem::path out = values["out"].as<std::string>();
  write_index(out, index);
  fmt::print("{}: {} items, {} dimensions\n", out.string(), index.ids.size(), index.dim);
  return kOk;
}

}  // namespace

extern const Command index_command = {.place = 52,
                                      .name = "index",
                                      .summary = "make an index of music to search by words",
                                      .run = command_main};

}  // namespace musicrep::cli
