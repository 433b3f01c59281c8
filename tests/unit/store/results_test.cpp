#include "store/results.h"

#include <sys/resource.h>

#include <csignal>
#include <functional>
#include <limits>
#include <set>

#include "core/files.h"
#include "sample_results.h"
#include "store/hdf5.h"
#include "store/results_json.h"
#include "store_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

/// Every leaf of `value` as a JSON pointer.
std::vector<std::string> leaves(const json& value) {
  std::vector<std::string> out;
  const json flat = value.flatten();
  for (const auto& [pointer, leaf] : flat.items()) out.push_back(pointer);
  return out;
}

/// A leaf of the same type with another value.
json changed(const json& leaf) {
  if (leaf.is_string()) return leaf.get<std::string>() + "x";
  if (leaf.is_boolean()) return !leaf.get<bool>();
  if (leaf.is_number_integer()) return leaf.get<std::int64_t>() + 1;
  if (leaf.is_number_float()) {
    return std::nextafter(leaf.get<double>(), std::numeric_limits<double>::infinity());
  }
  return leaf.is_null() ? json(0.5) : json::array();
}

std::string text_of(const Results& results) { return json(results).dump(); }

TEST_CASE("results go through results.h5 and back") {
  const TemporaryFolder folder;
  const Results results = sample_results();
  write_results(results, folder / "run/results.h5");
  const Results back = read_results(folder / "run/results.h5");
  CHECK(text_of(back) == text_of(results));
  CHECK(content_digest(back) == content_digest(results));
}

TEST_CASE(
    "what is not known of a training is no part of the file, as in files before it was added") {
  const TemporaryFolder folder;
  write_results(sample_results(), folder / "x.h5");
  {
    const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
    CHECK_FALSE(file.has_attribute("/curves/000", "base_loss"));
    CHECK_FALSE(file.has_attribute("/curves/000", "average_precision"));
    CHECK(file.read_number_attribute("/curves/001", "base_loss") == 0.6);
  }
  const std::vector<TrainingCurve> curves = read_results(folder / "x.h5").curves;
  REQUIRE(curves.size() == 2);
  CHECK_FALSE(curves[0].base_loss);
  CHECK_FALSE(curves[0].average_precision);
  CHECK(curves[1].base_loss == 0.6);
  CHECK(curves[1].average_precision == 0.25);
  CHECK_FALSE(json(sample_results())["curves"][0].contains("base_loss"));
}

TEST_CASE("empty results and more than a thousand rows come back") {
  const TemporaryFolder folder;
  write_results(Results{}, folder / "empty.h5");
  CHECK(text_of(read_results(folder / "empty.h5")) == text_of(Results{}));
  Results many;
  many.rows.resize(1003);
  for (std::size_t i = 0; i < many.rows.size(); ++i) {
    many.rows[i].encoder = "e" + std::to_string(i);
    many.rows[i].failure = "not run";
  }
  write_results(many, folder / "many.h5");
  CHECK(text_of(read_results(folder / "many.h5")) == text_of(many));
}

TEST_CASE("an infinite number and one that is none come back") {
  const TemporaryFolder folder;
  Results results = sample_results();
  results.rows[0].ci_low = -std::numeric_limits<double>::infinity();
  results.rows[0].ci_high = std::numeric_limits<double>::quiet_NaN();
  write_results(results, folder / "x.h5");
  const Results back = read_results(folder / "x.h5");
  CHECK(back.rows[0].ci_low == results.rows[0].ci_low);
  CHECK(std::isnan(back.rows[0].ci_high));
}

TEST_CASE("the digest changes with any field, and with no volatile fact") {
  const json whole = sample_results();
  const std::string digest = content_digest(sample_results());
  CHECK(digest.size() == 64);
  CHECK(digest == content_digest(sample_results()));
  std::set<std::string> digests = {digest};
  std::size_t n_changed = 0;
  for (const std::string& pointer : leaves(whole)) {
    json other = whole;
    json& leaf = other[json::json_pointer(pointer)];
    if (leaf.is_structured()) continue;  // an empty list has no leaf to change
    leaf = changed(leaf);
    const std::string found = content_digest(other.get<Results>());
    CAPTURE(pointer);
    if (pointer.starts_with("/volatile_facts") || pointer.starts_with("/costs") ||
        pointer.starts_with("/curves")) {
      CHECK(found == digest);
    } else {
      CHECK(digests.insert(found).second);
      ++n_changed;
    }
  }
  CHECK(n_changed > 300);
  Results fewer = sample_results();
  fewer.rows.pop_back();
  CHECK(digests.insert(content_digest(fewer)).second);
}

