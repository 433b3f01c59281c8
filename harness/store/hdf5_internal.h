// What the parts of the HDF5 wrapper share; included by them alone.
#pragma once

#include <hdf5.h>

#include <fstream>
#include <initializer_list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/hdf5.h"

namespace musicrep {
namespace hdf5 {

/// Stands at the head of every member that calls HDF5. One thread at a time: not every build of the
/// library is thread-safe. Nothing is printed: the library's own error printing is off meanwhile.
class Guard {
 public:
  Guard();
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// An identifier of the library, given back when it goes. Negative: the call that made it failed.
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  ~Handle() {
    if (id_ > 0) H5Idec_ref(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  [[nodiscard]] hid_t id() const { return id_; }
  [[nodiscard]] bool ok() const { return id_ >= 0; }
  /// Leaves the identifier to the caller.
  hid_t release() { return std::exchange(id_, -1); }

 private:
  hid_t id_ = -1;
};

/// " (HDF5: …)" with the innermost text of the last failed call; empty where there is none.
std::string library_error();

/// What a type holds, for people: "whole numbers", "texts of variable length".
std::string type_text(hid_t type);

/// A shape as "[3, 4]"; "a single value" where there are no dimensions.
std::string shape_text(const std::vector<std::size_t>& shape);

/// UTF-8, of variable length.
Handle text_type();

/// A text from a field of fixed length, without its padding.
std::string fixed_text(const char* bytes, std::size_t size, H5T_str_t padding);

/// Makes groups on the way to a new object; names are UTF-8.
Handle link_list();

/// A transfer list under which a number that its new type cannot hold is an error, not clipped.
Handle exact_transfer();

}  // namespace hdf5

/// Every member expects a Guard around it.
struct Hdf5File::State {
  std::string path;
  std::size_t bytes = 0;  ///< size of the file, where it was opened for reading
  std::ofstream out;      ///< open where the file is being made
  hdf5::Handle file;

  /// Throws DataError "'<path>': <problem>"; failed() adds the library's own reason.
  [[noreturn]] void refuse(const std::string& problem) const;
  [[noreturn]] void failed(const std::string& problem) const;
  /// The same with the system's reason.
  [[noreturn]] void refuse_write() const;

  /// Opens a group or data set; `what` is "group", "data set" or "object".
  [[nodiscard]] hdf5::Handle open(const std::string& object, const char* what) const;
  [[nodiscard]] bool exists(const std::string& object) const;
  /// Names of the links in a group, in alphabetical order.
  [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
  /// An attribute of one value, and its type in the file.
  struct Attribute {
    hdf5::Handle handle;
    hdf5::Handle type;
    std::string place;  ///< "attribute 'x' of '/y'"
  };
  [[nodiscard]] Attribute open_attribute(const std::string& object, const std::string& name) const;
  void write_attribute(const std::string& object, const std::string& name, hid_t type,
                       const void* value) const;

  /// A data set whose shape is known to fit into the file.
  struct Data {
    hdf5::Handle handle;
    hdf5::Handle type;
    std::vector<std::size_t> shape;
    std::size_t count = 0;  ///< elements
  };
  /// Opens a data set for reading; throws where it is not stored whole in this file.
  [[nodiscard]] Data open_data(const std::string& dataset) const;
  /// The same, of one dimension and one of the type classes; `expected` says which, for people.
  [[nodiscard]] Data open_list(const std::string& dataset,
                               std::initializer_list<H5T_class_t> classes,
                               const char* expected) const;
  void require_class(const std::string& dataset, const Data& data,
                     std::initializer_list<H5T_class_t> classes, const char* expected) const;
  /// `packed`: what is large is compressed, with checksums.
  void write_data(const std::string& dataset, hid_t file_type, hid_t memory_type,
                  const std::vector<std::size_t>& shape, const void* values,
                  bool packed = true) const;
  /// Reads all numbers of `data` as `memory_type`.
  void read_numbers(const std::string& dataset, const Data& data, hid_t memory_type,
                    void* values) const;

  /// Refuses a text that is not UTF-8, or that HDF5 would cut at a NUL.
  void require_text(const std::string& text, const std::string& place) const;
};

}  // namespace musicrep
