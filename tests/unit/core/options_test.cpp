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
  const std::vector<OptionSpec> specs = {{"files", Texts{}, "features to read", true}};
  CHECK(message_of<ConfigError>([&] { complete_options("x", specs, {}); }) ==
        "x: option 'files' is missing: features to read");
  CHECK_NOTHROW(complete_options("x", specs, {{"files", Texts{}}}));
}

TEST_CASE("all problems of options are told at once") {
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
