#include "core/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <new>
#include <vector>

#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {

struct Sha256::State {
  EVP_MD_CTX* context = nullptr;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  state_->context = EVP_MD_CTX_new();
  if (state_->context == nullptr) throw std::bad_alloc();
  [[maybe_unused]] const int ok = EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
  assert(ok == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(state_->context); }

Sha256& Sha256::update(std::string_view bytes) {
  [[maybe_unused]] const int ok = EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
  assert(ok == 1);
  return *this;
}

Sha256& Sha256::update(std::span<const double> values) {
  return update(
      std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
}

Sha256& Sha256::update_text(std::string_view text) {
  update(fmt::format("{}:", text.size()));
  return update(text);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  unsigned int length = 0;
  [[maybe_unused]] const int ok = EVP_DigestFinal_ex(state_->context, digest.data(), &length);
  assert(ok == 1 && length == digest.size());
  std::string out;
  for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

std::string sha256_hex(std::string_view bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream in = open_for_reading(path);
  Sha256 hash;
  std::vector<char> block(1 << 16);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.update(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
  }
  if (in.bad()) throw DataError(fmt::format("cannot read '{}' to its end", path.string()));
  return hash.hex();
}

std::string sha256_of_json(const nlohmann::json& value) {
  try {
    return sha256_hex(value.dump());
  } catch (const nlohmann::json::type_error& e) {
    throw DataError(fmt::format("a text is not valid UTF-8, so it cannot be hashed: {}", e.what()));
  }
}

}  // namespace musicrep
