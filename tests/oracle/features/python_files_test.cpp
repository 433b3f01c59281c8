// Feature files that NumPy, h5py and Python's csv wrote (make_fixtures.py), read by the encoder;
// the values are those of the script.
#include <catch2/catch.hpp>

#include "core/options.h"
#include "features/features.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Features;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::Options;
using musicrep::Signal;
using Texts = std::vector<std::string>;

namespace {

std::string fixture(const std::string& name) {
  return std::string(MUSICREP_TEST_DIR) + "/oracle/features/" + name;
}

const Texts kIds = {"Bj\xC3\xB6rk", "one.two", "\xE9\x9F\xB3"};

std::vector<Matrix> encode(const std::string& file, Options options) {
  options["files"] = Texts{file};
  options["id_from"] = std::string("stem");
  musicrep::EncoderArgs args;
  args.options = musicrep::complete_options("features", Features::static_info().options, options);
  Features encoder(args);
  encoder.check_items(kIds);
  std::vector<Signal> signals;
  for (const std::string& id : kIds) signals.push_back({id, {}, 0, 0});
  return encoder.encode(signals);
}

Matrix frames(std::size_t first, std::size_t n) {
  Matrix out(n, 3);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      out.at(r, c) = static_cast<double>(first + r) + static_cast<double>(c) / 4;
    }
  }
  return out;
}

std::string refusal(const std::string& file) {
  return message_of<DataError>([&] { encode(file, {}); });
}

}  // namespace

TEST_CASE("Python's files: every format gives the same frames") {
  const std::vector<Matrix> expected = {frames(0, 2), frames(2, 1), frames(3, 3)};
  const Options other_names = {{"array", std::string("values")},
                               {"id_array", std::string("names")}};
  CHECK(encode(fixture("frames.npy"), {{"ids", fixture("ids.npy")}}) == expected);
  CHECK(encode(fixture("frames.npy"), {{"ids", fixture("ids.txt")}}) == expected);
  CHECK(encode(fixture("stored.npz"), {}) == expected);
  CHECK(encode(fixture("deflated.npz"), other_names) == expected);
  CHECK(encode(fixture("frames.csv"), {}) == expected);
  CHECK(encode(fixture("variable.h5"), {}) == expected);
  CHECK(encode(fixture("fixed.hdf5"), {{"array", std::string("group/values")},
                                       {"id_array", std::string("names")}}) == expected);
}

TEST_CASE("Python's files: arrays of another name, type or rank") {
  CHECK_THAT(refusal(fixture("deflated.npz")),
             Contains("deflated.npz': unknown array 'X'.") && Contains("Known: values, names"));
  CHECK_THAT(refusal(fixture("fixed.hdf5")),
             Contains("fixed.hdf5': unknown array 'X'.") && Contains("Known: group, names"));
  CHECK_THAT(refusal(fixture("ids.npy")), Contains("ids.npy': found texts (type '<U13')"));
  CHECK_THAT(refusal(fixture("texts.h5")), Contains("texts.h5'"));
  CHECK_THAT(refusal(fixture("cube.h5")), Contains("cube.h5'"));
}

TEST_CASE("Python's files: cut off at every length, they are refused by name") {
  const musicrep::TempFolder folder;
  for (const char* name : {"frames.npy", "stored.npz", "variable.h5"}) {
    const std::string whole = musicrep::bytes_of(fixture(name));
    for (std::size_t n = 0; n < whole.size(); n += 37) {
      CAPTURE(name, n);
      const std::string cut = folder.write(name, std::string_view(whole).substr(0, n));
      REQUIRE_THAT(refusal(cut), Contains(name));
    }
  }
}
