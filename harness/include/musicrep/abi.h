// What a shared object and the program that loads it must agree on before a C++ object crosses.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "musicrep/encoder.h"
#include "musicrep/version.h"

namespace musicrep {

/// Bumped with every change of what crosses: the public structs, and the virtual functions of
/// Encoder and of the interfaces beside it.
inline constexpr int kAbiVersion = 3;

/// What a shared object hands over, by `extern "C" void musicrep_plugin_encoder(PluginEncoder*)`,
/// once `extern "C" const char* musicrep_plugin_stamp()` has returned the program's own stamp.
struct PluginEncoder {
  EncoderInfo info;
  std::function<EncoderInfo(const Options&)> info_for;  ///< or empty; see EncoderAbilities
  std::function<std::unique_ptr<Encoder>(const EncoderArgs&)> make;
};

/// Names all that the layout of those objects follows from: this interface, compiler, C++ standard
/// library, sizes. Internal to each object file, so that none can get another's.
[[maybe_unused]] static const char* abi_stamp() {
  static const std::string stamp = [] {
    std::string text = std::string("musicrep ") + kVersion;
    const auto add = [&](const char* name, long value) {
      text += std::string("; ") + name + " " + std::to_string(value);
    };
    add("abi", kAbiVersion);
#ifdef __clang__
    add("clang", __clang_major__);
#else
    add("g++", __GNUC__);
#endif
    add("gxx_abi", __GXX_ABI_VERSION);
    add("c++", __cplusplus);
#ifdef _GLIBCXX_RELEASE
    add("libstdc++", _GLIBCXX_RELEASE);
    add("cxx11_abi", _GLIBCXX_USE_CXX11_ABI);
#endif
#ifdef _GLIBCXX_DEBUG
    add("debug", 1);
#endif
    add("EncoderInfo", sizeof(EncoderInfo));
    add("EncoderArgs", sizeof(EncoderArgs));
    add("NumberRange", sizeof(NumberRange));
    add("OptionSpec", sizeof(OptionSpec));
    add("Signal", sizeof(Signal));
    add("Matrix", sizeof(Matrix));
    add("VectorView", sizeof(VectorView));
    add("TextVector", sizeof(TextVector));
    add("LayerTrace", sizeof(LayerTrace));
    add("PluginEncoder", sizeof(PluginEncoder));
    return text;
  }();
  return stamp.c_str();
}

}  // namespace musicrep
