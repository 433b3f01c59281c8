#include "datasets/dataset.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::manifest_sha256;
using musicrep::message_of;

namespace {

Dataset small() {
  Dataset dataset;
  dataset.name = "small";
  dataset.ids = {"a", "b"};
  dataset.targets = {{"genre", {"blues", "rock"}, {1, 0}}, {"valence", {}, {0.5, -1}}};
  dataset.groups = {"x", ""};
  dataset.splits = {"train", "test"};
  return dataset;
}

}  // namespace

TEST_CASE("dataset: an unknown target gets the nearest one") {
  const Dataset dataset = small();
  CHECK(dataset.target("valence").values[1] == -1);
  CHECK(dataset.target("genre").is_classification());
  CHECK_FALSE(dataset.target("valence").is_classification());
  CHECK_THAT(message_of<ConfigError>([&] { (void)dataset.target("valance"); }),
             Contains("data set 'small': unknown target 'valance'. Did you mean 'valence'?"));
}

TEST_CASE("dataset: an unknown kind gets the nearest one") {
  const std::string message = message_of<ConfigError>([] { load_dataset("mine", "tabel", {}); });
  CHECK_THAT(message, Contains("data set 'mine': unknown kind of data set 'tabel'"));
  CHECK_THAT(message, Contains("Did you mean 'table'?"));
}

TEST_CASE("dataset: options are checked against the kind's own") {
  const std::string message = message_of<ConfigError>([] {
    load_dataset("mine", "table", {{"cvs", std::string("x.csv")}});
  });
  CHECK_THAT(message, Contains("data set 'mine' (kind 'table')"));
  CHECK_THAT(message, Contains("option 'csv' is missing"));
  CHECK_THAT(message, Contains("unknown option 'cvs'. Did you mean 'csv'?"));
}

TEST_CASE("dataset: kinds are in alphabetical order and tell what they are") {
  std::vector<std::string> names;
  for (const musicrep::DatasetKind& kind : musicrep::dataset_kinds()) {
    names.push_back(kind.name);
    CHECK_FALSE(kind.description.empty());
    CHECK_THAT(kind.fetch_help, Contains("Layout"));
    CHECK(kind.load != nullptr);
    for (const musicrep::OptionSpec& spec : kind.options) CHECK_FALSE(spec.description.empty());
  }
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::count(names.begin(), names.end(), "gtzan") == 1);
}

TEST_CASE("dataset: selected items keep all that belongs to them") {
  Dataset full = small();
  full.notes = {"note"};
  full.audio = {"a.wav", "b.wav"};
  full.texts = {"one", "two"};
  full.targets[0].title = "Genre";
  const std::vector<std::size_t> kept = {1};
  const Dataset out = musicrep::select_items(full, kept);
  CHECK(out.ids == std::vector<std::string>{"b"});
  CHECK(out.targets[0].values == std::vector<double>{0});
  CHECK(out.targets[0].classes == full.targets[0].classes);
  CHECK(out.targets[0].title == "Genre");
  CHECK(out.groups == std::vector<std::string>{""});
  CHECK(out.splits == std::vector<std::string>{"test"});
  CHECK(out.audio == std::vector<std::filesystem::path>{"b.wav"});
  CHECK(out.texts == std::vector<std::string>{"two"});
  CHECK(out.notes == full.notes);
  full.groups.clear();
  CHECK(musicrep::select_items(full, kept).groups.empty());
}

TEST_CASE("dataset: the manifest's hash sees what a score rests on, and nothing else") {
  std::set<std::string> hashes = {manifest_sha256(small())};
  Dataset same = small();
  same.name = "other";
  same.about = "about";
  same.notes = {"note"};
  same.n_expected = 5;
  same.targets[0].title = "Genre";
  same.targets[0].facet = "genre";
  CHECK(hashes.contains(manifest_sha256(same)));

  const auto changed = [&](auto&& change) {
    Dataset dataset = small();
    change(dataset);
    CHECK(hashes.insert(manifest_sha256(dataset)).second);
  };
  changed([](Dataset& d) { d.ids = {"b", "a"}; });
  changed([](Dataset& d) { d.ids = {"ab", ""}; });
  changed([](Dataset& d) { d.targets[0].values[1] = 1; });
  changed([](Dataset& d) { d.targets[0].name = "style"; });
  changed([](Dataset& d) { d.targets[0].classes = {"blues", "rocks"}; });
  changed([](Dataset& d) { d.targets.pop_back(); });
  changed([](Dataset& d) { std::swap(d.targets[0], d.targets[1]); });
  changed([](Dataset& d) { d.groups = {"", "x"}; });
  changed([](Dataset& d) { d.groups.clear(); });
  changed([](Dataset& d) { d.splits = {"train", "train"}; });
  changed([](Dataset& d) { d.splits.clear(); });
  changed([](Dataset& d) { std::swap(d.groups, d.splits); });
  changed([](Dataset& d) { d.texts = {"", "text"}; });
  changed([](Dataset& d) { d.texts = {"text", ""}; });
}
