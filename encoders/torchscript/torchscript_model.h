// A TorchScript model that is run. No torch in here.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

class TorchscriptModel {
 public:
  /// Throws DataError, naming versions found and here, where this Torch cannot load the file.
  /// `format_version` and `written_by` are what the file says of itself, for that message.
  TorchscriptModel(const std::string& path, const std::string& format_version,
                   const std::string& written_by);
  ~TorchscriptModel();
  TorchscriptModel(const TorchscriptModel&) = delete;
  TorchscriptModel& operator=(const TorchscriptModel&) = delete;

  /// Which part of a dictionary (its key) or tuple (its place) run() returns; empty: the only
  /// tensor in it.
  void take_output(const std::string& key_or_place) { output_ = key_or_place; }

  /// forward() of one float32 tensor of `shape`; its tensor [T, dim] or [dim], or that in a batch
  /// of one, as [T, dim]. Throws DataError where it throws or returns something else.
  [[nodiscard]] Matrix run(std::span<const float> values, const std::vector<std::size_t>& shape);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string output_;
};

}  // namespace musicrep
