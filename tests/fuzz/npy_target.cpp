// NumPy's arrays, alone and in archives.
#include <fmt/format.h>

#include "core/files.h"
#include "formats/npy.h"
#include "formats/npz.h"
#include "fuzz.h"

namespace musicrep::fuzz {
namespace {

void convert(const NpyArray& array) {
  try_each([&] { static_cast<void>(array.to_matrix()); });
  try_each([&] { static_cast<void>(array.to_numbers()); });
  try_each([&] { static_cast<void>(array.to_texts()); });
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& values,
                bool fortran = false) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr,
                                   fortran ? "True" : "False", shape);
  return "\x93NUMPY" + std::string("\x01\0", 2) + number_bytes(header.size(), 2) + header + values;
}

void read_one(const std::string& bytes) { convert(parse_npy(bytes, "input.npy")); }

std::vector<std::string> arrays() {
  write_npy(folder() / "seed.npy", Matrix(3, 2, {1, 2, 3, 4, 5, 6}), true);
  return {written_file("seed.npy"),
          npy("<f8", "(2, 2)", std::string(32, '\1'), true),
          npy(">i8", "(2,)", std::string(15, '\0') + '\7'),
          npy("|b1", "(3,)", std::string("\0\1\1", 3)),
          npy("<U2", "(2,)", std::string("a\0\0\0b\0\0\0\xfc\0\0\0\0\0\0\0", 16)),
          npy("|S3", "(2,)", std::string("abcde\0", 6)),
          npy("<u2", "(2, 1, 2)", std::string(8, '\2')),
          npy("<f4", "()", std::string(4, '\0')),
          npy("<f4", "(0, 1099511627776)", ""),
          npy("<f4", "(1099511627776,)", "")};
}

void read_archive(const std::string& bytes) {
  const NpzFile file(input_file("input.npz", bytes));
  for (const std::string& name : file.names()) {
    try_each([&] { convert(file.read(name)); });
  }
}

std::vector<std::string> archives() {
  std::vector<std::string> out;
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    out.push_back(test_file(fmt::format("oracle/features/{}", name)));
  }
  return out;
}

const Registration one({"npy", read_one, arrays});
const Registration archive({"npz", read_archive, archives});

}  // namespace
}  // namespace musicrep::fuzz
