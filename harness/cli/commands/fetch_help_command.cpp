#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/published_vectors.h"
#include "core/did_you_mean.h"
#include "datasets/dataset.h"
#include "experiment/catalogue.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

/// By name of a kind of data set, of an encoder, or of published vectors.
std::map<std::string, std::string> fetch_helps(const EncoderRegistry& encoders) {
  std::map<std::string, std::string> out;
  for (const PublishedVectors& each : published_vectors()) out[each.name] = each.fetch_help;
  for (const DatasetKind& kind : all_dataset_kinds({})) out[kind.name] = kind.fetch_help;
  for (const std::string& name : encoders.names()) {
    const std::string& text = encoders.info(name).fetch_help;
    out.try_emplace(name, text.empty()
                              ? fmt::format("There is nothing to fetch for encoder '{0}': its "
                                            "files, if any, are the user's own; see `musicrep "
                                            "describe {0}`.",
                                            name)
                              : text);
  }
  return out;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  const std::map<std::string, std::string> helps = fetch_helps(registry);
  std::vector<std::string> known;
  for (const auto& [name, text] : helps) known.push_back(name);
  CommandLine line;
  line.command = "fetch-help";
  line.usage = "fetch-help NAME...";
  line.summary = fmt::format(
      "Shows where to get a data set, published vectors or an encoder's published weights, with\n"
      "their licence and the expected layout. NAME is one of\n  {}",
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

extern const Command fetch_help_command = {
    .place = 170,
    .name = "fetch-help",
    .summary = "show where to get data or weights, with licence and layout",
    .run = command_main};

}  // namespace musicrep::cli
