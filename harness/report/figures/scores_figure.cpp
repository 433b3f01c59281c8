// A panel for each table of two good rows or more: scores with intervals, published ones beside.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

/// Whether there is a published score that may stand on one axis with ours.
bool has_comparable(const ResultRow& row) {
  return row.published.has_value() && row.published_caveat.empty();
}

std::vector<Drawing> drawings(const Results&, const std::vector<ScoreTable>& tables) {
  std::vector<const ScoreTable*> drawn;
  for (const ScoreTable& table : tables) {
    const auto good = std::ranges::count_if(table.rows, [](const ResultRow* row) {
      return row->failure.empty() && std::isfinite(row->score);
    });
    if (good >= 2) drawn.push_back(&table);
  }
  if (drawn.empty()) return {};
  std::string out = kGnuplotAxes;
  std::size_t most = 0;
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    std::string ours;
    std::string theirs;
    std::size_t place = drawn[t]->rows.size();
    most = std::max(most, place);
    for (const ResultRow* row : drawn[t]->rows) {
      if (row->failure.empty() && std::isfinite(row->score)) {
        ours +=
            fmt::format("{:.6f} {} {:.6f} {:.6f}\n", row->score, place, row->ci_low, row->ci_high);
      }
      if (has_comparable(*row)) theirs += fmt::format("{:.6f} {}\n", *row->published, place);
      --place;
    }
    out += fmt::format("$ours{} << END\n{}END\n", t, ours);
    if (!theirs.empty()) out += fmt::format("$theirs{} << END\n{}END\n", t, theirs);
  }
  const std::size_t columns = std::min<std::size_t>(drawn.size(), 2);
  const std::size_t rows = (drawn.size() + columns - 1) / columns;
  out += fmt::format("set multiplot layout {},{}\nset grid x lw 0.3 lc rgb '#bbbbbb'\n", rows,
                     columns);
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    const ScoreTable& table = *drawn[t];
    std::vector<std::string> names;
    bool published = false;
    for (const ResultRow* row : table.rows) {
      names.push_back(row->encoder);
      published = published || has_comparable(*row);
    }
    out += fmt::format("set title {} font ',12' noenhanced\n{}",
                       gnuplot_quoted(fmt::format("{} under {}: {}", table.task, table.protocol,
                                                  table.rows.front()->metric)),
                       encoder_tics(names));
    out += "set key outside below center horizontal font ',10'\n";
    out += fmt::format(
        "plot $ours{0} using 1:2:3:4 with xerrorbars pt 7 ps 0.7 lw 1.5 lc rgb '#000000' title "
        "'ours, 95 % interval'",
        t);
    if (published) {
      out += fmt::format(
          ", $theirs{} using 1:2 with points pt 4 ps 0.9 lw 1.2 lc rgb '#777777' title 'published'",
          t);
    }
    out += "\n";
  }
  return {{"", out + "unset multiplot\n", columns * 440, rows * (most * 22 + 120)}};
}

}  // namespace

extern const ReportFigure scores_figure = {
    .id = "scores",
    .place = 400,
    .drawings = drawings,
};

}  // namespace musicrep
