// `musicrep run` with MFCC and feature files alone: what mutants are linked into, without the
// networks.
//
//     gate_run EXPERIMENT OUT CACHE
#include <cstdio>
#include <exception>
#include <string>

#include "planner/prepare.h"
#include "planner/run.h"
#include "store/results.h"

void musicrep_register_mfcc(musicrep::EncoderRegistry& registry);
void musicrep_register_features(musicrep::EncoderRegistry& registry);

namespace {

class Silent final : public musicrep::Progress {
 public:
  void plan(std::size_t) override {}
  void begin(const std::string&) override {}
  void update(std::size_t, std::size_t) override {}
  void end(const std::string&) override {}
};

}  // namespace

int main(int argc, char** argv) {
  using namespace musicrep;  // NOLINT(google-build-using-namespace): the program's own
  if (argc != 4) return 2;
  try {
    EncoderRegistry registry;
    musicrep_register_mfcc(registry);
    musicrep_register_features(registry);
    PrepareOptions options;
    options.cache = argv[3];
    const Plan plan = prepare(argv[1], registry, options);
    Silent progress;
    const ArtefactStore store(options.cache);
    const Results results = run(plan, {store, registry}, progress);
    write_results(results, std::string(argv[2]) + "/results.h5");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gate_run: %s\n", error.what());
    return 1;
  }
  return 0;
}
