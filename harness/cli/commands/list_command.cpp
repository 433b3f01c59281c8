#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/plugins.h"
#include "core/did_you_mean.h"
#include "datasets/dataset.h"
#include "experiment/catalogue.h"
#include "experiment/experiment.h"
#include "musicrep/error.h"
#include "protocols/protocol.h"

namespace musicrep::cli {
namespace {

void print_entries(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::size_t width = 0;
  for (const auto& [name, text] : entries) width = std::max(width, name.size());
  for (const auto& [name, text] : entries) fmt::print("{:<{}}  {}\n", name, width, text);
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "ls";
  line.usage = "ls encoders|datasets|protocols|experiments";
  line.summary = "Lists names; 'musicrep describe NAME' shows details of one.";
  line.examples = "  musicrep ls protocols\n";
  line.positional = {"what"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const std::vector<std::string> known = {"encoders", "datasets", "protocols", "experiments"};
  if (!values.contains("what")) {
    throw ConfigError("'musicrep ls' takes one of: encoders, datasets, protocols, experiments");
  }
  for (const std::string& what : values["what"].as<std::vector<std::string>>()) {
    std::vector<std::pair<std::string, std::string>> entries;
    if (what == "encoders") {
      const EncoderRegistry encoders = with_plugins(registry, values);
      for (const std::string& name : encoders.names()) {
        entries.emplace_back(name, encoders.info(name).description);
      }
    } else if (what == "datasets") {
      for (const DatasetKind& kind : all_dataset_kinds({})) {
        entries.emplace_back(kind.name, kind.description);
      }
    } else if (what == "protocols") {
      for (const std::string& name : protocol_names()) {
        const Protocol protocol = find_protocol(name);
        entries.emplace_back(fmt::format("{}@{}", name, protocol.version), protocol.summary);
      }
    } else if (what == "experiments") {
      for (const auto& file : experiment_files()) {
        entries.emplace_back(file.stem().string(), read_experiment(file).title);
      }
    } else {
      throw ConfigError(unknown_name("list", what, known));
    }
    print_entries(entries);
  }
  return kOk;
}

}  // namespace

extern const Command list_command = {.place = 140,
                                     .name = "ls",
                                     .summary = "list encoders, datasets, protocols or experiments",
                                     .run = command_main};

}  // namespace musicrep::cli
