#include "text/words.h"

#include <catch2/catch.hpp>

using musicrep::sentences_of;
using Texts = std::vector<std::string>;

TEST_CASE("sentences end with a stop before a space, or with a line") {
  const auto of = [](const std::string& text) {
    Texts out;
    for (const std::string_view one : sentences_of(text)) out.emplace_back(one);
    return out;
  };
  CHECK(of("One. Two! Three?") == Texts{"One.", "Two!", "Three?"});
  CHECK(of("At 3.5 kHz.it goes on") == Texts{"At 3.5 kHz.it goes on"});
  CHECK(of("a\n\n b ") == Texts{"a\n", "b "});
  CHECK(of("").empty());
  CHECK(of("  ").empty());
}
