#include "report/latex.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "metrics/multiple_tests.h"
#include "report/encoder_looks.h"
#include "report/letters.h"
#include "report/markdown_text.h"
#include "report/score_tables.h"

namespace musicrep {
namespace {

using Best = std::set<std::pair<std::string, std::string>>;  // (task and protocol, encoder)

bool has_published(const ScoreTable& table) {
  return std::ranges::any_of(table.rows,
                             [](const ResultRow* row) { return row->published.has_value(); });
}

/// "a" to "z", "aa", …
std::string note_mark(std::size_t number) {
  std::string out;
  for (std::size_t n = number + 1; n > 0; n = (n - 1) / 26) {
    out.insert(out.begin(), static_cast<char>('a' + (n - 1) % 26));
  }
  return out;
}

/// "0.776" or, with a mark and its reason in `notes`, "0.776\textsuperscript{(a)}": letters without
/// brackets are those of significance.
std::string latex_published(const ResultRow& row, std::vector<std::string>& notes) {
  if (!row.published) return "--";
  const std::string text = score_text(*row.published);
  const std::string note = not_comparable_text(row);
  if (note.empty()) return text;
  auto at = std::ranges::find(notes, note);
  if (at == notes.end()) at = notes.insert(notes.end(), note);
  return fmt::format("{}\\textsuperscript{{({})}}", text,
                     note_mark(static_cast<std::size_t>(at - notes.begin())));
}

std::string score_cell(const Results& results, const ResultRow& row, bool bold) {
  if (!row.failure.empty()) return "--";
  const std::string score = score_text(row.score);
  const std::string& letters = letters_of(results, row);
  return fmt::format("{}{} {{\\small {}}}", bold ? fmt::format("\\textbf{{{}}}", score) : score,
                     letters.empty() ? "" : fmt::format("\\textsuperscript{{{}}}", letters),
                     interval_text(row.ci_low, row.ci_high));
}

/// What \ref takes: letters, digits and hyphens.
std::string label_of(const std::string& experiment, const std::string& protocol) {
  std::string out = "tab:";
  for (const char c : experiment + "-" + protocol) {
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  }
  return out;
}

std::string caption(const Results& results, const std::string& protocol) {
  const std::string& title = results.title.empty() ? results.experiment : results.title;
  return fmt::format(
      "{}: protocol {}. Brackets: 95\\,\\% intervals. Encoders that share a letter do not differ "
      "significantly (5\\,\\%, Holm). Bold: the highest score of its column, and what does not differ "
      "from it significantly.",
      latex_text(title), latex_text(protocol));
}

/// The encoders under one protocol, a column a task, published scores next to ours.
std::string latex_table(const Results& results, const std::vector<const ScoreTable*>& columns,
                        const std::string& protocol, const Best& best) {
  const std::vector<EncoderLook> looks = encoder_looks(results);
  std::vector<std::string> header;
  std::vector<std::string> encoders;
  for (const ScoreTable* table : columns) {
    header.push_back(
        fmt::format("{} ({})", latex_text(table->task), latex_text(table->rows[0]->metric)));
    if (has_published(*table)) header.emplace_back("published");
  }
  for (const ResultRow& row : results.rows) {
    const bool known = std::ranges::find(encoders, row.encoder) != encoders.end();
    if (row.protocol == protocol && !known) encoders.push_back(row.encoder);
  }
  std::string out = fmt::format(
      "\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{{}}}\n\\begin{{tabular}}{{l{}}}\n"
      "\\toprule\n & {} \\\\\n\\midrule\n",
      caption(results, protocol), label_of(results.experiment, protocol),
      std::string(header.size(), 'r'), fmt::join(header, " & "));
  std::vector<std::string> notes;
  for (const std::string& encoder : encoders) {
    out += latex_text(look_of(looks, encoder).name);
    for (const ScoreTable* table : columns) {
      const auto row = std::ranges::find(table->rows, encoder, &ResultRow::encoder);
      const bool there = row != table->rows.end();
      const bool bold = best.contains({table->task + "/" + protocol, encoder});
      out += " & " + (there ? score_cell(results, **row, bold) : "--");
      if (has_published(*table)) out += " & " + (there ? latex_published(**row, notes) : "--");
    }
    out += " \\\\\n";
  }
  out += "\\bottomrule\n\\end{tabular}\n";
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += fmt::format("\n\\smallskip\n{{\\footnotesize \\textsuperscript{{({})}} {}\\par}}\n",
                       note_mark(i), latex_text(notes[i]));
  }
  return out + "\\end{table}\n";
}

}  // namespace

std::string latex_text(std::string_view text) {
  static const std::map<char, std::string> kEscapes = {{'\\', "\\textbackslash{}"},
                                                       {'{', "\\{"},
                                                       {'}', "\\}"},
                                                       {'_', "\\_"},
                                                       {'&', "\\&"},
                                                       {'%', "\\%"},
                                                       {'#', "\\#"},
                                                       {'$', "\\$"},
                                                       {'~', "\\textasciitilde{}"},
                                                       {'^', "\\textasciicircum{}"},
                                                       {'<', "\\textless{}"},
                                                       {'>', "\\textgreater{}"},
                                                       {'|', "\\textbar{}"},
                                                       {'"', "\\textquotedbl{}"},
                                                       {'\n', " "},
                                                       {'\r', " "},
                                                       {'\t', " "}};
  std::string out;
  for (const char c : text) {
    const auto escape = kEscapes.find(c);
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (escape != kEscapes.end()) {
      out += escape->second;
    } else if (!control) {
      out += c;
    }
  }
  return out;
}

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
      "% {}, content digest {}\n% \\usepackage{{booktabs}}; \\usepackage[T1]{{fontenc}}\n",
      latex_text(results.experiment), content_digest(results).substr(0, 12));
  for (const std::string& protocol : protocols) {
    std::vector<const ScoreTable*> columns;
    for (const ScoreTable& table : tables) {
      if (table.protocol == protocol) columns.push_back(&table);
    }
    out += latex_table(results, columns, protocol, best);
  }
  return out;
}

}  // namespace musicrep
