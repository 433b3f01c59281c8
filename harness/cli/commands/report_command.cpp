#include <fmt/format.h>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/page_audio.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "report/figures.h"
#include "report/leaderboard.h"
#include "store/results.h"

namespace musicrep::cli {

namespace {

namespace fs = std::filesystem;

const ResultFile& file_of_format(const po::variables_map& values, bool needs_page) {
  std::vector<std::string> formats;
  std::vector<const ResultFile*> files;
  for (const ResultFile& each : result_files()) {
    if (each.format.empty()) continue;
    formats.push_back(each.format);
    files.push_back(&each);
  }
  const std::size_t page =
      static_cast<std::size_t>(std::ranges::find(formats, "html") - formats.begin());
  if (needs_page && values["format"].defaulted()) return *files.at(page);
  const std::size_t chosen = choice(values, "format", formats);
  if (needs_page && chosen != page) {
    throw ConfigError(
        fmt::format("--format {}: several runs and --open need --format html", formats.at(chosen)));
  }
  return *files.at(chosen);
}

/// Opens a page in $BROWSER, or in what the system opens pages with.
void open_page(const fs::path& page) {
  const char* wanted = std::getenv("BROWSER");
  std::string program = wanted != nullptr && *wanted != 0 ? wanted : "xdg-open";
  std::string file = fs::absolute(page).string();
  char* const arguments[] = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ);
  int status = 0;
  if (error == 0) ::waitpid(child, &status, 0);
  if (error != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw ConfigError(fmt::format(
        "--open: '{}' does not open '{}'; set BROWSER to the program that opens pages, or open it yourself",
        program, page.string()));
  }
}

ClipsOfDatasets clips_for(const po::variables_map& values, const Results& results,
                          const fs::path& folder) {
  const std::size_t n_embedded = values["embed-audio"].as<std::size_t>();
  if (choice(values, "audio", {"link", "none"}) == 1) {
    if (n_embedded > 0) throw ConfigError("--audio none: --embed-audio needs --audio link");
    return {};
  }
  const fs::path cache = cache_folder(values);
  return clips_of_results(results, {.folder = folder, .n_embedded = n_embedded},
                          data_folder(values), cache);
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// The report of one run in `file`'s format; `out` is empty where it goes to standard output.
std::string report_text(const po::variables_map& values, const ResultFile& file,
                        const Results& results, const EncoderRegistry& registry,
                        const fs::path& out) {
  Figures figures;
  ClipsOfDatasets clips;
  if (file.format == "md" && !out.empty()) {
    const FigureFormat format =
        choice(values, "figures", {"svg", "pdf"}) == 0 ? FigureFormat::kSvg : FigureFormat::kPdf;
    figures = draw_figures(results, folder_of(out), format);
    if (!figures.problem.empty()) fmt::print(stderr, "{}\n", figures.problem);
  }
  if (file.format == "html") clips = clips_for(values, results, out.empty() ? "." : folder_of(out));
  return file.text({results, registry, figures, clips});
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "report";
  line.usage = "report RUN... [options]";
  line.summary =
      "Writes the report of a results file (or of the folder that holds results.h5) to standard\n"
      "output, from that file alone. Several runs together are one page (html): a leaderboard of what\n"
      "can be compared, and apart from it what cannot, with the reason.";
  line.examples =
      "  musicrep report results/runs/choi2017\n"
      "  musicrep report results/runs/choi2017 --open\n"
      "  musicrep report results/runs/choi2017 --format latex --out table.tex\n"
      "  musicrep report results/runs/table1 other/table1 --format html --out both.html\n";
  line.positional = {"results"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const std::vector<std::string> names = values_of(values, "results");
  if (names.empty()) {
    throw ConfigError("'musicrep report' takes results files, or the folders of runs");
  }
  const bool open = values.contains("open");
  const ResultFile& file = file_of_format(values, names.size() > 1 || open);
  if (!values["figures"].defaulted() && (file.format != "md" || !values.contains("out"))) {
    throw ConfigError("--figures: figures are written with --format md and --out");
  }
  fs::path out = values.contains("out") ? fs::path(values["out"].as<std::string>()) : fs::path();
  if (open && out.empty()) {
    if (names.size() > 1) throw ConfigError("--open: the page of several runs needs --out FILE");
    out = folder_of(results_file(names.front())) / file.name;
  }
  std::string text;
  if (names.size() > 1) {
    std::vector<NamedRun> runs;
    for (const std::string& name : names) runs.push_back({name, read_results(results_file(name))});
    text = leaderboard_page(runs);
  } else {
    text = report_text(values, file, read_results(results_file(names.front())), registry, out);
  }
  if (out.empty()) {
    fmt::print("{}", text);
  } else {
    write_text_atomically(out, text);
  }
  if (open) open_page(out);
  return kOk;
}

}  // namespace

extern const Command report_command = {.place = 90,
                                       .name = "report",
                                       .summary = "write the report of a results file",
                                       .run = command_main};

}  // namespace musicrep::cli
