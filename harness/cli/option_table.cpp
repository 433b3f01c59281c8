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
  all.push_back(text("out", "FILE", "write the pairs into this .csv, too", {"duplicates"}));
  all.push_back(
      text("out", "FILE", "file to write (default: ENCODER.h5 in this folder)", {"import"}));
  all.push_back(
      text("out", "FILE", "write Markdown (.md) or JSON (.json) into this file, too", {"compare"}));
  all.push_back(
      text("out", "FILE", "write into this file instead, and figures beside it", {"report"}));
  all.push_back(
      text("out", "FILE", "the file (default: NAME-bundle.tar.gz in this folder)", {"bundle"}));
  all.push_back(text("in", "FOLDER",
                     "folder for the new folder (default: encoders where there is one, otherwise "
                     "here)",
                     {"new"}));
  all.push_back(text("out", "FOLDER", "the folder to write to", {"restate"}));
  all.push_back(text("claims-of", "FILE",
                     "an experiment's file: judge its claims instead of those that the run had",
                     {"restate"}));
  all.push_back(text("format", "FORMAT", "md, csv, json, latex or bibtex", {"report"}, "md"));
  all.push_back(text("format", "FORMAT", "text or json, on standard output", {"plan"}, "text"));
  all.push_back(
      text("pool", "HOW", "over an item's frames: mean, mean+std or none", {"encode"}, "mean"));
  all.push_back(
      text("plan", "FILE", "file for the plan as JSON, beside what is printed", {"plan"}));
  all.push_back(text("plan", "FILE", "the plan as JSON", {"step"}));
}

/// What commands that work on an experiment are told alike.
void add_experiment(std::vector<OptionLine>& all) {
  all.push_back(text("data", "FOLDER", "folder of real data; stands for ${MUSICREP_DATA}",
                     {"run", "plan", "diagnose", "duplicates", "validate experiment",
                      "validate data", "validate encoder"}));
  all.push_back(jobs("fits at the same time; moves no bit of a result", kOnExperiments,
                     available_processors()));
  all.push_back(jobs("files at the same time; moves no bit of the result",
                     {"encode", "duplicates", "validate data"}, available_processors()));
  all.push_back(jobs("threads; moves no bit of a result", {"step"}, 1));
  all.push_back(of_type(Type::kTexts,
                        text("only", "NAME",
                             "this encoder or task (or data set that is diagnosed) alone; may be "
                             "given several times",
                             kOnExperiments)));
  all.push_back(of_type(
      Type::kCount, text("limit", "N", "this many items of each data set, for a quick look; 0: all",
                         kOnExperiments, "0")));
  all.push_back(of_type(
      Type::kSeed, text("seed", "N", "master seed instead of the experiment's", kOnExperiments)));
  all.push_back(of_type(Type::kSeed, text("seed", "N", "of encoders that draw",
                                          {"encode", "validate encoder"}, "1")));
  all.push_back(
      text("device", "NAME", "where networks are trained: cpu or cuda", kOnExperiments, "cpu"));
  all.push_back(flag("skip-bad",
                     "go on without items whose audio cannot be decoded or encoded, for all "
                     "encoders alike; they are named and counted, exit code 5",
                     kOnExperiments));
  all.push_back(flag("skip-bad",
                     "go on without files that cannot be encoded; they are named, exit code 5",
                     {"encode"}));
  all.push_back(text("overwrite-strategy", "HOW",
                     "only-missing: run what is not stored; always: run everything again; never: "
                     "refuse where --out holds results already",
                     {"run", "diagnose"}, "only-missing"));
  all.push_back(
      text("cache", "FOLDER",
           "store of finished steps (default: $MUSICREP_CACHE, or musicrep in the user's "
           "cache folder)",
           {"run", "plan", "diagnose", "bundle", "cache ls", "cache verify", "cache clean"}));
  all.push_back(flag("quiet", "no progress",
                     {"run", "plan", "diagnose", "validate data", "validate encoder"}, 'q'));
  all.push_back(text("log", "FILE",
                     "file that events are added to, a line each: time, level, step, item, event",
                     {"run", "diagnose"}));
  all.push_back(text("log-level", "LEVEL",
                     "off, error, warning, info (steps) or debug (every item and training step, "
                     "too)",
                     {"run", "diagnose"}, "info"));
}

