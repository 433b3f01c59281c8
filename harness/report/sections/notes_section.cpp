// Notes that are too long to stand under a table.
#include <fmt/format.h>

#include "report/footnotes.h"
#include "report/markdown_text.h"
#include "report/page.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::vector<std::string> notes;
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      for (const std::string& note : row->notes) {
        if (note.size() > kLongestFootnote) number_of(notes, note);
      }
    }
  }
  std::string out;
  for (const std::string& note : notes) out += fmt::format("- {}\n", plain(note));
  return out.empty() ? "" : "## Notes\n\n" + out + "\n";
}

std::string page(const PageInput& input) { return folded_page(section(input.report)); }

}  // namespace

extern const ReportSection notes_section = {.place = 1300, .text = section, .page = page};

}  // namespace musicrep
