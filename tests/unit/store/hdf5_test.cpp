#include "store/hdf5.h"

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "core/files.h"
#include "core/random.h"
#include "store_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

const Numbers kNumbers = {0.1, -0.0, std::numeric_limits<double>::denorm_min(),
                          std::numeric_limits<double>::max(),
                          -std::numeric_limits<double>::infinity()};
const Integers kIntegers = {0, -1, std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<std::int64_t>::max()};
const Texts kTexts = {"", "one", "Motörhead – 初音ミク", "with\nlines\tand |", " ends in blanks  "};

void write_sample(const std::filesystem::path& path) {
  Hdf5File file(path, Hdf5File::Mode::kCreate);
  file.write_attribute("/", "text", std::string("ünïcode"));
  file.write_attribute("/", "empty", std::string());
  file.write_attribute("/", "number", 0.1);
  file.write_attribute("/", "integer", std::int64_t{-7});
  file.write("/numbers", std::span<const double>(kNumbers));
  file.write("/a/b/integers", std::span<const std::int64_t>(kIntegers));
  file.write("/a/texts", std::span<const std::string>(kTexts));
  file.write("/none/numbers", std::span<const double>());
  file.write("/none/integers", std::span<const std::int64_t>());
  file.write("/none/texts", std::span<const std::string>());
  file.write("/none/matrix", Matrix(0, 5));
  file.write("/wide", Matrix(2, 3, {1, 2, 3, 4, 5, 0.1}));
  file.write("/narrow", Matrix(3, 2, {1, 2, 3, 4, 5, 0.5}));
  file.make_group("/c/d");
  file.write_attribute("/c/d", "text", std::string("below"));
  file.write_attribute("/numbers", "unit", std::string("Hz"));
  file.close();
}

TEST_CASE("everything written is read back") {
  const TemporaryFolder folder;
  write_sample(folder / "x.h5");
  const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
  CHECK(file.read_text_attribute("/", "text") == "ünïcode");
  CHECK(file.read_text_attribute("/", "empty").empty());
  CHECK(file.read_number_attribute("/", "number") == 0.1);
  CHECK(file.read_number_attribute("/", "integer") == -7);
  CHECK(file.read_integer_attribute("/", "integer") == -7);
  CHECK(file.read_text_attribute("/c/d", "text") == "below");
  CHECK(file.read_text_attribute("/numbers", "unit") == "Hz");
  CHECK(file.attribute_names("/") == Texts{"empty", "integer", "number", "text"});
  CHECK(file.has_attribute("/", "text"));
  CHECK_FALSE(file.has_attribute("/", "texts"));
  CHECK(file.read_numbers("/numbers") == kNumbers);
  CHECK(std::signbit(file.read_numbers("/numbers")[1]));
  CHECK(file.read_integers("/a/b/integers") == kIntegers);
  CHECK(file.read_texts("/a/texts") == kTexts);
  CHECK(file.read_numbers("/none/numbers").empty());
  CHECK(file.read_integers("/none/integers").empty());
  CHECK(file.read_texts("/none/texts").empty());
  CHECK(file.read_matrix("/none/matrix") == Matrix(0, 5));
  CHECK(file.read_matrix("/wide") == Matrix(2, 3, {1, 2, 3, 4, 5, 0.1}));
  CHECK(file.read_matrix("/narrow") == Matrix(3, 2, {1, 2, 3, 4, 5, 0.5}));
  CHECK(file.read_matrix("/numbers") == Matrix(5, 1, kNumbers));
  CHECK(file.shape("/wide") == std::vector<std::size_t>{2, 3});
  CHECK(file.members("/") == Texts{"a", "c", "narrow", "none", "numbers", "wide"});
  CHECK(file.is_group("/a/b"));
  CHECK_FALSE(file.is_group("/wide"));
  CHECK(file.exists("/"));
  CHECK(file.exists("/a/b/integers"));
  CHECK_FALSE(file.exists("/a/q/integers"));
  CHECK_FALSE(file.exists("/wide/x"));
}

