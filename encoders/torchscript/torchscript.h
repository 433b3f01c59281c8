// Any exported PyTorch model by its file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/log_mel.h"
#include "musicrep/encoder.h"
#include "torchscript_model.h"

namespace musicrep {

/// Runs a TorchScript file (torch.jit.save) on one item after another: forward() gets a float32
/// tensor and returns [T, dim] or [dim], with or without a batch axis of 1 before them, alone or in
/// a tuple or dictionary. The tensor is, by option `input`, "audio": [channels, N] in [-1, 1];
/// "audio_batch": [1, channels, N]; "log_mel": [channels, T, bands] of one of the front ends of
/// frontend/front_ends.h; "vggish_frames": [T, 128]. What an option leaves out the file's own
/// musicrep.json may say.
class Torchscript : public SignalEncoder {
 public:
  static EncoderInfo static_info();
  /// What options and file say of it. Throws ConfigError on options that cannot be and where there
  /// is no such file, DataError on a file that is no TorchScript.
  static EncoderInfo info_for(const Options& options);

  /// Loads the model. Throws DataError where this Torch cannot, naming both versions.
  explicit Torchscript(const EncoderArgs& args);

  Matrix encode_one(const Signal& signal) override;
  [[nodiscard]] std::vector<std::string> notes() const override;
  /// Of the file.
  [[nodiscard]] std::string content_sha256() const override;

 private:
  std::string path_;
  bool has_batch_axis_ = false;
  std::optional<LogMel> log_mel_;
  std::unique_ptr<TorchscriptModel> model_;
};

}  // namespace musicrep
