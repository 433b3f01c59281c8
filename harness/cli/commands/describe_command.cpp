#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/plugins.h"
#include "core/did_you_mean.h"
#include "core/options.h"
#include "datasets/dataset.h"
#include "experiment/catalogue.h"
#include "experiment/experiment.h"
#include "musicrep/error.h"
#include "protocols/protocol.h"

namespace musicrep::cli {
namespace {

void print_options(const std::vector<OptionSpec>& options) {
  if (options.empty()) return;
  fmt::print("options:\n");
  for (const OptionSpec& option : options) {
    fmt::print(
        "  {:<14} {}, {}\n      {}\n", option.name, type_name(option.default_value),
        option.required ? "required" : fmt::format("default {}", to_text(option.default_value)),
        option.description);
  }
}

const char* input_name(InputKind kind) {
  switch (kind) {
    case InputKind::kPcm:
      return "PCM audio";
    case InputKind::kVggishFrames:
      return "VGGish frames";
    case InputKind::kItemId:
      return "the item's id alone";
  }
  return "";
}

void describe(const EncoderInfo& info) {
  fmt::print("encoder {} {}\n  {}\n", info.name, info.version, info.description);
  fmt::print("takes:      {}", input_name(info.input));
  if (info.sample_rate_hz > 0) {
    fmt::print(", {} Hz, {} channel{}", info.sample_rate_hz, info.channels,
               info.channels == 1 ? "" : "s");
  }
  fmt::print("\ngives:      {}{}\n",
             info.dim > 0 ? fmt::format("{} dimensions", info.dim)
                          : std::string("as many dimensions as its files or options say"),
             info.hop_s > 0 ? fmt::format(", one vector each {} s", info.hop_s) : std::string());
  if (!info.trained_on.empty()) fmt::print("trained on: {}\n", fmt::join(info.trained_on, ", "));
  fmt::print("citation:   {}\nlicence:    {}\n", info.citation, info.licence);
  print_options(info.options);
}

void print_grid(const char* kind, const Probe& probe, const Grid& grid) {
  if (!grid.rbf_c.empty()) {
    std::vector<std::string> gammas;
    for (const GammaRule& gamma : grid.rbf_gamma) gammas.push_back(gamma.name);
    fmt::print("  {:<16} RBF, C in {{{}}}, gamma in {{{}}}\n", kind, fmt::join(grid.rbf_c, ", "),
               fmt::join(gammas, ", "));
  }
  if (!grid.linear_c.empty()) {
    fmt::print("  {:<16} linear, C in {{{}}}\n", kind, fmt::join(grid.linear_c, ", "));
  }
  if (!grid.values.empty()) {
    fmt::print("  {:<16} {} in {{{}}}\n", kind, probe.parameter, fmt::join(grid.values, ", "));
  }
}

void describe(const Protocol& p) {
  fmt::print("protocol {}@{}\n  {}\nsource:  {}\nsha256:  {}\n", p.name, p.version, p.summary,
             p.source, p.sha256);
  for (const std::string& caveat : p.caveats) fmt::print("caveat:  {}\n", caveat);
  fmt::print("probe:   {}\npooling: {}\nscaling: {}\ngrid:\n", p.probe->title, p.pooling,
             p.standardise ? "standardised inside each fold" : "none");
  print_grid("classification", *p.probe, p.classification);
  print_grid("regression", *p.probe, p.regression);
}

void describe(const Experiment& e) {
  fmt::print("experiment {}\n  {}\n  {}\n", e.name, e.title, e.file.string());
  if (!e.about.empty()) fmt::print("{}\n", e.about);
  for (const DatasetSpec& d : e.datasets) fmt::print("data set  {} ({})\n", d.name, d.kind);
  for (const TaskSpec& t : e.tasks) {
    fmt::print("task      {}: {} of {}\n", t.name, fmt::join(t.targets, ", "), t.dataset);
  }
  for (const EncoderSpec& s : e.encoders) fmt::print("encoder   {} ({})\n", s.label, s.kind);
  for (const EvaluationSpec& v : e.evaluations) {
    fmt::print("evaluate  {} x {} x {}\n", fmt::join(v.tasks, ", "), fmt::join(v.encoders, ", "),
               fmt::join(v.protocols, ", "));
  }
  for (const DiagnoseSpec& d : e.diagnoses) {
    fmt::print("diagnose  {} x {}, {} clips\n", fmt::join(d.datasets, ", "),
               fmt::join(d.encoders, ", "), d.n_clips);
  }
  for (const RetrievalSpec& r : e.retrievals) {
    fmt::print("retrieve  {} of {}'s items of '{}', {}centred x {}\n",
               r.n > 0 ? fmt::format("{}", r.n) : "all", r.dataset, r.split, r.centre ? "" : "not ",
               fmt::join(r.encoders, ", "));
  }
  for (const SweepSpec& s : e.sweeps) {
    fmt::print("sweep     {} x {} x {}\n", s.task, fmt::join(s.encoders, ", "), s.protocol);
  }
  for (const DeformSpec& d : e.deforms) {
    fmt::print("deform    {} x {} x {}, {} deformations\n", fmt::join(d.tasks, ", "),
               fmt::join(d.encoders, ", "), fmt::join(d.protocols, ", "), d.deformations.size());
  }
  if (!e.published.empty()) fmt::print("published {} figures\n", e.published.size());
  for (const ClaimSpec& c : e.claims) fmt::print("claim     {}\n", c.text);
}

const DatasetKind* find_kind(const std::string& name) {
  static const std::vector<DatasetKind> kinds = all_dataset_kinds({});
  const auto at = std::ranges::find(kinds, name, &DatasetKind::name);
  return at == kinds.end() ? nullptr : &*at;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "describe";
  line.usage = "describe NAME...";
  line.summary = "Shows details of an encoder, a kind of data set, a protocol or an experiment.";
  line.examples = "  musicrep describe choi2017\n  musicrep describe features\n";
  line.positional = {"name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const EncoderRegistry encoders = with_plugins(registry, values);
  for (const std::string& name : required_names(line, values)) {
    std::vector<std::string> known = encoders.names();
    bool found = false;
    if (std::ranges::find(known, name) != known.end()) {
      describe(encoders.info(name));
      found = true;
    }
    if (const DatasetKind* kind = find_kind(name)) {
      fmt::print("data set kind {}\n  {}\n", kind->name, kind->description);
      print_options(kind->options);
      found = true;
    }
    const auto protocols = protocol_names();
    if (std::ranges::find(protocols, name) != protocols.end()) {
      describe(find_protocol(name));
      found = true;
    }
    for (const auto& file : experiment_files()) {
      known.push_back(file.stem().string());
      if (file.stem() != name) continue;
      describe(read_experiment(file));
      found = true;
    }
    if (found) continue;
    for (const DatasetKind& kind : all_dataset_kinds({})) known.push_back(kind.name);
    known.insert(known.end(), protocols.begin(), protocols.end());
    throw ConfigError(unknown_name("name", name, known));
  }
  return kOk;
}

}  // namespace

extern const Command describe_command = {
    .place = 150,
    .name = "describe",
    .summary = "show details of an encoder, data set kind, protocol or experiment",
    .run = command_main};

}  // namespace musicrep::cli
