// Goes on after a mistake, so that all of them are reported at once.
#pragma once

#include <string>

#include "musicrep/error.h"

namespace musicrep {

class ProblemCollector {
 public:
  explicit ProblemCollector(std::string heading) : heading_(std::move(heading)) {}

  /// Calls body(); what it throws is kept, behind `where`. A request to stop is thrown again.
  template <typename Body>
  void collect(const std::string& where, Body body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) throw;
      if (error.kind() == ErrorKind::kUsage) has_config_problem_ = true;
      problems_.add(where + error.what());
    }
  }

  /// Throws ConfigError where one of the problems is a mistake in the experiment, else DataError.
  void throw_if_any() const {
    if (has_config_problem_) problems_.throw_if_any<ConfigError>(heading_);
    problems_.throw_if_any<DataError>(heading_);
  }

 private:
  std::string heading_;
  Problems problems_;
  bool has_config_problem_ = false;
};

}  // namespace musicrep
