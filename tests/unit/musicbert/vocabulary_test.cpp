#include "musicbert/vocabulary.h"

#include <catch2/catch.hpp>

#include "musicbert/musicbert_words.h"
#include "text/words.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;
using Ids = std::vector<std::int64_t>;

TEST_CASE("a text falls into words") {
  CHECK(words_of("It's a 'Rock' album (1973), no?") ==
        Texts{"it's", "a", "rock", "album", "1973", "no"});
  CHECK(words_of("Björk\tand\nSigur  Rós") == Texts{"björk", "and", "sigur", "rós"});
  CHECK(words_of(" -- ... '").empty());
  CHECK(words_of("").empty());
}

TEST_CASE("a vocabulary holds the words of most texts, and counts what it has not") {
  const Texts texts = {"rock rock rock", "a rock album", "a jazz album", "the album"};
  const Vocabulary all = Vocabulary::of_texts(texts, 1, 100);
  CHECK(all.words() == Texts{"album", "a", "rock", "jazz", "the"});
  CHECK(all.size() == kFirstWord + 5);
  CHECK(Vocabulary::of_texts(texts, 2, 100).words() == Texts{"album", "a", "rock"});
  const Vocabulary two = Vocabulary::of_texts(texts, 1, 2);
  CHECK(two.words() == Texts{"album", "a"});

  const TextIds ids = two.ids_of("A JAZZ album, the album", 4);
  CHECK(ids.ids == Ids{kFirstWord + 1, kUnknownWord, kFirstWord, kUnknownWord});
  CHECK(ids.unknown == 2);
  CHECK(ids.cut == 1);
  CHECK(two.ids_of("", 4).ids.empty());
  CHECK(Vocabulary().ids_of("unknown all", 4).unknown == 2);
}

TEST_CASE("a vocabulary does not hold a word twice") {
  CHECK_THAT(message_of<DataError>([] {
               Vocabulary({"a", "b", "a"});
             }),
             Catch::Contains("found 'a' twice"));
  CHECK_THAT(message_of<DataError>([] {
               Vocabulary({"a", ""});
             }),
             Catch::Contains("an empty word"));
}

}  // namespace
}  // namespace musicrep
