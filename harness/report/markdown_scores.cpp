// The sections that a reader who has a minute reads: scores and differences.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "metrics/multiple_tests.h"
#include "report/markdown_sections.h"
#include "report/markdown_text.h"

namespace musicrep {
namespace {

const std::string& letters_of(const Results& results, const ResultRow& row) {
  static const std::string kNone;
  for (const EncoderLetters& each : results.letters) {
    if (each.task == row.task && each.protocol == row.protocol && each.encoder == row.encoder) {
      return each.letters;
    }
  }
  return kNone;
}

const Comparison* comparison_of(const Results& results, const ResultRow& a, const ResultRow& b) {
  const auto at = std::ranges::find_if(results.comparisons, [&](const Comparison& c) {
    return c.task == a.task && c.protocol == a.protocol &&
           ((c.a == a.encoder && c.b == b.encoder) || (c.a == b.encoder && c.b == a.encoder));
  });
  return at == results.comparisons.end() ? nullptr : &*at;
}

/// Adds what is not there yet; returns its number, from 1.
std::size_t number_of(std::vector<std::string>& list, const std::string& text) {
  const auto it = std::find(list.begin(), list.end(), text);
  if (it != list.end()) return static_cast<std::size_t>(it - list.begin()) + 1;
  list.push_back(text);
  return list.size();
}

/// "0.598 (+0.012)": the published score and ours minus it; "0.776 ²" where the two cannot be
/// compared, and why in `notes`.
std::string published_text(const ResultRow& row, std::vector<std::string>& notes) {
  if (!row.published) return kNothing;
  const std::string published = score_text(*row.published);
  if (!row.published_caveat.empty()) {
    return published + " " + superscript(number_of(notes, not_comparable_text(row)));
  }
  return fmt::format("{} ({})", published, difference_text(row.score - *row.published));
}

constexpr std::size_t kLongestNote = 200;

/// The beginning of a long note, which notes_section() has in full.
std::string shortened(const std::string& note) {
  if (note.size() <= kLongestNote) return note;
  std::size_t end = note.rfind(' ', kLongestNote);
  if (end == std::string::npos) end = kLongestNote;
  return note.substr(0, end) + " … (in full under \"Notes\")";
}

/// A line for each note, numbered as number_of() did.
std::string numbered(const std::vector<std::string>& notes) {
  std::string out;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += fmt::format("{} {}{}", superscript(i + 1), plain(shortened(notes[i])),
                       i + 1 == notes.size() ? "\n\n" : "  \n");
  }
  return out;
}

/// Names of the targets where the table has several, as its first good row says.
std::vector<std::string> target_names(const ScoreTable& table) {
  std::vector<std::string> names;
  const ResultRow& first = *table.rows.front();
  if (!first.failure.empty() || first.targets.size() < 2) return names;
  for (const TargetResult& target : first.targets) names.push_back(target.name);
  return names;
}

std::string target_cell(const ResultRow& row, const std::string& name) {
  for (const TargetResult& target : row.targets) {
    if (target.name == name) return with_interval(target.score, target.ci_low, target.ci_high);
  }
  return kNothing;
}

std::string row_parameters(const ResultRow& row) {
  std::vector<std::string> parts;
  for (const TargetResult& target : row.targets) {
    if (target.selected.empty()) continue;
    const std::string chosen = chosen_text(target, 1);
    parts.push_back(row.targets.size() > 1 ? fmt::format("{}: {}", plain(target.name), chosen)
                                           : chosen);
  }
  return parts.empty() ? kNothing : fmt::format("{}", fmt::join(parts, "; "));
}

/// The lines under a table: protocol, interval, sources, footnotes.
std::string legend(const ScoreTable& table, const std::vector<std::string>& notes) {
  std::vector<std::string> protocols;
  std::vector<std::string> methods;
  std::vector<std::string> sources;
  for (const ResultRow* row : table.rows) {
    number_of(protocols, fmt::format("{}@{} ({})", plain(row->protocol), row->protocol_version,
                                     short_hash(row->protocol_sha256)));
    if (!row->failure.empty()) continue;
    std::string method = plain(row->ci_method);
    if (!row->aggregation.empty())
      method = fmt::format("{}; 95 % interval: {}", plain(row->aggregation), method);
    if (!method.empty()) number_of(methods, method);
    if (row->published) number_of(sources, plain(row->published_source));
  }
  std::string out = fmt::format("Protocol: {}.", enumeration(protocols));
  if (!methods.empty()) out += fmt::format(" Score: {}.", fmt::join(methods, " / "));
  if (!sources.empty()) out += fmt::format(" Published: {}.", fmt::join(sources, "; "));
  return out + "\n\n" + numbered(notes);
}

std::string sentence_of_pairs(const std::vector<std::string>& alike, std::size_t n_pairs) {
  if (alike.empty()) {
    return n_pairs == 1 ? "The two differ significantly (5 %).\n\n"
                        : "Every pair differs significantly (5 %, adjusted).\n\n";
  }
  return fmt::format("No significant difference (5 %, adjusted): {}.\n\n", fmt::join(alike, "; "));
}

}  // namespace

