#include "store/results_json.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "core/hash.h"
#include "sample_results.h"
#include "store/results.h"
#include "store_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

TEST_CASE("a row goes through JSON text and back") {
  const ResultRow row = sample_row("mfcc");
  const std::string text = json(row).dump();
  const auto back = json::parse(text).get<ResultRow>();
  CHECK(json(back).dump() == text);
  CHECK(back.targets[1].truth[3] == 1.0 / 3);
  CHECK(back.ci_high == std::numeric_limits<double>::denorm_min());
  CHECK(back.targets[0].selected[0].test_score == 0.6);
  CHECK_FALSE(back.targets[0].selected[1].test_score.has_value());
  CHECK(back.targets[0].grid[1].cap_hit);
  CHECK(back.item_fold == row.item_fold);
  CHECK(back.notes == row.notes);
}

TEST_CASE("results go through JSON text and back") {
  const Results results = sample_results();
  const std::string text = json(results).dump();
  CHECK(json(json::parse(text).get<Results>()).dump() == text);
  CHECK(json(json::parse(json(Results{}).dump()).get<Results>()).dump() == json(Results{}).dump());
}

TEST_CASE("the digest is that of the canonical JSON of what it covers") {
  Results results = sample_results();
  CHECK(content_digest(results) == sha256_of_json(digested_content(results)));
  CHECK(content_digest(Results{}) == sha256_of_json(digested_content(Results{})));
  ResultRow& row = results.rows[0];
  row.encoder =
      "quote \" backslash \\ line\nend \t bell \a delete \x7f, \xc3\xa9t\xc3\xa9 \xf0\x9f\x8e\xb5";
  row.targets[0].truth = {0,
                          -0.0,
                          1,
                          -3,
                          1e15,
                          1e16,
                          123456789012345680.0,
                          0.1,
                          1.0 / 3,
                          5e-324,
                          2.2250738585072014e-308,
                          1.7976931348623157e308,
                          1e-5,
                          0.0001,
                          1e22};
  row.score = std::numeric_limits<double>::infinity();
  row.ci_low = std::numeric_limits<double>::quiet_NaN();
  results.seed = std::numeric_limits<std::int64_t>::min();
  results.provenance["empty"] = "";
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    row.targets[0].predicted.push_back(std::bit_cast<double>(random()));
  }
  CHECK(content_digest(results) == sha256_of_json(digested_content(results)));
  const std::string before = content_digest(results);
  results.volatile_facts["host"] = "another";
  results.costs.clear();
  results.curves.clear();
  CHECK(content_digest(results) == before);
  row.encoder = "\xff";
  CHECK_THAT(data_error_of([&] { static_cast<void>(content_digest(results)); }),
             Contains("not valid UTF-8"));
}

TEST_CASE("what a row states is its JSON without items, predictions and choices") {
  const ResultRow row = sample_row("mfcc");
  json expected = row;
  for (const char* name : {"item_ids", "item_fold", "item_seed", "item_group"}) {
    expected.erase(name);
  }
  for (json& target : expected["targets"]) {
    for (const char* name : {"truth", "predicted", "selected", "grid"}) target.erase(name);
  }
  CHECK(statements_of(row) == expected);
}

TEST_CASE("what is not a number is null in JSON") {
  ResultRow row = sample_row("mfcc");
  row.score = std::numeric_limits<double>::quiet_NaN();
  row.published.reset();
  const json out = row;
  CHECK(out["score"].is_null());
  CHECK(out["published"].is_null());
  const auto back = out.get<ResultRow>();
  CHECK(std::isnan(back.score));
  CHECK_FALSE(back.published.has_value());
}

TEST_CASE("every missing field is refused by its name") {
  const json whole = sample_row("mfcc");
  for (const auto& [name, value] : whole.items()) {
    if (is_left_out_where_empty(name)) continue;
    json part = whole;
    part.erase(name);
    CHECK_THAT(data_error_of([&] { return part.get<ResultRow>(); }),
               Contains("field '" + name + "' is missing"));
  }
  json deep = whole;
  deep["targets"][1]["grid"][2].erase("c");
  CHECK_THAT(data_error_of([&] { return deep.get<ResultRow>(); }),
             Contains("field 'targets[1].grid[2].c' is missing"));
  const json results = sample_results();
  for (const auto& [name, value] : results.items()) {
    json part = results;
    part.erase(name);
    if (is_left_out_where_empty(name)) {
      CHECK_NOTHROW(part.get<Results>());
      continue;
    }
    CHECK_THAT(data_error_of([&] { return part.get<Results>(); }),
               Contains("field '" + name + "' is missing"));
  }
}

TEST_CASE("a field of a wrong type is refused with what was found and expected") {
  const json whole = sample_row("mfcc");
  const auto message = [&](const std::string& pointer, const json& value) {
    json wrong = whole;
    wrong[json::json_pointer(pointer)] = value;
    return data_error_of([&] { return wrong.get<ResultRow>(); });
  };
  CHECK_THAT(message("/encoder", 3), Contains("'encoder' is 3, expected a text"));
  CHECK_THAT(message("/n", 3.5), Contains("'n' is 3.5, expected a whole number"));
  CHECK_THAT(message("/n", std::numeric_limits<std::uint64_t>::max()),
             Contains("expected a whole number"));
  CHECK_THAT(message("/score", "x"), Contains("'score' is \"x\", expected a number or null"));
  CHECK_THAT(message("/targets/0/grid/1/cap_hit", 1),
             Contains("'targets[0].grid[1].cap_hit' is 1, expected true or false"));
  CHECK_THAT(message("/targets/0/grid/1/fold", 1LL << 40), Contains("expected a whole number of"));
  CHECK_THAT(message("/notes", 1), Contains("'notes' is 1, expected a list"));
  CHECK_THAT(message("/notes/1", 1), Contains("'notes[1]' is 1, expected a text"));
  CHECK_THAT(message("/targets/0", json::array()),
             Contains("'targets[0]' is array, expected an object"));
  json results = sample_results();
  results["provenance"]["compiler"] = 12;
  CHECK_THAT(data_error_of([&] { return results.get<Results>(); }),
             Contains("'provenance.compiler' is 12, expected a text"));
}

}  // namespace
}  // namespace musicrep
