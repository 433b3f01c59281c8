// How well texts find their music, and music its texts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "metrics/multiple_tests.h"
#include "report/html/page.h"
#include "report/html/page_clips.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

constexpr const char* kMedianRank = "median rank";

using Rows = std::vector<const Retrieval*>;

/// Rows that can stand in one table: the same texts under the same rules.
std::vector<Rows> tables_of(const Results& results) {
  std::vector<Rows> tables;
  for (const Retrieval& row : results.retrievals) {
    const auto same = std::ranges::find_if(tables, [&](const Rows& rows) {
      const Retrieval& first = *rows.front();
      return first.dataset == row.dataset && first.split == row.split &&
             first.centring == row.centring;
    });
    if (same == tables.end()) {
      tables.push_back({&row});
    } else {
      same->push_back(&row);
    }
  }
  return tables;
}

std::string number_text(const RetrievalMeasure& measure, double v) {
  return measure.name == kMedianRank ? fmt::format("{:.1f}", v) : score_text(v);
}

/// With its interval, bold where it is significantly better than chance.
std::string cell(const RetrievalMeasure& m) {
  const bool above = m.name == kMedianRank ? m.value < m.chance : m.value > m.chance;
  const bool better = above && m.p_chance < kSignificanceLevel;
  const std::string text = fmt::format("{} [{}, {}]", number_text(m, m.value),
                                       number_text(m, m.ci_low), number_text(m, m.ci_high));
  return better ? fmt::format("**{}**", text) : text;
}

/// The rows that have a score in one direction, and chance.
std::string direction_text(const ReportInput& input, const Rows& rows,
                           const std::string& direction) {
  const auto good =
      std::ranges::find_if(rows, [](const Retrieval* r) { return !r->measures.empty(); });
  if (good == rows.end()) return "";
  std::vector<std::string> header = {direction + ": encoder"};
  for (const RetrievalMeasure& m : (*good)->measures) {
    if (m.direction == direction) header.push_back(">" + m.name);
  }
  MarkdownTable table(header);
  std::set<std::int64_t> sizes;
  for (const Retrieval* row : rows) {
    if (row->measures.empty()) continue;
    std::vector<std::string> cells = {input.name(row->encoder)};
    std::vector<std::string> chance = {fmt::format("*random order of {}*", row->n)};
    for (const RetrievalMeasure& m : row->measures) {
      if (m.direction != direction) continue;
      cells.push_back(cell(m));
      chance.push_back(fmt::format("*{}*", number_text(m, m.chance)));
    }
    if (sizes.insert(row->n).second) table.add(chance);
    table.add(cells);
  }
  return table.text();
}

std::string count_text(std::int64_t n, const char* what) { return fmt::format("{} {}", n, what); }

/// What was left out or cut, of each encoder.
std::string left_out_text(const ReportInput& input, const Rows& rows) {
  std::string out;
  for (const Retrieval* row : rows) {
    if (!row->failure.empty()) {
      out += fmt::format("- {}: no score: {}\n", input.name(row->encoder), plain(row->failure));
      continue;
    }
    std::vector<std::string> facts;
    const auto add = [&](std::int64_t n, const char* what) {
      if (n > 0) facts.push_back(count_text(n, what));
    };
    add(row->n_no_text, "items without a text left out");
    add(row->n_no_vector, "texts without a known word left out");
    add(row->n_cut, "texts cut at the longest length");
    add(row->n_unknown, "words unknown");
    add(row->n_in_training, "texts that also stand in training");
    for (const std::string& note : row->notes) facts.push_back(plain(note));
    if (facts.empty()) continue;
    out += fmt::format("- {}: {}\n", input.name(row->encoder), fmt::join(facts, "; "));
  }
  return out.empty() ? "" : out + "\n";
}

constexpr const char* kOpening =
    "## Text and music in one space\n\nEach text is a question: all pieces of music are put in "
    "order by how near they lie to it in the encoder's space (cosine), and the rank of its own "
    "piece is noted; then each piece of music asks for its text. R@k is the share of questions "
    "whose own answer is among the first k, the median rank is best at 1, mAP@10 is the mean of "
    "1 / rank where the rank is 10 or better, else 0, MRR is the mean of 1 / "
    "rank. Among answers that are equally near the own one counts as the last. Items with the "
    "same text (the clips of an album) are one piece of music: the mean of their vectors. Square "
    "brackets: 95 % intervals; bold: significantly better than a random order (5 %, not "
    "adjusted). "
    "Differences between encoders have tables of their own.\n\n";

/// What one table is of, and its measures.
std::string measures_text(const ReportInput& input, const Rows& rows) {
  const Retrieval& first = *rows.front();
  const auto good = std::ranges::find_if(rows, [](const Retrieval* r) { return r->n > 0; });
  std::string out = fmt::format(
      "### {}, split {}, {}\n\n", plain(first.dataset), plain(first.split),
      first.centring == kNoCentring ? "vectors as they are"
                                    : "means of the training items subtracted on both sides");
  out += direction_text(input, rows, kTextToMusic) + direction_text(input, rows, kMusicToText);
  if (good != rows.end()) {
    out += fmt::format(
        "{} texts, {} items of music. {}{}.\n\n", (*good)->n, (*good)->n_items,
        (*good)->n_seeds > 1 ? fmt::format("Means of {} training seeds. ", (*good)->n_seeds) : "",
        "Intervals: " + plain((*good)->ci_method));
  }
  return out;
}

std::string section(const ReportInput& input) {
  if (input.results.retrievals.empty()) return "";
  std::string out = kOpening;
  for (const Rows& rows : tables_of(input.results))
    out += measures_text(input, rows) + left_out_text(input, rows);
  return out;
}

/// The ranks of each text's own music and of each music's own text, for the list to look through.
nlohmann::json ranks_json(const Rows& rows, const ClipOrder& order) {
  using nlohmann::json;
  json encoders = json::array();
  for (const Retrieval* row : rows) {
    if (row->measures.empty()) continue;
    json items = json::array();
    for (const std::string& id : row->item_ids) items.push_back(order.place.at(id));
    encoders.push_back({{"encoder", row->encoder},
                        {"n", row->n},
                        {"items", std::move(items)},
                        {"music", row->music_rank},
                        {"text", row->text_rank},
                        {"nearestMusic", row->nearest_music},
                        {"nearestText", row->nearest_text}});
  }
  const Retrieval& first = *rows.front();
  return {{"dataset", first.dataset},
          {"split", first.split},
          {"centring", first.centring},
          {"encoders", std::move(encoders)}};
}

std::string page(const PageInput& input) {
  if (input.report.results.retrievals.empty()) return "";
  std::string html = html_of_markdown(kOpening);
  const std::map<std::string, ClipOrder> orders = clip_orders(input.report.results);
  nlohmann::json spaces = nlohmann::json::array();
  for (const Rows& rows : tables_of(input.report.results)) {
    html += html_of_markdown(measures_text(input.report, rows)) +
            page_details("Notes on encoders", html_of_markdown(left_out_text(input.report, rows)));
    spaces.push_back(ranks_json(rows, orders.at(rows.front()->dataset)));
  }
  return html + page_block("ranks", {{"spaces", std::move(spaces)}});
}

}  // namespace

extern const ReportSection retrieval_section = {.place = 400, .text = section, .page = page};

}  // namespace musicrep
