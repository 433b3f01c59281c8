// For each protocol with several tasks, one table of all: encoders by tasks, in the order of the
// experiment.
#include <fmt/format.h>

#include <algorithm>

#include "report/footnotes.h"
#include "report/html/page.h"
#include "report/letters.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// "MLM: MusicBERT, masked language modelling (`mlm`)".
std::string representation(const ReportInput& input, const std::string& label) {
  const std::string about = look_of(input.encoders, label).about;
  if (about.empty()) return input.name_and_label(label);
  return fmt::format("{}: {} ({})", input.name(label), about, code(label));
}

std::string section(const ReportInput& input) {
  const Results& results = input.results;
  const std::vector<ScoreTable>& tables = input.tables;
  std::vector<std::string> protocols;
  for (const ScoreTable& table : tables) number_of(protocols, table.protocol);
  std::string out;
  for (const std::string& protocol : protocols) {
    std::vector<const ScoreTable*> columns;
    for (const ScoreTable& table : tables) {
      if (table.protocol == protocol) columns.push_back(&table);
    }
    if (columns.size() < 2) continue;
    std::vector<std::string> header = {"Representation"};
    bool published = false;
    for (const ScoreTable* table : columns) {
      header.push_back(
          fmt::format("{}: {}", plain(table->task), plain(table->rows.front()->metric)));
      header.emplace_back("Group");
      for (const ResultRow* row : table->rows) published = published || row->published;
    }
    if (published) {
      for (const ScoreTable* table : columns) {
        header.push_back(fmt::format("{}: published (difference)", plain(table->task)));
      }
    }
    MarkdownTable text(header);
    std::vector<std::string> encoders;
    for (const ResultRow& row : results.rows) {
      if (row.protocol == protocol) number_of(encoders, row.encoder);
    }
    for (const std::string& encoder : encoders) {
      std::vector<std::string> cells = {representation(input, encoder)};
      std::vector<std::string> beside;
      for (const ScoreTable* table : columns) {
        const auto row = std::ranges::find(table->rows, encoder, &ResultRow::encoder);
        const bool good = row != table->rows.end() && (*row)->failure.empty();
        cells.push_back(good ? with_interval((*row)->score, (*row)->ci_low, (*row)->ci_high)
                             : kNothing);
        cells.push_back(good ? letters_of(results, **row) : kNothing);
        beside.push_back(good ? published_text(**row, input.notes) : kNothing);
      }
      if (published) cells.insert(cells.end(), beside.begin(), beside.end());
      text.add(cells);
    }
    out += fmt::format(
               "**{}**: score [95 % interval]; encoders that share a letter of their group do not "
               "differ significantly.\n\n",
               plain(protocol)) +
           text.text();
  }
  return out;
}

/// The table of scores has all of it.
std::string page(const PageInput&) { return ""; }

}  // namespace

extern const ReportSection overview_section = {.place = 200, .text = section, .page = page};

}  // namespace musicrep
