#include "store/artefacts.h"

#include <fmt/format.h>

#include <signal.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <functional>
#include <memory>
#include <tuple>

#include "core/event_log.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/utc_time.h"
#include "musicrep/error.h"
#include "store/hdf5.h"
#include "store/read_apart.h"
#include "store/seal.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

/// Layout of an artefact's file; a file of another layout is computed again.
constexpr std::int64_t kLayoutVersion = 2;
constexpr const char* kEmbeddings = "embeddings";
/// Files of encoders' own, sealed like the others.
constexpr const char* kWeights = "weights";

fs::path path_of(const fs::path& root, const std::string& kind, const std::string& key) {
  assert(!key.empty() && key.find('/') == std::string::npos);
  return root / kind / (key + ".h5");
}

/// What an artefact's file says of itself.
struct ArtefactLabel {
  std::string kind;
  std::string key;
  std::string key_json;
  std::string description;
  std::string content_sha256;
};

void put(const fs::path& path, const ArtefactLabel& label,
         const std::function<void(Hdf5File&)>& write_content) {
  assert(sha256_hex(label.key_json) == label.key);
  write_atomically(path, [&](const fs::path& temporary) {
    Hdf5File file(temporary, Hdf5File::Mode::kCreate);
    file.write_attribute("/", "version", kLayoutVersion);
    file.write_attribute("/", "kind", label.kind);
    file.write_attribute("/", "key", label.key);
    file.write_attribute("/", "key_json", label.key_json);
    file.write_attribute("/", "description", label.description);
    file.write_attribute("/", "made_at", utc_now());
    file.write_attribute("/", "content_sha256", label.content_sha256);
    write_content(file);
    file.close();
    append_seal(temporary);
  });
}

void check_whole(const fs::path& path, Seal seal) {
  if (seal == Seal::kGood) return;
  throw DataError(fmt::format("'{}' is damaged: {}", path.string(),
                              seal == Seal::kMissing
                                  ? "its end is missing"
                                  : "its bytes have changed since it was written"));
}

/// Opens an artefact and checks all but its content. Throws DataError with the path and what is
/// wrong.
std::unique_ptr<Hdf5File> open_checked(const fs::path& path, const std::string& kind, Seal seal) {
  check_whole(path, seal);
  auto file = std::make_unique<Hdf5File>(path, Hdf5File::Mode::kRead);
  const auto expect = [&](const std::string& what, const auto& found, const auto& expected) {
    if (found == expected) return;
    throw DataError(fmt::format("'{}' is damaged: its {} is '{}', expected '{}'", path.string(),
                                what, found, expected));
  };
  expect("version", file->read_integer_attribute("/", "version"), kLayoutVersion);
  expect("kind", file->read_text_attribute("/", "kind"), kind);
  const std::string key = path.stem().string();
  expect("key", file->read_text_attribute("/", "key"), key);
  expect("key_json's SHA-256", sha256_hex(file->read_text_attribute("/", "key_json")), key);
  return file;
}

std::string text_of(const VectorView& view) {
  return nlohmann::json({{"name", view.name}, {"columns", view.columns}}).dump();
}

VectorView view_of(const std::string& text, const fs::path& path) {
  try {
    const auto view = nlohmann::json::parse(text);
    return {view.at("name"), view.at("columns")};
  } catch (const nlohmann::json::exception&) {
    throw DataError(fmt::format("'{}' is damaged: a view is none", path.string()));
  }
}

void check_content(const Hdf5File& file, const fs::path& path, const std::string& found) {
  if (found == file.read_text_attribute("/", "content_sha256")) return;
  throw DataError(
      fmt::format("'{}' is damaged: its content does not agree with its SHA-256", path.string()));
}

Embeddings read_embeddings(const fs::path& path, Seal seal) {
  const auto file = open_checked(path, kEmbeddings, seal);
  Embeddings out{.ids = file->read_texts("/ids"),
                 .values = file->read_matrix("/values"),
                 .frames = file->read_integers("/frames"),
                 .notes = file->read_texts("/notes")};
  if (file->exists("/views")) {
    for (const std::string& text : file->read_texts("/views")) {
      out.views.push_back(view_of(text, path));
    }
  }
  check_content(*file, path, sha256_of(out));
  return out;
}

