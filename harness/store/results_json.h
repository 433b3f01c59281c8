// Results as JSON: what an evaluation step stores, what `--json` exports, what the digest covers.
#pragma once

#include <nlohmann/json.hpp>

#include "store/results.h"

namespace musicrep {

// Objects with the members of results.h by their names. Doubles come back bit by bit. An empty
// optional is null; so is a number that is not finite, which reads back as NaN.
// from_json throws DataError naming the field ("targets[0].grid[3].c") where one is missing or of
// a wrong type; fields that it does not know are left alone.

void to_json(nlohmann::json& json, const ResultRow& row);
void from_json(const nlohmann::json& json, ResultRow& row);
void to_json(nlohmann::json& json, const Retrieval& retrieval);
void from_json(const nlohmann::json& json, Retrieval& retrieval);

void to_json(nlohmann::json& json, const Diagnosis& diagnosis);
void from_json(const nlohmann::json& json, Diagnosis& diagnosis);

void to_json(nlohmann::json& json, const SweepPoint& point);
void from_json(const nlohmann::json& json, SweepPoint& point);

void to_json(nlohmann::json& json, const Deformed& deformed);
void from_json(const nlohmann::json& json, Deformed& deformed);

void to_json(nlohmann::json& json, const Fingerprint& fingerprint);
void from_json(const nlohmann::json& json, Fingerprint& fingerprint);

void to_json(nlohmann::json& json, const MeasureSample& sample);
void from_json(const nlohmann::json& json, MeasureSample& sample);

// Written alone: they follow from the rest of the results.
void to_json(nlohmann::json& json, const Comparison& comparison);
void to_json(nlohmann::json& json, const EncoderLetters& letters);
void to_json(nlohmann::json& json, const ClaimResult& claim);
void to_json(nlohmann::json& json, const RetrievalMeasure& measure);

/// What a row states: its fields but for items, predictions and choices.
nlohmann::json statements_of(const ResultRow& row);

/// What an entry of Results::deformed states: its fields but for predictions.
nlohmann::json statements_of(const Deformed& deformed);

/// What content_digest() is the hash of: everything but volatile facts, costs and training curves.
nlohmann::json digested_content(const Results& results);

void to_json(nlohmann::json& json, const Results& results);
void from_json(const nlohmann::json& json, Results& results);

}  // namespace musicrep
