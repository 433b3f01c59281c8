#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "check/rows.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

// All that is declared and makes scores incomparable; empty where they compare.
std::vector<std::string> declared_reasons(const Results& run, const Results& reference,
                                          const RowPair& pair,
                                          const std::vector<EncoderDrift>& drifts) {
  std::vector<std::string> out;
  const auto add = [&](const std::vector<FactDifference>& differences) {
    for (const FactDifference& each : differences) out.push_back(fact_text(each));
  };
  add(deciding_for_all(reference, run));
  add(differences_of_dataset(reference, run, pair.a->dataset));
  add(differences_of_protocol(*pair.a, *pair.b));
  for (const EncoderDrift& drift : drifts) {
    if (drift.encoder != pair.a->encoder || drift.dataset != pair.b->dataset) continue;
    for (const std::string& declared : drift.declared) {
      // A master seed has been told of already.
      if (declared.starts_with("seed:") && run.seed != reference.seed) continue;
      const std::string reason = fmt::format("encoder '{}': {}", drift.encoder, declared);
      if (std::ranges::find(out, reason) == out.end()) out.push_back(reason);
    }
  }
  if (out.empty() && pair.a->encoder_version != pair.b->encoder_version) {
    out.push_back(fmt::format("encoder '{}': version {}, was {}", pair.a->encoder,
                              pair.b->encoder_version, pair.a->encoder_version));
  }
  return out;
}

void judge_score(const RowPair& pair, const Tolerances& tolerances, bool same_machine,
                 RowCheck& out) {
  const ResultRow& was = *pair.a;
  const ResultRow& is = *pair.b;
  const Tolerance& allowed = tolerances.of(was);
  out.same_vectors = was.embeddings_sha256 == is.embeddings_sha256;
  out.tolerance = out.same_vectors ? allowed.same_vectors : allowed.other_vectors;
  out.n_other_predictions = n_other_predictions(was, is);
  const double moved = is.score - was.score;
  // Half of a millionth: what the file's six digits leave open.
  if (std::isnan(moved) || std::abs(moved) > out.tolerance + 5e-7) {
    out.verdict = moved > 0 ? Verdict::kImproved : Verdict::kRegressed;
    out.reasons = {fmt::format("{:.4f}, reference {:.4f}, tolerance {:.4f} ({} vectors)", is.score,
                               was.score, out.tolerance, out.same_vectors ? "the same" : "other")};
    return;
  }
  // The same vectors under the same protocol give the same predictions, on another machine but for
  // a few classes on the edge.
  if (!out.same_vectors || out.n_other_predictions == 0) return;
  const auto n = static_cast<double>(was.item_ids.size());
  if (same_machine || (was.metric == "accuracy" &&
                       static_cast<double>(out.n_other_predictions) > std::max(1.0, 0.002 * n))) {
    out.verdict = moved > 0 ? Verdict::kImproved : Verdict::kRegressed;
    out.reasons = {fmt::format("{} of {} predictions are others, of the same vectors{}",
                               out.n_other_predictions, was.item_ids.size(),
                               same_machine ? " on the same machine" : "")};
  }
}

RowCheck judge(const Results& run, const Results& reference, const RowPair& pair,
               const std::vector<EncoderDrift>& drifts, const Tolerances& tolerances) {
  RowCheck out;
  out.encoder = pair.any().encoder;
  out.task = pair.any().task;
  out.protocol = pair.any().protocol;
  if (pair.a == nullptr || pair.b == nullptr) {
    out.verdict = pair.a == nullptr ? Verdict::kExtra : Verdict::kMissing;
    out.layer = Layer::kProvenance;
    out.reasons = {pair.a == nullptr ? "the reference has no such row" : "the run has no such row"};
    return out;
  }
  for (const EncoderDrift& drift : drifts) {
    if (drift.encoder == out.encoder && drift.dataset == pair.b->dataset && is_fault(drift.drift)) {
      out.drift = drift_text(drift);
    }
  }
  out.has_scores = pair.a->failure.empty() && pair.b->failure.empty();
  out.score = pair.b->score;
  out.reference = pair.a->score;
  if (!pair.b->failure.empty() && pair.a->failure.empty()) {
    out.verdict = Verdict::kNotMeasured;
    out.reasons = {pair.b->failure};
  } else if (pair.b->failure.empty() && !pair.a->failure.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.reasons = {fmt::format("the reference has no score: {}", pair.a->failure)};
  } else if (!out.has_scores) {
    out.verdict = Verdict::kSame;  // neither has a score, as was approved
  } else if (out.reasons = declared_reasons(run, reference, pair, drifts); !out.reasons.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.layer = Layer::kProvenance;
  } else if (const std::string items = difference_of_items(*pair.a, *pair.b); !items.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.layer = Layer::kProvenance;
    out.undeclared = true;
    out.reasons = {fmt::format("{}, data and protocol being the same", items)};
  } else {
    judge_score(pair, tolerances, same_machine(reference, run), out);
  }
  return out;
}

