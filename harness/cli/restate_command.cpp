#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"
#include "statistics/claims.h"
#include "statistics/derive.h"

namespace musicrep::cli {
namespace {

/// What results of an earlier version lack: claims do not say what they claim (their experiment's
/// text does), and beside measures of layers the least and the greatest training stood, no
/// interval.
void complete(Results& results) {
  if (!results.provenance.contains("statistics_version")) {
    for (Diagnosis& diagnosis : results.diagnoses) {
      diagnosis.low = diagnosis.high = std::numeric_limits<double>::quiet_NaN();
    }
  }
  const bool complete = std::ranges::none_of(
      results.claims, [](const ClaimResult& claim) { return claim.spec.empty(); });
  if (complete) return;
  const TomlTable experiment = TomlTable::parse(results.experiment_toml, results.experiment);
  results.claims = unjudged_claims(read_claims(experiment));
}

}  // namespace

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "restate";
  line.usage = "restate RUN --out FOLDER";
  line.summary =
      "Recomputes every interval, test, letter and verdict of a results file from its "
      "predictions,\n"
      "by this version's rules, and writes results and reports to a folder. Predictions, choices,\n"
      "vectors and their provenance stay as they are. For results of an earlier version.";
  line.examples = "  musicrep restate results/runs/choi2017 --out results/runs/choi2017-restated\n";
  line.positional = {"run"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("run") || values["run"].as<std::vector<std::string>>().size() != 1 ||
      !values.contains("out")) {
    throw ConfigError("'musicrep restate' takes one run, and --out with a folder");
  }
  Results results =
      read_results(results_file(values["run"].as<std::vector<std::string>>().front()));
  complete(results);
  derive_statistics(results);
  const std::filesystem::path out = values["out"].as<std::string>();
  std::filesystem::create_directories(out);
  write_results(results, out / "results.h5");
  write_reports(results, out);
  fmt::print("{}: {} rows, {} comparisons, {} claims\n", out.string(), results.rows.size(),
             results.comparisons.size(), results.claims.size());
  return kOk;
}

}  // namespace

extern const Command restate_command;
const Command restate_command = {
    .place = 130,
    .name = "restate",
    .summary = "recompute the statistics of a results file by today's rules",
    .run = command_main};

}  // namespace musicrep::cli
