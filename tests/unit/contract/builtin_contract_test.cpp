// Every encoder that is built in conforms, those that can be trained after a few steps.
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <set>

#include "contract_testing.h"
#include "core/random.h"
#include "musicrep/registry.h"
#include "test_files.h"

namespace musicrep {
namespace {

// Their vectors are made by what a user hands over; tests of their own try them.
const std::set<std::string> kTriedElsewhere = {"command", "hear", "python", "torchscript"};

/// Two kinds of clips, what any encoder may be trained on: 24 of 3 s, or of 12 frames.
TrainingCorpus corpus_for(const EncoderInfo& info) {
  TrainingCorpus corpus;
  corpus.name = "made";
  corpus.about = "made by a test";
  corpus.sha256 = "0123";
  corpus.tags = {{"/low", "Low", "genre", {}}, {"/high", "High", "mood", {}}};
  for (std::size_t i = 0; i < 24; ++i) {
    const bool valid = i % 4 == 3;
    corpus.ids.push_back("clip " + std::to_string(i));
    corpus.splits.emplace_back(valid ? "valid" : "train");
    corpus.groups.push_back((valid ? "v" : "t") + std::to_string(i % 3));
    for (std::size_t t = 0; t < 2; ++t) {
      corpus.tags[t].present.push_back(static_cast<std::uint8_t>(i % 2 == t ? 1 : 0));
    }
    for (const char* number : {"tempo_bpm", "valence", "arousal"}) {
      corpus.numbers[number].push_back(static_cast<double>(i * i % 7));
    }
    corpus.texts.emplace_back(i % 2 == 0 ? "a low note" : "a high note");
  }
  corpus.load = [info](std::size_t i) -> LoadedSignal {
    Random random(i);
    LoadedSignal out{{}, 12, 128};
    if (info.input == InputKind::kPcm) {
      out.rows = static_cast<std::size_t>(info.channels);
      out.cols = static_cast<std::size_t>(3 * info.sample_rate_hz);
    }
    for (std::size_t k = 0; k < out.rows * out.cols; ++k) {
      const double tone = std::sin(static_cast<double>(k) * (i % 2 == 0 ? 0.05 : 0.5));
      out.values.push_back(static_cast<float>(0.3 * tone + 0.1 * random.normal()));
    }
    return out;
  };
  return corpus;
}

/// Weights of a training as short as can be.
Options trained(const std::string& name, const EncoderRegistry& registry,
                const TempFolder& folder) {
  FitArgs args;
  args.seed = 1;
  Options small = {{"steps", std::int64_t{2}},
                   {"batch_size", std::int64_t{4}},
                   {"validate_every", std::int64_t{0}}};
  if (name == "musicbert") {
    small["width"] = std::int64_t{16};
    small["heads"] = std::int64_t{2};
  }
  args.options = registry.complete_options(name, small);
  args.weights_path = (folder.path() / (name + ".h5")).string();
  args.checkpoint_path = (folder.path() / (name + ".checkpoint")).string();
  registry.abilities(name).fit(corpus_for(registry.info(name)), args);
  small["weights"] = args.weights_path;
  return small;
}

TEST_CASE("every encoder that is built in conforms") {
  EncoderRegistry registry;
  register_builtin_encoders(registry);
  const TempFolder folder;
  std::size_t n_tried = 0;
  for (const std::string& name : registry.names()) {
    CAPTURE(name);
    if (kTriedElsewhere.contains(name)) continue;
    EncoderArgs args;
    ContractOptions options;
    if (name == "features") {
      args.options["files"] =
          std::vector<std::string>{folder.write("x.csv", "id,a,b\ni,1,2\nj,3,4\nk,5,6\n")};
      options.ids = {"i", "j", "k"};
    } else if (registry.abilities(name).fit) {
      args.options = trained(name, registry, folder);
    }
    const std::unique_ptr<Encoder> encoder = registry.create(name, args);
    encoder->check_items(options.ids);
    const ContractReport report = check_contract(*encoder, registry.info(name), options);
    CHECK(lines_with(report, ContractVerdict::kBroken) == std::vector<std::string>{});
    CHECK(lines_with(report, ContractVerdict::kDeclared) == std::vector<std::string>{});
    // Nothing holds for want of being tried.
    CHECK(lines_with(report, ContractVerdict::kHolds).size() >=
          (registry.info(name).input == InputKind::kItemId ? 10 : 14));
    ++n_tried;
  }
  CHECK(n_tried >= 3);
}

}  // namespace
}  // namespace musicrep
