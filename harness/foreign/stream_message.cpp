#include "foreign/stream_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "core/utf8.h"
#include "foreign/channel.h"
#include "foreign/messages.h"

namespace musicrep {
namespace {

constexpr std::size_t kShown = 80;  // of a line that is no message
constexpr std::size_t kLongestText = 2000;
constexpr std::size_t kLongestTrace = 20000;

nlohmann::json object_of(std::string_view line) {
  nlohmann::json json = parse_bounded_json(line);
  if (json.is_object()) return json;
  std::string shown(line.substr(0, kShown));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  throw ProtocolError(fmt::format(
      "found '{}' on its standard output, expected a line of JSON: print to standard error instead",
      safe_text(shown)));
}

std::string text_of(const nlohmann::json& json, const char* key, std::size_t most = kLongestText) {
  if (!json.contains(key) || json[key].is_null()) return {};
  if (!json[key].is_string()) throw ProtocolError(fmt::format("'{}' is not a text", key));
  return safe_text(json[key].get<std::string>(), most);
}

double number_of(const nlohmann::json& json, const char* key, double most) {
  if (!json.contains(key) || json[key].is_null()) return 0;
  const double value = json[key].is_number() ? json[key].get<double>() : -1;
  if (value >= 0 && value <= most) return value;
  throw ProtocolError(
      fmt::format("{}: found {}, expected a number from 0 to {:g}", key, json[key].dump(), most));
}

std::vector<std::size_t> shape_of(const nlohmann::json& json) {
  std::vector<std::size_t> shape;
  for (const auto& extent : json) {
    if (!json.is_array() || !extent.is_number_unsigned()) {
      throw ProtocolError(fmt::format("found the shape {}, expected whole numbers",
                                      safe_text(json.dump(), kShown)));
    }
    shape.push_back(extent.get<std::size_t>());
  }
  if (shape.empty() || shape.size() > 3) {
    throw ProtocolError(fmt::format(
        "found an array of {} axes, expected [dim], [T, dim] or [layers, T, dim]", shape.size()));
  }
  return shape;
}

std::uint64_t size_of(const std::vector<std::size_t>& shape) {
  std::uint64_t size = 1;
  for (const std::size_t extent : shape) {
    if (extent > kLongestAnswer || size * extent > kLongestAnswer) return kLongestAnswer + 1;
    size *= extent;
  }
  return size;
}

void read_shapes(const nlohmann::json& json, std::size_t n_signals, StreamAnswer& out) {
  if (!json.contains("vectors") || !json["vectors"].is_array()) {
    throw ProtocolError("found an answer without 'vectors' and without 'error'");
  }
  std::uint64_t n_values = 0;
  for (const auto& shape : json["vectors"]) {
    out.shapes.push_back(shape_of(shape));
    n_values += size_of(out.shapes.back());
    if (n_values * out.value_bytes > kLongestAnswer) {
      throw ProtocolError(fmt::format("found an answer of more than {} bytes", kLongestAnswer));
    }
  }
  if (out.shapes.size() != n_signals) {
    throw ProtocolError(fmt::format("found {} arrays, expected {}", out.shapes.size(), n_signals));
  }
  out.bytes = n_values * out.value_bytes;
  const auto said = json.value("bytes", nlohmann::json());
  if (!said.is_number_unsigned() || said.get<std::uint64_t>() != out.bytes) {
    throw ProtocolError(fmt::format("found 'bytes' {} for shapes of {} bytes",
                                    safe_text(said.dump(), kShown), out.bytes));
  }
}

}  // namespace

std::string stream_request(std::span<const Signal> signals, InputKind input) {
  nlohmann::json items = nlohmann::json::array();
  std::uint64_t bytes = 0;
  for (const Signal& signal : signals) {
    items.push_back({{"id", signal.id}, {"shape", {signal.rows, signal.cols}}});
    bytes += signal.values.size_bytes();
  }
  const nlohmann::json request = {
      {"encode", std::move(items)},
      {"input", input == InputKind::kVggishFrames ? "vggish_frames" : "audio"},
      {"bytes", bytes}};
  return request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

StreamHello parse_stream_hello(std::string_view line) {
  const nlohmann::json json = object_of(line);
  if (const std::string error = text_of(json, "error"); !error.empty()) throw ProtocolError(error);
  if (!json.contains("musicrep") || json["musicrep"] != kStreamProtocolVersion) {
    throw ProtocolError(fmt::format("found '{}' in its first line, expected {{\"musicrep\": {}}}",
                                    safe_text(std::string(line), kShown), kStreamProtocolVersion));
  }
  StreamHello out;
  out.sample_rate_hz = number_of(json, "sample_rate_hz", 768000);
  out.channels = static_cast<int>(number_of(json, "channels", 2));
  out.about = text_of(json, "about", 200);
  return out;
}

StreamAnswer parse_stream_answer(std::string_view line, std::size_t n_signals) {
  const nlohmann::json json = object_of(line);
  StreamAnswer out;
  out.error = text_of(json, "error");
  if (!out.error.empty()) {
    out.item = text_of(json, "item");
    out.trace = text_of(json, "trace", kLongestTrace);
    return out;
  }
  const std::string type = text_of(json, "dtype");
  if (!type.empty() && type != "float32" && type != "float64") {
    throw ProtocolError(fmt::format("found values of '{}', expected float32 or float64", type));
  }
  out.value_bytes = type == "float64" ? 8 : 4;
  if (json.contains("layers") && !json["layers"].is_null()) {
    for (const auto& name : json["layers"]) {
      if (!name.is_string()) throw ProtocolError("found a layer whose name is not a text");
      out.layers.push_back(safe_text(name.get<std::string>(), kShown));
    }
  }
  read_shapes(json, n_signals, out);
  return out;
}

std::vector<ProgramArray> stream_arrays(const StreamAnswer& answer, std::string_view bytes) {
  std::vector<ProgramArray> out;
  const char* at = bytes.data();
  for (const std::vector<std::size_t>& shape : answer.shapes) {
    ProgramArray array{shape, std::vector<double>(size_of(shape))};
    if (answer.value_bytes == 8) {
      std::memcpy(array.values.data(), at, array.values.size() * 8);
    } else {
      std::vector<float> values(array.values.size());
      std::memcpy(values.data(), at, values.size() * 4);
      std::copy(values.begin(), values.end(), array.values.begin());
    }
    at += array.values.size() * answer.value_bytes;
    out.push_back(std::move(array));
  }
  return out;
}

}  // namespace musicrep
