// What each encoder costs, beside its scores.
#include <fmt/format.h>

#include <algorithm>

#include "report/encoder_costs.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

constexpr std::int64_t kBytesOfFloat = 4;

std::string measured(double v, int digits) {
  return v > 0 ? fmt::format("{:.{}f}", v, digits) : kNothing;
}

std::string section(const ReportInput& input) {
  const std::vector<EncoderCost> costs = encoder_costs(input.results);
  if (costs.empty() || input.tables.empty()) return "";
  const std::string& protocol = input.tables.front().protocol;
  std::vector<const ScoreTable*> tables;
  std::vector<std::string> header = {"Encoder",         ">Numbers a vector",
                                     ">Bytes a vector", ">Encoding, ms an item",
                                     ">A training, s",  ">Peak memory, MiB"};
  for (const ScoreTable& table : input.tables) {
    if (table.protocol != protocol) continue;
    tables.push_back(&table);
    header.push_back(fmt::format(">{}: {}", plain(table.task), plain(table.rows.front()->metric)));
  }
  MarkdownTable out(header);
  for (const EncoderCost& cost : costs) {
    const auto any = std::ranges::find(input.results.rows, cost.encoder, &ResultRow::encoder);
    const std::int64_t dim = any == input.results.rows.end() ? 0 : any->dim;
    std::vector<std::string> cells = {input.name(cost.encoder),
                                      dim > 0 ? fmt::format("{}", dim) : kNothing,
                                      dim > 0 ? fmt::format("{}", kBytesOfFloat * dim) : kNothing,
                                      measured(cost.encode_ms, 1),
                                      measured(cost.train_s, 0),
                                      measured(cost.peak_mib, 0)};
    for (const ScoreTable* table : tables) {
      const auto row = std::ranges::find(table->rows, cost.encoder, &ResultRow::encoder);
      cells.push_back(row != table->rows.end() && (*row)->failure.empty()
                          ? score_text((*row)->score)
                          : kNothing);
    }
    out.add(cells);
  }
  return "## Cost and score\n\nProcessor time, as measured when the steps ran, now or earlier, "
         "perhaps on a busy machine. Encoding includes reading the audio. Peak memory is that of "
         "the whole program. Vectors are float32. Scores are those under " +
         plain(protocol) + ".\n\n" + out.text();
}

/// The page plots cost against score.
std::string page(const PageInput&) { return ""; }

}  // namespace

extern const ReportSection cost_section = {.place = 750, .text = section, .page = page};

}  // namespace musicrep
