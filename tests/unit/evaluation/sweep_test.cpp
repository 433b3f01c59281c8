#include "evaluation/sweep.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "core/random.h"

namespace musicrep {
namespace {

/// Sixty items of three classes, each class with a mean of its own in the first vector of an item;
/// the second vector is noise.
struct Made {
  Dataset dataset;
  Embeddings embeddings;
  Task task;
  Protocol protocol = find_protocol("nested");

  Made() {
    Random random(3);
    dataset.name = "made";
    Target genre;
    genre.name = "genre";
    genre.classes = {"a", "b", "c"};
    std::vector<double> values;
    for (std::size_t i = 0; i < 60; ++i) {
      dataset.ids.push_back("item " + std::to_string(i));
      genre.values.push_back(static_cast<double>(i % 3));
      embeddings.frames.push_back(2);
      for (const bool noise : {false, true}) {
        for (std::size_t k = 0; k < 3; ++k) {
          values.push_back((!noise && k == i % 3 ? 2 : 0) + random.normal());
        }
      }
    }
    embeddings.ids = dataset.ids;
    embeddings.values = Matrix(120, 3, std::move(values));
    dataset.targets = {genre};
    task.name = "genre";
    task.dataset = &dataset;
    task.targets = {&dataset.targets[0]};
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
};

SweepSpec spec_of(std::vector<std::int64_t> labels) {
  SweepSpec spec;
  spec.task = "genre";
  spec.protocol = "nested";
  spec.labels = std::move(labels);
  spec.draws = 4;
  return spec;
}

const SweepPoint& point_of(const std::vector<SweepPoint>& points, const std::string& value,
                           std::int64_t labels) {
  const auto at = std::ranges::find_if(
      points, [&](const SweepPoint& p) { return p.value == value && p.labels == labels; });
  REQUIRE(at != points.end());
  return *at;
}

TEST_CASE("subsets are nested, of each class alike, and never of what is tested") {
  const Made made;
  const Target& target = *made.task.targets[0];
  const FoldPlan plan = plan_folds(made.protocol, made.dataset, target);
  for (const OuterFold& fold : plan.outer) {
    std::set<std::uint32_t> smaller;
    for (const std::int64_t n : {1, 2, 5, 100}) {
      const std::vector<std::uint32_t> some = subset(fold.train, target, n, 7);
      CHECK(std::ranges::is_sorted(some));
      CHECK(some.size() ==
            std::min<std::size_t>(3 * static_cast<std::size_t>(n), fold.train.size()));
      const std::set<std::uint32_t> larger(some.begin(), some.end());
      CHECK(std::ranges::includes(larger, smaller));
      for (const std::uint32_t item : fold.test) CHECK_FALSE(larger.contains(item));
      for (double c = 0; c < 3 && n < 6; ++c) {
        CHECK(std::ranges::count_if(some, [&](auto i) { return target.values[i] == c; }) == n);
      }
      smaller = larger;
    }
    CHECK(subset(fold.train, target, 2, 7) != subset(fold.train, target, 2, 8));
  }
}

TEST_CASE("readings differ from the base in one thing") {
  Made made;
  std::vector<SweepReading> readings = sweep_readings(made.embeddings, spec_of({}), made.protocol);
  std::vector<std::string> names;
  for (const SweepReading& r : readings) names.push_back(r.factor + " " + r.value);
  CHECK(names == std::vector<std::string>{"base mean, standardise", "pooling mean+std",
                                          "pooling max", "pooling first", "pooling last",
                                          "scaling none", "scaling l2"});
  const Matrix& values = made.embeddings.values;
  CHECK(readings[2].x.at(5, 1) == std::max(values.at(10, 1), values.at(11, 1)));
  CHECK(readings[3].x.at(5, 1) == values.at(10, 1));
  CHECK(readings[4].x.at(5, 1) == values.at(11, 1));
  CHECK(readings[5].x == readings[0].x);
  CHECK_FALSE(readings[5].standardise);
  double squares = 0;
  for (const double v : readings[6].x.row(5)) squares += v * v;
  CHECK(squares == Approx(1));

  made.embeddings.views = {{"layer 2", {{0, 2}}}, {"layer 1", {{2, 3}}}};
  readings = sweep_readings(made.embeddings, spec_of({}), made.protocol);
  REQUIRE(readings.size() == 4);
  CHECK(readings[0].value == "layer 2, mean, standardise");
  CHECK(readings[0].x.cols() == 2);
  CHECK(readings[3].factor == "layer");
  CHECK(readings[3].value == "layer 1");
  CHECK(readings[3].x.cols() == 1);
}

TEST_CASE("more labels score higher, and so does the vector that says something") {
  const Made made;
  FitOptions fit;
  const std::vector<Embeddings> one = {made.embeddings};
  const auto points = sweep(one, made.task, made.protocol, spec_of({1, 8}), fit, 5);
  REQUIRE(points.size() == 7 * 3);
  const SweepPoint& few = point_of(points, "first", 1);
  const SweepPoint& many = point_of(points, "first", 8);
  const SweepPoint& all = point_of(points, "first", 0);
  CHECK(few.n_train == 3);
  CHECK(many.n_train == 24);
  CHECK(all.n_train == 48);
  CHECK(few.n_scores == 4);
  CHECK(all.n_scores == 1);
  CHECK(few.low < few.score);
  CHECK(few.score < few.high);
  CHECK(few.score < many.score);
  CHECK(all.score > 0.75);
  CHECK(point_of(points, "last", 0).score < 0.5);
  CHECK(all.low < all.high);

  fit.threads = 3;
  const auto again = sweep(one, made.task, made.protocol, spec_of({1, 8}), fit, 5);
  for (std::size_t i = 0; i < points.size(); ++i) CHECK(again[i].score == points[i].score);
  const std::vector<Embeddings> two = {made.embeddings, made.embeddings};
  const auto of_two = sweep(two, made.task, made.protocol, spec_of({1, 8}), fit, 5);
  CHECK(point_of(of_two, "first", 1).n_scores == 8);
  CHECK(point_of(of_two, "first", 1).score == Approx(few.score));
}

}  // namespace
}  // namespace musicrep
