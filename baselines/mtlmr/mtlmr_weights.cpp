#include "mtlmr_weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/hash.h"
#include "formats/npz.h"
#include "musicrep/error.h"
#include "nn/state.h"
#include "weights/torch_pickle.h"

namespace musicrep {
namespace {

using nlohmann::json;

constexpr const char* kArchitecture = "mtlmr";
constexpr const char* kScalerFile = "mel_standard_scaler_params.npz";

/// Throws DataError where `config` is not what mtlmr_description() writes.
MtlmrConfig config_of(const json& config, const std::string& where) {
  try {
    MtlmrConfig out{{}, config.at("branch_at").get<std::string>()};
    for (const json& task : config.at("tasks")) {
      out.heads.push_back({task.at("name").get<std::string>(),
                           task.at("outputs").get<std::int64_t>(), task.at("siamese").get<bool>()});
      if (out.heads.back().outputs < 1 || out.heads.back().outputs > 1'000'000) {
        throw DataError(fmt::format("{} task '{}' has {} outputs", where, out.heads.back().name,
                                    out.heads.back().outputs));
      }
    }
    if (out.heads.empty() || std::ranges::count(mtlmr_sharings(), out.branch_at) == 0) {
      throw DataError(
          fmt::format("{} found branch_at = '{}' and {} tasks, expected {} and at "
                      "least one task",
                      where, out.branch_at, out.heads.size(), fmt::join(mtlmr_sharings(), ", ")));
    }
    return out;
  } catch (const json::exception& e) {
    throw DataError(fmt::format("{} its config is not understood: {}", where, e.what()));
  }
}

/// What the names and shapes of a state dict say of its network.
MtlmrConfig config_of(const NamedTensors& tensors, const std::string& where) {
  const auto count = [&](const std::string& before, const std::string& after) {
    std::size_t n = 0;
    while (tensors.contains(before + std::to_string(n) + after)) ++n;
    return n;
  };
  MtlmrConfig config;
  const std::size_t n_shared = count("shared.", ".conv.weight");
  const std::size_t blocks[] = {0, 1, 3, 5, 7};
  const auto* const found = std::ranges::find(blocks, n_shared);
  const std::size_t n_tasks = count("branches_infer.", ".0.weight");
  if (found == std::end(blocks) || n_tasks == 0) {
    throw DataError(fmt::format(
        "{} no MTLMR network: found {} shared convolutions and {} tasks, expected 0, 1, "
        "3, 5 or 7 (shared.I.conv.weight) and at least 1 (branches_infer.I.0.weight)",
        where, n_shared, n_tasks));
  }
  config.branch_at = mtlmr_sharings()[static_cast<std::size_t>(found - blocks)];
  for (std::size_t i = 0; i < n_tasks; ++i) {
    const std::string head = "branches_infer." + std::to_string(i);
    const auto second = tensors.find(head + ".4.weight");
    const bool siamese = second != tensors.end();
    const FloatTensor& last = siamese ? second->second : tensors.at(head + ".0.weight");
    const std::size_t outputs = last.shape.empty() ? 0 : last.shape[0];
    if (outputs == 0) throw DataError(fmt::format("{} task {} has no outputs", where, i));
    config.heads.push_back({siamese ? "self" : fmt::format("task {}", i),
                            static_cast<std::int64_t>(outputs), siamese});
  }
  return config;
}

/// Takes the tasks' names from the members beside the state dict, where they are.
void use_members(MtlmrConfig& config, const json& members, const std::string& where) {
  const json branch_at = members.value("branch_at", json());
  if (branch_at.is_string() && branch_at != config.branch_at) {
    throw DataError(fmt::format("{} says branch_at = '{}', but its tensors are those of '{}'",
                                where, branch_at.get<std::string>(), config.branch_at));
  }
  const json tasks = members.value("tasks", json());
  if (!tasks.is_array()) return;
  if (tasks.size() != config.heads.size()) {
    throw DataError(fmt::format("{} names {} tasks, but has tensors of {}", where, tasks.size(),
                                config.heads.size()));
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    MtlmrHead& head = config.heads[i];
    if (tasks[i].is_string() && !head.siamese) head.name = tasks[i].get<std::string>();
  }
}

FloatTensor scaler_tensor(const NpzFile& file, const std::filesystem::path& path,
                          const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!file.has(name)) continue;
    const std::vector<double> values = file.read(name).to_numbers();
    return {{values.size()}, {values.begin(), values.end()}};
  }
  throw DataError(fmt::format("{}: found the arrays {}, expected one of {}", path.string(),
                              fmt::join(file.names(), ", "), fmt::join(names, ", ")));
}

void add_scaler(NamedTensors& tensors, const std::filesystem::path& checkpoint) {
  const std::filesystem::path path = checkpoint.parent_path() / kScalerFile;
  if (!std::filesystem::is_regular_file(path)) {
    throw DataError(fmt::format(
        "{}: its scaler is missing: expected the release's musmtl/data/{} beside it, mean and "
        "deviation of each mel band",
        checkpoint.string(), kScalerFile));
  }
  const NpzFile file(path);
  tensors["scaler_mean"] = scaler_tensor(file, path, {"mean", "mean_", "mu"});
  tensors["scaler_scale"] = scaler_tensor(file, path, {"sd", "std", "scale", "scale_", "sigma"});
}

}  // namespace

Weights mtlmr_description(const MtlmrConfig& config, const std::string& last_patch) {
  Weights weights;
  weights.architecture = kArchitecture;
  json tasks = json::array();
  for (const MtlmrHead& head : config.heads) {
    tasks.push_back({{"name", head.name}, {"outputs", head.outputs}, {"siamese", head.siamese}});
  }
  weights.config = {
      {"branch_at", config.branch_at}, {"tasks", std::move(tasks)}, {"last_patch", last_patch}};
  return weights;
}

MtlmrNet mtlmr_network(const Weights& weights, const std::string& where) {
  if (weights.architecture != kArchitecture) {
    throw DataError(fmt::format("{} found weights of '{}', expected of '{}'", where,
                                weights.architecture, kArchitecture));
  }
  MtlmrNet net(config_of(weights.config, where));
  load_state(*net, weights.tensors, where);
  net->eval();
  return net;
}

Weights import_mtlmr_checkpoint(const std::filesystem::path& path) {
  const std::string where = path.string() + ":";
  TorchCheckpoint checkpoint = read_torch_checkpoint(path);
  NamedTensors& tensors = checkpoint.tensors;
  std::erase_if(tensors, [](const auto& t) { return t.first.ends_with("num_batches_tracked"); });
  MtlmrConfig config = config_of(tensors, where);
  use_members(config, checkpoint.rest, where);
  add_scaler(tensors, path);
  Weights weights = mtlmr_description(config, "zero-db");
  weights.tensors = std::move(tensors);
  weights.source = {{"kind", "imported"},
                    {"format", "PyTorch checkpoint of eldrin/MTLMusicRepresentation-PyTorch"},
                    {"file", path.filename().string()},
                    {"file_sha256", sha256_of_file(path)},
                    {"scaler_sha256", sha256_of_file(path.parent_path() / kScalerFile)}};
  mtlmr_network(weights, where);  // checks all tensors
  return weights;
}

Weights read_mtlmr_weights(const std::filesystem::path& path) {
  require_file(path, "weights");
  return is_weights_file(path) ? read_weights(path) : import_mtlmr_checkpoint(path);
}

}  // namespace musicrep
