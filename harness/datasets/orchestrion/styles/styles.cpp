#include <algorithm>
#include <array>
#include <cassert>

#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

std::span<const Style> styles() {
  static const std::array<Style, 10> kStyles = {
      blues_style(), classical_style(), country_style(), disco_style(),  hiphop_style(),
      jazz_style(),  metal_style(),     pop_style(),     reggae_style(), rock_style()};
  return kStyles;
}

std::size_t style_index(std::string_view name) {
  const std::span<const Style> all = styles();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Style& style) { return style.name == name; });
  assert(found != all.end());
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace musicrep::orchestrion
