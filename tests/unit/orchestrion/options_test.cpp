#include <catch2/catch.hpp>
#include <string>

#include "core/options.h"
#include "musicrep/error.h"
#include "orchestrion_testing.h"
#include "test_files.h"

namespace musicrep::orchestrion {
namespace {

using Catch::Contains;

TEST_CASE("all that is wrong with the options is reported at once") {
  OrchestrionOptions options;
  options.n_artists = 25;
  options.clip_s = -1;
  options.sample_rate_hz = 4000;
  options.channels = 3;
  options.bleed = 1.5;
  const std::string message =
      message_of<ConfigError>([&] { static_cast<void>(compose_orchestrion(options)); });
  CHECK_THAT(message, Contains("orchestrion corpus 'genres'"));
  CHECK_THAT(message, Contains("n_artists is 25, expected a multiple of 10"));
  CHECK_THAT(message, Contains("clip_s is -1, expected 0.5 to 600"));
  CHECK_THAT(message, Contains("sample_rate_hz is 4000"));
  CHECK_THAT(message, Contains("channels is 3, expected 1 or 2"));
  CHECK_THAT(message, Contains("bleed is 1.5, expected 0 to 1"));
}

TEST_CASE("clips must be spread evenly over artists, and albums have two tracks") {
  OrchestrionOptions options = tiny(Corpus::kGenres);
  options.n_clips = 25;
  CHECK_THAT(message_of<ConfigError>([&] { static_cast<void>(complete_options(options)); }),
             Contains("n_clips is 25, expected a multiple of 10"));
  options = tiny(Corpus::kAlbums);
  options.n_clips = 30;
  CHECK_THAT(message_of<ConfigError>([&] { static_cast<void>(complete_options(options)); }),
             Contains("n_clips is 30, expected a multiple of 20"));
}

TEST_CASE("an unknown corpus gets the nearest name") {
  CHECK_THAT(message_of<ConfigError>([] { static_cast<void>(corpus_by_name("genre")); }),
             Contains("genre") && Contains("Did you mean 'genres'"));
}

TEST_CASE("the kind's defaults are the options' defaults") {
  const DatasetKind kind = orchestrion_kind();
  const Options complete = musicrep::complete_options("kind", kind.options, {});
  CHECK(options_from(complete) == complete_options(OrchestrionOptions{}));
}

TEST_CASE("the kind loads a corpus, and refuses what it cannot mean") {
  const DatasetKind kind = orchestrion_kind();
  Options options = musicrep::complete_options("kind", kind.options,
                                               {{"corpus", std::string("moods")},
                                                {"n_artists", std::int64_t{10}},
                                                {"n_clips", std::int64_t{10}}});
  CHECK(kind.load(options).ids.size() == 10);
  options["seed"] = std::int64_t{-1};
  CHECK_THAT(message_of<ConfigError>([&] { static_cast<void>(kind.load(options)); }),
             Contains("seed is -1"));
}

}  // namespace
}  // namespace musicrep::orchestrion
