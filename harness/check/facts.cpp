#include "check/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "formats/toml_flat.h"

namespace musicrep {
namespace {

using Facts = std::map<std::string, std::string>;

struct Kind {
  std::string subject;
  Weight weight;
};

// What `was` and `is` do not have alike; kind_of(name) gives the kind of a difference.
template <typename KindOf>
std::vector<FactDifference> differences(const Facts& was, const Facts& is, KindOf kind_of) {
  Facts all = was;
  all.insert(is.begin(), is.end());
  std::vector<FactDifference> out;
  for (const auto& [name, value] : all) {
    const auto a = was.find(name);
    const auto b = is.find(name);
    const std::string of_a = a == was.end() ? "" : a->second;
    const std::string of_b = b == is.end() ? "" : b->second;
    if (of_a == of_b) continue;
    const Kind kind = kind_of(name);
    out.push_back({kind.subject, name, of_a, of_b, kind.weight});
  }
  return out;
}

Kind kind_of_provenance(const std::string& name) {
  // Every build type gives the same bits: no option lets the compiler change the order of sums.
  static const std::set<std::string> code = {"version", "code_commit", "code_dirty", "build_type"};
  static const std::set<std::string> scoring = {"solver", "limit", "evaluation_version",
                                                "statistics_version"};
  if (code.contains(name)) return {"code", Weight::kInformation};
  if (scoring.contains(name)) return {"scoring", Weight::kDecides};
  return {"machine", Weight::kMachine};
}

Facts dataset_facts(const DatasetRecord& data) {
  return {{"kind", data.kind},
          {"manifest", data.manifest_sha256},
          {"items", std::to_string(data.n_items)},
          {"audio", data.audio_pcm_sha256}};
}

Facts protocol_facts(const ResultRow& row) {
  return {{"version", std::to_string(row.protocol_version)}, {"content", row.protocol_sha256}};
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<FactDifference> deciding_for_all(const Results& a, const Results& b) {
  std::vector<FactDifference> out;
  if (a.seed != b.seed) {
    out.push_back({"experiment", "master seed", std::to_string(a.seed), std::to_string(b.seed),
                   Weight::kDecides});
  }
  for (FactDifference& each : differences(a.provenance, b.provenance, kind_of_provenance)) {
    if (each.weight == Weight::kDecides) out.push_back(std::move(each));
  }
  return out;
}

std::vector<FactDifference> differences_of_dataset(const Results& a, const Results& b,
                                                   std::string_view dataset) {
  const auto was = std::ranges::find(a.datasets, dataset, &DatasetRecord::name);
  const auto is = std::ranges::find(b.datasets, dataset, &DatasetRecord::name);
  if (was == a.datasets.end() || is == b.datasets.end()) return {};
  const Kind kind = {fmt::format("data set '{}'", dataset), Weight::kDecides};
  return differences(dataset_facts(*was), dataset_facts(*is), [&](const auto&) { return kind; });
}

std::vector<FactDifference> differences_of_protocol(const ResultRow& a, const ResultRow& b) {
  const Kind kind = {fmt::format("protocol '{}'", a.protocol), Weight::kDecides};
  return differences(protocol_facts(a), protocol_facts(b), [&](const auto&) { return kind; });
}

std::vector<FactDifference> fact_differences(const Results& a, const Results& b) {
  std::vector<FactDifference> out = differences(a.provenance, b.provenance, kind_of_provenance);
  std::ranges::stable_sort(out, {}, &FactDifference::subject);
  if (a.experiment != b.experiment) {
    out.push_back({"experiment", "name of the run", a.experiment, b.experiment});
  }
  if (a.seed != b.seed) {
    out.push_back({"experiment", "master seed", std::to_string(a.seed), std::to_string(b.seed),
                   Weight::kDecides});
  }
  // Its content, not its layout. The rows show its consequences.
  const Kind information = {"experiment", Weight::kInformation};
  append(out, differences(flat_toml(a.experiment_toml, "experiment"),
                          flat_toml(b.experiment_toml, "experiment"),
                          [&](const auto&) { return information; }));
  for (const DatasetRecord& data : a.datasets) {
    append(out, differences_of_dataset(a, b, data.name));
  }
  std::set<std::string> seen;
  for (const ResultRow& row : a.rows) {
    const auto same = std::ranges::find(b.rows, row.protocol, &ResultRow::protocol);
    if (same == b.rows.end() || !seen.insert(row.protocol).second) continue;
    append(out, differences_of_protocol(row, *same));
  }
  return out;
}

bool same_machine(const Results& a, const Results& b) {
  return std::ranges::none_of(
      differences(a.provenance, b.provenance, kind_of_provenance),
      [](const FactDifference& each) { return each.weight == Weight::kMachine; });
}

std::string fact_text(const FactDifference& difference) {
  const auto shortened = [](std::string text) {
    std::ranges::replace(text, '\n', ' ');
    const bool hash = text.size() == 64 || text.size() == 40;
    if (hash && text.find(' ') == std::string::npos) return text.substr(0, 12);
    if (text.size() > 60) return text.substr(0, 57) + "...";
    return text.empty() ? "nothing" : text;
  };
  return fmt::format("{}: {}: {}, was {}", difference.subject, difference.name,
                     shortened(difference.is), shortened(difference.was));
}

}  // namespace musicrep
