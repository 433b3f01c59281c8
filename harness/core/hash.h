// SHA-256: the names of steps, data and weights.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace musicrep {

/// Feeds bytes into a SHA-256; returns 64 hex digits.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& update(std::string_view bytes);
  Sha256& update(std::span<const double> values);
  /// A text with its length before it, so that neighbouring texts cannot run into each other.
  Sha256& update_text(std::string_view text);
  /// The digest, in hex. The object is spent.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of bytes, in hex.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file's bytes. Throws DataError as read_file does.
std::string sha256_of_file(const std::filesystem::path& path);

/// SHA-256 of the canonical form of a JSON value: keys sorted, no white space, shortest
/// round-trip numbers. Throws DataError where a text in it is not UTF-8.
std::string sha256_of_json(const nlohmann::json& value);

}  // namespace musicrep
