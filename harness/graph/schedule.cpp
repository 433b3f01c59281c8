#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "graph/execute.h"

namespace musicrep {
namespace {

class Scheduler {
 public:
  explicit Scheduler(std::span<const Step* const> steps) : steps_(steps) {
    for (const Step* step : steps) by_key_[step->facts().key] = step;
    for (const Step* step : steps) {
      pending_.insert(step);
      for (const Step* need : needs(*step)) dependents_[need].push_back(step);
    }
  }

  std::vector<std::vector<const Step*>> run() {
    for (const Step* step : steps_) place(step);
    return std::move(out_);
  }

 private:
  // Of those that are to be run.
  [[nodiscard]] std::vector<const Step*> needs(const Step& step) const {
    std::vector<const Step*> out;
    for (const Step* need : needs_of(step)) {
      const auto at = by_key_.find(need->facts().key);
      if (at != by_key_.end() && at->second != &step) out.push_back(at->second);
    }
    return out;
  }

  [[nodiscard]] bool is_ready(const Step& step) const {
    return std::ranges::none_of(needs(step),
                                [&](const Step* need) { return pending_.contains(need); });
  }

  void place(const Step* step) {
    if (!pending_.contains(step)) return;
    for (const Step* need : needs(*step)) place(need);
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
    for (const Step* each : together) pending_.erase(each);
    out_.push_back(together);
    // Steps that use an output follow while it is in memory.
    for (const Step* each : together) {
      for (const Step* next : dependents_[each]) {
        if (!next->facts().on_one_thread && pending_.contains(next) && is_ready(*next)) place(next);
      }
    }
  }

  std::span<const Step* const> steps_;
  std::unordered_map<std::string_view, const Step*> by_key_;
  std::unordered_map<const Step*, std::vector<const Step*>> dependents_;
  std::unordered_set<const Step*> pending_;
  std::vector<std::vector<const Step*>> out_;
};

}  // namespace

std::vector<std::vector<const Step*>> schedule(std::span<const Step* const> steps) {
  return Scheduler(steps).run();
}

}  // namespace musicrep
