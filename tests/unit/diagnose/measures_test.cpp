#include "diagnose/measures.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "core/random.h"

namespace musicrep {
namespace {

LayerTrace made(std::size_t rows, std::size_t cols,
                const std::function<double(std::size_t, std::size_t)>& value) {
  LayerTrace out;
  out.states = Matrix(rows, cols);
  for (std::size_t t = 0; t < rows; ++t) {
    for (std::size_t k = 0; k < cols; ++k) out.states.at(t, k) = value(t, k);
  }
  return out;
}

std::vector<Measure> measured(const std::vector<LayerTrace>& clips, std::size_t threads = 1) {
  std::vector<const LayerTrace*> pointers;
  for (const LayerTrace& clip : clips) pointers.push_back(&clip);
  return layer_measures(pointers, 7, threads);
}

const Measure& named(const std::vector<Measure>& measures, const std::string& name) {
  for (const Measure& measure : measures) {
    if (measure.name == name) return measure;
  }
  FAIL("no measure " << name);
  return measures.front();
}

double value_of(const std::vector<Measure>& measures, const std::string& name) {
  return named(measures, name).value;
}

std::vector<LayerTrace> noise(std::size_t n_clips, std::size_t rows, std::size_t cols,
                              double offset) {
  Random random(3);
  std::vector<LayerTrace> out;
  for (std::size_t i = 0; i < n_clips; ++i) {
    out.push_back(made(rows, cols, [&](auto, auto) { return offset + random.normal(); }));
  }
  return out;
}

TEST_CASE("clips of equal frames: collapsed") {
  std::vector<LayerTrace> clips;
  for (std::size_t i = 0; i < 4; ++i) {
    clips.push_back(made(6, 4, [&](auto, std::size_t k) { return k == i ? 1.0 : 0.0; }));
  }
  const auto of = measured(clips);
  CHECK(value_of(of, "cosine") == Approx(1));
  CHECK(value_of(of, "cosine_centred") == Approx(1));
  CHECK(value_of(of, "adjacent_cosine") == Approx(1));
  CHECK(value_of(of, "random_cosine") == 0);
  CHECK(value_of(of, "random_cosine_centred") == Approx(-1.0 / 3));
  CHECK(value_of(of, "within_variance") == 0);
  CHECK(value_of(of, "effective_rank") == Approx(1));
  CHECK(value_of(of, "rank1_residual") == 0);
  // Nothing changes over time: there is no spectrum.
  CHECK(std::isnan(value_of(of, "high_frequency_share")));
  CHECK(named(of, "high_frequency_share").n_clips == 0);
}

TEST_CASE("clips of orthogonal frames: nothing in common") {
  const std::vector<LayerTrace> clips(
      2, made(4, 8, [](std::size_t t, std::size_t k) { return t == k ? 2.0 : 0.0; }));
  const auto of = measured(clips);
  CHECK(value_of(of, "cosine") == 0);
  CHECK(value_of(of, "adjacent_cosine") == 0);
  CHECK(value_of(of, "cosine_centred") == Approx(-1.0 / 3));
  CHECK(value_of(of, "within_variance") == Approx(1));
  CHECK(value_of(of, "effective_rank") == Approx(4));
  CHECK(value_of(of, "rank1_residual") == Approx(std::sqrt(0.75)));
}

TEST_CASE("white noise, and white noise on an offset that centring takes away") {
  const auto plain = measured(noise(60, 10, 64, 0));
  CHECK(std::abs(value_of(plain, "cosine")) < 0.01);
  CHECK(std::abs(value_of(plain, "random_cosine")) < 0.01);
  CHECK(value_of(plain, "within_variance") == Approx(0.9).margin(0.01));
  CHECK(value_of(plain, "effective_rank") > 9);
  CHECK(value_of(plain, "high_frequency_share") == Approx(5.0 / 9).margin(0.01));
  const auto lifted = measured(noise(60, 10, 64, 3));
  CHECK(value_of(lifted, "cosine") == Approx(0.9).margin(0.01));
  CHECK(value_of(lifted, "random_cosine") == Approx(0.9).margin(0.01));
  CHECK(value_of(lifted, "cosine_centred") == Approx(0).margin(0.01));
  CHECK(value_of(lifted, "random_cosine_centred") == Approx(0).margin(0.01));
  CHECK(value_of(lifted, "within_variance") == Approx(value_of(plain, "within_variance")));
  CHECK(value_of(lifted, "effective_rank") < value_of(plain, "effective_rank"));
}

TEST_CASE("slow and fast changes stand at the two ends of the spectrum") {
  const auto wave = [](double cycles) {
    return measured({made(12, 2, [&](std::size_t t, std::size_t) {
      return 5 + std::cos(2 * M_PI * cycles * static_cast<double>(t) / 12);
    })});
  };
  CHECK(value_of(wave(1), "high_frequency_share") == Approx(0).margin(1e-12));
  CHECK(value_of(wave(6), "high_frequency_share") == Approx(1));
  CHECK(value_of(wave(3), "high_frequency_share") == Approx(0.5));  // just at the border
}

TEST_CASE("a clip of one frame is left out where two are compared, and counted") {
  std::vector<LayerTrace> clips = noise(5, 6, 8, 1);
  const auto without = measured(clips);
  clips.push_back(made(1, 8, [](auto, auto) { return 9.0; }));
  const auto with = measured(clips);
  CHECK(value_of(with, "cosine") == value_of(without, "cosine"));
  CHECK(named(with, "cosine").n_clips == 5);
  CHECK(named(with, "within_variance").n_clips == 5);
  CHECK(named(with, "random_cosine").n_clips == 6);
  // Two frames can be compared, but have no spectrum to speak of.
  clips.push_back(made(2, 8, [](std::size_t t, auto) { return static_cast<double>(t); }));
  const auto short_too = measured(clips);
  CHECK(named(short_too, "effective_rank").n_clips == 6);
  CHECK(named(short_too, "high_frequency_share").n_clips == 5);
  // A frame of no length has no cosine: of that clip there is none.
  CHECK(named(short_too, "cosine").n_clips == 5);
}

TEST_CASE("one clip has no other to be compared with") {
  const auto of = measured(noise(1, 6, 8, 0));
  CHECK(named(of, "random_cosine").n_clips == 0);
  CHECK(std::isnan(value_of(of, "random_cosine")));
}

TEST_CASE("the bits do not depend on the threads, and each measure is explained") {
  std::vector<LayerTrace> clips = noise(20, 5, 8, 1);
  for (LayerTrace& clip : clips) {
    clip.attention.push_back({0, Matrix(7, 7, std::vector<double>(49, 1.0 / 7)), 2});
  }
  const auto one = measured(clips, 1);
  const auto four = measured(clips, 4);
  REQUIRE(one.size() == measure_infos().size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].value == four[i].value);
    CHECK(one[i].name == measure_infos()[i].name);
    CHECK(measure_infos()[i].of_attention == one[i].name.starts_with("attention"));
  }
}

}  // namespace
}  // namespace musicrep