TEST_CASE("a matrix larger than one chunk, and texts of more than one block, come back") {
  const TemporaryFolder folder;
  Matrix large(3000, 300);
  for (std::size_t i = 0; i < large.values().size(); ++i) {
    large.data()[i] = static_cast<double>(i) / 3;
  }
  Texts texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("item " + std::to_string(i));
  texts.push_back(std::string(3 << 20, 'x'));
  Hdf5File out(folder / "x.h5", Hdf5File::Mode::kCreate);
  out.write("/large", large);
  out.write("/texts", std::span<const std::string>(texts));
  out.close();
  const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
  CHECK(file.read_matrix("/large") == large);
  CHECK(file.read_texts("/texts") == texts);
}

TEST_CASE("arrays of any rank come back as float32, and are found below their groups") {
  const TemporaryFolder folder;
  {
    Hdf5File file(folder / "x.h5", Hdf5File::Mode::kCreate);
    file.write_floats("/one", {}, std::vector<float>{0.1F});
    file.write_floats("/a/b/five", {1, 2, 1, 3, 1}, std::vector<float>{1, 2, 3, 4, 5, -0.0F});
    file.write_floats("/a/none", {2, 0}, {});
    file.write("/wide", std::vector<double>{0.1, 1e39});
    file.make_group("/a/empty");
    file.close();
  }
  const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
  using Floats = std::vector<float>;
  using Shape = std::vector<std::size_t>;
  CHECK(file.read_floats("/one") == Floats{0.1F});
  CHECK(file.shape("/one") == Shape{});
  CHECK(file.read_floats("/a/b/five") == Floats{1, 2, 3, 4, 5, -0.0F});
  CHECK(file.shape("/a/b/five") == Shape{1, 2, 1, 3, 1});
  CHECK(file.read_floats("/a/none").empty());
  CHECK(file.shape("/a/none") == Shape{2, 0});
  CHECK_THAT(data_error_of([&] { return file.read_floats("/wide"); }), Contains("does not fit"));
  CHECK(file.datasets_below("/") == Texts{"/a/b/five", "/a/none", "/one", "/wide"});
  CHECK(file.datasets_below("/a") == Texts{"/a/b/five", "/a/none"});
  CHECK_THAT(data_error_of([&] { return file.datasets_below("/one"); }), Contains("not a group"));
}

