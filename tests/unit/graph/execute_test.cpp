#include "graph/execute.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/stop.h"
#include "graph/needed.h"
#include "musicrep/error.h"
#include "test_files.h"
#include "toy_step.h"

using Catch::Matchers::Contains;

namespace musicrep {
namespace {

using Names = std::vector<std::string>;

struct Run {
  TempFolder folder;
  ToyGraph graph;
  CountingProgress progress;
  EncoderRegistry encoders;
  ArtefactStore store{folder.path()};

  Outcomes execute(std::size_t jobs = 1, bool again = false) {
    return musicrep::execute(graph.steps, {store, encoders, jobs, again}, progress);
  }
  StepOutcome one(const Step& step) { return execute_one(step, {store, encoders}, progress); }
  [[nodiscard]] const Names& ran() const { return graph.world.ran; }
};

std::size_t place(const Names& names, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

}  // namespace

TEST_CASE("Every step is run once, after its inputs, and reported as often as was announced") {
  Run run;
  ToyStep& a = run.graph.add("a");
  ToyStep& b = run.graph.add("b", {&a});
  run.graph.add("d", {&a, &b});
  ToyStep& c = run.graph.add("c");
  b.change().after = {&c};
  run.execute();
  CHECK(run.ran().size() == 4);
  CHECK(place(run.ran(), "a") < place(run.ran(), "b"));
  CHECK(place(run.ran(), "c") < place(run.ran(), "b"));
  CHECK(place(run.ran(), "b") < place(run.ran(), "d"));
  CHECK(run.progress.planned == 4);
  CHECK(run.progress.begun == run.ran());
  CHECK(run.progress.ended == Names(4, "done"));
}

TEST_CASE("A step follows its input while that is in memory") {
  Run run;
  ToyStep& vectors_a = run.graph.add("vectors a");
  ToyStep& vectors_b = run.graph.add("vectors b");
  run.graph.add("score a", {&vectors_a});
  run.graph.add("score b", {&vectors_b});
  run.graph.add("score a again", {&vectors_a});
  run.execute();
  CHECK(run.ran() == Names{"vectors a", "score a", "score a again", "vectors b", "score b"});
}

TEST_CASE("Steps on one thread run side by side with all that are ready") {
  Run run;
  ToyStep& audio = run.graph.add("audio");
  ToyStep& train_a = run.graph.add("train a", {&audio});
  ToyStep& frames = run.graph.add("frames", {&train_a});
  ToyStep& train_b = run.graph.add("train b", {&frames});
  ToyStep& train_c = run.graph.add("train c", {&audio});
  for (ToyStep* step : {&train_a, &train_b, &train_c}) step->change().on_one_thread = true;
  std::vector<const Step*> steps;
  for (const auto& step : run.graph.steps) steps.push_back(step.get());
  const auto order = schedule(steps);
  REQUIRE(order.size() == 4);
  CHECK(order[0] == std::vector<const Step*>{&audio});
  CHECK(order[1] == std::vector<const Step*>{&train_a, &train_c});
  CHECK(order[2] == std::vector<const Step*>{&frames});
  CHECK(order[3] == std::vector<const Step*>{&train_b});
  run.execute(2);
  CHECK(run.ran().size() == 5);
  CHECK(run.progress.planned == 4);
  CHECK(run.progress.ended[1] == "2 side by side");
}

TEST_CASE("What is stored is not made again, nor what stands behind it alone") {
  Run run;
  ToyStep& weights = run.graph.add("weights");
  ToyStep& vectors = run.graph.add("vectors", {&weights});
  run.graph.add("score", {&vectors});
  run.graph.world.stored = {"vectors"};
  run.execute();
  CHECK(run.ran() == Names{"score"});
  CHECK(run.progress.begun == Names{"vectors", "score"});
  CHECK(run.progress.ended == Names{"done (stored)", "done"});
  SECTION("unless it has to be") {
    run.execute(1, true);
    CHECK(run.ran() == Names{"score", "weights", "vectors", "score"});
  }
  SECTION("what is silent when stored is not reported") {
    vectors.change().is_silent_when_stored = true;
    run.progress.begun.clear();
    run.execute();
    CHECK(run.progress.begun == Names{"score"});
  }
}

TEST_CASE("The states of steps") {
  Run run;
  ToyStep& weights = run.graph.add("weights");
  ToyStep& vectors = run.graph.add("vectors", {&weights});
  ToyStep& score = run.graph.add("score", {&vectors});
  ToyStep& refused = run.graph.add("refused");
  refused.change().refusal = "no such data";
  run.graph.world.stored = {"vectors"};
  const auto states = step_states(distinct_steps(run.graph.steps), run.store, false);
  CHECK(states.at(&weights) == StepState::kNotNeeded);
  CHECK(states.at(&vectors) == StepState::kStored);
  CHECK(states.at(&score) == StepState::kToDo);
  CHECK(states.at(&refused) == StepState::kRefused);
}

TEST_CASE("One piece of work under two names is done once, and both have its outcome") {
  Run run;
  ToyStep& first = run.graph.add("work");
  ToyStep& second = run.graph.add("work");
  const Outcomes outcomes = run.execute();
  CHECK(run.ran() == Names{"work"});
  CHECK(outcomes.of(first) == outcomes.of(second));
  REQUIRE(outcomes.of(second) != nullptr);
  CHECK(outcomes.of(second)->key == first.facts().key);
}

TEST_CASE("A refusal takes those with it that have the step as an input, and no others") {
  Run run;
  ToyStep& bad = run.graph.add("bad");
  bad.work = [] { throw ForeignFailure("it crashed"); };
  ToyStep& on_it = run.graph.add("on it", {&bad});
  ToyStep& on_that = run.graph.add("on that", {&on_it});
  ToyStep& after = run.graph.add("after");
  after.change().after = {&bad};
  ToyStep& planned = run.graph.add("planned");
  planned.change().refusal = "no such protocol";
  const Outcomes outcomes = run.execute();
  CHECK(run.ran() == Names{"after"});
  CHECK(outcomes.refusal(bad) == "it crashed");
  CHECK(outcomes.refusal(on_that) == "it crashed");
  CHECK(outcomes.refusal(after).empty());
  CHECK(outcomes.refusal(planned) == "no such protocol");
  CHECK(std::ranges::count(run.progress.ended, "not run: it crashed") == 3);
}

TEST_CASE("Bad data is a row's matter where the step says so, and ends the run where it does not") {
  Run run;
  ToyStep& step = run.graph.add("step");
  step.work = [] { throw DataError("one class only"); };
  CHECK_THROWS_AS(run.execute(), DataError);
  step.change().refuses_bad_data = true;
  CHECK(run.execute().refusal(step) == "one class only");
}

TEST_CASE("One step alone names the inputs that are not there") {
  Run run;
  ToyStep& a = run.graph.add("a");
  ToyStep& b = run.graph.add("b", {&a});
  try {
    run.one(b);
    FAIL("b was run without a");
  } catch (const DataError& error) {
    CHECK_THAT(error.what(), Contains("needs steps that have not been run") && Contains("toy a") &&
                                 Contains(a.facts().key));
  }
  CHECK_FALSE(run.one(a).was_stored);
  CHECK(run.one(a).was_stored);
  CHECK(run.one(b).text == "done");
  CHECK(run.ran() == Names{"a", "b"});
}

TEST_CASE("A step that was tried holds up nobody, and what takes its output is not run") {
  Run run;
  ToyStep& bad = run.graph.add("bad");
  bad.work = [] { throw ForeignFailure("it crashed"); };
  ToyStep& on_it = run.graph.add("on it", {&bad});
  ToyStep& after = run.graph.add("after");
  after.change().after = {&bad};
  CHECK_THROWS_AS(run.one(after), DataError);
  CHECK(run.one(bad).refusal == "it crashed");
  CHECK(run.one(on_it).refusal == "toy bad was not run");
  CHECK(run.one(after).refusal.empty());
  // Nor does one that keeps its output elsewhere.
  ToyStep& moved = run.graph.add("moved");
  moved.leaves_output = false;
  ToyStep& last = run.graph.add("last");
  last.change().after = {&moved};
  CHECK(run.one(moved).refusal.empty());
  CHECK(run.one(last).refusal.empty());
}

TEST_CASE("Every distinct need counts once") {
  Run run;
  ToyStep& a = run.graph.add("a");
  ToyStep& b = run.graph.add("b", {&a, &a});
  b.change().after = {&a};
  CHECK(needs_of(b).size() == 1);
}

}  // namespace musicrep
