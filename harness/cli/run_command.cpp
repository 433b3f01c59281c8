#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "cli/terminal.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/results.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

std::vector<fs::path> experiment_files() {
  std::vector<fs::path> files;
  for (const fs::path& folder : {fs::path("experiments"), fs::path(MUSICREP_EXPERIMENT_DIR)}) {
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
  if (fs::exists(name_or_path) || name_or_path.ends_with(".toml")) return name_or_path;
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

// What would be done, without doing it.
void print_plan(const Plan& plan, const ArtefactStore& store) {
  fmt::print("{}: {}\n\n", plan.experiment.name, plan.experiment.title);
  for (const auto& dataset : plan.datasets) {
    fmt::print("data     {:<24} {} items\n", dataset->name, dataset->ids.size());
    if (const auto skipped = plan.skipped.find(dataset.get()); skipped != plan.skipped.end()) {
      for (const SkippedItem& item : skipped->second) {
        fmt::print("           skipped '{}': {}\n", item.id, item.reason);
      }
    }
    for (const std::string& note : dataset->notes) fmt::print("           {}\n", note);
  }
  std::size_t to_do = 0;
  for (const FitStep& step : plan.fits) {
    const bool stored = store.has_weights(step.key);
    to_do += stored ? 0 : 1;
    fmt::print("train    {:<24} on {:<20} {}\n", step.label, step.dataset->name,
               stored ? "stored" : "to do");
  }
  for (const EncodeStep& step : plan.encodes) {
    const bool stored = store.has("embeddings", step.key);
    to_do += stored ? 0 : 1;
    fmt::print("encode   {:<24} on {:<20} {}\n", step.label, step.dataset->name,
               stored ? "stored" : "to do");
  }
  for (const EvaluateStep& step : plan.evaluations) {
    const EncodeStep& from = plan.encodes[step.encode];
    std::string state = "to do";
    if (!step.refusal.empty()) {
      state = "cannot be run: " + step.refusal;
    } else if (const auto embeddings = store.get_embeddings(from.key)) {
      const std::string key = sha256_hex(evaluation_key_json(plan, step, sha256_of(*embeddings)));
      if (store.has("evaluation", key)) state = "stored";
    }
    if (state == "to do") ++to_do;
    fmt::print("evaluate {:<24} on {:<20} under {:<26} {} configurations: {}\n", from.label,
               step.task.name, step.protocol->name,
               step.protocol->configurations(step.task.is_classification()).size(), state);
  }
  fmt::print("\n{} of {} steps to do\n", to_do,
             plan.fits.size() + plan.encodes.size() + plan.evaluations.size());
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
    if (row.published) fmt::print("  published {:.3f}", *row.published);
    fmt::print("\n");
  }
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
      "  musicrep run my.toml --out results/runs/mine --dry-run\n";
  line.positional = {"experiment"};
  line.options.add_options()("out", po::value<std::string>(),
                             "folder for the results (default: results/runs/NAME)")(
      "data", po::value<std::string>(), "folder of real data; stands for ${MUSICREP_DATA}")(
      "jobs,j", po::value<std::size_t>()->default_value(available_processors()),
      "fits at the same time; moves no bit of a result")(
      "only", po::value<std::vector<std::string>>()->composing(),
      "this encoder or task alone; may be given several times")(
      "limit", po::value<std::size_t>()->default_value(0),
      "this many items of each data set, for a quick look; 0: all")(
      "seed", po::value<std::uint64_t>(), "master seed instead of the experiment's")(
      "device", po::value<std::string>()->default_value("cpu"),
      "where networks are trained: cpu or cuda")(
      "solver", po::value<std::string>()->default_value("own"),
      "own: kernels shared between fits; libsvm: libsvm itself")(
      "skip-bad",
      "go on without items whose audio cannot be decoded or encoded, for all encoders alike; they "
      "are\nnamed and counted, exit code 5")(
      "overwrite-strategy", po::value<std::string>()->default_value("only-missing"),
      "only-missing: run what is not stored; always: run everything again;\n"
      "never: refuse where --out holds results already")(
      "cache", po::value<std::string>(),
      "store of finished steps (default: $MUSICREP_CACHE, or "
      "musicrep in the user's cache folder)")("dry-run", "print the plan and stop")("quiet,q",
                                                                                    "no progress");
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("experiment") ||
      values["experiment"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError("'musicrep run' takes one experiment; see: musicrep ls experiments");
  }
  PrepareOptions prepare_options;
  if (values.contains("data")) {
    prepare_options.data_dir = fs::absolute(values["data"].as<std::string>());
    if (!fs::is_directory(*prepare_options.data_dir)) {
      throw DataError(
          fmt::format("--data: '{}' is not a folder", prepare_options.data_dir->string()));
    }
  }
  prepare_options.limit = values["limit"].as<std::size_t>();
  prepare_options.skip_bad = values.contains("skip-bad");
  if (values.contains("seed")) prepare_options.seed = values["seed"].as<std::uint64_t>();
  if (values.contains("only")) {
    prepare_options.only = values["only"].as<std::vector<std::string>>();
  }
  prepare_options.device = std::array{"cpu", "cuda"}.at(choice(values, "device", {"cpu", "cuda"}));
  prepare_options.solver =
      choice(values, "solver", {"own", "libsvm"}) == 0 ? Solver::kOwn : Solver::kLibsvm;
  RunOptions run_options;
  run_options.jobs = std::max<std::size_t>(1, values["jobs"].as<std::size_t>());
  static constexpr std::array kStrategies = {OverwriteStrategy::kAlways, OverwriteStrategy::kNever,
                                             OverwriteStrategy::kOnlyMissing};
  run_options.overwrite =
      kStrategies.at(choice(values, "overwrite-strategy", {"always", "never", "only-missing"}));

  prepare_options.cache =
      values.contains("cache") ? fs::path(values["cache"].as<std::string>()) : default_cache();

  const fs::path file =
      find_experiment(values["experiment"].as<std::vector<std::string>>().front());
  const Plan plan = prepare(file, registry, prepare_options);
  const ArtefactStore store(prepare_options.cache);
  if (values.contains("dry-run")) {
    print_plan(plan, store);
    return kOk;
  }
  const fs::path out = values.contains("out") ? fs::path(values["out"].as<std::string>())
                                              : fs::path("results") / "runs" / plan.experiment.name;
  if (run_options.overwrite == OverwriteStrategy::kNever && fs::exists(out / "results.h5")) {
    throw ConfigError(fmt::format("'{}' is there already and --overwrite-strategy is never",
                                  (out / "results.h5").string()));
  }
  require_writable_folder(out);
  require_writable_folder(store.root());

  Results results;
  {
    TerminalProgress progress(values.contains("quiet"));
    results = run(plan, registry, store, run_options, progress);
  }
  write_results(results, out / "results.h5");
  // What the reader sees comes from the file, not from memory.
  const Results written = read_results(out / "results.h5");
  write_reports(written, out);
  print_summary(written, out);
  const bool failed =
      std::ranges::any_of(written.rows, [](const ResultRow& row) { return !row.failure.empty(); });
  const bool skipped = print_skipped(written);
  return failed || skipped ? kSomeRowsFailed : kOk;
}

}  // namespace musicrep::cli
