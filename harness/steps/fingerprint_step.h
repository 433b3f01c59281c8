// Fingerprints: what an encoder makes of fixed signals, stored with the results, so that a moved
// encoder is not mistaken for a changed score.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "graph/step.h"
#include "steps/encode_step.h"
#include "steps/results_part.h"

namespace musicrep {

inline constexpr const char* kFingerprintStep = "fingerprint";

/// Tries the encoder's contract and fills in everything that comes of the fixed signals: all fields
/// from `signals` on, or `none` with the reason where the encoder looks its vectors up (the
/// contract is then tried on `ids`) or cannot encode them.
Fingerprint take_fingerprint(Encoder& encoder, const EncoderInfo& info,
                             std::span<const std::string> ids = {});

/// As results hold them.
std::vector<ContractLine> contract_lines(std::span<const ContractFinding> findings);

/// Of an encoder that takes signals. The hash of the program is in its key: new code gives a new
/// fingerprint even of embeddings that are stored.
class FingerprintStep final : public Step {
 public:
  explicit FingerprintStep(const EncodeStep& of);
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  /// As it is stored; where an external encoder could not encode the signals, which may go better
  /// another time, as it came in this run.
  [[nodiscard]] Fingerprint fingerprint(const StepContext& context) const;

 private:
  const EncodeStep& of_;
  mutable std::optional<Fingerprint> failed_;
};

/// The fingerprint of the encoder of one encoding.
class FingerprintPart final : public ResultsPart {
 public:
  /// `step`: null for an encoder that looks its vectors up: it is asked at once.
  FingerprintPart(const EncodeStep& of, const FingerprintStep* step) : of_(of), step_(step) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  const EncodeStep& of_;
  const FingerprintStep* step_;
};

/// Adds a note with the failed check to the rows of encoders that fail a conformance check.
void note_broken_contracts(Results& results);

}  // namespace musicrep
