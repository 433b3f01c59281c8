#include "fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "core/files.h"
#include "test_files.h"

namespace musicrep::fuzz {

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

const Target& target_named(const std::string& name) {
  for (const Target& target : targets()) {
    if (target.name == name) return target;
  }
  throw ConfigError(fmt::format("there is no target '{}'", name));
}

Registration::Registration(Target target) {
  targets().push_back(std::move(target));
  std::ranges::sort(targets(), {}, &Target::name);
}

bool run(const Target& target, const std::string& bytes, std::string* reason) {
  try {
    target.run(bytes);
    return true;
  } catch (const Error& error) {
    if (reason != nullptr) *reason = error.what();
    if (std::string_view(error.what()).find("input") != std::string_view::npos) return false;
    throw std::logic_error(fmt::format("the message does not name the file: {}", error.what()));
  }
}

const std::filesystem::path& folder() {
  static const TempFolder made;
  return made.path();
}

std::filesystem::path input_file(const std::string& name, std::string_view bytes) {
  std::filesystem::path path = folder() / name;
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::remove(path);  // ext4 waits for the disk where a file is written over
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out.write(bytes.data(), std::ssize(bytes)).flush()) throw std::runtime_error("disk full");
  return path;
}

std::string written_file(const std::string& name) { return read_file(folder() / name); }

std::string test_file(const std::string& name) {
  return read_file(std::filesystem::path(MUSICREP_TEST_DIR) / name);
}

std::string number_bytes(std::uint64_t value, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

}  // namespace musicrep::fuzz
