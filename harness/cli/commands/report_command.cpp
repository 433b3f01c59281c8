#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "report/figures.h"
#include "store/results.h"

namespace musicrep::cli {

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "report";
  line.usage = "report RESULTS [options]";
  line.summary =
      "Writes the Markdown report of a results file (or of the folder that holds results.h5) to\n"
      "standard output, from that file alone.";
  line.examples =
      "  musicrep report results/runs/choi2017\n"
      "  musicrep report results/runs/choi2017 --format latex --out table.tex\n";
  line.positional = {"results"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("results") || values["results"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError("'musicrep report' takes one results file or folder");
  }
  const Results results =
      read_results(results_file(values["results"].as<std::vector<std::string>>().front()));
  std::vector<ResultFile> files = result_files();
  std::erase_if(files, [](const ResultFile& each) { return each.format.empty(); });
  std::vector<std::string> formats;
  for (const ResultFile& each : files) formats.push_back(each.format);
  const ResultFile& file = files.at(choice(values, "format", formats));
  Figures figures;
  if (file.name == "report.md" && values.contains("out")) {
    const std::filesystem::path out = values["out"].as<std::string>();
    figures = draw_figures(results, out.has_parent_path() ? out.parent_path() : ".");
    if (!figures.problem.empty()) fmt::print(stderr, "{}\n", figures.problem);
  }
  const std::string text = file.text({results, registry, figures});
  if (values.contains("out")) {
    write_text_atomically(values["out"].as<std::string>(), text);
  } else {
    fmt::print("{}", text);
  }
  return kOk;
}

}  // namespace

extern const Command report_command = {.place = 90,
                                       .name = "report",
                                       .summary = "write the report of a results file",
                                       .run = command_main};

}  // namespace musicrep::cli
