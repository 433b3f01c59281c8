// An encoder that is any program: a folder of signals in, a folder of .npy files out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// Runs a command without a shell, in the experiment file's folder, once for `items_a_call` items.
/// {in} in it stands for a folder with 000000.wav, 000001.wav, ... (float32 PCM) or .npy (float32
/// VGGish frames [T, 128]) and items.csv (file, id); {out} for one where it leaves 000000.npy, ...:
/// [T, dim] or [dim] each. Whatever goes wrong is a ForeignFailure.
class Command : public Encoder {
 public:
  static EncoderInfo static_info();
  /// What `options` (complete) make of that: input, rate, channels, hop.
  static EncoderInfo info_for(const Options& options);

  /// Throws ConfigError on options that cannot be, DataError where one of `files` is missing.
  explicit Command(const EncoderArgs& args);

  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  [[nodiscard]] std::size_t batch_size() const override { return items_a_call_; }
  /// The command; and whether a change of what it runs would be seen.
  [[nodiscard]] std::vector<std::string> notes() const override;
  /// Of `files`, and of the files that the command names itself.
  [[nodiscard]] std::string content_sha256() const override;

 private:
  [[noreturn]] void fail(std::span<const Signal> signals, const std::string& reason) const;

  std::string text_;
  std::vector<std::string> words_;
  std::string folder_;
  std::vector<std::string> files_;  // all that are part of the key
  EncoderInfo info_;
  std::size_t items_a_call_;
  double limit_s_;
};

}  // namespace musicrep
