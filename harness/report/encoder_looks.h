// How encoders look in every figure and in report.html: name, colour and marker.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// Colours that can be distinguished with any colour vision, on white and on black paper: Okabe and
/// Ito's, those that are too pale for white made darker.
inline constexpr std::array<const char*, 8> kPalette = {"#0072b2", "#d55e00", "#009e73", "#b3568e",
                                                        "#3b97d3", "#b98600", "#7a6ac8", "#7f7f7f"};
/// Text and axes: readable on white and on black paper.
inline constexpr const char* kInk = "#737a82";
inline constexpr const char* kFaintInk = "#b0b5bb";

/// Markers by gnuplot's point types; report.html draws the same shapes. Filled ones first: circle,
/// square, triangle, diamond, triangle down, pentagon.
inline constexpr std::array<int, 11> kPointTypes = {7, 5, 9, 13, 11, 15, 6, 4, 8, 12, 10};

struct EncoderLook {
  std::string label;      ///< as in the experiment
  std::string name;       ///< for readers: the experiment's title of it, or a usual name
  std::size_t place = 0;  ///< selects colour and marker
  std::string about;      ///< what it is, in a few words; empty where only the label is known

  [[nodiscard]] const char* colour() const { return kPalette[place % kPalette.size()]; }
  [[nodiscard]] int point_type() const { return kPointTypes[place % kPointTypes.size()]; }
};

/// Every encoder of the results, in order of first appearance: the same list for every figure of a
/// run, so that an encoder looks the same in all of them. The representations of the paper have
/// places of their own, the same in every run; others take the places that are left. 88 encoders
/// have different looks.
std::vector<EncoderLook> encoder_looks(const Results& results);
/// The same of several runs together.
std::vector<EncoderLook> encoder_looks(const std::vector<const Results*>& runs);

/// The look of one; of a label that `looks` does not have, its label in the first colour.
EncoderLook look_of(const std::vector<EncoderLook>& looks, const std::string& label);

}  // namespace musicrep
