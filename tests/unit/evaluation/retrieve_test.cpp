// Texts and music that find each other, with an encoder made of a few numbers.
#include "evaluation/retrieve.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "core/random.h"
#include "musicrep/error.h"
#include "store/results_json.h"
#include "text_book.h"

using Catch::Matchers::Contains;
using namespace musicrep;  // NOLINT: a test of most of a file

namespace {

using Ranks = std::vector<std::int64_t>;

class Mute : public Encoder {
 public:
  std::vector<Matrix> encode(std::span<const Signal>) override { return {}; }
};

struct Clip {
  std::string text;
  std::string split;
  std::string artist;
  std::vector<double> vector;
};

struct Made {
  Dataset dataset;
  Embeddings music;
};

Made made(const std::vector<Clip>& clips) {
  Made out;
  out.dataset.name = "albums";
  std::vector<double> values;
  for (const Clip& clip : clips) {
    out.dataset.ids.push_back("clip " + std::to_string(out.dataset.ids.size()));
    out.dataset.texts.push_back(clip.text);
    out.dataset.splits.push_back(clip.split);
    out.dataset.groups.push_back(clip.artist);
    values.insert(values.end(), clip.vector.begin(), clip.vector.end());
  }
  out.music.ids = out.dataset.ids;
  out.music.frames.assign(clips.size(), 1);
  out.music.values = Matrix(clips.size(), 2, values);
  return out;
}

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

const std::vector<Clip> kClips = {
    {"up", "train", "a", {10, 11}},   {"left", "train", "a", {9, 10}},
    {"up", "test", "b", {1, 3}},      {"up", "test", "b", {-1, 3}},  // their mean is straight up
    {"right", "test", "b", {5, 0.5}}, {"", "test", "c", {0, 0}},
    {"??", "test", "c", {1, 1}},      {"down", "test", "c", {0.1, -4}},
};

TextBook book() {
  return TextBook({{"up", {0, 2}}, {"right", {3, 0}}, {"down", {0, -1}}, {"left", {-1, 0}}});
}

TEST_CASE(
    "texts find their music: clips of a text are one, what has no text or vector is counted") {
  const Made data = made(kClips);
  TextBook encoder = book();
  const Retrieval row = retrieve({&data.dataset, "test", false, 0}, data.music, encoder, 1);
  CHECK(row.n == 3);
  CHECK(row.n_items == 4);
  CHECK(row.n_no_text == 1);
  CHECK(row.n_no_vector == 1);
  CHECK(row.n_unknown == 2);
  CHECK(row.n_cut == 1);          // "right" has 5 letters
  CHECK(row.n_in_training == 1);  // "up"
  CHECK(row.dim == 2);
  CHECK(row.item_ids == std::vector<std::string>{"clip 2", "clip 4", "clip 7"});
  CHECK(row.music_rank == Ranks{1, 1, 1});
  CHECK(row.text_rank == Ranks{1, 1, 1});
}

TEST_CASE("an own answer that is not the nearest has the rank of those before it") {
  std::vector<Clip> clips = kClips;
  std::swap(clips[4].vector, clips[7].vector);  // "right" goes down and the other way round
  const Made data = made(clips);
  TextBook encoder = book();
  const Retrieval row = retrieve({&data.dataset, "test", false, 0}, data.music, encoder, 1);
  CHECK(row.music_rank == Ranks{1, 2, 2});
  CHECK(row.text_rank == Ranks{1, 2, 3});  // down: even "up" is nearer to what goes right
  // All three, because there are no more; the own one is at the place of its rank.
  CHECK(row.nearest_music.size() == 9);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(row.nearest_music[3 * i + static_cast<std::size_t>(row.music_rank[i]) - 1] ==
          std::int64_t(i));
    CHECK(row.nearest_text[3 * i + static_cast<std::size_t>(row.text_rank[i]) - 1] ==
          std::int64_t(i));
  }
}

TEST_CASE("centring takes away the means of the training items, of each side its own") {
  // Music far off in one direction, texts in another: only without them is there anything to find.
  std::vector<Clip> clips;
  std::map<std::string, std::vector<double>> texts;
  Random random(1);
  for (int i = 0; i < 60; ++i) {
    const double angle = 6.28 * random.uniform();
    const std::string text = "t" + std::to_string(i);
    texts[text] = {std::cos(angle) - 100, std::sin(angle)};
    clips.push_back({text,
                     i % 2 == 0 ? "train" : "test",
                     std::to_string(i),
                     {std::cos(angle), std::sin(angle) + 100}});
  }
  const Made data = made(clips);
  TextBook encoder(texts);
  const auto median = [&](const Made& of, bool centre) {
    const Retrieval row = retrieve({&of.dataset, "test", centre, 0}, of.music, encoder, 1);
    CHECK(row.n == 30);
    CHECK(row.centring == (centre ? kTrainingMeans : kNoCentring));
    Ranks ranks = row.music_rank;
    std::ranges::sort(ranks);
    return ranks[15];
  };
  CHECK(median(data, true) <= 3);
  CHECK(median(data, false) >= 8);
  // The test items' own mean is not looked at: with training items elsewhere the gap stays.
  Made elsewhere = data;
  for (std::size_t i = 0; i < 60; i += 2) elsewhere.music.values.at(i, 1) -= 200;
  CHECK(median(elsewhere, true) >= 8);
}

