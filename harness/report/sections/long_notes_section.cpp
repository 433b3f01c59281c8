// Notes that are too long for "Notes".
#include <fmt/format.h>

#include "report/footnotes.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::string out;
  for (std::size_t i = 0; i < input.notes.size(); ++i) {
    if (input.notes[i].size() <= kLongestFootnote) continue;
    out += fmt::format("- {} {}\n", superscript(i + 1), plain(input.notes[i]));
  }
  return out.empty() ? "" : "## Notes in full\n\n" + out + "\n";
}

/// The page's table has them whole.
std::string page(const PageInput&) { return ""; }

}  // namespace

extern const ReportSection long_notes_section = {.place = 1300, .text = section, .page = page};

}  // namespace musicrep