/// What else a run is told, and what becomes of it.
void add_run(std::vector<OptionLine>& all) {
  all.push_back(of_type(Type::kTexts,
                        text("plugin", "FILE",
                             "shared object of an encoder (musicrep_add_encoder(NAME MODULE ...)); "
                             "may be given several times",
                             {"run", "plan", "diagnose", "encode", "describe", "ls encoders",
                              "validate experiment", "validate encoder"})));
  all.push_back(of_type(Type::kTexts,
                        text("exec", "NAME=COMMAND",
                             "an encoder beside the experiment's, run in this folder with {in} and "
                             "{out}; 'musicrep describe command' says more",
                             {"run", "plan"})));
  all.push_back(text("solver", "NAME", "own: kernels shared between fits; libsvm: libsvm itself",
                     {"run", "plan"}, "own"));
  all.push_back(flag("dry-run", "print the plan, with estimates of time, memory and disk, and stop",
                     {"run"}));
  all.push_back(text("estimate-from", "FOLDER",
                     "with --dry-run: results whose costs it judges by (default: "
                     "results/reference/NAME)",
                     {"run"}));
  all.push_back(text("estimate-from", "FOLDER",
                     "results whose costs the plan is judged by (default: results/reference/NAME)",
                     {"plan"}));
  all.push_back(of_type(Type::kCount,
                        text("shard-items", "N",
                             "cut encodings into shards of so many items, 0: not at all (default: "
                             "by their estimates, some minutes each)",
                             {"plan"})));
  // Jobs shorter than this are not worth a cluster's while.
  all.push_back(of_type(Type::kSeconds,
                        text("job-seconds", "SECONDS",
                             "put steps that are shorter into jobs of at least so long; 0: one a "
                             "job",
                             {"plan"}, "60")));
}

/// What is looked at, held against what, and how strictly.
void add_checks(std::vector<OptionLine>& all) {
  all.push_back(
      of_type(Type::kTexts, text("set", "NAME=VALUE",
                                 "an option of the encoder, or of the kind of data set; a list is "
                                 "VALUE,VALUE; may be given several times",
                                 {"encode", "validate data", "validate encoder"})));
  all.push_back(flag("strict", "what is only a warning is wrong, too", {"validate data"}));
  all.push_back(of_type(Type::kTexts,
                        text("id", "ID", "an item to ask for, where vectors are looked up by id",
                             {"validate encoder"})));
  all.push_back(text("experiment", "FILE",
                     "try an encoder as this experiment has it, trained where need be",
                     {"validate encoder"}));
  all.push_back(text("label", "NAME", "with --experiment: what that calls the encoder",
                     {"validate encoder"}));
  all.push_back(
      text("as", "ENCODER", "an encoder that must take the weights", {"validate weights"}));
  all.push_back(text("as", "ENCODER", "the encoder whose weights they are", {"import"}));
  all.push_back(text("as", "FOLDER", "folder of the reference", {"approve"}));
  all.push_back(
      text("against", "FOLDER", "the reference: its folder or its results.h5", {"check"}));
  all.push_back(flag("exact", "also demand the same bits, but for the code's version", {"check"}));
  all.push_back(
      text("junit", "FILE", "write JUnit XML into this file: a case a row and layer", {"check"}));
  all.push_back(flag("all", "finished steps, too", {"cache clean"}));
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
  if (command == "cache") return {"ls", "verify", "clean"};
  if (command == "ls") return {"encoders", "datasets", "protocols", "experiments"};
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
