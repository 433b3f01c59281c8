#include <dlfcn.h>
#include <fmt/format.h>

#include <string>

#include "musicrep/abi.h"
#include "musicrep/error.h"
#include "networks/network.h"

namespace musicrep {
namespace {

// Beside the program, or where it was installed: the program's run path knows.
constexpr const char* kFile = "musicrep_networks.so";

ConfigError broken(const std::string& why) {
  return ConfigError(fmt::format(
      "{}, which holds the encoders that need LibTorch and belongs to this program, cannot be "
      "used: {}",
      kFile, why));
}

void* symbol_of(void* handle, const char* name) {
  void* found = dlsym(handle, name);
  if (found == nullptr) throw broken(fmt::format("it has no {}", name));
  return found;
}

EncoderRegistry load() {
  void* handle = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);  // and never closed
  if (handle == nullptr) throw broken(dlerror());
  const auto stamp =
      reinterpret_cast<const char* (*)()>(symbol_of(handle, "musicrep_networks_stamp"));
  if (stamp() != std::string(abi_stamp())) {
    throw broken(fmt::format("it is of another build ({}), expected ({})", stamp(), abi_stamp()));
  }
  EncoderRegistry all;
  reinterpret_cast<void (*)(EncoderRegistry*)>(symbol_of(handle, "musicrep_networks"))(&all);
  return all;
}

}  // namespace

const EncoderRegistry& networks() {
  static const EncoderRegistry all = load();
  return all;
}

}  // namespace musicrep
