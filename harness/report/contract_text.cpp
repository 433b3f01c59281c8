#include "report/contract_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

// The verdict that weighs most over training seeds.
int weight_of(const std::string& verdict) {
  if (verdict == "broken") return 3;
  if (verdict == "declared") return 2;
  return verdict == "holds" ? 1 : 0;
}

}  // namespace

bool has_contracts(const Results& results) {
  return std::ranges::any_of(results.fingerprints,
                             [](const Fingerprint& f) { return !f.contract.empty(); });
}

std::string contract_summary(const Results& results, const std::string& encoder,
                             const std::string& dataset) {
  std::map<std::string, int> worst;
  for (const Fingerprint& f : results.fingerprints) {
    if (f.encoder != encoder || f.dataset != dataset) continue;
    for (const ContractLine& line : f.contract) {
      int& weight = worst[line.check];
      weight = std::max(weight, weight_of(line.verdict));
    }
  }
  const auto count = [&](int weight) {
    return std::ranges::count_if(worst, [&](const auto& each) { return each.second == weight; });
  };
  if (count(1) + count(2) + count(3) == 0) return kNothing;
  std::string out = fmt::format("{} hold", count(1));
  if (count(2) > 0) out += fmt::format(", {} declared", count(2));
  if (count(3) > 0) out += fmt::format(", **{} broken**", count(3));
  return count(2) + count(3) == 0 ? "all " + out : out;
}

std::string contract_exceptions(const Results& results) {
  std::vector<std::string> lines;
  for (const Fingerprint& f : results.fingerprints) {
    for (const ContractLine& line : f.contract) {
      if (weight_of(line.verdict) < 2) continue;
      const std::string text = fmt::format("- {}, contract: {}: {}: {}\n", plain(f.encoder),
                                           plain(line.check), line.verdict, plain(line.seen));
      if (std::ranges::find(lines, text) == lines.end()) lines.push_back(text);
    }
  }
  if (lines.empty()) return {};
  std::string out;
  for (const std::string& line : lines) out += line;
  return out + "\n";
}

}  // namespace musicrep
