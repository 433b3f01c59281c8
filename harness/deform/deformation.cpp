#include "deform/deformation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

const DeformationKind& kind_of(const std::string& where, Options& options) {
  std::vector<std::string> known;
  for (const DeformationKind* kind : all_deformation_kinds()) known.emplace_back(kind->name);
  const auto at = options.find("kind");
  const auto* name = at == options.end() ? nullptr : std::get_if<std::string>(&at->second);
  if (name == nullptr) {
    throw ConfigError(fmt::format("{}: kind is missing or no text, expected one of {}", where,
                                  fmt::join(known, ", ")));
  }
  const auto kind = std::ranges::find(all_deformation_kinds(), *name, &DeformationKind::name);
  if (kind == all_deformation_kinds().end()) {
    throw ConfigError(fmt::format("{}: {}", where, unknown_name("deformation", *name, known)));
  }
  options.erase(at);
  return **kind;
}

void require_finite(const Pcm& pcm, const char* what) {
  const auto bad = std::ranges::find_if(pcm.values, [](float v) { return !std::isfinite(v); });
  if (bad == pcm.values.end()) return;
  throw DataError(fmt::format("{}: sample {} is {}, expected finite ones", what,
                              (bad - pcm.values.begin()) % static_cast<std::ptrdiff_t>(pcm.frames),
                              *bad));
}

}  // namespace

Deformation::Deformation(const std::string& where, Options options)
    : kind_(&kind_of(where, options)),
      options_(complete_options(fmt::format("{}: deformation '{}'", where, kind_->name),
                                kind_->options, options)) {
  if (kind_->check == nullptr) return;
  try {
    kind_->check(options_);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: deformation '{}': {}", where, kind_->name, error.what()));
  }
}

std::string Deformation::text() const { return kind_->text(options_); }

std::string Deformation::lacks() const { return kind_->lacks == nullptr ? "" : kind_->lacks(); }

nlohmann::json Deformation::key() const {
  nlohmann::json key = {{"kind", kind_->name}, {"version", kind_->version}};
  for (const auto& [name, value] : options_) {
    key["options"][name] = std::visit([](const auto& v) { return nlohmann::json(v); }, value);
  }
  if (kind_->library != nullptr) key["library"] = kind_->library();
  return key;
}

Pcm Deformation::apply(Pcm pcm, std::uint64_t master_seed, const std::string& id) const {
  const std::size_t channels = pcm.channels;
  const double rate_hz = pcm.sample_rate_hz;
  try {
    require_finite(pcm, "the audio");
    Pcm out = kind_->apply(std::move(pcm), options_,
                           derive_seed(master_seed, fmt::format("deform/{}/{}", kind_->name, id)));
    if (out.channels != channels || out.sample_rate_hz != rate_hz ||
        out.values.size() != out.channels * out.frames) {
      throw DataError(fmt::format("found {} channels at {} Hz, expected {} at {} Hz", out.channels,
                                  out.sample_rate_hz, channels, rate_hz));
    }
    if (out.frames == 0) throw DataError("nothing is left, expected one sample or more");
    require_finite(out, "the deformed audio");
    if (std::ranges::all_of(out.values, [](float v) { return v == 0; })) {
      throw DataError("only silence is left, expected some sample that is not 0");
    }
    return out;
  } catch (const DataError& error) {
    throw DataError(fmt::format("item '{}', deformation '{}': {}", id, text(), error.what()));
  }
}

}  // namespace musicrep
