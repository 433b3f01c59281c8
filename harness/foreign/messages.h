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

/// A signal that holds its own values.
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
void visit_parts(Io& io, Is<MakerName> auto& v) {
  io(v.plugin);
  io(v.sha256);
  io(v.name);
}

template <typename Io>
void visit_parts(Io& io, Is<NumberRange> auto& v) {
  io(v.least);
  io(v.greatest);
  io(v.without_least);
  io(v.without_greatest);
}

template <typename Io>
void visit_parts(Io& io, Is<OptionSpec> auto& v) {
  io(v.name);
  io(v.default_value);
  io(v.description);
  io(v.required);
  io(v.is_path);
  io(v.trains);
  io(v.practical);
  io(v.came_later);
  io(v.range);
  io(v.one_of);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderInfo> auto& v) {
  io(v.name);
  io(v.version);
  io(v.description);
  io(v.citation);
  io(v.licence);
  io(v.input);
  io(v.sample_rate_hz);
  io(v.channels);
  io(v.window_s);
  io(v.hop_s);
  io(v.dim);
  io(v.trained_on);
  io(v.options);
  io(v.resampler);
  io(v.max_duration_s);
  io(v.foreign);
  io(v.in_child);
  io(v.code_sha256);
  io(v.bibtex);
  io(v.fetch_help);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderArgs> auto& v) {
  io(v.seed);
  io(v.options);
  io(v.frame_space);
  io(v.folder);
}

template <typename Io>
void visit_parts(Io& io, Is<VectorView> auto& v) {
  io(v.name);
  io(v.columns);
}

template <typename Io>
void visit_parts(Io& io, Is<EncoderFacts> auto& v) {
  io(v.batch_size);
  io(v.dependent_batch_size);
  io(v.views);
  io(v.notes);
  io(v.content_sha256);
  io(v.reason_without_texts);
}

template <typename Io>
void visit_parts(Io& io, Is<SentSignal> auto& v) {
  io(v.id);
  io(v.values);
  io(v.rows);
  io(v.cols);
}

template <typename Io>
void visit_parts(Io& io, Is<TextVector> auto& v) {
  io(v.values);
  io(v.problem);
  io(v.unknown);
  io(v.cut);
}

template <typename Io>
void visit_parts(Io& io, Is<Refusal> auto& v) {
  io(v.usage);
  io(v.reason);
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
