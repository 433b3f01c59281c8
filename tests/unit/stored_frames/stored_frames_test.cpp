#include "stored_frames/stored_frames.h"

#include <catch2/catch.hpp>

#include "core/options.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::EncoderArgs;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::Signal;
using musicrep::StoredFrames;

namespace {

EncoderArgs args_with(const musicrep::Options& options) {
  EncoderArgs args;
  args.options =
      musicrep::complete_options("stored_frames", StoredFrames::static_info().options, options);
  return args;
}

}  // namespace

TEST_CASE("stored_frames: the frames as they are") {
  StoredFrames encoder(args_with({}));
  std::vector<float> values(256);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.1F * static_cast<float>(i);
  const std::vector<Signal> signals = {{"a", values, 2, 128},
                                       {"b", std::span(values).first(128), 1, 128}};
  const std::vector<Matrix> out = encoder.encode(signals);
  REQUIRE(out.size() == 2);
  CHECK(out[0].rows() == 2);
  CHECK(out[0].cols() == 128);
  CHECK(out[0].at(1, 3) == static_cast<double>(values[131]));
  CHECK(out[1].rows() == 1);
  const auto trace = encoder.trace(signals[0]);
  REQUIRE(trace.size() == 1);
  CHECK(trace[0].name == musicrep::kInputLayer);
  CHECK(trace[0].states == out[0]);
  CHECK(trace[0].attention.empty());
}

TEST_CASE("stored_frames: as the 8 bit numbers that they were") {
  std::vector<float> values;
  for (int q = 0; q < 256; ++q) values.push_back(static_cast<float>(q * 4.0 / 255 - 2));
  StoredFrames encoder(args_with({{"scale", std::string("bytes")}}));
  const Signal signal{"a", values, 2, 128};
  const Matrix out = encoder.encode({&signal, 1}).front();
  for (std::size_t q = 0; q < 256; ++q) CHECK(out.values()[q] == static_cast<double>(q));
  values[5] = 7;
  CHECK(encoder.encode({&signal, 1}).front().values()[5] == 255);
  CHECK_THAT(message_of<ConfigError>([] {
               StoredFrames other(args_with({{"scale", std::string("raw")}}));
             }),
             Contains("option 'scale': unknown value 'raw'"));
}

TEST_CASE("stored_frames: another shape is refused with the item") {
  StoredFrames encoder(args_with({}));
  const std::vector<float> values(256);
  const auto message = [&](std::size_t rows, std::size_t cols) {
    const Signal signal{"clip7", values, rows, cols};
    return message_of<DataError>([&] { encoder.encode({&signal, 1}); });
  };
  CHECK_THAT(message(4, 64), Contains("item 'clip7': found frames of shape [4, 64], expected [1 or "
                                      "more, 128]"));
  CHECK_THAT(message(0, 128), Contains("[0, 128]"));
  CHECK_THAT(message(3, 128), Contains("[3, 128]"));
}