TEST_CASE("some of the texts, evenly, and the same ranks for any number of jobs") {
  const Made data = made(kClips);
  TextBook encoder = book();
  const Retrieval some = retrieve({&data.dataset, "test", false, 3}, data.music, encoder, 1);
  CHECK(some.item_ids == std::vector<std::string>{"clip 2", "clip 4"});  // "??" has no vector
  const nlohmann::json one_job = retrieve({&data.dataset, "test", true, 0}, data.music, encoder, 1);
  const nlohmann::json three_jobs =
      retrieve({&data.dataset, "test", true, 0}, data.music, encoder, 3);
  CHECK(one_job == three_jobs);
}

TEST_CASE("seeds become one row: means, ranks side by side, intervals over artists and seeds") {
  Made data = made({});
  Retrieval first;
  for (int i = 0; i < 20; ++i) {
    data.dataset.ids.push_back("clip " + std::to_string(i));
    data.dataset.groups.push_back("artist " + std::to_string(i / 4));
    first.item_ids.push_back(data.dataset.ids.back());
    first.music_rank.push_back(i < 10 ? 1 : 20);
    first.text_rank.push_back(i + 1);
  }
  first.n = 20;
  first.embeddings_sha256 = "a";
  Retrieval second = first;
  std::ranges::fill(second.music_rank, 20);
  const Retrieval row = merge_retrievals(std::vector{first, second}, data.dataset);
  CHECK(row.n_seeds == 2);
  CHECK(row.music_rank.size() == 40);
  REQUIRE(row.measures.size() == 12);
  const RetrievalMeasure& r1 = row.measures[0];
  CHECK(r1.direction == kTextToMusic);
  CHECK(r1.name == "R@1");
  CHECK(r1.value == Approx(0.25));
  CHECK(r1.chance == Approx(0.05));
  CHECK(r1.ci_low > 0);
  CHECK(r1.ci_high >= 0.5);
  const RetrievalMeasure& median = row.measures[3];
  CHECK(median.name == "median rank");
  CHECK(median.value == Approx((10.5 + 20) / 2));
  CHECK(median.chance == 10.5);
  CHECK(row.measures[6].direction == kMusicToText);
  CHECK(row.measures[9].value == 10.5);
  CHECK_THAT(row.ci_method, Contains("over 5 artists, 2 trainings"));
  // One seed: no seed is drawn.
  const Retrieval one = merge_retrievals(std::vector{first}, data.dataset);
  CHECK(one.measures[0].value == 0.5);
  CHECK(one.embeddings_sha256 == "a");
  CHECK(one.measures[0].ci_high - one.measures[0].ci_low < r1.ci_high - r1.ci_low + 0.3);

  Retrieval failed = first;
  failed.failure = "no";
  CHECK(merge_retrievals(std::vector{first, failed}, data.dataset).failure == "no");
  second.item_ids[3] = "another";
  CHECK_THAT(merge_retrievals(std::vector{first, second}, data.dataset).failure,
             Contains("different texts"));
}

TEST_CASE("what cannot be retrieved is reported, all of it") {
  Made data = made(kClips);
  const auto reported = [&](const RetrievalTask& task) {
    return error_of([&] { check_retrieval(task); });
  };
  CHECK(reported({&data.dataset, "test", true, 0}) == "");
  CHECK_THAT(reported({&data.dataset, "held out", true, 0}),
             Contains("found 0 texts in the split \"held out\", expected 2 or more"));
  for (std::size_t i = 2; i < 5; ++i) data.dataset.groups[i] = "a";
  CHECK_THAT(reported({&data.dataset, "test", true, 0}),
             Contains("1 artists ('a' is one) stand in the split \"test\" and in another"));
  data.dataset.texts[0] = data.dataset.texts[1] = " \n";
  CHECK_THAT(reported({&data.dataset, "test", true, 0}),
             Contains("centre = false does without") && Contains("artists"));
  data.dataset.texts.clear();
  CHECK_THAT(reported({&data.dataset, "test", true, 0}), Contains("it has no texts"));

  const Made good = made(kClips);
  Mute mute;
  CHECK_THAT(error_of([&] {
               retrieve({&good.dataset, "test", false, 0}, good.music, mute, 1);
             }),
             Contains("cannot encode texts: it has no text side"));
  TextBook wide({{"up", {1, 2, 3}}, {"right", {1, 2, 3}}});
  CHECK_THAT(error_of([&] {
               retrieve({&good.dataset, "test", false, 0}, good.music, wide, 1);
             }),
             Contains("a text has 3 numbers, a clip 2"));
  TextBook broken({{"up", {0, NAN}}, {"right", {0, 1}}});
  CHECK_THAT(error_of([&] {
               retrieve({&good.dataset, "test", false, 0}, good.music, broken, 1);
             }),
             Contains("'up' is not finite"));
  TextBook dumb({{"up", {0, 1}}});
  CHECK_THAT(error_of([&] {
               retrieve({&good.dataset, "test", false, 0}, good.music, dumb, 1);
             }),
             Contains("1 texts have a vector (3 have no word that is known)"));
}

}  // namespace
