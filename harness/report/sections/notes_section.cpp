// Notes on rows: what they are based on, and caveats.
#include <fmt/format.h>

#include "report/footnotes.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  return input.notes.empty() ? "" : "## Notes\n\n" + footnotes(input.notes);
}

/// The page's table has the notes of each row.
std::string page(const PageInput&) { return ""; }

}  // namespace

extern const ReportSection notes_section = {.place = 360, .text = section, .page = page};

}  // namespace musicrep
