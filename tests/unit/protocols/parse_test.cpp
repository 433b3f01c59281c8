#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>

#include "musicrep/error.h"
#include "protocols/protocol.h"
#include "test_files.h"

namespace musicrep {
namespace {

const std::string kGood = R"(name = "mine"
version = 3
summary = "for tests"
source = "nobody"
caveats = ["one"]

[items]
order = "class-permuted"
seed = 5

[outer]
kind = "folds"
n = 4
groups = "where-known"

[inner]
kind = "folds"
n = 3
stratify = false
shuffle = true
seed = 9

[features]
pooling = "mean+std"
standardise = true

[grid]
rbf_c = [1, 10]
rbf_gamma = ["2^-4", 0.5, "1/d", "scale"]
linear_c = [0.1]
max_iterations = 1000

[grid.regression]
linear_c = []
epsilon = 0.05
standardise_targets = true
)";

/// kGood with `from` replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& toml) {
  return message_of<ConfigError>([&] { parse_protocol(toml, "mine.toml"); });
}

auto says(const std::string& text) { return Catch::Contains(text); }

}  // namespace

TEST_CASE("a protocol is read whole") {
  const Protocol p = parse_protocol(kGood, "mine.toml");
  CHECK(p.name == "mine");
  CHECK(p.version == 3);
  CHECK(p.caveats == std::vector<std::string>{"one"});
  CHECK(p.permute_by_class);
  CHECK(p.permutation_seed == 5);
  CHECK(p.outer == OuterKind::kFolds);
  CHECK(p.outer_folds == FoldRule{4, true, false, 0, true});
  CHECK(p.inner == InnerKind::kFolds);
  CHECK(p.inner_folds == FoldRule{3, false, true, 9, false});
  CHECK(p.pooling == "mean+std");
  CHECK(p.standardise);
  CHECK(p.standardise_targets);
  CHECK(p.epsilon == 0.05);
  CHECK(p.max_iterations == 1000);

  // RBF before linear, C outer, gamma inner.
  const auto configs = p.configurations(true);
  REQUIRE(configs.size() == 9);
  CHECK(configs[0].kernel == Kernel::kRbf);
  CHECK(configs[0].c == 1);
  CHECK(configs[0].gamma.value == std::exp2(-4));
  CHECK(configs[1].gamma.value == 0.5);
  CHECK(configs[2].gamma.kind == GammaRule::Kind::kAuto);
  CHECK(configs[3].gamma.kind == GammaRule::Kind::kScale);
  CHECK(configs[4].c == 10);
  CHECK(configs[4].gamma.value == std::exp2(-4));
  CHECK(configs[8].kernel == Kernel::kLinear);
  CHECK(configs[8].standardise);
  CHECK(p.configurations(false).size() == 8);  // no linear kernel
}

TEST_CASE("the hash tells what can move a score, and nothing else") {
  const std::string hash = parse_protocol(kGood, "mine.toml").sha256;
  CHECK(hash.size() == 64);
  CHECK(parse_protocol(kGood, "elsewhere.toml").sha256 == hash);
  CHECK(parse_protocol(changed("for tests", "other words"), "m").sha256 == hash);
  CHECK(parse_protocol(changed("[\"one\"]", "[\"one\", \"two\"]"), "m").sha256 == hash);
  CHECK(parse_protocol(changed("nobody", "somebody"), "m").sha256 == hash);
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"name = \"mine\"", "name = \"yours\""},
      {"version = 3", "version = 4"},
      {"seed = 5", "seed = 6"},
      {"n = 4", "n = 5"},
      {"groups = \"where-known\"", "groups = \"ignored\""},
      {"stratify = false", "stratify = true"},
      {"seed = 9", "seed = 10"},
      {"\"mean+std\"", "\"mean\""},
      {"standardise = true", "standardise = false"},
      {"[1, 10]", "[1, 11]"},
      {"\"2^-4\"", "\"2^-5\""},
      {"linear_c = [0.1]", "linear_c = [0.2]"},
      {"max_iterations = 1000", "max_iterations = 1001"},
      {"linear_c = []", "linear_c = [1]"},
      {"epsilon = 0.05", "epsilon = 0.1"},
      {"standardise_targets = true", "standardise_targets = false"},
      {"[items]", "[requires]\ntrain = 3\n\n[items]"},
  };
  std::vector<std::string> hashes = {hash};
  for (const auto& [from, to] : changes) {
    CAPTURE(from, to);
    const std::string other = parse_protocol(changed(from, to), "m").sha256;
    CHECK(std::ranges::find(hashes, other) == hashes.end());
    hashes.push_back(other);
  }
}

TEST_CASE("an unknown key is refused with the nearest known one") {
  const std::string key = refusal(changed("standardise = true", "standardize = true"));
  CHECK_THAT(key, says("mine.toml:") && says("standardize") && says("standardise"));
  CHECK_THAT(refusal(changed("linear_c = [0.1]", "linear_C = [0.1]")),
             says("linear_C") && says("linear_c"));
  CHECK_THAT(refusal(changed("[features]", "[feature]")), says("[features]") && says("mine.toml"));
  CHECK_THAT(refusal(changed("[items]", "[requires]\ntrian = 3\n\n[items]")),
             says("trian") && says("train"));
  CHECK_THAT(refusal(changed("order = \"class-permuted\"", "order = \"class-permutd\"")),
             says("class-permutd") && says("class-permuted") && says("file"));
  CHECK_THAT(refusal(changed("kind = \"folds\"", "kind = \"fold\"")), says("folds"));
  CHECK_THAT(refusal("name = \"x\"\nversion = "), says("mine.toml:2"));
}

