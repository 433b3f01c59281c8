#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/hash.h"
#include "evaluation/zero_shot.h"
#include "experiment/deform_tables.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

template <typename T, typename Name>
std::vector<std::string> names_of(const std::vector<T>& list, Name name) {
  std::vector<std::string> out;
  for (const T& entry : list) out.push_back(std::invoke(name, entry));
  return out;
}

void check_used(Problems& problems, const std::string& where, const char* what,
                const std::vector<std::string>& used, const std::vector<std::string>& defined) {
  for (const std::string& name : used) {
    if (std::ranges::find(defined, name) == defined.end()) {
      problems.add(fmt::format("{}: {}", where, unknown_name(what, name, defined)));
    }
  }
}

// A row that is in a table twice would be compared with itself, and be corrected for.
void check_duplicate_rows(Problems& problems, const Experiment& experiment) {
  std::set<std::tuple<std::string, std::string, std::string>> rows;
  for (const EvaluationSpec& evaluation : experiment.evaluations) {
    for (const std::string& task : evaluation.tasks) {
      for (const std::string& encoder : evaluation.encoders) {
        for (const std::string& protocol : evaluation.protocols) {
          if (rows.insert({task, encoder, protocol}).second) continue;
          problems.add(fmt::format(
              "[[evaluate]]: encoder '{}' with task '{}' and protocol '{}' is listed twice",
              encoder, task, protocol));
        }
      }
    }
  }
}

template <typename Names>
void check_zero_shots(Problems& problems, const Experiment& experiment, const Names& tasks,
                      const Names& encoders) {
  std::set<std::pair<std::string, std::string>> rows;
  for (const ZeroShotSpec& spec : experiment.zero_shots) {
    check_used(problems, "[[zero_shot]]", "task", spec.tasks, tasks);
    check_used(problems, "[[zero_shot]]", "encoder", spec.encoders, encoders);
    for (const std::string& task : spec.tasks) {
      for (const std::string& encoder : spec.encoders) {
        if (rows.insert({task, encoder}).second) continue;
        problems.add(fmt::format("[[zero_shot]]: encoder '{}' with task '{}' is listed twice",
                                 encoder, task));
      }
    }
  }
}

void check(const Experiment& experiment) {
  Problems problems;
  const auto datasets = names_of(experiment.datasets, &DatasetSpec::name);
  const auto tasks = names_of(experiment.tasks, &TaskSpec::name);
  const auto encoders = names_of(experiment.encoders, &EncoderSpec::label);
  for (const TaskSpec& task : experiment.tasks) {
    check_used(problems, fmt::format("[task.{}]", task.name), "data set", {task.dataset}, datasets);
  }
  std::set<std::string> protocols;
  for (const EvaluationSpec& evaluation : experiment.evaluations) {
    check_used(problems, "[[evaluate]]", "task", evaluation.tasks, tasks);
    check_used(problems, "[[evaluate]]", "encoder", evaluation.encoders, encoders);
    protocols.insert(evaluation.protocols.begin(), evaluation.protocols.end());
  }
  check_duplicate_rows(problems, experiment);
  for (const RetrievalSpec& retrieval : experiment.retrievals) {
    check_used(problems, "[[retrieve]]", "data set", {retrieval.dataset}, datasets);
    check_used(problems, "[[retrieve]]", "encoder", retrieval.encoders, encoders);
  }
  check_zero_shots(problems, experiment, tasks, encoders);
  if (!experiment.zero_shots.empty()) protocols.insert(kZeroShotProtocol);
  for (const SweepSpec& sweep : experiment.sweeps) {
    for (const std::string& encoder : sweep.encoders) {
      check_has_row(problems, experiment, "[[sweep]]", {encoder, sweep.task, sweep.protocol});
    }
  }
  check_deforms(problems, experiment);
  for (const PublishedSpec& published : experiment.published) {
    check_used(problems, "[[published]]", "task", {published.task}, tasks);
    check_used(problems, "[[published]]", "encoder", {published.encoder}, encoders);
    check_used(problems, "[[published]]", "protocol", {published.protocol},
               {protocols.begin(), protocols.end()});
  }
  for (const ClaimSpec& claim : experiment.claims) {
    if (!claim.unobtainable.empty()) continue;
    const std::string where = fmt::format("[[claim]] \"{}\"", claim.text);
    if (claim.measure.empty()) {
      check_used(problems, where, "task", {claim.task}, tasks);
      check_used(problems, where, "protocol", {claim.protocol},
                 {protocols.begin(), protocols.end()});
    } else {
      check_used(problems, where, "data set", {claim.dataset}, datasets);
    }
    for (const ClaimSide* side : {&claim.higher, &claim.lower}) {
      if (!side->number) check_used(problems, where, "encoder", {side->encoder}, encoders);
    }
  }
  std::set<std::pair<std::string, std::string>> diagnosed;
  for (const DiagnoseSpec& diagnosis : experiment.diagnoses) {
    check_used(problems, "[[diagnose]]", "data set", diagnosis.datasets, datasets);
    check_used(problems, "[[diagnose]]", "encoder", diagnosis.encoders, encoders);
    for (const std::string& dataset : diagnosis.datasets) {
      for (const std::string& encoder : diagnosis.encoders) {
        if (diagnosed.insert({dataset, encoder}).second) continue;
        problems.add(fmt::format("[[diagnose]]: encoder '{}' on data set '{}' is listed twice",
                                 encoder, dataset));
      }
    }
  }
  if (experiment.evaluations.empty() && experiment.diagnoses.empty() &&
      experiment.retrievals.empty() && experiment.zero_shots.empty()) {
    problems.add(
        "nothing to do: expected at least one [[evaluate]], [[retrieve]], [[zero_shot]] or "
        "[[diagnose]] table");
  }
  problems.throw_if_any<ConfigError>(experiment.file.string() + ":");
}

