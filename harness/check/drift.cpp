#include "check/drift.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kFirstProjection = 2;

// How far the vectors moved as a share of their norm, from the projections; 1 where their widths
// differ.
double share_moved(const Fingerprint& a, const Fingerprint& b) {
  if (a.dim != b.dim || a.summary.size() != b.summary.size() ||
      a.summary.size() <= kFirstProjection) {
    return 1;
  }
  double squares = 0;
  for (std::size_t k = kFirstProjection; k < a.summary.size(); ++k) {
    squares += (a.summary[k] - b.summary[k]) * (a.summary[k] - b.summary[k]);
  }
  const double moved =
      std::sqrt(squares / static_cast<double>(a.summary.size() - kFirstProjection));
  return moved == 0 ? 0 : moved / std::max(a.summary[1], b.summary[1]);
}

/// What a fingerprint declares.
nlohmann::json declared_of(const std::string& text) {
  nlohmann::json declared = parse_bounded_json(text);
  if (declared.is_object()) return declared;
  throw DataError(
      fmt::format("a fingerprint declares '{}', expected a JSON object", text.substr(0, 40)));
}

std::string short_value(const nlohmann::json& v) {
  std::string text = v.is_string() ? v.get<std::string>() : v.dump();
  if (text.size() > 24) text = text.substr(0, 12) + "…";
  return text.empty() ? "nothing" : text;
}

std::vector<std::string> declared_differences(const std::string& reference,
                                              const std::string& run) {
  if (reference == run) return {};
  const nlohmann::json was = declared_of(reference).flatten();
  const nlohmann::json is = declared_of(run).flatten();
  std::set<std::string> keys;
  for (const auto& entry : was.items()) keys.insert(entry.key());
  for (const auto& entry : is.items()) keys.insert(entry.key());
  std::vector<std::string> out;
  for (const std::string& key : keys) {
    const nlohmann::json old_value = was.value(key, nlohmann::json(""));
    const nlohmann::json new_value = is.value(key, nlohmann::json(""));
    if (old_value == new_value) continue;
    std::string name = key.substr(1);
    std::ranges::replace(name, '/', '.');
    if (name == "content") name = kFilesDeclared;
    out.push_back(
        fmt::format("{}: {}, was {}", name, short_value(new_value), short_value(old_value)));
  }
  return out;
}

bool is_trained_here(const Fingerprint& fingerprint) {
  const nlohmann::json declared = declared_of(fingerprint.declared);
  const auto content = declared.find("content");
  return content != declared.end() && content->is_string() &&
         content->get<std::string>().starts_with("fit ");
}

EncoderDrift drift_of(const Fingerprint& was, const Fingerprint& is, double rounding,
                      bool same_machine) {
  EncoderDrift out{is.encoder,       is.dataset, is.seed,
                   Drift::kSameBits, 0,          declared_differences(was.declared, is.declared)};
  const bool both = was.none.empty() && is.none.empty() && was.signals == is.signals;
  if (both && was.sha256 != is.sha256) out.share = share_moved(was, is);
  if (!out.declared.empty()) {
    out.drift = Drift::kDeclared;
  } else if (!both) {
    out.drift = was.none == is.none && was.signals == is.signals ? Drift::kNone : Drift::kMoved;
  } else if (is.batch_drift > rounding && was.batch_drift <= rounding) {
    out.drift = Drift::kBatch;
    out.share = is.batch_drift;
  } else if (was.sha256 == is.sha256) {
    out.drift = Drift::kSameBits;
  } else if (out.share <= rounding) {
    out.drift = Drift::kRounding;
  } else {
    out.drift = !same_machine && is_trained_here(is) ? Drift::kRetrained : Drift::kMoved;
  }
  return out;
}

}  // namespace

std::vector<EncoderDrift> drifts(const Results& reference, const Results& run, double rounding,
                                 bool same_machine) {
  std::vector<EncoderDrift> out;
  for (const Fingerprint& was : reference.fingerprints) {
    const auto is = std::ranges::find_if(run.fingerprints, [&](const Fingerprint& f) {
      return f.encoder == was.encoder && f.dataset == was.dataset && f.seed == was.seed;
    });
    if (is != run.fingerprints.end()) out.push_back(drift_of(was, *is, rounding, same_machine));
  }
  return out;
}

std::string drift_text(const EncoderDrift& drift) {
  switch (drift.drift) {
    case Drift::kSameBits:
      return "the same bits";
    case Drift::kRounding:
      return fmt::format("moved by {:.1e} of its norm: rounding", drift.share);
    case Drift::kMoved:
      return fmt::format("moved by {:.1e} of its norm, all that it declares being the same",
                         drift.share);
    case Drift::kDeclared:
      return fmt::format("declares other things ({}){}", fmt::join(drift.declared, "; "),
                         drift.share > 0 ? fmt::format(", moved by {:.1e} of its norm", drift.share)
                                         : std::string());
    case Drift::kRetrained:
      return fmt::format("moved by {:.1e} of its norm: retrained on another machine", drift.share);
    case Drift::kBatch:
      return fmt::format("depends on the others in a call (by {:.1e} of its norm)", drift.share);
    case Drift::kNone:
      break;
  }
  return "has no fingerprint; what it declares is the same";
}

std::vector<DriftGroup> grouped(const std::vector<EncoderDrift>& drifts) {
  struct Group {
    EncoderDrift worst;
    std::set<std::int64_t> seeds;
  };
  std::vector<Group> groups;
  std::set<std::string> several;  // encoders with more than one seed
  for (const EncoderDrift& drift : drifts) {
    if (drift.seed > 0) several.insert(drift.encoder);
    const auto same = std::ranges::find_if(groups, [&](const Group& group) {
      return group.worst.encoder == drift.encoder && group.worst.drift == drift.drift &&
             (drift.declared.empty() || group.worst.declared.size() == drift.declared.size());
    });
    if (same == groups.end()) {
      groups.push_back({drift, {drift.seed}});
      continue;
    }
    same->seeds.insert(drift.seed);
    if (drift.share > same->worst.share) same->worst = drift;
  }
  std::vector<DriftGroup> out;
  for (const auto& [worst, seeds] : groups) {
    out.push_back({several.contains(worst.encoder)
                       ? fmt::format("{} (seed{} {})", worst.encoder, seeds.size() > 1 ? "s" : "",
                                     fmt::join(seeds, ", "))
                       : worst.encoder,
                   worst});
  }
  return out;
}

}  // namespace musicrep
