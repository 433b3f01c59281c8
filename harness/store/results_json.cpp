#include "store/results_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "musicrep/error.h"
#include "store/results.h"

namespace musicrep {
namespace {

using nlohmann::json;

// ---- writing ----

json json_of(const std::string& v) { return v; }
json json_of(bool v) { return v; }
json json_of(int v) { return v; }
json json_of(std::uint8_t v) { return v; }
json json_of(std::int64_t v) { return v; }
json json_of(double v) { return std::isfinite(v) ? json(v) : json(); }
json json_of(const std::optional<double>& v) { return v ? json_of(*v) : json(); }
json json_of(const std::map<std::string, std::string>& v) { return json(v); }

template <typename T>
json json_of(const std::vector<T>& list);

template <typename T>
json json_of(const T& object) {
  json out = json::object();
  visit_fields(object, [&](const char* name, const auto& v) {
    if (is_written(name, v)) out[name] = json_of(v);
  });
  return out;
}

template <typename T>
json json_of(const std::vector<T>& list) {
  json out = json::array();
  for (const T& v : list) out.push_back(json_of(v));
  return out;
}

// ---- reading; `place` says where in the document, "" at its top ----

[[noreturn]] void refuse(const std::string& place, const json& found, const char* expected) {
  throw DataError(fmt::format("field '{}' is {}, expected {}", place,
                              found.is_structured() ? found.type_name() : found.dump(), expected));
}

void read(const json& in, const std::string& place, std::string& out) {
  if (!in.is_string()) refuse(place, in, "a text");
  out = in.get<std::string>();
}

void read(const json& in, const std::string& place, bool& out) {
  if (!in.is_boolean()) refuse(place, in, "true or false");
  out = in.get<bool>();
}

void read(const json& in, const std::string& place, std::int64_t& out) {
  const bool too_large = in.is_number_unsigned() &&
                         in.get<std::uint64_t>() >
                             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!in.is_number_integer() || too_large) refuse(place, in, "a whole number");
  out = in.get<std::int64_t>();
}

void read(const json& in, const std::string& place, int& out) {
  std::int64_t value = 0;
  read(in, place, value);
  out = static_cast<int>(value);
  if (out != value) refuse(place, in, "a whole number of 32 bits");
}

void read(const json& in, const std::string& place, std::uint8_t& out) {
  std::int64_t value = 0;
  read(in, place, value);
  out = static_cast<std::uint8_t>(value);
  if (out != value) refuse(place, in, "a whole number from 0 to 255");
}

void read(const json& in, const std::string& place, double& out) {
  if (!in.is_number() && !in.is_null()) refuse(place, in, "a number or null");
  out = in.is_null() ? std::numeric_limits<double>::quiet_NaN() : in.get<double>();
}

void read(const json& in, const std::string& place, std::optional<double>& out) {
  out.reset();
  if (in.is_null()) return;
  double value = 0;
  read(in, place, value);
  out = value;
}

void read(const json& in, const std::string& place, std::map<std::string, std::string>& out) {
  if (!in.is_object()) refuse(place, in, "an object of texts");
  out.clear();
  for (const auto& [key, value] : in.items()) read(value, place + "." + key, out[key]);
}

template <typename T>
void read(const json& in, const std::string& place, std::vector<T>& out);

template <typename T>
void read(const json& in, const std::string& place, T& out) {
  if (!in.is_object()) refuse(place, in, "an object");
  visit_fields(out, [&](const char* name, auto& v) {
    const std::string below = place.empty() ? name : place + "." + name;
    const auto it = in.find(name);
    if (it == in.end() && is_left_out_where_empty(name)) return;
    if (it == in.end()) throw DataError(fmt::format("field '{}' is missing", below));
    read(*it, below, v);
  });
}

template <typename T>
void read(const json& in, const std::string& place, std::vector<T>& out) {
  if (!in.is_array()) refuse(place, in, "a list");
  out.clear();
  for (const json& each : in) {
    T value{};
    read(each, fmt::format("{}[{}]", place, out.size()), value);
    out.push_back(std::move(value));
  }
}

/// The fields of an object but for those called `left_out`.
template <typename T>
json json_without(const T& object, std::initializer_list<std::string_view> left_out) {
  json out = json::object();
  visit_fields(object, [&](const char* name, const auto& v) {
    const bool is_left_out = std::ranges::find(left_out, name) != left_out.end();
    if (!is_left_out && is_written(name, v)) out[name] = json_of(v);
  });
  return out;
}

}  // namespace

json statements_of(const ResultRow& row) {
  json out = json_without(row, {"item_ids", "item_fold", "item_seed", "item_group", "targets"});
  json& targets = out["targets"] = json::array();
  for (const TargetResult& target : row.targets) {
    targets.push_back(json_without(target, {"truth", "predicted", "selected", "grid"}));
  }
  return out;
}

json statements_of(const Deformed& deformed) { return json_without(deformed, {"targets"}); }

void to_json(json& json, const ResultRow& row) { json = json_of(row); }
void from_json(const json& json, ResultRow& row) { read(json, "", row); }
void to_json(json& json, const Retrieval& retrieval) { json = json_of(retrieval); }
void from_json(const json& json, Retrieval& retrieval) { read(json, "", retrieval); }
void to_json(json& json, const Diagnosis& diagnosis) { json = json_of(diagnosis); }
void from_json(const json& json, Diagnosis& diagnosis) { read(json, "", diagnosis); }
void to_json(json& json, const SweepPoint& v) { json = json_of(v); }
void from_json(const json& json, SweepPoint& v) { read(json, "", v); }
void to_json(json& json, const Deformed& v) { json = json_of(v); }
void from_json(const json& json, Deformed& v) { read(json, "", v); }
void to_json(json& json, const Fingerprint& v) { json = json_of(v); }
void from_json(const json& json, Fingerprint& v) { read(json, "", v); }
void to_json(json& json, const MeasureSample& v) { json = json_of(v); }
void from_json(const json& json, MeasureSample& v) { read(json, "", v); }
void to_json(json& json, const Comparison& v) { json = json_of(v); }
void to_json(json& json, const EncoderLetters& v) { json = json_of(v); }
void to_json(json& json, const ClaimResult& v) { json = json_of(v); }
void to_json(json& json, const RetrievalMeasure& v) { json = json_of(v); }
void to_json(json& json, const Results& results) { json = json_of(results); }
void from_json(const json& json, Results& results) { read(json, "", results); }

}  // namespace musicrep
