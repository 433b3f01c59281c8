// The data sets of an Hdf5File.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cfloat>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/utf8.h"
#include "musicrep/error.h"
#include "store/hdf5_internal.h"

namespace musicrep {
using hdf5::Guard;
using hdf5::Handle;
namespace {

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::size_t kCompactBytes = 4096;
/// Lists whose longest text is longer than this are stored with variable length.
constexpr std::size_t kLongestFixedText = 64;
/// Deflate, the strongest of the library's usual filters, makes 1 byte of at most 1032.
constexpr std::size_t kMostCompression = 1032;
/// Texts are read in blocks, so that a file in which many point to one cannot fill the memory.
constexpr std::size_t kTextBlock = 256;

std::vector<hsize_t> chunk_shape(const std::vector<std::size_t>& shape, std::size_t element_bytes) {
  // Whole rows where they fit into a chunk.
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  std::size_t left = std::max<std::size_t>(1, kChunkBytes / element_bytes);
  for (std::size_t i = shape.size(); i-- > 0;) {
    chunk[i] = std::min(shape[i], left);
    left = std::max<std::size_t>(1, left / shape[i]);
  }
  return chunk;
}

bool all_float32(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) {
    return std::abs(v) <= FLT_MAX && static_cast<double>(static_cast<float>(v)) == v;
  });
}

/// a * b, or the largest number where that is too much.
std::size_t bounded_product(std::size_t a, std::size_t b) {
  std::size_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::size_t>::max() : product;
}

std::vector<H5Z_filter_t> filters_of(hid_t properties) {
  std::vector<H5Z_filter_t> filters;
  const int n = H5Pget_nfilters(properties);
  for (int i = 0; i < n; ++i) {
    std::size_t n_values = 0;
    unsigned flags = 0;
    unsigned configuration = 0;
    filters.push_back(H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &n_values,
                                     nullptr, 0, nullptr, &configuration));
  }
  return filters;
}

}  // namespace

void Hdf5File::State::write_data(const std::string& dataset, hid_t file_type, hid_t memory_type,
                                 const std::vector<std::size_t>& shape, const void* values,
                                 bool packed) const {
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  const bool empty = std::find(shape.begin(), shape.end(), 0U) != shape.end();
  const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE));
  // Without a time stamp, equal content gives equal bytes.
  H5Pset_obj_track_times(properties.id(), false);
  // Small ones are in their object's header: an index of chunks would outweigh them. The library
  // takes no filter on texts of variable length; they lie apart, in the file's heap.
  const bool variable = H5Tis_variable_str(file_type) > 0;
  std::size_t size = H5Tget_size(file_type);
  for (const std::size_t dim : shape) size *= dim;
  if (!variable && size <= kCompactBytes) {
    H5Pset_layout(properties.id(), H5D_COMPACT);
  } else if (!empty && !variable && packed) {
    const std::vector<hsize_t> chunk = chunk_shape(shape, H5Tget_size(file_type));
    H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(properties.id());
    H5Pset_deflate(properties.id(), 4);
    H5Pset_fletcher32(properties.id());
  }
  const Handle links = hdf5::link_list();
  const Handle made(H5Dcreate2(file.id(), dataset.c_str(), file_type, space.id(), links.id(),
                               properties.id(), H5P_DEFAULT));
  if (!made.ok()) failed(fmt::format("cannot make data set '{}'", dataset));
  if (!empty && H5Dwrite(made.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
    failed(fmt::format("cannot write data set '{}'", dataset));
  }
}

void Hdf5File::write(const std::string& dataset, std::span<const double> values) {
  const Guard guard;
  state_->write_data(dataset, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {values.size()}, values.data());
}

void Hdf5File::write(const std::string& dataset, std::span<const std::int64_t> values) {
  const Guard guard;
  state_->write_data(dataset, H5T_STD_I64LE, H5T_NATIVE_INT64, {values.size()}, values.data());
}

void Hdf5File::write(const std::string& dataset, std::span<const std::uint8_t> values) {
  const Guard guard;
  state_->write_data(dataset, H5T_STD_U8LE, H5T_NATIVE_UINT8, {values.size()}, values.data());
}

void Hdf5File::write(const std::string& dataset, std::span<const std::string> values) {
  const Guard guard;
  std::vector<const char*> texts;
  texts.reserve(values.size());
  std::size_t longest = 1;
  for (const std::string& value : values) {
    state_->require_text(value, fmt::format("item {} of data set '{}'", texts.size(), dataset));
    texts.push_back(value.c_str());
    longest = std::max(longest, value.size());
  }
  // Ids and names: of one length, filled up with zeros, they can be packed.
  if (longest <= kLongestFixedText) {
    std::string packed(values.size() * longest, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) values[i].copy(&packed[i * longest], longest);
    const Handle type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.id(), longest);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
    state_->write_data(dataset, type.id(), type.id(), {values.size()}, packed.data());
    return;
  }
  const Handle type = hdf5::text_type();
  state_->write_data(dataset, type.id(), type.id(), {values.size()}, texts.data());
}

