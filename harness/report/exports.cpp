#include "report/exports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "metrics/multiple_tests.h"
#include "report/known_works.h"
#include "report/markdown_text.h"
#include "report/score_tables.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

std::string latex(const std::string& text) {
  static const std::map<char, std::string> kEscapes = {{'\\', "\\textbackslash{}"},
                                                       {'{', "\\{"},
                                                       {'}', "\\}"},
                                                       {'_', "\\_"},
                                                       {'&', "\\&"},
                                                       {'%', "\\%"},
                                                       {'#', "\\#"},
                                                       {'$', "\\$"},
                                                       {'~', "\\textasciitilde{}"},
                                                       {'^', "\\textasciicircum{}"}};
  std::string out;
  for (const char c : text) {
    const auto escape = kEscapes.find(c);
    if (escape == kEscapes.end()) {
      out += c;
    } else {
      out += escape->second;
    }
  }
  return out;
}

std::string misc_entry(const Citation& citation) {
  std::string key;
  for (const char c : citation.used_by) {
    key += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return fmt::format("@misc{{{},\n  note = {{{}}}\n}}", key, latex(citation.text));
}

/// What the harness itself stands on.
constexpr const char* kHarnessWorks = R"(% known by: libsvm
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

using Best = std::set<std::pair<std::string, std::string>>;  // (task and protocol, encoder)

bool has_published(const ScoreTable& table) {
  return std::ranges::any_of(table.rows,
                             [](const ResultRow* row) { return row->published.has_value(); });
}

/// "0.776" or, with a letter and its reason in `notes`, "0.776$^{a}$".
std::string latex_published(const ResultRow& row, std::vector<std::string>& notes) {
  if (!row.published) return "--";
  const std::string text = score_text(*row.published);
  const std::string note = not_comparable_text(row);
  if (note.empty()) return text;
  auto at = std::ranges::find(notes, note);
  if (at == notes.end()) at = notes.insert(notes.end(), note);
  return fmt::format("{}$^{{{}}}$", text, static_cast<char>('a' + (at - notes.begin()) % 26));
}

/// One tabular: the encoders under one protocol, a column a task, published scores beside ours.
std::string latex_table(const Results& results, const std::vector<const ScoreTable*>& columns,
                        const std::string& protocol, const Best& best) {
  std::vector<std::string> header;
  std::vector<std::string> encoders;
  for (const ScoreTable* table : columns) {
    header.push_back(fmt::format("{} ({})", latex(table->task), latex(table->rows[0]->metric)));
    if (has_published(*table)) header.emplace_back("published");
  }
  for (const ResultRow& row : results.rows) {
    const bool known = std::ranges::find(encoders, row.encoder) != encoders.end();
    if (row.protocol == protocol && !known) encoders.push_back(row.encoder);
  }
  std::string out =
      fmt::format("\n% protocol {}\n\\begin{{tabular}}{{l{}}}\n\\toprule\n & {} \\\\\n\\midrule\n",
                  protocol, std::string(header.size(), 'r'), fmt::join(header, " & "));
  std::vector<std::string> notes;
  for (const std::string& encoder : encoders) {
    out += latex(encoder);
    for (const ScoreTable* table : columns) {
      const auto row = std::ranges::find(table->rows, encoder, &ResultRow::encoder);
      const bool there = row != table->rows.end();
      if (!there || !(*row)->failure.empty()) {
        out += " & --";
      } else {
        const std::string score = score_text((*row)->score);
        const bool bold = best.contains({table->task + "/" + protocol, encoder});
        out +=
            fmt::format(" & {} {{\\small {}}}", bold ? fmt::format("\\textbf{{{}}}", score) : score,
                        interval_text((*row)->ci_low, (*row)->ci_high));
      }
      if (has_published(*table)) out += " & " + (there ? latex_published(**row, notes) : "--");
    }
    out += " \\\\\n";
  }
  out += "\\bottomrule\n";
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += fmt::format("\\multicolumn{{{}}}{{l}}{{\\footnotesize $^{{{}}}$ {}}} \\\\\n",
                       header.size() + 1, static_cast<char>('a' + i % 26), latex(notes[i]));
  }
  return out + "\\end{tabular}\n";
}

}  // namespace

std::string latex_tables(const Results& results) {
  const std::vector<ScoreTable> tables = score_tables(results);
  std::vector<std::string> protocols;
  for (const ScoreTable& table : tables) {
    if (std::ranges::find(protocols, table.protocol) == protocols.end()) {
      protocols.push_back(table.protocol);
    }
  }
  Best best;
  for (const ScoreTable& table : tables) {
    const std::string& leader = table.rows.front()->encoder;
    best.emplace(table.task + "/" + table.protocol, leader);
    for (const Comparison& c : results.comparisons) {
      if (c.task != table.task || c.protocol != table.protocol || c.p_adjusted < kSignificanceLevel)
        continue;
      if (c.a == leader || c.b == leader) {
        best.emplace(table.task + "/" + table.protocol, c.a == leader ? c.b : c.a);
      }
    }
  }
  std::string out = fmt::format(
      "% {}, content digest {}\n% Bold: the best of its column, and what does not differ from it "
      "significantly. \\usepackage"
      "{{booktabs}}\n",
      results.experiment, content_digest(results).substr(0, 12));
  for (const std::string& protocol : protocols) {
    std::vector<const ScoreTable*> columns;
    for (const ScoreTable& table : tables) {
      if (table.protocol == protocol) columns.push_back(&table);
    }
    out += latex_table(results, columns, protocol, best);
  }
  return out;
}

std::string bibtex(const Results& results, std::vector<KnownWork> works) {
  std::ranges::move(read_works(kHarnessWorks), std::back_inserter(works));
  std::vector<Citation> used = results.citations;
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
    add(misc_entry(*first), citation.used_by);
  }
  std::string out = fmt::format("% Works behind {}.\n", results.experiment);
  for (const auto& [key, entry] : entries) {
    constexpr std::size_t kMost = 4;
    const auto& users = entry.second;
    const std::span some(users.data(), std::min(users.size(), kMost));
    out += fmt::format(
        "\n% used by: {}{}\n{}\n", fmt::join(some, "; "),
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
