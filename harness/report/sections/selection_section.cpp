// How parameters were chosen.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chosen_text.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// "3 of 10" or nothing to say.
std::string share_text(std::ptrdiff_t n, std::size_t of) {
  return n == 0 ? kNothing : fmt::format("{} of {}", n, of);
}

/// All tags of a row in one line.
std::vector<std::string> cells_of_tags(const ReportInput& input, const ScoreTable& table,
                                       const ResultRow& row) {
  std::size_t n_choices = 0;
  std::size_t n_fits = 0;
  std::ptrdiff_t n_edge = 0;
  std::ptrdiff_t n_cap = 0;
  double inner = 0;
  for (const TargetResult& target : row.targets) {
    n_choices += target.selected.size();
    n_fits += target.grid.size();
    n_edge += std::ranges::count_if(target.selected, &Selection::at_grid_edge);
    n_cap += std::ranges::count_if(target.grid, &CandidateScore::cap_hit);
    inner += target.inner_score.value_or(std::nan("")) / static_cast<double>(row.targets.size());
  }
  const std::string edge = share_text(n_edge, n_choices);
  const std::string cap = share_text(n_cap, n_fits);
  return {table.name(),
          input.name(row.encoder),
          fmt::format("{} tags", row.targets.size()),
          fmt::format("{}", row.n_configurations),
          chosen_for_tags_text(row, 3),
          score_text(inner),
          score_text(row.score),
          std::isnan(inner) ? kNothing : difference_text(inner - row.score),
          n_edge == 0 ? edge : edge + " choices",
          n_cap == 0 ? cap : cap + " fits"};
}

std::string section(const ReportInput& input) {
  MarkdownTable out({"Task, protocol", "Encoder", "Target", ">Configurations", "Chosen", ">Inner",
                     ">Outer", ">Inner minus outer", "At the grid's edge", "Iteration cap hit"});
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      if (has_tags(*row)) {
        out.add(cells_of_tags(input, table, *row));
        continue;
      }
      for (const TargetResult& target : row->targets) {
        if (target.selected.empty()) continue;
        const auto n_edge = std::count_if(target.selected.begin(), target.selected.end(),
                                          [](const Selection& s) { return s.at_grid_edge; });
        const auto n_cap = std::count_if(target.grid.begin(), target.grid.end(),
                                         [](const CandidateScore& c) { return c.cap_hit; });
        const std::size_t n_folds = target.selected.size();
        const std::string edge = share_text(n_edge, n_folds);
        const std::string cap = share_text(n_cap, target.grid.size());
        out.add(
            {table.name(), input.name(row->encoder), plain(target.name),
             fmt::format("{}", row->n_configurations), chosen_text(target, 3),
             score_text(target.inner_score), score_text(target.score),
             target.inner_score ? difference_text(*target.inner_score - target.score) : kNothing,
             n_edge == 0 ? edge : edge + " folds", n_cap == 0 ? cap : cap + " fits"});
      }
    }
  }
  if (out.empty()) return "";
  return "## Selection\n\nInner: what the chosen parameters scored when they were chosen, mean "
         "over "
         "outer folds; inner minus outer is the optimism of the choice.\n\n" +
         out.text();
}

std::string page(const PageInput& input) { return folded_page(section(input.report)); }

}  // namespace

extern const ReportSection selection_section = {.place = 1100, .text = section, .page = page};

}  // namespace musicrep
