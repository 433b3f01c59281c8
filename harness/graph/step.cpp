#include "graph/step.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/hash.h"

namespace musicrep {

nlohmann::json Step::details() const { return nlohmann::json::object(); }

void Step::set_key(std::string key_json) {
  facts_.key = sha256_hex(key_json);
  facts_.key_json = std::move(key_json);
}

const StepOutcome* Outcomes::of(const Step& step) const {
  const auto at = by_key_.find(step.facts().key);
  return at == by_key_.end() ? nullptr : &at->second;
}

std::string Outcomes::refusal(const Step& step) const {
  if (!step.facts().refusal.empty()) return step.facts().refusal;
  const StepOutcome* outcome = of(step);
  return outcome == nullptr ? "" : outcome->refusal;
}

void Outcomes::set(const Step& step, StepOutcome outcome) {
  by_key_[step.facts().key] = std::move(outcome);
}

std::vector<const Step*> distinct_steps(std::span<const std::unique_ptr<Step>> steps) {
  std::vector<const Step*> out;
  std::unordered_set<std::string_view> seen;
  for (const auto& step : steps) {
    const StepFacts& facts = step->facts();
    if (facts.refusal.empty() && !seen.insert(facts.key).second) continue;
    out.push_back(step.get());
  }
  return out;
}

std::vector<const Step*> needs_of(const Step& step) {
  std::vector<const Step*> out = step.facts().inputs;
  out.insert(out.end(), step.facts().after.begin(), step.facts().after.end());
  const auto key = [](const Step* of) -> const std::string& { return of->facts().key; };
  std::ranges::sort(out, {}, key);
  // Not std::ranges::unique, which clang 14 cannot compile with this library.
  out.erase(std::unique(out.begin(), out.end(),
                        [&](const Step* a, const Step* b) { return key(a) == key(b); }),
            out.end());
  return out;
}

std::unordered_map<const Step*, std::vector<const Step*>> needs_among(
    std::span<const Step* const> steps) {
  std::unordered_map<std::string_view, const Step*> by_key;
  for (const Step* step : steps) {
    const auto [at, is_new] = by_key.try_emplace(step->facts().key, step);
    // Of two names for the same work, the one that can be run.
    if (!is_new && step->facts().refusal.empty()) at->second = step;
  }
  std::unordered_map<const Step*, std::vector<const Step*>> out;
  for (const Step* step : steps) {
    std::vector<const Step*>& needs = out[step];
    for (const Step* need : needs_of(*step)) {
      if (const auto at = by_key.find(need->facts().key); at != by_key.end()) {
        needs.push_back(at->second);
      }
    }
  }
  return out;
}

}  // namespace musicrep
