#include "foreign/program_encoder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/hash.h"
#include "foreign/check_signals.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

// One window of a signal, or the whole of it.
struct Piece {
  std::size_t signal = 0;
  std::size_t start = 0;
};

std::vector<Matrix> layers_of(const ProgramArray& array) {
  std::vector<Matrix> out;
  for (std::size_t l = 0; l < size_of(array).layers; ++l) out.push_back(layer_of(array, l));
  return out;
}

}  // namespace

void ProgramEncoder::fail(const std::string& items, const std::string& reason) const {
  throw ForeignFailure(fmt::format("encoder '{}', {}: {}", args_.info.name, items, reason));
}

bool ProgramEncoder::is_pooled() const {
  const std::lock_guard lock(mutex_);
  return args_.settings.window_s > 0 || !args_.settings.poolings.empty() ||
         (layout_ && layout_->has_layers);
}

std::vector<std::string> ProgramEncoder::poolings() const {
  if (!args_.settings.poolings.empty()) return args_.settings.poolings;
  return {"mean"};
}

std::size_t ProgramEncoder::batch_size() const {
  return args_.settings.window_s > 0 ? 1 : args_.settings.batch_size;
}

void ProgramEncoder::check_hello(const StreamHello& hello, std::span<const Signal> signals) const {
  if (args_.info.input != InputKind::kPcm) return;
  const bool same_rate =
      hello.sample_rate_hz <= 0 || hello.sample_rate_hz == args_.info.sample_rate_hz;
  const bool same_channels = hello.channels <= 0 || hello.channels == args_.info.channels;
  if (same_rate && same_channels) return;
  fail(items_text(signals),
       fmt::format("its program takes {} Hz and {} channels, found {:g} Hz and {} in its options: "
                   "leave sample_rate_hz and channels out or make them equal",
                   hello.sample_rate_hz, hello.channels, args_.info.sample_rate_hz,
                   args_.info.channels));
}

void ProgramEncoder::learn(std::span<const Signal> signals, const ProgramVectors& vectors) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const ProgramArray& array = vectors.arrays[i];
    const ArraySize size = size_of(array);
    const std::string item = items_text(signals.subspan(i, 1));
    if (array.values.empty()) {
      fail(item, fmt::format("found an array of shape [{}], expected no axis of 0",
                             fmt::join(array.shape, ", ")));
    }
    if (!layout_) {
      layout_ = Layout{size.layers, size.dim, size.has_layers, vectors.layers};
      if (size.has_layers && vectors.layers.empty()) {
        for (std::size_t l = 0; l < size.layers; ++l) {
          layout_->names.push_back(fmt::format("layer {}", l));
        }
      }
    }
    const Layout& known = *layout_;
    if (size.layers != known.layers || size.dim != known.dim ||
        size.has_layers != known.has_layers) {
      fail(item, fmt::format("found an array of shape [{}], expected {}vectors of {} numbers as "
                             "before",
                             fmt::join(array.shape, ", "),
                             known.has_layers ? fmt::format("{} layers with ", known.layers) : "",
                             known.dim));
    }
    if (known.has_layers && known.names.size() != known.layers) {
      fail(item,
           fmt::format("found {} names of layers, expected {}", known.names.size(), known.layers));
    }
    if (const std::string problem = value_problem(array.values, size.dim); !problem.empty()) {
      fail(item, problem);
    }
  }
}

ProgramVectors ProgramEncoder::compute(std::span<const Signal> signals) {
  try {
    const auto process = stream_process(args_.command);
    const StreamHello hello = process->hello(args_.settings.limits);
    check_hello(hello, signals);
    {
      const std::lock_guard lock(mutex_);
      about_ = hello.about;
    }
    return process->encode(signals, args_.info.input, args_.settings.limits);
  } catch (const StreamFailure& failure) {
    const auto named = std::ranges::find(signals, failure.item(), &Signal::id);
    fail(items_text(named == signals.end()
                        ? signals
                        : signals.subspan(static_cast<std::size_t>(named - signals.begin()), 1)),
         failure.what());
  }
}

