// HDF5, wrapped: every call checked, every handle closed, nothing printed. The only door to the
// HDF5 library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// The version of the HDF5 library in use, "1.10.8".
std::string hdf5_library_version();

/// A file open for reading or for writing. Paths inside are absolute, '/'-separated; groups are
/// made as needed. All members throw DataError naming the file, the object, what was found and what
/// was expected.
class Hdf5File {
 public:
  enum class Mode { kRead, kCreate };
  Hdf5File(const std::filesystem::path& path, Mode mode);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  /// Writes what was made in memory and closes, so that an error in it can be seen; the destructor
  /// does the same silently.
  void close();

  [[nodiscard]] bool exists(const std::string& object) const;
  /// Names of the links in a group, in alphabetical order.
  [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
  [[nodiscard]] bool is_group(const std::string& object) const;
  /// Paths of all data sets in a group and in the groups below it, in alphabetical order. Refuses
  /// groups nested too deep or too many objects, as where a group contains itself.
  [[nodiscard]] std::vector<std::string> datasets_below(const std::string& group) const;

  void make_group(const std::string& group);

  // Attributes of a group or data set.
  void write_attribute(const std::string& object, const std::string& name, const std::string& v);
  void write_attribute(const std::string& object, const std::string& name, double v);
  void write_attribute(const std::string& object, const std::string& name, std::int64_t v);
  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
  [[nodiscard]] std::vector<std::string> attribute_names(const std::string& object) const;
  [[nodiscard]] std::string read_text_attribute(const std::string& object,
                                                const std::string& name) const;
  [[nodiscard]] double read_number_attribute(const std::string& object,
                                             const std::string& name) const;
  [[nodiscard]] std::int64_t read_integer_attribute(const std::string& object,
                                                    const std::string& name) const;

  // Data sets. Strings are UTF-8, of variable length.
  void write(const std::string& dataset, std::span<const double> values);
  void write(const std::string& dataset, std::span<const std::int64_t> values);
  void write(const std::string& dataset, std::span<const std::uint8_t> values);
  void write(const std::string& dataset, std::span<const std::string> values);
  /// [rows, cols]; as float32 where every value is exactly a float32, otherwise as float64.
  void write(const std::string& dataset, const Matrix& values);
  /// An array of any rank as float32, row-major; no dimensions: one number.
  void write_floats(const std::string& dataset, const std::vector<std::size_t>& shape,
                    std::span<const float> values);

  /// Shape of a data set.
  [[nodiscard]] std::vector<std::size_t> shape(const std::string& dataset) const;
  /// Rank 1, any float or integer type.
  [[nodiscard]] std::vector<double> read_numbers(const std::string& dataset) const;
  /// Rank 1, any integer type.
  [[nodiscard]] std::vector<std::int64_t> read_integers(const std::string& dataset) const;
  /// Rank 1, any integer type. Refuses values that are not in 0 to 255.
  [[nodiscard]] std::vector<std::uint8_t> read_bytes(const std::string& dataset) const;
  /// Rank 1, strings of fixed or variable length, ASCII or UTF-8.
  [[nodiscard]] std::vector<std::string> read_texts(const std::string& dataset) const;
  /// Rank 2 (rank 1 reads as [n, 1]), any float or integer type. Refuses a size that the file
  /// cannot hold before allocating it.
  [[nodiscard]] Matrix read_matrix(const std::string& dataset) const;
  /// An array of any rank, row-major, its shape as shape() says; any float or integer type, rounded
  /// to float32 where it is float64. Refuses a size as read_matrix() does.
  [[nodiscard]] std::vector<float> read_floats(const std::string& dataset) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musicrep
