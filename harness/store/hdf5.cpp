#include "store/hdf5.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <system_error>
#include <vector>

#include "core/files.h"
#include "core/utf8.h"
#include "musicrep/error.h"
#include "store/hdf5_internal.h"

namespace musicrep {
namespace fs = std::filesystem;
using hdf5::Guard;
using hdf5::Handle;
namespace {

constexpr std::size_t kMemoryStep = 1 << 22;
constexpr std::size_t kDeepestGroup = 16;
constexpr std::size_t kMostObjects = 100'000;

Handle access_list(Hdf5File::Mode mode) {
  Handle list(H5Pcreate(H5P_FILE_ACCESS));
  // What old libraries can read wherever that suffices; nothing newer than 1.10.
  H5Pset_libver_bounds(list.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V110);
  H5Pset_fclose_degree(list.id(), H5F_CLOSE_STRONG);
  // A file is made in memory and written by close(): where the library itself meets a full disk, it
  // cannot close the file any more and brings the program down when that ends.
  if (mode == Hdf5File::Mode::kCreate) H5Pset_fapl_core(list.id(), kMemoryStep, false);
  // Files appear whole by renaming and are not changed again; some network disks cannot lock.
  H5Pset_file_locking(list.id(), false, true);
  return list;
}

herr_t take_link(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

herr_t take_attribute(hid_t, const char* name, const H5A_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

}  // namespace

std::string hdf5_library_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  const Guard guard;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

Hdf5File::Hdf5File(const fs::path& path, Mode mode) : state_(std::make_unique<State>()) {
  state_->path = path.string();
  if (mode == Mode::kRead) {
    require_file(path, "cannot read HDF5");
    std::error_code ec;
    const std::uintmax_t bytes = fs::file_size(path, ec);
    if (ec) throw DataError(fmt::format("cannot read '{}': {}", path.string(), ec.message()));
    state_->bytes = static_cast<std::size_t>(bytes);
  }
  const Guard guard;
  const Handle access = access_list(mode);
  if (mode == Mode::kRead) {
    state_->file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()));
    if (state_->file.ok()) return;
    const std::string reason = hdf5::library_error();  // before other calls clear it
    if (H5Fis_hdf5(path.c_str()) == 0) {
      state_->refuse("is not an HDF5 file, expected one" + reason);
    }
    state_->refuse("is damaged, cut short or cannot be read" + reason);
  }
  errno = 0;
  state_->out.open(path, std::ios::binary);
  if (!state_->out) state_->refuse_write();
  const Handle creation(H5Pcreate(H5P_FILE_CREATE));
  // Most data sets have one chunk; the usual index would have room for 64 in each.
  H5Pset_istore_k(creation.id(), 4);
  state_->file = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()));
  if (!state_->file.ok()) state_->failed("cannot be made");
}

Hdf5File::~Hdf5File() {
  try {
    close();
  } catch (const DataError&) {  // whoever wants to know calls close()
  }
}

