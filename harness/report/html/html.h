// The report of a run as one HTML file that needs nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/html/page.h"
#include "store/results.h"

namespace musicrep {

/// All of report_sections() that have something to say of the run, with the data that the page
/// draws. It loads nothing over the network; `clips` says what audio it links to or holds.
std::string html_report(const Results& results, const ClipsOfDatasets& clips = {});

/// A page of sections: title, opening line, list of contents, styles and scripts.
std::string html_page(std::string_view title, std::string_view opening, const std::string& sections,
                      const std::vector<EncoderLook>& encoders);

/// The files of page/, in the order in which they are embedded.
struct PageFile {
  std::string_view name;
  std::string_view text;
};
const std::vector<PageFile>& page_files();

}  // namespace musicrep