// A list of texts, each one of `known`; those as they are where the key is absent.
void read_choices(const TomlTable& table, const std::string& key, std::vector<std::string>& known) {
  if (!table.has(key)) return;
  std::vector<std::string> out = table.texts(key);
  for (const std::string& name : out) {
    if (std::ranges::find(known, name) != known.end()) continue;
    throw ConfigError(fmt::format("{}: {}", table.where(key), unknown_name("value", name, known)));
  }
  known = std::move(out);
}

SweepSpec read_sweep(const TomlTable& table) {
  SweepSpec sweep;
  sweep.task = table.text("task");
  sweep.encoders = required_texts(table, "encoders");
  sweep.protocol = table.text("protocol");
  for (const double n : table.numbers("labels")) {
    const auto whole = static_cast<std::int64_t>(n);
    if (static_cast<double>(whole) != n || whole < 1 ||
        (!sweep.labels.empty() && whole <= sweep.labels.back())) {
      throw ConfigError(
          fmt::format("{}: expected whole numbers from 1 on, ascending", table.where("labels")));
    }
    sweep.labels.push_back(whole);
  }
  const std::int64_t draws = table.integer("draws", 5);
  if (draws < 1 || draws > 1000) {
    throw ConfigError(fmt::format("{}: {} is not in 1 to 1000", table.where("draws"), draws));
  }
  sweep.draws = static_cast<std::size_t>(draws);
  read_choices(table, "pooling", sweep.poolings);
  read_choices(table, "scaling", sweep.scalings);
  sweep.c = table.number("c", sweep.c);
  if (!(sweep.c > 0 && sweep.c < 1e9)) {
    throw ConfigError(fmt::format("{}: {} is not in 0 to 1e9", table.where("c"), sweep.c));
  }
  return sweep;
}

std::string text_option(const EncoderSpec& spec, const std::string& name) {
  const auto at = spec.options.find(name);
  const auto* text = at == spec.options.end() ? nullptr : std::get_if<std::string>(&at->second);
  return text == nullptr ? "" : *text;
}

/// The tables with names: data sets, tasks and encoders.
TaskSpec read_task(const std::string& name, const TomlTable& table) {
  TaskSpec task;
  task.name = name;
  task.dataset = table.text("dataset");
  task.metric = table.text("metric", "");
  task.tagging = table.boolean("tags", false);
  task.targets = task.tagging ? table.texts("targets") : required_texts(table, "targets");
  if (!table.has("min_positives")) return task;
  const std::int64_t least = table.integer("min_positives");
  if (!task.tagging || least < 1) {
    throw ConfigError(fmt::format("{}: found {}, expected 1 or more, in a task with tags = true",
                                  table.where("min_positives"), least));
  }
  task.min_positives = static_cast<std::size_t>(least);
  return task;
}

