// The interface of an encoder: signals in, sequences of vectors out. What only some encoders can do
// are interfaces of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "musicrep/matrix.h"
#include "musicrep/options.h"

namespace musicrep {

/// What an encoder takes.
enum class InputKind {
  kPcm,           ///< PCM audio, [channels, samples] in [-1, 1]
  kVggishFrames,  ///< VGGish frames, [T, 128], one each 0.96 s
  kItemId,        ///< nothing but the item's id: the encoder looks its vectors up
};

/// What is known of an encoder without constructing it.
struct EncoderInfo {
  std::string name;         ///< registry key, [a-z][a-z0-9_]*
  std::string version;      ///< bumped with every change that moves an output bit
  std::string description;  ///< one line
  std::string citation;     ///< where the representation comes from
  std::string licence;      ///< of the code and of the weights
  InputKind input = InputKind::kPcm;
  double sample_rate_hz = 0;  ///< of the PCM that it takes; 0 for other inputs
  int channels = 0;           ///< 1 or 2; 0 for other inputs
  double window_s = 0;        ///< what one output vector looks at; 0: the whole clip
  double hop_s = 0;           ///< from one output vector to the next; 0: one vector a clip
  std::size_t dim = 0;        ///< width of its vectors; 0: known after construction alone
  std::vector<std::string> trained_on;  ///< data sets that its weights have seen
  std::vector<OptionSpec> options;
  /// How the harness brings PCM to sample_rate_hz: "soxr" or "kaiser_best" (resampy 0.2's).
  std::string resampler = "soxr";
  double max_duration_s = 0;  ///< it looks at no more of a clip's beginning than this; 0: at all
  /// It runs what the project did not write: whatever goes wrong (ForeignFailure) costs its own
  /// rows alone.
  bool foreign = false;
  bool in_child = false;  ///< foreign code would run in this process: a child's is used instead
  std::string code_sha256 = {};  ///< of the shared object that it was loaded from; empty: built in
  /// BibTeX entries of the works that it is based on, or empty. Each is printed where a citation
  /// holds its title, or the words of a line "% known by: ..." before it, in any case.
  std::string bibtex = {};
  /// Where its published files come from, their licence and layout; empty: nothing to fetch.
  std::string fetch_help = {};
};

/// What every encoder is constructed from.
struct EncoderArgs {
  std::uint64_t seed = 0;
  Options options;  ///< complete: the registry has filled in defaults and checked names and types
  /// Which VGGish frames it will be given (weights, output end, post-processing): frames are only
  /// comparable within one space. Empty for other inputs.
  std::string frame_space = {};
  /// Where relative paths in texts begin: the experiment file's folder; empty: the working folder.
  std::string folder = {};
};

/// One reading of a vector: some of its columns, under a name such as "layer 2, mean".
struct VectorView {
  std::string name;
  std::vector<std::pair<std::size_t, std::size_t>> columns;  ///< [first, end) of each stretch
};

/// One item to encode. The values belong to the caller and are never changed.
struct Signal {
  std::string id;                 ///< the item's id in its data set, for messages and look-ups
  std::span<const float> values;  ///< row-major [rows, cols]; empty for InputKind::kItemId
  std::size_t rows = 0;           ///< channels of PCM, or frames
  std::size_t cols = 0;           ///< samples of PCM, or 128
};

/// What became of one text.
struct TextVector {
  std::vector<double> values;  ///< [dim], in the space of the vectors of signals; or empty
  std::string problem;         ///< why it has no vector: no words, or none that is known
  std::size_t unknown = 0;     ///< words that are not known, of those that were read
  std::size_t cut = 0;         ///< words behind the longest text that is read
};

/// Where one head of attention looks in one clip, or in one piece of a long one.
struct AttentionMap {
  std::size_t head = 0;
  Matrix weights;  ///< [P, P], row i: how much place i takes of each place; rows sum to 1
  std::size_t first_frame = 0;  ///< places from here on are frames, those before are special tokens
};

/// The name of the layer that an encoder's frames have before anything is done to them.
inline constexpr const char* kInputLayer = "input";

/// What one clip is after one layer.
struct LayerTrace {
  std::string name;  ///< kInputLayer, "layer 1 attention" (before its feed-forward), "layer 1", ...
  Matrix states;     ///< [T, d], a row for each frame, finite
  /// Of the attention that made these states, piece after piece, head after head; else empty.
  std::vector<AttentionMap> attention;
};

/// Turns signals into vectors. A class of it needs three functions: `static EncoderInfo
/// static_info()`, a constructor from `const EncoderArgs&`, and encode() (or, of a SignalEncoder,
/// encode_one()); the others have defaults. What it can do beside that it says by inheriting
/// TextEncoder, LayerTracer, MultiViewEncoder or BatchDependentEncoder, too.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  /// Encodes n signals into n matrices [T_i, dim], finite, T_i >= 1. The result for a signal never
  /// depends on the others in the call (but see BatchDependentEncoder).
  /// Throws musicrep::Error, naming the item, where it cannot encode; never returns zeros instead.
  /// After check_items() it is called from several threads at the same time.
  virtual std::vector<Matrix> encode(std::span<const Signal> signals) = 0;

