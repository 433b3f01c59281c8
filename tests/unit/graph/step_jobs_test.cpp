#include "graph/step_jobs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "toy_step.h"

namespace musicrep {
namespace {

ToyGraph graph;

PlannedStep step(const std::string& key, std::vector<std::string> needs, double seconds) {
  PlannedStep out{.step = &graph.add(key),
                  .key = key,
                  .needs = std::move(needs),
                  .state = "to do",
                  .to_do = true};
  if (seconds > 0) {
    out.cost = StepCost{};
    out.cost->cpu_s = seconds;
    out.cost->peak_mib = 10 * seconds;
  }
  return out;
}

// Every step once, after all that it needs, and no circle among jobs.
void check_order(const std::vector<PlannedStep>& steps, const std::vector<StepJob>& jobs) {
  std::map<std::string, const PlannedStep*> of;
  for (const PlannedStep& each : steps) of[each.key] = &each;
  std::set<std::string> ended;
  std::set<std::string> ended_jobs;
  std::vector<const StepJob*> open;
  for (const StepJob& job : jobs) open.push_back(&job);
  while (!open.empty()) {
    const auto ready = std::ranges::find_if(open, [&](const StepJob* job) {
      return std::ranges::all_of(
          job->needs, [&](const std::string& name) { return ended_jobs.contains(name); });
    });
    REQUIRE(ready != open.end());
    for (const std::string& key : (*ready)->steps) {
      for (const std::string& need : of.at(key)->needs) {
        if (of.at(need)->to_do) CHECK(ended.contains(need));
      }
      CHECK(ended.insert(key).second);
    }
    ended_jobs.insert((*ready)->name);
    open.erase(ready);
  }
  const auto to_do = std::ranges::count_if(steps, [](const auto& each) { return each.to_do; });
  CHECK(ended.size() == static_cast<std::size_t>(to_do));
}

}  // namespace

TEST_CASE("short steps of a level share a job, long ones and unknown ones have their own") {
  std::vector<PlannedStep> steps = {step("a", {}, 30), step("b", {}, 31), step("c", {}, 200),
                                    step("d", {}, 0), step("e", {"a", "c"}, 61)};
  const std::vector<StepJob> jobs = group_steps(steps, 60);
  REQUIRE(jobs.size() == 4);
  CHECK(jobs[0].steps == std::vector<std::string>{"a", "b"});
  CHECK(jobs[0].wall_s == 61);
  CHECK(jobs[0].peak_mib == 310);
  CHECK(jobs[3].needs.size() == 2);
  check_order(steps, jobs);
  CHECK(group_steps(steps, 0).size() == 5);
}

TEST_CASE("what is left over of a level goes on with the next") {
  const std::vector<PlannedStep> steps = {step("a", {}, 10), step("b", {}, 100),
                                          step("c", {"a", "b"}, 10), step("d", {"c"}, 70)};
  const std::vector<StepJob> jobs = group_steps(steps, 60);
  check_order(steps, jobs);
  for (const StepJob& job : jobs) CHECK(job.wall_s >= 60);
}

TEST_CASE("no job has more steps than a command line takes") {
  std::vector<PlannedStep> steps;
  for (int i = 0; i < 5000; ++i) steps.push_back(step("s" + std::to_string(i), {}, 0.01));
  steps.push_back(step("last", {"s0"}, 0.01));
  const std::vector<StepJob> jobs = group_steps(steps, 600);
  for (const StepJob& job : jobs) CHECK(job.steps.size() <= 1600);
  check_order(steps, jobs);
}

TEST_CASE("steps that are stored are in no job") {
  std::vector<PlannedStep> steps = {step("a", {}, 10), step("b", {"a"}, 100)};
  steps[0].to_do = false;
  const std::vector<StepJob> jobs = group_steps(steps, 60);
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].needs.empty());
}

TEST_CASE("jobs of any graph hold each step once, none too short, without a circle") {
  std::mt19937 random(7);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<PlannedStep> steps;
    const std::size_t n = 1 + random() % 40;
    for (std::size_t k = 0; k < n; ++k) {
      std::vector<std::string> needs;
      for (std::size_t other = 0; other < k; ++other) {
        if (random() % 6 == 0) needs.push_back(std::to_string(other));
      }
      steps.push_back(step(std::to_string(k), needs, static_cast<double>(random() % 90)));
      steps.back().to_do = random() % 5 != 0;
    }
    const std::vector<StepJob> jobs = group_steps(steps, 60);
    check_order(steps, jobs);
    if (jobs.size() < 2) continue;
    const auto is_known = [&](const StepJob& job) {
      return std::ranges::all_of(steps, [&](const PlannedStep& each) {
        return each.cost || std::ranges::find(job.steps, each.key) == job.steps.end();
      });
    };
    const auto too_short = std::ranges::count_if(
        jobs, [&](const StepJob& job) { return job.wall_s < 60 && is_known(job); });
    CHECK(too_short <= 1);  // what the last level leaves over
  }
}

}  // namespace musicrep
