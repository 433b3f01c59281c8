// What a TorchScript file says of itself, read without Torch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace musicrep {

/// The entry that an exporter may put into the file:
/// torch.jit.save(model, path, _extra_files={"musicrep.json": ...}).
struct TorchscriptFacts {
  std::optional<std::string> input;  ///< "audio", "log_mel" or "vggish_frames"
  std::optional<std::string> preset;
  std::optional<std::string> output;  ///< key or place of the result in what forward() returns
  std::optional<double> sample_rate_hz;
  std::optional<std::int64_t> channels;
  std::optional<double> window_s;
  std::optional<double> hop_s;
  std::optional<std::int64_t> dim;
  std::string torch;        ///< the Torch that wrote it; empty: not said
  std::string description;  ///< or empty, as those below
  std::string citation;
  std::string licence;
  std::string format_version;  ///< of the file, as it stands there
};

/// Throws DataError, naming the file, where it is missing, no archive, one of torch.save instead of
/// torch.jit.save, or where its metadata are no JSON object, have an unknown key or a wrong type.
TorchscriptFacts read_torchscript_facts(const std::string& path);

}  // namespace musicrep
