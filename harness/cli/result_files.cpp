#include "cli/result_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/files.h"
#include "experiment/catalogue.h"
#include "protocols/protocol.h"
#include "report/csv.h"
#include "report/exports.h"
#include "report/figures.h"
#include "report/html/html.h"
#include "report/latex.h"
#include "report/markdown.h"

namespace musicrep::cli {

std::filesystem::path results_file(const std::string& file_or_folder) {
  std::filesystem::path path = file_or_folder;
  if (std::filesystem::is_directory(path)) path /= "results.h5";
  require_file(path, "results");
  return path;
}

std::vector<KnownWork> known_works(const EncoderRegistry& registry) {
  std::vector<KnownWork> out;
  const auto add = [&](const std::string& bibtex) {
    std::ranges::move(read_works(bibtex), std::back_inserter(out));
  };
  for (const std::string& name : registry.names()) add(registry.info(name).bibtex);
  for (const DatasetKind& kind : all_dataset_kinds({})) add(kind.bibtex);
  for (const std::string& name : protocol_names()) add(find_protocol(name).bibtex);
  return out;
}

const std::vector<ResultFile>& result_files() {
  using In = const ResultFileInput&;
  static const std::vector<ResultFile> all = {
      {"report.md", "md", [](In in) { return markdown_report(in.results, in.figures); }},
      {"report.html", "html", [](In in) { return html_report(in.results, in.clips); }},
      {"table.csv", "csv", [](In in) { return csv_table(in.results); }},
      {"", "json", [](In in) { return json_text(in.results); }},
      {"table.tex", "latex", [](In in) { return latex_tables(in.results); }},
      {"references.bib", "bibtex",
       [](In in) { return bibtex(in.results, known_works(in.registry)); }},
      {"robustness.csv", "", [](In in) { return csv_deformed(in.results); }},
      {"retrieval.csv", "", [](In in) { return csv_retrievals(in.results); }},
      {"diagnosis.csv", "",
       [](In in) { return in.results.diagnoses.empty() ? "" : csv_diagnoses(in.results); }},
  };
  return all;
}

void write_reports(const Results& results, const EncoderRegistry& registry,
                   const ClipsOfDatasets& clips, const std::filesystem::path& folder) {
  const Figures figures = draw_figures(results, folder);
  if (!figures.problem.empty()) fmt::print(stderr, "{}\n", figures.problem);
  for (const ResultFile& file : result_files()) {
    if (file.name.empty()) continue;
    const std::string text = file.text({results, registry, figures, clips});
    if (!text.empty()) write_text_atomically(folder / file.name, text);
  }
}

}  // namespace musicrep::cli
