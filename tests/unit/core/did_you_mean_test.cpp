#include "core/did_you_mean.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace musicrep {

TEST_CASE("the nearest name is found") {
  const std::vector<std::string> known = {"mfcc", "mtlmr", "tlm", "vggish", "musicbert_audioset"};
  const auto [typed, meant] = GENERATE(table<std::string, std::string>({
      {"mfcc", "mfcc"},
      {"mfc", "mfcc"},                  // deletion
      {"mffcc", "mfcc"},                // insertion
      {"mfxc", "mfcc"},                 // substitution
      {"mcfc", "mfcc"},                 // neighbours swapped
      {"vggihs", "vggish"},             // neighbours swapped at the end
      {"MFCC", "mfcc"},                 // as papers write it
      {"VGGish", "vggish"},             //
      {"TLM", "tlm"},                   //
      {"music", "musicbert_audioset"},  // a short form
      {"vggish_pca", "vggish"},         // a long form
      {"wav2vec", ""},                  // nothing near
      {"", ""},
  }));
  CAPTURE(typed);
  CHECK(nearest_name(typed, known) == meant);
}

TEST_CASE("names with nothing in common are not near, however short") {
  CHECK(nearest_name("x", std::vector<std::string>{"c", "ab"}).empty());
  CHECK(nearest_name("", std::vector<std::string>{"c", "ab"}).empty());
  CHECK(nearest_name("c", std::vector<std::string>{"C"}) == "C");
  CHECK(nearest_name("ba", std::vector<std::string>{"ab"}) == "ab");
  CHECK(nearest_name("x", {}).empty());
}

TEST_CASE("of equally near names the first is taken") {
  CHECK(nearest_name("fold", std::vector<std::string>{"folds", "folder", "mold"}) == "folds");
}

TEST_CASE("an unknown name is reported with what was meant and what is known") {
  const std::vector<std::string> known = {"mfcc", "tlm"};
  CHECK(unknown_name("encoder", "mfc", known) ==
        "unknown encoder 'mfc'. Did you mean 'mfcc'? Known: mfcc, tlm.");
  CHECK(unknown_name("encoder", "wav2vec", known) ==
        "unknown encoder 'wav2vec'. Known: mfcc, tlm.");
  CHECK(unknown_name("option", "x", {}) == "unknown option 'x'. There are none.");
}

}  // namespace musicrep
