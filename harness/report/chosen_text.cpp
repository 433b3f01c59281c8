#include "report/chosen_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

/// "rbf, C = 1, gamma = 2^-9, standardised".
std::string parameters_text(const CandidateScore& chosen) {
  std::string out = fmt::format("{}, C = {:.6g}", plain(chosen.kernel), chosen.c);
  if (!chosen.gamma_rule.empty()) {
    out += ", gamma = " + plain(chosen.gamma_rule);
  } else if (chosen.gamma > 0) {
    out += fmt::format(", gamma = {:.6g}", chosen.gamma);
  }
  return out + (chosen.standardised ? ", standardised" : "");
}

}  // namespace

std::string chosen_text(const TargetResult& target, std::size_t most) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Selection& selection : target.selected) {
    const std::string text = parameters_text(selection.chosen);
    const auto it = std::find_if(counts.begin(), counts.end(),
                                 [&](const auto& each) { return each.first == text; });
    if (it == counts.end()) {
      counts.emplace_back(text, 1);
    } else {
      ++it->second;
    }
  }
  if (counts.empty()) return kNothing;
  if (counts.size() == 1) return counts[0].first;
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size() && i < most; ++i) {
    parts.push_back(fmt::format("{} ({} of {} folds)", counts[i].first, counts[i].second,
                                target.selected.size()));
  }
  if (const std::size_t rest = counts.size() - parts.size(); rest > 0) {
    parts.push_back(fmt::format("{} other{}", rest, rest == 1 ? "" : "s"));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace musicrep
