#include "report/leaderboard.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "report/html/html.h"
#include "report/html/page.h"
#include "report/html/page_scores.h"
#include "report/markdown_text.h"
#include "report/score_tables.h"
#include "statistics/consistency.h"

namespace musicrep {
namespace {

using nlohmann::json;

/// What rows must have in common to stand in one table.
struct Ground {
  std::string task;
  std::string protocol;
  std::string protocol_sha256;
  std::string metric;
  std::string manifest_sha256;
  std::string audio_sha256;
  auto operator<=>(const Ground&) const = default;
};

struct Entry {
  const ResultRow* row;
  const ResultRow* best;  ///< of its own run's table
  const Results* results;
  std::vector<std::string> runs;
};

struct SharedTable {
  Ground ground;
  std::vector<Entry> entries;
};

Ground ground_of(const Results& results, const ResultRow& row) {
  Ground out{row.task, row.protocol, row.protocol_sha256, row.metric, "", ""};
  const auto data = std::ranges::find(results.datasets, row.dataset, &DatasetRecord::name);
  if (data != results.datasets.end()) {
    out.manifest_sha256 = data->manifest_sha256;
    out.audio_sha256 = data->audio_pcm_sha256;
  }
  return out;
}

/// The same vectors of the same encoder, and the same score.
bool same_row(const Entry& entry, const ResultRow& row) {
  return entry.row->encoder == row.encoder && entry.row->encoder_kind == row.encoder_kind &&
         entry.row->embeddings_sha256 == row.embeddings_sha256 && entry.row->score == row.score &&
         entry.row->failure == row.failure;
}

std::vector<SharedTable> shared_tables(const std::vector<NamedRun>& runs) {
  std::vector<SharedTable> out;
  for (const NamedRun& run : runs) {
    for (const ScoreTable& table : score_tables(run.results)) {
      for (const ResultRow* row : table.rows) {
        const Ground ground = ground_of(run.results, *row);
        auto at = std::ranges::find(out, ground, &SharedTable::ground);
        if (at == out.end()) at = out.insert(out.end(), {ground, {}});
        const auto same = std::ranges::find_if(
            at->entries, [&](const Entry& entry) { return same_row(entry, *row); });
        if (same != at->entries.end()) {
          same->runs.push_back(run.name);
        } else {
          at->entries.push_back({row, table.rows.front(), &run.results, {run.name}});
        }
      }
    }
  }
  for (SharedTable& table : out) {
    std::ranges::stable_sort(table.entries, [](const Entry& a, const Entry& b) {
      const auto key = [](const Entry& e) {
        const bool good = e.row->failure.empty() && e.row->score == e.row->score;
        return std::pair(!good, good ? -e.row->score : 0);
      };
      return key(a) < key(b);
    });
  }
  return out;
}

json table_json(const SharedTable& table) {
  json rows = json::array();
  std::vector<std::string> runs;
  for (const Entry& entry : table.entries) {
    runs.insert(runs.end(), entry.runs.begin(), entry.runs.end());
  }
  std::ranges::sort(runs);
  runs.erase(std::ranges::unique(runs).begin(), runs.end());
  for (const Entry& entry : table.entries) {
    json row = score_row_json(*entry.results, *entry.row, *entry.best);
    row["run"] = fmt::format("{}", fmt::join(entry.runs, ", "));
    // Letters and tests are of one run's table.
    if (runs.size() > 1 && entry.row->failure.empty()) {
      row["letters"] = "";
      row["test"] = "within its run: " + row["test"].get<std::string>();
    }
    rows.push_back(std::move(row));
  }
  const ResultRow& first = *table.entries.front().row;
  return {
      {"task", first.task},
      {"protocol", first.protocol},
      {"version", fmt::format("{}@{} ({})", first.protocol, first.protocol_version,
                              first.protocol_sha256.substr(0, 12))},
      {"metric", first.metric},
      {"data", table.ground.manifest_sha256},
      {"constant",
       first.failure.empty() && first.baseline == first.baseline ? json(first.baseline) : json()},
      {"rows", std::move(rows)}};
}

/// Why a table cannot be compared with the one of the same name; empty where it has another name.
std::optional<std::string> reason_apart(const Ground& a, const Ground& main) {
  if (a.task != main.task || a.protocol != main.protocol) return std::nullopt;
  std::vector<std::string> out;
  const auto differs = [&](const char* what, const std::string& own, const std::string& other) {
    if (own == other) return;
    const auto text = [](const std::string& hash) {
      return hash.empty() ? std::string("none") : hash.substr(0, 12);
    };
    out.push_back(fmt::format("{} ({} instead of {})", what, text(own), text(other)));
  };
  differs("other items, labels or artists", a.manifest_sha256, main.manifest_sha256);
  differs("other audio", a.audio_sha256, main.audio_sha256);
  differs("other rules of the protocol", a.protocol_sha256, main.protocol_sha256);
  if (a.metric != main.metric)
    out.push_back(fmt::format("{} instead of {}", a.metric, main.metric));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string fact(const std::map<std::string, std::string>& facts, const char* name) {
  const auto at = facts.find(name);
  return at == facts.end() || at->second.empty() ? kNothing : plain(at->second);
}

std::string runs_text(const std::vector<NamedRun>& runs) {
  MarkdownTable table(
      {"Run", "Experiment", "Started", "Machine", "Processor", "Version", "Digest"});
  for (const NamedRun& run : runs) {
    const Results& r = run.results;
    table.add({plain(run.name), plain(r.experiment), fact(r.volatile_facts, "started_at"),
               fact(r.volatile_facts, "host"), fact(r.provenance, "cpu"),
               fact(r.provenance, "code_version"), short_hash(content_digest(r))});
  }
  std::string others;
  for (const NamedRun& run : runs) {
    const std::string why = other_rules(run.results);
    if (!why.empty()) others += fmt::format("- **{}**: {}\n", plain(run.name), why);
  }
  return table.text() + others;
}

}  // namespace

std::string leaderboard_page(const std::vector<NamedRun>& runs) {
  std::vector<SharedTable> tables = shared_tables(runs);
  // Of tables of one name, the one with the most rows leads.
  std::vector<const SharedTable*> order;
  for (const SharedTable& table : tables) order.push_back(&table);
  std::ranges::stable_sort(order, [](const SharedTable* a, const SharedTable* b) {
    return a->entries.size() > b->entries.size();
  });
  json together = json::array();
  json apart = json::array();
  std::string reasons;
  std::vector<const SharedTable*> leading;
  for (const SharedTable* table : order) {
    std::optional<std::string> reason;
    for (const SharedTable* main : leading) {
      if (!reason) reason = reason_apart(table->ground, main->ground);
    }
    if (!reason) {
      leading.push_back(table);
      continue;
    }
    json data = table_json(*table);
    reasons += fmt::format("- **{}, {}** of {}: {}\n", plain(table->ground.task),
                           plain(table->ground.protocol),
                           plain(table->entries.front().runs.front()), *reason);
    apart.push_back(std::move(data));
  }
  // In the order of the runs.
  for (const SharedTable& table : tables) {
    if (std::ranges::find(leading, &table) != leading.end()) together.push_back(table_json(table));
  }
  std::vector<const Results*> all;
  for (const NamedRun& run : runs) all.push_back(&run.results);
  std::string body = page_heading("Leaderboard");
  body += together.empty() ? "<p>No run has a row.</p>\n"
                           : page_block("scores", {{"tables", std::move(together)}});
  if (!apart.empty()) {
    body += page_heading("Not comparable") +
            html_of_markdown(
                "These tables have the names of tables above and cannot be compared "
                "with them:\n\n" +
                reasons) +
            page_block("scores", {{"tables", std::move(apart)}});
  }
  body += page_heading("Runs") + html_of_markdown(runs_text(runs));
  return html_page(
      fmt::format("{} runs", runs.size()),
      "<p>Rows are merged where encoder, vectors, data, protocol and score are the same."
      "</p>\n",
      body, encoder_looks(all));
}

}  // namespace musicrep
