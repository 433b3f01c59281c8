#include "statistics/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/json.h"

#include "metrics/linear_statistic.h"
#include "metrics/multiple_tests.h"
#include "musicrep/error.h"
#include "statistics/comparisons.h"

namespace musicrep {
namespace {

/// Of a claim between two rows: their encoders; of a measure [encoder, layer], with another measure
/// behind them, or a number under a key of its own.
ClaimSide read_side(const TomlTable& table, const std::string& key, const std::string& number_key,
                    bool of_measure) {
  ClaimSide side;
  if (!of_measure) {
    side.encoder = table.text(key);
    return side;
  }
  if (table.has(number_key)) {
    side.number = table.number(number_key);
    return side;
  }
  const std::vector<std::string> parts = table.texts(key);
  if (parts.size() < 2 || parts.size() > 3) {
    throw ConfigError(fmt::format(
        "{}: expected [encoder, layer] or [encoder, layer, measure], or the number '{}' instead",
        table.where(key), number_key));
  }
  side.encoder = parts[0];
  side.layer = parts[1];
  if (parts.size() == 3) side.measure = parts[2];
  return side;
}

ClaimSpec read_claim(const TomlTable& table) {
  ClaimSpec claim;
  claim.text = table.text("text");
  claim.source = table.text("source");
  if (table.has("unobtainable")) {
    claim.unobtainable = table.text("unobtainable");
    return claim;
  }
  const bool of_measure = table.has("measure");
  if (of_measure) {
    claim.measure = table.text("measure");
    claim.dataset = table.text("dataset");
  } else {
    claim.task = table.text("task");
    claim.protocol = table.text("protocol");
  }
  claim.margin = table.number("margin", of_measure ? 0 : kDefaultMargin);
  if (!(claim.margin >= 0 && claim.margin < 1)) {
    throw ConfigError(fmt::format("{}: found {}, expected a number from 0 to 1",
                                  table.where("margin"), claim.margin));
  }
  claim.higher = read_side(table, "higher", "below", of_measure);
  claim.lower = read_side(table, "lower", "above", of_measure);
  return claim;
}

nlohmann::json side_json(const ClaimSide& side) {
  if (side.number) return *side.number;
  return {side.encoder, side.layer, side.measure};
}

ClaimSide side_of(const nlohmann::json& json) {
  ClaimSide out;
  if (json.is_number()) {
    out.number = json.get<double>();
    return out;
  }
  out.encoder = json.at(0).get<std::string>();
  out.layer = json.at(1).get<std::string>();
  out.measure = json.at(2).get<std::string>();
  return out;
}

ClaimSpec spec_of(const ClaimResult& claim) {
  try {
    const nlohmann::json json = parse_bounded_json(claim.spec);
    ClaimSpec out;
    out.text = claim.text;
    out.source = claim.source;
    out.unobtainable = json.at("unobtainable").get<std::string>();
    if (!out.unobtainable.empty()) return out;
    out.task = json.at("task").get<std::string>();
    out.protocol = json.at("protocol").get<std::string>();
    out.dataset = json.at("dataset").get<std::string>();
    out.measure = json.at("measure").get<std::string>();
    out.margin = json.at("margin").get<double>();
    out.higher = side_of(json.at("higher"));
    out.lower = side_of(json.at("lower"));
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw DataError(
        fmt::format("claim \"{}\": its spec is not valid: {}", claim.text, error.what()));
  }
}

std::string text_of(const ClaimSide& side) {
  if (side.number) return fmt::format("{}", *side.number);
  std::string out = side.encoder;
  if (!side.layer.empty()) out += ", " + side.layer;
  if (!side.measure.empty()) out += ", " + side.measure;
  return out;
}

void set_estimate(ClaimResult& claim, const Estimate& estimate) {
  const Interval interval = t_interval(estimate);
  claim.difference = estimate.value;
  claim.low = interval.low;
  claim.high = interval.high;
  claim.standard_error = estimate.standard_error;
  claim.degrees_of_freedom = estimate.degrees_of_freedom;
  claim.p = p_value(estimate);
  claim.measured = true;
}

/// The verdict of a measured claim whose p is adjusted.
void set_verdict(ClaimResult& claim) {
  if (claim.p_adjusted < kSignificanceLevel) {
    claim.verdict = claim.difference > 0 ? kReproduced : kContradicted;
    return;
  }
  claim.verdict = kNotSignificant;
  if (claim.margin > 0 &&
      p_equivalent({claim.difference, claim.standard_error, claim.degrees_of_freedom},
                   claim.margin) < kSignificanceLevel) {
    claim.verdict = kEquivalent;
  }
}

void judge_rows(ClaimResult& claim, const ClaimSpec& spec, const Results& results) {
  claim.where = fmt::format("{} under {}", spec.task, spec.protocol);
  for (const Comparison& c : results.comparisons) {
    if (c.task != spec.task || c.protocol != spec.protocol) continue;
    const bool forward = c.a == spec.higher.encoder && c.b == spec.lower.encoder;
    const bool backward = c.b == spec.higher.encoder && c.a == spec.lower.encoder;
    if (!forward && !backward) continue;
    const double value = forward ? c.difference : -c.difference;
    set_estimate(claim, {value, c.standard_error, c.degrees_of_freedom});
    claim.p_adjusted = c.p_adjusted;
    return set_verdict(claim);
  }
  claim.verdict = kNotMeasured;
}

/// A number, or a measure with its clips and trainings.
struct Side {
  std::optional<double> number;
  const MeasureSample* measured = nullptr;
};

std::optional<Side> find_side(const ClaimSpec& spec, const ClaimSide& side,
                              const Results& results) {
  if (side.number) return Side{side.number, nullptr};
  const auto at = std::ranges::find_if(results.measure_samples, [&](const MeasureSample& d) {
    return d.dataset == spec.dataset && d.encoder == side.encoder && d.layer == side.layer &&
           d.measure == (side.measure.empty() ? spec.measure : side.measure);
  });
  if (at == results.measure_samples.end()) return std::nullopt;
  return Side{std::nullopt, &*at};
}

LinearStatistic statistic_of(const Side& side, std::size_t n_clips) {
  if (side.number) return {{*side.number}, {std::vector<double>(n_clips)}};
  return {side.measured->of_run, {side.measured->clip_influence}};
}

void judge_measures(ClaimResult& claim, const ClaimSpec& spec, const Results& results) {
  claim.where = fmt::format("{} on {}", spec.measure, spec.dataset);
  const auto high = find_side(spec, spec.higher, results);
  const auto low = find_side(spec, spec.lower, results);
  claim.verdict = kNotMeasured;
  if (!high || !low) {
    const bool is_measured = std::ranges::any_of(results.diagnoses, [&](const Diagnosis& d) {
      return d.dataset == spec.dataset && d.measure == spec.measure;
    });
    if (is_measured && results.measure_samples.empty()) {
      claim.verdict = "not judged: results of an earlier version, without values of single clips";
    }
    return;
  }
  const std::size_t n_clips = high->measured != nullptr ? high->measured->clip_influence.size()
                                                        : low->measured->clip_influence.size();
  const LinearStatistic a = statistic_of(*high, n_clips);
  const LinearStatistic b = statistic_of(*low, n_clips);
  if (n_clips == 0 || a.influence.front().size() != b.influence.front().size()) {
    claim.verdict = "not judged: the two were not measured on the same clips";
    return;
  }
  if (a.of_run.size() != b.of_run.size() && a.of_run.size() != 1 && b.of_run.size() != 1) {
    claim.verdict = "not judged: the two have other numbers of trainings";
    return;
  }
  Sample clips;
  clips.n_groups = n_clips;
  clips.group.resize(n_clips);
  std::iota(clips.group.begin(), clips.group.end(), std::size_t{0});
  set_estimate(claim, estimate(difference(a, b), clips));
}

}  // namespace

std::vector<ClaimSpec> read_claims(const TomlTable& experiment) {
  std::vector<ClaimSpec> out;
  for (const TomlTable& table : experiment.tables("claim")) {
    out.push_back(read_claim(table));
    table.finish();
  }
  return out;
}

std::vector<ClaimResult> unjudged_claims(const std::vector<ClaimSpec>& claims) {
  std::vector<ClaimResult> out;
  for (const ClaimSpec& spec : claims) {
    ClaimResult claim;
    claim.text = spec.text;
    claim.source = spec.source;
    claim.spec = nlohmann::json({{"task", spec.task},
                                 {"protocol", spec.protocol},
                                 {"dataset", spec.dataset},
                                 {"measure", spec.measure},
                                 {"higher", side_json(spec.higher)},
                                 {"lower", side_json(spec.lower)},
                                 {"margin", spec.margin},
                                 {"unobtainable", spec.unobtainable}})
                     .dump();
    out.push_back(std::move(claim));
  }
  return out;
}

void judge_claims(Results& results) {
  std::vector<ClaimResult*> of_measures;  // those that were measured
  std::vector<double> p;
  std::vector<ClaimResult> judged;
  judged.reserve(results.claims.size());
  for (const ClaimResult& stated : results.claims) {
    const ClaimSpec spec = spec_of(stated);
    ClaimResult& claim = judged.emplace_back();
    claim.text = stated.text;
    claim.source = stated.source;
    claim.spec = stated.spec;
    claim.margin = spec.margin;
    if (!spec.unobtainable.empty()) {
      claim.verdict = "cannot be obtained here: " + spec.unobtainable;
      continue;
    }
    claim.statement = fmt::format("{} > {}", text_of(spec.higher), text_of(spec.lower));
    if (spec.measure.empty()) {
      judge_rows(claim, spec, results);
      continue;
    }
    judge_measures(claim, spec, results);
    if (!claim.measured) continue;
    of_measures.push_back(&claim);
    p.push_back(claim.p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < of_measures.size(); ++k) {
    of_measures[k]->p_adjusted = adjusted[k];
    set_verdict(*of_measures[k]);
  }
  results.claims = std::move(judged);
}

}  // namespace musicrep
