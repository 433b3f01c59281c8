// TF-IDF as scikit-learn computes it.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "text/tfidf.h"
#include "text/words.h"

using namespace musicrep;  // NOLINT: a test of a whole part

TEST_CASE("tf-idf: words, frequencies and rows are scikit-learn's") {
  const nlohmann::json fixture =
      nlohmann::json::parse(std::ifstream(MUSICREP_TEST_DIR "/oracle/text/fixture.json"));
  const auto texts = fixture["texts"].get<std::vector<std::string>>();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(words_of(texts[i]) == fixture["tokens"][i].get<std::vector<std::string>>());
  }
  const Tfidf tfidf = Tfidf::of_texts(std::span(texts).first(5), 2);
  REQUIRE(tfidf.words() == fixture["words"].get<std::vector<std::string>>());
  for (std::size_t w = 0; w < tfidf.words().size(); ++w) {
    CHECK(tfidf.idf()[w] == Approx(fixture["idf"][w].get<double>()).epsilon(1e-12));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<double> row(tfidf.words().size(), 0);
    for (const auto& [place, weight] : tfidf.of(texts[i]).weights) row[place] = weight;
    for (std::size_t w = 0; w < row.size(); ++w) {
      CHECK(row[w] == Approx(fixture["rows"][i][w].get<double>()).margin(1e-12));
    }
  }
}
