#include "metrics/letters.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/random.h"

namespace musicrep {
namespace {

using Graph = std::vector<std::vector<bool>>;  // [n][n] who differs

std::vector<std::string> letters(const Graph& differ) {
  return compact_letters(differ.size(), [&](std::size_t i, std::size_t j) {
    return differ[std::min(i, j)][std::max(i, j)];
  });
}

Graph random_graph(std::size_t n, double share, Random& random) {
  Graph out(n, std::vector<bool>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) out[i][j] = random.uniform() < share;
  }
  return out;
}

/// All sets of members of which no two differ and to which none can be added, by trying all.
std::set<std::vector<std::size_t>> maximal_groups(const Graph& differ) {
  const std::size_t n = differ.size();
  const auto fits = [&](std::size_t set, std::size_t i) {
    for (std::size_t j = 0; j < n; ++j) {
      if ((set >> j & 1) != 0 && i != j && differ[std::min(i, j)][std::max(i, j)]) return false;
    }
    return true;
  };
  std::set<std::vector<std::size_t>> out;
  for (std::size_t set = 1; set < std::size_t{1} << n; ++set) {
    std::vector<std::size_t> members;
    bool is_maximal = true;
    for (std::size_t i = 0; i < n && is_maximal; ++i) {
      const bool in = (set >> i & 1) != 0;
      if (in == fits(set, i)) {
        if (in) members.push_back(i);
      } else {
        is_maximal = false;
      }
    }
    if (is_maximal) out.insert(members);
  }
  return out;
}

/// "ab(27)" as its names.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text[at] == '(' ? text.find(')', at) + 1 - at : 1;
    out.push_back(text.substr(at, length));
    at += length;
  }
  return out;
}

/// Members by name of their group.
std::map<std::string, std::vector<std::size_t>> groups_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (const std::string& name : names_in(texts[i])) out[name].push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("letters of none, one, all that differ and none that differs") {
  CHECK(letters({}).empty());
  CHECK(letters(Graph(1, std::vector<bool>(1))) == std::vector<std::string>{"a"});
  CHECK(letters(Graph(4, std::vector<bool>(4, true))) ==
        std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(letters(Graph(3, std::vector<bool>(3))) == std::vector<std::string>{"a", "a", "a"});
}

TEST_CASE("an entry between two that differ has the letters of both") {
  Graph differ(3, std::vector<bool>(3));
  differ[0][2] = true;
  CHECK(letters(differ) == std::vector<std::string>{"a", "ab", "b"});
}

TEST_CASE("letters are the maximal groups without a difference, found by trying all") {
  Random random(11);
  for (int k = 0; k < 300; ++k) {
    const std::size_t n = 1 + random.below(k < 290 ? 9 : 12);
    const Graph differ = random_graph(n, random.uniform(), random);
    const auto found = groups_of(letters(differ));
    std::set<std::vector<std::size_t>> groups;
    std::vector<std::size_t> previous;
    for (const auto& [name, members] : found) {
      CHECK(groups.insert(members).second);
      // Named in the order of first members: "a" has the first entry.
      if (!previous.empty()) CHECK(previous.front() <= members.front());
      previous = members;
    }
    CHECK(found.at("a").front() == 0);
    CHECK(groups == maximal_groups(differ));
  }
}

TEST_CASE("thirty groups have thirty names") {
  const std::vector<std::string> all = letters(Graph(30, std::vector<bool>(30, true)));
  CHECK(all[25] == "z");
  CHECK(all[26] == "(27)");
  CHECK(all[29] == "(30)");
  CHECK(std::set(all.begin(), all.end()).size() == 30);
}

TEST_CASE("names of many groups are distinct") {
  Random random(12);
  const Graph differ = random_graph(36, 0.5, random);
  const std::vector<std::string> found = letters(differ);
  for (std::size_t i = 0; i < 36; ++i) {
    const std::vector<std::string> of_i = names_in(found[i]);
    for (std::size_t j = i + 1; j < 36; ++j) {
      const bool shared = std::ranges::any_of(names_in(found[j]), [&](const std::string& name) {
        return std::ranges::find(of_i, name) != of_i.end();
      });
      CHECK(shared != differ[i][j]);
    }
  }
}

}  // namespace musicrep
