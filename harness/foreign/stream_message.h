// The messages of the stream protocol, which any program can speak: a line of JSON, then raw bytes.
// encoders/README.md documents it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foreign/packing.h"
#include "musicrep/encoder.h"

namespace musicrep {

inline constexpr int kStreamProtocolVersion = 1;
/// Longer lines are refused unread.
inline constexpr std::size_t kLongestLine = 1 << 24;

/// What a program says of itself in its first line; what it leaves out is 0 or empty.
struct StreamHello {
  double sample_rate_hz = 0;
  int channels = 0;
  std::string about;  ///< interpreter and packages, for the notes of a row
};

/// What a program returned for one signal, as it is.
struct ProgramArray {
  std::vector<std::size_t> shape;  ///< [dim], [T, dim] or [L, T, dim]
  std::vector<double> values;      ///< row-major
};

/// What the line of an answer says; the values follow it.
struct StreamAnswer {
  std::vector<std::vector<std::size_t>> shapes;
  std::vector<std::string> layers;  ///< names; empty: none are given
  std::size_t value_bytes = 4;      ///< of one value: float32 or float64
  std::uint64_t bytes = 0;          ///< of all values
  std::string error;                ///< why there are none; empty: there are
  std::string item;                 ///< that the error is of; empty: not known
  std::string trace;                ///< for the log
};

/// The line that asks for vectors, with its end; the signals' values follow it.
std::string stream_request(std::span<const Signal> signals, InputKind input);

/// Reads the first line. Throws ProtocolError.
StreamHello parse_stream_hello(std::string_view line);

/// Reads the line of an answer to `n_signals` signals. Throws ProtocolError, also where the shapes
/// do not add up to its bytes.
StreamAnswer parse_stream_answer(std::string_view line, std::size_t n_signals);

/// The arrays that `bytes` hold. There are answer.bytes of them.
std::vector<ProgramArray> stream_arrays(const StreamAnswer& answer, std::string_view bytes);

}  // namespace musicrep
