#include <fmt/format.h>

#include <algorithm>

#include "check/compare.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep::cli {

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "compare";
  line.usage = "compare RUN RUN [options]";
  line.summary =
      "Compares two runs: which scores changed and by how much, with a paired interval on the same\n"
      "items, and where they differ otherwise (code, machine, data, weights, seed, protocol).\n"
      "A run is its folder or its results.h5. The exit code is 0 even if scores differ, and 5\n"
      "if no row can be compared. For an exit code that reports differences, use musicrep check.";
  line.examples =
      "  musicrep compare results/reference/choi2017 results/runs/choi2017\n"
      "  musicrep compare old.h5 new.h5 --out difference.md\n";
  line.positional = {"runs"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("runs") || values["runs"].as<std::vector<std::string>>().size() != 2) {
    throw ConfigError("'musicrep compare' takes two results files or folders");
  }
  const std::string out = values.contains("out") ? values["out"].as<std::string>() : "";
  if (!out.empty() && !out.ends_with(".md") && !out.ends_with(".json")) {
    throw ConfigError(
        fmt::format("--out: found '{}', expected a name ending in .md or .json", out));
  }
  const auto runs = values["runs"].as<std::vector<std::string>>();
  const RunComparison comparison = compare_runs(
      read_results(results_file(runs[0])), read_results(results_file(runs[1])), runs[0], runs[1]);
  fmt::print("{}", comparison_text(comparison));
  if (!out.empty()) {
    write_text_atomically(
        out, out.ends_with(".md") ? comparison_markdown(comparison) : comparison_json(comparison));
  }
  const bool any = std::ranges::any_of(comparison.rows,
                                       [](const ComparedRow& row) { return row.problem.empty(); });
  return any ? kOk : kSomeRowsFailed;
}

}  // namespace

extern const Command compare_command = {
    .place = 100,
    .name = "compare",
    .summary = "compare two runs: scores, paired intervals, differences",
    .run = command_main};

}  // namespace musicrep::cli
