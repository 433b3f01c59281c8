// A step: one piece of work of a run, and all that planning, running, scheduling and reporting need
// to know of it. The kinds of steps are in harness/steps, a file each; nothing here knows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/progress.h"
#include "musicrep/registry.h"
#include "store/artefacts.h"

namespace musicrep {

/// What a step is run with.
struct StepContext {
  const ArtefactStore& store;
  const EncoderRegistry& encoders;
  std::size_t jobs = 1;
  bool again = false;  ///< make the output even where it is stored
  ProgressFunction update = [](std::size_t, std::size_t) {};
};

/// What became of a step.
struct StepOutcome {
  std::string text;  ///< for people: "1000 items, 40 dimensions"
  /// The key under which its output is stored: StepFacts::key, or one that holds hashes of inputs
  /// which were not known before they were made.
  std::string key = {};
  bool was_stored = false;
  std::string refusal = {};  ///< why there is no output; empty: there is
};

/// How results name the cost of a step.
struct StepSubject {
  std::string kind;  ///< of the steps whose measured costs estimate this one's
  std::string encoder;
  std::string on;  ///< a data set, or a task under a protocol
  std::int64_t seed = 0;
};

class Step;

/// What is known of a step before anything is run.
struct StepFacts {
  std::string kind;   ///< "encode"
  std::string text;   ///< "mfcc on genres (seed 0)"
  std::string title;  ///< "encode mfcc (seed 0) on genres", while it is run
  /// The canonical JSON of all that can change its output, and the SHA-256 of that. Inputs count by
  /// their content's hash; the input's key replaces one that is not known yet.
  std::string key_json;
  std::string key;
  std::string refusal = {};  ///< why it cannot be run; empty: it can
  /// Steps whose outputs it takes: it is not run where one of them was refused.
  std::vector<const Step*> inputs = {};
  /// Steps that must have been tried before it; what they were refused for does not stop it.
  std::vector<const Step*> after = {};
  std::vector<std::string> outputs = {};  ///< files in the store's folder, as far as known ahead
  StepSubject subject = {};
  std::size_t size = 0;        ///< items or training steps, which its cost grows with; 0: not known
  int growth = 1;              ///< its cost grows with this power of its size
  bool output_grows = true;    ///< and so does what it leaves on the disk, in proportion
  bool on_one_thread = false;  ///< so that several are run side by side
  bool on_gpu = false;
  /// Its output is of interest to other steps alone: where it is stored, nothing is reported.
  bool is_silent_when_stored = false;
  /// Unsuitable data is not an error of the run: its row states it.
  bool refuses_bad_data = false;
};

class Step {
 public:
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  [[nodiscard]] const StepFacts& facts() const { return facts_; }

  /// Whether its output is in `store`. False where that cannot be known before its inputs are
  /// there.
  [[nodiscard]] virtual bool is_stored(const ArtefactStore& store) const = 0;

  /// Makes its output, unless that is stored. Bits do not depend on context.jobs. Throws
  /// ForeignFailure or, with refuses_bad_data, DataError where it has to be refused; any other
  /// error ends the run.
  virtual StepOutcome run(const StepContext& context) const = 0;

  /// Removes from `store` what is of no use any more once its output is there.
  virtual void tidy(const ArtefactStore& store) const { static_cast<void>(store); }

  /// Fields of its own in a plan file, as an object.
  [[nodiscard]] virtual nlohmann::json details() const;

 protected:
  Step() = default;
  /// Sets the key from its JSON.
  void set_key(std::string key_json);
  /// For constructors, and for the planner's late refusals.
  StepFacts& mutable_facts() { return facts_; }

 private:
  StepFacts facts_;
};

/// What became of all steps of an execution.
class Outcomes {
 public:
  /// Null where it was not run: its output was not needed.
  [[nodiscard]] const StepOutcome* of(const Step& step) const;
  /// Why there is no output, as planned or as it came; empty: there may be one.
  [[nodiscard]] std::string refusal(const Step& step) const;
  void set(const Step& step, StepOutcome outcome);

 private:
  // Steps with the same key are one piece of work under several names.
  std::unordered_map<std::string, StepOutcome> by_key_;
};

/// `steps` without those whose key came before; a refused step has no key and stays.
std::vector<const Step*> distinct_steps(std::span<const std::unique_ptr<Step>> steps);

/// inputs and after, sorted by key, each once.
std::vector<const Step*> needs_of(const Step& step);

/// What each of some distinct steps needs of the others. The same work may go by several names, of
/// which `steps` has the first.
std::unordered_map<const Step*, std::vector<const Step*>> needs_among(
    std::span<const Step* const> steps);

}  // namespace musicrep
