// Hostile input: every reader of outside bytes is a target, which reads or refuses what it is
// given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "musicrep/error.h"

namespace musicrep::fuzz {

/// One reader. Files that it is given are called "input…", and every message must name them.
struct Target {
  std::string name;
  /// Reads the bytes; returns, or throws an Error. Whatever else happens is a finding.
  void (*run)(const std::string& bytes);
  /// Good inputs to begin with, always the same.
  std::vector<std::string> (*seeds)();
  /// What an input costs beside others: a target that makes a process for each has more.
  std::size_t cost = 1;
};

/// All targets, by name.
std::vector<Target>& targets();
/// Throws ConfigError where there is none of that name.
const Target& target_named(const std::string& name);

/// A target of the program: `const Registration x({"name", run, seeds});` in its source.
struct Registration {
  explicit Registration(Target target);
};

/// Runs a target. Returns whether it read the bytes; throws whatever is not an Error, and
/// std::logic_error where an Error does not name its file. `reason`: of a refusal.
bool run(const Target& target, const std::string& bytes, std::string* reason = nullptr);

/// Calls a part of a target whose refusal should not keep the rest from being tried.
template <typename Act>
void try_each(Act&& act) {
  try {
    act();
  } catch (const Error&) {  // its message is looked at where it is the only one
  }
}

/// A folder of this process's own, which goes with it.
const std::filesystem::path& folder();
/// Writes folder()/name; returns its path.
std::filesystem::path input_file(const std::string& name, std::string_view bytes);
/// The bytes of folder()/name, where a seed was written by the program itself.
std::string written_file(const std::string& name);
/// The bytes of a file below tests/.
std::string test_file(const std::string& name);

/// Little-endian number of `n` bytes.
std::string number_bytes(std::uint64_t value, std::size_t n);

}  // namespace musicrep::fuzz
