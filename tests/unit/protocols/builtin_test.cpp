// The built-in protocols, held to their published versions.
#include <catch2/catch.hpp>
#include <algorithm>
#include <map>
#include <set>

#include "protocols/builtin_definitions.h"
#include "protocols/protocol.h"

namespace musicrep {
namespace {

/// name -> version and hash. A score is only comparable under the same hash.
struct Pinned {
  std::int64_t version;
  std::string sha256;
};
const std::map<std::string, Pinned>& pinned() {
  static const std::map<std::string, Pinned> list = {
      {"audioset-music", {1, "0155d71c4f9b883e0c8341df3684a6a107cb134baede934578bc3046fbb06fbc"}},
      {"audioset-music-eval-nested",
       {1, "d848ce5e270cceaf663a2941f0bbe8ac76fe9372925729c61d8cc5962b748b28"}},
      {"audioset-music-nested",
       {1, "fe1685e1c70e5db4dc7d4f572fa6fd2fea745fcb65034d6b6acbd38eacdff848"}},
      {"choi2017", {1, "17f4c46aba0e2780fbe127838db899f2b1bd33b0c8754acf0d1327c73212d1fd"}},
      {"choi2017-scaled", {1, "50bcaa2498257dff817f2fba89dd71feb2527a6330a93e31777ecf118b39fba3"}},
      {"deezer-official", {1, "335496b0cbb9c136d3a1aa19b6ce68c0b967caea108e523acc44632ba031d066"}},
      {"deezer-partial", {1, "891179a68b2899098688462a5f276c9d7ec01baf56fb3e75892eb3531254da0a"}},
      {"gtzan-fault-filtered",
       {1, "f2e7cb106609c3acfb8c1f8d392a72bab2d2bf5152f04710c05e69111bdd512e"}},
      {"gtzan-fault-filtered-cv",
       {1, "bb862bdf8440b2372d2dc60fb9a063f638214bcf2bba47908a0d856dc0dd295a"}},
      {"gtzan-fault-filtered-raw",
       {1, "eb11cff901e6c109082904e4da59483cd83cc7b5c6f2c106477ffb19a4cbbdc9"}},
      {"gtzan-fault-filtered-raw-rbf",
       {1, "690b0966763ef5ae6a4b471c571c4e7966f1cc070e6695b405e8c33176cc8d6e"}},
      {"hear-10fold", {1, "d9cd8c127a4c87221c708fdb8ab1d4ebda995d608ab0f87802840526cae119e8"}},
      {"kim2019", {1, "d77d905422bc2a910d9611e1553bf00598032d958b98eb17483a6892a167c8c9"}},
      {"kim2019-tuned", {1, "8067b444850b0332fcdd60a0742040a25baf91f191ea18db5b95b9044182a609"}},
      {"nested", {1, "c6cf1f2347df995a2f579499e3516fcc262b70aac7d2f581400bc38ff4817bf8"}},
      {"nested-knn", {1, "8cbdf890398b887ae195b3b3e5a616b1b2ef85ff0cd003ed49f58048172c98bd"}},
      {"nested-logistic", {1, "6bbea5903564d5433d5f70185da0903852a8432fd8d81edc434d6c880fa0db4d"}},
      {"nested-mlp", {1, "90321aef2e698fe63f3ba5fb4413a1c097f0ca91ace80af0a443e37e990dc174"}},
      {"nested-ridge", {1, "f2c537d8ec33572bbcefb221c20d174d7edb863f1e0d746856fd2106d1484370"}},
      {"own-split", {1, "f41a6d89bc118e0babdea90e715df3ea7e8fc701c7a63f06277ff95d54dbcd76"}},
      {"partial-10fold", {1, "a4ebef97a3d8f24be785e720903b875eb388f26caaf05d7364dc50640510ae57"}},
      {"tagging-nested", {1, "9b08b87fca0e0e7323bda055c8e934d5d3cf11848ceababa76dd9a7cebf32e5f"}},
      {"tagging-nested-logistic",
       {1, "5bef3dd8bdd1bf8def07f612e9f9504255eef81dc89978c4a1313da05253eefe"}},
      {"tagging-split", {1, "9b7ad6d0058579d6c22393f57cd8b315e23cb09dcb29efb0916886a5a194c1b1"}},
      {"tagging-split-logistic",
       {1, "61e091800e6b9ec547ffc504b19a7c0f2cc35a12cdc727bf5051c91e8caa5c9e"}},
  };
  return list;
}

}  // namespace

TEST_CASE("every built-in protocol parses under its file's name") {
  std::set<std::string> names;
  for (const BuiltinDefinition& definition : builtin_definitions()) {
    CAPTURE(definition.name);
    const Protocol p = find_protocol(definition.name);
    CHECK(p.name == definition.name);
    CHECK(p.version >= 1);
    CHECK_FALSE(p.summary.empty());
    CHECK_FALSE(p.source.empty());
    CHECK(names.insert(p.name).second);
  }
  const auto listed = protocol_names();
  CHECK(std::ranges::is_sorted(listed));
  CHECK(std::set<std::string>(listed.begin(), listed.end()) == names);
}

TEST_CASE("a built-in protocol does not change without a new version") {
  for (const std::string& name : protocol_names()) {
    const Protocol p = find_protocol(name);
    const auto found = pinned().find(name);
    if (found == pinned().end()) {
      FAIL_CHECK("the protocol '" << name << "' is new: add {\"" << name << "\", {" << p.version
                                  << ", \"" << p.sha256 << "\"}} to pinned() in this file");
      continue;
    }
    if (p.version == found->second.version && p.sha256 != found->second.sha256) {
      FAIL_CHECK("the protocol '"
                 << name << "' has changed under version " << p.version
                 << ": scores made with it would be compared with others that are not its own. "
                    "Raise `version` in its file, then pin the new hash here");
    } else if (p.sha256 != found->second.sha256) {
      FAIL_CHECK("the protocol '" << name << "' has a new version: pin {" << p.version << ", \""
                                  << p.sha256 << "\"} here");
    }
  }
  for (const auto& [name, pin] : pinned()) {
    INFO("the protocol '" << name << "' is pinned here but no longer built in");
    CHECK(std::ranges::count(protocol_names(), name) == 1);
  }
}

TEST_CASE("the grid of choi2017 has its published points") {
  const Protocol p = find_protocol("choi2017");
  CHECK(p.outer == OuterKind::kNone);
  CHECK(p.inner == InnerKind::kFolds);
  CHECK(p.inner_folds == FoldRule{10, true, false, 0, false});
  CHECK_FALSE(p.standardise);
  CHECK_FALSE(p.permute_by_class);
  const auto configs = p.configurations(true);
  REQUIRE(configs.size() == 32);
  CHECK(configs[6].gamma.name == "1/d");
  CHECK(configs[7].c == 2);
  CHECK(configs[27].kernel == Kernel::kRbf);
  CHECK(configs[28].kernel == Kernel::kLinear);
  CHECK(configs[31].c == 32);
  const auto regression = p.configurations(false);
  REQUIRE(regression.size() == 29);
  CHECK(regression[28].kernel == Kernel::kLinear);
  CHECK(regression[28].c == 0.1);
  CHECK(p.epsilon == 0.1);
}

TEST_CASE("deezer-official standardises its targets and needs the whole set") {
  const Protocol official = find_protocol("deezer-official");
  CHECK(official.standardise_targets);
  CHECK(official.standardise);
  CHECK(official.inner == InnerKind::kValidation);
  CHECK(official.required_items ==
        std::map<std::string, std::int64_t>{{"train", 11267}, {"valid", 3863}, {"test", 3514}});
  CHECK(official.configurations(false).size() == 29);
  const Protocol partial = find_protocol("deezer-partial");
  CHECK(partial.required_items.empty());
  CHECK(partial.standardise_targets);
  REQUIRE(partial.caveats.size() == 1);
}

TEST_CASE("audioset-music learns from the training split alone") {
  const Protocol p = find_protocol("audioset-music");
  CHECK(p.outer == OuterKind::kSplit);
  CHECK(p.learn_from == std::vector<std::string>{"train"});
  CHECK(p.inner_folds == FoldRule{10, true, false, 0, false});
  CHECK(p.permute_by_class);
  CHECK(p.standardise);
}

}  // namespace musicrep
