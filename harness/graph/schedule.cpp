#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graph/execute.h"

namespace musicrep {
namespace {

class Scheduler {
 public:
  explicit Scheduler(std::span<const Step* const> steps)
      : steps_(steps), needs_(needs_among(steps)), pending_(steps.begin(), steps.end()) {
    for (const Step* step : steps) {
      n_missing_[step] = needs_.at(step).size();
      for (const Step* need : needs_.at(step)) dependents_[need].push_back(step);
    }
  }

  std::vector<std::vector<const Step*>> run() {
    for (const Step* step : steps_) place(step);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_ready(const Step& step) const { return n_missing_.at(&step) == 0; }

  void place(const Step* step) {
    if (!pending_.contains(step)) return;
    for (const Step* need : needs_.at(step)) place(need);
    if (!pending_.contains(step)) return;  // placed on the way
    std::vector<const Step*> together = {step};
    if (step->facts().on_one_thread) {
      for (const Step* other : steps_) {
        if (other != step && other->facts().on_one_thread && pending_.contains(other) &&
            is_ready(*other)) {
          together.push_back(other);
        }
      }
    }
    for (const Step* each : together) {
      pending_.erase(each);
      for (const Step* next : dependents_[each]) --n_missing_[next];
    }
    out_.push_back(together);
    // Steps that use an output follow while it is in memory.
    for (const Step* each : together) {
      for (const Step* next : dependents_[each]) {
        if (!next->facts().on_one_thread && pending_.contains(next) && is_ready(*next)) place(next);
      }
    }
  }

  std::span<const Step* const> steps_;
  std::unordered_map<const Step*, std::vector<const Step*>> needs_;
  std::unordered_map<const Step*, std::vector<const Step*>> dependents_;
  std::unordered_map<const Step*, std::size_t> n_missing_;  // needs that are not placed yet
  std::unordered_set<const Step*> pending_;
  std::vector<std::vector<const Step*>> out_;
};

}  // namespace

std::vector<std::vector<const Step*>> schedule(std::span<const Step* const> steps) {
  return Scheduler(steps).run();
}

}  // namespace musicrep
