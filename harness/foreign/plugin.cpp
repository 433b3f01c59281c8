#include "foreign/plugin.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "core/hash.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

template <typename Function>
Function* function_of(void* library, const std::string& path, const char* name) {
  void* const found = ::dlsym(library, name);
  if (found == nullptr) {
    throw DataError(
        fmt::format("'{}' has no function {}: it is no encoder for this program, or its source "
                    "lacks the line MUSICREP_ENCODER(name, Class)",
                    path, name));
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace

PluginEncoder load_plugin(const std::string& path, const std::string& sha256) {
  if (sha256_of_file(path) != sha256) {
    throw DataError(fmt::format("'{}' has changed since the program began", path));
  }
  // Never closed: what it made must not outlive its code.
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const reason = ::dlerror();
    throw DataError(fmt::format("'{}' cannot be loaded as a shared object: {}", path,
                                reason == nullptr ? "no reason given" : reason));
  }
  auto* const stamp = function_of<const char*()>(library, path, "musicrep_plugin_stamp");
  const char* const found = stamp();
  if (found == nullptr || std::string(found) != abi_stamp()) {
    throw DataError(
        fmt::format("'{}' was built for another program: found the stamp '{}', expected '{}'; "
                    "build it again with this program's headers and the same compiler",
                    path, found == nullptr ? "" : found, abi_stamp()));
  }
  auto* const fill = function_of<void(PluginEncoder*)>(library, path, "musicrep_plugin_encoder");
  PluginEncoder encoder;
  fill(&encoder);
  if (!encoder.make) throw DataError(fmt::format("'{}' gave no encoder", path));
  return encoder;
}

}  // namespace musicrep
