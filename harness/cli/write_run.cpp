#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/page_audio.h"
#include "cli/result_files.h"
#include "musicrep/error.h"
#include "store/results.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

void print_retrievals(const Results& results) {
  std::string table;
  for (const Retrieval& row : results.retrievals) {
    const std::string heading =
        fmt::format("retrieval on {} {} (centring: {})", row.dataset, row.split, row.centring);
    if (heading != table) {
      table = heading;
      fmt::print("\n{}\n", heading);
    }
    if (!row.failure.empty()) fmt::print("  {:<20} -      {}\n", row.encoder, row.failure);
    for (const RetrievalMeasure& m : row.measures) {
      if (m.name != "R@10") continue;
      fmt::print("  {:<20} {} R@10 {:.3f}  [{:.3f}, {:.3f}]  chance {:.3f} of {}\n", row.encoder,
                 m.direction, m.value, m.ci_low, m.ci_high, m.chance, row.n);
    }
  }
}

void print_summary(const Results& results, const fs::path& out) {
  std::string table;
  for (const ResultRow& row : results.rows) {
    const std::string heading = fmt::format("{} under {}", row.task, row.protocol);
    if (heading != table) {
      table = heading;
      fmt::print("\n{} ({})\n", heading, row.metric);
    }
    if (!row.failure.empty()) {
      fmt::print("  {:<20} -      {}\n", row.encoder, row.failure);
      continue;
    }
    fmt::print("  {:<20} {:.3f}  [{:.3f}, {:.3f}]", row.encoder, row.score, row.ci_low,
               row.ci_high);
    if (row.targets.size() > 1) {
      std::vector<std::string> parts;
      for (const TargetResult& target : row.targets) {
        parts.push_back(fmt::format("{} {:.3f}", target.name, target.score));
      }
      fmt::print("  ({})", fmt::join(parts, ", "));
    }
    if (row.published) {
      fmt::print("  published {:.3f}{}", *row.published,
                 row.published_caveat.empty()
                     ? ""
                     : fmt::format(" (not comparable: {})", row.published_caveat));
    }
    fmt::print("\n");
  }
  print_retrievals(results);
  fmt::print("\n{}\n{}\n{}\n", (out / "report.md").string(), (out / "table.csv").string(),
             (out / "results.h5").string());
}

// Whether there is anything to print.
bool print_skipped(const Results& results) {
  Problems problems;
  for (const DatasetRecord& data : results.datasets) {
    for (const SkippedItem& item : data.skipped) {
      problems.add(fmt::format("{}: item '{}': {}", data.name, item.id, item.reason));
    }
  }
  if (!problems.empty()) fmt::print(stderr, "{}\n", problems.text("skipped:"));
  return !problems.empty();
}

}  // namespace

int write_run(const Results& results, const PreparedExperiment& prepared, const fs::path& out,
              std::size_t n_embedded) {
  write_results(results, out / "results.h5");
  // What the reader sees comes from the file, not from memory.
  const Results written = read_results(out / "results.h5");
  const ClipsOfDatasets clips =
      clips_of_plan(prepared.plan, written, {.folder = out, .n_embedded = n_embedded});
  write_reports(written, prepared.encoders, clips, out);
  print_summary(written, out);
  const auto has_failed = [](const auto& row) { return !row.failure.empty(); };
  const bool failed = std::ranges::any_of(written.rows, has_failed) ||
                      std::ranges::any_of(written.retrievals, has_failed);
  const bool skipped = print_skipped(written);
  return failed || skipped ? kSomeRowsFailed : kOk;
}

}  // namespace musicrep::cli
