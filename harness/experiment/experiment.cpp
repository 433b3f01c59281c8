#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/hash.h"
#include "experiment/deform_tables.h"
#include "experiment/experiment_check.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

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
  check_experiment(e);
  return e;
}

}  // namespace musicrep
