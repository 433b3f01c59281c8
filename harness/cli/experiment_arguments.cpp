#include "cli/experiment_arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "cli/commands.h"
#include "cli/plugins.h"
#include "cli/terminal.h"
#include "core/event_log.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "provenance/provenance.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

fs::path experiment_file(const CommandLine& line, const po::variables_map& values) {
  if (!values.contains("experiment") ||
      values["experiment"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError(fmt::format(
        "'musicrep {}' takes one experiment; see: musicrep ls experiments", line.command));
  }
  return find_experiment(values["experiment"].as<std::vector<std::string>>().front());
}

PreparedExperiment prepare_experiment(const fs::path& file, const EncoderRegistry& registry,
                                      std::vector<fs::path> plugins,
                                      const PrepareOptions& options) {
  Experiment experiment = read_experiment(file);
  for (const fs::path& file_of_experiment : experiment.plugins) {
    // Named on the command line, too: meant once.
    const bool is_given = std::ranges::any_of(plugins, [&](const fs::path& other) {
      std::error_code none;
      return fs::equivalent(file_of_experiment, other, none);
    });
    if (!is_given) plugins.push_back(file_of_experiment);
  }
  EncoderRegistry encoders = with_plugins(registry, plugins);
  Plan plan = prepare(std::move(experiment), encoders, options);
  return {std::move(encoders), std::move(plan)};
}

namespace {

/// Shows that audio is read and decoded while a plan is made: a line for each data set.
class AudioProgress {
 public:
  explicit AudioProgress(bool quiet) : progress_(quiet) {}
  void operator()(const std::string& dataset, std::size_t done, std::size_t total) {
    if (dataset != dataset_) progress_.begin("check the audio of " + dataset);
    dataset_ = dataset;
    progress_.update(done, total);
    if (done == total) progress_.end(fmt::format("{} items", total));
  }

 private:
  TerminalProgress progress_;
  std::string dataset_;
};

}  // namespace

std::optional<fs::path> data_folder(const po::variables_map& values) {
  if (!values.contains("data")) return std::nullopt;
  fs::path folder = fs::absolute(values["data"].as<std::string>());
  if (!fs::is_directory(folder)) {
    throw DataError(fmt::format("--data: '{}' is not a folder", folder.string()));
  }
  return folder;
}

fs::path cache_folder(const po::variables_map& values) {
  return values.contains("cache") ? fs::path(values["cache"].as<std::string>()) : default_cache();
}

PrepareOptions prepare_options(const po::variables_map& values) {
  PrepareOptions out;
  out.data_dir = data_folder(values);
  // Read here, so that a plan says it and its steps need no such variable.
  const char* const data = std::getenv("MUSICREP_DATA");
  if (!out.data_dir && data != nullptr && fs::is_directory(data)) out.data_dir = fs::absolute(data);
  out.limit = values["limit"].as<std::size_t>();
  out.skip_bad = values.contains("skip-bad");
  if (values.contains("seed")) out.seed = values["seed"].as<std::uint64_t>();
  out.only = values_of(values, "only");
  out.device = std::array{"cpu", "cuda"}.at(choice(values, "device", {"cpu", "cuda"}));
  out.cache = cache_folder(values);
  out.audio_progress = [shown = std::make_shared<AudioProgress>(values.contains("quiet"))](
                           const std::string& dataset, std::size_t done, std::size_t total) {
    (*shown)(dataset, done, total);
  };
  return out;
}

void open_log(const CommandLine& line, const Arguments& arguments, const po::variables_map& values,
              const fs::path& file) {
  static constexpr std::array kLevels = {LogLevel::kOff, LogLevel::kError, LogLevel::kWarning,
                                         LogLevel::kInfo, LogLevel::kDebug};
  const LogLevel level =
      kLevels.at(choice(values, "log-level", {"off", "error", "warning", "info", "debug"}));
  const fs::path path = values.contains("log") ? fs::path(values["log"].as<std::string>()) : file;
  if (path.empty()) return;
  open_event_log(path, level);
  const auto code = code_provenance();
  log_event(LogLevel::kInfo, "", "",
            fmt::format("musicrep {} {} in {}; version {}, commit {}{}", line.command,
                        fmt::join(arguments, " "), fs::current_path().string(), code.at("version"),
                        code.at("code_commit"), code.at("code_dirty") == "true" ? " (dirty)" : ""));
}

RunOptions run_options(const po::variables_map& values) {
  static constexpr std::array kStrategies = {OverwriteStrategy::kAlways, OverwriteStrategy::kNever,
                                             OverwriteStrategy::kOnlyMissing};
  RunOptions out;
  out.jobs = values["jobs"].as<std::size_t>();
  if (values.contains("overwrite-strategy")) {
    out.overwrite =
        kStrategies.at(choice(values, "overwrite-strategy", {"always", "never", "only-missing"}));
  }
  return out;
}

PrepareOptions run_prepare_options(const po::variables_map& values) {
  PrepareOptions out = prepare_options(values);
  out.solver = choice(values, "solver", {"own", "libsvm"}) == 0 ? Solver::kOwn : Solver::kLibsvm;
  for (const std::string& text : values_of(values, "exec")) {
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0) {
      throw ConfigError(fmt::format("--exec: '{}' is not of the form NAME=COMMAND", text));
    }
    out.commands.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return out;
}

void claim_results_folder(const fs::path& folder, const fs::path& experiment) {
  const fs::path note = folder / ".experiment";
  const std::string own = fs::weakly_canonical(experiment).string();
  std::error_code none;
  if (fs::exists(note, none)) {
    const std::string other = read_file(note);
    // A file that was moved, or a copy of it, is the same experiment.
    if (other != own && fs::is_regular_file(other, none) &&
        read_file(other) != read_file(experiment)) {
      throw ConfigError(fmt::format(
          "'{}' holds a run of another experiment of this name, '{}': give '{}' another name, or "
          "use --out FOLDER",
          folder.string(), other, experiment.string()));
    }
    if (other == own) return;
  }
  write_text_atomically(note, own);
}

fs::path results_folder(const po::variables_map& values, const Plan& plan) {
  return values.contains("out") ? fs::path(values["out"].as<std::string>())
                                : fs::path("results") / "runs" / plan.experiment.name;
}

}  // namespace musicrep::cli
