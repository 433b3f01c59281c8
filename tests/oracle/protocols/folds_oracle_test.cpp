// Folds against scikit-learn's; fixture.json is written by make_fixture.py.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "protocols/folds.h"

namespace musicrep {

TEST_CASE("folds are scikit-learn's") {
  std::ifstream file(MUSICREP_TEST_DIR "/oracle/protocols/fixture.json");
  const nlohmann::json fixture = nlohmann::json::parse(file);
  std::vector<std::string> names;
  for (int c = 0; c < 10; ++c) names.push_back("class " + std::to_string(c));
  std::map<std::string, int> checked;
  for (const nlohmann::json& given : fixture.at("cases")) {
    const auto kind = given.at("kind").get<std::string>();
    const auto classes = given.at("classes").get<std::vector<int>>();
    const auto groups = given.at("groups").get<std::vector<std::string>>();
    const auto expected = given.at("folds").get<std::vector<int>>();
    FoldRule rule;
    rule.n = given.at("n_folds").get<int>();
    rule.stratify = kind.starts_with("stratified");
    rule.shuffle = given.at("shuffle").get<bool>();
    rule.seed = given.at("seed").get<std::uint32_t>();
    rule.grouped = kind.ends_with("grouped");
    CAPTURE(kind, checked[kind], rule.n, rule.shuffle, rule.seed, classes.size());
    CHECK(assign_folds(rule, classes.size(), classes, names, group_numbers(groups)) == expected);
    ++checked[kind];
  }
  CHECK(checked ==
        std::map<std::string, int>{
            {"grouped", 3}, {"plain", 60}, {"stratified", 72}, {"stratified-grouped", 32}});
}

}  // namespace musicrep
