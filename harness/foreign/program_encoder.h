// An encoder whose vectors a program computes.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foreign/layers.h"
#include "foreign/program_settings.h"
#include "foreign/stream_process.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// What makes one.
struct ProgramEncoderArgs {
  EncoderInfo info;  ///< with these options
  StreamCommand command;
  ProgramSettings settings;
  std::vector<std::string> files;  ///< those on whose content its vectors depend
  std::string note;                ///< what a reader of a row must know
  std::string note_without_files;  ///< the same where `files` is empty
};

/// Cuts signals into windows where the options ask for it, sends them in batches, and lays out what
/// returns: frames as they are, or one row for each clip or window where there are windows, layers
/// or poolings. The program speaks the stream protocol and is started when the first vector is
/// needed; a derived class may ask it in another way. Whatever goes wrong is a ForeignFailure.
class ProgramEncoder : public Encoder, public MultiViewEncoder, public LayerTracer {
 public:
  explicit ProgramEncoder(ProgramEncoderArgs args) : args_(std::move(args)) {}

  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  /// Long audio comes one file at a time: memory is bounded by one file and one batch of windows.
  [[nodiscard]] std::size_t batch_size() const override;
  /// Layers and poolings; nothing before a vector was computed, or where there is one.
  [[nodiscard]] std::vector<VectorView> views() const override;
  std::vector<LayerTrace> trace(const Signal& signal) override;
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] std::string content_sha256() const override;

 protected:
  /// The arrays of a batch, one of each signal. Throws ForeignFailure.
  virtual ProgramVectors compute(std::span<const Signal> signals);
  [[nodiscard]] const ProgramEncoderArgs& args() const { return args_; }

 private:
  /// What every array must be like, once the first has come.
  struct Layout {
    std::size_t layers = 1;
    std::size_t dim = 0;
    bool has_layers = false;
    std::vector<std::string> names;
  };

  // The arrays of each signal: one, or one of each window.
  std::vector<std::vector<ProgramArray>> ask(std::span<const Signal> signals);
  void check_hello(const StreamHello& hello, std::span<const Signal> signals) const;
  // Throws ForeignFailure; `layers` are the names that came with the arrays.
  void learn(std::span<const Signal> signals, const ProgramVectors& vectors);
  [[nodiscard]] bool is_pooled() const;
  [[nodiscard]] std::vector<std::string> poolings() const;
  [[noreturn]] void fail(const std::string& items, const std::string& reason) const;

  ProgramEncoderArgs args_;
  mutable std::mutex mutex_;
  std::optional<Layout> layout_;
  std::string about_;  // what the program said of itself
};

}  // namespace musicrep
