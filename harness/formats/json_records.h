// Records of JSON files too large to be held whole, and of their Python look-alikes.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "formats/gzip_lines.h"
#include "musicrep/error.h"

namespace musicrep {

/// One object: JSON, or a Python dictionary as print() writes it ({'a': "it's", 'b': None}), which
/// is what the metadata of Amazon's 2014 release are. Throws DataError that begins with `where`.
nlohmann::json parse_record(std::string_view text, const std::string& where);

/// Called with each record and its place ("'file', line 7", "'file', record 7").
using RecordBody = std::function<void(const nlohmann::json& record, const std::string& where)>;

/// The objects of a file with one a line, packed with gzip or not; empty lines are skipped. Lines
/// that hold none become problems. Throws as for_each_line does; so does nothing else.
LinesRead for_each_json_line(const std::filesystem::path& path, const RecordBody& body,
                             Problems& problems);

/// The objects of a JSON list, one in memory at a time; a file that begins with '{' is read by
/// for_each_json_line. A value that is not an object becomes a problem, and so does broken JSON,
/// which ends the reading. Returns the number of records. Throws DataError where the file cannot be
/// read or is cut off.
std::size_t for_each_json_record(const std::filesystem::path& path, const RecordBody& body,
                                 Problems& problems);

/// The text of a key; empty where the record has none, or no text there.
std::string text_of(const nlohmann::json& record, const char* key);

}  // namespace musicrep
