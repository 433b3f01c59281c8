#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plugins.h"
#include "cli/settings.h"
#include "cli/validate_data.h"
#include "cli/validate_encoder.h"
#include "cli/weights_text.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"
#include "planner/prepare.h"
#include "store/results.h"
#include "weights/published.h"
#include "weights/weights_file.h"

namespace musicrep::cli {
namespace {

void validate_experiment(const std::string& name, const EncoderRegistry& registry,
                         const po::variables_map& values, const PrepareOptions& options) {
  const std::filesystem::path file = find_experiment(name);
  const Plan plan = prepare_experiment(file, registry, plugin_files(values), options).plan;
  std::size_t refused = 0;
  for (const EvaluateStep* step : plan.evaluations) {
    if (step->facts().refusal.empty()) continue;
    ++refused;
    fmt::print("  an evaluation cannot be run: {}\n", step->facts().refusal);
  }
  for (const auto& prepared : plan.datasets) {
    const Dataset* dataset = prepared->data.get();
    fmt::print("  {}: {} items{}\n", dataset->name, dataset->ids.size(),
               dataset->n_expected > 0 ? fmt::format(" of {}", dataset->n_expected) : "");
    for (const std::string& note : dataset->notes) fmt::print("    {}\n", note);
  }
  const std::vector<const Encoding*> encodings = all_encodings(plan);
  for (const Encoding* encoding : encodings) {
    if (!encoding->encoder || encoding->info.input != InputKind::kItemId) continue;
    for (const std::string& note : encoding->encoder->notes()) {
      fmt::print("  {} on {}: {}\n", encoding->label, encoding->dataset->name, note);
    }
  }
  fmt::print("{}: OK; {} encodings, {} evaluations{}{}\n", name, encodings.size(),
             plan.evaluations.size(),
             refused > 0 ? fmt::format(" ({} of them cannot be run on this data)", refused) : "",
             plan.retrievals.empty() ? "" : fmt::format(", {} retrievals", plan.retrievals.size()));
}

void validate_results(const std::string& path) {
  const Results results = read_results(path);
  fmt::print("{}: OK; {} rows, content digest {}\n", path, results.rows.size(),
             content_digest(results));
}

/// Reads weights of any format whole; with `encoder`, constructs it from them.
void validate_weights(const std::string& path, const std::string& encoder,
                      const EncoderRegistry& registry) {
  if (!encoder.empty()) {  // refused before long reading
    const std::vector<OptionSpec>& options = registry.info(encoder).options;
    if (std::ranges::find(options, "weights", &OptionSpec::name) == options.end()) {
      throw ConfigError(fmt::format("encoder '{}' takes no weights", encoder));
    }
  }
  const WeightsFormat format = weights_format(path);
  Weights weights;
  if (format == WeightsFormat::kMusicrep) {
    weights = read_weights(path);
  } else {
    weights.tensors = read_any_weights(path);
  }
  TensorShapes shapes;  // as they are: what is left to check is that values are finite
  for (const auto& [name, tensor] : weights.tensors) shapes[name] = tensor.shape;
  check_tensors(weights.tensors, shapes, fmt::format("'{}':", path));
  if (!encoder.empty()) {
    static_cast<void>(registry.create(encoder, EncoderArgs{1, {{"weights", OptionValue(path)}}}));
  }
  fmt::print("{}: {}\n", path, format_name(format));
  print_tensors(weights.tensors);
  if (format == WeightsFormat::kMusicrep) print_summary(weights);
  fmt::print("{}: OK; all values are finite{}\n", path,
             encoder.empty() ? "" : fmt::format(", '{}' accepts them", encoder));
}

int validate_encoders(const po::variables_map& values, const EncoderRegistry& registry,
                      PrepareOptions options) {
  if (values.contains("experiment") != values.contains("label")) {
    throw ConfigError("--experiment and --label go together");
  }
  if (values.contains("label")) {
    const bool seeded = !values["seed"].defaulted();
    if (values.contains("name") || values.contains("set") || values.contains("id") || seeded) {
      throw ConfigError(
          "--label: an experiment's encoder has its options, items and seed there, expected no name, no --set, no --id and no --seed");
    }
    options.only = {values["label"].as<std::string>()};
    return validate_encoder_of(
        prepare_experiment(find_experiment(values["experiment"].as<std::string>()), registry,
                           plugin_files(values), options),
        values["label"].as<std::string>(), options.cache, values.contains("quiet"));
  }
  for (const char* option : {"data", "quiet"}) {
    if (!values.contains(option)) continue;
    throw ConfigError(fmt::format("--{}: expected it with --experiment and --label alone", option));
  }
  const EncoderRegistry encoders = with_plugins(registry, values);
  int code = kOk;
  for (const std::string& name : values_of(values, "name")) {
    const int of_this = validate_encoder(
        name, encoders,
        {given_settings(values), values_of(values, "id"), values["seed"].as<std::uint64_t>()});
    // What is broken weighs more than what was not tried.
    if (code != kDataMistake && of_this != kOk) code = of_this;
  }
  return code;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "validate";
  line.usage = "validate experiment|data|encoder|results|weights NAME... [options]";
  line.summary =
      "Checks without running; exit code 3 if something is wrong.\n"
      "  experiment  reads the file, its data and its features, and lists all problems\n"
      "  data        reads the data sets of an experiment, or one of a kind with --set, decodes\n"
      "              their audio to its end, and lists all problems; without any, a summary\n"
      "  encoder     runs the conformance suite: shapes, determinism, batch invariance,\n"
      "              threads, silence, ten minutes, ...\n"
      "  results     reads a results file whole and checks its digest\n"
      "  weights     reads a weights file, or a published one, and lists its tensors";
  line.examples =
      "  musicrep validate experiment choi2017 --data ~/data\n"
      "  musicrep validate data gtzan-mfcc --data ~/data\n"
      "  musicrep validate data gtzan --set audio=gtzan --set metadata=gtzan/metadata\n"
      "  musicrep validate encoder mfcc\n"
      "  musicrep validate encoder tlm --set weights=model_best.hdf5\n"
      "  musicrep validate encoder --experiment smoke --label tlm\n"
      "  musicrep validate results results/runs/choi2017/results.h5\n"
      "  musicrep validate weights tlm.h5 --as tlm\n";
  line.positional = {"what", "name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const bool of_experiment = values.contains("experiment") && values.contains("label");
  if (!values.contains("what") || (!values.contains("name") && !of_experiment)) {
    throw ConfigError(
        "'musicrep validate' takes experiment, data, encoder, results or weights, and a name (or, for an encoder, --experiment and --label)");
  }
  PrepareOptions options;
  options.cache = default_cache();
  options.data_dir = data_folder(values);
  const auto& what = values["what"].as<std::string>();
  if (what == "data") {
    ValidateDataOptions of_data;
    of_data.data_dir = options.data_dir;
    of_data.options = given_settings(values);
    of_data.strict = values.contains("strict");
    of_data.quiet = values.contains("quiet");
    of_data.jobs = values["jobs"].as<std::size_t>();
    return validate_data(values["name"].as<std::vector<std::string>>(), of_data);
  }
  if (what == "encoder") {
    return validate_encoders(values, registry, options);
  }
  const std::string encoder = values.contains("as") ? values["as"].as<std::string>() : "";
  for (const std::string& name : values["name"].as<std::vector<std::string>>()) {
    if (what == "experiment") {
      validate_experiment(name, registry, values, options);
    } else if (what == "results") {
      validate_results(name);
    } else if (what == "weights") {
      validate_weights(name, encoder, registry);
    } else {
      throw ConfigError(unknown_name(
          "thing to validate", what,
          std::vector<std::string>{"experiment", "data", "encoder", "results", "weights"}));
    }
  }
  return kOk;
}

}  // namespace

extern const Command validate_command = {
    .place = 160,
    .name = "validate",
    .summary = "check experiments, data, encoders, results files or weights, without running",
    .run = command_main};

}  // namespace musicrep::cli