// Names of the fields of two objects, or places of two lists, that differ.
std::string differing(const nlohmann::json& a, const nlohmann::json& b) {
  std::vector<std::string> names;
  for (const auto& [name, value] : a.items()) {
    if (!b.contains(name) || b.at(name) != value) names.push_back(name);
  }
  for (const auto& [name, value] : b.items()) {
    if (!a.contains(name)) names.push_back(name);
  }
  if (names.empty()) return "number";
  std::string out = names.front();
  for (std::size_t i = 1; i < names.size() && i < 6; ++i) out += ", " + names[i];
  return names.size() > 6 ? fmt::format("{} and {} more", out, names.size() - 6) : out;
}

// Layer by layer what is not bit for bit the same. The code's version is information.
std::vector<std::string> exact_problems(const Results& run, const Results& reference) {
  nlohmann::json is = run;
  nlohmann::json was = reference;
  for (nlohmann::json* content : {&is, &was}) {
    for (const char* code : {"version", "code_commit", "code_dirty"}) {
      content->at("provenance").erase(code);
    }
  }
  std::vector<std::string> out;
  for (const char* part : {"experiment", "experiment_sha256", "seed", "provenance", "datasets"}) {
    if (is.at(part) == was.at(part)) continue;
    const bool deep = is.at(part).is_structured();
    out.push_back(fmt::format("provenance: {}{}", part,
                              deep ? " (" + differing(was.at(part), is.at(part)) + ")" : ""));
  }
  const auto list = [&](const char* part, const char* layer, auto name_of) {
    const auto& a = was.at(part);
    const auto& b = is.at(part);
    if (a.size() != b.size()) {
      out.push_back(fmt::format("{}: {} entries of '{}', the reference has {}", layer, b.size(),
                                part, a.size()));
      return;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) continue;
      out.push_back(fmt::format("{}: {}: {}", layer, name_of(b[i]), differing(a[i], b[i])));
    }
  };
  const auto text = [](const nlohmann::json& entry, const char* key) {
    return entry.at(key).template get<std::string>();
  };
  list("fingerprints", "fingerprints", [&](const nlohmann::json& entry) {
    return fmt::format("{} on {}", text(entry, "encoder"), text(entry, "dataset"));
  });
  list("rows", "scores", [&](const nlohmann::json& entry) {
    return fmt::format("{} on {} under {}", text(entry, "encoder"), text(entry, "task"),
                       text(entry, "protocol"));
  });
  list("comparisons", "scores", [&](const nlohmann::json& entry) {
    return fmt::format("{} against {} on {}", text(entry, "a"), text(entry, "b"),
                       text(entry, "task"));
  });
  list("ranks", "scores",
       [&](const nlohmann::json& entry) { return "rank of " + text(entry, "encoder"); });
  // Parts that a run may have nothing for are not written then.
  for (nlohmann::json* content : {&is, &was}) {
    for (const char* part : {"retrievals", "diagnoses", "claims"}) {
      content->emplace(part, nlohmann::json::array());
    }
  }
  list("retrievals", "scores",
       [&](const nlohmann::json& entry) { return "retrieval of " + text(entry, "encoder"); });
  list("diagnoses", "scores", [&](const nlohmann::json& entry) {
    return fmt::format("{} of {}, {}", text(entry, "measure"), text(entry, "encoder"),
                       text(entry, "layer"));
  });
  list("claims", "scores",
       [&](const nlohmann::json& entry) { return "claim: " + text(entry, "text"); });
  return out;
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return "same";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kImproved:
      return "improved";
    case Verdict::kMissing:
      return "missing";
    case Verdict::kExtra:
      return "extra";
    case Verdict::kNotComparable:
      return "not comparable";
    case Verdict::kNotMeasured:
      break;
  }
  return "not measured";
}

const char* layer_name(Layer layer) {
  switch (layer) {
    case Layer::kProvenance:
      return "provenance";
    case Layer::kFingerprints:
      return "fingerprints";
    case Layer::kScores:
      break;
  }
  return "scores";
}

bool is_fault(Drift drift) { return drift == Drift::kMoved || drift == Drift::kBatch; }

std::size_t CheckReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(rows, verdict, &RowCheck::verdict));
}

bool CheckReport::moved() const {
  return count(Verdict::kRegressed) + count(Verdict::kImproved) > 0 || !exact_problems.empty() ||
         std::ranges::any_of(drifts, [](const EncoderDrift& d) { return is_fault(d.drift); });
}

bool CheckReport::incomplete() const {
  return rows.empty() ||
         count(Verdict::kSame) + count(Verdict::kRegressed) + count(Verdict::kImproved) <
             rows.size();
}

CheckReport check(const Results& plain_run, const Results& plain_reference,
                  const Tolerances& tolerances, bool exact) {
  const Results run = with_retrieval_rows(plain_run);
  const Results reference = with_retrieval_rows(plain_reference);
  CheckReport out;
  out.reference = reference.experiment;
  out.facts = fact_differences(reference, run);
  out.drifts = drifts(reference, run, tolerances.rounding, same_machine(reference, run));
  for (const RowPair& pair : pair_rows(reference, run)) {
    out.rows.push_back(judge(run, reference, pair, out.drifts, tolerances));
  }
  out.exact = exact;
  if (exact) out.exact_problems = exact_problems(plain_run, plain_reference);
  return out;
}

}  // namespace musicrep
