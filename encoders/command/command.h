// An encoder that is any program: a folder of signals in, a folder of .npy files out, or both
// through its standard input and output.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "foreign/program_encoder.h"

namespace musicrep {

/// Runs a command without a shell, in the experiment file's folder.
///
/// With protocol = "folder" once for `items_a_call` items: {in} in it stands for a folder with
/// 000000.wav, 000001.wav, ... (float32 PCM) or .npy (float32 VGGish frames [T, 128]) and items.csv
/// (file, id); {out} for one where it leaves 000000.npy, ...: [dim], [T, dim] or [layers, T, dim]
/// each. With "stream" once for a run: see foreign/stream_message.h. Whatever goes wrong is a
/// ForeignFailure.
class Command : public ProgramEncoder {
 public:
  static EncoderInfo static_info();
  /// What `options` (complete) make of that: input, rate, channels, window, hop.
  static EncoderInfo info_for(const Options& options);

  /// Throws ConfigError on options that cannot be, DataError where one of `files` is missing.
  explicit Command(const EncoderArgs& args);

  [[nodiscard]] std::size_t batch_size() const override;

 protected:
  ProgramVectors compute(std::span<const Signal> signals) override;

 private:
  [[noreturn]] void fail(std::span<const Signal> signals, const std::string& reason) const;

  std::string text_;
  std::vector<std::string> words_;
  std::string folder_;
  bool is_stream_;
};

}  // namespace musicrep