std::vector<std::vector<ProgramArray>> ProgramEncoder::ask(std::span<const Signal> signals) {
  check_signals(args_.info, signals);
  const auto windows = args_.settings.windows(args_.info.sample_rate_hz);
  std::vector<Piece> pieces;
  for (std::size_t k = 0; k < signals.size(); ++k) {
    if (!windows) {
      pieces.push_back({k, 0});
      continue;
    }
    for (const std::size_t start : window_starts(signals[k].cols, *windows)) {
      pieces.push_back({k, start});
    }
  }
  std::vector<std::vector<ProgramArray>> out(signals.size());
  for (std::size_t first = 0; first < pieces.size(); first += args_.settings.batch_size) {
    const auto batch = std::span(pieces).subspan(
        first, std::min(args_.settings.batch_size, pieces.size() - first));
    std::vector<std::vector<float>> cut;
    std::vector<Signal> asked;
    for (const Piece& piece : batch) {
      asked.push_back(signals[piece.signal]);
      if (!windows) continue;
      cut.push_back(cut_window(signals[piece.signal], piece.start, *windows));
      asked.back().values = cut.back();
      asked.back().cols = windows->length;
    }
    ProgramVectors vectors = compute(asked);
    learn(asked, vectors);
    for (std::size_t k = 0; k < batch.size(); ++k) {
      out[batch[k].signal].push_back(std::move(vectors.arrays[k]));
    }
  }
  return out;
}

std::vector<Matrix> ProgramEncoder::encode(std::span<const Signal> signals) {
  std::vector<Matrix> out;
  for (const std::vector<ProgramArray>& arrays : ask(signals)) {
    if (!is_pooled()) {
      out.push_back(layer_of(arrays.front(), 0));
      continue;
    }
    std::vector<double> rows;
    for (const ProgramArray& array : arrays) {
      const std::vector<double> row = pooled_layers(layers_of(array), poolings());
      rows.insert(rows.end(), row.begin(), row.end());
    }
    const std::size_t cols = rows.size() / arrays.size();
    out.emplace_back(arrays.size(), cols, std::move(rows));
  }
  return out;
}

std::vector<VectorView> ProgramEncoder::views() const {
  if (!is_pooled()) return {};
  const std::lock_guard lock(mutex_);
  if (!layout_) return {};
  std::vector<std::string> names = layout_->names;
  if (names.empty()) names.emplace_back();
  std::vector<VectorView> out = layer_views(names, poolings(), layout_->dim);
  if (out.size() == 1) out.clear();
  return out;
}

std::vector<LayerTrace> ProgramEncoder::trace(const Signal& signal) {
  const auto arrays = ask({&signal, 1}).front();
  std::vector<LayerTrace> out;
  const ArraySize size = size_of(arrays.front());
  for (std::size_t l = 0; l < size.layers; ++l) {
    std::vector<double> states;
    for (const ProgramArray& array : arrays) {
      const Matrix layer = layer_of(array, l);
      states.insert(states.end(), layer.values().begin(), layer.values().end());
    }
    const std::size_t rows = states.size() / size.dim;
    const std::lock_guard lock(mutex_);
    out.push_back({layout_->has_layers ? layout_->names[l] : "output",
                   Matrix(rows, size.dim, std::move(states)),
                   {}});
  }
  return out;
}

std::vector<std::string> ProgramEncoder::notes() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out = {args_.note};
  if (!about_.empty()) out.push_back("computed by " + about_);
  if (args_.settings.window_s > 0) {
    out.push_back(fmt::format("windows of {:g} s each {:g} s", args_.settings.window_s,
                              args_.settings.window_hop_s));
  }
  if (args_.files.empty()) out.push_back(args_.note_without_files);
  return out;
}

std::string ProgramEncoder::content_sha256() const {
  Sha256 sha;
  for (const std::string& file : args_.files) sha.update_text(sha256_of_file(file));
  return sha.hex();
}

}  // namespace musicrep
