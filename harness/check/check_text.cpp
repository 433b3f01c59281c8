// The check's findings: one line, a page for a terminal, JUnit's XML.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "check/check.h"
#include "check/layout.h"

namespace musicrep {
namespace {

std::string cell(const RowCheck& row) {
  return fmt::format("{} on {} under {}", row.encoder, row.task, row.protocol);
}

const RowCheck* first_with(const CheckReport& report, Verdict verdict) {
  const auto at = std::ranges::find(report.rows, verdict, &RowCheck::verdict);
  return at == report.rows.end() ? nullptr : &*at;
}

// "2 of 24 rows regressed: mfcc on genre under nested: 0.61, …".
void add_rows(const CheckReport& report, Verdict verdict, std::vector<std::string>& parts) {
  const RowCheck* row = first_with(report, verdict);
  if (row == nullptr) return;
  parts.push_back(fmt::format("{} of {} rows {}: {}: {}", report.count(verdict), report.rows.size(),
                              verdict_name(verdict), cell(*row), row->reasons.front()));
}

std::vector<std::string> caught_by_provenance(const CheckReport& report) {
  std::vector<std::string> parts;
  for (const Verdict verdict : {Verdict::kNotComparable, Verdict::kMissing, Verdict::kExtra}) {
    add_rows(report, verdict, parts);
  }
  return parts;
}

std::vector<std::string> caught_by_fingerprints(const CheckReport& report) {
  std::vector<std::string> parts;
  for (const auto& [who, worst] : grouped(report.drifts)) {
    if (is_fault(worst.drift)) parts.push_back(fmt::format("{} {}", who, drift_text(worst)));
  }
  return parts;
}

std::vector<std::string> caught_by_scores(const CheckReport& report) {
  std::vector<std::string> parts;
  for (const Verdict verdict : {Verdict::kRegressed, Verdict::kImproved, Verdict::kNotMeasured}) {
    add_rows(report, verdict, parts);
  }
  return parts;
}

std::vector<std::string> caught_by(const CheckReport& report, Layer layer) {
  switch (layer) {
    case Layer::kProvenance:
      return caught_by_provenance(report);
    case Layer::kFingerprints:
      return caught_by_fingerprints(report);
    case Layer::kScores:
      break;
  }
  return caught_by_scores(report);
}

std::string score_line(const RowCheck& row) {
  if (!row.has_scores) {
    return fmt::format("  {:<14} {}\n", verdict_name(row.verdict), cell(row));
  }
  const std::string predictions =
      row.n_other_predictions == 0 ? "" : fmt::format(", {} predictions", row.n_other_predictions);
  const bool judged = row.layer == Layer::kScores;
  return fmt::format("  {:<14} {:<44} {:>7.4f} {:>+8.4f}{}\n", verdict_name(row.verdict), cell(row),
                     row.score, row.score - row.reference,
                     judged ? fmt::format(" ± {:.4f}{}", row.tolerance, predictions) : "");
}

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML 1.0 has no other control characters, escaped or not.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

enum class Outcome { kPassed, kFailed, kError, kSkipped };
struct Case {
  Outcome outcome = Outcome::kPassed;
  std::string message;
};

// What one layer says of one row. A layer after the one that gave the verdict has nothing to say.
Case outcome_of(const RowCheck& row, Layer layer) {
  const std::string reasons = fmt::format("{}", fmt::join(row.reasons, "; "));
  if (layer == Layer::kFingerprints) {
    return row.drift.empty() ? Case{} : Case{Outcome::kFailed, row.drift};
  }
  if (row.layer < layer) return {Outcome::kSkipped, verdict_name(row.verdict)};
  if (row.layer > layer || row.verdict == Verdict::kSame) return {};
  const bool moved = row.verdict == Verdict::kRegressed || row.verdict == Verdict::kImproved;
  return {moved ? Outcome::kFailed : Outcome::kError,
          fmt::format("{}: {}", verdict_name(row.verdict), reasons)};
}

}  // namespace

std::string check_headline(const CheckReport& report) {
  std::vector<std::string> layers;
  for (const Layer layer : kLayers) {
    const std::vector<std::string> parts = caught_by(report, layer);
    if (!parts.empty()) {
      layers.push_back(fmt::format("caught in {}: {}", layer_name(layer), fmt::join(parts, "; ")));
    }
  }
  if (layers.empty() && !report.exact_problems.empty()) {
    layers.push_back(fmt::format("not bit for bit the same: {}", report.exact_problems.front()));
  }
  if (report.rows.empty()) layers.emplace_back("neither run nor reference has a row");
  if (!layers.empty()) {
    return fmt::format("check: {}: {}", report.moved() ? "MOVED" : "INCOMPLETE",
                       fmt::join(layers, ". "));
  }
  const auto same_bits = std::ranges::count_if(report.rows, [](const RowCheck& row) {
    return row.same_vectors && row.n_other_predictions == 0;
  });
  return fmt::format("check: same as the reference of {}: {} rows{}", report.reference,
                     report.rows.size(),
                     report.exact ? ", bit for bit"
                                  : fmt::format(", {} of them with the same vectors and "
                                                "predictions",
                                                same_bits));
}

std::string check_text(const CheckReport& report) {
  std::string out = wrapped(check_headline(report), "");
  out += "\nProvenance\n";
  std::size_t n_machine = 0;
  for (const FactDifference& fact : report.facts) {
    n_machine += fact.weight == Weight::kMachine ? 1 : 0;
    out += wrapped(
        fmt::format("{}{}", fact_text(fact), fact.weight == Weight::kDecides ? " (decides)" : ""),
        "  ");
  }
  if (report.facts.empty()) out += "  nothing differs\n";
  if (n_machine > 0) {
    out += "  (another machine or other libraries: last bits may differ, scores hardly)\n";
  }
  out += "\nFingerprints\n";
  for (const auto& [who, worst] : grouped(report.drifts)) {
    out += wrapped(fmt::format("{:<12} {}", who, drift_text(worst)), "  ");
  }
  if (report.drifts.empty()) out += "  none\n";
  out += "\nScores: ours, difference from the reference ± tolerance\n";
  for (const RowCheck& row : report.rows) {
    out += score_line(row);
    for (const std::string& reason : row.reasons) out += wrapped(reason, "                 ");
  }
  if (report.exact) {
    out += "\nBit for bit (the code's version left aside)\n";
    for (const std::string& problem : report.exact_problems) out += wrapped(problem, "  ");
    if (report.exact_problems.empty()) out += "  the same\n";
  }
  return out;
}

std::string check_junit(const CheckReport& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Layer layer : kLayers) {
    std::string cases;
    std::size_t count[4] = {0, 0, 0, 0};
    for (const RowCheck& row : report.rows) {
      const Case each = outcome_of(row, layer);
      ++count[static_cast<std::size_t>(each.outcome)];
      cases += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\" time=\"0\"",
                           xml(report.reference), layer_name(layer), xml(cell(row)));
      switch (each.outcome) {
        case Outcome::kPassed:
          cases += "/>\n";
          break;
        case Outcome::kSkipped:
          cases += fmt::format("><skipped message=\"{}\"/></testcase>\n", xml(each.message));
          break;
        case Outcome::kFailed:
          cases += fmt::format("><failure message=\"{}\"/></testcase>\n", xml(each.message));
          break;
        case Outcome::kError:
          cases += fmt::format("><error message=\"{}\"/></testcase>\n", xml(each.message));
          break;
      }
    }
    out += fmt::format(
        "  <testsuite name=\"{}.{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"0\">\n{}  </testsuite>\n",
        xml(report.reference), layer_name(layer), report.rows.size(), count[1], count[2], count[3],
        cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace musicrep