void read_definitions(const TomlTable& root, Experiment& e) {
  // Throws where one of them is not [key.NAME], and says so.
  for (const char* key : {"dataset", "task", "encoder"}) {
    static_cast<void>(root.table_names(key));
  }
  if (const auto datasets = root.table("dataset")) {
    for (const std::string& name : root.table_names("dataset")) {
      const auto table = datasets->table(name);
      const std::string kind = table->text("kind");
      e.datasets.push_back({name, kind, table->remaining_options()});
    }
  }
  if (const auto tasks = root.table("task")) {
    for (const std::string& name : root.table_names("task")) {
      const auto table = tasks->table(name);
      e.tasks.push_back(read_task(name, *table));
      table->finish();
    }
  }
  if (const auto encoders = root.table("encoder")) {
    for (const std::string& name : root.table_names("encoder")) {
      const auto table = encoders->table(name);
      const std::string kind = table->text("kind");
      // Its title is for readers: report/encoder_looks.h takes it from the text.
      static_cast<void>(table->text("title", ""));
      e.encoders.push_back({name, kind, table->remaining_options()});
    }
  }
}

/// The tables of what is asked for: evaluations, retrievals, diagnoses, sweeps, published figures.
void read_requests(const TomlTable& root, Experiment& e) {
  for (const TomlTable& table : root.tables("evaluate")) {
    e.evaluations.push_back({required_texts(table, "tasks"), required_texts(table, "encoders"),
                             required_texts(table, "protocols"),
                             table.boolean("allow_seen", false)});
    table.finish();
  }
  for (const TomlTable& table : root.tables("retrieve")) {
    const std::int64_t n = table.integer("n", 0);
    if (n < 0) throw ConfigError(fmt::format("{}: {} is negative", table.where("n"), n));
    e.retrievals.push_back({table.text("dataset"), required_texts(table, "encoders"),
                            table.text("split", "test"), table.boolean("centre", true),
                            static_cast<std::size_t>(n)});
    table.finish();
  }
  for (const TomlTable& table : root.tables("zero_shot")) {
    ZeroShotSpec spec = {required_texts(table, "tasks"),
                         required_texts(table, "encoders"),
                         required_texts(table, "templates"),
                         {},
                         table.text("split", "test")};
    if (const auto names = table.table("names")) {
      for (const auto& [class_name, value] : names->remaining_options()) {
        const auto* name = std::get_if<std::string>(&value);
        if (name == nullptr) {
          throw ConfigError(names->where(class_name) + ": expected a text");
        }
        spec.names[class_name] = *name;
      }
    }
    e.zero_shots.push_back(std::move(spec));
    table.finish();
  }
  for (const TomlTable& table : root.tables("diagnose")) {
    const std::int64_t n_clips = table.integer("n_clips", 500);
    if (n_clips < 1) {
      throw ConfigError(
          fmt::format("{}: found {}, expected 1 or more", table.where("n_clips"), n_clips));
    }
    e.diagnoses.push_back({required_texts(table, "datasets"), required_texts(table, "encoders"),
                           static_cast<std::size_t>(n_clips)});
    table.finish();
  }
  for (const TomlTable& table : root.tables("sweep")) {
    e.sweeps.push_back(read_sweep(table));
    table.finish();
  }
  for (const TomlTable& table : root.tables("deform")) {
    e.deforms.push_back(read_deform(table));
    table.finish();
  }
  for (const TomlTable& table : root.tables("published")) {
    e.published.push_back({table.text("encoder"), table.text("task"), table.text("protocol"),
                           table.text("target", ""), table.number("value"), table.text("source"),
                           table.text("not_comparable", "")});
    table.finish();
  }
}

}  // namespace