TEST_CASE("equal content gives equal bytes") {
  const TemporaryFolder folder;
  write_sample(folder / "a.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // past a time stamp's second
  write_sample(folder / "b.h5");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
}

TEST_CASE("a wrong object, rank or type is refused by file, object, found and expected") {
  const TemporaryFolder folder;
  write_sample(folder / "x.h5");
  const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
  const auto check = [](const std::string& message, const Texts& parts) {
    CHECK_THAT(message, Contains("x.h5"));
    for (const std::string& part : parts) CHECK_THAT(message, Contains(part));
  };
  check(data_error_of([&] { return file.read_numbers("/nothing"); }),
        {"there is no data set '/nothing'"});
  check(data_error_of([&] { return file.read_numbers("/a"); }),
        {"'/a' is a group, expected a data set"});
  check(data_error_of([&] { return file.read_numbers("/wide"); }),
        {"'/wide'", "shape [2, 3]", "expected one dimension"});
  check(data_error_of([&] { return file.read_numbers("/a/texts"); }),
        {"'/a/texts'", "holds texts", "expected numbers"});
  check(data_error_of([&] { return file.read_integers("/numbers"); }),
        {"'/numbers'", "floating-point numbers of 64 bits", "expected whole numbers"});
  check(data_error_of([&] { return file.read_texts("/numbers"); }), {"expected texts"});
  check(data_error_of([&] { return file.read_matrix("/a/texts"); }),
        {"holds texts", "expected numbers"});
  // The largest 64-bit number has no double of its own.
  check(data_error_of([&] { return file.read_numbers("/a/b/integers"); }), {"does not fit"});
  check(data_error_of([&] { return file.members("/wide"); }), {"'/wide' is not a group"});
  check(data_error_of([&] { return file.members("/nothing"); }), {"there is no group '/nothing'"});
  check(data_error_of([&] { return file.read_text_attribute("/", "x"); }),
        {"there is no attribute 'x' of '/'"});
  check(data_error_of([&] { return file.read_text_attribute("/", "number"); }),
        {"'number'", "floating-point", "expected a text"});
  check(data_error_of([&] { return file.read_number_attribute("/", "text"); }),
        {"'text'", "texts", "expected a number"});
  check(data_error_of([&] { return file.read_integer_attribute("/", "number"); }),
        {"'number'", "expected a whole number"});
}

TEST_CASE("what HDF5 cannot hold is refused when written") {
  const TemporaryFolder folder;
  Hdf5File file(folder / "x.h5", Hdf5File::Mode::kCreate);
  const Texts cut = {"good", std::string("cut\0here", 8)};
  CHECK_THAT(data_error_of([&] { file.write("/t", std::span<const std::string>(cut)); }),
             Contains("item 1 of data set '/t'") && Contains("NUL"));
  CHECK_THAT(data_error_of([&] { file.write_attribute("/", "a", cut[1]); }),
             Contains("attribute 'a'") && Contains("NUL"));
  file.write("/twice", std::span<const double>(kNumbers));
  CHECK_THAT(data_error_of([&] { file.write("/twice", std::span<const double>(kNumbers)); }),
             Contains("cannot make data set '/twice'") && Contains("HDF5:") && Contains("exists"));
  CHECK_THAT(data_error_of([&] { file.write_attribute("/missing", "a", 1.0); }),
             Contains("there is no object '/missing'"));
}

TEST_CASE("a file that is missing, a folder, no HDF5 or cut short is refused by name") {
  const TemporaryFolder folder;
  const auto open = [&](const std::string& name) {
    return data_error_of([&] { return Hdf5File(folder / name, Hdf5File::Mode::kRead); });
  };
  CHECK_THAT(open("missing.h5"), Contains("there is no file") && Contains("missing.h5"));
  std::filesystem::create_directory(folder / "folder.h5");
  CHECK_THAT(open("folder.h5"), Contains("not a regular file") && Contains("folder.h5"));
  write_bytes(folder / "text.h5", "id,label\n");
  CHECK_THAT(open("text.h5"), Contains("text.h5") && Contains("is not an HDF5 file"));
  write_bytes(folder / "empty.h5", "");
  CHECK_THAT(open("empty.h5"), Contains("empty.h5") && Contains("is not an HDF5 file"));
  write_sample(folder / "x.h5");
  const std::string bytes = read_file(folder / "x.h5");
  for (const double share : {0.1, 0.5, 0.9, 0.999}) {
    const auto size = static_cast<std::size_t>(share * static_cast<double>(bytes.size()));
    write_bytes(folder / "cut.h5", bytes.substr(0, size));
    CHECK_THAT(open("cut.h5"),
               Contains("cut.h5") && Contains("cut short") && Contains("truncated"));
  }
  CHECK_THAT(data_error_of([&] { return Hdf5File(folder / "no/x.h5", Hdf5File::Mode::kCreate); }),
             Contains("cannot write") && Contains("no/x.h5") && Contains("No such file"));
}

TEST_CASE("a damaged value is noticed by its checksum") {
  const TemporaryFolder folder;
  std::vector<double> numbers(5000);  // more than stands in an object's header
  Random random(1);
  for (double& v : numbers) v = random.uniform();
  {
    Hdf5File file(folder / "x.h5", Hdf5File::Mode::kCreate);
    file.write("/numbers", numbers);
    file.close();
  }
  std::string bytes = read_file(folder / "x.h5");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_bytes(folder / "x.h5", bytes);
  const Hdf5File file(folder / "x.h5", Hdf5File::Mode::kRead);
  CHECK_THAT(data_error_of([&] { return file.read_numbers("/numbers"); }),
             Contains("x.h5") && Contains("damaged") && Contains("HDF5:"));
}

TEST_CASE("threads may use files of their own at the same time") {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  std::array<bool, 4> good{};
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&folder, &good, t] {
      bool all = true;
      for (int i = 0; i < 10; ++i) {
        const auto path = folder / (std::to_string(t) + ".h5");
        write_sample(path);
        const Hdf5File file(path, Hdf5File::Mode::kRead);
        all = all && file.read_texts("/a/texts") == kTexts &&
              file.read_numbers("/numbers") == kNumbers;
      }
      good[t] = all;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const bool each : good) CHECK(each);
}

}  // namespace
}  // namespace musicrep
