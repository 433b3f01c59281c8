// Compact letter displays.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace musicrep {

/// Letters for n entries (the best first) such that two share one exactly where
/// differ(i, j) is false: the maximal groups without a difference, by insertion and absorption
/// (Piepho 2004). "a" is the group of the first entry; groups are named in the order of their first
/// members, after "z" by "(27)", "(28)", ...
std::vector<std::string> compact_letters(
    std::size_t n, const std::function<bool(std::size_t, std::size_t)>& differ);

}  // namespace musicrep