  /// Called once, before any encode, with the ids of all items in the data set's own order. Checks
  /// whatever can be checked early and throws DataError with everything that is wrong, all at once.
  virtual void check_items(std::span<const std::string> ids) { static_cast<void>(ids); }

  /// How many signals suit it in one call, at most. 1: it is given one at a time, on several
  /// threads. More: calls come one after the other. No vector may depend on it.
  [[nodiscard]] virtual std::size_t batch_size() const { return 1; }

  /// What a reader of a row must know of this encoder: which weights, published or trained here,
  /// on what; what depends on what.
  [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }

  /// SHA-256 (hex) of whatever outside the code its output depends on: weights, feature files.
  /// Empty where there is nothing. Part of the key under which its output is stored.
  [[nodiscard]] virtual std::string content_sha256() const { return {}; }
};

/// An encoder that looks at one signal at a time.
class SignalEncoder : public Encoder {
 public:
  /// Encodes one signal into [T, dim], T >= 1, and throws, as encode() does.
  virtual Matrix encode_one(const Signal& signal) = 0;

  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    std::vector<Matrix> out;
    out.reserve(signals.size());
    for (const Signal& signal : signals) out.push_back(encode_one(signal));
    return out;
  }
};

/// Encodes texts, too, into the space of its signals' vectors, so that the two can be compared by
/// their cosine.
class TextEncoder {
 public:
  /// Why it cannot with these options and weights; empty: it can.
  [[nodiscard]] virtual std::string reason_without_texts() const { return {}; }

  /// Encodes n texts into n vectors, each on its own. A text without a known word gets a problem
  /// instead of a vector, one that is too long is cut. Called only where reason_without_texts() is
  /// empty; from several threads at the same time.
  virtual std::vector<TextVector> encode_texts(std::span<const std::string> texts) = 0;

 protected:
  ~TextEncoder() = default;
};

/// Shows what its frames are after each layer, and so can be diagnosed.
class LayerTracer {
 public:
  /// The frames of one signal after each layer, from the first on: the same layers for every
  /// signal, the same numbers as encode()'s. Throws as encode() does, and is called from several
  /// threads as it is.
  virtual std::vector<LayerTrace> trace(const Signal& signal) = 0;

 protected:
  ~LayerTracer() = default;
};

/// Gives vectors that hold several readings side by side (layers, poolings): each protocol chooses
/// among them as it does among the points of its grid, on training folds alone.
class MultiViewEncoder {
 public:
  /// The readings. Empty: with these options a vector is one.
  [[nodiscard]] virtual std::vector<VectorView> views() const = 0;

 protected:
  ~MultiViewEncoder() = default;
};

/// Gives vectors that depend on the other signals of a call.
class BatchDependentEncoder {
 public:
  /// How many signals encode() must be given in one call, in the data set's own order (the last
  /// call may have fewer). 1: with these options a vector depends on its own signal alone.
  [[nodiscard]] virtual std::size_t dependent_batch_size() const = 0;

 protected:
  ~BatchDependentEncoder() = default;
};

/// The optional interface (TextEncoder, ...) of an encoder; null where it has none.
template <typename Interface>
Interface* interface_of(Encoder& encoder) {
  return dynamic_cast<Interface*>(&encoder);
}
template <typename Interface>
const Interface* interface_of(const Encoder& encoder) {
  return dynamic_cast<const Interface*>(&encoder);
}

/// Why an encoder, whatever its interfaces, cannot encode texts; empty: it can.
inline std::string reason_without_texts_of(const Encoder& encoder) {
  const auto* texts = interface_of<TextEncoder>(encoder);
  return texts == nullptr ? "it has no text side" : texts->reason_without_texts();
}

/// The readings of an encoder's vectors; empty where a vector is one.
inline std::vector<VectorView> views_of(const Encoder& encoder) {
  const auto* several = interface_of<MultiViewEncoder>(encoder);
  return several == nullptr ? std::vector<VectorView>() : several->views();
}

/// How many signals a vector of an encoder depends on; 1: on its own alone.
inline std::size_t dependent_batch_size_of(const Encoder& encoder) {
  const auto* dependent = interface_of<BatchDependentEncoder>(encoder);
  return dependent == nullptr ? 1 : dependent->dependent_batch_size();
}

}  // namespace musicrep
