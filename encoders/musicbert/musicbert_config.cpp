#include "musicbert_config.h"

#include <stdexcept>

namespace musicrep {

const std::vector<std::string>& attention_names() {
  static const std::vector<std::string> names = {"softmax", "entmax15", "sparsemax"};
  return names;
}

AttentionKind attention_named(const std::string& name) {
  if (name == "softmax") return AttentionKind::kSoftmax;
  if (name == "entmax15") return AttentionKind::kEntmax15;
  if (name == "sparsemax") return AttentionKind::kSparsemax;
  throw std::invalid_argument("found attention '" + name +
                              "', expected softmax, entmax15 or sparsemax");
}

}  // namespace musicrep
