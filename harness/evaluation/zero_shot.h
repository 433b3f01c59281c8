// Zero-shot classification: classes named by texts, no probe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "musicrep/encoder.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The version of the code below: part of a zero-shot step's key.
inline constexpr int kZeroShotVersion = 1;
/// What rows call it in place of a protocol.
inline constexpr const char* kZeroShotProtocol = "zero-shot";

/// What stands for a class in words.
struct Prompts {
  std::vector<std::string> templates;        ///< each with "{}", where the class's name goes
  std::map<std::string, std::string> names;  ///< of classes whose own names are not used
  std::string split = "test";                ///< whose items are classified

  /// The texts of a class, one a template.
  [[nodiscard]] std::vector<std::string> texts_of(const std::string& class_name) const;
  /// SHA-256 over all of it.
  [[nodiscard]] std::string sha256() const;
};

/// Throws ConfigError where a template has no "{}", a name is of no class of the task, or the task
/// is not of one class target; DataError where the split has no items.
void check_prompts(const Prompts& prompts, const Task& task);

/// Classifies the items of a split: a class's vector is the mean of the unit vectors of its texts,
/// an item's (Radford et al. 2021, section 3.1.4) the mean of its frames; the class of the greatest
/// cosine is predicted, of equal ones the first. Fills in everything of the row but names and keys.
/// Throws DataError where a class has no text with a known word, or vectors do not match.
ResultRow zero_shot(const Embeddings& embeddings, const Task& task, const Prompts& prompts,
                    Encoder& encoder);

}  // namespace musicrep