TEST_CASE("values out of range are refused with their place") {
  CHECK_THAT(refusal(changed("\"2^-4\"", "\"2^x\"")),
             says("rbf_gamma") && says("'2^x' is not a valid gamma") && says("\"1/d\""));
  for (const std::string gamma : {"\"-1\"", "\"0\"", "\"nan\"", "\"2^-9 \"", "\"2^-5000\"",
                                  "\"1e999\"", "\"\"", "\"2^\"", "-0.5", "\"sclae\""}) {
    CAPTURE(gamma);
    CHECK_THAT(refusal(changed("\"2^-4\"", gamma)), says("is not a valid gamma"));
  }
  CHECK_THAT(refusal(changed("[1, 10]", "[1, -10]")),
             says("rbf_c") && says("-10 is not a positive number"));
  CHECK_THAT(refusal(changed("linear_c = [0.1]", "linear_c = [0]")), says("linear_c"));
  CHECK_THAT(refusal(changed("[1, 10]", "[inf]")), says("is not a positive number"));
  CHECK_THAT(refusal(changed("n = 4", "n = 0")), says("0 folds; expected 2 or more"));
  CHECK_THAT(refusal(changed("n = 3\nstrat", "n = 1\nstrat")), says("1 folds; expected 2 or more"));
  CHECK_THAT(refusal(changed("n = 4", "n = 4294967298")), says("4294967298 folds"));
  CHECK_THAT(refusal(changed("seed = 9", "seed = -1")), says("-1 is not a valid seed"));
  CHECK_THAT(refusal(changed("seed = 9", "seed = 4294967296")),
             says("4294967296 is not a valid seed"));
  CHECK_THAT(refusal(changed("shuffle = true\nseed = 9", "shuffle = true")), says("seed"));
  CHECK_THAT(refusal(changed("max_iterations = 1000", "max_iterations = 0")),
             says("0 iterations; expected 1 or more"));
  CHECK_THAT(refusal(changed("epsilon = 0.05", "epsilon = -0.1")), says("epsilon") && says("-0.1"));
  CHECK_THAT(refusal(changed("epsilon = 0.05", "epsilon = nan")), says("epsilon"));
  CHECK_THAT(refusal(changed("version = 3", "version = \"3\"")), says("version"));
}

TEST_CASE("parts that contradict each other are refused, all at once") {
  CHECK_THAT(refusal(changed(
                 "[inner]\nkind = \"folds\"\nn = 3\nstratify = false\nshuffle = true\nseed = 9",
                 "[inner]\nkind = \"none\"")),
             says("cannot choose among the 9 points for classification") &&
                 says("cannot choose among the 8 points for regression"));
  const std::string outer = "[outer]\nkind = \"folds\"\nn = 4\ngroups = \"where-known\"";
  const std::string inner =
      "[inner]\nkind = \"folds\"\nn = 3\nstratify = false\nshuffle = true\nseed = 9";
  const auto with = [&](const std::string& new_outer, const std::string& new_inner) {
    std::string text = changed(outer, new_outer);
    return refusal(text.replace(text.find(inner), inner.size(), new_inner));
  };
  CHECK_THAT(with("[outer]\nkind = \"none\"", "[inner]\nkind = \"next-fold\""),
             says("[outer] kind = \"none\" needs [inner] kind = \"folds\"") &&
                 says("\"next-fold\" needs [outer] kind = \"folds\""));
  CHECK_THAT(with(outer, "[inner]\nkind = \"validation\""),
             says("\"validation\" needs [outer] kind = \"split\""));
  CHECK_THAT(with("[outer]\nkind = \"folds\"\nn = 2", "[inner]\nkind = \"next-fold\""),
             says("n >= 3"));
  CHECK_THAT(with("[outer]\nkind = \"split\"\nlearn_from = [\"train\", \"vaild\"]", inner),
             says("learn_from") && says("vaild") && says("valid"));
  CHECK_THAT(with("[outer]\nkind = \"split\"\nlearn_from = [\"train\", \"test\"]", inner),
             says("learn_from") && says("test"));
  CHECK_THAT(
      with("[outer]\nkind = \"split\"\nlearn_from = [\"train\"]", "[inner]\nkind = \"validation\""),
      says("learn_from") && says("valid"));
  // Groups are never shuffled: a seed that has no effect must not look as if it had one.
  CHECK_THAT(refusal(changed("n = 4\n", "n = 4\nshuffle = true\nseed = 1\n")),
             says("shuffle") && says("groups"));
  CHECK_THAT(refusal(changed("rbf_gamma = [\"2^-4\", 0.5, \"1/d\", \"scale\"]\n", "")),
             says("rbf_c needs rbf_gamma"));
  CHECK_THAT(refusal(changed("rbf_c = [1, 10]", "rbf_c = []")),
             says("the grid for regression is empty"));
}

TEST_CASE("a protocol is found by name or by file") {
  CHECK(find_protocol("choi2017").name == "choi2017");
  CHECK_THAT(
      message_of<ConfigError>([] { find_protocol("choi207"); }),
      says("unknown protocol 'choi207'") && says("Did you mean 'choi2017'") && says("nested"));
  const TempFolder folder;
  CHECK(find_protocol(folder.write("a.toml", kGood)).name == "mine");
  CHECK_THAT(message_of<ConfigError>(
                 [&] { find_protocol(folder.write("b.toml", changed("\"mine\"", "\"nested\""))); }),
             says("b.toml") && says("the name 'nested' is that of a built-in protocol"));
  CHECK_THAT(message_of<DataError>([&] { find_protocol(folder.path() / "none.toml"); }),
             says("none.toml"));
}

}  // namespace musicrep
