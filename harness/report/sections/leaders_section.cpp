// The figure of scores, and who leads under each task and protocol.
#include <fmt/format.h>

#include "report/html/page.h"
#include "report/leaders.h"
#include "report/markdown.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::string out;
  if (const std::string figure = input.figures.file("scores"); !figure.empty()) {
    out += fmt::format("![Scores with 95 % intervals]({})\n\n", figure);
  }
  return out + leaders_text(input) + report_opening(input.results);
}

/// The conclusion has the lines, the page's head the rest.
std::string page(const PageInput&) { return ""; }

}  // namespace

extern const ReportSection leaders_section = {.place = 250, .text = section, .page = page};

}  // namespace musicrep
