#include "evaluation/zero_shot.h"

#include <catch2/catch.hpp>
#include <memory>

#include "musicrep/error.h"
#include "test_files.h"
#include "text_book.h"

using Catch::Matchers::Contains;
using namespace musicrep;  // NOLINT: a test of one header
using Texts = std::vector<std::string>;

namespace {

struct Made {
  Dataset dataset;
  Embeddings music;
  Task task;
};

/// Four items of the test, one to learn from; classes "Jazz" and "Rock".
std::unique_ptr<Made> made() {
  auto out = std::make_unique<Made>();
  Dataset& d = out->dataset;
  d.name = "clips";
  d.ids = {"a", "b", "learned", "c", "d"};
  d.splits = {"test", "test", "train", "test", "test"};
  d.targets = {{"genre", {"Jazz", "Rock"}, {0, 1, 0, 0, 1}}};
  out->music.ids = d.ids;
  out->music.frames.assign(d.ids.size(), 1);
  out->music.values = Matrix(5, 2, {2, 0, 0, 1, 1, 1, 0.1, 5, 1, 1});
  out->task = {"genre", &d, {&d.targets[0]}, nullptr};
  return out;
}

}  // namespace

TEST_CASE("zero-shot: the class of the greatest cosine, templates averaged as unit vectors") {
  const auto m = made();
  // Of "jazz", unit vectors (1, 0) and (1, 0); of "rock music", (0, 1) however long.
  TextBook encoder({{"jazz", {10, 0}},
                    {"A jazz song", {0.5, 0}},
                    {"rock music", {0, 3}},
                    {"A rock music song", {0, 0.1}}});
  const Prompts prompts = {{"{}", "A {} song"}, {{"Rock", "rock music"}}, "test"};
  check_prompts(prompts, m->task);
  CHECK(prompts.texts_of("Jazz") == Texts{"jazz", "A jazz song"});
  const ResultRow row = zero_shot(m->music, m->task, prompts, encoder);
  CHECK(row.item_ids == Texts{"a", "b", "c", "d"});
  // "d" is as near to both: the first class.
  CHECK(row.targets[0].predicted == std::vector<double>{0, 1, 1, 0});
  CHECK(row.targets[0].truth == std::vector<double>{0, 1, 0, 1});
  CHECK(row.score == Approx(0.5));
  CHECK(row.n == 4);
  CHECK(row.protocol == "zero-shot");
  Prompts other = prompts;
  other.templates.pop_back();
  CHECK(zero_shot(m->music, m->task, other, encoder).protocol_sha256 != row.protocol_sha256);
}

TEST_CASE("zero-shot: what cannot be asked is refused") {
  const auto m = made();
  TextBook encoder({{"jazz", {1, 0}}});
  CHECK_THAT(message_of<DataError>([&] {
               zero_shot(m->music, m->task, {{"{}"}, {}, "test"}, encoder);
             }),
             Contains("class 'Rock' has no text with a vector: no word is known"));
  const auto wrong = [&](const Prompts& prompts) {
    return message_of<ConfigError>([&] { check_prompts(prompts, m->task); });
  };
  CHECK_THAT(wrong({{"no place"}, {{"Folk", "folk"}}, "test"}),
             Contains("template 'no place' has no {}") && Contains("no class 'Folk'"));
  CHECK_THAT(wrong({{}, {}, "test"}), Contains("'templates' is empty"));
  CHECK_THAT(message_of<DataError>([&] {
               check_prompts({{"{}"}, {}, "valid"}, m->task);
             }),
             Contains("no item in the split \"valid\""));
}
