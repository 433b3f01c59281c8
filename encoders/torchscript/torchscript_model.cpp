#include "torchscript_model.h"

#include <caffe2/serialize/versions.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/script.h>
#include <torch/version.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <mutex>

#include "musicrep/error.h"
#include "nn/threads.h"
#include "torch_reason.h"

namespace musicrep {
namespace {

std::string reason_of(const c10::Error& error) {
  return telling_part(error.what_without_backtrace());
}

// The parts of what a model returned, by their keys or places; one without a name where it is no
// dictionary and no tuple.
std::vector<std::pair<std::string, c10::IValue>> parts_of(const c10::IValue& returned) {
  std::vector<std::pair<std::string, c10::IValue>> out;
  if (returned.isGenericDict()) {
    for (const auto& entry : returned.toGenericDict()) {
      out.emplace_back(entry.key().isString() ? entry.key().toStringRef() : "?", entry.value());
    }
  } else if (returned.isTuple()) {
    for (const c10::IValue& part : returned.toTuple()->elements()) {
      out.emplace_back(std::to_string(out.size()), part);
    }
  } else if (returned.isList()) {
    for (const c10::IValue& part : returned.toListRef()) {
      out.emplace_back(std::to_string(out.size()), part);
    }
  } else {
    out.emplace_back("", returned);
  }
  return out;
}

// The tensor that is meant.
torch::Tensor tensor_of(const c10::IValue& returned, const std::string& output) {
  const auto parts = parts_of(returned);
  std::vector<std::string> names;
  std::vector<torch::Tensor> tensors;
  for (const auto& [name, part] : parts) {
    names.push_back(name);
    if (!output.empty() && name != output) continue;
    if (part.isTensor()) tensors.push_back(part.toTensor());
  }
  if (tensors.size() == 1) return tensors.front();
  const bool is_one = parts.size() == 1 && parts.front().first.empty();
  throw DataError(is_one ? fmt::format("returned {}, expected a tensor", returned.tagKind())
                         : fmt::format("returned {} with the parts {} of which {} are tensors{}, "
                                       "expected one: option `output` names it",
                                       returned.tagKind(), fmt::join(names, ", "), tensors.size(),
                                       output.empty() ? "" : " called '" + output + "'"));
}

bool is_half(const torch::jit::Module& module) {
  for (const torch::Tensor& parameter : module.parameters()) {
    const auto type = parameter.scalar_type();
    if (type == torch::kHalf || type == torch::kBFloat16) return true;
  }
  return false;
}

}  // namespace

struct TorchscriptModel::State {
  torch::jit::Module module;
  std::mutex mutex;
};

TorchscriptModel::TorchscriptModel(const std::string& path, const std::string& format_version,
                                   const std::string& written_by)
    : state_(std::make_unique<State>()) {
  const std::string found =
      fmt::format("written by {}, in format {}",
                  written_by.empty() ? "a Torch that it does not name" : "Torch " + written_by,
                  format_version.empty() ? "unknown" : format_version);
  const std::string here =
      fmt::format("this program has Torch {}, which reads formats {} to {}", TORCH_VERSION,
                  caffe2::serialize::kMinSupportedFileFormatVersion,
                  caffe2::serialize::kMaxSupportedFileFormatVersion);
  std::uint64_t version = 0;
  std::from_chars(format_version.data(), format_version.data() + format_version.size(), version);
  if (version > caffe2::serialize::kMaxSupportedFileFormatVersion) {
    throw DataError(fmt::format("'{}': found a newer file, {}; {}", path, found, here));
  }
  use_one_thread();
  // The first calls must give the same bits as later ones: nothing is learned from them.
  torch::jit::setGraphExecutorOptimize(false);
  try {
    state_->module = torch::jit::load(path, torch::kCPU);
    state_->module.eval();
    // Processors have no half precision for most layers.
    if (is_half(state_->module)) state_->module.to(torch::kFloat);
  } catch (const c10::Error& error) {
    throw DataError(
        fmt::format("'{}' ({}) cannot be loaded; {}: {}", path, found, here, reason_of(error)));
  }
}

TorchscriptModel::~TorchscriptModel() = default;

Matrix TorchscriptModel::run(std::span<const float> values, const std::vector<std::size_t>& shape) {
  const std::lock_guard lock(state_->mutex);
  use_one_thread();
  const torch::InferenceMode no_gradients;
  try {
    const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
    torch::Tensor input = torch::empty(sizes);
    std::copy(values.begin(), values.end(), input.data_ptr<float>());
    torch::Tensor output;
    try {
      output = tensor_of(state_->module.forward({input}), output_);
    } catch (const DataError& error) {
      throw DataError(
          fmt::format("forward() of a tensor [{}] {}", fmt::join(shape, ", "), error.what()));
    }
    output = output.to(torch::kCPU, torch::kDouble).contiguous();
    const auto returned = output.sizes().vec();
    // A batch of one: [1, T, dim], or [1, dim] of a model that is given a batch.
    if (output.dim() == 3 && output.size(0) == 1) output = output[0];
    if (output.dim() < 1 || output.dim() > 2 || output.numel() == 0) {
      throw DataError(
          fmt::format("forward() of a tensor [{}] returned one of shape [{}], expected [T, dim] or "
                      "[dim], or that in a batch of one",
                      fmt::join(shape, ", "), fmt::join(returned, ", ")));
    }
    const auto rows = static_cast<std::size_t>(output.dim() == 2 ? output.size(0) : 1);
    const auto* first = output.data_ptr<double>();
    return {rows, static_cast<std::size_t>(output.numel()) / rows, {first, first + output.numel()}};
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw DataError(fmt::format("forward() of a tensor [{}] failed: {}", fmt::join(shape, ", "),
                                reason_of(error)));
  } catch (const std::exception& error) {  // the interpreter's own
    throw DataError(fmt::format("forward() of a tensor [{}] failed: {}", fmt::join(shape, ", "),
                                telling_part(error.what())));
  }
}

}  // namespace musicrep
