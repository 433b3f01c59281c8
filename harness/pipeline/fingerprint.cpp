#include "pipeline/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "contract/fixed_signals.h"
#include "core/hash.h"
#include "core/program_files.h"
#include "core/random.h"
#include "musicrep/error.h"
#include "pipeline/encoding.h"
#include "pipeline/pooling.h"
#include "pipeline/provenance.h"
#include "pipeline/stored.h"

namespace musicrep {
namespace {

constexpr std::size_t kProjections = 16;

double norm(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum);
}

// Mean, norm, and sums with random signs: where v moves by d, each moves by about the norm of d
// (Johnson and Lindenstrauss).
std::vector<double> summary_of(std::span<const double> v) {
  double sum = 0;
  for (const double value : v) sum += value;
  std::vector<double> out = {sum / static_cast<double>(v.size()), norm(v)};
  Random random(derive_seed(0, "fingerprint"));
  for (std::size_t k = 0; k < kProjections; ++k) {
    double projection = 0;
    for (const double value : v) projection += (random.next() >> 63) == 0 ? value : -value;
    out.push_back(projection);
  }
  return out;
}

// All that the program's own output may depend on beside what steps declare.
const std::string& code_sha256() {
  static const std::string hash = [] {
    Sha256 sha;
    sha.update_text(program_sha256());
    for (const auto& [name, value] : code_provenance()) sha.update_text(name).update_text(value);
    return sha.hex();
  }();
  return hash;
}

// What an encoding's key says of its encoder, without its items; frames that a data set has stored
// count as what the encoder stands on, frames that are made here are told by their space.
std::string declared_of(const EncodeStep& step) {
  nlohmann::json key = nlohmann::json::parse(step.key_json);
  for (const char* of_items : {"items", "audio"}) key.erase(of_items);
  if (step.frames) key.erase("frames");
  if (!step.frame_space.empty()) key["frame_space"] = step.frame_space;
  return key.dump();
}

Fingerprint stored_or_taken(const EncodeStep& step, const ArtefactStore& store,
                            const std::function<std::shared_ptr<Encoder>()>& encoder) {
  const std::string key_json = nlohmann::json({{"step", "fingerprint"},
                                               {"space", step.space},
                                               {"frame_space", step.frame_space},
                                               {"signals", fixed_signals_text(step.info)},
                                               {"program", code_sha256()}})
                                   .dump();
  const std::string key = sha256_hex(key_json);
  if (auto stored = stored_result<Fingerprint>(store, "fingerprint", key)) {
    return std::move(*stored);
  }
  Fingerprint out = take_fingerprint(*encoder(), step.info);
  if (step.info.foreign && !out.none.empty()) return out;  // it may do better another time
  store.put_text("fingerprint", key, key_json,
                 fmt::format("{}, training seed {}", step.label, step.seed_index),
                 nlohmann::json(out).dump());
  return out;
}

}  // namespace

Fingerprint take_fingerprint(Encoder& encoder, const EncoderInfo& info,
                             std::span<const std::string> ids) {
  Fingerprint out;
  const ContractReport report = check_contract(
      encoder, info, {.ids = {ids.begin(), ids.end()}, .thorough = false, .again = {}});
  out.contract = contract_lines(report.findings);
  if (info.input == InputKind::kItemId) {
    out.none = "its vectors are looked up in files, whose hash is in what it declares";
    return out;
  }
  out.signals = fixed_signals_text(info);
  out.batch_size = static_cast<std::int64_t>(encoder.batch_size());
  std::vector<std::string> names;
  for (const FixedSignal& signal : fixed_signals(info)) names.push_back(signal.id);
  try {
    if (!report.thrown.empty()) throw DataError(report.thrown);
    const Embeddings together = join_encoded(info.name, names, report.together);
    out.sha256 = sha256_of(together);
    out.dim = static_cast<std::int64_t>(together.values.cols());
    out.summary = summary_of(pool(together, "mean").values());
    out.batch_drift = report.drift;
  } catch (const DataError& error) {
    out.none = fmt::format("it cannot encode the signals: {}", error.what());
  }
  return out;
}

std::vector<ContractLine> contract_lines(std::span<const ContractFinding> findings) {
  std::vector<ContractLine> out;
  for (const ContractFinding& finding : findings) {
    // Results are the same in every folder: errors, which may name paths, stand for what is broken.
    out.push_back(
        {finding.check, contract_verdict_name(finding.verdict),
         finding.verdict == ContractVerdict::kBroken ? full_text(finding) : finding.seen});
  }
  return out;
}

Fingerprint fingerprint_of(const EncodeStep& step, const ArtefactStore& store,
                           const std::function<std::shared_ptr<Encoder>()>& encoder) {
  // Of looked-up vectors a few are enough.
  const std::span<const std::string> ids = step.dataset->ids;
  Fingerprint out =
      step.info.input == InputKind::kItemId
          ? take_fingerprint(*encoder(), step.info, ids.first(std::min<std::size_t>(4, ids.size())))
          : stored_or_taken(step, store, encoder);
  out.encoder = step.label;
  out.dataset = step.dataset->name;
  out.seed = static_cast<std::int64_t>(step.seed_index);
  out.declared = declared_of(step);
  return out;
}

void note_broken_contracts(Results& results) {
  const std::string broken = contract_verdict_name(ContractVerdict::kBroken);
  for (ResultRow& row : results.rows) {
    for (const Fingerprint& f : results.fingerprints) {
      if (f.encoder != row.encoder || f.dataset != row.dataset) continue;
      for (const ContractLine& line : f.contract) {
        if (line.verdict != broken) continue;
        const std::string note = fmt::format("broken contract: {}: {}", line.check, line.seen);
        if (std::ranges::find(row.notes, note) == row.notes.end()) row.notes.push_back(note);
      }
    }
  }
}

}  // namespace musicrep
