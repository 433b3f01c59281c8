#include "text/word_vectors.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::message_of;
using musicrep::read_word_vectors;
using musicrep::TempFolder;
using musicrep::WordVectors;
using Texts = std::vector<std::string>;
using Floats = std::vector<float>;

namespace {

const Texts kAsked = {"piano", "sad", "guitar"};

std::string binary_row(const std::string& word, const Floats& values) {
  std::string out = word + " ";
  for (const float value : values) {
    char bytes[sizeof(float)];
    std::memcpy(bytes, &value, sizeof(float));
    out.append(bytes, sizeof(float));
  }
  return out + "\n";
}

WordVectors read(const TempFolder& folder, const std::string& bytes) {
  return read_word_vectors(folder.write("vectors", bytes), kAsked);
}

std::string refusal(const TempFolder& folder, const std::string& bytes) {
  return message_of<DataError>([&] { read(folder, bytes); });
}

}  // namespace

TEST_CASE("word vectors: GloVe's text, word2vec's text and binary hold the same") {
  const TempFolder folder;
  const std::string lines = "piano 1 2.5\nthe 0 0\nsad -1 1e-2\n";
  for (const std::string& bytes :
       {lines, "3 2\n" + lines,
        "3 2\n" + binary_row("piano", {1, 2.5F}) + binary_row("the", {0, 0}) +
            binary_row("sad", {-1, 1e-2F})}) {
    const WordVectors found = read(folder, bytes);
    CHECK(found.width == 2);
    CHECK(found.n_in_file == 3);
    CHECK(found.words == Texts{"piano", "sad"});
    CHECK(found.values == Floats{1, 2.5F, -1, 1e-2F});
  }
  const WordVectors cased = read(folder, "Piano 1\nPIANO 2\npiano 3\nSad 4\n");
  CHECK(cased.values == Floats{3, 4});
}

TEST_CASE("word vectors: what is wrong is named with its line or word") {
  const TempFolder folder;
  CHECK_THAT(refusal(folder, ""), Contains("is empty"));
  CHECK_THAT(refusal(folder, "piano 1 2\nsad 1\n"),
             Contains("line 2") && Contains("found 1 numbers, expected a word and 2"));
  CHECK_THAT(refusal(folder, "piano 1 2\nsad 1 2 3\n"),
             Contains("line 2") && Contains("more than 2 numbers"));
  CHECK_THAT(refusal(folder, "piano 1 2\nsad 1 x\n"), Contains("line 2") && Contains("'x'"));
  CHECK_THAT(refusal(folder, "piano 1 2\npiano 3 4\n"),
             Contains("line 2") && Contains("'piano' a second time"));
  CHECK_THAT(refusal(folder, "3 2\npiano 1 2\nsad 1 2\n"), Contains("found 2 words, expected 3"));
  const std::string binary = "2 2\n" + binary_row("piano", {1, 2}) + binary_row("sad", {3, 4});
  CHECK_THAT(refusal(folder, binary.substr(0, binary.size() - 4)),
             Contains("ends inside the numbers of word 2 ('sad')"));
  CHECK_THAT(refusal(folder, "1 2\n" + binary_row("piano", {1, 2}) + binary_row("sad", {3, 4})),
             Contains("holds more than the 1 words"));
  CHECK_THAT(message_of<DataError>([&] { read_word_vectors(folder.path() / "none", kAsked); }),
             Contains("cannot be read"));
}
