#include "planner/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_set>

#include "core/hash.h"
#include "graph/estimate.h"

namespace musicrep {
namespace {

class AssembleStep final : public Step {
 public:
  explicit AssembleStep(const Plan& plan) {
    StepFacts& facts = mutable_facts();
    facts.kind = kAssembleStep;
    facts.text = fmt::format("results and report of {}", plan.experiment.name);
    facts.title = "assemble " + facts.text;
    std::unordered_set<std::string_view> taken;
    const std::vector<const Step*> distinct = distinct_steps(plan.steps);
    for (const Step* step : distinct) {
      for (const Step* need : needs_of(*step)) taken.insert(need->facts().key);
    }
    Sha256 all;
    all.update_text(plan.experiment.sha256);
    for (const Step* step : distinct) {
      if (!step->facts().refusal.empty()) continue;
      all.update_text(step->facts().key);
      if (!taken.contains(step->facts().key)) facts.inputs.push_back(step);
    }
    facts.key = all.hex();
  }
  [[nodiscard]] bool is_stored(const ArtefactStore&) const override { return false; }
  StepOutcome run(const StepContext&) const override {
    assert(false && "assemble() does its work");
    return {};
  }
};

}  // namespace

std::vector<const Encoding*> all_encodings(const Plan& plan) {
  std::vector<const Encoding*> out;
  for (const EncodeStep* step : plan.encodings) out.push_back(&step->encoding());
  for (const auto& step : plan.not_encoded) out.push_back(&step->encoding());
  return out;
}

const EncodeStep* find_encoding(const Plan& plan, const std::string& label) {
  const auto has_label = [&](const auto& step) { return step->encoding().label == label; };
  if (const auto at = std::ranges::find_if(plan.encodings, has_label); at != plan.encodings.end()) {
    return *at;
  }
  const auto at = std::ranges::find_if(plan.not_encoded, has_label);
  return at == plan.not_encoded.end() ? nullptr : at->get();
}

void cut_encodings(Plan& plan, Sharding& sharding) {
  std::vector<std::unique_ptr<Step>> steps;
  Sharding done;
  for (auto& step : plan.steps) {
    auto* encode = dynamic_cast<EncodeStep*>(step.get());
    const auto asked = encode == nullptr || !encode->facts().refusal.empty()
                           ? sharding.end()
                           : sharding.find(encode->facts().key);
    if (asked != sharding.end()) {
      std::vector<const ShardStep*> shards;
      for (const ItemRange& items : cut(encode->encoding(), asked->second)) {
        auto shard = std::make_unique<ShardStep>(*encode, items);
        shards.push_back(shard.get());
        steps.push_back(std::move(shard));
      }
      if (!shards.empty()) {
        done[asked->first] = shards.front()->items().end;
        encode->cut(std::move(shards));
      }
    }
    steps.push_back(std::move(step));
  }
  plan.steps = std::move(steps);
  sharding = std::move(done);
}

Sharding shards_of_items(const Plan& plan, std::size_t n_items) {
  Sharding out;
  for (const EncodeStep* step : plan.encodings) out[step->facts().key] = n_items;
  return out;
}

Sharding shards_of_seconds(const Plan& plan, std::span<const StepCost> measured, double seconds) {
  Sharding out;
  for (const EncodeStep* step : plan.encodings) {
    const auto one = estimate(step->facts(), 1, measured);
    const double n = one && one->cpu_s > 0 ? std::ceil(seconds / one->cpu_s) : 0;
    out[step->facts().key] = n > 0 ? static_cast<std::size_t>(std::min(n, 1e9)) : kShardItems;
  }
  return out;
}

std::unique_ptr<Step> assemble_step(const Plan& plan) {
  return std::make_unique<AssembleStep>(plan);
}

}  // namespace musicrep
