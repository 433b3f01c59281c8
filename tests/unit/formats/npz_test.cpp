#include "formats/npz.h"

#include <zip.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <utility>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::NpzFile;

namespace {

/// The bytes of a .npy file of 100 equal float64 values.
std::string npy_bytes() {
  const musicrep::TempFolder folder;
  const auto path = folder.path() / "x.npy";
  write_npy(path, Matrix(10, 10, std::vector<double>(100, 0.5)), false);
  return musicrep::bytes_of(path);
}

/// A zip archive of entries (name, bytes), made in `folder`.
std::string make_zip(const musicrep::TempFolder& folder,
                     const std::vector<std::pair<std::string, std::string>>& entries,
                     zip_int32_t method = ZIP_CM_DEFLATE) {
  const std::string path = (folder.path() / "x.npz").string();
  int code = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(zip != nullptr);
  for (const auto& [name, bytes] : entries) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name.c_str(), source, 0);
    REQUIRE(index >= 0);
    REQUIRE(zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), method, 0) == 0);
  }
  REQUIRE(zip_close(zip) == 0);
  return path;
}

std::string read_message(const std::string& path, const std::string& array) {
  return message_of<DataError>([&] { (void)NpzFile(path).read(array); });
}

/// Puts a 32 bit little endian number where the (last) central directory has it.
void patch_central(std::string& bytes, std::size_t field, std::uint32_t value) {
  const std::size_t at = bytes.rfind("PK\x01\x02") + field;
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xFF);
}

constexpr std::size_t kCompressedSize = 20;  // of a central directory entry
constexpr std::size_t kUncompressedSize = 24;

}  // namespace

TEST_CASE("npz: stored and deflated arrays, in the order of the file") {
  const musicrep::TempFolder folder;
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    const NpzFile file(make_zip(
        folder, {{"X.npy", npy_bytes()}, {"A.npy", npy_bytes()}, {"notes.txt", "hi"}}, method));
    CHECK(file.names() == std::vector<std::string>{"X", "A"});
    CHECK(file.has("X"));
    CHECK_FALSE(file.has("notes"));
    CHECK(file.read("A").to_matrix().values() == std::vector<double>(100, 0.5));
  }
}

TEST_CASE("npz: an unknown array gets the nearest one") {
  const musicrep::TempFolder folder;
  const std::string path = make_zip(folder, {{"IDS.npy", npy_bytes()}});
  CHECK_THAT(read_message(path, "IDs"),
             Contains("x.npz'") && Contains("unknown array 'IDs'. Did you mean 'IDS'?"));
}

TEST_CASE("npz: a damaged array names file and array") {
  const musicrep::TempFolder folder;
  const std::string npy = npy_bytes();
  const std::string path = make_zip(folder, {{"X.npy", npy.substr(0, npy.size() - 1)}});
  CHECK_THAT(read_message(path, "X"),
             Contains("x.npz[X]': found 799 bytes of values, expected 800"));
}

TEST_CASE("npz: a changed byte does not pass the checksum") {
  const musicrep::TempFolder folder;
  const std::string path = make_zip(folder, {{"X.npy", npy_bytes()}}, ZIP_CM_STORE);
  std::string bytes = musicrep::bytes_of(path);
  const std::size_t at = bytes.find("NUMPY") + 200;
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  folder.write("x.npz", bytes);
  CHECK_THAT(read_message(path, "X"), Contains("x.npz[X]'") && Contains("CRC"));
}

TEST_CASE("npz: what declares more than it holds, or less") {
  const musicrep::TempFolder folder;
  const std::string path = make_zip(folder, {{"X.npy", npy_bytes()}});
  const std::string whole = musicrep::bytes_of(path);
  const auto with_size = [&](std::uint32_t size) {
    std::string bytes = whole;
    patch_central(bytes, kUncompressedSize, size);
    folder.write("x.npz", bytes);
    return read_message(path, "X");
  };
  CHECK_THAT(with_size(4000000000U),
             Contains("x.npz[X]': declares 4000000000 bytes") && Contains("cannot hold"));
  CHECK_THAT(with_size(1000), Contains("x.npz[X]'") && !Contains("nothing was thrown"));
  CHECK_THAT(with_size(100), Contains("x.npz[X]'") && !Contains("nothing was thrown"));

  std::string bytes = whole;
  patch_central(bytes, kCompressedSize, 3000000000U);
  folder.write("x.npz", bytes);
  CHECK_THAT(read_message(path, "X"), Contains("x.npz[X]'") && Contains("cannot hold"));
}

TEST_CASE("npz: truncated archives and files that are none") {
  const musicrep::TempFolder folder;
  const std::string path = make_zip(folder, {{"X.npy", npy_bytes()}});
  const std::string whole = musicrep::bytes_of(path);
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
    folder.write("x.npz", std::string_view(whole).substr(0, n));
    CHECK_THAT(read_message(path, "X"), Contains("x.npz'") && !Contains("nothing was thrown"));
  }
  CHECK_THAT(message_of<DataError>([] { NpzFile("no/such.npz"); }),
             Contains("there is no file 'no/such.npz'"));
  CHECK_THAT(message_of<DataError>([&] { NpzFile(folder.path()); }),
             Contains("is not a regular file"));
}