std::string read_text(const fs::path& path, const std::string& kind, Seal seal) {
  const auto file = open_checked(path, kind, seal);
  const std::vector<std::string> texts = file->read_texts("/text");
  if (texts.size() != 1) {
    throw DataError(
        fmt::format("'{}' is damaged: it holds {} texts, expected 1", path.string(), texts.size()));
  }
  check_content(*file, path, sha256_hex(texts[0]));
  return texts[0];
}

void set_aside(const fs::path& path) {
  // Another run may have been quicker, or the folder may be read-only: the artefact counts as
  // missing all the same.
  log_event(LogLevel::kWarning, "", path.string(), "damaged: moved aside, to be computed again");
  std::error_code ignored;
  fs::rename(path, path.string() + ".damaged", ignored);
}

/// What `read` returns, or empty where the file is missing or damaged, and then set aside.
template <typename Read>
auto get(const fs::path& path, Read&& read) -> std::optional<decltype(read(Seal::kGood))> {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  // A file that cannot be opened for want of rights or of handles is not damaged: this throws.
  const Seal seal = check_seal(path);
  try {
    return read(seal);
  } catch (const DataError&) {
    set_aside(path);
    return std::nullopt;
  }
}

/// Calls visit(kind, path) for each regular file of the store.
void for_each_file(const fs::path& root,
                   const std::function<void(const std::string&, const fs::path&)>& visit) {
  std::error_code ec;
  if (!fs::is_directory(root, ec)) return;
  try {
    std::vector<fs::path> files;
    for (const auto& kind : fs::directory_iterator(root)) {
      if (!kind.is_directory()) continue;
      for (const auto& entry : fs::directory_iterator(kind.path())) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) visit(file.parent_path().filename().string(), file);
  } catch (const fs::filesystem_error& error) {
    throw DataError(fmt::format("cannot list the store: {}", error.what()));
  }
}

bool remove_file(const fs::path& path) {
  std::error_code ec;
  const bool removed = fs::remove(path, ec);
  if (ec) throw DataError(fmt::format("cannot remove '{}': {}", path.string(), ec.message()));
  return removed;
}

bool is_artefact(const fs::path& path) {
  return path.extension() == ".h5" && !path.filename().string().starts_with('.');
}

}  // namespace

std::string sha256_of(const Embeddings& embeddings) {
  Sha256 hash;
  hash.update_text(fmt::format("embeddings {} {} {}", embeddings.ids.size(),
                               embeddings.values.rows(), embeddings.values.cols()));
  for (const std::string& id : embeddings.ids) hash.update_text(id);
  for (const std::int64_t frames : embeddings.frames) hash.update_text(fmt::format("{}", frames));
  hash.update(std::span<const double>(embeddings.values.values()));
  for (const VectorView& view : embeddings.views) hash.update_text(text_of(view));
  return hash.hex();
}

ArtefactStore::ArtefactStore(fs::path root) : root_(std::move(root)) {}

bool ArtefactStore::has(const std::string& kind, const std::string& key) const {
  std::error_code ignored;
  return fs::is_regular_file(path_of(root_, kind, key), ignored);
}

std::optional<std::string> ArtefactStore::content_sha256(const std::string& kind,
                                                         const std::string& key) const {
  if (!has(kind, key)) return std::nullopt;
  try {
    // Its seal is not looked at, which would read the whole file: damaged, it may bring HDF5 down.
    const fs::path path = path_of(root_, kind, key);
    return read_apart(path, [&] {
      const Hdf5File file(path, Hdf5File::Mode::kRead);
      return file.read_text_attribute("/", "content_sha256");
    });
  } catch (const DataError&) {  // damaged: whoever reads it sets it aside
    return std::nullopt;
  }
}

void ArtefactStore::remove(const std::string& kind, const std::string& key) const {
  remove_file(path_of(root_, kind, key));
}

