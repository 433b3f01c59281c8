// TOML, read strictly: a key that nobody asked for is an error that names the nearest known one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// One table of a TOML file. Getters remember the keys that they were asked for; finish() refuses
/// the rest. Errors are ConfigErrors of the form "file:line: [table] key: what is wrong".
class TomlTable {
 public:
  /// Parses a text; messages call it `name`. Throws ConfigError with line and column.
  static TomlTable parse(std::string_view text, const std::string& name);
  static TomlTable parse_file(const std::filesystem::path& path);

  TomlTable(TomlTable&&) noexcept;
  TomlTable& operator=(TomlTable&&) noexcept;
  ~TomlTable();

  [[nodiscard]] bool has(const std::string& key) const;

  [[nodiscard]] std::string text(const std::string& key) const;
  [[nodiscard]] std::string text(const std::string& key, const std::string& fallback) const;
  [[nodiscard]] std::int64_t integer(const std::string& key) const;
  [[nodiscard]] std::int64_t integer(const std::string& key, std::int64_t fallback) const;
  [[nodiscard]] double number(const std::string& key) const;
  [[nodiscard]] double number(const std::string& key, double fallback) const;
  [[nodiscard]] bool boolean(const std::string& key, bool fallback) const;
  /// A list of texts; one text counts as a list of one. Empty where absent.
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;
  [[nodiscard]] std::vector<double> numbers(const std::string& key) const;
  /// Each entry as text: numbers are written in their shortest form. Empty where absent.
  [[nodiscard]] std::vector<std::string> scalars(const std::string& key) const;

  /// A table inside this one; empty where absent.
  [[nodiscard]] std::optional<TomlTable> table(const std::string& key) const;
  /// Names of all tables inside the table `key`, in the order of the file.
  [[nodiscard]] std::vector<std::string> table_names(const std::string& key) const;
  /// An array of tables ([[key]]); empty where absent.
  [[nodiscard]] std::vector<TomlTable> tables(const std::string& key) const;

  /// Every key that no getter has asked for, as the options of an encoder or a data set. Dates and
  /// nested tables are refused.
  [[nodiscard]] Options remaining_options() const;

  /// Throws ConfigError where the table has a key that nothing asked for.
  void finish() const;

  /// "file:line: [table] key" for a message about that key.
  [[nodiscard]] std::string where(const std::string& key) const;

 private:
  struct State;
  explicit TomlTable(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace musicrep
