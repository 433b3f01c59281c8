#include "cli/option_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/parallel.h"

namespace musicrep::cli {
namespace {

using Type = OptionType;
using Names = std::vector<std::string>;

const Names kOnExperiments = {"run", "plan", "diagnose"};

OptionLine flag(std::string name, std::string description, Names commands, char letter = 0) {
  OptionLine line;
  line.name = std::move(name);
  line.letter = letter;
  line.type = Type::kFlag;
  line.description = std::move(description);
  line.commands = std::move(commands);
  return line;
}

OptionLine text(std::string name, std::string value_name, std::string description, Names commands,
                std::optional<std::string> default_value = std::nullopt) {
  OptionLine line;
  line.name = std::move(name);
  line.value_name = std::move(value_name);
  line.description = std::move(description);
  line.commands = std::move(commands);
  line.default_value = std::move(default_value);
  return line;
}

OptionLine of_type(Type type, OptionLine line, std::size_t least = 0) {
  line.type = type;
  line.least = least;
  return line;
}

OptionLine jobs(std::string description, Names commands, std::size_t by_default) {
  OptionLine line = of_type(
      Type::kCount,
      text("jobs", "N", std::move(description), std::move(commands), std::to_string(by_default)),
      1);
  line.letter = 'j';
  return line;
}

/// What is written, where, and how.
void add_output(std::vector<OptionLine>& all) {
  all.push_back(text("out", "FOLDER", "folder for the results (default: results/runs/NAME)",
                     {"run", "plan"}));
  all.push_back(text("out", "FILE", "file to write: .h5, .npy or .csv", {"encode"}));
  all.push_back(text("out", "FILE", "CSV file for the measures", {"diagnose"}));
  all.push_back(text("out", "FILE", "also write the pairs into this .csv file", {"duplicates"}));
  all.push_back(
      text("out", "FILE", "file to write (default: ENCODER.h5 in this folder)", {"import"}));
  all.push_back(
      text("out", "FILE", "also write Markdown (.md) or JSON (.json) into this file", {"compare"}));
  all.push_back(text("out", "FILE", "write into this file, and figures next to it", {"report"}));
  all.push_back(
      text("out", "FILE", "the file (default: NAME-bundle.tar.gz in this folder)", {"bundle"}));
  all.push_back(text("out", "FOLDER", "folder of the index (default: INDEX of the working folder)",
                     {"index"}, "index"));
  all.push_back(
      text("encoder", "LABEL", "encoder of the experiment that encodes texts", {"index"}));
  all.push_back(
      text("dataset", "NAME",
           "data set of the experiment whose items are indexed (default: the only one that "
           "the experiment encodes with this encoder)",
           {"index"}));
  all.push_back(of_type(Type::kCount, text("top", "N", "items to print", {"search"}, "10")));
  all.push_back(
      text("in", "FOLDER",
           "folder for the new folder (default: encoders if there is one, otherwise this folder)",
           {"new encoder"}));
  all.push_back(text("out", "FILE", "the experiment's file (default: NAME.toml in this folder)",
                     {"new experiment"}));
  all.push_back(text("csv", "FILE", "table of labels, one line per item", {"new experiment"}));
  all.push_back(text("audio", "FOLDER", "folder of the items' audio", {"new experiment"}));
  all.push_back(text("features", "FILE", "vectors of the items: .csv, .npy, .npz or .h5",
                     {"new experiment"}));
  all.push_back(text("out", "FOLDER", "the folder to write to", {"restate"}));
  all.push_back(text("claims-of", "FILE",
                     "an experiment's file: test its claims instead of those of the run",
                     {"restate"}));
  all.push_back(text(
      "format", "FORMAT",
      "md, html, csv, json, latex or bibtex (default: md; of several runs, and with --open: html)",
      {"report"}, "md"));
  all.push_back(flag("open",
                     "write report.html, next to the results or to --out, and open it in a browser",
                     {"report"}));
  all.push_back(text("figures", "FORMAT", "with --format md and --out: figures as svg or pdf",
                     {"report"}, "svg"));
  all.push_back(text("audio", "HOW",
                     "report.html: link to the clips' audio where it is here, or none", {"report"},
                     "link"));
  all.push_back(of_type(
      Type::kCount,
      text("embed-audio", "N",
           "report.html holds the audio of this many clips of each data set, the hardest first",
           {"run", "report"}, "0")));
  all.push_back(text("format", "FORMAT", "text or json, on standard output", {"plan"}, "text"));
  all.push_back(text("pool", "HOW", "pooling of an item's frames: mean, mean+std or none",
                     {"encode"}, "mean"));
  all.push_back(text("plan", "FILE", "also write the plan as JSON into this file", {"plan"}));
  all.push_back(text("plan", "FILE", "the plan as JSON", {"step"}));
}

/// The options that all commands on experiments share.
void add_experiment(std::vector<OptionLine>& all) {
  all.push_back(text("data", "FOLDER", "folder of real data; replaces ${MUSICREP_DATA}",
                     {"run", "plan", "diagnose", "duplicates", "index", "validate experiment",
                      "validate data", "validate encoder", "report"}));
  all.push_back(
      jobs("number of threads (does not affect results)", kOnExperiments, available_processors()));
  all.push_back(jobs("number of threads (does not affect results)",
                     {"encode", "duplicates", "export", "index", "validate data"},
                     available_processors()));
  all.push_back(jobs("number of threads (does not affect results)", {"step"}, 1));
  all.push_back(
      of_type(Type::kTexts,
              text("only", "NAME",
                   "run only this encoder, task or diagnosed data set; may be given several times",
                   kOnExperiments)));
  all.push_back(of_type(
      Type::kCount, text("limit", "N", "use this many items of each data set, as a preview; 0: all",
                         kOnExperiments, "0")));
  all.push_back(of_type(
      Type::kSeed, text("seed", "N", "master seed; replaces the experiment's", kOnExperiments)));
  all.push_back(of_type(Type::kSeed, text("seed", "N", "seed of encoders that use random numbers",
                                          {"encode", "validate encoder"}, "1")));
  all.push_back(
      text("device", "NAME", "device that trains networks: cpu or cuda", kOnExperiments, "cpu"));
  all.push_back(flag(
      "skip-bad",
      "skip items whose audio cannot be decoded or encoded, for all encoders; lists them and exits with 5",
      kOnExperiments));
  all.push_back(flag("skip-bad", "skip files that cannot be encoded; lists them and exits with 5",
                     {"encode"}));
  all.push_back(text(
      "overwrite-strategy", "HOW",
      "only-missing: run what is not stored; always: run everything again; never: refuse if --out holds results already",
      {"run", "diagnose"}, "only-missing"));
  all.push_back(text(
      "cache", "FOLDER",
      "folder of finished steps (default: $MUSICREP_CACHE, or musicrep in the user's cache folder)",
      {"run", "plan", "diagnose", "report", "bundle", "export", "index", "cache ls", "cache verify",
       "cache clean"}));
  all.push_back(flag(
      "quiet", "no progress",
      {"run", "plan", "diagnose", "export", "index", "validate data", "validate encoder"}, 'q'));
  all.push_back(text("log", "FILE",
                     "append events to this file, one line each: time, level, step, item, event",
                     {"run", "diagnose"}));
  all.push_back(
      text("log-level", "LEVEL",
           "off, error, warning, info (steps) or debug (every item and training step, too)",
           {"run", "diagnose"}, "info"));
}

/// Further options of a run, and of its output.
void add_run(std::vector<OptionLine>& all) {
  all.push_back(of_type(
      Type::kTexts,
      text(
          "plugin", "FILE",
          "shared object of an encoder (musicrep_add_encoder(NAME MODULE ...)); may be given several times",
          {"run", "plan", "diagnose", "encode", "describe", "ls encoders", "validate experiment",
           "validate encoder"})));
  all.push_back(of_type(
      Type::kTexts,
      text(
          "exec", "NAME=COMMAND",
          "an encoder added to the experiment's, run in this folder: for each batch with {in} and {out}, or once as a stream without them; 'musicrep describe command' shows how",
          {"run", "plan"})));
  all.push_back(text(
      "solver", "NAME",
      "own: the built-in solver, which shares kernels between fits; libsvm: the library libsvm",
      {"run", "plan"}, "own"));
  all.push_back(flag("dry-run", "print the plan, with estimates of time, memory and disk, and stop",
                     {"run"}));
  all.push_back(text(
      "estimate-from", "FOLDER",
      "with --dry-run: results whose measured costs the estimate uses (default: results/reference/NAME)",
      {"run"}));
  all.push_back(
      text("estimate-from", "FOLDER",
           "results whose measured costs the estimate uses (default: results/reference/NAME)",
           {"plan"}));
  all.push_back(of_type(
      Type::kCount,
      text(
          "shard-items", "N",
          "cut encodings into shards of this many items; 0: do not cut (default: shards of some minutes, by estimate)",
          {"plan"})));
  // Jobs shorter than this are not worth a cluster's while.
  all.push_back(of_type(
      Type::kSeconds,
      text("job-seconds", "SECONDS",
           "merge shorter steps into jobs of at least this many seconds; 0: one step per job",
           {"plan"}, "60")));
}

/// What is checked, compared with what, and how strictly.
void add_checks(std::vector<OptionLine>& all) {
  all.push_back(
      of_type(Type::kTexts,
              text("set", "NAME=VALUE",
                   "an option of the encoder; a list is VALUE,VALUE; may be given several times",
                   {"encode"})));
  all.push_back(of_type(
      Type::kTexts,
      text(
          "set", "NAME=VALUE",
          "an option of the encoder, or of the kind of data set; a list is VALUE,VALUE; may be given several times",
          {"export", "validate data", "validate encoder"})));
  all.push_back(flag("strict", "treat warnings as errors", {"validate data"}));
  all.push_back(of_type(Type::kTexts,
                        text("id", "ID", "id of an item, for encoders that look vectors up by id",
                             {"validate encoder"})));
  all.push_back(text("experiment", "FILE",
                     "check an encoder with this experiment's options, and train it if needed",
                     {"validate encoder"}));
  all.push_back(
      text("label", "NAME", "with --experiment: the encoder's label there", {"validate encoder"}));
  all.push_back(text("as", "ENCODER", "also check that this encoder accepts the weights",
                     {"validate weights"}));
  all.push_back(text("as", "ENCODER", "the encoder that the weights belong to", {"import"}));
  all.push_back(text("as", "FOLDER", "folder of the reference", {"approve"}));
  all.push_back(
      text("against", "FOLDER", "the reference: its folder or its results.h5", {"check"}));
  all.push_back(
      flag("exact", "also require the same bits, except for the code's version", {"check"}));
  all.push_back(of_type(
      Type::kTexts,
      text("allow-new-files", "LABEL",
           "an encoder whose weights, script or other files may differ from the reference's while "
           "its scores may not; may be given several times",
           {"check", "approve"})));
  all.push_back(text("junit", "FILE",
                     "write JUnit XML into this file, one test case per row and layer", {"check"}));
  all.push_back(flag("all", "also remove finished steps", {"cache clean"}));
}

/// "validate" of "validate data".
std::string_view command_of(std::string_view use) { return use.substr(0, use.find(' ')); }

}  // namespace

const std::vector<OptionLine>& option_table() {
  static const std::vector<OptionLine> table = [] {
    std::vector<OptionLine> all;
    add_output(all);
    add_experiment(all);
    add_run(all);
    add_checks(all);
    return all;
  }();
  return table;
}

Names kinds_of(std::string_view command) {
  if (command == "validate") return {"experiment", "data", "encoder", "results", "weights"};
  if (command == "new") return {"encoder", "experiment"};
  if (command == "cache") return {"ls", "verify", "clean"};
  if (command == "ls") return {"encoders", "datasets", "protocols", "experiments"};
  if (command == "completion") return {"bash", "zsh", "man"};
  return {};
}

const OptionLine* find_option(std::string_view command, std::string_view name) {
  for (const OptionLine& line : option_table()) {
    const bool has_it = std::ranges::any_of(
        line.commands, [&](const std::string& use) { return command_of(use) == command; });
    if (line.name == name && has_it) return &line;
  }
  return nullptr;
}

bool belongs_to(const OptionLine& line, std::string_view command, std::string_view kind) {
  const std::string use = kind.empty() ? std::string(command) : fmt::format("{} {}", command, kind);
  return std::ranges::find(line.commands, use) != line.commands.end();
}

Names commands_with(std::string_view name) {
  Names out;
  for (const OptionLine& line : option_table()) {
    if (line.name == name) out.insert(out.end(), line.commands.begin(), line.commands.end());
  }
  return out;
}

Names commands_with_options() {
  Names out;
  for (const OptionLine& line : option_table()) {
    for (const std::string& use : line.commands) {
      const std::string command(command_of(use));
      if (std::ranges::find(out, command) == out.end()) out.push_back(command);
    }
  }
  return out;
}

}  // namespace musicrep::cli
