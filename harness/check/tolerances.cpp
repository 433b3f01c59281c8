#include "check/tolerances.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "check/rows.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"
#include "pipeline/row_score.h"

namespace musicrep {
namespace {

// 97.5 % quantiles of Student's t, 1 to 9 degrees of freedom.
constexpr std::array kStudent = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};

std::vector<double> scores_of_seeds(const ResultRow& row) {
  const RowScore score(row);
  std::vector<double> out;
  for (std::int64_t seed = 0; seed < row.n_seeds; ++seed) {
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < row.item_seed.size(); ++i) {
      if (row.item_seed[i] == seed) items.push_back(i);
    }
    out.push_back(score(items));
  }
  return out;
}

double standard_deviation(const std::vector<double>& v) {
  double mean = 0;
  for (const double x : v) mean += x / static_cast<double>(v.size());
  double squares = 0;
  for (const double x : v) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(v.size() - 1));
}

bool is_trained_here(const Results& results, const ResultRow& row) {
  return std::ranges::any_of(results.fingerprints, [&](const Fingerprint& f) {
    return f.encoder == row.encoder && f.dataset == row.dataset &&
           f.declared.find("\"content\":\"fit ") != std::string::npos;
  });
}

Tolerance derive(const Results& results, const ResultRow& row) {
  Tolerance out{row.encoder, row.task, row.protocol, 0, 0};
  if (row.metric == kRetrievalMetric) {
    out.other_vectors = (row.ci_high - row.ci_low) / 2;
    return out;
  }
  const double one = row.metric == "accuracy"
                         ? 1 / static_cast<double>(std::max<std::size_t>(1, row.item_ids.size()))
                         : 0.0005;
  out.same_vectors = one;
  out.other_vectors = 3 * one;
  if (row.n_seeds > 1) {
    const auto s = static_cast<double>(row.n_seeds);
    const auto freedom = static_cast<std::size_t>(row.n_seeds - 1);
    const double t = kStudent.at(std::min(kStudent.size(), freedom) - 1);
    const double spread = t * standard_deviation(scores_of_seeds(row)) * std::sqrt(2 / s);
    out.other_vectors = std::max(out.other_vectors, spread);
  } else if (is_trained_here(results, row)) {
    out.other_vectors = std::max(out.other_vectors, (row.ci_high - row.ci_low) / 2);
  }
  return out;
}

// Rounded up: what stands in the file is no less than what was derived.
double rounded_up(double v) { return std::ceil(v * 1e6) / 1e6; }

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

constexpr const char* kHeading =
    R"(# What `musicrep check` lets each score differ by; written by `musicrep approve` beside results.h5.
# same_vectors: the run has the reference's vectors, bit for bit. Only the SVM may differ, in a decision on
# the edge: one prediction (r2: 0.0005).
# other_vectors: it has not. Trained here, s seeds: t * sd * sqrt(2 / s), with the standard deviation of the
# seeds' scores and the 97.5 % quantile of Student's t, s - 1 degrees of freedom; with one seed half of the
# 95 % interval. Not trained: three predictions (r2: 0.0015). Measures of retrieval: nothing with the same
# vectors, half of the 95 % interval with others.
# rounding: share of its norm by which an encoder's fingerprint may move.
)";

}  // namespace

const Tolerance& Tolerances::of(const ResultRow& row) const {
  const auto found = std::ranges::find_if(rows, [&](const Tolerance& t) {
    return t.encoder == row.encoder && t.task == row.task && t.protocol == row.protocol;
  });
  if (found == rows.end()) {
    throw DataError(fmt::format("the reference has no tolerance for {}", cell_name(row)));
  }
  return *found;
}

Tolerances derive_tolerances(const Results& reference) {
  Tolerances out;
  out.content_digest = content_digest(reference);
  const Results all = with_retrieval_rows(reference);
  for (const ResultRow& row : all.rows) {
    if (!row.failure.empty()) continue;
    Tolerance tolerance = derive(all, row);
    tolerance.same_vectors = rounded_up(tolerance.same_vectors);
    tolerance.other_vectors = rounded_up(tolerance.other_vectors);
    out.rows.push_back(std::move(tolerance));
  }
  return out;
}

std::string tolerances_toml(const Tolerances& tolerances) {
  std::string out = fmt::format("{}content_digest = \"{}\"\nrounding = {}\n", kHeading,
                                tolerances.content_digest, tolerances.rounding);
  for (const Tolerance& t : tolerances.rows) {
    out += fmt::format(
        "\n[[score]]\nencoder = {}\ntask = {}\nprotocol = {}\nsame_vectors = {:.6f}\n"
        "other_vectors = {:.6f}\n",
        quoted(t.encoder), quoted(t.task), quoted(t.protocol), t.same_vectors, t.other_vectors);
  }
  return out;
}

Tolerances read_tolerances(const std::filesystem::path& path) {
  const TomlTable file = TomlTable::parse_file(path);
  Tolerances out;
  out.content_digest = file.text("content_digest");
  out.rounding = file.number("rounding");
  for (const TomlTable& score : file.tables("score")) {
    out.rows.push_back({score.text("encoder"), score.text("task"), score.text("protocol"),
                        score.number("same_vectors"), score.number("other_vectors")});
    score.finish();
  }
  file.finish();
  return out;
}

}  // namespace musicrep
