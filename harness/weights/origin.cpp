#include "weights/origin.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "musicrep/error.h"

namespace musicrep {
namespace {

/// The value's text, or "unknown".
std::string text(const nlohmann::json& source, const char* key) {
  const auto it = source.find(key);
  if (it == source.end()) return "unknown";
  return it->is_string() ? it->get<std::string>() : it->dump();
}

}  // namespace

LearnedShare learned_share(const std::vector<double>& validation_loss, double base) {
  if (validation_loss.empty() || !std::isfinite(base) || base <= 0) return {};
  const double best = *std::ranges::min_element(validation_loss);
  return {true, best, base, 1 - best / base};
}

LearnedShare learned_share(const std::map<std::string, std::vector<double>>& curves) {
  const auto base = curves.find("base_loss");
  const auto losses = curves.find("validation_loss");
  if (base == curves.end() || losses == curves.end() || base->second.empty()) return {};
  return learned_share(losses->second, base->second.front());
}

void require_frame_space(const std::string& where, const std::string& trained,
                         const std::string& given) {
  if (given.empty() || given == trained) return;
  throw DataError(
      fmt::format("{} trained on frames of the space '{}', but the data set's are of '{}': they "
                  "are not comparable",
                  where, trained, given));
}

std::vector<std::string> origin_notes(const Weights& weights) {
  const nlohmann::json& source = weights.source;
  if (text(source, "kind") == "imported") {
    std::string out = fmt::format("published weights {} ({}, sha256 {:.12})", text(source, "file"),
                                  text(source, "format"), text(source, "file_sha256"));
    if (source.contains("trained_on")) out += ", trained on " + text(source, "trained_on");
    return {out};
  }
  std::string out =
      fmt::format("weights trained here: {} steps on {} (sha256 {:.12})", text(source, "steps"),
                  text(source, "corpus"), text(source, "corpus_sha256"));
  if (source.contains("objective")) out += ", " + text(source, "objective");
  std::vector<std::string> notes = {std::move(out)};
  const LearnedShare learned = learned_share(weights.curves);
  if (learned.known && learned.share < kLeastLearned) {
    notes.push_back(
        fmt::format("not trained: {} on held-out items is hardly less than the {} of base rates "
                    "(explained: {:.1f} %)",
                    fmt::format("{:.4g}", learned.loss), fmt::format("{:.4g}", learned.base),
                    100 * learned.share));
  }
  for (const auto& [name, labels] : weights.labels) {
    // AudioSet's hundreds are in the weights file only.
    constexpr std::ptrdiff_t kMostNamed = 100;
    const bool all = std::ssize(labels) <= kMostNamed;
    notes.push_back(
        fmt::format("trained on these {} {}: {}{}", labels.size(), name,
                    fmt::join(labels.begin(), all ? labels.end() : labels.begin() + 10, ", "),
                    all ? "" : ", … (all are in the weights)"));
  }
  return notes;
}

}  // namespace musicrep
