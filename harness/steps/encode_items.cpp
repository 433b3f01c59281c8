#include "steps/encode_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "audio/load.h"
#include "audio_check/audio_check.h"
#include "core/parallel.h"
#include "core/usable_values.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

/// Each value that cannot be learned from, with its item.
void add_unusable(const Embeddings& embeddings, Problems& problems) {
  std::size_t item = 0;
  std::size_t first = 0;
  for (const UnusableValue& bad : unusable_values(embeddings.values)) {
    while (bad.row >= first + static_cast<std::size_t>(embeddings.frames[item])) {
      first += static_cast<std::size_t>(embeddings.frames[item++]);
    }
    problems.add(fmt::format("item '{}', row {}, {}", embeddings.ids[item], bad.row - first,
                             unusable_value_text(bad)));
  }
}

}  // namespace

Matrix encode_signal(Encoder& encoder, const std::string& label, const Signal& signal) {
  std::vector<Matrix> one = encoder.encode({&signal, 1});
  if (one.size() != 1) {
    throw DataError(fmt::format("encoder '{}' returned {} matrices for item '{}', expected 1",
                                label, one.size(), signal.id));
  }
  return std::move(one.front());
}

Matrix encode_file(Encoder& encoder, const EncoderInfo& info, const std::string& label,
                   const std::string& id, const std::filesystem::path& path) {
  const Pcm pcm = load_audio(path, info);
  return encode_signal(encoder, label, {id, pcm.values, pcm.channels, pcm.frames});
}

ItemFrames::ItemFrames(Embeddings frames) : frames_(std::move(frames)) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < frames_.ids.size(); ++i) {
    const auto rows = static_cast<std::size_t>(frames_.frames[i]);
    places_[frames_.ids[i]] = {first, rows};
    first += rows;
  }
}

LoadedSignal ItemFrames::of(const std::string& id) const {
  const auto at = places_.find(id);
  if (at == places_.end()) throw DataError(fmt::format("item '{}' has no VGGish frames", id));
  const auto& [first, rows] = at->second;
  LoadedSignal out{{}, rows, frames_.values.cols()};
  for (const double v : std::span(frames_.values.data() + first * out.cols, rows * out.cols)) {
    out.values.push_back(static_cast<float>(v));
  }
  return out;
}

LoadedSignal load_frames(const Dataset& dataset, const ItemFrames* made, std::size_t i) {
  if (made != nullptr) return made->of(dataset.ids[i]);
  return {dataset.frames->dequantised(i), dataset.frames->rows(i), FrameTable::kWidth};
}

LoadedSignal load_item(const Dataset& dataset, const EncoderInfo& info, const ItemFrames* made,
                       std::size_t i) {
  if (info.input == InputKind::kVggishFrames) return load_frames(dataset, made, i);
  require_known_file(dataset, i);
  Pcm pcm = load_audio(dataset.audio[i], info);
  return {std::move(pcm.values), pcm.channels, pcm.frames};
}

std::size_t call_batch_size(const Encoder& encoder) {
  const std::size_t depends_on = dependent_batch_size_of(encoder);
  return depends_on > 1 ? depends_on : encoder.batch_size();
}

LoadItem loader_of(const EncoderInfo& info, std::span<const std::filesystem::path> files) {
  return [&info, files](std::size_t i) -> LoadedSignal {
    Pcm pcm = load_audio(files[i], info);
    return {std::move(pcm.values), pcm.channels, pcm.frames};
  };
}

std::vector<Matrix> encode_in_calls(
    Encoder& encoder, const std::string& label, std::span<const std::string> ids,
    const LoadItem& load, std::size_t jobs,
    const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const std::size_t batch_size = call_batch_size(encoder);
  std::vector<Matrix> out;
  while (out.size() < ids.size()) {
    const std::size_t first = out.size();
    const std::size_t n = std::min(batch_size, ids.size() - first);
    std::vector<LoadedSignal> items(n);
    parallel_for(n, jobs, [&](std::size_t i) { items[i] = load(first + i); });
    std::vector<Signal> signals;
    for (std::size_t i = 0; i < n; ++i) {
      signals.push_back({ids[first + i], items[i].values, items[i].rows, items[i].cols});
    }
    std::vector<Matrix> encoded = encoder.encode(signals);
    if (encoded.size() != n) {
      throw DataError(fmt::format("encoder '{}' returned {} matrices for the {} items from '{}' on",
                                  label, encoded.size(), n, ids[first]));
    }
    std::ranges::move(encoded, std::back_inserter(out));
    on_progress(out.size(), ids.size());
  }
  return out;
}

std::string encoded_problem(const Matrix& encoded, std::size_t dim) {
  if (encoded.rows() == 0 || encoded.cols() == 0 || (dim > 0 && encoded.cols() != dim)) {
    return fmt::format("found vectors of shape [{}, {}], expected [1 or more, {}]", encoded.rows(),
                       encoded.cols(), dim > 0 ? std::to_string(dim) : "1 or more");
  }
  for (std::size_t r = 0; r < encoded.rows(); ++r) {
    for (std::size_t c = 0; c < encoded.cols(); ++c) {
      if (std::abs(encoded.at(r, c)) <= kLargestValue) continue;
      return fmt::format(
          "row {}, column {}: found {}, expected a finite number between -{:g} and "
          "{:g}",
          r, c, encoded.at(r, c), kLargestValue, kLargestValue);
    }
  }
  return "";
}

Embeddings join_encoded(const std::string& label, const std::vector<std::string>& ids,
                        std::span<const Matrix> encoded) {
  if (encoded.size() != ids.size()) {
    throw DataError(fmt::format("encoder '{}' returned {} matrices for {} items", label,
                                encoded.size(), ids.size()));
  }
  Problems problems;
  Embeddings out;
  out.ids = ids;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Matrix& m = encoded[i];
    if (m.rows() == 0 || m.cols() != encoded.front().cols() || m.cols() == 0) {
      problems.add(fmt::format("item '{}': shape [{}, {}], expected [1 or more, {}]", ids[i],
                               m.rows(), m.cols(), encoded.front().cols()));
    }
    out.frames.push_back(static_cast<std::int64_t>(m.rows()));
    rows += m.rows();
  }
  problems.throw_if_any(fmt::format("encoder '{}':", label));
  const std::size_t dim = encoded.empty() ? 0 : encoded.front().cols();
  std::vector<double> values;
  values.reserve(rows * dim);
  for (const Matrix& m : encoded) values.insert(values.end(), m.values().begin(), m.values().end());
  out.values = Matrix(rows, dim, std::move(values));
  add_unusable(out, problems);
  problems.throw_if_any(fmt::format("encoder '{}':", label));
  return out;
}

}  // namespace musicrep