std::string overview_section(const Results& results, const std::vector<ScoreTable>& tables) {
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
    std::vector<std::string> notes;
    std::vector<std::string> encoders;
    for (const ResultRow& row : results.rows) {
      if (row.protocol == protocol) number_of(encoders, row.encoder);
    }
    for (const std::string& encoder : encoders) {
      std::vector<std::string> cells = {plain(encoder)};
      std::vector<std::string> beside;
      for (const ScoreTable* table : columns) {
        const auto row = std::ranges::find(table->rows, encoder, &ResultRow::encoder);
        const bool good = row != table->rows.end() && (*row)->failure.empty();
        cells.push_back(good ? with_interval((*row)->score, (*row)->ci_low, (*row)->ci_high)
                             : kNothing);
        cells.push_back(good ? letters_of(results, **row) : kNothing);
        beside.push_back(good ? published_text(**row, notes) : kNothing);
      }
      if (published) cells.insert(cells.end(), beside.begin(), beside.end());
      text.add(cells);
    }
    out += fmt::format(
               "**{}**: score [95 % interval]; encoders that share a letter of their group do not "
               "differ significantly.\n\n",
               plain(protocol)) +
           text.text() + numbered(notes);
  }
  return out;
}

std::string summary_section(const Results& results, const std::vector<ScoreTable>& tables) {
  std::string out;
  for (const ScoreTable& table : tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty() || std::isnan(best.score)) {
      out += fmt::format("- **{}**: no encoder has a score.\n", table.name());
      continue;
    }
    out += fmt::format("- **{}**: {} leads with {} {}", table.name(), plain(best.encoder),
                       plain(best.metric), with_interval(best.score, best.ci_low, best.ci_high));
    std::vector<std::string> alike;
    for (const ResultRow* row : table.rows) {
      if (row == &best || !row->failure.empty()) continue;
      const Comparison* pair = comparison_of(results, best, *row);
      if (pair != nullptr && !(pair->p_adjusted < kSignificanceLevel)) {
        alike.push_back(plain(row->encoder));
      }
    }
    if (!alike.empty()) {
      out += fmt::format("; no significant difference from {}", enumeration(alike));
    }
    out += fmt::format(". The best constant prediction scores {}{}.\n", score_text(best.baseline),
                       best.p_baseline < kSignificanceLevel
                           ? ""
                           : "; the leader does not differ from it significantly");
  }
  return out.empty() ? out : out + "\n";
}

