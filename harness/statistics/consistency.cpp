#include "statistics/consistency.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "formats/toml_reader.h"
#include "metrics/metric.h"
#include "statistics/claims.h"
#include "statistics/derive.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

using Json = nlohmann::json;

/// Differences by less than this share are rounding: another machine's logarithms.
constexpr double kRelative = 1e-9;

bool same_number(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (a == b) return true;
  return std::abs(a - b) <= kRelative * std::max({1.0, std::abs(a), std::abs(b)});
}

bool same_value(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return same_number(a.get<double>(), b.get<double>());
  return a == b;
}

std::string shortened(const Json& value) {
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

class Finder {
 public:
  /// The fields of two objects of one kind, lists of objects inside them too.
  void compare(const std::string& where, const Json& stated, const Json& derived) {
    for (const auto& [name, value] : derived.items()) {
      if (!stated.contains(name)) {
        add(where, name, "nothing", shortened(value));
      } else if (name != "targets" && name != "measures") {
        if (!same_value(stated.at(name), value)) {
          add(where, name, shortened(stated.at(name)), shortened(value));
        }
      } else {
        compare_lists(where + ", " + name, stated.at(name), value);
      }
    }
  }

  void compare_lists(const std::string& where, const Json& stated, const Json& derived) {
    if (stated.size() != derived.size()) {
      problems_.push_back(
          fmt::format("{}: {} entries, recomputed {}", where, stated.size(), derived.size()));
      return;
    }
    for (std::size_t i = 0; i < derived.size(); ++i) {
      compare(where + " " + name_of(derived[i], i), stated[i], derived[i]);
    }
  }

  void add(const std::string& where, const std::string& field, const std::string& stated,
           const std::string& derived) {
    problems_.push_back(fmt::format("{}: {} is {}, recomputed {}", where, field, stated, derived));
  }

  std::vector<std::string> take() { return std::move(problems_); }

 private:
  /// "'tlm' 'genre' 'nested'": the texts that identify an entry.
  static std::string name_of(const Json& entry, std::size_t place) {
    std::string out;
    for (const char* key : {"name", "direction", "encoder", "a", "b", "task", "protocol", "text"}) {
      if (!entry.contains(key) || !entry.at(key).is_string()) continue;
      out += fmt::format("{}'{}'", out.empty() ? "" : " ", shortened(entry.at(key)));
    }
    return out.empty() ? std::to_string(place) : out;
  }

  std::vector<std::string> problems_;
};

/// Of pooled rows the test score of each fold and training is the metric of its predictions.
void check_fold_scores(const ResultRow& row, Finder& finder) {
  if (!row.failure.empty() || row.aggregation != kPooled) return;
  const Metric& metric = metric_named(row.metric);
  for (const TargetResult& target : row.targets) {
    for (const Selection& selection : target.selected) {
      if (!selection.test_score) continue;
      std::vector<double> truth;
      std::vector<double> predicted;
      for (std::size_t i = 0; i < row.item_ids.size(); ++i) {
        if (row.item_fold[i] != selection.chosen.fold ||
            row.item_seed[i] != selection.chosen.seed) {
          continue;
        }
        truth.push_back(target.truth[i]);
        predicted.push_back(target.predicted[i]);
      }
      const double score = truth.empty() ? 0 : metric.score(truth, predicted);
      if (!same_number(score, *selection.test_score)) {
        finder.add(
            fmt::format("row '{}' of '{}' under '{}', fold {}, training {}", row.encoder, row.task,
                        row.protocol, selection.chosen.fold, selection.chosen.seed),
            "test_score", fmt::format("{:.6g}", *selection.test_score),
            fmt::format("{:.6g}", score));
      }
    }
  }
}

/// Published figures are those of the experiment's text.
void check_published(const Results& results, Finder& finder) {
  const TomlTable experiment = TomlTable::parse(results.experiment_toml, results.experiment);
  for (const TomlTable& figure : experiment.tables("published")) {
    const std::string encoder = figure.text("encoder");
    const std::string task = figure.text("task");
    const std::string protocol = figure.text("protocol");
    const std::string target = figure.text("target", "");
    const double value = figure.number("value");
    for (const ResultRow& row : results.rows) {
      if (row.encoder != encoder || row.task != task || row.protocol != protocol) continue;
      std::optional<double> stated = row.published;
      if (!target.empty()) {
        const auto at = std::ranges::find(row.targets, target, &TargetResult::name);
        if (at == row.targets.end()) continue;
        stated = at->published;
      }
      if (stated && same_number(*stated, value)) continue;
      finder.add(fmt::format("row '{}' of '{}' under '{}'", encoder, task, protocol), "published",
                 stated ? fmt::format("{:.6g}", *stated) : "nothing", fmt::format("{:.6g}", value));
    }
  }
}

/// Claims are those of the experiment's text, all of them and in its order.
void check_claims(const Results& results, Finder& finder) {
  const std::vector<ClaimSpec> claims =
      read_claims(TomlTable::parse(results.experiment_toml, results.experiment));
  if (claims.size() != results.claims.size()) {
    finder.add("claims", "their number", std::to_string(results.claims.size()),
               std::to_string(claims.size()));
    return;
  }
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const std::string where = fmt::format("claim {} of the experiment's text", k + 1);
    const ClaimResult& stated = results.claims[k];
    if (stated.text != claims[k].text) finder.add(where, "text", stated.text, claims[k].text);
    if (stated.source != claims[k].source) {
      finder.add(where, "source", stated.source, claims[k].source);
    }
  }
}

}  // namespace

std::string other_rules(const Results& results) {
  const auto version = results.provenance.find("statistics_version");
  const std::string found = version == results.provenance.end() ? "1" : version->second;
  if (found == std::to_string(kStatisticsVersion)) return {};
  return fmt::format(
      "its statistics follow version {} of the rules, and this program's follow version {}: run "
      "`musicrep restate` on it",
      found, kStatisticsVersion);
}

std::vector<std::string> inconsistencies(const Results& results) {
  if (std::string others = other_rules(results); !others.empty()) return {std::move(others)};
  Results derived = results;
  derive_statistics(derived);
  Finder finder;
  for (std::size_t r = 0; r < results.rows.size(); ++r) {
    const ResultRow& row = results.rows[r];
    finder.compare(fmt::format("row '{}' of '{}' under '{}'", row.encoder, row.task, row.protocol),
                   statements_of(row), statements_of(derived.rows[r]));
    check_fold_scores(row, finder);
  }
  finder.compare_lists("comparison", results.comparisons, derived.comparisons);
  finder.compare_lists("letters", results.letters, derived.letters);
  finder.compare_lists("claim", results.claims, derived.claims);
  for (std::size_t r = 0; r < results.retrievals.size(); ++r) {
    const Retrieval& stated = results.retrievals[r];
    finder.compare_lists(fmt::format("retrieval of '{}' on '{}'", stated.encoder, stated.dataset),
                         stated.measures, derived.retrievals[r].measures);
  }
  for (std::size_t r = 0; r < results.deformed.size(); ++r) {
    const Deformed& stated = results.deformed[r];
    finder.compare(fmt::format("deformed row '{}' of '{}' under '{}', {}", stated.encoder,
                               stated.task, stated.protocol, stated.deformation),
                   statements_of(stated), statements_of(derived.deformed[r]));
  }
  check_published(results, finder);
  check_claims(results, finder);
  return finder.take();
}

}  // namespace musicrep
