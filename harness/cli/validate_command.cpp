#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plugins.h"
#include "cli/validate_data.h"
#include "cli/validate_encoder.h"
#include "cli/weights_text.h"
#include "core/did_you_mean.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "pipeline/prepare.h"
#include "store/results.h"
#include "weights/published.h"
#include "weights/weights_file.h"

namespace musicrep::cli {
namespace {

void validate_experiment(const std::string& name, const EncoderRegistry& registry,
                         const po::variables_map& values, const PrepareOptions& options) {
  const std::filesystem::path file = find_experiment(name);
  const Plan plan = prepare(file, with_plugins(registry, values, file), options);
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
  fmt::print("{}: good; {} encodings, {} evaluations{}{}\n", name, plan.encodes.size(),
             plan.evaluations.size(),
             refused > 0 ? fmt::format(" ({} of them cannot be run on this data)", refused) : "",
             plan.retrievals.empty() ? "" : fmt::format(", {} retrievals", plan.retrievals.size()));
}

void validate_results(const std::string& path) {
  const Results results = read_results(path);
  fmt::print("{}: good; {} rows, content digest {}\n", path, results.rows.size(),
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
    static_cast<void>(
        registry.create(encoder, EncoderArgs{1, "", {{"weights", OptionValue(path)}}}));
  }
  fmt::print("{}: {}\n", path, format_name(format));
  print_tensors(weights.tensors);
  if (format == WeightsFormat::kMusicrep) print_summary(weights);
  fmt::print("{}: good; all values are finite{}\n", path,
             encoder.empty() ? "" : fmt::format(", '{}' takes them", encoder));
}

int validate_encoders(const po::variables_map& values, const EncoderRegistry& registry,
                      const PrepareOptions& options) {
  const auto list = [&](const char* option) {
    return values.contains(option) ? values[option].as<std::vector<std::string>>()
                                   : std::vector<std::string>{};
  };
  if (values.contains("experiment") != values.contains("label")) {
    throw ConfigError("--experiment and --label go together");
  }
  if (values.contains("label")) {
    if (values.contains("name") || values.contains("set")) {
      throw ConfigError("an experiment's encoder has its options there: give no name, no --set");
    }
    return validate_encoder_of(values["experiment"].as<std::string>(),
                               values["label"].as<std::string>(), registry, options,
                               values.contains("quiet"));
  }
  int code = kOk;
  for (const std::string& name : list("name")) {
    const int of_this = validate_encoder(
        name, registry, {list("set"), list("id"), values["seed"].as<std::uint64_t>()});
    // What is broken weighs more than what was not tried.
    if (code != kDataMistake && of_this != kOk) code = of_this;
  }
  return code;
}

}  // namespace

int validate_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "validate";
  line.usage = "validate experiment|data|encoder|results|weights NAME... [options]";
  line.summary =
      "Checks without running; exit code 3 where something is wrong.\n"
      "  experiment  reads the file, its data and its features, and lists all that is wrong\n"
      "  data        reads the data sets of an experiment, or one of a kind with --option, "
      "decodes\n"
      "              their audio to its end, and lists all that is wrong, or what they hold\n"
      "  encoder     tries what every encoder promises: shapes, the same bits again, alone or\n"
      "              among others, on several threads, silence, ten minutes, ...\n"
      "  results     reads a results file whole and checks its digest\n"
      "  weights     reads a weights file, or a published one, and lists its tensors";
  line.examples =
      "  musicrep validate experiment choi2017 --data ~/data\n"
      "  musicrep validate data gtzan-mfcc --data ~/data\n"
      "  musicrep validate data gtzan --option audio=gtzan --option metadata=gtzan/metadata\n"
      "  musicrep validate encoder mfcc\n"
      "  musicrep validate encoder tlm --set weights=model_best.hdf5\n"
      "  musicrep validate encoder --experiment smoke --label tlm\n"
      "  musicrep validate results results/runs/choi2017/results.h5\n"
      "  musicrep validate weights tlm.h5 --as tlm\n";
  line.positional = {"what", "name"};
  line.options.add_options()("data", po::value<std::string>(),
                             "folder of real data; stands for ${MUSICREP_DATA}")(
      "option,o", po::value<std::vector<std::string>>(),
      "of a kind of data set: NAME=VALUE; a list is VALUE,VALUE (data)")(
      "strict", "what is only a warning is wrong, too (data)")(
      "jobs,j", po::value<std::size_t>()->default_value(available_processors()),
      "threads that decode (data)")("quiet,q", "no progress (data)")(
      "set", po::value<std::vector<std::string>>()->composing(),
      "option=value of the encoder; a list is VALUE,VALUE (encoder)")(
      "id", po::value<std::vector<std::string>>()->composing(),
      "an item to ask for, where vectors are looked up by id (encoder)")(
      "seed", po::value<std::uint64_t>()->default_value(1), "of encoders that draw (encoder)")(
      "experiment", po::value<std::string>(),
      "try an encoder as this experiment has it, trained where need be (encoder)")(
      "label", po::value<std::string>(), "what that experiment calls it (encoder)")(
      "as", po::value<std::string>(), "an encoder that must take the weights (weights)");
  add_plugin_option(line);
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const bool of_experiment = values.contains("experiment") && values.contains("label");
  if (!values.contains("what") || (!values.contains("name") && !of_experiment)) {
    throw ConfigError(
        "'musicrep validate' takes experiment, data, encoder, results or weights, and a name (or, "
        "for an encoder, --experiment and --label)");
  }
  PrepareOptions options;
  options.cache = default_cache();
  options.data_dir = data_folder(values);
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
  if (what == "encoder") {
    const std::filesystem::path file = values.contains("experiment")
                                           ? find_experiment(values["experiment"].as<std::string>())
                                           : std::filesystem::path();
    return validate_encoders(values, with_plugins(registry, values, file), options);
  }
  for (const char* of_encoder : {"set", "id", "experiment", "label"}) {
    if (!values.contains(of_encoder)) continue;
    throw ConfigError(fmt::format("--{} is for 'musicrep validate encoder' alone", of_encoder));
  }
  for (const char* of_data : {"option", "strict", "quiet"}) {
    if (!values.contains(of_data)) continue;
    throw ConfigError(fmt::format("--{} is for 'musicrep validate data' alone", of_data));
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

}  // namespace musicrep::cli
