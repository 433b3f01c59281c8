// Configurations: experiments, protocols, tolerances.
#include "check/tolerances.h"
#include "core/files.h"
#include "experiment/experiment.h"
#include "formats/toml_flat.h"
#include "fuzz.h"
#include "protocols/protocol.h"

namespace musicrep::fuzz {
namespace {

std::string source_file(const std::string& name) {
  return read_file(std::filesystem::path(MUSICREP_SOURCE_DIR) / name);
}

void read_experiment_of(const std::string& bytes) {
  static_cast<void>(flat_toml(bytes, "input.toml"));
  static_cast<void>(read_experiment(input_file("input.toml", bytes)));
}

std::vector<std::string> experiments() {
  return {source_file("experiments/smoke.toml"), source_file("experiments/audioset-music.toml"),
          source_file("experiments/sweep.toml")};
}

void read_protocol(const std::string& bytes) {
  static_cast<void>(parse_protocol(bytes, "input.toml"));
}

std::vector<std::string> protocols() {
  std::vector<std::string> out;
  for (const char* name : {"nested", "choi2017", "gtzan-fault-filtered"}) {
    out.push_back(source_file(std::string("harness/protocols/definitions/") + name + ".toml"));
  }
  return out;
}

void read_tolerances_of(const std::string& bytes) {
  static_cast<void>(read_tolerances(input_file("input.toml", bytes)));
}

std::vector<std::string> tolerances() {
  Tolerances seed;
  seed.content_digest = std::string(64, 'a');
  seed.rows = {{"mfcc", "genre", "nested", 0.01, 0.03}, {"a \"b\"", "m", "p", 0, 1e-9}};
  return {tolerances_toml(seed)};
}

const Registration experiment({"experiment", read_experiment_of, experiments});
const Registration protocol({"protocol", read_protocol, protocols});
const Registration tolerance({"tolerances", read_tolerances_of, tolerances});

}  // namespace
}  // namespace musicrep::fuzz
