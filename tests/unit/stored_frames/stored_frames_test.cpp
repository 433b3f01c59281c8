#include "stored_frames/stored_frames.h"

#include <catch2/catch.hpp>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::Signal;
using musicrep::StoredFrames;

TEST_CASE("stored_frames: the frames as they are") {
  StoredFrames encoder({});
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
}

TEST_CASE("stored_frames: another shape is refused with the item") {
  StoredFrames encoder({});
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
