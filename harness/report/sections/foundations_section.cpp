// What the scores are based on: data, encoders, provenance.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/contract_text.h"
#include "report/html/page.h"
#include "report/html/page_clips.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string datasets_text(const Results& results) {
  MarkdownTable table({"Data set", "Kind", ">Items", "Manifest", "About"});
  std::string notes;
  for (const DatasetRecord& data : results.datasets) {
    table.add({plain(data.name), plain(data.kind),
               data.n_expected > 0 ? fmt::format("{} of {}", data.n_items, data.n_expected)
                                   : fmt::format("{}", data.n_items),
               short_hash(data.manifest_sha256), plain(data.about)});
    if (!data.audio_pcm_sha256.empty()) {
      notes += fmt::format("- {}: decoded audio {}\n", plain(data.name),
                           short_hash(data.audio_pcm_sha256));
    }
    for (const std::string& note : data.notes) {
      notes += fmt::format("- {}: {}\n", plain(data.name), plain(note));
    }
  }
  if (table.empty()) return "";
  return table.text() + (notes.empty() ? "" : notes + "\n");
}

/// The items that the rows do without, all of them with their reasons.
std::string skipped_text(const Results& results) {
  MarkdownTable table({"Data set", "Skipped item", "Why"});
  std::size_t n = 0;
  for (const DatasetRecord& data : results.datasets) {
    for (const SkippedItem& item : data.skipped) {
      table.add({plain(data.name), plain(item.id), plain(item.reason)});
      ++n;
    }
  }
  if (table.empty()) return "";
  return fmt::format("{} skipped, of every row of their data set:\n\n{}",
                     n == 1 ? "1 item was" : fmt::format("{} items were", n), table.text());
}

std::string figures_text(const Results& results, const Figures& figures) {
  std::string out;
  for (const DatasetRecord& data : results.datasets) {
    const std::string file = figures.file("mel", data.name);
    if (file.empty() || data.pictures.empty()) continue;
    std::vector<std::string> items;
    for (const MelPicture& picture : data.pictures) items.push_back(plain(picture.id));
    out += fmt::format(
        "![Mel spectrograms of {}]({})\n\n{}: mel spectrograms of {}; black is the clip's loudest, "
        "white 60 dB below.\n\n",
        plain(data.name), file, plain(data.name), enumeration(items));
  }
  return out;
}

std::string encoders_text(const ReportInput& input) {
  std::vector<std::string> header = {"Encoder", "Kind",    "Version",   "Data set",
                                     ">dim",    "Pooling", "Embeddings"};
  const Results& results = input.results;
  const bool tried = has_contracts(results);  // earlier runs did not try them
  if (tried) header.emplace_back("Contract");
  MarkdownTable table(header);
  std::vector<std::vector<std::string>> seen;
  for (const ResultRow& row : results.rows) {
    std::vector<std::string> cells = {input.name_and_label(row.encoder),
                                      plain(row.encoder_kind),
                                      plain(row.encoder_version),
                                      plain(row.dataset),
                                      row.dim > 0 ? fmt::format("{}", row.dim) : kNothing,
                                      row.pooling.empty() ? kNothing : plain(row.pooling),
                                      short_hash(row.embeddings_sha256)};
    if (tried) cells.push_back(contract_summary(results, row.encoder, row.dataset));
    if (std::find(seen.begin(), seen.end(), cells) != seen.end()) continue;
    seen.push_back(cells);
    table.add(cells);
  }
  return table.empty() ? "" : table.text() + contract_exceptions(results);
}

std::string provenance_text(const Results& results) {
  MarkdownTable table({"Provenance", ""});
  for (const auto& [key, value] : results.provenance) table.add({plain(key), plain(value)});
  return table.empty() ? "" : table.text();
}

std::string section(const ReportInput& input) {
  return "## Data and provenance\n\n" + datasets_text(input.results) + skipped_text(input.results) +
         figures_text(input.results, input.figures) + encoders_text(input) +
         provenance_text(input.results);
}

std::string page(const PageInput& input) {
  nlohmann::json datasets = nlohmann::json::array();
  for (const DatasetRecord& data : input.report.results.datasets) {
    nlohmann::json pictures = nlohmann::json::array();
    for (const MelPicture& picture : data.pictures) {
      nlohmann::json one = picture_json(picture);
      one["label"] = picture.label.empty() ? picture.id : picture.label;
      pictures.push_back(std::move(one));
    }
    if (!pictures.empty()) {
      datasets.push_back({{"dataset", data.name}, {"pictures", std::move(pictures)}});
    }
  }
  return folded_page(section(input.report)) +
         (datasets.empty() ? "" : page_block("pictures", {{"datasets", std::move(datasets)}}));
}

}  // namespace

extern const ReportSection foundations_section = {
    .place = 600, .text = section, .page = page, .page_place = 1400};

}  // namespace musicrep
