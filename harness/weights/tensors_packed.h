// Tensors between two processes (foreign/packing.h).
#pragma once

#include <concepts>
#include <type_traits>

#include "foreign/packing.h"
#include "weights/tensors.h"

namespace musicrep {

template <typename Io, typename T>
requires std::same_as<std::remove_const_t<T>, FloatTensor>
void visit_parts(Io& io, T& v) { MUSICREP_EACH_FIELD(io, v, shape, values); }

}  // namespace musicrep
