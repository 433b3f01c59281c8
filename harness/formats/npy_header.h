// The header of a .npy file; for npy.cpp alone.
#pragma once

#include <cstddef>
#include <string_view>

#include "formats/npy.h"

namespace musicrep {

/// a * b, or the largest size there is where that overflows.
std::size_t saturating_product(std::size_t a, std::size_t b);

/// Parses `text`, a Python dictionary with the keys descr, fortran_order and shape, into the type,
/// the order and the shape of `array`. Throws DataError naming `array.name` where it is damaged or
/// tells of a type that is not read.
void parse_npy_header(std::string_view text, NpyArray& array);

}  // namespace musicrep
