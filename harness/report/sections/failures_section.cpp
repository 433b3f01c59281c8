// Why rows have no score, whole.
#include <fmt/format.h>

#include "report/failures.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      if (row->failure.empty() || !has_longer_reason(*row)) continue;
      out += fmt::format("- **{}, {}**: {}\n", table.name(), input.name(row->encoder),
                         plain(row->failure));
    }
  }
  return out.empty() ? "" : "## Failed rows\n\n" + out + "\n";
}

}  // namespace

extern const ReportSection failures_section = {.place = 340, .text = section};

}  // namespace musicrep
