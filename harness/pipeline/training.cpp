#include "pipeline/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

#include "core/event_log.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/parallel.h"
#include "core/random.h"
#include "datasets/artist_names.h"
#include "musicrep/error.h"
#include "pipeline/costs.h"
#include "pipeline/provenance.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

bool is_tag(const Target& target) {
  return target.classes == std::vector<std::string>{"absent", "present"};
}

}  // namespace

TrainingCorpus make_training_corpus(const FitStep& step, const EncoderInfo& info,
                                    std::shared_ptr<const ItemFrames> frames) {
  const Dataset& dataset = *step.dataset;
  TrainingCorpus corpus;
  corpus.name = dataset.name;
  corpus.about = dataset.about;
  corpus.sha256 = step.corpus_sha256;
  corpus.frame_space = step.frame_space;
  corpus.texts = dataset.texts;
  corpus.ids = dataset.ids;
  corpus.splits = dataset.splits;
  corpus.groups = dataset.groups;
  for (const Target& target : dataset.targets) {
    if (is_tag(target)) {
      TrainingTag tag{target.name,
                      target.title.empty() ? target.name : target.title,
                      target.facet.empty() ? "other" : target.facet,
                      {}};
      for (const double value : target.values) tag.present.push_back(value == 1 ? 1 : 0);
      corpus.tags.push_back(std::move(tag));
    } else if (!target.is_classification()) {
      corpus.numbers[target.name] = target.values;
    }
  }
  corpus.load = [&dataset, info, frames = std::move(frames)](std::size_t i) {
    return load_item(dataset, info, frames.get(), i);
  };
  return corpus;
}

void set_key(FitStep& step, const EncoderInfo& info) {
  nlohmann::json options = nlohmann::json::object();
  for (const OptionSpec& spec : info.options) {
    if (!spec.trains) continue;
    if (spec.came_later && step.options.at(spec.name) == spec.default_value) continue;
    options[spec.name] =
        std::visit([](const auto& v) { return nlohmann::json(v); }, step.options.at(spec.name));
  }
  step.key_json = nlohmann::json({{"step", "fit"},
                                  {"encoder", step.kind},
                                  {"encoder_version", info.version},
                                  {"options", options},
                                  {"corpus", step.corpus_sha256},
                                  {"frames", step.frame_space},
                                  {"device", step.device},
                                  {"seed", step.seed}})
                      .dump();
  step.key = sha256_hex(step.key_json);
}

Seen seen_in_training(const Dataset& corpus, const Dataset& scored,
                      const std::set<std::uint32_t>& tested) {
  std::unordered_set<std::string> ids;
  std::vector<std::string> artists;
  for (std::size_t i = 0; i < corpus.ids.size(); ++i) {
    if (!corpus.splits.empty() && corpus.splits[i] == "test") continue;
    ids.insert(corpus.ids[i]);
    if (!corpus.groups.empty()) artists.push_back(corpus.groups[i]);
  }
  const std::size_t n_learned = artists.size();
  Seen out;
  for (const std::uint32_t i : tested) {
    out.n_items += ids.contains(scored.ids[i]) ? 1U : 0U;
    if (!scored.groups.empty()) artists.push_back(scored.groups[i]);
  }
  if (n_learned == 0 || artists.size() == n_learned) return out;
  // Two data sets may spell an artist in two ways.
  const std::vector<std::string> named = artists;
  merge_artist_spellings(artists);
  const std::unordered_set<std::string> learned(
      artists.begin(), artists.begin() + static_cast<std::ptrdiff_t>(n_learned));
  std::set<std::string> shared;
  for (std::size_t k = n_learned; k < artists.size(); ++k) {
    if (!artists[k].empty() && learned.contains(artists[k])) shared.insert(named[k]);
  }
  out.n_groups = shared.size();
  if (!shared.empty()) out.group = *shared.begin();
  return out;
}

void run_fits(std::span<const FitStep> steps, const EncoderRegistry& registry,
              const ArtefactStore& store, std::size_t jobs, bool again, const FitTold& told,
              const std::function<std::shared_ptr<const ItemFrames>(const FitStep&)>& frames_of) {
  std::vector<const FitStep*> missing;
  for (const FitStep& step : steps) {
    if (again || !store.has_weights(step.key)) missing.push_back(&step);
  }
  std::set<const Dataset*> made;
  for (const FitStep* step : missing) {
    const Dataset& dataset = *step->dataset;
    const bool takes_audio = registry.info(step->kind).input == InputKind::kPcm;
    if (takes_audio && made.insert(&dataset).second) {
      make_audio(dataset, store, jobs, [](std::size_t, std::size_t) {});
    }
  }
  std::vector<std::shared_ptr<const ItemFrames>> frames;
  for (const FitStep* step : missing) frames.push_back(step->frames ? frames_of(*step) : nullptr);
  std::mutex mutex;
  std::vector<FitProgress> progress(missing.size());
  parallel_for(missing.size(), jobs, [&](std::size_t k) {
    const FitStep& step = *missing[k];
    const StepLock step_lock(store, step.key, step.description);
    if (!again && store.has_weights(step.key)) return;  // another run was at it
    log_event(LogLevel::kInfo, step.description, "", "training begins");
    const EncoderInfo& info = registry.info(step.kind);
    FitArgs args;
    args.seed = derive_seed(step.seed, "fit/" + step.kind);
    args.options = step.options;
    args.device = step.device;
    args.weights_path = store.weights_path(step.key).string();
    args.checkpoint_path = args.weights_path + ".checkpoint";
    args.provenance = code_provenance();
    args.provenance["step_key"] = step.key;
    args.provenance["step"] = step.key_json;
    args.progress = [&, k](const FitProgress& at) {
      if (logs(LogLevel::kDebug)) {
        log_event(LogLevel::kDebug, step.description, "",
                  fmt::format("step {} of {}, loss {:.5f}", at.step, at.steps, at.loss));
      }
      const std::lock_guard lock(mutex);
      progress[k] = at;
      std::size_t done = 0;
      std::size_t total = 0;
      std::size_t most = 1;
      for (const FitProgress& one : progress) most = std::max(most, one.steps);
      for (const FitProgress& one : progress) {
        done += one.step;
        total += one.steps > 0 ? one.steps : most;  // not begun yet: about as long as the longest
      }
      told(done, total);
    };
    const CostMeter meter(CostMeter::Of::kThread);  // a training has one thread
    registry.abilities(step.kind).fit(make_training_corpus(step, info, frames[k]), args);
    if (!store.has_weights(step.key)) {
      throw DataError(fmt::format("encoder '{}' was trained and wrote no good weights to '{}'",
                                  step.label, args.weights_path));
    }
    StepCost cost = meter.cost();
    cost.n = static_cast<std::int64_t>(progress[k].steps);
    cost.disk_mib = static_cast<double>(std::filesystem::file_size(args.weights_path)) / (1 << 20);
    store_cost(store, step.key, "cost of: " + step.description, cost);
    log_event(LogLevel::kInfo, step.description, "",
              fmt::format("trained: {} steps, {:.1f} s", progress[k].steps, cost.wall_s));
  });
}

}  // namespace musicrep
