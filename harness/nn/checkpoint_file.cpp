#include "nn/checkpoint_file.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "core/files.h"
#include "musicrep/error.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

using nlohmann::json;
constexpr std::string_view kArchitecture = "checkpoint";

/// Tensors of all kinds stand in one list, under their kind's name.
void add_tensors(Weights& file, const std::string& kind, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) file.tensors.emplace(kind + ":" + name, tensor);
}

NamedTensors take_tensors(Weights& file, const std::string& kind) {
  NamedTensors tensors;
  const std::string prefix = kind + ":";
  for (auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) tensors.emplace(name.substr(prefix.size()), std::move(tensor));
  }
  return tensors;
}

/// Throws DataError with all that differs.
void require_same(const json& found, const json& expected, const std::filesystem::path& path) {
  const json a = found.flatten();
  const json b = expected.flatten();
  std::set<std::string> keys;
  for (const auto& item : a.items()) keys.insert(item.key());
  for (const auto& item : b.items()) keys.insert(item.key());
  Problems problems;
  for (const std::string& key : keys) {
    const auto text = [&](const json& j) { return j.contains(key) ? j[key].dump() : "nothing"; };
    if (text(a) != text(b)) {
      problems.add(fmt::format("'{}': found {}, expected {}", key.substr(1), text(a), text(b)));
    }
  }
  problems.throw_if_any(fmt::format(
      "checkpoint '{}' is of another training; remove it to begin this one:", path.string()));
}

Checkpoint to_checkpoint(Weights& file) {
  Checkpoint out;
  const json& state = file.source;
  out.step = state.at("step");
  out.best_step = state.at("best_step");
  out.validations_since_best = state.at("validations_since_best");
  out.loss_sum = state.at("loss_sum");
  out.updates = state.at("updates").get<std::map<std::string, std::int64_t>>();
  if (state.contains("best_loss")) out.best_loss = state.at("best_loss");
  out.model = take_tensors(file, "model");
  out.first_moments = take_tensors(file, "first_moment");
  out.second_moments = take_tensors(file, "second_moment");
  out.best = take_tensors(file, "best");
  out.curves = std::move(file.curves);
  return out;
}

}  // namespace

CheckpointFile::CheckpointFile(std::filesystem::path path, json configuration)
    : path_(std::move(path)), configuration_(std::move(configuration)) {}

std::optional<Checkpoint> CheckpointFile::load() {
  std::error_code ec;
  if (!std::filesystem::exists(path_, ec)) return std::nullopt;
  open_for_reading(path_);  // a file that may not be read is no damaged one
  Weights file;
  try {
    file = read_weights(path_);
  } catch (const DataError&) {
    std::filesystem::rename(path_, path_.string() + ".damaged", ec);
    if (ec) throw;
    return std::nullopt;
  }
  if (file.architecture != kArchitecture) {
    throw DataError(fmt::format("'{}' is no checkpoint: it holds weights of {}", path_.string(),
                                file.architecture));
  }
  require_same(file.config, configuration_, path_);
  return to_checkpoint(file);
}

void CheckpointFile::save(const Checkpoint& checkpoint) {
  Weights file;
  file.architecture = kArchitecture;
  file.config = configuration_;
  file.source = {{"kind", kArchitecture},
                 {"step", checkpoint.step},
                 {"best_step", checkpoint.best_step},
                 {"validations_since_best", checkpoint.validations_since_best},
                 {"loss_sum", checkpoint.loss_sum},
                 {"updates", checkpoint.updates}};
  // JSON has no infinity.
  if (!checkpoint.best.empty()) file.source["best_loss"] = checkpoint.best_loss;
  add_tensors(file, "model", checkpoint.model);
  add_tensors(file, "first_moment", checkpoint.first_moments);
  add_tensors(file, "second_moment", checkpoint.second_moments);
  add_tensors(file, "best", checkpoint.best);
  file.curves = checkpoint.curves;
  write_weights(path_, file);
}

}  // namespace musicrep
