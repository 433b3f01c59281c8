#include "musicbert_weights.h"

#include <fmt/format.h>

#include <stdexcept>

#include "musicrep/error.h"
#include "nn/state.h"

namespace musicrep {
namespace {

using nlohmann::json;

constexpr const char* kArchitecture = "musicbert";

/// Throws DataError where `value` is not in [least, most].
void check(const std::string& where, const char* name, std::int64_t value, std::int64_t least,
           std::int64_t most) {
  if (value < least || value > most) {
    throw DataError(
        fmt::format("{} its {} is {}, expected {} to {}", where, name, value, least, most));
  }
}

}  // namespace

json to_json(const MusicbertDescription& d) {
  json out = {{"width", d.net.width},
              {"layers", d.net.layers},
              {"heads", d.net.heads},
              {"ffn", d.net.ffn},
              {"norm", d.net.pre_norm ? "pre" : "post"},
              {"attention", attention_names()[static_cast<std::size_t>(d.net.attention)]},
              {"window", d.net.window},
              {"max_words", d.net.max_words},
              {"max_frames", d.net.max_frames},
              {"classes", d.heads.classes},
              {"mlm", d.heads.mlm},
              {"mim", d.heads.mim},
              {"frame_space", d.frame_space},
              {"words", d.vocabulary.words()}};
  if (d.heads.align) out["align"] = true;
  return out;
}

MusicbertDescription musicbert_description(const json& config, const std::string& where) {
  MusicbertDescription d;
  try {
    d.net.width = config.at("width");
    d.net.layers = config.at("layers");
    d.net.heads = config.at("heads");
    d.net.ffn = config.at("ffn");
    d.net.pre_norm = config.at("norm") == "pre";
    d.net.attention = attention_named(config.at("attention"));
    d.net.window = config.at("window");
    d.net.max_words = config.at("max_words");
    d.net.max_frames = config.at("max_frames");
    d.heads.classes = config.at("classes");
    d.heads.mlm = config.at("mlm");
    d.heads.mim = config.at("mim");
    d.heads.align = config.value("align", false);
    d.frame_space = config.at("frame_space");
    d.vocabulary = Vocabulary(config.at("words").get<std::vector<std::string>>());
  } catch (const json::exception& e) {
    throw DataError(fmt::format("{} its config is not understood: {}", where, e.what()));
  } catch (const std::invalid_argument& e) {
    throw DataError(fmt::format("{} {}", where, e.what()));
  }
  check(where, "width", d.net.width, 1, 8192);
  check(where, "layers", d.net.layers, 0, 100);
  check(where, "heads", d.net.heads, 1, d.net.width);
  check(where, "ffn", d.net.ffn, 1, 65536);
  check(where, "window", d.net.window, 0, 1'000'000);
  check(where, "max_words", d.net.max_words, 0, 100'000);
  check(where, "max_frames", d.net.max_frames, 1, 100'000);
  check(where, "classes", d.heads.classes, 0, 100'000);
  if (d.net.width % d.net.heads != 0) {
    throw DataError(fmt::format("{} its width is {}, expected a multiple of its {} heads", where,
                                d.net.width, d.net.heads));
  }
  d.net.vocabulary = d.vocabulary.size();
  d.heads.width = d.net.width;
  d.heads.vocabulary = d.net.vocabulary;
  return d;
}

Weights read_musicbert_weights(const std::filesystem::path& path) {
  const std::string where = fmt::format("weights '{}':", path.string());
  if (!is_weights_file(path)) {
    throw DataError(where + " no weights file of this program, and musicbert has no published one");
  }
  Weights weights = read_weights(path);
  if (weights.architecture != kArchitecture) {
    throw DataError(fmt::format("{} found weights of '{}', expected those of '{}'", where,
                                weights.architecture, kArchitecture));
  }
  return weights;
}

MusicbertModel musicbert_model(const Weights& weights, const MusicbertDescription& description,
                               const std::string& where) {
  MusicbertModel model(description.net, description.heads);
  load_state(*model, weights.tensors, where);
  model->eval();
  return model;
}

}  // namespace musicrep
