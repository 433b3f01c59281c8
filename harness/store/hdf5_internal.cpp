#include "store/hdf5_internal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/utf8.h"
#include "musicrep/error.h"

namespace musicrep {
namespace hdf5 {
namespace {

std::mutex& library_mutex() {
  static std::mutex mutex;
  return mutex;
}

herr_t take_innermost(unsigned n, const H5E_error2_t* error, void* out) {
  if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
  return 0;
}

H5T_conv_ret_t refuse_loss(H5T_conv_except_t what, hid_t, hid_t, void*, void*, void*) {
  // Infinities and NaN convert as they are.
  const bool loss = what == H5T_CONV_EXCEPT_RANGE_HI || what == H5T_CONV_EXCEPT_RANGE_LOW ||
                    what == H5T_CONV_EXCEPT_PRECISION || what == H5T_CONV_EXCEPT_TRUNCATE;
  return loss ? H5T_CONV_ABORT : H5T_CONV_UNHANDLED;
}

}  // namespace

Guard::Guard() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Guard::~Guard() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

std::string library_error() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &text);
  return text.empty() ? text : fmt::format(" (HDF5: {})", text);
}

std::string type_text(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("whole numbers of {} bits", 8 * H5Tget_size(type));
    case H5T_FLOAT:
      return fmt::format("floating-point numbers of {} bits", 8 * H5Tget_size(type));
    case H5T_STRING:
      return "texts";
    case H5T_COMPOUND:
      return "compound values";
    case H5T_ENUM:
      return "enumerated values (h5py writes bool so)";
    default:
      return "values of another type";
  }
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return shape.empty() ? "a single value" : fmt::format("[{}]", fmt::join(shape, ", "));
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

std::string fixed_text(const char* bytes, std::size_t size, H5T_str_t padding) {
  std::string text(bytes, size);
  if (padding == H5T_STR_SPACEPAD) {
    text.erase(text.find_last_not_of(' ') + 1);
  } else {
    text.erase(std::min(text.find('\0'), text.size()));
  }
  return text;
}

Handle link_list() {
  Handle list(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_create_intermediate_group(list.id(), 1);
  H5Pset_char_encoding(list.id(), H5T_CSET_UTF8);
  return list;
}

Handle exact_transfer() {
  Handle list(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_type_conv_cb(list.id(), refuse_loss, nullptr);
  return list;
}

}  // namespace hdf5

void Hdf5File::State::refuse(const std::string& problem) const {
  throw DataError(fmt::format("'{}': {}", path, problem));
}

void Hdf5File::State::failed(const std::string& problem) const {
  refuse(problem + hdf5::library_error());
}

void Hdf5File::State::refuse_write() const {
  throw DataError(fmt::format("cannot write '{}': {}", path,
                              std::generic_category().message(errno != 0 ? errno : EIO)));
}

bool Hdf5File::State::exists(const std::string& object) const {
  if (object.empty() || object == "/") return true;
  // Asked of a path whose parent is missing, the library fails: ask for one link after the other.
  for (std::size_t end = object.find('/', 1);; end = object.find('/', end + 1)) {
    const std::string part = object.substr(0, end);
    if (H5Lexists(file.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (H5Oexists_by_name(file.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

hdf5::Handle Hdf5File::State::open(const std::string& object, const char* what) const {
  if (!exists(object)) refuse(fmt::format("there is no {} '{}'", what, object));
  hdf5::Handle handle(H5Oopen(file.id(), object.c_str(), H5P_DEFAULT));
  if (!handle.ok()) failed(fmt::format("cannot open {} '{}'", what, object));
  return handle;
}

void Hdf5File::State::require_text(const std::string& text, const std::string& place) const {
  if (text.find('\0') != std::string::npos) {
    refuse(fmt::format("{} contains a NUL character, expected text without one", place));
  }
  if (!is_utf8(text)) {
    refuse(fmt::format("{} holds bytes that are not UTF-8, expected UTF-8", place));
  }
}

}  // namespace musicrep
