#include "command_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <system_error>

#include "core/files.h"
#include "foreign/check_signals.h"
#include "formats/csv.h"
#include "formats/npy.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

std::string number_text(std::size_t k, const char* ending) {
  return fmt::format("{:06}.{}", k, ending);
}

void put(std::string& bytes, std::uint64_t value, std::size_t n) {
  for (; n > 0; --n, value >>= 8) bytes += static_cast<char>(value & 0xff);
}

// RIFF, format 3 (IEEE float), 32 bits: samples go out as they are.
void write_wav(const fs::path& path, const Signal& signal, double sample_rate_hz) {
  const std::size_t channels = signal.rows;
  const std::uint64_t data = std::uint64_t{signal.values.size()} * 4;
  const auto rate = static_cast<std::uint64_t>(std::llround(sample_rate_hz));
  if (data > 0xffffff00U) throw DataError(fmt::format("item '{}': too long for .wav", signal.id));
  std::string bytes = "RIFF";
  put(bytes, 36 + data, 4);
  bytes += "WAVEfmt ";
  put(bytes, 16, 4);
  put(bytes, 3, 2);
  put(bytes, channels, 2);
  put(bytes, rate, 4);
  put(bytes, rate * channels * 4, 4);
  put(bytes, channels * 4, 2);
  put(bytes, 32, 2);
  bytes += "data";
  put(bytes, data, 4);
  bytes.reserve(bytes.size() + data);
  for (std::size_t i = 0; i < signal.cols; ++i) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float value = signal.values[c * signal.cols + i];
      put(bytes, std::bit_cast<std::uint32_t>(value), 4);
    }
  }
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw DataError(fmt::format("cannot write '{}'", path.string()));
}

ProgramArray read_vectors(const fs::path& path) {
  NpyArray array = read_npy(path);
  ProgramArray out{array.shape, {}};
  if (array.shape.size() == 3) {  // layers: their rows one after the other
    if (array.fortran_order) {
      throw DataError("found [layers, T, dim] in Fortran's order, expected C's");
    }
    array.shape = {array.shape[0] * array.shape[1], array.shape[2]};
  }
  out.values = array.to_matrix().values();
  if (out.values.empty()) {
    throw DataError(fmt::format(
        "found vectors of shape [{}], expected [T, dim], [dim] or [layers, T, dim], no axis of 0",
        fmt::join(out.shape, ", ")));
  }
  if (const std::string problem = value_problem(out.values, size_of(out).dim); !problem.empty()) {
    throw DataError(problem);
  }
  return out;
}

}  // namespace

CommandFolder::CommandFolder() {
  std::error_code error;
  const fs::path temporary = fs::temp_directory_path(error);
  if (error) throw DataError(fmt::format("there is no temporary folder: {}", error.message()));
  std::string name = (temporary / "musicrep-command-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw DataError(fmt::format("cannot make the folder '{}': {}", name,
                                std::generic_category().message(errno)));
  }
  path_ = name;
  fs::create_directory(in());
  fs::create_directory(out());
}

CommandFolder::~CommandFolder() {
  std::error_code none;
  fs::remove_all(path_, none);
}

std::string CommandFolder::without_name(std::string text) const {
  const std::string folder = path_.string() + "/";
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size());
  }
  return text;
}

void CommandFolder::write(std::span<const Signal> signals, double sample_rate_hz) const {
  std::string items = "file,id\n";
  for (std::size_t k = 0; k < signals.size(); ++k) {
    const Signal& signal = signals[k];
    const std::string name = number_text(k, sample_rate_hz > 0 ? "wav" : "npy");
    items += fmt::format("{},{}\n", name, csv_field(signal.id));
    if (sample_rate_hz > 0) {
      write_wav(in() / name, signal, sample_rate_hz);
    } else {
      const Matrix frames(signal.rows, signal.cols, {signal.values.begin(), signal.values.end()});
      write_npy(in() / name, frames, true);
    }
  }
  write_text_atomically(in() / "items.csv", items);
}

std::vector<ProgramArray> CommandFolder::read(std::span<const Signal> signals) const {
  Problems problems;
  std::vector<ProgramArray> out;
  std::set<std::string> expected;
  for (std::size_t k = 0; k < signals.size(); ++k) {
    const std::string name = number_text(k, "npy");
    expected.insert(name);
    const std::string where = fmt::format("out/{} (item '{}'): ", name, signals[k].id);
    if (!fs::exists(this->out() / name)) {
      problems.add(where + "it is missing");
      continue;
    }
    try {
      out.push_back(read_vectors(this->out() / name));
      const std::size_t dim = size_of(out.back()).dim;
      const std::size_t expected_dim = size_of(out.front()).dim;
      if (dim != expected_dim) {
        problems.add(where + fmt::format("found vectors of {} numbers, expected {} as before", dim,
                                         expected_dim));
      }
    } catch (const DataError& error) {
      problems.add(where + without_name(error.what()));
    }
  }
  std::set<std::string> others;
  for (const auto& entry : fs::directory_iterator(this->out())) {
    const std::string name = entry.path().filename().string();
    if (!expected.contains(name)) others.insert(name);
  }
  for (const std::string& name : others) {
    problems.add(fmt::format("out/{}: found this, expected 000000.npy to {} alone", name,
                             number_text(signals.size() - 1, "npy")));
  }
  problems.throw_if_any("what the command gave:");
  return out;
}

}  // namespace musicrep
