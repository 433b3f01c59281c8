// What the program and the child that runs foreign code say to each other.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "foreign/packing.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// The first message of an encoder's life: which one. A child has one encoder.
struct MakerName {
  std::string plugin;  ///< path of a shared object; empty: an encoder that is built in
  std::string sha256;  ///< of the shared object's bytes, which must not have changed since
  std::string name;    ///< of the encoder; empty: of a shared object, the one that it holds
};

/// What encoders say of themselves once they are constructed, and again after check_items().
struct EncoderFacts {
  std::uint64_t batch_size = 1;
  std::uint64_t dependent_batch_size = 1;
  std::vector<VectorView> views;
  std::vector<std::string> notes;
  std::string content_sha256;
  std::string reason_without_texts;
};

/// A signal that holds its own values, sent as a Signal is.
struct SentSignal {
  std::string id;
  std::vector<float> values;
  std::uint64_t rows = 0;
  std::uint64_t cols = 0;
};

/// Why a request was refused.
struct Refusal {
  bool usage = false;  ///< a ConfigError: the options are wrong
  std::string reason;
};

enum class Request : std::uint32_t {
  kHello = 1,    ///< nothing: nothing, once the child is up
  kDescribe,     ///< MakerName, whether there are options, Options: EncoderInfo,
                 ///< and whether options decide it
  kCreate,       ///< MakerName, EncoderArgs: EncoderFacts
  kCheckItems,   ///< ids: EncoderFacts
  kEncode,       ///< SentSignals: Matrices
  kEncodeTexts,  ///< texts: TextVectors
};

enum class Answer : std::uint32_t {
  kDone = 101,
  kRefused,  ///< Refusal
};

template <typename T, typename Plain>
concept Is = std::same_as<std::remove_const_t<T>, Plain>;

template <typename Io>
void visit_parts(Io& io, Is<MakerName> auto& object) {
  MUSICREP_EACH_FIELD(io, object, plugin, sha256, name);
}

template <typename Io>
void visit_parts(Io& io, Is<NumberRange> auto& object) {
  MUSICREP_EACH_FIELD(io, object, least, greatest, without_least, without_greatest);
}

template <typename Io>
void visit_parts(Io& io, Is<OptionSpec> auto& object) {
  MUSICREP_EACH_FIELD(io, object, name, default_value, description, required, is_path, trains,
                      practical, came_later, range, one_of);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderInfo> auto& object) {
  MUSICREP_EACH_FIELD(io, object, name, version, description, citation, licence, input,
                      sample_rate_hz, channels, window_s, hop_s, dim, trained_on, options,
                      resampler, max_duration_s, foreign, in_child, code_sha256, bibtex,
                      fetch_help);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderArgs> auto& object) {
  MUSICREP_EACH_FIELD(io, object, seed, options, frame_space, folder);
}

template <typename Io>
void visit_parts(Io& io, Is<VectorView> auto& object) {
  MUSICREP_EACH_FIELD(io, object, name, columns);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderFacts> auto& object) {
  MUSICREP_EACH_FIELD(io, object, batch_size, dependent_batch_size, views, notes, content_sha256,
                      reason_without_texts);
}

template <typename Io>
void visit_parts(Io& io, Is<Signal> auto& object) {
  MUSICREP_EACH_FIELD(io, object, id, values, rows, cols);
}

template <typename Io>
void visit_parts(Io& io, Is<SentSignal> auto& object) {
  MUSICREP_EACH_FIELD(io, object, id, values, rows, cols);
}

template <typename Io>
void visit_parts(Io& io, Is<TextVector> auto& object) {
  MUSICREP_EACH_FIELD(io, object, values, problem, unknown, cut);
}

template <typename Io>
void visit_parts(Io& io, Is<Refusal> auto& object) {
  MUSICREP_EACH_FIELD(io, object, usage, reason);
}

/// The values one after another.
template <typename... T>
std::string pack(const T&... values) {
  Packer packer;
  (packer(values), ...);
  return packer.take();
}

/// The one value that `bytes` hold. Throws ProtocolError.
template <typename T>
T unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  T value = unpacker.next<T>();
  unpacker.finish();
  return value;
}

/// As pack() of SentSignals, without a copy of each signal's values.
std::string pack_signals(std::span<const Signal> signals);

/// `text` as UTF-8 whatever it is, and no longer than `most` bytes.
std::string safe_text(std::string text, std::size_t most = 2000);

/// Throws ProtocolError where a text is no UTF-8 or a view has no columns.
void check_facts(const EncoderFacts& facts);

/// Throws ProtocolError where an encoder cannot be like that: an input that is none, texts
/// that are no UTF-8, rates and channels that are out of bounds.
void check_info(const EncoderInfo& info);

}  // namespace musicrep