void Hdf5File::write(const std::string& dataset, const Matrix& values) {
  const Guard guard;
  const hid_t type = all_float32(values.values()) ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
  state_->write_data(dataset, type, H5T_NATIVE_DOUBLE, {values.rows(), values.cols()},
                     values.data());
}

void Hdf5File::write_floats(const std::string& dataset, const std::vector<std::size_t>& shape,
                            std::span<const float> values) {
  assert(std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>()) ==
         values.size());
  const Guard guard;
  // Weights are noise to a compressor.
  state_->write_data(dataset, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, shape, values.data(), false);
}

Hdf5File::State::Data Hdf5File::State::open_data(const std::string& dataset) const {
  Data data;
  data.handle = open(dataset, "data set");
  if (H5Iget_type(data.handle.id()) != H5I_DATASET) {
    refuse(fmt::format("'{}' is a group, expected a data set", dataset));
  }
  data.type = Handle(H5Dget_type(data.handle.id()));
  const Handle space(H5Dget_space(data.handle.id()));
  if (H5Sget_simple_extent_type(space.id()) == H5S_NULL) {
    refuse(fmt::format("data set '{}' holds nothing, not even a shape", dataset));
  }
  std::vector<hsize_t> dims(
      static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.id()))));
  H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  data.shape.assign(dims.begin(), dims.end());
  data.count = 1;
  for (const std::size_t dim : data.shape) data.count = bounded_product(data.count, dim);
  if (data.count == 0) return data;

  const Handle properties(H5Dget_create_plist(data.handle.id()));
  const H5D_layout_t layout = H5Pget_layout(properties.id());
  const bool inside =
      (layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED) &&
      H5Pget_external_count(properties.id()) <= 0;
  if (!inside) {
    refuse(fmt::format("data set '{}' points to other files, expected its values in this one",
                       dataset));
  }
  const std::size_t stored = std::min<std::size_t>(H5Dget_storage_size(data.handle.id()), bytes);
  std::size_t declared = bounded_product(data.count, H5Tget_size(data.type.id()));
  if (layout == H5D_CHUNKED) {
    // The library makes room for a whole chunk, however small the data set.
    std::vector<hsize_t> chunk(dims.size());
    H5Pget_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    std::size_t chunk_bytes = H5Tget_size(data.type.id());
    for (const hsize_t dim : chunk) chunk_bytes = bounded_product(chunk_bytes, dim);
    declared = std::max(declared, chunk_bytes);
  }
  bool small = false;
  for (const H5Z_filter_t filter : filters_of(properties.id())) {
    if (H5Zfilter_avail(filter) <= 0) {
      refuse(
          fmt::format("data set '{}' went through filter {}, which this HDF5 library lacks; "
                      "write it with gzip or without compression",
                      dataset, filter));
    }
    small = small || (filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_SHUFFLE);
  }
  if (declared > bounded_product(stored, small ? kMostCompression : 1)) {
    refuse(fmt::format(
        "data set '{}' of shape {} declares {} bytes, but the file holds {} for it{}", dataset,
        hdf5::shape_text(data.shape), declared, stored, small ? ", compressed" : ""));
  }
  return data;
}

std::vector<std::size_t> Hdf5File::shape(const std::string& dataset) const {
  const Guard guard;
  return state_->open_data(dataset).shape;
}

void Hdf5File::State::read_numbers(const std::string& dataset, const Data& data, hid_t memory_type,
                                   void* values) const {
  if (data.count == 0) return;
  const Handle transfer = hdf5::exact_transfer();
  if (H5Dread(data.handle.id(), memory_type, H5S_ALL, H5S_ALL, transfer.id(), values) < 0) {
    const std::string reason = hdf5::library_error();  // before other calls clear it
    refuse(fmt::format("cannot read data set '{}' as {}: it is damaged or a value does not fit{}",
                       dataset, hdf5::type_text(memory_type), reason));
  }
}

Hdf5File::State::Data Hdf5File::State::open_list(const std::string& dataset,
                                                 std::initializer_list<H5T_class_t> classes,
                                                 const char* expected) const {
  Data data = open_data(dataset);
  if (data.shape.size() != 1) {
    refuse(fmt::format("data set '{}' has shape {}, expected one dimension", dataset,
                       hdf5::shape_text(data.shape)));
  }
  require_class(dataset, data, classes, expected);
  return data;
}

