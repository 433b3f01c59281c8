#include "statistics/claims.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "metrics/estimate.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

ClaimSpec of_rows(const std::string& higher, const std::string& lower, double margin = 0) {
  ClaimSpec spec;
  spec.text = "one is better";
  spec.source = "someone";
  spec.task = "genre";
  spec.protocol = "nested";
  spec.higher.encoder = higher;
  spec.lower.encoder = lower;
  spec.margin = margin;
  return spec;
}

Comparison compared(const std::string& a, const std::string& b, double difference, double error) {
  Comparison c;
  c.task = "genre";
  c.protocol = "nested";
  c.a = a;
  c.b = b;
  c.difference = difference;
  c.standard_error = error;
  c.degrees_of_freedom = 99;
  c.p = p_value({difference, error, 99});
  c.p_adjusted = c.p;
  return c;
}

ClaimSpec of_measures(const std::string& higher_layer, const std::string& lower_layer) {
  ClaimSpec spec;
  spec.text = "layers blur";
  spec.source = "someone";
  spec.dataset = "clips";
  spec.measure = "cosine";
  spec.higher = {"mlm", higher_layer, "", {}};
  spec.lower = {"mlm", lower_layer, "", {}};
  return spec;
}

/// A measure of trainings `of_run` on 20 clips that spread by +-`spread`.
MeasureSample measured(const std::string& layer, std::vector<double> of_run, double spread,
                       const std::string& measure = "cosine") {
  MeasureSample out{"mlm", "clips", layer, measure, std::move(of_run), {}};
  for (int i = 0; i < 20; ++i) out.clip_influence.push_back(i % 2 == 0 ? spread : -spread);
  return out;
}

std::vector<ClaimResult> judged(const std::vector<ClaimSpec>& claims, Results results) {
  results.claims = unjudged_claims(claims);
  judge_claims(results);
  REQUIRE(results.claims.size() == claims.size());
  return results.claims;
}

ClaimResult judged(const ClaimSpec& claim, const Results& results) {
  return judged(std::vector<ClaimSpec>{claim}, results).front();
}

}  // namespace

TEST_CASE("a claim between rows is reproduced or contradicted, whichever way it was compared") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.03, 0.01)};
  const ClaimResult forward = judged(of_rows("good", "bad"), results);
  CHECK(forward.verdict == kReproduced);
  CHECK(forward.statement == "good > bad");
  CHECK(forward.where == "genre under nested");
  CHECK(forward.text == "one is better");
  CHECK(forward.source == "someone");
  CHECK(forward.measured);
  CHECK(forward.p == results.comparisons[0].p);
  const ClaimResult backward = judged(of_rows("bad", "good"), results);
  CHECK(backward.verdict == kContradicted);
  CHECK(backward.difference == -0.03);
  CHECK(backward.low == Approx(-forward.high));
  CHECK(backward.high == Approx(-forward.low));
}

TEST_CASE("a claim is tested with the p-value that is adjusted within its table") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.03, 0.01)};
  results.comparisons[0].p_adjusted = 0.06;
  const ClaimResult claim = judged(of_rows("good", "bad"), results);
  CHECK(claim.p < 0.05);
  CHECK(claim.p_adjusted == 0.06);
  CHECK(claim.verdict == kNotSignificant);
}

TEST_CASE("equivalent within the margin is another verdict than no significant difference") {
  Results results;
  results.comparisons = {compared("a", "b", 0.002, 0.004), compared("a", "c", 0.002, 0.03)};
  CHECK(judged(of_rows("a", "b", 0.02), results).verdict == kEquivalent);
  CHECK(judged(of_rows("b", "a", 0.02), results).verdict == kEquivalent);
  CHECK(judged(of_rows("a", "b", 0.005), results).verdict == kNotSignificant);
  CHECK(judged(of_rows("a", "b", 0), results).verdict == kNotSignificant);
  CHECK(judged(of_rows("a", "c", 0.02), results).verdict == kNotSignificant);
  // A difference that is there is named, however small it is.
  results.comparisons = {compared("a", "b", 0.01, 0.001)};
  CHECK(judged(of_rows("a", "b", 0.02), results).verdict == kReproduced);
}

