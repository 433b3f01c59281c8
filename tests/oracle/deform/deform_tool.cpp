// deform_tool TABLE RATE CHANNELS ID SEED: raw float32 [channels, frames] from stdin, deformed by a
// TOML table such as `kind = "gain"`, to stdout. Exit code 2: no such deformation; 3: not of this.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <string>

#include "deform/deformation.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"

int main(int argc, char** argv) {
  using namespace musicrep;
  if (argc != 6) return 1;
  try {
    const Deformation deformation("test", TomlTable::parse(argv[1], "test").remaining_options());
    if (const std::string lacks = deformation.lacks(); !lacks.empty()) {
      std::cerr << lacks << "\n";
      return 4;
    }
    const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
    Pcm pcm;
    pcm.sample_rate_hz = std::atof(argv[2]);
    pcm.channels = std::strtoul(argv[3], nullptr, 10);
    pcm.values.resize(bytes.size() / sizeof(float));
    std::memcpy(pcm.values.data(), bytes.data(), pcm.values.size() * sizeof(float));
    pcm.frames = pcm.values.size() / pcm.channels;
    const Pcm out = deformation.apply(pcm, std::strtoull(argv[5], nullptr, 10), argv[4]);
    std::fwrite(out.values.data(), sizeof(float), out.values.size(), stdout);
  } catch (const ConfigError& error) {
    std::cerr << error.what() << "\n";
    return 2;
  } catch (const DataError& error) {
    std::cerr << error.what() << "\n";
    return 3;
  }
  return 0;
}
