#include "torchscript_model.h"

#include <caffe2/serialize/versions.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/script.h>
#include <torch/version.h>

#include <charconv>
#include <mutex>

#include "musicrep/error.h"
#include "nn/threads.h"
#include "torch_reason.h"

namespace musicrep {
namespace {

std::string reason_of(const c10::Error& error) {
  return telling_part(error.what_without_backtrace());
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
    const c10::IValue given = state_->module.forward({input});
    if (!given.isTensor()) {
      throw DataError(fmt::format("forward() of a tensor {} returned {}, expected a tensor",
                                  fmt::join(shape, " x "), given.tagKind()));
    }
    const torch::Tensor output = given.toTensor().to(torch::kCPU, torch::kDouble).contiguous();
    if (output.dim() < 1 || output.dim() > 2 || output.numel() == 0) {
      throw DataError(
          fmt::format("forward() of a tensor [{}] returned one of shape [{}], expected [T, dim] or "
                      "[dim]",
                      fmt::join(shape, ", "), fmt::join(output.sizes(), ", ")));
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
