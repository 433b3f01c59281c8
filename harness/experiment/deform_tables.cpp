#include "experiment/deform_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace musicrep {

std::vector<std::string> required_texts(const TomlTable& table, const std::string& key) {
  std::vector<std::string> out = table.texts(key);
  if (out.empty()) throw ConfigError(fmt::format("{} is missing or empty", table.where(key)));
  return out;
}

void check_has_row(Problems& problems, const Experiment& experiment, const char* where,
                   const std::tuple<std::string, std::string, std::string>& row) {
  const auto& [encoder, task, protocol] = row;
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  for (const EvaluationSpec& e : experiment.evaluations) {
    if (has(e.tasks, task) && has(e.encoders, encoder) && has(e.protocols, protocol)) return;
  }
  problems.add(
      fmt::format("{}: no [[evaluate]] table has encoder '{}' with task '{}' and protocol '{}'",
                  where, encoder, task, protocol));
}

void check_deforms(Problems& problems, const Experiment& experiment) {
  std::set<std::tuple<std::string, std::string, std::string, std::string>> all;
  for (const DeformSpec& spec : experiment.deforms) {
    for (const std::string& task : spec.tasks) {
      for (const std::string& encoder : spec.encoders) {
        for (const std::string& protocol : spec.protocols) {
          check_has_row(problems, experiment, "[[deform]]", {encoder, task, protocol});
          for (const Deformation& deformation : spec.deformations) {
            if (all.insert({task, encoder, protocol, deformation.text()}).second) continue;
            problems.add(
                fmt::format("[[deform]]: '{}' of encoder '{}' with task '{}' and protocol "
                            "'{}' is listed twice",
                            deformation.text(), encoder, task, protocol));
          }
        }
      }
    }
  }
}

DeformSpec read_deform(const TomlTable& table) {
  DeformSpec spec = {required_texts(table, "tasks"),
                     required_texts(table, "encoders"),
                     required_texts(table, "protocols"),
                     {}};
  for (const TomlTable& each : table.tables("deformations")) {
    spec.deformations.emplace_back(table.where("deformations"), each.remaining_options());
  }
  if (spec.deformations.empty()) {
    throw ConfigError(fmt::format("{} is missing or empty", table.where("deformations")));
  }
  return spec;
}

}  // namespace musicrep
