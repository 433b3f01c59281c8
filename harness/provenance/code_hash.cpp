#include "provenance/code_hash.h"

#include <nlohmann/json.hpp>

#include "code_hash_values.h"
#include "core/hash.h"
#include "core/kernels.h"

namespace musicrep {

std::string scoring_code_sha256() {
  const std::string kernels = kernels_key();
  if (kernels == "portable") return MUSICREP_SCORING_CODE;
  return sha256_hex(MUSICREP_SCORING_CODE + (" " + kernels));
}
std::string diagnosis_code_sha256() { return MUSICREP_DIAGNOSIS_CODE; }

std::string key_without_code(const std::string& key_json) {
  nlohmann::json key = nlohmann::json::parse(key_json);
  key.erase("code");
  return sha256_hex(key.dump());
}

}  // namespace musicrep
