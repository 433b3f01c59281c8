// What every encoder promises (musicrep/encoder.h), tried on signals that are made here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

enum class ContractVerdict {
  kHolds,
  kDeclared,  ///< it does not hold, and the encoder says so itself
  kBroken,
  kDoesNotApply,
};

/// "holds", "declared", "broken" or "does not apply".
const char* contract_verdict_name(ContractVerdict verdict);

/// What one check found.
struct ContractFinding {
  std::string check;
  ContractVerdict verdict = ContractVerdict::kHolds;
  std::string seen;
  std::string said = {};  ///< the error that it threw, which may name paths; empty: none
};

/// What was seen, and what was said of it.
inline std::string full_text(const ContractFinding& finding) {
  return finding.said.empty() ? finding.seen : finding.seen + ": " + finding.said;
}

/// The names of the checks, in the order of the findings.
inline constexpr const char* kMetadataCheck = "metadata";
inline constexpr const char* kShapeCheck = "shape";
inline constexpr const char* kDimCheck = "width";
inline constexpr const char* kFiniteCheck = "finite";
inline constexpr const char* kTwiceCheck = "same bits twice";
inline constexpr const char* kBatchCheck = "batch of 1 and of N";
inline constexpr const char* kOrderCheck = "order of items";
inline constexpr const char* kThreadsCheck = "several threads";
inline constexpr const char* kInputCheck = "input not modified";
inline constexpr const char* kSilenceCheck = "silence";
inline constexpr const char* kOneSampleCheck = "one sample";
inline constexpr const char* kEmptyCheck = "empty input";
inline constexpr const char* kWrongShapeCheck = "wrong shape";
inline constexpr const char* kNotANumberCheck = "not a number";
inline constexpr const char* kSampleRateCheck = "sample rate";
inline constexpr const char* kVeryLongCheck = "very long";          ///< thorough alone
inline constexpr const char* kConstructedCheck = "made once more";  ///< thorough alone

struct ContractOptions {
  /// Items to ask for, where the encoder takes ids alone; without any it is tried on nothing.
  std::vector<std::string> ids;
  /// Ten minutes of audio, and the encoder constructed once more.
  bool thorough = false;
  /// Constructs the same encoder once more; may be empty.
  std::function<std::unique_ptr<Encoder>()> again;
};

/// What check_contract() found, and what the encoder made of the fixed signals on the way.
struct ContractReport {
  std::vector<ContractFinding> findings;
  std::vector<Matrix> together;  ///< [n] of one call with all signals; empty where it threw
  std::string thrown;            ///< what that call threw; empty: nothing
  /// Share of the norm of `together` by which it differs from a call for each signal (see
  /// batch_drift()); 0 where the encoder declares a batch, or could not be asked.
  double drift = 0;
};

/// Tries an encoder on fixed_signals() and on signals that are too short, of another shape, silent
/// or no numbers. About thirty short clips without `thorough`. `info` is its static_info(). The
/// findings are the same whenever the encoder gives the same bits. Throws nothing of the encoder's.
ContractReport check_contract(Encoder& encoder, const EncoderInfo& info,
                              const ContractOptions& options = {});

/// What is wrong with what an encoder says of itself, one line each.
std::vector<std::string> metadata_problems(const EncoderInfo& info);

/// How far vectors of one call are from those of a call each, as a share of the norm of the first;
/// 0 where they are the same bits, 1 where their numbers of values differ.
double batch_drift(std::span<const Matrix> together, std::span<const Matrix> alone);

}  // namespace musicrep
