#include "torchscript.h"

#include <fmt/format.h>

#include <filesystem>

#include "core/hash.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "torchscript_choice.h"

namespace musicrep {

Torchscript::Torchscript(const EncoderArgs& args)
    : path_(option<std::string>(args.options, "model")) {
  const TorchscriptChoice choice = torchscript_choice(args.options);
  if (const auto config = choice.log_mel()) log_mel_.emplace(*config);
  has_batch_axis_ = choice.input == "audio_batch";
  model_ =
      std::make_unique<TorchscriptModel>(path_, choice.facts.format_version, choice.facts.torch);
  model_->take_output(choice.output);
}

Matrix Torchscript::encode_one(const Signal& signal) {
  try {
    if (has_batch_axis_) return model_->run(signal.values, {1, signal.rows, signal.cols});
    if (!log_mel_) return model_->run(signal.values, {signal.rows, signal.cols});
    const Spectrogram mel = log_mel_->compute(signal.values, signal.rows);
    const std::vector<float> values(mel.values.begin(), mel.values.end());
    return model_->run(values, {mel.channels, mel.frames, mel.bins});
  } catch (const DataError& error) {
    throw DataError(fmt::format("item '{}': {}", signal.id, error.what()));
  }
}

std::vector<std::string> Torchscript::notes() const {
  return {fmt::format("model `{}`", std::filesystem::path(path_).filename().string())};
}

std::string Torchscript::content_sha256() const { return sha256_of_file(path_); }

}  // namespace musicrep

MUSICREP_NETWORK(torchscript, musicrep::Torchscript)
