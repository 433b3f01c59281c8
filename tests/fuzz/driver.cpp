// Runs targets over what is saved and over mutations of it.
//
//   musicrep_fuzz TARGET [STEPS [SEED]]      seeds and corpus/TARGET/*, then so many mutations
//   musicrep_fuzz TARGET --seconds N [SEED]  the same for so long
//   musicrep_fuzz TARGET --file FILE...      those files alone
//   musicrep_fuzz TARGET --seeds FOLDER      writes the target's seeds, for libFuzzer
//   musicrep_fuzz --list
//
// The first finding ends it with code 1; the input is written to finding-TARGET. The last one over
// which the HDF5 library fell, which is no finding, is in fell-TARGET.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/sanitized.h"
#include "fuzz.h"
#include "mutate.h"
#include "store/read_apart.h"

namespace musicrep::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr unsigned kLimit_s = 60;                     // of one input: machines may be busy
constexpr rlim_t kMostMemory = std::size_t{3} << 29;  // what is linked and 1 GiB
const std::string* at_hand = nullptr;                 // the input that is being read
std::string finding_path;

/// What a signal's handler may do: write the input and go.
extern "C" void on_end(int number) {
  const int file = ::creat(finding_path.c_str(), 0644);
  if (file >= 0 && at_hand != nullptr) {
    static_cast<void>(!::write(file, at_hand->data(), at_hand->size()));
  }
  const std::string_view text =
      number == SIGALRM ? "finding: no end within 60 s\n" : "finding: killed by a signal\n";
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
  ::_exit(128 + number);
}

void set_limits() {
  std::signal(SIGALRM, on_end);
  if (kAddressSanitized || kThreadSanitized) return;
  const rlimit memory{kMostMemory, kMostMemory};
  ::setrlimit(RLIMIT_AS, &memory);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(number, on_end);
}

struct Count {
  std::size_t read = 0;
  std::size_t refused = 0;
  std::size_t fell = 0;     ///< of those refused: the HDF5 library crashed or did not end
  std::string reason = {};  ///< of the last refusal
};

/// Whether all went well.
bool try_input(const Target& target, const std::string& bytes, const std::string& where,
               Count& count) {
  at_hand = &bytes;
  count.reason.clear();
  ::alarm(kLimit_s);
  try {
    ++(run(target, bytes, &count.reason) ? count.read : count.refused);
    if (count.reason.find(kDamagedOrMalicious) != std::string::npos) {
      ++count.fell;
      std::ofstream("fell-" + target.name, std::ios::binary) << bytes;
    }
    ::alarm(0);
    return true;
  } catch (const std::exception& error) {
    std::ofstream(finding_path, std::ios::binary) << bytes;
    fmt::print(stderr, "finding in {} ({}, written to {}): {}\n", target.name, where, finding_path,
               error.what());
    return false;
  }
}

std::vector<std::pair<std::string, std::string>> inputs_of(const Target& target) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& seed : target.seeds()) {
    out.emplace_back(fmt::format("seed {}", out.size()), seed);
  }
  const fs::path saved = fs::path(MUSICREP_TEST_DIR) / "fuzz/corpus" / target.name;
  if (!fs::exists(saved)) return out;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(saved)) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    out.emplace_back(file.filename().string(), read_file(file));
  }
  return out;
}

/// Mutations end after `steps` or `seconds`, whichever comes first.
bool run_all(const Target& target, std::size_t steps, double seconds, std::uint64_t seed) {
  const auto inputs = inputs_of(target);
  const std::size_t n_seeds = target.seeds().size();
  Count count;
  const auto start = std::chrono::steady_clock::now();
  const auto took = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  for (const auto& [name, bytes] : inputs) {
    if (!try_input(target, bytes, name, count)) return false;
  }
  fmt::print("{}: {} inputs, {} read, {} refused", target.name, inputs.size(), count.read,
             count.refused);
  count = {};
  Random random(seed);
  for (std::size_t step = 0; step < steps && took() < seconds; ++step) {
    // Of what is good: near a finding there are more like it, which tell nothing new.
    const auto& [name, bytes] = inputs[random.below(n_seeds)];
    const std::string bad = mutated(bytes, random);
    if (!try_input(target, bad, fmt::format("{}, step {}", name, step), count)) return false;
  }
  fmt::print("; {} mutations, {} read, {} refused{}, {:.0f} a second\n", count.read + count.refused,
             count.read, count.refused,
             count.fell == 0
                 ? ""
                 : fmt::format(" ({} by a crash or loop of the HDF5 library)", count.fell),
             static_cast<double>(inputs.size() + count.read + count.refused) / took());
  return true;
}

int main_of(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--list") {
    for (const Target& target : targets()) fmt::print("{}\n", target.name);
    return 0;
  }
  const Target& target = target_named(arguments[0]);
  finding_path = "finding-" + target.name;
  set_limits();
  const std::string what = arguments.size() > 1 ? arguments[1] : "1000";
  if (what == "--seeds") {
    std::size_t n = 0;
    for (const auto& [name, bytes] : inputs_of(target)) {
      write_text_atomically(fs::path(arguments.at(2)) / fmt::format("seed-{}", n++), bytes);
    }
    return 0;
  }
  if (what == "--file") {
    Count count;
    for (std::size_t i = 2; i < arguments.size(); ++i) {
      if (!try_input(target, read_file(arguments[i]), arguments[i], count)) return 1;
      fmt::print("{}: {}\n", arguments[i], count.reason.empty() ? "read" : count.reason);
    }
    return 0;
  }
  const auto number = [&](std::size_t at, std::uint64_t otherwise) {
    return arguments.size() > at ? std::stoull(arguments[at]) : otherwise;
  };
  constexpr std::size_t kWithoutEnd = ~std::size_t{0};
  const bool timed = what == "--seconds";
  const bool good =
      timed ? run_all(target, kWithoutEnd, static_cast<double>(number(2, 60)), number(3, 1))
            : run_all(target, std::stoull(what) / target.cost, 1e9, number(2, 1));
  return good ? 0 : 1;
}

}  // namespace
}  // namespace musicrep::fuzz

int main(int argc, char** argv) {
  try {
    return musicrep::fuzz::main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