TEST_CASE("numbers that a reader would count with are refused where they cannot be") {
  const TemporaryFolder folder;
  using Change = std::function<void(Results&)>;
  const std::vector<std::pair<Change, std::string>> changes = {
      {[](Results& r) { r.rows[0].item_fold[0] = -2; }, "found fold -2"},
      {[](Results& r) { r.rows[0].item_fold[0] = std::int64_t{1} << 40; },
       "found fold 1099511627776"},
      {[](Results& r) {
         r.rows[0].aggregation = kMeanOverFolds;
         r.rows[0].item_fold = {0, 1, 0, -1};
       },
       "found fold -1, expected 0"},
      {[](Results& r) { r.rows[0].item_group[2] = std::int64_t{1} << 40; }, "found group"},
      {[](Results& r) { r.rows[0].targets.clear(); }, "found 0 targets"},
      {[](Results& r) { r.retrievals[0].item_ids.clear(); }, "of 0 texts"},
      {[](Results& r) { r.retrievals[0].n_seeds = -1; }, "-1 trainings"},
      {[](Results& r) { r.retrievals[0].music_rank.pop_back(); }, "ranks of"}};
  for (const auto& [change, message] : changes) {
    Results results = sample_results();
    change(results);
    write_results(results, folder / "changed.h5");
    CHECK_THAT(data_error_of([&] { read_results(folder / "changed.h5"); }),
               Catch::Matchers::Contains(message));
  }
}

TEST_CASE("a later schema is refused with both versions") {
  const TemporaryFolder folder;
  Hdf5File file(folder / "x.h5", Hdf5File::Mode::kCreate);
  file.write_attribute("/", "schema", std::string("musicrep-results"));
  file.write_attribute("/", "schema_version", std::int64_t{7});
  file.close();
  CHECK_THAT(
      data_error_of([&] { return read_results(folder / "x.h5"); }),
      Contains("x.h5") &&
          Contains("has schema version 7; this program reads versions 3 to 4. Update musicrep."));
}

TEST_CASE("what is no results file is refused by name") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& name) {
    return data_error_of([&] { return read_results(folder / name); });
  };
  CHECK_THAT(read("none.h5"), Contains("none.h5") && Contains("there is no file"));
  write_bytes(folder / "text.h5", "not HDF5 at all\n");
  CHECK_THAT(read("text.h5"), Contains("text.h5") && Contains("is not an HDF5 file"));
  Hdf5File(folder / "other.h5", Hdf5File::Mode::kCreate).close();
  CHECK_THAT(read("other.h5"),
             Contains("other.h5") && Contains("is not a results file of musicrep"));
}

TEST_CASE("a file that was cut short or changed is refused") {
  const TemporaryFolder folder;
  write_results(sample_results(), folder / "x.h5");
  const std::string bytes = read_file(folder / "x.h5");
  for (const std::size_t cut : {bytes.size() / 10, bytes.size() / 2, bytes.size() - 5000}) {
    write_bytes(folder / "cut.h5", bytes.substr(0, cut));
    CHECK_THAT(data_error_of([&] { return read_results(folder / "cut.h5"); }),
               Contains("cut.h5") && Contains("cut short"));
  }
  for (std::size_t at = 0; at < bytes.size() - 100; at += 997) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    write_bytes(folder / "flip.h5", flipped);
    CHECK_THAT(data_error_of([&] { return read_results(folder / "flip.h5"); }),
               Contains("flip.h5") && Contains("damaged"));
  }
}

TEST_CASE("content that does not agree with the digest is refused") {
  const TemporaryFolder folder;
  Results results = sample_results();
  write_results(results, folder / "x.h5");
  std::string bytes = read_file(folder / "x.h5");
  const std::string digest = content_digest(results);
  const std::size_t at = bytes.find(digest);
  REQUIRE(at != std::string::npos);
  bytes[at] = bytes[at] == '0' ? '1' : '0';
  write_bytes(folder / "x.h5", bytes.substr(0, bytes.rfind("\nmusicrep-sha256:")));
  CHECK_THAT(data_error_of([&] { return read_results(folder / "x.h5"); }),
             Contains("x.h5") && Contains("was changed") && Contains(digest));
}

TEST_CASE("a failing write leaves nothing behind and the old file whole") {
  const TemporaryFolder folder;
  write_results(Results{}, folder / "x.h5");
  Results bad = sample_results();
  bad.title = std::string("cut\0here", 8);
  CHECK_THAT(data_error_of([&] { write_results(bad, folder / "x.h5"); }),
             Contains("x.h5") && Contains("title") && Contains("NUL"));
  bad.title = "Latin-1 \xe4";
  CHECK_THAT(data_error_of([&] { write_results(bad, folder / "x.h5"); }),
             Contains("not valid UTF-8") && Contains("0xE4"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  CHECK(text_of(read_results(folder / "x.h5")) == text_of(Results{}));
  CHECK_THAT(data_error_of([&] { write_results(Results{}, folder / "x.h5/y.h5"); }),
             Contains("x.h5"));
}

TEST_CASE("a full disk is an error of the file, and nothing is left behind") {
  const TemporaryFolder folder;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
  const rlimit small{.rlim_cur = 20000, .rlim_max = old_limit.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    write_results(sample_results(), folder / "x.h5");
  } catch (const DataError& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  static_cast<void>(std::signal(SIGXFSZ, old_handler));
  CHECK_THAT(message, Contains("cannot write") && Contains("x.h5") && Contains("too large"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace musicrep
