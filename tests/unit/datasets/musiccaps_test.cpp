#include <algorithm>
#include <catch2/catch.hpp>

#include "audioset_testing.h"
#include "data_dir.h"
#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::clip;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::frame;
using musicrep::load_dataset;
using musicrep::message_of;
using musicrep::Options;
using musicrep::TempFolder;
using musicrep::write_lists;
using musicrep::write_records;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* kHeader =
    "ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_balanced_subset,"
    "is_audioset_eval\n";

std::string row(const std::string& id, const std::string& aspects, const std::string& caption,
                bool balanced, bool test) {
  return id + ",30,40,/m/0,\"" + aspects + "\",\"" + caption + "\",4," +
         (balanced ? "True" : "False") + "," + (test ? "True" : "False") + "\n";
}

/// Two captioned training clips, two of evaluation, one training clip with music and one without.
void write_clips(const TempFolder& folder) {
  write_lists(folder);
  write_records(folder, "bal_train", "a.tfrecord",
                {clip("t1", {0}, {frame(1)}), clip("t2", {12}, {frame(2)}),
                 clip("free", {1}, {frame(3)}), clip("speech", {14}, {frame(4)})});
  write_records(folder, "eval", "a.tfrecord",
                {clip("e1", {6}, {frame(5), frame(6)}), clip("e2", {12}, {frame(7)}),
                 clip("uncaptioned", {5}, {frame(8)})});
}

std::string good_rows() {
  return row("t1", "['slow', 'piano']", "A slow piano.", false, false) +
         row("t2", "[]", "Drums", false, false) +
         row("e1", "['loud']", "Loud guitars.", true, true) +
         row("e2", "['it\\'s sad', \"\"old\"\"]", "Sad strings.", false, true);
}

Dataset load(const TempFolder& folder, Options more = {}) {
  more.insert({{"path", folder.path().string()}, {"audioset", folder.path().string()}});
  more.insert({"valid_share", 0.0});
  return load_dataset("m", "musiccaps", more);
}

std::string load_message(const TempFolder& folder, const std::string& csv) {
  folder.write("musiccaps-public.csv", csv);
  return message_of<DataError>([&] { load(folder); });
}

bool has_note(const Dataset& dataset, const std::string& note) {
  return std::ranges::find(dataset.notes, note) != dataset.notes.end();
}

}  // namespace

TEST_CASE("musiccaps: captions, official splits, frames and tags") {
  const TempFolder folder;
  write_clips(folder);
  folder.write("musiccaps-public.csv", kHeader + good_rows());
  const Dataset pairs = load(folder);
  CHECK(pairs.ids == Texts{"t1", "t2", "e1", "e2"});
  CHECK(pairs.splits == Texts{"train", "train", "test", "test"});
  CHECK(pairs.texts == Texts{"A slow piano.", "Drums", "Loud guitars.", "Sad strings."});
  REQUIRE(pairs.frames);
  CHECK(pairs.frames->rows(2) == 2);
  CHECK(pairs.frames->bytes(3)[0] == 7);
  CHECK(pairs.targets.at(12).values == std::vector<double>{0, 1, 0, 1});
  CHECK(
      has_note(pairs,
               "evaluation clips with a caption that classification tests, too: 1 of 2 of genre10, "
               "1 of 1 of mood7; their captions are in the split \"test\" and never trained on"));

  const Dataset all = load(folder, {{"unpaired", true}, {"texts", std::string("both")}});
  CHECK(all.ids == Texts{"t1", "t2", "free", "e1", "e2"});
  CHECK(all.texts == Texts{"A slow piano. slow, piano.", "Drums", "", "Loud guitars. loud.",
                           "Sad strings. it's sad, old."});
  CHECK(has_note(all, "1 training clips without a caption"));

  CHECK(load(folder, {{"test", std::string("balanced")}}).ids == Texts{"t1", "t2", "e1"});
  const Dataset silent = load(folder, {{"texts", std::string("none")}});
  CHECK(silent.ids == pairs.ids);
  CHECK(silent.texts.empty());
  const Dataset aspects = load(folder, {{"texts", std::string("aspects")}});
  CHECK(aspects.ids == Texts{"t1", "e1", "e2"});
  CHECK(has_note(aspects, "1 clips have no text in 'aspects': left out"));
}

