#include "datasets/artist_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

#include "data_dir.h"
#include "datasets/dataset.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::manifest_sha256;
using musicrep::merge_artist_spellings;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

Texts merged(Texts names) {
  merge_artist_spellings(names);
  return names;
}

/// Whether all names are one artist, whatever their order.
bool are_one(Texts names) {
  std::ranges::sort(names);
  do {
    const Texts out = merged(names);
    if (out != Texts(names.size(), names.front())) return false;
  } while (std::ranges::next_permutation(names).found);
  return true;
}

/// Whether no two of the names are one artist.
bool are_apart(const Texts& names) { return merged(names) == names; }

}  // namespace

TEST_CASE("artists: spellings that stand in GTZAN are one artist, by the first name") {
  CHECK(merged({"Earth Wind and Fire", "Queen", "Earth, Wind & Fire"}) ==
        Texts{"Earth Wind and Fire", "Queen", "Earth Wind and Fire"});
  CHECK(merged({"Rage Against the Machine", "Rage Against The Machine"}) ==
        Texts(2, "Rage Against the Machine"));
  CHECK(are_one({"Bob Marley", "Lauryn Hill and Bob Marley", "Lauryn Hill"}));
  CHECK(are_one({"Donna Summer", "Barbra Streisand and Donna Summer"}));
  CHECK(are_one({"Peter Tosh", "Peter Tosh and Mick Jagger"}));
  CHECK(are_one({"Aretha Franklin, Celine Dion, Mariah Carey, Shania Twain & Gloria Estefan",
                 "Mariah Carey", "Celine Dion", "Shania Twain"}));
}

TEST_CASE("artists: case, accents, marks, spaces, the article and signs for and") {
  CHECK(are_one({"Beyoncé", "BEYONCE", "Beyonce\xCC\x81", " beyoncé "}));
  CHECK(are_one({"Motörhead", "MOTÖRHEAD", "Motorhead"}));
  CHECK(are_one({"Sigur Rós", "sigur ros"}));
  CHECK(are_one({"Dvořák", "Dvorak"}));
  CHECK(are_one({"Røyksopp", "Royksopp"}));
  CHECK(are_one({"Guns N' Roses", "Guns N\xE2\x80\x99 Roses", "guns n roses"}));
  CHECK(are_one({"RUN-DMC", "Run-D.M.C.", "Run DMC"}));
  CHECK(are_one({"AC/DC", "ACDC", "Ac Dc"}));
  CHECK(are_one({"Dr. Dre", "Dr Dre"}));
  CHECK(are_one({"The Beatles", "Beatles, The", "Beatles", "the  beatles"}));
  CHECK(are_one({"C+C Music Factory", "C & C Music Factory", "C and C Music Factory",
                 "C &amp; C Music Factory"}));
  CHECK(are_one({"KC and The Sunshine Band", "KC & The Sunshine Band", "K.C. & Sunshine Band"}));
  CHECK(are_one({"Earth_ Wind & Fire", "Earth, Wind &amp; Fire"}));
  CHECK(are_one({"Communards_ The", "The Communards"}));
  CHECK(are_one({"bob_marley", "Bob Marley"}));
  CHECK(are_one({"Кино", "КИНО"}));
}

TEST_CASE("artists: a collaboration joins those whom a whole part of it names") {
  for (const char* name :
       {"Santana feat. Rob Thomas", "Santana Featuring Rob Thomas", "Santana (ft. Rob Thomas)",
        "Rob Thomas with Santana", "Rob Thomas vs Santana", "Rob Thomas vs. Santana",
        "Rob Thomas/Santana", "Rob Thomas; Santana", "Rob Thomas, Santana", "Rob Thomas x Santana",
        "Rob Thomas + Santana", "Rob Thomas_ Santana", "Rob Thomas Duet With Santana",
        "A, B, and Santana", "A, feat. Santana"}) {
    CAPTURE(name);
    CHECK(are_one({name, "Santana"}));
    CHECK(are_apart({name, "Santa", "Rob", "Thomas", "Dave Thomas", "Santana Band"}));
  }
  CHECK(are_one({"Simon & Garfunkel", "Simon & Garfunkel feat. Nobody"}));
  CHECK(are_one({"Peter Tosh & Mick Jagger", "Mick Jagger and Peter Tosh"}));
  CHECK(are_one({"Lost Boys feat. Anna", "Lost Boys ft. Anna"}));
  // A union goes through a collaboration to all who took part in it.
  CHECK(are_one({"Anna", "Anna & Bert", "Bert", "Bert vs Carl", "Carl"}));
}

TEST_CASE("artists: what looks alike and is not one artist") {
  CHECK(are_apart({"Simon & Garfunkel", "Paul Simon", "Art Garfunkel"}));
  CHECK(are_apart({"Peaches and Herb", "Peaches and Cream"}));
  CHECK(are_apart({"The The", "The", "The Them", "The Band"}));
  CHECK(are_apart({"Prince", "Prince Buster", "Princess"}));
  CHECK(are_apart({"Malcolm X", "Malcolm", "X", "Generation X", "X Ambassadors"}));
  CHECK(are_apart({"L.X.G.", "L", "G"}));
  CHECK(are_apart({"And One", "One", "With", "Mumford and", "Mumford"}));
  CHECK(are_apart({"Sandy", "S & Y", "Andy", "Andrew", "Android"}));
  // Acceptable, and not distinguishable from a collaboration by names alone.
  CHECK(are_one({"Mike", "Mike and the Mechanics"}));
}

