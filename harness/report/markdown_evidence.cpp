// The sections for whoever doubts: data, encoders, provenance, selection, confusion.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "metrics/scores.h"
#include "report/markdown_sections.h"
#include "report/markdown_text.h"

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

std::string figures_text(const Results& results,
                         const std::map<std::string, std::string>& figures) {
  std::string out;
  for (const DatasetRecord& data : results.datasets) {
    const auto file = figures.find(data.name);
    if (file == figures.end() || data.pictures.empty()) continue;
    std::vector<std::string> items;
    for (const MelPicture& picture : data.pictures) items.push_back(plain(picture.id));
    out += fmt::format(
        "![Mel spectrograms of {}]({})\n\n{}: mel spectrograms of {}; black is the clip's loudest, "
        "white 60 dB below.\n\n",
        plain(data.name), file->second, plain(data.name), enumeration(items));
  }
  return out;
}

std::string encoders_text(const Results& results) {
  std::vector<std::string> header = {"Encoder", "Kind",    "Version",   "Data set",
                                     ">dim",    "Pooling", "Embeddings"};
  const bool tried = has_contracts(results);  // earlier runs did not try them
  if (tried) header.emplace_back("Contract");
  MarkdownTable table(header);
  std::vector<std::vector<std::string>> seen;
  for (const ResultRow& row : results.rows) {
    std::vector<std::string> cells = {plain(row.encoder),
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

std::string matrix_text(const TargetResult& target) {
  const std::size_t n = target.classes.size();
  std::vector<std::string> header = {"true \\ predicted"};
  for (const std::string& name : target.classes) header.push_back(">" + plain(name));
  MarkdownTable table(header);
  const std::vector<std::int64_t> counts = confusion(target.truth, target.predicted, n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::string> cells = {plain(target.classes[i])};
    for (std::size_t j = 0; j < n; ++j) cells.push_back(fmt::format("{}", counts[i * n + j]));
    table.add(cells);
  }
  return table.text();
}

/// "3 of 10" or nothing to say.
std::string share_text(std::ptrdiff_t n, std::size_t of) {
  return n == 0 ? kNothing : fmt::format("{} of {}", n, of);
}

}  // namespace

std::string parameters_text(const CandidateScore& chosen) {
  std::string out = fmt::format("{}, C = {:.6g}", plain(chosen.kernel), chosen.c);
  if (!chosen.gamma_rule.empty()) {
    out += ", gamma = " + plain(chosen.gamma_rule);
  } else if (chosen.gamma > 0) {
    out += fmt::format(", gamma = {:.6g}", chosen.gamma);
  }
  return out + (chosen.standardised ? ", standardised" : "");
}

std::string chosen_text(const TargetResult& target, std::size_t most) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Selection& selection : target.selected) {
    const std::string text = parameters_text(selection.chosen);
    const auto it = std::find_if(counts.begin(), counts.end(),
                                 [&](const auto& each) { return each.first == text; });
    if (it == counts.end()) {
      counts.emplace_back(text, 1);
    } else {
      ++it->second;
    }
  }
  if (counts.empty()) return kNothing;
  if (counts.size() == 1) return counts[0].first;
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size() && i < most; ++i) {
    parts.push_back(fmt::format("{} ({} of {} folds)", counts[i].first, counts[i].second,
                                target.selected.size()));
  }
  if (const std::size_t rest = counts.size() - parts.size(); rest > 0) {
    parts.push_back(fmt::format("{} other{}", rest, rest == 1 ? "" : "s"));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string foundations_section(const Results& results,
                                const std::map<std::string, std::string>& figures) {
  return "## What it stands on\n\n" + datasets_text(results) + skipped_text(results) +
         figures_text(results, figures) + encoders_text(results) + provenance_text(results);
}

std::string figures_section(const std::string& confusion, const std::string& curves,
                            const std::string& costs) {
  std::string out;
  const auto add = [&](const std::string& file, const char* title, const char* text) {
    if (!file.empty()) out += fmt::format("![{}]({})\n\n{}\n\n", title, file, text);
  };
  add(confusion, "Confusion matrices",
      "What the best encoder of each table takes for what: per cent of the true class. Numbers of "
      "all encoders stand under \"Confusion\".");
  add(curves, "Training curves", "Losses of the trainings behind the rows, a line a seed.");
  add(costs, "Time and memory",
      "What encoding and training cost when they were run, which may have been on a busy machine; "
      "memory is that of the whole program.");
  return out.empty() ? "" : "## Figures\n\n" + out;
}

std::string selection_section(const std::vector<ScoreTable>& tables) {
  MarkdownTable out({"Task, protocol", "Encoder", "Target", ">Configurations", "Chosen", ">Inner",
                     ">Outer", ">Inner minus outer", "At the grid's edge", "Iteration cap hit"});
  for (const ScoreTable& table : tables) {
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      for (const TargetResult& target : row->targets) {
        if (target.selected.empty()) continue;
        const auto n_edge = std::count_if(target.selected.begin(), target.selected.end(),
                                          [](const Selection& s) { return s.at_grid_edge; });
        const auto n_cap = std::count_if(target.grid.begin(), target.grid.end(),
                                         [](const CandidateScore& c) { return c.cap_hit; });
        const std::size_t n_folds = target.selected.size();
        const std::string edge = share_text(n_edge, n_folds);
        const std::string cap = share_text(n_cap, target.grid.size());
        out.add(
            {table.name(), plain(row->encoder), plain(target.name),
             fmt::format("{}", row->n_configurations), chosen_text(target, 3),
             score_text(target.inner_score), score_text(target.score),
             target.inner_score ? difference_text(*target.inner_score - target.score) : kNothing,
             n_edge == 0 ? edge : edge + " folds", n_cap == 0 ? cap : cap + " fits"});
      }
    }
  }
  if (out.empty()) return "";
  return "## Selection\n\nInner: what the chosen parameters scored when they were chosen, mean "
         "over "
         "outer folds; inner minus outer is the optimism of the choice.\n\n" +
         out.text();
}

std::string confusion_section(const std::vector<ScoreTable>& tables) {
  std::string out;
  for (const ScoreTable& table : tables) {
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      for (const TargetResult& target : row->targets) {
        if (target.classes.empty() || target.truth.size() != target.predicted.size()) continue;
        std::string name = fmt::format("{}: {}", table.name(), plain(row->encoder));
        if (row->targets.size() > 1) name += fmt::format(", {}", plain(target.name));
        out += row == table.rows.front()
                   ? fmt::format("### {}\n\n{}", name, matrix_text(target))
                   : fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", name,
                                 matrix_text(target));
      }
    }
  }
  return out.empty() ? "" : "## Confusion\n\n" + out;
}

}  // namespace musicrep
