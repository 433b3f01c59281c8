#include "datasets/orchestrion/mood.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "orchestrion_testing.h"

namespace musicrep::orchestrion {
namespace {

double mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean(x);
  const double mean_y = mean(y);
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

Orchestrion moods(double noise) {
  OrchestrionOptions options;
  options.corpus = Corpus::kMoods;
  options.rater_noise = noise;
  return compose_orchestrion(options);
}

std::vector<double> cue(const Orchestrion& corpus, const std::function<double(const Item&)>& of) {
  std::vector<double> values;
  for (const Item& item : corpus.items) values.push_back(of(item));
  return values;
}

TEST_CASE("valence and arousal are finite and about standardised") {
  const Orchestrion corpus = moods(0.7);
  for (const char* name : {"valence", "arousal"}) {
    const std::vector<double>& values = corpus.dataset.target(name).values;
    double square = 0;
    for (const double value : values) {
      REQUIRE(std::isfinite(value));
      square += value * value;
    }
    CHECK(mean(values) == Approx(0).margin(0.12));
    CHECK(square / static_cast<double>(values.size()) == Approx(1).margin(0.15));
  }
}

TEST_CASE("labels go with their causes") {
  const Orchestrion corpus = moods(0.7);
  const std::vector<double>& valence = corpus.dataset.target("valence").values;
  const std::vector<double>& arousal = corpus.dataset.target("arousal").values;
  const auto of = [&](double Cues::*field) {
    return cue(corpus, [&](const Item& item) { return item.cues.*field; });
  };
  CHECK(correlation(valence, of(&Cues::mode)) > 0.4);
  CHECK(correlation(valence, of(&Cues::tempo)) > 0.15);
  CHECK(correlation(valence, of(&Cues::roughness)) < -0.1);
  CHECK(correlation(arousal, of(&Cues::tempo)) > 0.3);
  CHECK(correlation(arousal, of(&Cues::loudness)) > 0.3);
  CHECK(correlation(arousal, of(&Cues::density)) > 0.3);
  CHECK(correlation(arousal, of(&Cues::brightness)) > 0.1);
}

TEST_CASE("raters' noise sets the ceiling") {
  const Orchestrion corpus = moods(0.7);
  const std::vector<double> caused =
      cue(corpus, [](const Item& item) { return item.affect.valence; });
  const double r = correlation(corpus.dataset.target("valence").values, caused);
  CHECK(r * r == Approx(1 / (1 + 0.49)).margin(0.06));
  const Orchestrion exact = moods(0);
  CHECK(correlation(exact.dataset.target("valence").values, caused) == Approx(1));
}

TEST_CASE("cues are measured on what is there") {
  Score score;
  score.tempo_bpm = 140;
  score.minor = true;
  score.parts = {{Role::kLead, 0, 100, 64, 40, -300}};
  score.notes = {{0, 240, 72, 95, 0}, {480, 240, 72, 95, 0}, {960, 240, 72, 95, 0}};
  const Cues cues = measure_cues(score, 1);
  CHECK(cues.mode == -1);
  CHECK(cues.tempo == Approx(1));
  CHECK(cues.pitch == Approx(2));
  CHECK(cues.loudness == Approx(0.5));
  CHECK(cues.staccato == Approx((0.62 - 0.5) / 0.24));
  CHECK(cues.roughness == Approx(-0.5));
  score.parts[0].program = 30;
  CHECK(measure_cues(score, 1).roughness == Approx(4.5));
  CHECK(affect_of(measure_cues(score, 1)).valence < affect_of(cues).valence);
  score.notes.clear();
  CHECK(std::isfinite(affect_of(measure_cues(score, 1)).arousal));
}

}  // namespace
}  // namespace musicrep::orchestrion
