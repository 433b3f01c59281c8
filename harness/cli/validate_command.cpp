#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/validate_data.h"
#include "core/did_you_mean.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "pipeline/prepare.h"
#include "store/results.h"

namespace musicrep::cli {
namespace {

void validate_experiment(const std::string& name, const EncoderRegistry& registry,
                         const PrepareOptions& options) {
  const Plan plan = prepare(find_experiment(name), registry, options);
  std::size_t refused = 0;
  for (const EvaluateStep& step : plan.evaluations) {
    if (step.refusal.empty()) continue;
    ++refused;
    fmt::print("  a cell cannot be run: {}\n", step.refusal);
  }
  for (const auto& dataset : plan.datasets) {
    fmt::print("  {}: {} items{}\n", dataset->name, dataset->ids.size(),
               dataset->n_expected > 0 ? fmt::format(" of {}", dataset->n_expected) : "");
    for (const std::string& note : dataset->notes) fmt::print("    {}\n", note);
  }
  fmt::print("{}: good; {} encodings, {} cells{}\n", name, plan.encodes.size(),
             plan.evaluations.size(),
             refused > 0 ? fmt::format(", {} of them cannot be run on this data", refused) : "");
}

void validate_results(const std::string& path) {
  const Results results = read_results(path);
  fmt::print("{}: good; {} rows, content digest {}\n", path, results.rows.size(),
             content_digest(results));
}

}  // namespace

int validate_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "validate";
  line.usage = "validate experiment|data|results NAME... [options]";
  line.summary =
      "Checks without running. 'experiment' reads the file, its data and its features, and lists "
      "all\n"
      "that is wrong at once. 'data' reads the data sets of an experiment, or one of a kind with\n"
      "--option, decodes their audio to its end, and lists all that is wrong over all of them, or "
      "what\n"
      "they hold; exit code 3 where something is wrong. 'results' reads a results file whole and "
      "checks\n"
      "its digest.";
  line.examples =
      "  musicrep validate experiment choi2017 --data ~/data\n"
      "  musicrep validate data gtzan-mfcc --data ~/data\n"
      "  musicrep validate data gtzan --option audio=gtzan --option metadata=gtzan/metadata\n"
      "  musicrep validate results results/runs/choi2017/results.h5\n";
  line.positional = {"what", "name"};
  line.options.add_options()("data", po::value<std::string>(),
                             "folder of real data; stands for ${MUSICREP_DATA}")(
      "option,o", po::value<std::vector<std::string>>(),
      "of a kind of data set: NAME=VALUE; a list is VALUE,VALUE (data)")(
      "strict", "what is only a warning is wrong, too (data)")(
      "jobs,j", po::value<std::size_t>()->default_value(available_processors()),
      "threads that decode (data)")("quiet,q", "no progress (data)");
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("what") || !values.contains("name")) {
    throw ConfigError("'musicrep validate' takes 'experiment', 'data' or 'results', and a name");
  }
  PrepareOptions options;
  options.cache = default_cache();
  if (values.contains("data")) options.data_dir = values["data"].as<std::string>();
  const auto& what = values["what"].as<std::string>();
  if (what == "data") {
    ValidateDataOptions of_data;
    of_data.data_dir = options.data_dir;
    if (values.contains("option")) {
      of_data.options = values["option"].as<std::vector<std::string>>();
    }
    of_data.strict = values.contains("strict");
    of_data.quiet = values.contains("quiet");
    of_data.jobs = std::max<std::size_t>(1, values["jobs"].as<std::size_t>());
    return validate_data(values["name"].as<std::vector<std::string>>(), of_data);
  }
  for (const char* of_data : {"option", "strict", "quiet"}) {
    if (!values.contains(of_data)) continue;
    throw ConfigError(fmt::format("--{} is for 'musicrep validate data' alone", of_data));
  }
  for (const std::string& name : values["name"].as<std::vector<std::string>>()) {
    if (what == "experiment") {
      validate_experiment(name, registry, options);
    } else if (what == "results") {
      validate_results(name);
    } else {
      throw ConfigError(unknown_name("thing to validate", what,
                                     std::vector<std::string>{"experiment", "data", "results"}));
    }
  }
  return kOk;
}

}  // namespace musicrep::cli
