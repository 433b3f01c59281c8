#include "pipeline/claims.h"

#include <catch2/catch.hpp>

namespace musicrep {
namespace {

ClaimSpec of_rows(const std::string& higher, const std::string& lower) {
  ClaimSpec spec;
  spec.text = "one is better";
  spec.source = "someone";
  spec.task = "genre";
  spec.protocol = "nested";
  spec.higher.encoder = higher;
  spec.lower.encoder = lower;
  return spec;
}

Comparison compared(const std::string& a, const std::string& b, double low, double high) {
  Comparison c;
  c.task = "genre";
  c.protocol = "nested";
  c.a = a;
  c.b = b;
  c.difference = (low + high) / 2;
  c.ci_low = low;
  c.ci_high = high;
  return c;
}

std::vector<ClaimResult> judged(const std::vector<ClaimSpec>& claims, const Results& results) {
  Experiment experiment;
  experiment.claims = claims;
  return judge_claims(experiment, results);
}

TEST_CASE("a claim between rows is judged by the whole interval, whichever way it was compared") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.01, 0.05),
                         compared("good", "fair", -0.01, 0.03)};
  const auto out = judged({of_rows("good", "bad"), of_rows("bad", "good"), of_rows("good", "fair"),
                           of_rows("fair", "bad")},
                          results);
  REQUIRE(out.size() == 4);
  CHECK(out[0].verdict == kReproduced);
  CHECK(out[0].statement == "good > bad");
  CHECK(out[0].where == "genre under nested");
  CHECK(out[1].verdict == kContradicted);
  CHECK(out[1].difference == Approx(-0.03));
  CHECK(out[1].low == -0.05);
  CHECK(out[1].high == -0.01);
  CHECK(out[2].verdict == kNotToldApart);
  CHECK(out[3].verdict == "not measured in this run");
  results.comparisons.front().protocol = "another";
  CHECK(judged({of_rows("good", "bad")}, results)[0].verdict == "not measured in this run");
}

TEST_CASE("a claim about a measure is judged by all trainings") {
  const auto measured = [](const std::string& layer, const std::string& measure, double low,
                           double high) {
    Diagnosis d;
    d.encoder = "mlm";
    d.dataset = "clips";
    d.layer = layer;
    d.measure = measure;
    d.value = (low + high) / 2;
    d.low = low;
    d.high = high;
    return d;
  };
  Results results;
  results.diagnoses = {measured("input", "cosine", 0.4, 0.4),
                       measured("layer 1", "cosine", 0.5, 0.6),
                       measured("layer 2", "cosine", 0.55, 0.7), measured("input", "random", 0, 0)};
  ClaimSpec spec;
  spec.dataset = "clips";
  spec.measure = "cosine";
  spec.higher = {"mlm", "layer 1", "", {}};
  spec.lower = {"mlm", "input", "", {}};
  ClaimSpec unclear = spec;
  unclear.higher.layer = "layer 2";
  unclear.lower.layer = "layer 1";
  ClaimSpec bound = spec;
  bound.lower = {"", "", "", 0.7};
  ClaimSpec other = spec;
  other.higher.layer = "input";
  other.lower.measure = "random";
  ClaimSpec missing = spec;
  missing.lower.layer = "layer 9";
  const auto out = judged({spec, unclear, bound, other, missing}, results);
  CHECK(out[0].verdict == kReproduced);
  CHECK(out[0].low == Approx(0.1));
  CHECK(out[0].high == Approx(0.2));
  CHECK(out[1].verdict == "the trainings disagree");
  CHECK(out[2].verdict == kContradicted);
  CHECK(out[2].statement == "mlm, layer 1 > 0.7");
  CHECK(out[3].verdict == kReproduced);
  CHECK(out[3].difference == Approx(0.4));
  CHECK(out[4].verdict == "not measured in this run");
}

}  // namespace
}  // namespace musicrep
