// Python's pickles (the opcodes of CPython's pickletools, protocols 1 to 5), read without executing
// anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// One value of a pickle. It refers to others by their place in the list of all of them, so that
/// one that holds itself does no harm.
struct PickleValue {
  enum class Kind : std::uint8_t {
    kNone,
    kBool,
    kInteger,
    kLong,  ///< an integer beyond 64 bits: `text` is its two's complement, little endian
    kFloat,
    kText,
    kBytes,
    kList,
    kTuple,
    kDict,
    kGlobal,      ///< a name of the allow-list: `text` is "module.name"
    kCall,        ///< `text` called with `items`; nothing was called
    kPersistent,  ///< what lies outside the pickle: `items` say which
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;  ///< of kBool and kInteger
  double number = 0;         ///< of kFloat
  std::string text;          ///< of kText (UTF-8), kBytes, kLong, kGlobal, kCall
  /// Of kList, kTuple, kPersistent and kCall: places; of kDict: key, value, key, value, ...
  std::vector<std::uint32_t> items;
};

/// A pickle as it was read.
struct Pickle {
  std::vector<PickleValue> values;
  std::uint32_t root = 0;
  std::size_t n_bytes = 0;  ///< where it ends

  [[nodiscard]] const PickleValue& at(std::uint32_t place) const { return values.at(place); }
  [[nodiscard]] const PickleValue& top() const { return at(root); }
};

/// Reads the pickle at the beginning of `bytes`. Of all globals only those in `allowed`
/// ("module.name") may be mentioned; collections.OrderedDict is a dict. `where` is the file, for
/// messages. Throws DataError where another global is asked for (by name), the pickle is damaged or
/// of protocol 0, or holds more values than weights need.
Pickle read_pickle(std::string_view bytes, std::span<const std::string_view> allowed,
                   const std::string& where);

}  // namespace musicrep
