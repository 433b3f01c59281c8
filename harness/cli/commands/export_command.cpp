#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/options.h"
#include "experiment/catalogue.h"
#include "formats/csv.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kCorpora = {"genres", "moods", "albums", "events"};

Dataset load_corpus(const std::string& corpus, const std::vector<std::string>& settings,
                    const fs::path& cache) {
  if (std::ranges::find(kCorpora, corpus) == kCorpora.end()) {
    throw ConfigError(unknown_name("built-in corpus", corpus, kCorpora));
  }
  const std::vector<DatasetKind> kinds = all_dataset_kinds(cache);
  const auto kind = std::ranges::find(kinds, "orchestrion", &DatasetKind::name);
  if (kind == kinds.end()) throw ConfigError("this program was built without the built-in corpora");
  Options options = parse_settings(settings, kind->options, "export");
  options["corpus"] = corpus;
  Dataset dataset = kind->load(complete_options("orchestrion", kind->options, options));
  dataset.name = corpus;
  return dataset;
}

std::string value_text(const Target& target, std::size_t item) {
  const double value = target.values[item];
  return target.is_classification() ? target.classes[static_cast<std::size_t>(value)]
                                    : fmt::format("{}", value);
}

std::string labels_csv(const Dataset& dataset) {
  std::string out = "id,file";
  for (const Target& target : dataset.targets) out += "," + csv_field(target.name);
  if (!dataset.groups.empty()) out += ",artist";
  if (!dataset.splits.empty()) out += ",split";
  if (!dataset.texts.empty()) out += ",text";
  out += "\n";
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    out += csv_field(dataset.ids[i]) + "," +
           csv_field(dataset.ids[i] + dataset.audio[i].extension().string());
    for (const Target& target : dataset.targets) out += "," + csv_field(value_text(target, i));
    if (!dataset.groups.empty()) out += "," + csv_field(dataset.groups[i]);
    if (!dataset.splits.empty()) out += "," + csv_field(dataset.splits[i]);
    if (!dataset.texts.empty()) out += "," + csv_field(dataset.texts[i]);
    out += "\n";
  }
  return out;
}

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "export";
  line.usage = "export CORPUS FOLDER [options]";
  line.summary =
      "Writes a built-in corpus as files: audio/ID.flac, and labels.csv with ids, labels, artists,\n"
      "splits and texts. CORPUS is genres, moods, albums or events; its options are those of\n"
      "'musicrep describe orchestrion'.";
  line.examples =
      "  musicrep export genres ~/genres --set n_clips=200 --set n_artists=50\n"
      "  musicrep new experiment --csv ~/genres/labels.csv --audio ~/genres/audio\n";
  line.positional = {"corpus", "folder"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("corpus") || !values.contains("folder") ||
      values["folder"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError("'musicrep export' takes a corpus and a folder");
  }
  const fs::path folder = values["folder"].as<std::vector<std::string>>().front();
  if (fs::exists(folder)) throw DataError(fmt::format("'{}' exists already", folder.string()));
  const fs::path cache = cache_folder(values);
  const Dataset dataset =
      load_corpus(values["corpus"].as<std::string>(), given_settings(values), cache);
  TerminalProgress progress(values.contains("quiet"));
  progress.plan(1);
  progress.begin("make the audio of " + dataset.name);
  if (dataset.make_audio) {
    dataset.make_audio(values["jobs"].as<std::size_t>(),
                       [&](std::size_t done, std::size_t total) { progress.update(done, total); });
  }
  progress.end(fmt::format("{} files", dataset.audio.size()));
  write_folder_atomically(folder, [&](const fs::path& fresh) {
    fs::create_directory(fresh / "audio");
    for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
      const std::string name = dataset.ids[i] + dataset.audio[i].extension().string();
      fs::copy_file(dataset.audio[i], fresh / "audio" / name);
    }
    write_text_atomically(fresh / "labels.csv", labels_csv(dataset));
  });
  fmt::print("{}: {} items, audio and labels.csv\n", folder.string(), dataset.ids.size());
  return kOk;
}

}  // namespace

extern const Command export_command = {.place = 75,
                                       .name = "export",
                                       .summary = "write a built-in corpus as files",
                                       .run = command_main};

}  // namespace musicrep::cli