std::string score_section(const Results& results, const ScoreTable& table) {
  const std::vector<std::string> targets = target_names(table);
  const std::string metric = plain(table.rows.front()->metric);
  std::vector<std::string> header = {"Group", "Encoder"};
  for (const std::string& name : targets) header.push_back(plain(name));
  header.push_back((targets.empty() ? "" : "mean ") + metric + " (95 % interval)");
  for (const char* name : {"Published (difference)", ">n", ">dim", "Chosen parameters"}) {
    header.emplace_back(name);
  }
  MarkdownTable out(header);
  std::vector<std::string> notes;
  for (const ResultRow* row : table.rows) {
    std::string encoder = plain(row->encoder);
    for (const std::string& note : row->notes) {
      encoder += " " + superscript(number_of(notes, note));
    }
    const bool good = row->failure.empty();
    const std::string& letters = letters_of(results, *row);
    std::vector<std::string> cells = {good && !letters.empty() ? letters : kNothing, encoder};
    for (const std::string& name : targets) {
      cells.push_back(good ? target_cell(*row, name) : kNothing);
    }
    if (good) {
      cells.push_back(with_interval(row->score, row->ci_low, row->ci_high));
      cells.push_back(published_text(*row, notes));
    } else {
      cells.push_back("failed: " + plain(row->failure));
      cells.push_back(row->published_caveat.empty() ? score_text(row->published)
                                                    : published_text(*row, notes));
    }
    cells.push_back(row->n > 0 ? fmt::format("{}", row->n) : kNothing);
    cells.push_back(row->dim > 0 ? fmt::format("{}", row->dim) : kNothing);
    cells.push_back(good ? row_parameters(*row) : kNothing);
    out.add(cells);
  }
  return fmt::format("## {}\n\n", table.name()) + out.text() + legend(table, notes);
}

std::string differences_section(const Results& results) {
  std::string out = "## Differences\n\n";
  if (results.comparisons.empty()) {
    for (const ResultRow& row : results.rows) {
      if (!row.failure.empty()) continue;
      out += fmt::format("- {} on {} under {}: {} above the best constant prediction ({}), p {}\n",
                         plain(row.encoder), plain(row.task), plain(row.protocol),
                         difference_text(row.score - row.baseline), score_text(row.baseline),
                         p_text(row.p_baseline));
    }
    if (!out.ends_with("\n\n")) out += "\n";
    return out + "No two encoders were compared.\n\n";
  }
  std::vector<std::pair<std::string, std::string>> tables;
  for (const Comparison& c : results.comparisons) {
    const std::pair table(c.task, c.protocol);
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  }
  for (const auto& [task, protocol] : tables) {
    std::vector<const Comparison*> pairs;
    for (const Comparison& c : results.comparisons) {
      if (c.task == task && c.protocol == protocol) pairs.push_back(&c);
    }
    const std::vector<std::string> header = {
        "a",    "b",  ">a minus b",          "95 % interval",
        "Test", ">p", ">p, adjusted (Holm)", ">Smallest detectable"};
    MarkdownTable table(header);
    std::vector<std::string> alike;
    for (const Comparison* c : pairs) {
      std::vector<std::string> cells = {plain(c->a),
                                        plain(c->b),
                                        difference_text(c->difference),
                                        interval_text(c->ci_low, c->ci_high),
                                        plain(c->test),
                                        p_text(c->p),
                                        p_text(c->p_adjusted)};
      cells.push_back(score_text(c->smallest_detectable));
      table.add(cells);
      // A p that is no number tells nothing apart.
      if (!(c->p_adjusted < kSignificanceLevel))
        alike.push_back(plain(c->a) + " and " + plain(c->b));
    }
    out += fmt::format("### {}, {}\n\n", plain(task), plain(protocol));
    out += table.text() + sentence_of_pairs(alike, pairs.size());
  }
  return out;
}

std::string notes_section(const std::vector<ScoreTable>& tables) {
  std::vector<std::string> notes;
  for (const ScoreTable& table : tables) {
    for (const ResultRow* row : table.rows) {
      for (const std::string& note : row->notes) {
        if (note.size() > kLongestNote) number_of(notes, note);
      }
    }
  }
  std::string out;
  for (const std::string& note : notes) out += fmt::format("- {}\n", plain(note));
  return out.empty() ? "" : "## Notes\n\n" + out + "\n";
}

}  // namespace musicrep
