#include "graph/execute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/stop.h"
#include "graph/needed.h"
#include "musicrep/error.h"

namespace musicrep {

std::string outcome_text(const StepOutcome& outcome) {
  if (!outcome.refusal.empty()) return "not run: " + outcome.refusal;
  if (outcome.was_stored && !outcome.text.empty()) return outcome.text + " (stored)";
  return outcome.was_stored ? "stored" : outcome.text;
}

namespace {

constexpr const char* kTriedArtefact = "tried";

StepOutcome refused(const Step& step, const std::string& reason) {
  return {.text = {}, .key = step.facts().key, .refusal = reason};
}

// Run, or refused for `reason` (empty: none is known) or for one that it throws.
StepOutcome attempt(const Step& step, const StepContext& context, const std::string& reason) {
  if (!reason.empty()) return refused(step, reason);
  try {
    return step.run(context);
  } catch (const ForeignFailure& failure) {
    return refused(step, failure.what());
  } catch (const DataError& error) {
    if (!step.facts().refuses_bad_data) throw;
    return refused(step, error.what());
  }
}

// Runs one step with all threads, and reports it.
StepOutcome attempt_alone(const Step& step, const StepContext& given, const std::string& reason,
                          Progress& progress) {
  StepContext context = given;
  context.update = [&](std::size_t done, std::size_t total) { progress.update(done, total); };
  progress.begin(step.facts().title);
  StepOutcome outcome = attempt(step, context, reason);
  progress.end(outcome_text(outcome));
  return outcome;
}

/// The progress of steps that are run side by side as that of one.
class JointProgress {
 public:
  JointProgress(std::size_t n, Progress& progress) : done_(n), total_(n), progress_(progress) {}

  void update(std::size_t k, std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    done_[k] = done;
    total_[k] = total;
    const std::size_t longest = std::max<std::size_t>(1, *std::ranges::max_element(total_));
    std::size_t all_done = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      all_done += done_[i];
      all += total_[i] > 0 ? total_[i] : longest;  // not begun yet: about as long as the longest
    }
    progress_.update(all_done, all);
  }

 private:
  std::mutex mutex_;
  std::vector<std::size_t> done_;
  std::vector<std::size_t> total_;
  Progress& progress_;
};

class Execution {
 public:
  Execution(const StepContext& context, Progress& progress)
      : context_(context), progress_(progress) {}

  Outcomes run(std::span<const std::unique_ptr<Step>> steps) {
    const std::vector<const Step*> distinct = distinct_steps(steps);
    const StepStates states = step_states(distinct, context_.store, context_.again);
    std::vector<const Step*> chosen;
    for (const Step* step : distinct) {
      const StepState state = states.at(step);
      const bool is_silent = state == StepState::kStored && step->facts().is_silent_when_stored;
      if (state != StepState::kNotNeeded && !is_silent) chosen.push_back(step);
    }
    const auto order = schedule(chosen);
    progress_.plan(order.size());
    for (const auto& together : order) {
      throw_if_stop_requested();
      if (together.size() == 1) {
        run_alone(*together.front());
      } else {
        run_together(together);
      }
    }
    return std::move(outcomes_);
  }

 private:
  // Why a step cannot be run, as far as is known by now; empty: it can.
  [[nodiscard]] std::string refusal(const Step& step) const {
    if (!step.facts().refusal.empty()) return step.facts().refusal;
    for (const Step* input : step.facts().inputs) {
      if (std::string reason = outcomes_.refusal(*input); !reason.empty()) return reason;
    }
    return "";
  }

  void run_alone(const Step& step) {
    StepOutcome outcome = attempt_alone(step, context_, refusal(step), progress_);
    // Steps without a key of their own share none.
    if (step.facts().refusal.empty()) outcomes_.set(step, std::move(outcome));
  }

  void run_together(const std::vector<const Step*>& steps) {
    std::vector<std::string> labels;
    for (const Step* step : steps) {
      const std::string& label = step->facts().subject.encoder;
      if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
    }
    progress_.begin(fmt::format("{} {}", steps.front()->facts().kind, fmt::join(labels, ", ")));
    std::vector<StepOutcome> outcomes(steps.size());
    JointProgress joint(steps.size(), progress_);
    parallel_for(steps.size(), context_.jobs, [&](std::size_t k) {
      StepContext context = context_;
      context.jobs = 1;
      context.update = [&, k](std::size_t done, std::size_t total) {
        joint.update(k, done, total);
      };
      outcomes[k] = attempt(*steps[k], context, refusal(*steps[k]));
    });
    std::size_t n_refused = 0;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      n_refused += outcomes[k].refusal.empty() ? 0U : 1U;
      outcomes_.set(*steps[k], std::move(outcomes[k]));
    }
    progress_.end(n_refused == 0
                      ? fmt::format("{} side by side", steps.size())
                      : fmt::format("{} side by side, {} not run", steps.size(), n_refused));
  }

  StepContext context_;
  Progress& progress_;
  Outcomes outcomes_;
};

// That a step was tried and left nothing where is_stored() looks, so that those after it need not
// wait for that: it was refused, or it has fewer items than planned, because some were
// skipped (which ones follows from its inputs), and the store has it under the key of those.
std::string tried_key_json(const Step& step) {
  std::vector<std::string> inputs;
  for (const Step* need : needs_of(step)) inputs.push_back(need->facts().key);
  return nlohmann::json({{"step", "tried"}, {"of", step.facts().key}, {"inputs", inputs}}).dump();
}

bool was_tried(const Step& step, const ArtefactStore& store) {
  return store.has(kTriedArtefact, sha256_hex(tried_key_json(step)));
}

}  // namespace

Outcomes execute(std::span<const std::unique_ptr<Step>> steps, const StepContext& context,
                 Progress& progress) {
  return Execution(context, progress).run(steps);
}

void require_inputs(const Step& step, const ArtefactStore& store) {
  Problems problems;
  for (const Step* need : needs_of(step)) {
    const StepFacts& facts = need->facts();
    if (!facts.refusal.empty() || need->is_stored(store) || was_tried(*need, store)) continue;
    problems.add(fmt::format("{} {}: its output is not in the store '{}' (step {})", facts.kind,
                             facts.text, store.root().string(), facts.key));
  }
  problems.throw_if_any(fmt::format("step {}: {} {} needs steps that have not been run:",
                                    step.facts().key, step.facts().kind, step.facts().text));
}

StepOutcome execute_one(const Step& step, const StepContext& context, Progress& progress) {
  const StepFacts& facts = step.facts();
  if (!context.again && step.is_stored(context.store)) {
    step.tidy(context.store);
    return {.text = "", .key = facts.key, .was_stored = true};
  }
  require_inputs(step, context.store);
  const auto missing = std::ranges::find_if(
      facts.inputs, [&](const Step* input) { return !input->is_stored(context.store); });
  StepOutcome outcome;
  if (missing != facts.inputs.end()) {
    outcome.refusal =
        fmt::format("{} {} was not run", (*missing)->facts().kind, (*missing)->facts().text);
  } else {
    outcome = attempt_alone(step, context, "", progress);
  }
  if (!outcome.refusal.empty() || !step.is_stored(context.store)) {
    const std::string key_json = tried_key_json(step);
    context.store.put_text(kTriedArtefact, sha256_hex(key_json), key_json,
                           fmt::format("{} {}", facts.kind, facts.text), outcome_text(outcome));
  }
  return outcome;
}

}  // namespace musicrep
