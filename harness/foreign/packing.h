// Values in bytes between two processes of one program: same machine, same layout, nothing trusted.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// Bytes that are no message, or not the one that was expected.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// io(field) for each field of `object`, in the order of its struct. The list is of all fields: one
/// that is missing, or one too many, does not compile.
#define MUSICREP_EACH_FIELD(io, object, ...) \
  auto& [__VA_ARGS__] = object;              \
  visit_each(io, __VA_ARGS__)

template <typename Io, typename... Fields>
void visit_each(Io& io, Fields&... fields) {
  (io(fields), ...);
}

template <typename T>
concept Scalar = std::is_arithmetic_v<T>;

/// Appends values; structs are packed by visit_parts(packer, struct), found where they are
/// declared.
class Packer {
 public:
  template <typename T>
  void operator()(const T& value) {
    put(value);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  void put_bytes(const void* data, std::size_t n) {
    bytes_.append(static_cast<const char*>(data), n);
  }
  void put(Scalar auto value) { put_bytes(&value, sizeof value); }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    put_bytes(text.data(), text.size());
  }
  template <Scalar T>
  void put(std::span<const T> values) {
    put(std::uint64_t{values.size()});
    put_bytes(values.data(), values.size_bytes());
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    if constexpr (Scalar<T>) {
      put(std::span<const T>(values));
    } else {
      put(std::uint64_t{values.size()});
      for (const T& value : values) put(value);
    }
  }
  template <typename K, typename V>
  void put(const std::map<K, V>& map) {
    put(std::uint64_t{map.size()});
    for (const auto& [key, value] : map) {
      put(key);
      put(value);
    }
  }
  template <typename A, typename B>
  void put(const std::pair<A, B>& pair) {
    put(pair.first);
    put(pair.second);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename... T>
  void put(const std::variant<T...>& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit([&](const auto& v) { put(v); }, value);
  }
  void put(const Matrix& matrix) {
    put(std::uint64_t{matrix.rows()});
    put(std::uint64_t{matrix.cols()});
    put(matrix.values());
  }
  template <typename T>
  requires std::is_enum_v<T>
  void put(T value) { put(static_cast<std::int32_t>(value)); }
  template <typename T>
  requires(std::is_class_v<T>) void put(const T& parts) { visit_parts(*this, parts); }

  std::string bytes_;
};

/// Takes values off in the same order. Throws ProtocolError where there are fewer bytes than that
/// needs, before memory is asked for.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void operator()(T& value) {
    get(value);
  }
  template <typename T>
  T next() {
    T value{};
    get(value);
    return value;
  }
  /// Throws where something is left.
  void finish() const {
    if (!rest_.empty()) throw ProtocolError("a message is longer than what it holds");
  }

 private:
  std::string_view get_bytes(std::uint64_t n) {
    if (n > rest_.size()) throw ProtocolError("a message is shorter than what it holds");
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  // Elements of `bytes` each at least must still be there.
  std::uint64_t get_count(std::size_t bytes) {
    const auto n = next<std::uint64_t>();
    if (n > rest_.size() / bytes) throw ProtocolError("a message is shorter than what it holds");
    return n;
  }
  void get(bool& value) { value = get_bytes(1)[0] != 0; }
  template <Scalar T>
  void get(T& value) {
    std::memcpy(&value, get_bytes(sizeof value).data(), sizeof value);
  }
  void get(std::string& text) { text = get_bytes(get_count(1)); }
  template <typename T>
  void get(std::vector<T>& values) {
    if constexpr (Scalar<T>) {
      const std::uint64_t n = get_count(sizeof(T));
      values.resize(n);
      if (n > 0) std::memcpy(values.data(), get_bytes(n * sizeof(T)).data(), n * sizeof(T));
    } else {
      values.clear();
      for (std::uint64_t n = get_count(1); n > 0; --n) values.push_back(next<T>());
    }
  }
  template <typename K, typename V>
  void get(std::map<K, V>& map) {
    map.clear();
    for (std::uint64_t n = get_count(1); n > 0; --n) {
      auto key = next<K>();
      map[std::move(key)] = next<V>();
    }
  }
  template <typename A, typename B>
  void get(std::pair<A, B>& pair) {
    get(pair.first);
    get(pair.second);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    value.reset();
    if (next<bool>()) value = next<T>();
  }
  template <typename... T>
  void get(std::variant<T...>& value) {
    const auto index = next<std::uint8_t>();
    if (index >= sizeof...(T)) throw ProtocolError("a message holds a value of no known type");
    std::size_t i = 0;
    ((i++ == index ? static_cast<void>(value = next<T>()) : static_cast<void>(0)), ...);
  }
  void get(Matrix& matrix) {
    const auto rows = next<std::uint64_t>();
    const auto cols = next<std::uint64_t>();
    auto values = next<std::vector<double>>();
    const bool fits = rows == 0 || cols == 0
                          ? values.empty()
                          : values.size() % rows == 0 && values.size() / rows == cols;
    if (!fits) throw ProtocolError("a message holds a matrix of another size than it says");
    matrix = Matrix(rows, cols, std::move(values));
  }
  template <typename T>
  requires std::is_enum_v<T>
  void get(T& value) { value = static_cast<T>(next<std::int32_t>()); }
  template <typename T>
  requires(std::is_class_v<T>) void get(T& parts) { visit_parts(*this, parts); }

  std::string_view rest_;
};

}  // namespace musicrep