TEST_CASE("musiccaps: clips are held out by their ids alone") {
  const TempFolder folder;
  write_lists(folder);
  std::string csv = kHeader;
  Texts records;
  for (int i = 0; i < 400; ++i) {
    csv += row("clip" + std::to_string(i), "[]", "Text", false, false);
    records.push_back(clip("clip" + std::to_string(i), {0}, {frame(1)}));
  }
  folder.write("musiccaps-public.csv", csv);
  write_records(folder, "bal_train", "a.tfrecord", records);
  write_records(folder, "eval", "a.tfrecord", {clip("e", {0}, {frame(1)})});
  const auto splits = load(folder, {{"valid_share", 0.25}}).splits;
  const auto held_out = std::ranges::count(splits, "valid");
  CHECK(held_out > 70);
  CHECK(held_out < 130);
  records.resize(200);
  write_records(folder, "bal_train", "a.tfrecord", records);
  const Dataset half = load(folder, {{"valid_share", 0.25}});
  CHECK(half.splits == Texts(splits.begin(), splits.begin() + 200));
  CHECK(has_note(half, "200 of 400 captioned clips have no frames: left out"));
}

TEST_CASE("musiccaps: every mistake of the table is named") {
  const TempFolder folder;
  write_clips(folder);
  CHECK_THAT(load_message(folder, "ytid,caption\nt1,A\n"), Contains("aspect_list") &&
                                                               Contains("is_balanced_subset") &&
                                                               Contains("is_audioset_eval"));
  std::string semicolons = kHeader + good_rows();
  CHECK_THAT(load_message(folder, "id;text\n1;2\n"), Contains("ytid"));
  const std::string wrong = kHeader + row("t1", "piano, slow", "A", false, false) +
                            row("t1", "['a]", "\xff\xfe", false, false) +
                            "e1,30,40,,[],B,4,maybe,True\n" + row("t2", "[]", "C", false, true);
  const std::string message = load_message(folder, wrong);
  CHECK_THAT(message, Contains("line 2, column 'aspect_list': found 'piano, slow', expected a list "
                               "such as ['piano', 'sad']"));
  CHECK_THAT(message, Contains("line 3") && Contains("UTF-8"));
  CHECK_THAT(message, Contains("line 3: the clip 't1' is in") && Contains("line 2 already"));
  CHECK_THAT(
      message,
      Contains("line 4, column 'is_balanced_subset': found 'maybe', expected True or False"));
  CHECK_THAT(load_message(folder, kHeader + row("t2", "[]", "C", false, true)),
             Contains("line 2: is_audioset_eval is True but the frames of 't2' are in bal_train, "
                      "expected the same set"));
  CHECK_THAT(load_message(folder, kHeader + row("elsewhere", "[]", "C", false, true)),
             Contains("none of its clips has frames in the folder of the option 'audioset'"));
  CHECK_THAT(load_message(folder, kHeader), Contains("found no clip"));
  CHECK_THAT(message_of<ConfigError>([&] {
               load(folder, {{"texts", std::string("lyrics")}});
             }),
             Contains("Known: caption, aspects, both, none"));
}

TEST_CASE("musiccaps: the release", "[data]") {
  const auto data = musicrep::data_path("musiccaps");
  if (!data) return;
  const Dataset dataset = load_dataset(
      "m", "musiccaps", {{"path", data->string()}, {"audioset", (*data / "../audioset").string()}});
  CHECK(dataset.ids.size() == 5521);
  CHECK(std::ranges::count(dataset.splits, "test") == 2858);
  CHECK(std::ranges::count(dataset.splits, "valid") > 200);
  const Dataset balanced = load_dataset("m", "musiccaps",
                                        {{"path", data->string()},
                                         {"audioset", (*data / "../audioset").string()},
                                         {"unpaired", true},
                                         {"test", std::string("balanced")}});
  CHECK(std::ranges::count(balanced.splits, "test") == 1000);
}