TEST_CASE("what was not compared in this run is not measured") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.03, 0.01)};
  for (const ClaimSpec& spec : {of_rows("good", "fair"), of_measures("layer 1", "input")}) {
    const ClaimResult claim = judged(spec, results);
    CHECK(claim.verdict == kNotMeasured);
    CHECK_FALSE(claim.measured);
  }
  results.comparisons[0].protocol = "another";
  CHECK(judged(of_rows("good", "bad"), results).verdict == kNotMeasured);
}

TEST_CASE("a claim that nothing can judge says why") {
  ClaimSpec spec;
  spec.text = "people like it";
  spec.source = "someone";
  spec.unobtainable = "it needs listeners";
  const ClaimResult claim = judged(spec, {});
  CHECK(claim.verdict == "cannot be obtained here: it needs listeners");
  CHECK_FALSE(claim.measured);
}

TEST_CASE("a claim about a measure is tested over clips and trainings") {
  Results results;
  results.measure_samples = {measured("input", {0.4}, 0.01),
                             measured("layer 1", {0.5, 0.52, 0.51}, 0.02),
                             measured("layer 2", {0.3, 0.5, 0.8}, 0.02)};
  const ClaimResult higher = judged(of_measures("layer 1", "input"), results);
  CHECK(higher.verdict == kReproduced);
  CHECK(higher.where == "cosine on clips");
  CHECK(higher.statement == "mlm, layer 1 > mlm, input");
  CHECK(higher.difference == Approx(0.11));
  CHECK(higher.low < 0.11);
  CHECK(higher.high > 0.11);
  CHECK(judged(of_measures("input", "layer 1"), results).verdict == kContradicted);
  // Its trainings differ too much, on whatever many clips.
  CHECK(judged(of_measures("layer 2", "input"), results).verdict == kNotSignificant);
}

TEST_CASE("a side of a claim may be a number, or another measure") {
  Results results;
  results.measure_samples = {measured("layer 1", {0.5, 0.52, 0.51}, 0.02),
                             measured("layer 1", {0.1, 0.1, 0.1}, 0.02, "random")};
  ClaimSpec above = of_measures("layer 1", "");
  above.lower = {"", "", "", 0.4};
  CHECK(judged(above, results).verdict == kReproduced);
  CHECK(judged(above, results).statement == "mlm, layer 1 > 0.4");
  above.lower.number = 0.7;
  CHECK(judged(above, results).verdict == kContradicted);
  ClaimSpec below = of_measures("", "layer 1");
  below.higher = {"", "", "", 0.7};
  CHECK(judged(below, results).verdict == kReproduced);
  ClaimSpec other = of_measures("layer 1", "layer 1");
  other.lower.measure = "random";
  CHECK(judged(other, results).verdict == kReproduced);
  CHECK(judged(other, results).statement == "mlm, layer 1 > mlm, layer 1, random");
}

TEST_CASE("claims about measures are adjusted together, those between rows are not") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.02, 0.01)};
  results.measure_samples = {measured("input", {0.4}, 0.01), measured("layer 1", {0.41}, 0.021)};
  const ClaimSpec measure = of_measures("layer 1", "input");
  const ClaimResult alone = judged(measure, results);
  CHECK(alone.p_adjusted == alone.p);
  const auto both = judged({measure, of_rows("good", "bad"), measure}, results);
  CHECK(both[0].p == alone.p);
  CHECK(both[0].p_adjusted == Approx(std::min(1.0, 2 * alone.p)));
  CHECK(both[1].p_adjusted == both[1].p);
}

