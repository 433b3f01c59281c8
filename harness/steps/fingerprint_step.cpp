#include "steps/fingerprint_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "contract/fixed_signals.h"
#include "core/hash.h"
#include "core/program_files.h"
#include "core/random.h"
#include "evaluation/pooling.h"
#include "graph/cached.h"
#include "musicrep/error.h"
#include "provenance/provenance.h"
#include "steps/encode_items.h"

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

// All that the program's own output may depend on besides what steps declare.
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
// count as inputs of the encoder; frames that are made here are known by their space.
std::string declared_of(const EncodeStep& step) {
  nlohmann::json key = nlohmann::json::parse(step.encoding().key_json);
  for (const char* of_items : {"items", "audio"}) key.erase(of_items);
  if (step.frames() != nullptr) key.erase("frames");
  const std::string& space = step.encoding().frame_space;
  if (!space.empty()) key["frame_space"] = space;
  return key.dump();
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
  out.batch_size = static_cast<std::int64_t>(dependent_batch_size_of(encoder));
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

FingerprintStep::FingerprintStep(const EncodeStep& of) : of_(of) {
  const Encoding& encoding = of.encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kFingerprintStep;
  facts.text =
      fmt::format("{:<24} of {}{}", encoding.label, encoding.dataset->name, encoding.seed_text);
  facts.title = fmt::format("fingerprint of {}{} for {}", encoding.label, encoding.seed_text,
                            encoding.dataset->name);
  set_key(nlohmann::json({{"step", kFingerprintStep},
                          {"space", encoding.space},
                          {"frame_space", encoding.frame_space},
                          {"signals", fixed_signals_text(encoding.info)},
                          {"program", code_sha256()}})
              .dump());
  if (of.training() != nullptr) facts.inputs.push_back(of.training());
  // One that fails on the items is not asked for more.
  if (encoding.info.foreign) facts.inputs.push_back(&of);
  facts.subject = {kFingerprintStep, encoding.label, encoding.dataset->name,
                   static_cast<std::int64_t>(encoding.seed_index)};
  facts.size = fixed_signals(encoding.info).size();
  facts.is_silent_when_stored = true;
}

bool FingerprintStep::is_stored(const ArtefactStore& store) const {
  return store.has(kFingerprintStep, facts().key);
}

StepOutcome FingerprintStep::run(const StepContext& context) const {
  failed_.reset();
  Recipe<Fingerprint> recipe;
  recipe.key = facts().key;
  recipe.title =
      fmt::format("{}, training seed {}", of_.encoding().label, of_.encoding().seed_index);
  recipe.load = [&] {
    return stored_result<Fingerprint>(context.store, kFingerprintStep, facts().key);
  };
  recipe.make = [&](CostMeter& meter) {
    const auto encoder = of_.encoder(context);
    meter.restart();
    return take_fingerprint(*encoder, of_.encoding().info);
  };
  recipe.size = [&](const Fingerprint&) {
    return StepSize{static_cast<std::int64_t>(facts().size), 0};
  };
  recipe.keep = [&](const Fingerprint& fingerprint) {
    if (of_.encoding().info.foreign && !fingerprint.none.empty()) {
      failed_ = fingerprint;
      return;
    }
    context.store.put_text(kFingerprintStep, facts().key, facts().key_json, recipe.title,
                           nlohmann::json(fingerprint).dump());
  };
  const Cached<Fingerprint> made = make_once(context, recipe);
  return {.text = made.value.none.empty() ? made.value.sha256.substr(0, 12) : made.value.none,
          .key = facts().key,
          .was_stored = made.was_stored};
}

Fingerprint FingerprintStep::fingerprint(const StepContext& context) const {
  if (failed_) return *failed_;
  return require_stored<Fingerprint>(context.store, kFingerprintStep, facts().key, facts().title);
}

void FingerprintPart::add_to(Results& results, const FinishedRun& run) const {
  if (!run.outcomes.refusal(of_).empty()) return;
  const Encoding& encoding = of_.encoding();
  Fingerprint out;
  if (step_ != nullptr) {
    if (!run.outcomes.refusal(*step_).empty()) return;
    out = step_->fingerprint(run.context);
  } else {
    // Of vectors that are looked up a few are enough.
    const std::span<const std::string> ids = encoding.dataset->ids;
    out = take_fingerprint(*of_.encoder(run.context), encoding.info,
                           ids.first(std::min<std::size_t>(4, ids.size())));
  }
  out.encoder = encoding.label;
  out.dataset = encoding.dataset->name;
  out.seed = static_cast<std::int64_t>(encoding.seed_index);
  out.declared = declared_of(of_);
  results.fingerprints.push_back(std::move(out));
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
