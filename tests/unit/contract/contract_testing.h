// What tests of contracts share.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "contract/contract.h"

namespace musicrep {

/// The finding of a check; one without a verdict that can be where there is none.
inline ContractFinding finding_of(const ContractReport& report, const std::string& check) {
  const auto at = std::ranges::find(report.findings, check, &ContractFinding::check);
  REQUIRE(at != report.findings.end());
  return *at;
}

/// "batch of 1 and of N: ...", a line for each check with that verdict.
inline std::vector<std::string> lines_with(const ContractReport& report, ContractVerdict verdict) {
  std::vector<std::string> out;
  for (const ContractFinding& finding : report.findings) {
    if (finding.verdict == verdict) out.push_back(finding.check + ": " + full_text(finding));
  }
  return out;
}

}  // namespace musicrep
