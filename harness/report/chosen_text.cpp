#include "report/chosen_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

/// What the one parameter of a probe is called, by what results call the probe or its kernel.
const char* parameter_name(const std::string& kernel) {
  if (kernel == "knn") return "k";
  return kernel == "ridge" || kernel == "mlp" ? "penalty" : "C";
}

/// "rbf, C = 1, gamma = 2^-9, standardised".
std::string parameters_text(const CandidateScore& chosen) {
  std::string out =
      fmt::format("{}, {} = {:.6g}", plain(chosen.kernel), parameter_name(chosen.kernel), chosen.c);
  if (!chosen.gamma_rule.empty()) {
    out += ", gamma = " + plain(chosen.gamma_rule);
  } else if (chosen.gamma > 0) {
    out += fmt::format(", gamma = {:.6g}", chosen.gamma);
  }
  return out + (chosen.standardised ? ", standardised" : "");
}

std::string counts_text(const std::vector<const Selection*>& selected, std::size_t most,
                        const char* of_what) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Selection* selection : selected) {
    const std::string text = parameters_text(selection->chosen);
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
    parts.push_back(fmt::format("{} ({} of {} {})", counts[i].first, counts[i].second,
                                selected.size(), of_what));
  }
  if (const std::size_t rest = counts.size() - parts.size(); rest > 0) {
    parts.push_back(fmt::format("{} other{}", rest, rest == 1 ? "" : "s"));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::string chosen_text(const TargetResult& target, std::size_t most) {
  std::vector<const Selection*> selected;
  for (const Selection& selection : target.selected) selected.push_back(&selection);
  return counts_text(selected, most, "folds");
}

std::string chosen_for_tags_text(const ResultRow& row, std::size_t most) {
  std::vector<const Selection*> selected;
  for (const TargetResult& target : row.targets) {
    for (const Selection& selection : target.selected) selected.push_back(&selection);
  }
  return counts_text(selected, most, "choices");
}

}  // namespace musicrep
