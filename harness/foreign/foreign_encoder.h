// An encoder whose code runs in child processes.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/usable_values.h"
#include "foreign/host_process.h"
#include "foreign/messages.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// The option that every encoder in a child has: seconds that one call may take.
inline constexpr const char* kTimeLimitOption = "time_limit_s";
inline constexpr double kTimeLimit_s = 600;

/// Hands everything on to a child of this program, one for each thread that calls at the same time.
/// All children are constructed alike, so that it does not matter which one answers. What they
/// throw, a crash, an end, an answer that is none or none in time, a wrong shape and values that
/// are not finite become ForeignFailure; a ConfigError of the constructor or of check_items() stays
/// what it is.
/// It has the interfaces that can cross to a child; what the encoder there lacks it says no to.
class ForeignEncoder : public Encoder,
                       public TextEncoder,
                       public MultiViewEncoder,
                       public BatchDependentEncoder {
 public:
  /// Constructs it in a first child. `info`: what is known of it with these options.
  ForeignEncoder(std::shared_ptr<HostPool> pool, MakerName maker, EncoderInfo info,
                 EncoderArgs args);
  ~ForeignEncoder() override;

  void check_items(std::span<const std::string> ids) override;
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  [[nodiscard]] std::string reason_without_texts() const override {
    return facts_.reason_without_texts;
  }
  std::vector<TextVector> encode_texts(std::span<const std::string> texts) override;
  [[nodiscard]] std::size_t batch_size() const override { return facts_.batch_size; }
  [[nodiscard]] std::size_t dependent_batch_size() const override {
    return facts_.dependent_batch_size;
  }
  [[nodiscard]] std::vector<VectorView> views() const override { return facts_.views; }
  [[nodiscard]] std::vector<std::string> notes() const override { return facts_.notes; }
  /// Of the shared object and of what the encoder itself depends on.
  [[nodiscard]] std::string content_sha256() const override;

 private:
  std::unique_ptr<HostProcess> host();
  std::string ask(HostProcess& host, Request request, const std::string& bytes,
                  const std::string& doing);
  void learn(const std::string& answer);
  void check(std::span<const Signal> signals, const std::vector<Matrix>& encoded) const;

  std::shared_ptr<HostPool> pool_;
  MakerName maker_;
  EncoderInfo info_;
  EncoderArgs args_;
  double limit_s_;
  EncoderFacts facts_;
  std::optional<std::vector<std::string>> items_;  // those that check_items() received
};

}  // namespace musicrep
