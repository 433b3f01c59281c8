#include "report/exports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "report/known_works.h"
#include "report/latex.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

/// BibTeX reads an entry wherever there is an '@', in comments too.
std::string comment_text(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '@' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string key_from(const std::string& text) {
  std::string key;
  for (const char c : text) key += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return key;
}

std::string misc_entry(const Citation& citation, const std::string& key) {
  // Styles sort by the field "key" where there is no author.
  return fmt::format("@misc{{{},\n  key = {{{}}},\n  title = {{{}}},\n  note = {{{}}}\n}}", key,
                     latex_text(key), latex_text(citation.used_by), latex_text(citation.text));
}

/// What the harness itself depends on.
constexpr const char* kHarnessWorks = R"(% known by: musicrep itself
@misc{musicrep,
  author = {{The musicrep authors}},
  title = {musicrep: a benchmark harness for music representations},
  howpublished = {Software}
}
% known by: libsvm
@article{chang2011libsvm,
  title = {{LIBSVM}: A Library for Support Vector Machines},
  author = {Chang, Chih-Chung and Lin, Chih-Jen},
  journal = {ACM Transactions on Intelligent Systems and Technology},
  volume = {2},
  number = {3},
  year = {2011}
}
% known by: PyTorch
@inproceedings{paszke2019pytorch,
  title = {{PyTorch}: An Imperative Style, High-Performance Deep Learning Library},
  author = {Paszke, Adam and Gross, Sam and Massa, Francisco and others},
  booktitle = {Advances in Neural Information Processing Systems 32},
  year = {2019}
})";

}  // namespace

std::string bibtex(const Results& results, std::vector<KnownWork> works) {
  std::ranges::move(read_works(kHarnessWorks), std::back_inserter(works));
  std::vector<Citation> used = results.citations;
  used.push_back({"the run as a whole", "musicrep itself"});
  used.push_back({"every SVM (solver, or the check of it)", "libsvm"});
  if (!results.curves.empty()) used.push_back({"trainings", "PyTorch"});
  std::map<std::string, std::pair<std::string, std::vector<std::string>>> entries;
  const auto add = [&](const std::string& entry, const std::string& used_by) {
    auto& [text, users] = entries[key_of(entry)];
    text = entry;
    // Several may know one work.
    if (users.empty() || users.back() != used_by) users.push_back(used_by);
  };
  for (const Citation& citation : used) {
    bool known = false;
    for (const KnownWork& work : works) {
      if (!work.is_cited_in(citation.text)) continue;
      add(work.bibtex, citation.used_by);
      known = true;
    }
    if (known) continue;
    // The same words for several uses are one work.
    const auto first = std::ranges::find(used, citation.text, &Citation::text);
    // Other words, or other scripts, may give the same key.
    std::string key = key_from(first->used_by);
    while (entries.contains(key) && entries[key].first != misc_entry(*first, key)) key += "_";
    add(misc_entry(*first, key), citation.used_by);
  }
  std::string out = fmt::format("% Works behind {}.\n", comment_text(results.experiment));
  for (const auto& [key, entry] : entries) {
    constexpr std::size_t kMost = 4;
    const auto& users = entry.second;
    const std::span some(users.data(), std::min(users.size(), kMost));
    out += fmt::format(
        "\n% used by: {}{}\n{}\n", comment_text(fmt::format("{}", fmt::join(some, "; "))),
        users.size() > kMost ? fmt::format(" and {} more", users.size() - kMost) : "", entry.first);
  }
  return out;
}

std::string json_text(const Results& results) {
  nlohmann::json json = results;
  json["schema"] = "musicrep-results";
  json["schema_version"] = Results::kSchemaVersion;
  json["content_digest"] = content_digest(results);
  return json.dump(1) + "\n";
}

}  // namespace musicrep
