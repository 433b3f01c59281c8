// Errors that a user can mend. Mistakes of the program's own are assertions, not these.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace musicrep {

/// What kind of mistake an Error tells of; the command line turns it into its exit code.
enum class ErrorKind {
  kUsage,        ///< the command line or a configuration: exit code 2
  kData,         ///< files, features, labels, the disk: exit code 3
  kInterrupted,  ///< the user stopped the run: exit code 130
};

/// A mistake in what the user handed over. The message names the file, the item, what was found and
/// what was expected.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

/// A mistake in the command line or in a configuration file.
class ConfigError : public Error {
 public:
  explicit ConfigError(const std::string& message) : Error(ErrorKind::kUsage, message) {}
};

/// A mistake in data: a file that is damaged, a label that is missing, a disk that is full.
class DataError : public Error {
 public:
  explicit DataError(const std::string& message) : Error(ErrorKind::kData, message) {}
};

/// What an external encoder (a shared object, a model file, a command) did wrong: it costs that
/// encoder's rows and nothing else. The message names the encoder, the item where there is one, and
/// the reason.
class ForeignFailure : public DataError {
 public:
  explicit ForeignFailure(const std::string& message) : DataError(message) {}
};

/// Collects problems, so that all of them are reported at once before long work begins.
class Problems {
 public:
  void add(std::string problem) { problems_.push_back(std::move(problem)); }
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  [[nodiscard]] std::size_t size() const { return problems_.size(); }
  [[nodiscard]] const std::vector<std::string>& list() const { return problems_; }

  /// One text: `heading`, then a line a problem, the first `most` of them and a count of the rest.
  [[nodiscard]] std::string text(const std::string& heading, std::size_t most = 20) const {
    std::string out = heading;
    for (std::size_t i = 0; i < problems_.size() && i < most; ++i) out += "\n  - " + problems_[i];
    if (problems_.size() > most) {
      out += "\n  - and " + std::to_string(problems_.size() - most) + " more";
    }
    return out;
  }

  /// Throws E(text(heading)) where there is a problem; does nothing otherwise.
  template <typename E = DataError>
  void throw_if_any(const std::string& heading) const {
    if (problems_.size() == 1) throw E(heading + " " + problems_[0]);
    if (!problems_.empty()) throw E(text(heading));
  }

 private:
  std::vector<std::string> problems_;
};

}  // namespace musicrep
