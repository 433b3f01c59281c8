#include "report/markdown.h"

#include <fmt/format.h>

#include <set>

#include "report/figure.h"
#include "report/footnotes.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "statistics/consistency.h"

namespace musicrep {
namespace {

std::string count_text(std::size_t n, const std::string& one, const std::string& many) {
  return n == 1 ? "1 " + one : fmt::format("{} {}", n, many);
}

}  // namespace

std::string report_opening(const Results& results) {
  std::set<std::string> encoders;
  std::set<std::string> tasks;
  std::set<std::string> protocols;
  std::size_t n_good = 0;
  for (const ResultRow& row : results.rows) {
    encoders.insert(row.encoder);
    tasks.insert(row.task);
    protocols.insert(row.protocol);
    if (row.failure.empty()) ++n_good;
  }
  std::set<std::string> retrieving;
  for (const Retrieval& row : results.retrievals) retrieving.insert(row.encoder);
  std::string out =
      results.rows.empty() && !retrieving.empty()
          ? fmt::format("Experiment `{}` looked how well texts and music find each other with {}.",
                        results.experiment, count_text(retrieving.size(), "encoder", "encoders"))
          : fmt::format("Experiment `{}` ran {} on {} under {}: {} of {} have a score.",
                        results.experiment, count_text(encoders.size(), "encoder", "encoders"),
                        count_text(tasks.size(), "task", "tasks"),
                        count_text(protocols.size(), "protocol", "protocols"), n_good,
                        count_text(results.rows.size(), "row", "rows"));
  const auto fact = [&](const char* key) -> std::string {
    const auto it = results.volatile_facts.find(key);
    return it == results.volatile_facts.end() ? "" : plain(it->second);
  };
  if (!fact("started_at").empty()) out += fmt::format(" Started {}", fact("started_at"));
  if (!fact("host").empty()) {
    out += fmt::format("{} on {}", fact("started_at").empty() ? " Ran" : "", fact("host"));
  }
  if (!fact("started_at").empty() || !fact("host").empty()) out += ".";
  out += fmt::format(" Seed {}, experiment file {}, content digest {}.\n\n", results.seed,
                     short_hash(results.experiment_sha256), short_hash(content_digest(results)));
  return out;
}

std::string other_version_text(const Results& results) {
  if (results.rows.empty() && results.retrievals.empty()) return "";
  const std::string others = other_rules(results);
  return others.empty() ? "" : fmt::format("**Results of another version**: {}.\n\n", others);
}

std::string markdown_report(const Results& results, const Figures& figures) {
  const std::vector<ScoreTable> tables = score_tables(results);
  const std::string& title = results.title.empty() ? results.experiment : results.title;
  std::string out = fmt::format("# {}\n\n", title.empty() ? "Results" : plain(title));
  out += other_version_text(results);
  const std::vector<EncoderLook> encoders = encoder_looks(results);
  const std::vector<std::string> notes = notes_of(tables);
  const ReportInput input{results, tables, figures, encoders, notes};
  for (const ReportSection* section : by_place(report_sections())) out += section->text(input);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace musicrep
