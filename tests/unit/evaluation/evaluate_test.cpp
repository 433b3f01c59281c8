#include "evaluation/evaluate.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "core/hash.h"
#include "core/random.h"
#include "evaluation/pooling.h"
#include "store/stored.h"
#include "test_files.h"

namespace musicrep {
namespace {

constexpr std::size_t kItems = 60;

Dataset songs() {
  Dataset dataset;
  dataset.name = "songs";
  Target genre{"genre", {"blues", "jazz"}, {}};
  Target mood{"mood", {}, {}};
  Random random(5);
  for (std::size_t i = 0; i < kItems; ++i) {
    dataset.ids.push_back("song " + std::to_string(i));
    genre.values.push_back(static_cast<double>(i % 2));
    mood.values.push_back(random.normal());
  }
  dataset.targets = {genre, mood};
  return dataset;
}

// Two columns of noise, then two that tell genre and mood; two frames an item.
Embeddings vectors(const Dataset& dataset) {
  Embeddings out;
  out.ids = dataset.ids;
  Random random(6);
  std::vector<double> values;
  for (std::size_t i = 0; i < kItems; ++i) {
    for (int frame = 0; frame < 2; ++frame) {
      const double drift = frame == 0 ? 1 : -1;
      values.insert(values.end(), {random.normal(), random.normal(),
                                   2 * dataset.targets[0].values[i] + drift + 0.1 * random.normal(),
                                   dataset.targets[1].values[i] + drift});
    }
  }
  out.values = Matrix(2 * kItems, 4, std::move(values));
  out.frames.assign(kItems, 2);
  return out;
}

Protocol protocol() { return find_protocol("nested"); }

ResultRow scored(const Dataset& dataset, const Embeddings& embeddings, const Protocol& protocol,
                 std::size_t target = 0) {
  const Task task{"task", &dataset, {&dataset.targets[target]}};
  return evaluate(embeddings, task, protocol, {});
}

}  // namespace

TEST_CASE("the reading that tells most on training folds is chosen") {
  const Dataset dataset = songs();
  Embeddings both = vectors(dataset);
  both.views = {{"noise", {{0, 2}}}, {"signal", {{2, 4}}}};
  const auto target = GENERATE(as<std::size_t>(), 0, 1);
  const ResultRow row = scored(dataset, both, protocol(), target);
  const bool classes = target == 0;
  CHECK(row.n_configurations ==
        2 * static_cast<std::int64_t>(protocol().configurations(classes).size()));
  REQUIRE(row.targets.front().selected.size() == 5);
  for (const Selection& selection : row.targets.front().selected) {
    CHECK(selection.chosen.view == "signal");
  }
  CHECK(row.targets.front().grid.size() == 5 * static_cast<std::size_t>(row.n_configurations));
  CHECK(std::ranges::count(row.notes,
                           "reading of the vectors chosen with the grid, on training "
                           "folds, in 5 choices: signal (5)") == 1);

  // As if there were nothing else.
  Embeddings signal = both;
  signal.views = {{"signal", {{2, 4}}}};
  const ResultRow alone = scored(dataset, signal, protocol(), target);
  CHECK(alone.score == row.score);
  CHECK(alone.targets.front().predicted == row.targets.front().predicted);
}

TEST_CASE("a reading keeps its means and its deviations") {
  Embeddings both = vectors(songs());
  both.views = {{"ends", {{0, 1}, {3, 4}}}};
  const auto views = views_of(both, "mean+std");
  const Matrix all = pool(both, "mean+std");
  REQUIRE(views.size() == 1);
  REQUIRE(views[0].x.cols() == 4);
  CHECK(views[0].x.at(7, 0) == all.at(7, 0));
  CHECK(views[0].x.at(7, 1) == all.at(7, 3));
  CHECK(views[0].x.at(7, 2) == all.at(7, 4));
  CHECK(views[0].x.at(7, 3) == all.at(7, 7));
}

TEST_CASE("what is tested several times counts once in the interval") {
  const Dataset dataset = songs();
  Embeddings noise = vectors(dataset);
  noise.views = {{"noise", {{0, 2}}}};
  const ResultRow once = scored(dataset, noise, protocol());
  Protocol five = protocol();
  five.repeats = 5;
  const ResultRow row = scored(dataset, noise, five);
  CHECK(row.n == kItems);
  CHECK(row.n_repeats == 5);
  CHECK(row.item_ids.size() == 5 * kItems);
  CHECK(std::set<std::int64_t>(row.item_fold.begin(), row.item_fold.end()).size() == 25);
  // The first repeat is the same as without more.
  for (std::size_t i = 0; i < kItems; ++i) {
    CHECK(row.item_ids[i] == once.item_ids[i]);
    CHECK(row.targets[0].predicted[i] == once.targets[0].predicted[i]);
  }
  // About as wide as of 60 items, not of 300, which would be less than half.
  CHECK(row.ci_high - row.ci_low > 0.6 * (once.ci_high - once.ci_low));
  CHECK(row.ci_method.find("over 60 items") != std::string::npos);
}

TEST_CASE("a stored row of another layout counts as none") {
  const TempFolder folder;
  const ArtefactStore store(folder.path());
  const Dataset dataset = songs();
  const ResultRow row = scored(dataset, vectors(dataset), protocol());
  const auto put = [&](const std::string& text) {
    store.put_text("evaluation", sha256_hex("a step"), "a step", "a row", text);
    return stored_result<ResultRow>(store, "evaluation", sha256_hex("a step"));
  };
  CHECK_FALSE(stored_result<ResultRow>(store, "evaluation", sha256_hex("a step")));
  nlohmann::json json = row;
  REQUIRE(put(json.dump()));
  CHECK(put(json.dump())->targets.front().predicted == row.targets.front().predicted);
  json.erase("n_repeats");
  CHECK_FALSE(put(json.dump()));
}

}  // namespace musicrep
