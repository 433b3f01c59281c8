// Files that NumPy wrote (make_fixtures.py), read here; the values are those of the script.
#include <catch2/catch.hpp>

#include "formats/npy.h"
#include "formats/npz.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::NpzFile;
using Texts = std::vector<std::string>;

namespace {

std::string fixture(const std::string& name) {
  return std::string(MUSICREP_TEST_DIR) + "/oracle/formats/" + name;
}

Matrix matrix(const std::string& name) { return musicrep::read_npy(fixture(name)).to_matrix(); }

Matrix counting(double first) {
  Matrix out(4, 3);
  for (std::size_t i = 0; i < 12; ++i) out.data()[i] = first + static_cast<double>(i);
  return out;
}

const Texts kIds = {"blues/blues.00012.au", "Bj\xC3\xB6rk", "\xE9\x9F\xB3\xE6\xA5\xBD",
                    "\xF0\x9F\x8E\xB5 x", ""};

}  // namespace

TEST_CASE("NumPy: matrices of every type, order and version") {
  for (const char* name : {"f4_c.npy", "f8_fortran.npy", "f4_big_endian.npy", "i8_fortran.npy",
                           "i1_c.npy", "version2.npy", "version3.npy"}) {
    CAPTURE(name);
    CHECK(matrix(name) == counting(-2));
  }
  CHECK(matrix("u2_big_endian.npy") == counting(0));
  CHECK(matrix("b1.npy") == Matrix(4, 3, {0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
}

TEST_CASE("NumPy: texts") {
  CHECK(musicrep::read_npy(fixture("ids_unicode.npy")).to_texts() == kIds);
  CHECK(musicrep::read_npy(fixture("ids_bytes.npy")).to_texts() == Texts{"one", "twenty", ""});
  CHECK(musicrep::read_npy(fixture("ids_integers.npy")).to_texts() ==
        Texts{"532171", "-1", "9007199254740993"});
}

TEST_CASE("NumPy: archives, stored and deflated") {
  const Texts ids(kIds.begin(), kIds.end() - 1);
  const NpzFile stored(fixture("stored.npz"));
  CHECK(stored.names() == Texts{"X", "IDS", "Y"});
  CHECK(stored.read("X").to_matrix() == counting(-2));
  CHECK(stored.read("IDS").to_texts() == ids);
  CHECK(stored.read("Y").to_numbers() == std::vector<double>{0, 1, 2, 3});

  const NpzFile deflated(fixture("deflated.npz"));
  CHECK(deflated.read("X").to_matrix() == counting(-2));
  CHECK(deflated.read("IDS").to_texts() == ids);

  CHECK(NpzFile(fixture("unnamed.npz")).names() == Texts{"arr_0", "arr_1"});
}

TEST_CASE("NumPy: what is refused, with the file's name") {
  const auto message = [](const std::string& name) {
    return message_of<DataError>([&] { matrix(name); });
  };
  CHECK_THAT(message("scalar.npy"), Contains("scalar.npy': found rank 0"));
  CHECK_THAT(message("cube.npy"), Contains("cube.npy': found rank 3 (shape (2, 3, 4))"));
  CHECK_THAT(message("objects.npy"), Contains("pickled objects are not read"));
  CHECK_THAT(message("half.npy"), Contains("found the type '<f2'"));
  CHECK_THAT(message("ids_bytes.npy"), Contains("expected numbers"));
}

TEST_CASE("NumPy: our writer's bytes are NumPy's own") {
  const musicrep::TempFolder folder;
  const auto path = folder.path() / "x.npy";
  write_npy(path, counting(-2), true);
  CHECK(musicrep::bytes_of(path) == musicrep::bytes_of(fixture("f4_c.npy")));
}
