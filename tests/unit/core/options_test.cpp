#include "core/options.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <vector>

#include "musicrep/error.h"
#include "test_files.h"

using Texts = std::vector<std::string>;

namespace musicrep {
namespace {

const std::vector<OptionSpec> kSpecs = {
    {"bands", std::int64_t{40}, "mel bands, 1 to 512"},
    {"low_hz", 20.0, "lowest frequency [Hz]"},
    {"log", true, "take the logarithm"},
    {"pool", std::string("mean"), "mean or max"},
    {"files", Texts{}, "features to read"},
};

Options complete(const Options& options) {
  return complete_options("encoder 'x':", kSpecs, options);
}

std::string complaint(const Options& options) {
  return message_of<ConfigError>([&] { complete_options("encoder 'x'", kSpecs, options); });
}

}  // namespace

TEST_CASE("options left out get their defaults") {
  const Options options = complete({{"bands", std::int64_t{13}}});
  CHECK(options.size() == kSpecs.size());
  CHECK(option<std::int64_t>(options, "bands") == 13);
  CHECK(option<double>(options, "low_hz") == 20);
  CHECK(option<bool>(options, "log"));
  CHECK(option<std::string>(options, "pool") == "mean");
  CHECK(option<Texts>(options, "files").empty());
  CHECK(complete(options) == options);
  CHECK(complete_options("x", {}, {}).empty());
}

TEST_CASE("a whole number stands for a number, a text for a list of one") {
  const Options options = complete({{"low_hz", std::int64_t{8}}, {"files", std::string("a.npy")}});
  CHECK(option<double>(options, "low_hz") == 8);
  CHECK(option<Texts>(options, "files") == Texts{"a.npy"});
}

TEST_CASE("a wrong type says what was found and what was expected") {
  CHECK(complaint({{"bands", 40.0}}) ==
        "encoder 'x': option 'bands' is a number, expected a whole number");
  CHECK(complaint({{"low_hz", std::string("20")}}) ==
        "encoder 'x': option 'low_hz' is a text, expected a number");
  CHECK(complaint({{"log", std::int64_t{1}}}) ==
        "encoder 'x': option 'log' is a whole number, expected true or false");
  CHECK(complaint({{"pool", Texts{"mean"}}}) ==
        "encoder 'x': option 'pool' is a list of texts, expected a text");
  CHECK(complaint({{"files", true}}) ==
        "encoder 'x': option 'files' is true or false, expected a list of texts");
}

TEST_CASE("an unknown option gets the nearest one") {
  CHECK(complaint({{"band", std::int64_t{13}}}) ==
        "encoder 'x': unknown option 'band'. Did you mean 'bands'? Known: bands, low_hz, log, "
        "pool, files.");
  CHECK(message_of<ConfigError>([] {
          complete_options("x", {}, {{"a", true}});
        }) == "x: unknown option 'a'. There are none.");
}

TEST_CASE("a required option must be given") {
  const std::vector<OptionSpec> specs = {{.name = "files",
                                          .default_value = Texts{},
                                          .description = "features to read",
                                          .required = true}};
  CHECK(message_of<ConfigError>([&] { complete_options("x", specs, {}); }) ==
        "x: option 'files' is missing: features to read");
  CHECK_NOTHROW(complete_options("x", specs, {{"files", Texts{}}}));
}

TEST_CASE("numbers out of their range and texts that are no choice are refused, in one wording") {
  const std::vector<OptionSpec> specs = {
      {.name = "steps",
       .default_value = std::int64_t{10},
       .description = "",
       .range = NumberRange::at_least(1)},
      {.name = "rate",
       .default_value = 0.1,
       .description = "",
       .range = NumberRange{.least = 0, .greatest = 1, .without_least = true}},
      {.name = "share",
       .default_value = 0.0,
       .description = "",
       .range = NumberRange{.least = 0, .greatest = 1, .without_greatest = true}},
      {.name = "level",
       .default_value = -1.0,  // what says "none" may stand out of the range
       .description = "",
       .range = NumberRange::between(1000, 768000)},
      {.name = "scale",
       .default_value = std::string(),
       .description = "",
       .one_of = {"linear", "mel"}},
      {.name = "parts", .default_value = Texts{}, .description = "", .one_of = {"a", "b"}}};
  const auto problem = [&](const Options& options) {
    return message_of<ConfigError>([&] { complete_options("x", specs, options); });
  };
  CHECK(problem({{"steps", std::int64_t{0}}}) == "x: option 'steps': found 0, expected at least 1");
  CHECK(problem({{"rate", 0.0}}) ==
        "x: option 'rate': found 0, expected more than 0 and at most 1");
  CHECK(problem({{"share", std::int64_t{1}}}) ==
        "x: option 'share': found 1, expected at least 0 and less than 1");
  CHECK(problem({{"share", std::numeric_limits<double>::quiet_NaN()}}) ==
        "x: option 'share': found nan, expected at least 0 and less than 1");
  CHECK(problem({{"level", 768000.5}}) ==
        "x: option 'level': found 768000.5, expected 1000 to 768000");
  CHECK(problem({{"scale", std::string("linaer")}}) ==
        "x: option 'scale': unknown value 'linaer'. Did you mean 'linear'? Known: linear, mel.");
  CHECK_THAT(problem({{"parts", Texts{"a", "c"}}}),
             Catch::Contains("option 'parts': unknown value 'c'"));
  CHECK_NOTHROW(complete_options("x", specs,
                                 {{"steps", std::int64_t{1}},
                                  {"rate", 1.0},
                                  {"share", 0.0},
                                  {"level", -1.0},
                                  {"scale", std::string("mel")},
                                  {"parts", Texts{"b", "a"}}}));
  CHECK_FALSE(NumberRange::at_least(0).contains(std::numeric_limits<double>::infinity()));
  CHECK(NumberRange::above(0).contains(1e-300));
}

TEST_CASE("all problems of options are reported at once") {
  CHECK(complaint({{"bands", true}, {"low_hz", Texts{}}, {"pol", std::string("max")}}) ==
        "encoder 'x':\n"
        "  - option 'bands' is true or false, expected a whole number\n"
        "  - option 'low_hz' is a list of texts, expected a number\n"
        "  - unknown option 'pol'. Did you mean 'pool'? Known: bands, low_hz, log, pool, files.");
}

TEST_CASE("a value is written as in a TOML file") {
  CHECK(to_text(true) == "true");
  CHECK(to_text(false) == "false");
  CHECK(to_text(std::int64_t{-8}) == "-8");
  CHECK(to_text(8.0) == "8.0");
  CHECK(to_text(-0.5) == "-0.5");
  CHECK(to_text(1e15) == "1000000000000000.0");
  CHECK(to_text(1e30) == "1e+30");
  CHECK(to_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(to_text(std::string("mean")) == "\"mean\"");
  CHECK(to_text(std::string("a\"b\\c\n")) == R"("a\"b\\c\n")");
  CHECK(to_text(Texts{}) == "[]");
  CHECK(to_text(Texts{"a", "b\"c"}) == R"(["a", "b\"c"])");
}

}  // namespace musicrep
