#include "graph/step_jobs.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "core/hash.h"

namespace musicrep {
namespace {

/// One job names its steps in one argument of a command, which Linux takes up to 128 KiB of: two of
/// these together stay below that, at 65 characters a step.
constexpr std::size_t kMostSteps = 800;

/// How many steps that are to do must be run one after the other before each step, by rising level.
std::map<std::size_t, std::vector<const PlannedStep*>> by_level(
    std::span<const PlannedStep> steps) {
  std::unordered_map<std::string_view, const PlannedStep*> of;
  for (const PlannedStep& step : steps) {
    if (step.to_do) of[step.key] = &step;
  }
  std::unordered_map<const PlannedStep*, std::size_t> levels;
  const std::function<std::size_t(const PlannedStep&)> level = [&](const PlannedStep& step) {
    if (const auto known = levels.find(&step); known != levels.end()) return known->second;
    std::size_t out = 0;
    for (const std::string& key : step.needs) {
      if (const auto at = of.find(key); at != of.end()) {
        out = std::max(out, level(*at->second) + 1);
      }
    }
    return levels[&step] = out;
  };
  std::map<std::size_t, std::vector<const PlannedStep*>> out;
  for (const PlannedStep& step : steps) {
    if (step.to_do) out[level(step)].push_back(&step);
  }
  return out;
}

class Grouping {
 public:
  explicit Grouping(double least_s) : least_s_(least_s) {}

  // A job of several levels makes no circle as long as no other job has a step strictly between its
  // first and its last: short steps that are left over go on to the next level only then.
  void add_level(const std::vector<const PlannedStep*>& steps) {
    const std::size_t first = jobs_.size();
    for (const PlannedStep* step : steps) {
      const bool alone = least_s_ == 0 || !step->cost || step->cost->cpu_s >= least_s_;
      if (alone || step->step->facts().on_gpu) {
        jobs_.push_back(job_of({step}));
        continue;
      }
      open_.push_back(step);
      open_s_ += step->cost->cpu_s;
      if (open_s_ >= least_s_ || open_.size() >= kMostSteps) close();
    }
    if (open_.empty()) {
      open_levels_ = 0;
      return;
    }
    const bool others = jobs_.size() > first;
    if (open_levels_ > 0 && others) {
      // Something else of this level may be between it and the next: it ends here, with the
      // shortest of this level.
      const auto shortest =
          std::min_element(jobs_.begin() + static_cast<std::ptrdiff_t>(first), jobs_.end(),
                           [](const StepJob& a, const StepJob& b) { return a.wall_s < b.wall_s; });
      append(*shortest);
      open_levels_ = 0;
      return;
    }
    ++open_levels_;
  }

  std::vector<StepJob> jobs(std::span<const PlannedStep> steps) {
    if (!open_.empty()) close();
    std::unordered_map<std::string_view, const StepJob*> of;
    for (StepJob& job : jobs_) {
      Sha256 name;
      for (const std::string& key : job.steps) name.update_text(key);
      job.name = name.hex().substr(0, 16);
      for (const std::string& key : job.steps) of[key] = &job;
    }
    std::unordered_map<std::string_view, std::set<std::string>> needs;
    for (const PlannedStep& step : steps) {
      const auto mine = of.find(step.key);
      if (mine == of.end()) continue;
      for (const std::string& key : step.needs) {
        const auto other = of.find(key);
        if (other == of.end() || other->second == mine->second) continue;
        needs[mine->second->name].insert(other->second->name);
      }
    }
    for (StepJob& job : jobs_) job.needs.assign(needs[job.name].begin(), needs[job.name].end());
    return std::move(jobs_);
  }

 private:
  [[nodiscard]] StepJob job_of(const std::vector<const PlannedStep*>& steps) const {
    StepJob out;
    for (const PlannedStep* step : steps) {
      out.steps.push_back(step->key);
      out.on_gpu = out.on_gpu || step->step->facts().on_gpu;
      if (!step->cost) continue;
      out.wall_s += step->cost->cpu_s;  // one thread
      out.peak_mib = std::max(out.peak_mib, step->cost->peak_mib);
    }
    return out;
  }

  void close() {
    jobs_.push_back(job_of(open_));
    open_.clear();
    open_s_ = 0;
    open_levels_ = 0;
  }

  // What is open comes first: a step of the same level takes nothing of it, one of a later may.
  void append(StepJob& to) {
    StepJob both = job_of(open_);
    both.steps.insert(both.steps.end(), to.steps.begin(), to.steps.end());
    both.wall_s += to.wall_s;
    both.peak_mib = std::max(both.peak_mib, to.peak_mib);
    both.on_gpu = to.on_gpu;
    to = std::move(both);
    open_.clear();
    open_s_ = 0;
  }

  double least_s_;
  std::vector<StepJob> jobs_;
  std::vector<const PlannedStep*> open_;  // short steps on the way to a job
  double open_s_ = 0;                     // what they take
  std::size_t open_levels_ = 0;           // that they span besides the present one
};

}  // namespace

std::vector<StepJob> group_steps(std::span<const PlannedStep> steps, double least_s) {
  Grouping grouping(least_s);
  for (const auto& [level, of_level] : by_level(steps)) grouping.add_level(of_level);
  return grouping.jobs(steps);
}

}  // namespace musicrep
