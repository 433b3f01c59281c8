#include "core/files.h"

#include <unistd.h>
#include <atomic>
#include <catch2/catch.hpp>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace musicrep {
namespace {

std::ptrdiff_t entries_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a file is read whole, zero bytes and all") {
  const TempFolder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  CHECK(read_file(folder.write("a.bin", bytes)) == bytes);
  CHECK(read_file(folder.write("empty", "")).empty());
}

TEST_CASE("reading tells the path and the reason") {
  const TempFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  CHECK(message_of<DataError>([&] { read_file(missing); }) ==
        "cannot read '" + missing + "': No such file or directory");
  const std::string here = folder.path().string();
  CHECK(message_of<DataError>([&] { read_file(here); }) ==
        "cannot read '" + here + "': it is a folder, not a file");
  const std::string below_file = folder.write("file", "x") + "/below";
  CHECK_THAT(message_of<DataError>([&] { read_file(below_file); }), Contains("Not a directory"));
}

TEST_CASE("a file appears whole, in folders made for it") {
  const TempFolder folder;
  const fs::path path = folder.path() / "new" / "folder" / "a.txt";
  write_text_atomically(path, "one");
  CHECK(bytes_of(path) == "one");
  write_text_atomically(path, "");
  CHECK(bytes_of(path).empty());
  CHECK(entries_in(path.parent_path()) == 1);
}

TEST_CASE("a file without a folder goes into the working folder") {
  const TempFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_text_atomically("a.txt", "here");
  fs::current_path(before);
  CHECK(bytes_of(folder.path() / "a.txt") == "here");
}

TEST_CASE("a write that fails leaves the old file, and no temporary one") {
  const TempFolder folder;
  const std::string path = folder.write("a.txt", "old");
  CHECK_THROWS_AS(write_atomically(path,
                                   [&](const fs::path& temporary) {
                                     CHECK(temporary.parent_path() == folder.path());
                                     write_text_atomically(temporary, "half");
                                     throw std::runtime_error("halfway");
                                   }),
                  std::runtime_error);
  CHECK(bytes_of(path) == "old");
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a write that cannot be put in place says so") {
  const TempFolder folder;
  const fs::path path = folder.path() / "taken";
  fs::create_directories(path / "inside");
  const std::string message = message_of<DataError>([&] { write_text_atomically(path, "x"); });
  CHECK_THAT(message, Contains("cannot rename into place '" + path.string() + "'"));
  CHECK(entries_in(folder.path()) == 1);
  CHECK_THAT(message_of<DataError>([&] { write_atomically(folder.path() / "b", [](auto&) {}); }),
             Contains("No such file"));
}

TEST_CASE("many writers of one file leave one of their texts") {
  const TempFolder folder;
  const fs::path path = folder.path() / "a.txt";
  std::atomic<int> failures{0};
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < 4; ++w) {
      writers.emplace_back([&, w] {
        const std::string text(1000, static_cast<char>('a' + w));
        for (int i = 0; i < 20; ++i) {
          try {
            write_text_atomically(path, text);
          } catch (const DataError&) {
            ++failures;
          }
        }
      });
    }
  }
  CHECK(failures == 0);
  const std::string text = bytes_of(path);
  CHECK(text.size() == 1000);
  CHECK(text == std::string(1000, text.at(0)));
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a folder that cannot be written is found before the work begins") {
  const TempFolder folder;
  require_writable_folder(folder.path() / "new" / "one");
  CHECK(fs::is_directory(folder.path() / "new" / "one"));
  CHECK(fs::is_empty(folder.path() / "new" / "one"));

  const std::string file = folder.write("file", "x");
  CHECK_THAT(message_of<DataError>([&] { require_writable_folder(file); }),
             Contains("cannot make folder '" + file + "'"));
  CHECK_THAT(message_of<DataError>([&] { write_text_atomically(file + "/a/b.txt", "x"); }),
             Contains("cannot make folder '" + file + "/a'"));
  // Not even root may write there.
  CHECK_THAT(message_of<DataError>([] { require_writable_folder("/proc"); }),
             Contains("cannot write into folder '/proc': "));
  CHECK_THAT(message_of<DataError>([] { write_text_atomically("/proc/musicrep.txt", "x"); }),
             Contains("cannot write '/proc/musicrep.txt': "));
}

TEST_CASE("temporaries of other hosts, and of the living, stay") {
  const TempFolder folder;
  std::string mine;
  write_atomically(folder.path() / "a", [&](const fs::path& temporary) {
    mine = temporary.filename().string();
    write_text_atomically(folder.path() / "x", "x");
    std::ofstream(temporary) << "half";
    CHECK_FALSE(is_stale_temporary(temporary));
  });
  // ".<file>.<process>-<boot>x<processes>-<token>-<count>.tmp": the same of a process that cannot
  // be, on this machine and on others that share the folder.
  const std::size_t process = mine.find('.', 1) + 1;
  const std::size_t machine = mine.find('-', process) + 1;
  const std::size_t token = mine.find('-', machine);
  const std::string word = mine.substr(machine, token - machine);
  const std::string rest = mine.substr(token);
  const auto of = [&](const std::string& pid, const std::string& host) {
    return folder.write(".a." + pid + "-" + host + rest, "half");
  };
  const std::string dead = of("999999999", word);
  std::string rebooted = word;
  rebooted[0] = rebooted[0] == '0' ? '1' : '0';
  const std::vector<std::string> others = {
      of("999999999", rebooted),    // another machine, or this one before it was restarted
      of("999999999", word + "1"),  // another container
      of("999999999", "0123abcdx4026531836"), of(std::to_string(::getpid()), word)};
  CHECK(remove_temporaries_of_the_dead(folder.path()) == 1);
  CHECK_FALSE(fs::exists(dead));
  for (const std::string& other : others) {
    INFO(other);
    CHECK(fs::exists(other));
  }
}

TEST_CASE("a required file must be a file") {
  const TempFolder folder;
  require_file(folder.write("a", ""), "weights");
  const std::string missing = (folder.path() / "missing").string();
  CHECK(message_of<DataError>([&] { require_file(missing, "weights"); }) ==
        "weights: there is no file '" + missing + "'");
  CHECK(message_of<DataError>([&] { require_file(folder.path(), "weights"); }) ==
        "weights: '" + folder.path().string() + "' is not a regular file");
}

}  // namespace musicrep
