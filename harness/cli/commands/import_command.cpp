#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/weights_text.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "weights/published.h"
#include "weights/weights_file.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

/// What reads `encoder`'s published weights. Throws ConfigError that names those that have any.
const auto& importer(const std::string& encoder, const EncoderRegistry& registry) {
  const EncoderAbilities& abilities = registry.abilities(encoder);
  if (abilities.import_weights) return abilities.import_weights;
  std::vector<std::string> able;
  for (const std::string& name : registry.names()) {
    if (registry.abilities(name).import_weights) able.push_back(name);
  }
  throw ConfigError(fmt::format("encoder '{}' takes no published weights; those that do: {}",
                                encoder,
                                able.empty() ? "none, this program was built without networks"
                                             : fmt::format("{}", fmt::join(able, ", "))));
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "import";
  line.usage = "import weights FILE --as ENCODER [--out X.h5]";
  line.summary =
      "Reads weights that an encoder's authors published (HDF5 of Keras, torch.save() of PyTorch, a\n"
      "V1 checkpoint of TensorFlow; known by their bytes), checks every tensor, and writes all\n"
      "tensors to a musicrep weights file. A second file that belongs to them, such as VGGish's\n"
      "vggish_pca_params.npz, must be next to FILE. Nothing in a file is executed.";
  line.examples =
      "  musicrep import weights model_best.hdf5 --as tlm\n"
      "  musicrep import weights vggish_model.ckpt --as vggish --out weights/vggish.h5\n";
  line.positional = {"what", "file"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("what") || !values.contains("file") || !values.contains("as")) {
    throw ConfigError("'musicrep import' takes 'weights', a file, and --as ENCODER");
  }
  if (const auto& what = values["what"].as<std::string>(); what != "weights") {
    throw ConfigError(unknown_name("thing to import", what, std::vector<std::string>{"weights"}));
  }
  const auto& files = values["file"].as<std::vector<std::string>>();
  if (files.size() != 1) {
    throw ConfigError(fmt::format(
        "'musicrep import weights' takes one file, {} are given; files that belong to it are found next to it",
        files.size()));
  }
  const fs::path file = files[0];
  const auto& encoder = values["as"].as<std::string>();
  const auto& import_weights = importer(encoder, registry);
  const fs::path out = values.contains("out") ? values["out"].as<std::string>() : encoder + ".h5";
  const WeightsFormat format = weights_format(file);
  if (format == WeightsFormat::kMusicrep) {
    throw DataError(fmt::format(
        "'{}' is already a musicrep weights file; there is nothing to import. To check it: musicrep validate weights FILE",
        file.string()));
  }
  std::error_code none;
  if (fs::equivalent(file, out, none)) {
    throw ConfigError(fmt::format("--out: '{}' is the published file itself", out.string()));
  }
  require_writable_folder(out.has_parent_path() ? out.parent_path() : fs::path("."));
  import_weights(file.string(), out.string());
  const Weights weights = read_weights(out);
  fmt::print("{}: {}, read as {}\n", file.string(), format_name(format), encoder);
  print_summary(weights);
  fmt::print("written: {}\n", out.string());
  return kOk;
}

}  // namespace

extern const Command import_command = {.place = 80,
                                       .name = "import",
                                       .summary = "convert published weights to a weights file",
                                       .run = command_main};

}  // namespace musicrep::cli
