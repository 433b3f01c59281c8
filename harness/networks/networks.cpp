#include <dlfcn.h>
#include <fmt/format.h>

#include <string>

#include "core/program_files.h"
#include "musicrep/abi.h"
#include "musicrep/error.h"
#include "networks/network.h"

namespace musicrep {
namespace {

ConfigError broken(const std::string& why) {
  return ConfigError(fmt::format(
      "musicrep_networks.so, which holds the encoders that need LibTorch and belongs to this "
      "program, cannot be used: {}",
      why));
}

void* symbol_of(void* handle, const char* name) {
  void* found = dlsym(handle, name);
  if (found == nullptr) throw broken(fmt::format("it has no {}", name));
  return found;
}

EncoderRegistry load() {
  const std::string file = networks_file().string();
  if (file.empty()) throw broken("it stands neither beside the program nor where it is installed");
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);  // and never closed
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