Experiment read_experiment(const std::filesystem::path& file) {
  require_file(file, "experiment");
  Experiment e;
  e.file = file;
  e.toml = read_file(file);
  e.sha256 = sha256_hex(e.toml);
  const TomlTable root = TomlTable::parse(e.toml, file.string());
  e.name = root.text("name");
  e.title = root.text("title", e.name);
  e.about = root.text("about", "");
  const std::int64_t seed = root.integer("seed", 1);
  if (seed < 0) throw ConfigError(fmt::format("{}: {} is negative", root.where("seed"), seed));
  e.seed = static_cast<std::uint64_t>(seed);
  e.skip_missing = root.boolean("skip_missing", false);
  const std::int64_t trainings = root.integer("training_seeds", 1);
  if (trainings < 1 || trainings > 100) {
    throw ConfigError(
        fmt::format("{}: {} is not in 1 to 100", root.where("training_seeds"), trainings));
  }
  e.training_seeds = static_cast<std::size_t>(trainings);

  for (const std::string& plugin : root.texts("plugins")) {
    const std::filesystem::path path = expand(plugin, "", std::nullopt);
    e.plugins.push_back(path.is_absolute() ? path : file.parent_path() / path);
  }
  read_definitions(root, e);
  read_requests(root, e);
  e.claims = read_claims(root);
  root.finish();
  check(e);
  return e;
}

std::string expand(const std::string& text, const std::string& dataset_name,
                   const std::optional<std::filesystem::path>& data_dir) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 9, "{dataset}") == 0 && !dataset_name.empty()) {
      out += dataset_name;
      at += 9;
    } else if (text.compare(at, 2, "${") == 0) {
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) {
        throw ConfigError(fmt::format("'{}': a ${{ without its }}", text));
      }
      const std::string name = text.substr(at + 2, end - at - 2);
      if (name == "MUSICREP_DATA" && data_dir) {
        out += data_dir->string();
      } else if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != 0) {
        // As --data: from the working folder, not from that of the experiment file.
        out += name == "MUSICREP_DATA" ? std::filesystem::absolute(value).string() : value;
      } else {
        throw ConfigError(fmt::format(
            "'{}': the environment variable {} is not set{}", text, name,
            name == "MUSICREP_DATA" ? "; set it to the folder of your data, or give --data" : ""));
      }
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void add_command(Experiment& experiment, const std::string& label, const std::string& command,
                 const std::filesystem::path& folder) {
  if (is_encoder(experiment, label)) {
    throw ConfigError(
        fmt::format("--exec: '{}' has an encoder '{}' already", experiment.file.string(), label));
  }
  Options options = {{"command", command}};
  const bool is_stream =
      command.find("{in}") == std::string::npos && command.find("{out}") == std::string::npos;
  if (is_stream) options["protocol"] = std::string("stream");
  experiment.encoders.push_back({label, "command", std::move(options), folder});
  for (EvaluationSpec& evaluation : experiment.evaluations) evaluation.encoders.push_back(label);
}

const EncoderSpec& encoder_spec(const Experiment& experiment, const std::string& label) {
  return *std::ranges::find(experiment.encoders, label, &EncoderSpec::label);
}

bool is_encoder(const Experiment& experiment, const std::string& label) {
  return std::ranges::find(experiment.encoders, label, &EncoderSpec::label) !=
         experiment.encoders.end();
}

std::string trained_on(const EncoderSpec& spec) { return text_option(spec, "train_on"); }

std::string frames_from(const EncoderSpec& spec) { return text_option(spec, "frames_from"); }

Options resolve_options(const Options& options, std::span<const OptionSpec> specs,
                        const std::string& dataset, const std::filesystem::path& base,
                        const std::optional<std::filesystem::path>& data_dir) {
  std::set<std::string> paths;
  for (const OptionSpec& spec : specs) {
    if (spec.is_path) paths.insert(spec.name);
  }
  const auto resolve_text = [&](const std::string& key, const std::string& text) {
    std::string out = expand(text, dataset, data_dir);
    if (paths.contains(key) && !out.empty() && !std::filesystem::path(out).is_absolute()) {
      out = (base / out).string();
    }
    return out;
  };
  Options out;
  for (const auto& [key, value] : options) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      out[key] = resolve_text(key, *text);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      std::vector<std::string> texts;
      for (const std::string& entry : *list) texts.push_back(resolve_text(key, entry));
      out[key] = std::move(texts);
    } else {
      out[key] = value;
    }
  }
  return out;
}

}  // namespace musicrep
