#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"
#include "store/artefacts.h"

namespace musicrep::cli {
namespace {

std::string size_text(std::uintmax_t bytes) {
  if (bytes < 1 << 20) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / (1 << 10));
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "cache";
  line.usage = "cache ls|verify|clean [options]";
  line.summary =
      "ls lists the artefacts in the cache of finished steps. verify reads every artefact and moves\n"
      "damaged ones aside. clean removes what was moved aside and what killed runs left; with --all\n"
      "it removes the finished steps, too.";
  line.examples = "  musicrep cache ls\n  musicrep cache clean --all\n";
  line.positional = {"action"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const std::vector<std::string> actions = {"ls", "verify", "clean"};
  if (!values.contains("action")) throw ConfigError("'musicrep cache' takes ls, verify or clean");
  const std::string action = values["action"].as<std::vector<std::string>>().front();
  const ArtefactStore store(cache_folder(values));
  if (action == "ls") {
    std::uintmax_t total = 0;
    const auto artefacts = store.list();
    for (const ArtefactInfo& artefact : artefacts) {
      total += artefact.bytes;
      fmt::print("{:<11} {}  {:>10}  {}  {}\n", artefact.kind, artefact.key.substr(0, 12),
                 size_text(artefact.bytes), artefact.made_at, artefact.description);
    }
    fmt::print("{} artefacts, {} in {}\n", artefacts.size(), size_text(total),
               store.root().string());
    return kOk;
  }
  if (action == "verify") {
    const auto damaged = store.verify();
    for (const std::string& problem : damaged) fmt::print("{}\n", problem);
    fmt::print("{} artefacts OK, {} damaged and moved aside\n", store.list().size(),
               damaged.size());
    return damaged.empty() ? kOk : kDataMistake;
  }
  if (action == "clean") {
    fmt::print("{} files removed from {}\n", store.clean(!values.contains("all")),
               store.root().string());
    return kOk;
  }
  throw ConfigError(unknown_name("action", action, actions));
}

}  // namespace

extern const Command cache_command = {
    .place = 180,
    .name = "cache",
    .summary = "list, verify or clean the cache of finished steps",
    .run = command_main};

}  // namespace musicrep::cli
