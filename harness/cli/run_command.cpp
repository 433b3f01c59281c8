#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plan_text.h"
#include "cli/plugins.h"
#include "cli/result_files.h"
#include "cli/terminal.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "graph/estimate.h"
#include "musicrep/error.h"
#include "planner/prepare.h"
#include "planner/run.h"
#include "store/results.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

std::vector<fs::path> experiment_files() {
  std::vector<fs::path> files;
  std::error_code gone;
  const fs::path program = fs::read_symlink("/proc/self/exe", gone);
  const fs::path installed = program.parent_path().parent_path() / "share/musicrep/experiments";
  for (const fs::path& folder :
       {fs::path("experiments"), installed, fs::path(MUSICREP_EXPERIMENT_DIR)}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (entry.path().extension() != ".toml") continue;
      const bool seen = std::ranges::any_of(
          files, [&](const fs::path& file) { return file.stem() == entry.path().stem(); });
      if (!seen) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files, {}, [](const fs::path& file) { return file.stem().string(); });
  return files;
}

fs::path find_experiment(const std::string& name_or_path) {
  // A folder of that name, as in results/runs, hides no experiment.
  const bool is_file = fs::exists(name_or_path) && !fs::is_directory(name_or_path);
  if (is_file || name_or_path.ends_with(".toml")) return name_or_path;
  std::vector<std::string> names;
  for (const fs::path& file : experiment_files()) {
    if (file.stem() == name_or_path) return file;
    names.push_back(file.stem().string());
  }
  throw ConfigError(unknown_name("experiment", name_or_path, names));
}

fs::path default_cache() {
  if (const char* given = std::getenv("MUSICREP_CACHE"); given != nullptr && *given != 0) {
    return given;
  }
  if (const char* user = std::getenv("XDG_CACHE_HOME"); user != nullptr && *user != 0) {
    return fs::path(user) / "musicrep";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != 0) {
    return fs::path(home) / ".cache" / "musicrep";
  }
  return ".musicrep-cache";
}

namespace {

void print_retrievals(const Results& results) {
  std::string table;
  for (const Retrieval& row : results.retrievals) {
    const std::string heading =
        fmt::format("retrieval on {} {} (centring: {})", row.dataset, row.split, row.centring);
    if (heading != table) {
      table = heading;
      fmt::print("\n{}\n", heading);
    }
    if (!row.failure.empty()) fmt::print("  {:<20} -      {}\n", row.encoder, row.failure);
    for (const RetrievalMeasure& m : row.measures) {
      if (m.name != "R@10") continue;
      fmt::print("  {:<20} {} R@10 {:.3f}  [{:.3f}, {:.3f}]  chance {:.3f} of {}\n", row.encoder,
                 m.direction, m.value, m.ci_low, m.ci_high, m.chance, row.n);
    }
  }
}

void print_summary(const Results& results, const fs::path& out) {
  std::string table;
  for (const ResultRow& row : results.rows) {
    const std::string heading = fmt::format("{} under {}", row.task, row.protocol);
    if (heading != table) {
      table = heading;
      fmt::print("\n{} ({})\n", heading, row.metric);
    }
    if (!row.failure.empty()) {
      fmt::print("  {:<20} -      {}\n", row.encoder, row.failure);
      continue;
    }
    fmt::print("  {:<20} {:.3f}  [{:.3f}, {:.3f}]", row.encoder, row.score, row.ci_low,
               row.ci_high);
    if (row.targets.size() > 1) {
      std::vector<std::string> parts;
      for (const TargetResult& target : row.targets) {
        parts.push_back(fmt::format("{} {:.3f}", target.name, target.score));
      }
      fmt::print("  ({})", fmt::join(parts, ", "));
    }
    if (row.published) {
      fmt::print("  published {:.3f}{}", *row.published,
                 row.published_caveat.empty()
                     ? ""
                     : fmt::format(" (not comparable: {})", row.published_caveat));
    }
    fmt::print("\n");
  }
  print_retrievals(results);
  fmt::print("\n{}\n{}\n{}\n", (out / "report.md").string(), (out / "table.csv").string(),
             (out / "results.h5").string());
}

// Whether there is anything to tell.
bool print_skipped(const Results& results) {
  Problems problems;
  for (const DatasetRecord& data : results.datasets) {
    for (const SkippedItem& item : data.skipped) {
      problems.add(fmt::format("{}: item '{}': {}", data.name, item.id, item.reason));
    }
  }
  if (!problems.empty()) fmt::print(stderr, "{}\n", problems.text("skipped:"));
  return !problems.empty();
}

}  // namespace

int write_run(const Results& results, const fs::path& out) {
  write_results(results, out / "results.h5");
  // What the reader sees comes from the file, not from memory.
  const Results written = read_results(out / "results.h5");
  write_reports(written, out);
  print_summary(written, out);
  const auto has_failed = [](const auto& row) { return !row.failure.empty(); };
  const bool failed = std::ranges::any_of(written.rows, has_failed) ||
                      std::ranges::any_of(written.retrievals, has_failed);
  const bool skipped = print_skipped(written);
  return failed || skipped ? kSomeRowsFailed : kOk;
}

int run_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "run";
  line.usage = "run EXPERIMENT [options]";
  line.summary =
      "Runs an experiment, given by name or as a .toml file: encodes its items, evaluates every "
      "cell,\n"
      "and writes results.h5, report.md and table.csv. Finished steps are stored and not run "
      "again.";
  line.examples =
      "  musicrep run choi2017 --data ~/data --jobs 2\n"
      "  musicrep run choi2017 --data ~/data --only tlm --limit 100\n"
      "  musicrep run table1 --exec 'mine=python3 mine.py {in} {out}'\n"
      "  musicrep run my.toml --out results/runs/mine --dry-run\n";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (values.contains("estimate-from") && !values.contains("dry-run")) {
    throw ConfigError("--estimate-from: a run estimates nothing, expected it with --dry-run alone");
  }
  const PrepareOptions prepare_with = run_prepare_options(values);
  const RunOptions run_with = run_options(values);
  const fs::path file = experiment_file(line, values);
  const auto [encoders, plan] =
      prepare_experiment(file, registry, plugin_files(values), prepare_with);
  const ArtefactStore store(prepare_with.cache);
  if (values.contains("dry-run")) {
    const std::optional<Results> earlier = earlier_costs(values, plan.experiment);
    print_plan(plan, planned_steps(plan.steps, store, costs_of(earlier)), earlier, run_with.jobs);
    return kOk;
  }
  const fs::path out = results_folder(values, plan);
  if (run_with.overwrite == OverwriteStrategy::kNever && fs::exists(out / "results.h5")) {
    throw ConfigError(fmt::format("'{}' is there already and --overwrite-strategy is never",
                                  (out / "results.h5").string()));
  }
  require_writable_folder(out);
  require_writable_folder(store.root());
  open_log(line, arguments, values, out / "run.log");
  for (const fs::path& folder : {out, store.root()}) remove_temporaries_of_the_dead(folder);

  Results results;
  {
    TerminalProgress progress(values.contains("quiet"));
    results = run(
        plan, {store, encoders, run_with.jobs, run_with.overwrite == OverwriteStrategy::kAlways},
        progress);
  }
  return write_run(results, out);
}

}  // namespace musicrep::cli
