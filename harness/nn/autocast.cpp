#include "nn/autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace musicrep {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool enabled() { return at::autocast::is_autocast_enabled(at::kCUDA); }
void enable(bool on) { at::autocast::set_autocast_enabled(at::kCUDA, on); }
void use_bfloat16() { at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16); }
#else
bool enabled() { return at::autocast::is_enabled(); }
void enable(bool on) { at::autocast::set_enabled(on); }
void use_bfloat16() { at::autocast::set_autocast_gpu_dtype(at::kBFloat16); }
#endif

}  // namespace

Autocast::Autocast(bool on) : on_(on) {
  if (!on_) return;
  was_on_ = enabled();
  use_bfloat16();
  enable(true);
}

Autocast::~Autocast() {
  if (!on_) return;
  enable(was_on_);
  // The 16-bit copies of the parameters; after a step they are of yesterday.
  at::autocast::clear_cache();
}

}  // namespace musicrep
