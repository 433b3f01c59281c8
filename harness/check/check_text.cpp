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

std::string joint_text(const JointShift& joint) {
  return fmt::format("the {} retrained rows of {} under {} together: {:+.4f}, tolerance {:.4f}",
                     joint.n_rows, joint.task, joint.protocol, joint.shift, joint.tolerance);
}

std::vector<std::string> caught_by_scores(const CheckReport& report) {
  std::vector<std::string> parts;
  for (const Verdict verdict : {Verdict::kRegressed, Verdict::kImproved, Verdict::kVectorsMoved,
                                Verdict::kNoScore, Verdict::kCannotJudge}) {
    add_rows(report, verdict, parts);
  }
  for (const JointShift& joint : report.joint) {
    if (joint.moved()) parts.push_back(joint_text(joint));
  }
  return parts;
}

/// The first of several, and how many there are.
std::vector<std::string> first_of(const std::vector<std::string>& all, const char* where) {
  if (all.empty()) return {};
  return {all.size() == 1
              ? fmt::format("{}: {}", where, all.front())
              : fmt::format("{}: {} (and {} more)", where, all.front(), all.size() - 1)};
}

std::vector<std::string> caught_by_consistency(const CheckReport& report) {
  std::vector<std::string> parts;
  if (!report.rules_of_run.empty()) parts.push_back("the run: " + report.rules_of_run);
  if (!report.rules_of_reference.empty()) {
    parts.push_back("the reference: " + report.rules_of_reference);
  }
  for (std::string& part : first_of(report.broken_run, "the run is inconsistent")) {
    parts.push_back(std::move(part));
  }
  for (std::string& part : first_of(report.broken_reference, "the reference is inconsistent")) {
    parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<std::string> caught_by_statements(const CheckReport& report) {
  std::vector<std::string> changes;
  for (const StatementChange& change : report.statements) changes.push_back(change.what);
  return first_of(changes, "changed");
}

std::vector<std::string> caught_by(const CheckReport& report, Layer layer) {
  switch (layer) {
    case Layer::kConsistency:
      return caught_by_consistency(report);
    case Layer::kProvenance:
      return caught_by_provenance(report);
    case Layer::kFingerprints:
      return caught_by_fingerprints(report);
    case Layer::kScores:
      return caught_by_scores(report);
    case Layer::kStatements:
      break;
  }
  return caught_by_statements(report);
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

/// The first lines of a long list, and how many more there are.
std::vector<std::string> shortened(std::vector<std::string> lines) {
  constexpr std::size_t kMost = 20;
  if (lines.size() <= kMost) return lines;
  const std::size_t n_more = lines.size() - kMost;
  lines.resize(kMost);
  lines.push_back(fmt::format("and {} more", n_more));
  return lines;
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

// The text of one layer for one row. A layer after the one that gave the verdict has nothing to
// say.
Case outcome_of(const RowCheck& row, Layer layer) {
  const std::string reasons = fmt::format("{}", fmt::join(row.reasons, "; "));
  if (layer == Layer::kFingerprints) {
    return row.drift.empty() ? Case{} : Case{Outcome::kFailed, row.drift};
  }
  if (row.layer < layer) return {Outcome::kSkipped, verdict_name(row.verdict)};
  if (row.layer > layer || row.verdict == Verdict::kSame) return {};
  const bool moved = row.verdict == Verdict::kRegressed || row.verdict == Verdict::kImproved ||
                     row.verdict == Verdict::kVectorsMoved;
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
  if (report.exact) {
    return fmt::format("check: same as the reference of {}: {} rows, bit for bit", report.reference,
                       report.rows.size());
  }
  return fmt::format(
      "check: same as the reference of {}: {} rows, {} of them with the same vectors and predictions (the largest loss of a row that would pass: {:.4f})",
      report.reference, report.rows.size(), same_bits, report.largest_unseen_loss());
}

std::string check_text(const CheckReport& report) {
  std::string out = wrapped(check_headline(report), "");
  out += "\nConsistency: does each part follow from the predictions?\n";
  for (const auto& [who, problems] :
       {std::pair{"run", &report.broken_run}, std::pair{"reference", &report.broken_reference}}) {
    for (const std::string& problem : shortened(*problems)) {
      out += wrapped(fmt::format("{}: {}", who, problem), "  ");
    }
  }
  for (const auto& [who, rules] : {std::pair{"run", &report.rules_of_run},
                                   std::pair{"reference", &report.rules_of_reference}}) {
    if (!rules->empty()) out += wrapped(fmt::format("{}: {}", who, *rules), "  ");
  }
  if (report.broken_run.empty() && report.broken_reference.empty() && report.rules_of_run.empty() &&
      report.rules_of_reference.empty()) {
    out += "  yes, in the run and in the reference\n";
  }
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
  if (report.tolerances_derived) {
    out += "  (no tolerances.toml next to the reference: tolerances were derived from it)\n";
  }
  for (const RowCheck& row : report.rows) {
    out += score_line(row);
    for (const std::string& reason : row.reasons) out += wrapped(reason, "                 ");
  }
  for (const JointShift& joint : report.joint) {
    out += wrapped((joint.moved() ? "moved: " : "") + joint_text(joint), "  ");
  }
  out += "\nStatements: sweeps, measures of layers, letters, verdicts\n";
  std::vector<std::string> changes;
  for (const StatementChange& change : report.statements) {
    changes.push_back(change.what + (change.is_fault ? "" : " (may follow from new trainings)"));
  }
  for (const std::string& change : shortened(changes)) out += wrapped(change, "  ");
  if (changes.empty()) out += "  the same\n";
  if (report.exact) {
    out += "\nBit for bit (the code's version left aside)\n";
    for (const std::string& problem : shortened(report.exact_problems)) {
      out += wrapped(problem, "  ");
    }
    if (report.exact_problems.empty()) out += "  the same\n";
  }
  return out;
}

std::string check_junit(const CheckReport& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Layer layer : {Layer::kConsistency, Layer::kStatements}) {
    const std::vector<std::string> parts = caught_by(report, layer);
    out += fmt::format(
        "  <testsuite name=\"{0}.{1}\" tests=\"1\" failures=\"{2}\" errors=\"0\" skipped=\"0\" time=\"0\">\n    <testcase classname=\"{0}.{1}\" name=\"all parts\" time=\"0\"",
        xml(report.reference), layer_name(layer), parts.empty() ? 0 : 1);
    out += parts.empty() ? "/>\n"
                         : fmt::format("><failure message=\"{}\"/></testcase>\n",
                                       xml(fmt::format("{}", fmt::join(parts, "; "))));
    out += "  </testsuite>\n";
  }
  for (const Layer layer : kRowLayers) {
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
        "  <testsuite name=\"{}.{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">\n{}  </testsuite>\n",
        xml(report.reference), layer_name(layer), report.rows.size(), count[1], count[2], count[3],
        cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace musicrep
