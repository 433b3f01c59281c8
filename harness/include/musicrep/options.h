// Options of encoders and data sets: their values, and how each is declared.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace musicrep {

/// One value of an option, as an experiment file gives it.
using OptionValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// The options that an experiment file gives to one encoder or data set.
using Options = std::map<std::string, OptionValue>;

/// The numbers that an option may be: finite ones, unless `greatest` is infinity.
struct NumberRange {
  double least = std::numeric_limits<double>::lowest();
  double greatest = std::numeric_limits<double>::max();
  bool without_least = false;     ///< numbers above `least` alone
  bool without_greatest = false;  ///< numbers below `greatest` alone

  static constexpr NumberRange at_least(double bound) { return {.least = bound}; }
  static constexpr NumberRange above(double bound) {
    return {.least = bound, .without_least = true};
  }
  static constexpr NumberRange between(double first, double last) {
    return {.least = first, .greatest = last};
  }
  /// False for NaN.
  [[nodiscard]] constexpr bool contains(double value) const {
    return (without_least ? value > least : value >= least) &&
           (without_greatest ? value < greatest : value <= greatest);
  }
};

/// Declares one option, once: the check of experiment files, the defaults and `describe` read it.
/// Designated initialisers say what it is: {.name = "steps", .default_value = ..., ...}.
struct OptionSpec {
  std::string name;
  OptionValue default_value;  ///< its type is the option's type
  std::string description;    ///< with unit and range
  bool required = false;
  /// Names files: relative ones are taken from the experiment file's folder, and a step's key holds
  /// their content (Encoder::content_sha256) instead of their names.
  bool is_path = false;
  /// Says how the encoder is trained: part of the key of a training, as no other option is.
  bool trains = false;
  /// Does not affect results (a time limit, say) and so is in no key.
  bool practical = false;
  /// Came when trainings were stored already: part of a key only where it is not its default, so
  /// that theirs stay what they were.
  bool came_later = false;
  /// What a number may be; any where it is empty. The default is always good.
  std::optional<NumberRange> range = {};
  /// What a text, or each of a list, may be; any where it is empty. The default is always good.
  std::vector<std::string> one_of = {};
};

/// An option as the registry completed it; a wrong name or type is the encoder's own mistake.
template <typename T>
const T& option(const Options& options, const std::string& name) {
  return std::get<T>(options.at(name));
}

}  // namespace musicrep