void Hdf5File::close() {
  const Guard guard;
  if (!state_->file.ok()) return;
  const Handle file = std::move(state_->file);
  if (!state_->out.is_open()) return;
  if (H5Fflush(file.id(), H5F_SCOPE_LOCAL) < 0) state_->failed("cannot be written");
  const ssize_t size = H5Fget_file_image(file.id(), nullptr, 0);
  std::vector<char> image(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (H5Fget_file_image(file.id(), image.data(), image.size()) <= 0) {
    state_->failed("cannot be written");
  }
  errno = 0;
  state_->out.write(image.data(), static_cast<std::streamsize>(image.size()));
  state_->out.close();
  if (!state_->out) state_->refuse_write();
}

bool Hdf5File::exists(const std::string& object) const {
  const Guard guard;
  return state_->exists(object);
}

std::vector<std::string> Hdf5File::members(const std::string& group) const {
  const Guard guard;
  return state_->members(group);
}

std::vector<std::string> Hdf5File::State::members(const std::string& group) const {
  const Handle handle = open(group, "group");
  if (H5Iget_type(handle.id()) != H5I_GROUP) {
    refuse(fmt::format("'{}' is not a group, expected one", group));
  }
  std::vector<std::string> names;
  hsize_t position = 0;
  if (H5Literate(handle.id(), H5_INDEX_NAME, H5_ITER_INC, &position, take_link, &names) < 0) {
    failed(fmt::format("cannot list group '{}'", group));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Hdf5File::datasets_below(const std::string& group) const {
  const Guard guard;
  std::vector<std::string> found;
  std::size_t n_objects = 0;
  const std::function<void(const std::string&, std::size_t)> walk = [&](const std::string& at,
                                                                        std::size_t depth) {
    if (depth > kDeepestGroup) {
      state_->refuse(fmt::format("group '{}' is nested more than {} deep", at, kDeepestGroup));
    }
    for (const std::string& name : state_->members(at)) {
      if (++n_objects > kMostObjects) {
        state_->refuse(fmt::format("group '{}' holds more than {} objects", group, kMostObjects));
      }
      const std::string path = (at == "/" ? "" : at) + "/" + name;
      const H5I_type_t type = H5Iget_type(state_->open(path, "object").id());
      if (type == H5I_GROUP) walk(path, depth + 1);
      if (type == H5I_DATASET) found.push_back(path);
    }
  };
  walk(group, 1);
  std::sort(found.begin(), found.end());
  return found;
}

bool Hdf5File::is_group(const std::string& object) const {
  const Guard guard;
  return H5Iget_type(state_->open(object, "object").id()) == H5I_GROUP;
}

void Hdf5File::make_group(const std::string& group) {
  const Guard guard;
  const Handle links = hdf5::link_list();
  const Handle made(
      H5Gcreate2(state_->file.id(), group.c_str(), links.id(), H5P_DEFAULT, H5P_DEFAULT));
  if (!made.ok()) state_->failed(fmt::format("cannot make group '{}'", group));
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name,
                               const std::string& v) {
  const Guard guard;
  state_->require_text(v, fmt::format("attribute '{}' of '{}'", name, object));
  const char* text = v.c_str();
  state_->write_attribute(object, name, hdf5::text_type().id(), &text);
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name, double v) {
  const Guard guard;
  state_->write_attribute(object, name, H5T_NATIVE_DOUBLE, &v);
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name, std::int64_t v) {
  const Guard guard;
  state_->write_attribute(object, name, H5T_NATIVE_INT64, &v);
}

void Hdf5File::State::write_attribute(const std::string& object, const std::string& name,
                                      hid_t type, const void* value) const {
  const Handle owner = open(object, "object");
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle properties(H5Pcreate(H5P_ATTRIBUTE_CREATE));
  H5Pset_char_encoding(properties.id(), H5T_CSET_UTF8);
  const Handle attribute(
      H5Acreate2(owner.id(), name.c_str(), type, space.id(), properties.id(), H5P_DEFAULT));
  if (!attribute.ok() || H5Awrite(attribute.id(), type, value) < 0) {
    failed(fmt::format("cannot write attribute '{}' of '{}'", name, object));
  }
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& name) const {
  const Guard guard;
  const Handle owner = state_->open(object, "object");
  return H5Aexists(owner.id(), name.c_str()) > 0;
}

std::vector<std::string> Hdf5File::attribute_names(const std::string& object) const {
  const Guard guard;
  const Handle owner = state_->open(object, "object");
  std::vector<std::string> names;
  hsize_t position = 0;
  if (H5Aiterate2(owner.id(), H5_INDEX_NAME, H5_ITER_INC, &position, take_attribute, &names) < 0) {
    state_->failed(fmt::format("cannot list the attributes of '{}'", object));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Hdf5File::State::Attribute Hdf5File::State::open_attribute(const std::string& object,
                                                           const std::string& name) const {
  Attribute found;
  found.place = fmt::format("attribute '{}' of '{}'", name, object);
  const Handle owner = open(object, "object");
  if (H5Aexists(owner.id(), name.c_str()) <= 0) refuse(fmt::format("there is no {}", found.place));
  found.handle = Handle(H5Aopen(owner.id(), name.c_str(), H5P_DEFAULT));
  if (!found.handle.ok()) failed(fmt::format("cannot open {}", found.place));
  found.type = Handle(H5Aget_type(found.handle.id()));
  const Handle space(H5Aget_space(found.handle.id()));
  if (const hssize_t n = H5Sget_simple_extent_npoints(space.id()); n != 1) {
    refuse(fmt::format("{} holds {} values, expected 1", found.place, n));
  }
  if (H5Tget_size(found.type.id()) > bytes) {
    refuse(fmt::format("{} declares {} bytes, but the file has {}", found.place,
                       H5Tget_size(found.type.id()), bytes));
  }
  return found;
}

std::string Hdf5File::read_text_attribute(const std::string& object,
                                          const std::string& name) const {
  const Guard guard;
  const State::Attribute attribute = state_->open_attribute(object, name);
  const hid_t type = attribute.type.id();
  if (H5Tget_class(type) != H5T_STRING) {
    state_->refuse(
        fmt::format("{} holds {}, expected a text", attribute.place, hdf5::type_text(type)));
  }
  std::string text;
  if (H5Tis_variable_str(type) > 0) {
    char* read = nullptr;
    // The text stays in the character set that the file says.
    const Handle memory(H5Tcopy(type));
    if (H5Aread(attribute.handle.id(), memory.id(), &read) < 0) {
      state_->failed(fmt::format("cannot read {}", attribute.place));
    }
    if (read != nullptr) text = read;
    H5free_memory(read);
  } else {
    std::vector<char> read(H5Tget_size(type));
    if (H5Aread(attribute.handle.id(), type, read.data()) < 0) {
      state_->failed(fmt::format("cannot read {}", attribute.place));
    }
    text = hdf5::fixed_text(read.data(), read.size(), H5Tget_strpad(type));
  }
  if (!is_utf8(text)) {
    state_->refuse(fmt::format("{} holds bytes that are not UTF-8", attribute.place));
  }
  return text;
}

double Hdf5File::read_number_attribute(const std::string& object, const std::string& name) const {
  const Guard guard;
  const State::Attribute attribute = state_->open_attribute(object, name);
  const H5T_class_t found = H5Tget_class(attribute.type.id());
  if (found != H5T_FLOAT && found != H5T_INTEGER) {
    state_->refuse(fmt::format("{} holds {}, expected a number", attribute.place,
                               hdf5::type_text(attribute.type.id())));
  }
  double value = 0;
  if (H5Aread(attribute.handle.id(), H5T_NATIVE_DOUBLE, &value) < 0) {
    state_->failed(fmt::format("cannot read {}", attribute.place));
  }
  return value;
}

std::int64_t Hdf5File::read_integer_attribute(const std::string& object,
                                              const std::string& name) const {
  const Guard guard;
  const State::Attribute attribute = state_->open_attribute(object, name);
  if (H5Tget_class(attribute.type.id()) != H5T_INTEGER) {
    state_->refuse(fmt::format("{} holds {}, expected a whole number", attribute.place,
                               hdf5::type_text(attribute.type.id())));
  }
  std::int64_t value = 0;
  if (H5Aread(attribute.handle.id(), H5T_NATIVE_INT64, &value) < 0) {
    state_->failed(fmt::format("cannot read {}", attribute.place));
  }
  return value;
}

}  // namespace musicrep
