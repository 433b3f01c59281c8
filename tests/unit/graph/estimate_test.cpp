#include "graph/estimate.h"

#include <catch2/catch.hpp>

#include "test_files.h"
#include "toy_step.h"

namespace musicrep {
namespace {

StepCost cost(const std::string& step, const std::string& encoder, double cpu_s, std::int64_t n) {
  StepCost out;
  out.step = step;
  out.encoder = encoder;
  out.on = "d";
  out.cpu_s = out.wall_s = out.disk_mib = cpu_s;
  out.n = n;
  return out;
}

StepFacts facts(const std::string& encoder, int growth) {
  StepFacts out;
  out.subject = {"encode", encoder, "d", 0};
  out.growth = growth;
  return out;
}

}  // namespace

TEST_CASE("A cost grows with the size of the step, of several seeds the dearest") {
  const std::vector<StepCost> measured = {
      cost("encode", "mfcc", 10, 100), cost("encode", "mfcc", 20, 100),
      cost("encode", "tlm", 99, 100), cost("train", "mfcc", 99, 100)};
  CHECK(estimate(facts("mfcc", 1), 50, measured)->cpu_s == Approx(10));
  CHECK(estimate(facts("mfcc", 1), 50, measured)->disk_mib == Approx(10));
  CHECK(estimate(facts("mfcc", 2), 300, measured)->cpu_s == Approx(180));
  CHECK(estimate(facts("mfcc", 1), 0, measured)->cpu_s == Approx(20));  // of the same size
  StepFacts weights = facts("mfcc", 1);
  weights.output_grows = false;
  CHECK(estimate(weights, 50, measured)->disk_mib == Approx(20));
  CHECK_FALSE(estimate(facts("vggish", 1), 50, measured));
}

TEST_CASE("Plans have a cost for what is to do, and what is on one thread goes side by side") {
  const TempFolder folder;
  ToyGraph graph;
  graph.world.stored = {"a"};
  ToyStep& a = graph.add("a");
  ToyStep& b = graph.add("b", {&a});
  ToyStep& c = graph.add("c", {&a});
  ToyStep& unknown = graph.add("unknown", {&b, &c});
  for (ToyStep* step : {&a, &b, &c}) {
    step->change().subject = {"encode", "mfcc", "d", 0};
    step->change().size = 100;
  }
  for (ToyStep* step : {&b, &c}) step->change().on_one_thread = true;
  const auto steps = planned_steps(graph.steps, ArtefactStore(folder.path()),
                                   std::vector<StepCost>{cost("encode", "mfcc", 10, 100)});
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].state == "stored");
  CHECK_FALSE(steps[0].cost);
  CHECK(steps[1].needs == std::vector<std::string>{a.facts().key});
  CHECK(steps[3].step == &unknown);
  CHECK(steps[3].needs.size() == 2);
  const PlanCost all = cost_of(steps, 2);
  CHECK(all.n_to_do == 3);
  CHECK(all.n_unknown == 1);
  CHECK(all.cpu_s == Approx(20));
  CHECK(all.wall_s == Approx(10));
}

}  // namespace musicrep
