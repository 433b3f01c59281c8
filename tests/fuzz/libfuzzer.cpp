// libFuzzer's entry: the target is the one that MUSICREP_FUZZ_TARGET names.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using musicrep::fuzz::Target;
  static const Target& target = [&]() -> const Target& {
    const char* name = std::getenv("MUSICREP_FUZZ_TARGET");
    try {
      return musicrep::fuzz::target_named(name == nullptr ? "" : name);
    } catch (const musicrep::Error& error) {
      std::fprintf(stderr, "MUSICREP_FUZZ_TARGET: %s\n", error.what());
      std::exit(2);
    }
  }();
  musicrep::fuzz::run(target, {reinterpret_cast<const char*>(data), size});
  return 0;
}
