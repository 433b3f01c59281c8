#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "core/files.h"
#include "foreign/child_process.h"
#include "musicrep/error.h"
#include "provenance/provenance.h"
#include "report/markdown.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMostLogBytes = 4 << 20;
constexpr double kPackingLimit_s = 60;

std::string limit_text(int resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return "none";
  return fmt::format("{}", limit.rlim_cur);
}

std::string disk_text(const fs::path& folder) {
  std::error_code ec;
  const fs::space_info space = fs::space(folder, ec);
  if (ec) return ec.message();
  return fmt::format("{:.1f} of {:.1f} GiB free", static_cast<double>(space.available) / (1 << 30),
                     static_cast<double>(space.capacity) / (1 << 30));
}

std::string system_text(const fs::path& run, const fs::path& cache) {
  std::string out;
  for (const auto& [name, value] : code_provenance()) out += fmt::format("{}: {}\n", name, value);
  utsname name{};
  uname(&name);
  out += fmt::format("system: {} {} {}\n", name.sysname, name.release, name.machine);
  out += fmt::format("processors: {}\n", std::thread::hardware_concurrency());
  std::ifstream memory("/proc/meminfo");
  for (std::string line; std::getline(memory, line);) {
    if (line.starts_with("MemTotal") || line.starts_with("MemAvailable")) out += line + "\n";
  }
  out += fmt::format("limits: {} open files, {} bytes of address space\n",
                     limit_text(RLIMIT_NOFILE), limit_text(RLIMIT_AS));
  out +=
      fmt::format("disk of the run: {}\ndisk of the store: {}\n", disk_text(run), disk_text(cache));
  for (char** variable = environ; *variable != nullptr; ++variable) {
    for (const char* prefix : {"MUSICREP_", "OMP_", "OPENBLAS_", "MKL_", "CUDA_", "LC_", "LANG="}) {
      if (std::string_view(*variable).starts_with(prefix)) out += fmt::format("{}\n", *variable);
    }
  }
  return out;
}

std::string store_text(const fs::path& cache) {
  std::string out;
  for (const ArtefactInfo& artefact : ArtefactStore(cache).list()) {
    out += fmt::format("{}\t{}\t{}\t{}\t{}\n", artefact.kind, artefact.key, artefact.bytes,
                       artefact.made_at, artefact.description);
  }
  return out.empty() ? "empty\n" : out;
}

/// The end of a log, from the beginning of a line on.
std::string log_text(const fs::path& log) {
  const std::string text = read_file(log);
  if (text.size() <= kMostLogBytes) return text;
  const std::size_t line = text.find('\n', text.size() - kMostLogBytes);
  return fmt::format("({} bytes before this are left out)\n", line + 1) + text.substr(line + 1);
}

/// Fills `folder` with what there is; returns the names, a line each.
std::string fill(const fs::path& folder, const fs::path& run, const fs::path& cache) {
  std::string contents;
  const auto add = [&](const std::string& name, const std::string& text, const std::string& what) {
    write_text_atomically(folder / name, text);
    contents += fmt::format("{:<16}{}\n", name, what);
  };
  add("system.txt", system_text(run, cache), "program, libraries, machine, limits, settings");
  add("store.txt", store_text(cache), "the store of finished steps: kind, key, bytes, time, step");
  if (fs::exists(run / "run.log")) add("run.log", log_text(run / "run.log"), "what happened");
  const fs::path file = run / "results.h5";
  if (fs::exists(file)) {
    try {
      const Results results = read_results(file);
      add("experiment.toml", results.experiment_toml, "the experiment");
      add("report.md", markdown_report(results), "the report");
    } catch (const DataError& error) {
      add("results.txt", std::string(error.what()) + "\n", "why the results cannot be read");
    }
  }
  return contents;
}

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "bundle";
  line.usage = "bundle RUN [options]";
  line.summary =
      "Packs a run for a bug report into one .tar.gz: its log, experiment and report, all versions,\n"
      "the machine, and a list of the cache. It holds no audio, vectors or predictions. Paths and\n"
      "environment settings are not removed: read them before you pass it on.";
  line.examples = "  musicrep bundle results/runs/table1 --out table1-bundle.tar.gz\n";
  line.positional = {"run"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("run") || values["run"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError("'musicrep bundle' takes the folder of one run");
  }
  const fs::path run = values["run"].as<std::vector<std::string>>().front();
  if (!fs::exists(run / "run.log") && !fs::exists(run / "results.h5")) {
    throw DataError(fmt::format(
        "'{}' is not the folder of a run: found neither run.log nor results.h5", run.string()));
  }
  const fs::path cache = cache_folder(values);
  const std::string name = fs::canonical(run).filename().string() + "-bundle";
  const fs::path out = values.contains("out") ? fs::path(values["out"].as<std::string>())
                                              : fs::path(name + ".tar.gz");
  std::string contents;
  write_atomically(out, [&](const fs::path& temporary) {
    std::string folder = (fs::temp_directory_path() / "musicrep-bundle-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) {
      throw DataError(fmt::format("cannot make the folder '{}': {}", folder, std::strerror(errno)));
    }
    try {
      fs::create_directory(fs::path(folder) / name);
      contents = fill(fs::path(folder) / name, run, cache);
      ChildProcess tar({.argv = {"tar", "--owner=0", "--group=0", "-czf",
                                 fs::absolute(temporary).string(), "-C", folder, name},
                        .folder = {}});
      const bool ended = tar.wait_until(deadline_in(kPackingLimit_s));
      if (!ended || !tar.succeeded()) {
        tar.kill();
        throw DataError(
            fmt::format("cannot pack '{}': tar {}{}", out.string(), tar.end(), tar.last_words()));
      }
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
      throw;
    }
    fs::remove_all(folder);
  });
  fmt::print("{}:\n{}", out.string(), contents);
  return kOk;
}

}  // namespace

extern const Command bundle_command = {
    .place = 190, .name = "bundle", .summary = "pack a run for a bug report", .run = command_main};

}  // namespace musicrep::cli