TEST_CASE("artists: names in other scripts, of marks or of numbers are compared as they are") {
  CHECK(are_apart({"東京事変", "椎名林檎", "東京", "小野リサ", "Ελένη", "آبجيز"}));
  CHECK(are_one({"椎名林檎 & 斎藤ネコ", "椎名林檎"}));
  CHECK(are_one({"\xEF\xBC\xA1\xEF\xBC\xA2", "AB"}));  // wide letters
  CHECK(are_apart({"!!!", "!!", "+/-", "-", "&", "( )", "\xE2\x80\xA6"}));
  CHECK(are_apart({"1", "11", "1 1", "1.1", "-1", "1/1", "+1", "1,1", "1&1"}));
  CHECK(are_apart({"a1", "a11", "a1-1", "a1.1x", "album 1", "album 11", "album 1.1 2"}));
  CHECK(are_apart({"a1 1", "a11"}));
  CHECK(are_apart({"\xFF\xC3", "\xC3", "\xF0\x9F", "y"}));  // invalid UTF-8: reported elsewhere
}

TEST_CASE("artists: unknown ones stay unknown, and nothing is merged where nothing is alike") {
  Texts names = {"", "Queen", "", "ABBA"};
  CHECK(merge_artist_spellings(names).empty());
  CHECK(names == Texts{"", "Queen", "", "ABBA"});
  Texts none;
  CHECK(merge_artist_spellings(none).empty());
}

TEST_CASE("artists: what was merged is reported, shortened, and reported once") {
  Texts names = {"Queen", "A", "QUEEN", "B", "A & B", "queen", "Queen!", "B"};
  CHECK(merge_artist_spellings(names) ==
        Texts{"'Queen' = 'QUEEN' = 'queen' = 1 more", "'A' = 'B' = 'A & B'"});
  CHECK(names == Texts{"Queen", "A", "Queen", "A", "A", "Queen", "Queen", "A"});
  CHECK(merge_artist_spellings(names).empty());
}

TEST_CASE("artists: a data set says which were merged, and its manifest follows") {
  const TempFolder folder;
  const auto load = [&](const Texts& artists) {
    std::string text = "id,label,artist\n";
    for (std::size_t i = 0; i < artists.size(); ++i) {
      text += fmt::format("{},{},\"{}\"\n", i, i % 2, artists[i]);
    }
    return load_dataset("t", "table",
                        {{"csv", folder.write("t.csv", text)},
                         {"id", std::string("id")},
                         {"labels", Texts{"label"}},
                         {"group", std::string("artist")}});
  };
  const Dataset dataset = load({"Earth Wind and Fire", "Queen", "Earth, Wind & Fire", "ABBA"});
  CHECK(dataset.groups == Texts{"Earth Wind and Fire", "Queen", "Earth Wind and Fire", "ABBA"});
  CHECK(dataset.notes == Texts{"artists merged: 'Earth Wind and Fire' = 'Earth, Wind & Fire'"});
  const Dataset same = load({"Earth Wind and Fire", "Queen", "Earth Wind and Fire", "ABBA"});
  CHECK(same.notes.empty());
  CHECK(manifest_sha256(same) == manifest_sha256(dataset));

  Texts many;
  for (const char* name : {"A", "B", "C", "D", "E", "F", "G"}) {
    many.push_back(fmt::format("Artist {}", name));
    many.push_back(fmt::format("artist {}", name));
  }
  const Dataset shortened = load(many);
  REQUIRE(shortened.notes.size() == 1);
  CHECK_THAT(shortened.notes[0], Contains("'Artist E' = 'artist E' and 2 more"));
  CHECK_THAT(shortened.notes[0], !Contains("Artist F"));
}

TEST_CASE("artists: the real names of GTZAN") {
  const auto path = musicrep::data_path("gtzan/metadata");
  if (!path) return;
  const Dataset dataset = load_dataset("g", "gtzan", {{"metadata", path->string()}});
  const auto n = [&](const std::string& name) { return std::ranges::count(dataset.groups, name); };
  CHECK(n("Earth, Wind & Fire") == 3);
  CHECK(n("Rage Against the Machine") == 5);
  CHECK(n("Donna Summer") == 4);
  CHECK(n("Peter Tosh") == 4);
  CHECK(n("Lauryn Hill") == 39);   // with Bob Marley
  CHECK(n("Shania Twain") == 11);  // with Mariah Carey and Celine Dion
  CHECK(std::ranges::count(dataset.notes,
                           "artists merged: 'Shania Twain' = 'Mariah Carey' = 'Celine Dion' = 1 "
                           "more; 'Donna Summer' = 'Barbra Streisand and Donna Summer'; 'Earth, "
                           "Wind & Fire' = 'Earth Wind and Fire'; 'Lauryn Hill' = 'Bob Marley' = "
                           "'Lauryn Hill and Bob Marley'; 'Rage Against the Machine' = 'Rage "
                           "Against The Machine' and 1 more") == 1);
}

TEST_CASE("artists: tens of thousands of names take a moment") {
  Texts names;
  for (int i = 0; i < 20'000; ++i) {
    names.push_back(fmt::format("Artist {:x}", i));
    names.push_back(fmt::format("Guest {:x} feat. Artist {:x} & Band {:x}", i, i / 2, i));
  }
  std::string crowd = "Somebody";
  for (int i = 0; i < 2'000; ++i) crowd += fmt::format(", Artist {:x}", i);
  names.push_back(crowd);
  const auto begin = std::chrono::steady_clock::now();
  merge_artist_spellings(names);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  CHECK(seconds.count() < 60);  // 0.2 s as a rule; quadratic in names would be minutes
  CHECK(names[3] == "Artist 0");
  CHECK(std::set<std::string>(names.begin(), names.end()).size() < 40'001);
}
