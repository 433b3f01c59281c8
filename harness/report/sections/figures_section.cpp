// Figures of the run as a whole, each with what it shows.
#include <fmt/format.h>

#include "report/figure.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::string out;
  for (const ReportFigure* figure : by_place(report_figures())) {
    if (figure->caption.empty()) continue;  // another section shows it
    for (const auto& [key, file] : input.figures.of(figure->id)) {
      out += fmt::format("![{}]({})\n\n{}\n\n", figure->title, file, figure->caption);
    }
  }
  return out.empty() ? "" : "## Figures\n\n" + out;
}

}  // namespace

extern const ReportSection figures_section = {700, section};

}  // namespace musicrep
