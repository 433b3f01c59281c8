#include "report/html/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/footnotes.h"
#include "report/html/page_clips.h"
#include "report/markdown.h"
#include "report/markdown_text.h"
#include "report/score_tables.h"

namespace musicrep {
namespace {

int page_place(const ReportSection* section) {
  return section->page_place != 0 ? section->page_place : section->place;
}

/// Sections begin with <h2>: each becomes one, with an id that the list of contents links to.
std::string numbered(const std::string& sections, std::string& contents) {
  constexpr std::string_view kBegin = "<h2>";
  std::string out;
  std::size_t number = 0;
  for (std::size_t at = sections.find(kBegin); at != std::string::npos;) {
    const std::size_t next = sections.find(kBegin, at + 1);
    const std::string section = sections.substr(at, next - at);
    const std::size_t title_end = section.find("</h2>");
    const std::string title = section.substr(kBegin.size(), title_end - kBegin.size());
    ++number;
    out += fmt::format(
        "<section id=\"s{0}\" aria-labelledby=\"h{0}\">\n<h2 id=\"h{0}\">{1}\n</section>\n", number,
        section.substr(kBegin.size()));
    contents += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", number, title);
    at = next;
  }
  return out;
}

nlohmann::json looks_json(const std::vector<EncoderLook>& encoders) {
  nlohmann::json out = nlohmann::json::array();
  for (const EncoderLook& look : encoders) {
    out.push_back({{"label", look.label},
                   {"name", look.name},
                   {"colour", look.colour()},
                   {"marker", look.place % kPointTypes.size()}});
  }
  return out;
}

std::string files_of(std::string_view ending) {
  std::string out;
  for (const PageFile& file : page_files()) {
    if (file.name.ends_with(ending)) out += file.text;
  }
  return out;
}

}  // namespace

std::string html_page(std::string_view title, std::string_view opening, const std::string& sections,
                      const std::vector<EncoderLook>& encoders) {
  std::string contents;
  const std::string body = numbered(sections, contents);
  // The policy keeps the page from loading anything but audio beside it, whatever its data says.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src 'self' data: "
      "file:; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{0}</title>\n"
      "<style>\n{1}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n"
      "<header>\n<h1>{0}</h1>\n{2}"
      "<button type=\"button\" id=\"theme\">Colours: as the system</button>\n</header>\n"
      "<nav aria-label=\"Contents\"><ul>\n{3}</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n"
      "<noscript><p>Plots and filters need JavaScript. report.md next to this file has the same "
      "numbers.</p></noscript>\n{4}</main>\n{5}<div id=\"tip\" role=\"tooltip\" hidden></div>\n"
      "<script>\n{6}</script>\n</body>\n</html>\n",
      html_text(title), files_of(".css"), opening, contents, body,
      page_block("encoders", looks_json(encoders)), files_of(".js"));
}

std::string html_report(const Results& results, const ClipsOfDatasets& clips) {
  const std::vector<ScoreTable> tables = score_tables(results);
  const std::vector<EncoderLook> encoders = encoder_looks(results);
  const Figures none;
  const std::vector<std::string> notes = notes_of(tables);
  const ReportInput report{results, tables, none, encoders, notes};
  const PageInput input{report, clips};
  std::vector<const ReportSection*> sections = report_sections();
  std::ranges::stable_sort(sections, {}, page_place);
  std::string body;
  for (const ReportSection* section : sections) {
    body +=
        section->page != nullptr ? section->page(input) : html_of_markdown(section->text(report));
  }
  if (results.rows.empty() && results.retrievals.empty() && results.diagnoses.empty()) {
    body = page_heading("Scores") + "<p>The run has no rows.</p>\n" + body;
  }
  // Hidden data that several sections refer to; it belongs to the last.
  body += page_block("clips", clips_json(results, clips));
  const std::string& title = results.title.empty() ? results.experiment : results.title;
  return html_page(title.empty() ? "Results" : title,
                   html_of_markdown(report_opening(results) + other_version_text(results)), body,
                   encoders);
}

}  // namespace musicrep