void ArtefactStore::put_embeddings(const std::string& key, const std::string& key_json,
                                   const std::string& description,
                                   const Embeddings& embeddings) const {
  assert(embeddings.ids.size() == embeddings.frames.size());
  put(path_of(root_, kEmbeddings, key),
      {kEmbeddings, key, key_json, description, sha256_of(embeddings)}, [&](Hdf5File& file) {
        file.write("/ids", std::span<const std::string>(embeddings.ids));
        file.write("/values", embeddings.values);
        file.write("/frames", std::span<const std::int64_t>(embeddings.frames));
        file.write("/notes", std::span<const std::string>(embeddings.notes));
        if (embeddings.views.empty()) return;
        std::vector<std::string> views;
        for (const VectorView& view : embeddings.views) views.push_back(text_of(view));
        file.write("/views", std::span<const std::string>(views));
      });
}

std::optional<Embeddings> ArtefactStore::get_embeddings(const std::string& key) const {
  const fs::path path = path_of(root_, kEmbeddings, key);
  return get(path, [&](Seal seal) { return read_embeddings(path, seal); });
}

void ArtefactStore::put_text(const std::string& kind, const std::string& key,
                             const std::string& key_json, const std::string& description,
                             const std::string& text) const {
  assert(kind != kEmbeddings);
  put(path_of(root_, kind, key), {kind, key, key_json, description, sha256_hex(text)},
      [&](Hdf5File& file) { file.write("/text", std::span<const std::string>(&text, 1)); });
}

std::optional<std::string> ArtefactStore::get_text(const std::string& kind,
                                                   const std::string& key) const {
  const fs::path path = path_of(root_, kind, key);
  return get(path, [&](Seal seal) { return read_text(path, kind, seal); });
}

fs::path ArtefactStore::weights_path(const std::string& key) const {
  return path_of(root_, kWeights, key);
}

bool ArtefactStore::has_weights(const std::string& key) const {
  const fs::path path = weights_path(key);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return false;
  if (check_seal(path) == Seal::kGood) return true;
  set_aside(path);
  return false;
}

std::vector<ArtefactInfo> ArtefactStore::list() const {
  std::vector<ArtefactInfo> out;
  for_each_file(root_, [&](const std::string& kind, const fs::path& path) {
    if (!is_artefact(path)) return;
    ArtefactInfo info;
    info.kind = kind;
    info.key = path.stem().string();
    info.path = path;
    std::error_code ignored;
    info.bytes = fs::file_size(path, ignored);
    try {
      // To look at every seal would be to read the whole store.
      std::tie(info.description, info.made_at) = read_apart(path, [&] {
        const Hdf5File file(path, Hdf5File::Mode::kRead);
        const auto text = [&](const char* name) { return file.read_text_attribute("/", name); };
        return kind == kWeights
                   ? std::pair("trained weights of " + text("architecture"), std::string("-"))
                   : std::pair(text("description"), text("made_at"));
      });
    } catch (const DataError& error) {
      info.description = fmt::format("cannot be read: {}", error.what());
    }
    out.push_back(std::move(info));
  });
  std::sort(out.begin(), out.end(), [](const ArtefactInfo& a, const ArtefactInfo& b) {
    return std::tie(a.kind, a.key) < std::tie(b.kind, b.key);
  });
  return out;
}

std::vector<std::string> ArtefactStore::verify() const {
  std::vector<std::string> damaged;
  for_each_file(root_, [&](const std::string& kind, const fs::path& path) {
    if (!is_artefact(path)) return;
    Seal seal = Seal::kMissing;
    try {
      seal = check_seal(path);
    } catch (const DataError& error) {  // no right to read it: report it, and keep the file
      damaged.emplace_back(error.what());
      return;
    }
    try {
      if (kind == kEmbeddings) {
        static_cast<void>(read_embeddings(path, seal));
      } else if (kind == kWeights) {
        check_whole(path, seal);
      } else {
        static_cast<void>(read_text(path, kind, seal));
      }
    } catch (const DataError& error) {
      damaged.emplace_back(error.what());
      set_aside(path);
    }
  });
  return damaged;
}

std::size_t ArtefactStore::clean(bool only_leftovers) const {
  std::size_t removed = 0;
  for_each_file(root_, [&](const std::string&, const fs::path& path) {
    const bool leftover = path.extension() == ".damaged" || is_stale_temporary(path);
    // A checkpoint is not stale: an interrupted training goes on from it.
    const bool finished = is_artefact(path) || path.extension() == ".checkpoint";
    if (!leftover && (only_leftovers || !finished)) return;
    if (remove_file(path)) ++removed;
  });
  return removed;
}

}  // namespace musicrep
