// What steps ask of a prepared plan.
#include <nlohmann/json.hpp>

#include "pipeline/prepare.h"

namespace musicrep {

std::vector<const FitStep*> trainings_behind(const Plan& plan, const EncodeStep& step) {
  std::vector<const FitStep*> out;
  if (step.fit) out.push_back(&plan.fits[*step.fit]);
  if (step.frames && plan.encodes[*step.frames].fit) {
    out.push_back(&plan.fits[*plan.encodes[*step.frames].fit]);
  }
  return out;
}

std::shared_ptr<Encoder> encoder_of(const Plan& plan, const EncodeStep& step,
                                    const EncoderRegistry& registry, const ArtefactStore& store) {
  if (step.encoder) return step.encoder;
  Options options = step.options;
  options["train_on"] = std::string();
  options["weights"] = store.weights_path(plan.fits.at(*step.fit).key).string();
  std::shared_ptr<Encoder> encoder = registry.create(
      step.kind,
      {plan.seed, options, step.frame_space, plan.experiment.file.parent_path().string()});
  encoder->check_items(step.dataset->ids);
  return encoder;
}

std::string manifest_of(const Plan& plan, const Dataset& dataset) {
  const auto known = plan.manifests.find(&dataset);
  return known == plan.manifests.end() ? manifest_sha256(dataset) : known->second;
}

std::string evaluation_key_json(const Plan& plan, const EvaluateStep& step,
                                const std::string& embeddings_sha256) {
  nlohmann::json targets = nlohmann::json::array();
  for (const Target* target : step.task.targets) targets.push_back(target->name);
  return nlohmann::json({{"step", "evaluate"},
                         {"evaluation_version", kEvaluationVersion},
                         {"code", plan.scoring_code},
                         {"embeddings", embeddings_sha256},
                         {"manifest", manifest_of(plan, *step.task.dataset)},
                         {"task", step.task.name},
                         {"targets", targets},
                         {"protocol", step.protocol->sha256},
                         {"solver", plan.solver == Solver::kOwn ? "own" : "libsvm"},
                         {"seed", plan.seed}})
      .dump();
}

}  // namespace musicrep
