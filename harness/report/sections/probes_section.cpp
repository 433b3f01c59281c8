// Whether the order of encoders depends on the probe: the same folds with another one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "metrics/multiple_tests.h"
#include "report/letters.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// A table and the probe of its protocol.
struct ProbedTable {
  const ScoreTable* table = nullptr;
  std::string probe;
};

/// "svm", "knn", ... as the chosen parameters name it; empty where nothing was chosen.
std::string probe_of(const ScoreTable& table) {
  for (const ResultRow* row : table.rows) {
    for (const TargetResult& target : row->targets) {
      if (target.selected.empty()) continue;
      const std::string& kernel = target.selected.front().chosen.kernel;
      return kernel == "rbf" || kernel == "linear" ? "svm" : kernel;
    }
  }
  return {};
}

/// The protocol's name without its probe: "nested" of "nested-knn".
std::string base_of(const ProbedTable& of) {
  const std::string& name = of.table->protocol;
  const std::string end = "-" + of.probe;
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
}

const ResultRow* good_row(const ScoreTable& table, const std::string& encoder) {
  for (const ResultRow* row : table.rows) {
    if (row->failure.empty() && row->encoder == encoder) return row;
  }
  return nullptr;
}

std::vector<std::string> shared_encoders(const std::vector<ProbedTable>& tables) {
  std::vector<std::string> out;
  for (const ResultRow* row : tables.front().table->rows) {
    const bool everywhere = std::ranges::all_of(tables, [&](const ProbedTable& of) {
      return good_row(*of.table, row->encoder) != nullptr;
    });
    if (everywhere) out.push_back(row->encoder);
  }
  return out;
}

/// The place of an encoder among the shared ones, from 1.
std::size_t place_of(const ScoreTable& table, const std::vector<std::string>& encoders,
                     const std::string& encoder) {
  std::size_t better = 0;
  for (const std::string& other : encoders) {
    if (good_row(table, other)->score > good_row(table, encoder)->score) ++better;
  }
  return better + 1;
}

/// Kendall's tau-b of two lists of scores; nothing where one of them is constant.
std::optional<double> kendall(const std::vector<double>& a, const std::vector<double>& b) {
  double agree = 0;
  double n_a = 0;
  double n_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const int of_a = (a[i] > a[j]) - (a[i] < a[j]);
      const int of_b = (b[i] > b[j]) - (b[i] < b[j]);
      agree += of_a * of_b;
      n_a += of_a != 0 ? 1 : 0;
      n_b += of_b != 0 ? 1 : 0;
    }
  }
  if (n_a == 0 || n_b == 0) return std::nullopt;
  return agree / std::sqrt(n_a * n_b);
}

/// 1 or -1 where a is significantly better or worse than b, else 0.
int verdict_of(const Results& results, const ScoreTable& table, const std::string& a,
               const std::string& b) {
  for (const Comparison& c : results.comparisons) {
    if (c.task != table.task || c.protocol != table.protocol) continue;
    if (!(c.p_adjusted < kSignificanceLevel)) continue;
    if (c.a == a && c.b == b) return c.difference > 0 ? 1 : -1;
    if (c.a == b && c.b == a) return c.difference > 0 ? -1 : 1;
  }
  return 0;
}

std::string pair_text(const ReportInput& input, const ProbedTable& a, const ProbedTable& b,
                      const std::vector<std::string>& encoders) {
  std::vector<double> of_a;
  std::vector<double> of_b;
  for (const std::string& encoder : encoders) {
    of_a.push_back(good_row(*a.table, encoder)->score);
    of_b.push_back(good_row(*b.table, encoder)->score);
  }
  std::vector<std::string> reversed;
  std::size_t n_both = 0;
  for (std::size_t i = 0; i < encoders.size(); ++i) {
    for (std::size_t j = i + 1; j < encoders.size(); ++j) {
      const int first = verdict_of(input.results, *a.table, encoders[i], encoders[j]);
      const int second = verdict_of(input.results, *b.table, encoders[i], encoders[j]);
      if (first == 0 || second == 0) continue;
      ++n_both;
      if (first != second) {
        reversed.push_back(
            fmt::format("{} and {}", input.name(encoders[i]), input.name(encoders[j])));
      }
    }
  }
  const auto tau = kendall(of_a, of_b);
  std::string out = fmt::format("- {} and {}: ", a.probe, b.probe);
  if (tau) out += fmt::format("Kendall's tau of the scores {:.2f}; ", *tau);
  out += fmt::format("{} pairs differ significantly under both", n_both);
  if (n_both == 0) return out + ".\n";
  return out + (reversed.empty() ? ", all in the same direction.\n"
                                 : fmt::format(", and in opposite directions: {}.\n",
                                               fmt::join(reversed, "; ")));
}

std::string tables_text(const ReportInput& input, const std::vector<ProbedTable>& tables) {
  const std::vector<std::string> encoders = shared_encoders(tables);
  if (encoders.size() < 2) return "";
  std::vector<std::string> header = {"Encoder"};
  for (const ProbedTable& of : tables) {
    header.push_back(of.probe);
    header.emplace_back("Group");
    header.emplace_back(">Place");
  }
  MarkdownTable out(header);
  for (const std::string& encoder : encoders) {
    std::vector<std::string> cells = {input.name(encoder)};
    for (const ProbedTable& of : tables) {
      const ResultRow& row = *good_row(*of.table, encoder);
      const std::string& letters = letters_of(input.results, row);
      cells.push_back(with_interval(row.score, row.ci_low, row.ci_high));
      cells.push_back(letters.empty() ? kNothing : letters);
      cells.push_back(fmt::format("{}", place_of(*of.table, encoders, encoder)));
    }
    out.add(cells);
  }
  std::string pairs;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t j = i + 1; j < tables.size(); ++j) {
      pairs += pair_text(input, tables[i], tables[j], encoders);
    }
  }
  return fmt::format("### {}, folds of {}\n\n{}{}\n", plain(tables.front().table->task),
                     plain(base_of(tables.front())), out.text(), pairs);
}

std::string section(const ReportInput& input) {
  std::map<std::pair<std::string, std::string>, std::vector<ProbedTable>> groups;
  for (const ScoreTable& table : input.tables) {
    const ProbedTable of{&table, probe_of(table)};
    if (!of.probe.empty()) groups[{table.task, base_of(of)}].push_back(of);
  }
  std::string out;
  for (const auto& [key, tables] : groups) {
    if (tables.size() > 1) out += tables_text(input, tables);
  }
  if (out.empty()) return "";
  return "## Probes\n\nThe same folds with other probes. Encoders that share a letter do not differ "
         "significantly under that probe.\n\n" +
         out;
}

}  // namespace

extern const ReportSection probes_section = {1050, section};

}  // namespace musicrep
