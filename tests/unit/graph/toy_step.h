// Steps whose work is to note that they were run.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "graph/step.h"

namespace musicrep {

/// What toy steps share: who was run, in which order, and whose output is there.
struct ToyWorld {
  std::vector<std::string> ran;
  std::set<std::string> stored;
  std::mutex mutex;
};

class ToyStep final : public Step {
 public:
  ToyStep(const std::string& name, std::vector<const Step*> inputs, ToyWorld& world)
      : world_(world) {
    StepFacts& facts = mutable_facts();
    facts.kind = "toy";
    facts.text = facts.title = name;
    set_key("{\"toy\":\"" + name + "\"}");
    facts.inputs = std::move(inputs);
  }
  StepFacts& change() { return mutable_facts(); }
  [[nodiscard]] bool is_stored(const ArtefactStore&) const override {
    return world_.stored.contains(facts().text);
  }
  StepOutcome run(const StepContext& context) const override {
    if (work) work();
    context.update(1, 1);
    const std::lock_guard lock(world_.mutex);
    const bool was_stored = !context.again && world_.stored.contains(facts().text);
    if (!was_stored) {
      world_.ran.push_back(facts().text);
      if (leaves_output) world_.stored.insert(facts().text);
    }
    return {.text = "done", .key = facts().key, .was_stored = was_stored};
  }

  std::function<void()> work;  ///< may throw
  bool leaves_output = true;

 private:
  ToyWorld& world_;
};

/// Toy steps in the order in which they were made.
class ToyGraph {
 public:
  ToyStep& add(const std::string& name, std::vector<const Step*> inputs = {}) {
    auto step = std::make_unique<ToyStep>(name, std::move(inputs), world);
    ToyStep& out = *step;
    steps.push_back(std::move(step));
    return out;
  }
  std::vector<std::unique_ptr<Step>> steps;
  ToyWorld world;
};

/// Counts what it is reported.
class CountingProgress final : public Progress {
 public:
  void plan(std::size_t n) override { planned = n; }
  void begin(const std::string& step) override { begun.push_back(step); }
  void update(std::size_t, std::size_t) override {}
  void end(const std::string& outcome) override { ended.push_back(outcome); }
  std::size_t planned = 0;
  std::vector<std::string> begun;
  std::vector<std::string> ended;
};

}  // namespace musicrep
