#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "experiment/experiment.h"
#include "formats/toml_flat.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"
#include "protocols/protocol.h"
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

/// The content of an experiment's text, without its claims and names.
std::map<std::string, std::string> ran(const std::string& toml, const std::string& name) {
  std::map<std::string, std::string> out = flat_toml(toml, name);
  std::erase_if(out, [](const auto& entry) {
    return entry.first.starts_with("claim[") || entry.first == "title" || entry.first == "about";
  });
  return out;
}

/// Takes the claims of another text of the experiment that ran. Throws ConfigError where the text
/// says anything else that another experiment would have run by.
void adopt_claims(Results& results, const std::filesystem::path& file) {
  Experiment experiment = read_experiment(file);
  const auto was = ran(results.experiment_toml, results.experiment);
  const auto is = ran(experiment.toml, file.string());
  std::set<std::string> names;
  for (const auto& text : {was, is}) {
    for (const auto& [name, value] : text) names.insert(name);
  }
  for (const std::string& name : names) {
    const auto before = was.find(name);
    const auto now = is.find(name);
    const std::string old_value = before == was.end() ? "nothing" : before->second;
    const std::string new_value = now == is.end() ? "nothing" : now->second;
    if (old_value == new_value) continue;
    throw ConfigError(fmt::format(
        "'{}': {} is {}, and the run's own text has {}: only claims, title and about may differ; run the experiment again for everything else",
        file.string(), name, new_value, old_value));
  }
  // Rows call a protocol that is a file by the name in that file.
  for (ClaimSpec& claim : experiment.claims) {
    if (!claim.protocol.ends_with(".toml")) continue;
    claim.protocol = find_protocol((file.parent_path() / claim.protocol).string()).name;
  }
  results.title = experiment.title;
  results.experiment_toml = experiment.toml;
  results.experiment_sha256 = experiment.sha256;
  results.claims = unjudged_claims(experiment.claims);
  std::erase_if(results.citations,
                [](const Citation& each) { return each.used_by.starts_with("claim: "); });
  std::set<std::string> cited;
  for (const ClaimSpec& claim : experiment.claims) {
    const std::string used_by = "claim: " + claim.text;
    if (!claim.source.empty() && cited.insert(used_by).second) {
      results.citations.push_back({used_by, claim.source});
    }
  }
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "restate";
  line.usage = "restate RUN --out FOLDER [--claims-of EXPERIMENT]";
  line.summary =
      "Recomputes every interval, test, letter and verdict of a results file from its predictions,\n"
      "by the rules of this version, and writes results and reports to a folder. Predictions, choices,\n"
      "vectors and their provenance are kept. Use it for results of an earlier version, or, with\n"
      "--claims-of, to test other claims: those of an experiment file that differs from the run's\n"
      "only in its claims, title and about.";
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
  if (values.contains("claims-of")) adopt_claims(results, values["claims-of"].as<std::string>());
  derive_statistics(results);
  const std::filesystem::path out = values["out"].as<std::string>();
  std::filesystem::create_directories(out);
  write_results(results, out / "results.h5");
  write_reports(results, registry, {}, out);
  fmt::print("{}: {} rows, {} comparisons, {} claims\n", out.string(), results.rows.size(),
             results.comparisons.size(), results.claims.size());
  return kOk;
}

}  // namespace

extern const Command restate_command = {.place = 130,
                                        .name = "restate",
                                        .summary = "recompute the statistics of a results file",
                                        .run = command_main};

}  // namespace musicrep::cli
