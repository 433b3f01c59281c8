#include "cli/result_files.h"

#include <fmt/format.h>

#include "core/files.h"
#include "report/csv.h"
#include "report/exports.h"
#include "report/figures.h"
#include "report/markdown.h"

namespace musicrep::cli {

std::filesystem::path results_file(const std::string& file_or_folder) {
  std::filesystem::path path = file_or_folder;
  if (std::filesystem::is_directory(path)) path /= "results.h5";
  require_file(path, "results");
  return path;
}

void write_reports(const Results& results, const std::filesystem::path& folder) {
  const Figures figures = draw_figures(results, folder);
  if (!figures.problem.empty()) fmt::print(stderr, "{}\n", figures.problem);
  write_text_atomically(folder / "report.md", markdown_report(results, figures));
  write_text_atomically(folder / "table.csv", csv_table(results));
  write_text_atomically(folder / "table.tex", latex_tables(results));
  write_text_atomically(folder / "references.bib", bibtex(results));
  if (!results.retrievals.empty()) {
    write_text_atomically(folder / "retrieval.csv", csv_retrievals(results));
  }
  if (!results.diagnoses.empty()) {
    write_text_atomically(folder / "diagnosis.csv", csv_diagnoses(results));
  }
}

}  // namespace musicrep::cli