void Hdf5File::State::require_class(const std::string& dataset, const Data& data,
                                    std::initializer_list<H5T_class_t> classes,
                                    const char* expected) const {
  const H5T_class_t found = H5Tget_class(data.type.id());
  if (std::find(classes.begin(), classes.end(), found) == classes.end()) {
    refuse(fmt::format("data set '{}' holds {}, expected {}", dataset,
                       hdf5::type_text(data.type.id()), expected));
  }
}

std::vector<double> Hdf5File::read_numbers(const std::string& dataset) const {
  const Guard guard;
  const State::Data data = state_->open_list(dataset, {H5T_FLOAT, H5T_INTEGER}, "numbers");
  std::vector<double> values(data.count);
  state_->read_numbers(dataset, data, H5T_NATIVE_DOUBLE, values.data());
  return values;
}

std::vector<std::int64_t> Hdf5File::read_integers(const std::string& dataset) const {
  const Guard guard;
  const State::Data data = state_->open_list(dataset, {H5T_INTEGER}, "whole numbers");
  std::vector<std::int64_t> values(data.count);
  state_->read_numbers(dataset, data, H5T_NATIVE_INT64, values.data());
  return values;
}

std::vector<std::uint8_t> Hdf5File::read_bytes(const std::string& dataset) const {
  std::vector<std::uint8_t> bytes;
  for (const std::int64_t value : read_integers(dataset)) {
    bytes.push_back(static_cast<std::uint8_t>(value));
    if (bytes.back() != value) {
      state_->refuse(fmt::format("data set '{}' holds {}, expected 0 to 255", dataset, value));
    }
  }
  return bytes;
}

Matrix Hdf5File::read_matrix(const std::string& dataset) const {
  const Guard guard;
  const State::Data data = state_->open_data(dataset);
  const std::size_t rank = data.shape.size();
  if (rank != 1 && rank != 2) {
    state_->refuse(fmt::format("data set '{}' has shape {}, expected one or two dimensions",
                               dataset, hdf5::shape_text(data.shape)));
  }
  state_->require_class(dataset, data, {H5T_FLOAT, H5T_INTEGER}, "numbers");
  Matrix values(data.shape[0], rank == 2 ? data.shape[1] : 1);
  state_->read_numbers(dataset, data, H5T_NATIVE_DOUBLE, values.data());
  return values;
}

std::vector<float> Hdf5File::read_floats(const std::string& dataset) const {
  const Guard guard;
  const State::Data data = state_->open_data(dataset);
  state_->require_class(dataset, data, {H5T_FLOAT, H5T_INTEGER}, "numbers");
  std::vector<float> values(data.count);
  state_->read_numbers(dataset, data, H5T_NATIVE_FLOAT, values.data());
  return values;
}

std::vector<std::string> Hdf5File::read_texts(const std::string& dataset) const {
  const Guard guard;
  const State::Data data = state_->open_list(dataset, {H5T_STRING}, "texts");
  const hid_t type = data.type.id();
  const bool variable = H5Tis_variable_str(type) > 0;
  const H5T_str_t padding = H5Tget_strpad(type);
  const Handle space(H5Dget_space(data.handle.id()));
  std::vector<std::string> texts;
  std::size_t total = 0;
  while (texts.size() < data.count) {
    const hsize_t start = texts.size();
    const hsize_t n = std::min(kTextBlock, data.count - texts.size());
    const Handle block(H5Screate_simple(1, &n, nullptr));
    H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &n, nullptr);
    const std::size_t size = variable ? sizeof(char*) : H5Tget_size(type);
    std::vector<char> fixed(variable ? 0 : n * size);
    std::vector<char*> pointers(variable ? n : 0);
    void* into = variable ? static_cast<void*>(pointers.data()) : fixed.data();
    const herr_t rc = H5Dread(data.handle.id(), type, block.id(), space.id(), H5P_DEFAULT, into);
    for (std::size_t i = 0; rc >= 0 && i < n; ++i) {
      if (!variable) {
        texts.push_back(hdf5::fixed_text(fixed.data() + i * size, size, padding));
      } else {
        texts.emplace_back(pointers[i] == nullptr ? "" : pointers[i]);
        H5free_memory(pointers[i]);
        total += texts.back().size();
      }
    }
    if (rc < 0) state_->failed(fmt::format("cannot read data set '{}': it is damaged", dataset));
    if (total > state_->bytes) {
      state_->refuse(fmt::format("data set '{}' holds texts of more bytes than the file has, {}",
                                 dataset, state_->bytes));
    }
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!is_utf8(texts[i])) {
      state_->refuse(
          fmt::format("item {} of data set '{}' holds bytes that are not UTF-8", i, dataset));
    }
  }
  return texts;
}

}  // namespace musicrep
