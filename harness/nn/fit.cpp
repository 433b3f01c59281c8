#include "nn/fit.h"

#include <fmt/format.h>
#include <torch/version.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "nn/checkpoint_file.h"
#include "nn/device.h"
#include "nn/state.h"

namespace musicrep {
namespace {

using nlohmann::json;

/// What moves the bits of a training.
json configuration_of(const TrainingTask& task, const TrainerConfig& config,
                      const TrainingCorpus& corpus, const FitArgs& args, const Weights& weights) {
  return {{"architecture", weights.architecture},
          {"network", weights.config},
          {"labels", weights.labels},
          {"objective", weights.source.value("objective", "")},
          {"corpus", corpus.sha256},
          {"items", task.n_items()},
          {"seed", args.seed},
          {"device", args.device},
          {"steps", config.steps},
          {"batch_size", config.batch_size},
          {"learning_rate", config.learning_rate},
          {"beta1", config.beta1},
          {"beta2", config.beta2},
          {"epsilon", config.epsilon},
          {"weight_decay", config.weight_decay},
          {"l2", config.l2},
          {"warmup", config.warmup},
          {"decay", config.decay},
          {"clip_norm", config.clip_norm},
          {"validate_every", config.validate_every},
          {"patience", config.patience},
          {"by_length", config.by_length},
          {"mixed_precision", config.mixed_precision}};
}

}  // namespace

void fit_and_write(TrainingTask& task, const TrainerConfig& config, const TrainingCorpus& corpus,
                   const FitArgs& args, Weights weights,
                   const std::function<void(Weights&)>& finish) {
  if (!weights.source.is_object()) weights.source = json::object();
  TrainerConfig on_device = config;
  const torch::Device device = device_by_name(args.device);
  on_device.device = device.str();
  on_device.mixed_precision = device.is_cuda();
  json configuration = configuration_of(task, on_device, corpus, args, weights);
  CheckpointFile checkpoints(args.checkpoint_path, configuration);
  const TrainingRun run = train(task, on_device, args.seed, &checkpoints,
                                [&](std::size_t step, std::size_t steps, double loss) {
                                  if (args.progress)
                                    args.progress({.step = step, .steps = steps, .loss = loss});
                                });
  weights.tensors = state_of(task.model());
  weights.curves = run.curves;
  weights.source["kind"] = "trained";
  weights.source["corpus"] = corpus.name;
  weights.source["corpus_about"] = corpus.about;
  weights.source["corpus_sha256"] = corpus.sha256;
  weights.source["seed"] = args.seed;
  weights.source["steps"] = run.steps;
  weights.source["best_step"] = run.best_step;
  weights.source["device"] = args.device;
  weights.source["torch"] = TORCH_VERSION;
  for (const char* what : {"corpus", "network", "labels", "architecture", "seed", "device"}) {
    configuration.erase(what);
  }
  weights.source["training"] = std::move(configuration);
  weights.source["provenance"] = args.provenance;
  if (finish) finish(weights);
  write_weights(args.weights_path, weights);
  std::error_code ignored;
  std::filesystem::remove(args.checkpoint_path, ignored);
}

}  // namespace musicrep
