#include "planner/plan_facts.h"

#include <fmt/format.h>

#include "core/program_files.h"
#include "provenance/provenance.h"

namespace musicrep {

PlanFacts facts_of(const Plan& plan) {
  PlanFacts out;
  out.code = code_provenance();
  out.code["program"] = program_sha256();
  // Nodes of a cluster may differ in these.
  for (const char* of_machine : {"cpu", "instruction_set", "blas"}) out.code.erase(of_machine);
  for (const auto& dataset : plan.datasets) {
    const std::string where = fmt::format("data set '{}', ", dataset->data->name);
    out.data[where + "items"] = std::to_string(dataset->data->ids.size());
    out.data[where + "manifest"] = dataset->manifest_sha256;
    out.data[where + "audio"] = dataset->audio_sha256();
  }
  out.data["experiment file"] = plan.experiment.sha256;
  return out;
}

}  // namespace musicrep
