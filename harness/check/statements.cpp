#include "check/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace musicrep {
namespace {

/// By less than this numbers of the same vectors differ between processors.
constexpr double kRounding = 1e-6;

class Statements {
 public:
  Statements(const Results& run, const Results& reference, const std::vector<RowCheck>& rows)
      : run_(run), reference_(reference), rows_(rows) {}

  std::vector<StatementChange> changes() {
    sweeps();
    deformed();
    measures();
    letters();
    claims();
    return std::move(out_);
  }

 private:
  /// Whether the rows of an encoder, where there are any, have the reference's vectors.
  [[nodiscard]] bool same_vectors(const std::string& encoder) const {
    return std::ranges::all_of(rows_, [&](const RowCheck& row) {
      return row.encoder != encoder || !row.has_scores || row.same_vectors;
    });
  }

  [[nodiscard]] bool all_same_vectors(const std::string& task, const std::string& protocol) const {
    return std::ranges::all_of(rows_, [&](const RowCheck& row) {
      return row.task != task || row.protocol != protocol || !row.has_scores ||
             (row.same_vectors && row.n_other_predictions == 0);
    });
  }

  /// Whether the same encoders have a score in both: letters and tests belong to a whole table.
  [[nodiscard]] bool same_members(const std::string& task, const std::string& protocol) const {
    return std::ranges::none_of(rows_, [&](const RowCheck& row) {
      return row.task == task && row.protocol == protocol && !row.has_scores &&
             row.verdict != Verdict::kSame;
    });
  }

  void add(std::string what, bool is_fault) { out_.push_back({std::move(what), is_fault}); }

  void number(const std::string& what, double was, double is, double allowed) {
    const bool both_nan = std::isnan(was) && std::isnan(is);
    if (both_nan || std::abs(is - was) <= allowed) return;
    add(fmt::format("{}: {:.4f}, reference {:.4f}, tolerance {:.4f}", what, is, was, allowed),
        true);
  }

  void sweeps() {
    for (const SweepPoint& was : reference_.sweeps) {
      const std::string what =
          fmt::format("sweep of {} on {} under {}: {} {}, {} labels", was.encoder, was.task,
                      was.protocol, was.factor, was.value, was.labels);
      const auto is = std::ranges::find_if(run_.sweeps, [&](const SweepPoint& p) {
        return p.encoder == was.encoder && p.task == was.task && p.protocol == was.protocol &&
               p.factor == was.factor && p.value == was.value && p.labels == was.labels;
      });
      if (is == run_.sweeps.end()) {
        add(what + ": missing", false);
        continue;
      }
      const bool same = same_vectors(was.encoder);
      const double half = std::max(was.high - was.low, is->high - is->low) / 2;
      // Of the same vectors a decision on the edge may differ.
      number(what, was.score, is->score, same ? 0.002 : half);
      number(what + ", difference", was.difference, is->difference, same ? 0.004 : 2 * half);
      number(what + ", p", was.p, is->p, same ? 0.05 : 1);
    }
  }

  void deformed() {
    for (const Deformed& was : reference_.deformed) {
      const std::string what = fmt::format("{} on {} under {}, {}", was.encoder, was.task,
                                           was.protocol, was.deformation);
      const auto is = std::ranges::find_if(run_.deformed, [&](const Deformed& d) {
        return d.encoder == was.encoder && d.task == was.task && d.protocol == was.protocol &&
               d.deformation == was.deformation;
      });
      if (is == run_.deformed.end() || is->failure.empty() != was.failure.empty()) {
        add(fmt::format("{}: {}", what, is == run_.deformed.end() ? "missing" : is->failure),
            false);
        continue;
      }
      if (!was.failure.empty()) continue;
      // Deformed vectors may be those of another version of a library.
      const bool same = is->embeddings_sha256 == was.embeddings_sha256;
      const double half = std::max(was.ci_high - was.ci_low, is->ci_high - is->ci_low) / 2;
      number(what, was.score, is->score, same ? 0.002 : half);
      number(what + ", drop", was.drop, is->drop, same ? 0.004 : 2 * half);
      number(what + ", distance", was.distance, is->distance, same ? kRounding : 0.1);
    }
  }

  void measures() {
    for (const Diagnosis& was : reference_.diagnoses) {
      const std::string what =
          fmt::format("{} of {}, {} on {}", was.measure, was.encoder, was.layer, was.dataset);
      const auto is = std::ranges::find_if(run_.diagnoses, [&](const Diagnosis& d) {
        return d.encoder == was.encoder && d.dataset == was.dataset && d.layer == was.layer &&
               d.measure == was.measure;
      });
      if (is == run_.diagnoses.end()) {
        add(what + ": missing", false);
        continue;
      }
      // Not known where one of the two is not.
      const double half = std::max(was.high - was.low, 0.0) + std::max(is->high - is->low, 0.0);
      const bool same = same_vectors(was.encoder);
      const double scale = std::max(1.0, std::abs(was.value));
      const double unknown = 0.2 * scale;  // no interval
      number(what, was.value, is->value,
             same ? kRounding * scale : (std::isnan(half) ? unknown : half));
    }
  }

  void letters() {
    for (const EncoderLetters& was : reference_.letters) {
      const auto is = std::ranges::find_if(run_.letters, [&](const EncoderLetters& l) {
        return l.task == was.task && l.protocol == was.protocol && l.encoder == was.encoder;
      });
      if (is == run_.letters.end() || is->letters == was.letters) continue;
      if (!same_members(was.task, was.protocol)) continue;  // the rows say it
      add(fmt::format("letters of {} on {} under {}: {}, reference {}", was.encoder, was.task,
                      was.protocol, is->letters, was.letters),
          all_same_vectors(was.task, was.protocol));
    }
  }

  void claims() {
    for (const ClaimResult& was : reference_.claims) {
      const auto is = std::ranges::find_if(run_.claims, [&](const ClaimResult& c) {
        return c.text == was.text && c.statement == was.statement && c.where == was.where;
      });
      const std::string what = fmt::format("claim \"{}\" ({})", was.text, was.where);
      if (is == run_.claims.end()) {
        add(what + ": missing", false);
      } else if (is->verdict != was.verdict) {
        const bool retrained = std::ranges::any_of(
            rows_, [](const RowCheck& row) { return !row.has_scores || !row.same_vectors; });
        add(fmt::format("{}: {}, reference {}", what, is->verdict, was.verdict), !retrained);
      }
    }
  }

  const Results& run_;
  const Results& reference_;
  const std::vector<RowCheck>& rows_;
  std::vector<StatementChange> out_;
};

}  // namespace

std::vector<StatementChange> statement_changes(const Results& run, const Results& reference,
                                               const std::vector<RowCheck>& rows) {
  return Statements(run, reference, rows).changes();
}

}  // namespace musicrep