TEST_CASE("measures on other clips, or of other numbers of trainings, are not judged") {
  Results results;
  results.measure_samples = {measured("input", {0.4, 0.4}, 0.01),
                             measured("layer 1", {0.5, 0.5, 0.5}, 0.01)};
  CHECK(judged(of_measures("layer 1", "input"), results).verdict ==
        "not judged: the two have other numbers of trainings");
  results.measure_samples[0].clip_influence.pop_back();
  CHECK(judged(of_measures("layer 1", "input"), results).verdict ==
        "not judged: the two were not measured on the same clips");
  results.measure_samples[0].clip_influence.clear();
  results.measure_samples[1].clip_influence.clear();
  CHECK(judged(of_measures("layer 1", "input"), results).verdict ==
        "not judged: the two were not measured on the same clips");
}

TEST_CASE("claims come back from their JSON, and judging again changes nothing") {
  Results results;
  results.comparisons = {compared("good", "bad", 0.03, 0.01)};
  results.measure_samples = {measured("layer 1", {0.5}, 0.02)};
  ClaimSpec number = of_measures("layer 1", "");
  number.lower = {"", "", "", 0.25};
  number.margin = 0.125;
  results.claims = unjudged_claims({of_rows("good", "bad", 0.02), number});
  judge_claims(results);
  const std::vector<ClaimResult> once = results.claims;
  results.claims[0].verdict = kContradicted;
  results.claims[1].p = 1;
  judge_claims(results);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(results.claims[k].spec == once[k].spec);
    CHECK(results.claims[k].statement == once[k].statement);
    CHECK(results.claims[k].verdict == once[k].verdict);
    CHECK(results.claims[k].p == once[k].p);
    CHECK(results.claims[k].margin == once[k].margin);
  }
  CHECK(once[0].margin == 0.02);
  CHECK(once[1].margin == 0.125);
}

TEST_CASE("a spec that is not a claim is refused, with the claim's text") {
  for (const char* spec : {"", "{", "[]", "{\"task\": 1}", "{\"unobtainable\": \"\"}",
                           "{\"unobtainable\": \"\", \"task\": \"t\", \"protocol\": \"p\", "
                           "\"dataset\": \"\", \"measure\": \"\", \"margin\": 0, "
                           "\"higher\": [\"a\"], \"lower\": 1}"}) {
    CAPTURE(spec);
    Results results;
    results.claims.resize(1);
    results.claims[0].text = "soft-max blurs";
    results.claims[0].spec = spec;
    CHECK_THROWS_AS(judge_claims(results), DataError);
    CHECK_THROWS_WITH(judge_claims(results), Contains("claim \"soft-max blurs\""));
  }
}

TEST_CASE("claims are read from an experiment, with the margin they name or the usual one") {
  const auto claims = read_claims(TomlTable::parse(R"(
[[claim]]
text = "a"
source = "s"
task = "genre"
protocol = "nested"
higher = "tlm"
lower = "mfcc"
[[claim]]
text = "b"
source = "s"
dataset = "clips"
measure = "cosine"
higher = ["mlm", "layer 1"]
above = 0.5
margin = 0.1
[[claim]]
text = "c"
source = "s"
unobtainable = "why"
)",
                                                   "x.toml"));
  REQUIRE(claims.size() == 3);
  CHECK(claims[0].margin == kDefaultMargin);
  CHECK(claims[0].higher.encoder == "tlm");
  CHECK(claims[1].margin == 0.1);
  CHECK(claims[1].higher.layer == "layer 1");
  CHECK(claims[1].lower.number == 0.5);
  CHECK(claims[2].unobtainable == "why");
  const std::string head = "[[claim]]\ntext = \"a\"\nsource = \"s\"\n";
  CHECK_THROWS_AS(read_claims(TomlTable::parse(
                      head + "task = \"t\"\nprotocol = \"p\"\nhigher = \"a\"\nlower = \"b\"\n"
                             "margin = -0.1\n",
                      "x.toml")),
                  ConfigError);
  CHECK_THROWS_AS(read_claims(TomlTable::parse(head + "dataset = \"d\"\nmeasure = \"m\"\n"
                                                      "higher = [\"a\"]\nabove = 1\n",
                                               "x.toml")),
                  ConfigError);
}

}  // namespace musicrep
