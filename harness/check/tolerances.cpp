#include "check/tolerances.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "check/rows.h"
#include "core/did_you_mean.h"
#include "formats/toml_reader.h"
#include "metrics/estimate.h"
#include "metrics/metric.h"
#include "musicrep/error.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

double square(double v) { return v * v; }

Tolerance derive(const Results& results, const ResultRow& row, std::size_t n_trained) {
  Tolerance out{row.encoder, row.task, row.protocol, 0, 0, is_trained_here(results, row)};
  if (row.metric == kRetrievalMetric) {
    out.other_vectors = (row.ci_high - row.ci_low) / 2;
    return out;
  }
  const double one = metric_named(row.metric).scale != Scale::kRatio
                         ? 1 / static_cast<double>(std::max<std::size_t>(1, row.item_ids.size()))
                         : 0.0005;
  out.same_vectors = one;
  out.other_vectors = 3 * one;
  if (!out.trained) return out;
  const SeedSpread spread = seed_spread(results, row.task, row.protocol);
  if (row.n_seeds > 1 && spread.degrees_of_freedom > 0) {
    const double beyond = 0.05 / (2 * static_cast<double>(std::max<std::size_t>(1, n_trained)));
    const double t = student_quantile(1 - beyond, spread.degrees_of_freedom);
    out.other_vectors = std::max(
        out.other_vectors, t * spread.deviation * std::sqrt(2 / static_cast<double>(row.n_seeds)));
  } else {
    out.other_vectors = std::max(out.other_vectors, (row.ci_high - row.ci_low) / 2);
  }
  return out;
}

// Rounded up: what is in the file is no less than what was derived.
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
# other_vectors: it has not. Trained here, s seeds: t * sd * sqrt(2 / s), with the standard deviation between
# seeds, pooled over the trained rows of a task and protocol, and the quantile of Student's t within which all
# trained rows stay together in 95 of 100 checks; with one seed half of the 95 % interval. Not trained: three
# predictions (r2: 0.0015). Measures of retrieval: nothing with the same vectors, half of the 95 % interval
# with others. A tolerance above a third of the distance to the best constant prediction judges nothing.
# rounding: share of its norm by which an encoder's fingerprint may move.
)";

}  // namespace

bool is_trained_here(const Results& results, const ResultRow& row) {
  return std::ranges::any_of(results.fingerprints, [&](const Fingerprint& f) {
    return f.encoder == row.encoder && f.dataset == row.dataset &&
           f.declared.find("\"content\":\"fit ") != std::string::npos;
  });
}

SeedSpread seed_spread(const Results& reference, const std::string& task,
                       const std::string& protocol) {
  double squares = 0;
  SeedSpread out;
  for (const ResultRow& row : reference.rows) {
    if (row.task != task || row.protocol != protocol || !row.failure.empty()) continue;
    if (row.n_seeds < 2 || !is_metric(row.metric) || !is_trained_here(reference, row)) continue;
    const LinearStatistic statistic = row_statistic(row);
    for (const double score : statistic.of_run) squares += square(score - statistic.value());
    out.degrees_of_freedom += static_cast<double>(row.n_seeds - 1);
  }
  if (out.degrees_of_freedom > 0) out.deviation = std::sqrt(squares / out.degrees_of_freedom);
  return out;
}

const Tolerance& Tolerances::of(const ResultRow& row) const {
  const auto found = std::ranges::find_if(rows, [&](const Tolerance& t) {
    return t.encoder == row.encoder && t.task == row.task && t.protocol == row.protocol;
  });
  if (found == rows.end()) {
    throw DataError(fmt::format("the reference has no tolerance for {}", cell_name(row)));
  }
  return *found;
}

bool Tolerances::is_trained(const std::string& encoder, const std::string& task,
                            const std::string& protocol) const {
  return std::ranges::any_of(rows, [&](const Tolerance& t) {
    return t.trained && t.encoder == encoder && t.task == task && t.protocol == protocol;
  });
}

void Tolerances::allow_new_files(std::span<const std::string> labels) {
  std::vector<std::string> known;
  for (const Tolerance& row : rows) {
    if (std::ranges::find(known, row.encoder) == known.end()) known.push_back(row.encoder);
  }
  for (const std::string& label : labels) {
    if (std::ranges::find(known, label) == known.end()) {
      throw ConfigError("new files: " + unknown_name("encoder of the reference", label, known));
    }
    if (std::ranges::find(new_files, label) == new_files.end()) new_files.push_back(label);
  }
}

Tolerances derive_tolerances(const Results& reference) {
  Tolerances out;
  out.are_derived = true;
  out.content_digest = content_digest(reference);
  const Results all = with_retrieval_rows(reference);
  const auto n_trained =
      static_cast<std::size_t>(std::ranges::count_if(all.rows, [&](const ResultRow& row) {
        return row.failure.empty() && row.metric != kRetrievalMetric && is_trained_here(all, row);
      }));
  for (const ResultRow& row : all.rows) {
    if (!row.failure.empty()) continue;
    Tolerance tolerance = derive(all, row, n_trained);
    tolerance.same_vectors = rounded_up(tolerance.same_vectors);
    tolerance.other_vectors = rounded_up(tolerance.other_vectors);
    out.rows.push_back(std::move(tolerance));
  }
  return out;
}

std::string tolerances_toml(const Tolerances& tolerances) {
  std::string out = fmt::format("{}content_digest = \"{}\"\nrounding = {}\n", kHeading,
                                tolerances.content_digest, tolerances.rounding);
  if (!tolerances.new_files.empty()) {
    std::vector<std::string> labels;
    for (const std::string& label : tolerances.new_files) labels.push_back(quoted(label));
    out += fmt::format(
        "# Encoders whose weights or files may change while their scores may not.\nnew_files = [{}]\n",
        fmt::join(labels, ", "));
  }
  for (const Tolerance& t : tolerances.rows) {
    out += fmt::format(
        "\n[[score]]\nencoder = {}\ntask = {}\nprotocol = {}\nsame_vectors = {:.6f}\n"
        "other_vectors = {:.6f}\ntrained = {}\n",
        quoted(t.encoder), quoted(t.task), quoted(t.protocol), t.same_vectors, t.other_vectors,
        t.trained);
  }
  return out;
}

Tolerances read_tolerances(const std::filesystem::path& path) {
  const TomlTable file = TomlTable::parse_file(path);
  Tolerances out;
  out.content_digest = file.text("content_digest");
  out.rounding = file.number("rounding");
  const std::vector<std::string> new_files = file.texts("new_files");
  for (const TomlTable& score : file.tables("score")) {
    out.rows.push_back({score.text("encoder"), score.text("task"), score.text("protocol"),
                        score.number("same_vectors"), score.number("other_vectors"),
                        score.boolean("trained", false)});
    score.finish();
  }
  file.finish();
  try {
    out.allow_new_files(new_files);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("'{}': {}", path.string(), error.what()));
  }
  return out;
}

}  // namespace musicrep
