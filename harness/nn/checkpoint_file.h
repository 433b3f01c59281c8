// A training's state in a file.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "nn/trainer.h"

namespace musicrep {

/// Keeps the state in one file, written aside and renamed: a kill or a full disk leaves the last
/// good one. `configuration` (an object) is stored with it; a file of another configuration is
/// refused (DataError that names each difference), a damaged one is set aside and training begins
/// again.
class CheckpointFile : public Checkpoints {
 public:
  CheckpointFile(std::filesystem::path path, nlohmann::json configuration);
  std::optional<Checkpoint> load() override;
  void save(const Checkpoint& checkpoint) override;

 private:
  std::filesystem::path path_;
  nlohmann::json configuration_;
};

}  // namespace musicrep
