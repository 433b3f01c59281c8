// Pieces of report.html that its sections are made of.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "report/section.h"

namespace musicrep {

/// What is known of one clip beside the results.
struct PageClip {
  std::string artist;  ///< empty where not known
  std::string text;    ///< what was written of it; empty where nothing
  std::string audio;  ///< a link relative to the page, or a "data:" link; empty where there is none
  MelPicture picture;  ///< without values where there is none
};

/// The clips of one data set by id.
struct PageClips {
  std::map<std::string, PageClip> clips;
  std::string problem;  ///< why there is no audio; empty where there is
};

/// By data set.
using ClipsOfDatasets = std::map<std::string, PageClips>;

/// What sections of report.html are made of.
struct PageInput {
  const ReportInput& report;  ///< without figures: the page draws its own
  const ClipsOfDatasets& clips;
};

/// A text that HTML takes as it is, in content and in attributes.
std::string html_text(std::string_view text);

/// A heading of the second level.
std::string page_heading(std::string_view title);

/// What page/NAME.js draws from `data`. The data is inert: no text of it is read as HTML.
std::string page_block(std::string_view name, const nlohmann::json& data);

/// HTML of the Markdown that sections write: headings, paragraphs, lists, tables, code, bold and
/// italic. Images are left out, and links are text: nothing in it can load or run anything.
std::string html_of_markdown(std::string_view markdown);

/// A section of Markdown whose text below the heading is closed until the reader opens it; empty
/// where the section is.
std::string folded_page(std::string_view markdown);

/// A note that opens and closes.
std::string page_details(std::string_view summary, const std::string& html);

}  // namespace musicrep
