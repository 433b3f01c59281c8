#include <catch2/catch.hpp>

#include "report/exports.h"
#include "report/known_works.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

constexpr const char* kTwo = R"(% known by: Ada and Bob
@article{ada1843notes,
  booktitle = {Another},
  title = {Notes on the {Engine} {by} Them},
}
words outside of entries are comments
@book{bob1999, title="A {B}ook", year = 1999})";

TEST_CASE("BibTeX entries are known by the words before them, or by their titles") {
  const std::vector<KnownWork> works = read_works(kTwo);
  REQUIRE(works.size() == 2);
  CHECK(works[0].mark == "Ada and Bob");
  CHECK(works[0].bibtex.starts_with("@article{ada1843notes,"));
  CHECK(works[0].bibtex.ends_with("Them},\n}"));
  CHECK(key_of(works[0].bibtex) == "ada1843notes");
  CHECK(works[0].is_cited_in("see ADA AND BOB, table 1"));
  CHECK_FALSE(works[0].is_cited_in("Notes on the Engine by Them"));
  CHECK(works[1].mark == "A Book");
  CHECK(works[1].bibtex == "@book{bob1999, title=\"A {B}ook\", year = 1999}");
}

TEST_CASE("what is no BibTeX is no work") {
  for (const char* text :
       {"", "none", "@misc{x, note = {without a title}}", "@misc", "@misc{x, title"}) {
    CAPTURE(text);
    CHECK(read_works(text).empty());
  }
}

TEST_CASE("a work that two know is one entry with each use once") {
  Results results;
  results.citations = {{"encoder a", "Ada and Bob 1843"}, {"encoder b", "Cleo 2001"}};
  std::vector<KnownWork> works = read_works(kTwo);
  works.push_back(works[0]);
  const std::string text = bibtex(results, works);
  CHECK_THAT(text, Contains("% used by: encoder a\n@article{ada1843notes,"));
  CHECK_THAT(
      text,
      Contains(
          "@misc{encoder_b,\n  key = {encoder\\_b},\n  title = {encoder b},\n  note = {Cleo 2001}") &&
          !Contains("bob1999"));
  CHECK_THAT(text, Contains("@article{chang2011libsvm,"));
}

}  // namespace
}  // namespace musicrep
