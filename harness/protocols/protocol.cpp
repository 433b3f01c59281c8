#include "protocols/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/hash.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"
#include "protocols/builtin_definitions.h"

namespace musicrep {
namespace {

template <typename Enum>
Enum one_of(const TomlTable& table, const std::string& key,
            const std::vector<std::pair<std::string, Enum>>& choices) {
  const std::string text = table.text(key);
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
  }
  throw ConfigError(fmt::format("{}: {}", table.where(key), unknown_name("value", text, names)));
}

std::vector<double> positive_numbers(const TomlTable& table, const std::string& key) {
  std::vector<double> values = table.numbers(key);
  for (const double v : values) {
    if (!(v > 0) || !std::isfinite(v)) {
      throw ConfigError(fmt::format("{}: {} is not a positive number", table.where(key), v));
    }
  }
  return values;
}

GammaRule parse_gamma(const std::string& text, const TomlTable& table) {
  if (text == "scale") return {GammaRule::Kind::kScale, 0, text};
  if (text == "1/d" || text == "auto") return {GammaRule::Kind::kAuto, 0, "1/d"};
  std::size_t used = 0;
  double value = 0;
  try {
    if (text.starts_with("2^")) {
      value = std::exp2(std::stoi(text.substr(2), &used));
      used += 2;
    } else {
      value = std::stod(text, &used);
    }
  } catch (const std::exception&) {
    used = std::string::npos;
  }
  if (used != text.size() || !(value > 0) || !std::isfinite(value)) {
    throw ConfigError(fmt::format(
        "{}: '{}' is not a valid gamma; expected a positive number, \"2^-9\", \"1/d\" or \"scale\"",
        table.where("rbf_gamma"), text));
  }
  return {GammaRule::Kind::kValue, value, text};
}

void read_grid(const TomlTable& table, const Probe& probe, Grid& grid) {
  if (!probe.has_kernels) {
    if (!table.has("values")) return;
    grid.values = positive_numbers(table, "values");
    for (const double v : grid.values) {
      if (probe.whole_numbers && v != std::round(v)) {
        throw ConfigError(fmt::format("{}: found {}, expected whole numbers of {}",
                                      table.where("values"), v, probe.parameter));
      }
    }
    return;
  }
  if (table.has("rbf_c")) grid.rbf_c = positive_numbers(table, "rbf_c");
  if (table.has("linear_c")) grid.linear_c = positive_numbers(table, "linear_c");
  if (table.has("rbf_gamma")) {
    grid.rbf_gamma.clear();
    for (const std::string& text : table.scalars("rbf_gamma")) {
      grid.rbf_gamma.push_back(parse_gamma(text, table));
    }
  }
  if (!grid.rbf_c.empty() && grid.rbf_gamma.empty()) {
    throw ConfigError(fmt::format("{}: rbf_c needs rbf_gamma, too", table.where("rbf_c")));
  }
}

FoldRule read_folds(const TomlTable& table) {
  FoldRule rule;
  const std::int64_t n = table.integer("n");
  if (n < 2 || n > std::numeric_limits<int>::max()) {
    throw ConfigError(fmt::format("{}: {} folds; expected 2 or more", table.where("n"), n));
  }
  rule.n = static_cast<int>(n);
  rule.stratify = table.boolean("stratify", true);
  rule.shuffle = table.boolean("shuffle", false);
  if (rule.shuffle) {
    const std::int64_t seed = table.integer("seed");
    if (seed < 0 || seed > 0xFFFFFFFFLL) {
      throw ConfigError(
          fmt::format("{}: {} is not a valid seed; expected a whole number from 0 to 2^32 - 1",
                      table.where("seed"), seed));
    }
    rule.seed = static_cast<std::uint32_t>(seed);
  }
  if (table.has("groups")) {
    rule.grouped = one_of<bool>(table, "groups", {{"where-known", true}, {"ignored", false}});
  }
  if (rule.grouped && rule.shuffle) {
    throw ConfigError(fmt::format("{}: folds that keep groups together are not shuffled",
                                  table.where("shuffle")));
  }
  return rule;
}

nlohmann::json to_json(const FoldRule& rule) {
  return {{"n", rule.n},
          {"stratify", rule.stratify},
          {"shuffle", rule.shuffle},
          {"seed", rule.seed},
          {"grouped", rule.grouped}};
}

nlohmann::json to_json(const Grid& grid) {
  nlohmann::json gammas = nlohmann::json::array();
  for (const GammaRule& gamma : grid.rbf_gamma) gammas.push_back(gamma.name);
  return {{"rbf_c", grid.rbf_c}, {"rbf_gamma", gammas}, {"linear_c", grid.linear_c}};
}

std::string hash_of(const Protocol& p) {
  nlohmann::json json = {{"name", p.name},
                         {"version", p.version},
                         {"required_items", p.required_items},
                         {"permute_by_class", p.permute_by_class},
                         {"permutation_seed", p.permutation_seed},
                         {"outer", static_cast<int>(p.outer)},
                         {"outer_folds", to_json(p.outer_folds)},
                         {"learn_from", p.learn_from},
                         {"inner", static_cast<int>(p.inner)},
                         {"inner_folds", to_json(p.inner_folds)},
                         {"pooling", p.pooling},
                         {"standardise", p.standardise},
                         {"standardise_targets", p.standardise_targets},
                         {"epsilon", p.epsilon},
                         {"max_iterations", p.max_iterations},
                         {"classification", to_json(p.classification)},
                         {"regression", to_json(p.regression)}};
  if (p.repeats > 1) json["repeats"] = p.repeats;
  if (!p.splits.empty()) json["splits"] = p.splits;
  if (!p.probe->has_kernels) {
    json["probe"] = p.probe->name;
    json["values"] = {p.classification.values, p.regression.values};
  }
  return sha256_of_json(json);
}

void check(const Protocol& p, const std::string& file) {
  Problems problems;
  for (const bool classification : {true, false}) {
    const std::size_t n = p.configurations(classification).size();
    const char* kind = classification ? "classification" : "regression";
    if (n == 0) problems.add(fmt::format("the grid for {} is empty", kind));
    if (p.inner == InnerKind::kNone && n > 1) {
      problems.add(
          fmt::format("[inner] kind = \"none\" cannot choose among the {} points for {}", n, kind));
    }
  }
  if (p.outer == OuterKind::kNone && p.inner != InnerKind::kFolds) {
    problems.add("[outer] kind = \"none\" needs [inner] kind = \"folds\"");
  }
  if (p.inner == InnerKind::kValidation && p.outer != OuterKind::kSplit) {
    problems.add("[inner] kind = \"validation\" needs [outer] kind = \"split\"");
  }
  if (p.inner == InnerKind::kValidation && p.outer == OuterKind::kSplit &&
      p.learn_from.size() < 2) {
    problems.add("[inner] kind = \"validation\" needs 'train' and 'valid' in [outer] learn_from");
  }
  if (p.inner == InnerKind::kNextFold && (p.outer != OuterKind::kFolds || p.outer_folds.n < 3)) {
    problems.add("[inner] kind = \"next-fold\" needs [outer] kind = \"folds\" with n >= 3");
  }
  if (p.repeats > 1 && !p.permute_by_class && !p.outer_folds.shuffle) {
    problems.add("[outer] repeats needs [items] order = \"class-permuted\" or shuffled folds");
  }
  problems.throw_if_any<ConfigError>(file + ":");
}

}  // namespace

std::vector<ProbeConfig> Protocol::configurations(bool is_classification) const {
  const Grid& grid = is_classification ? classification : regression;
  std::vector<ProbeConfig> out;
  for (const double c : grid.rbf_c) {
    for (const GammaRule& gamma : grid.rbf_gamma) {
      out.push_back({Kernel::kRbf, c, gamma, standardise});
    }
  }
  for (const double c : grid.linear_c) out.push_back({Kernel::kLinear, c, {}, standardise});
  for (const double c : grid.values) out.push_back({Kernel::kLinear, c, {}, standardise});
  return out;
}

namespace {

TomlTable required_table(const TomlTable& root, const std::string& key, const std::string& file) {
  auto table = root.table(key);
  if (!table) throw ConfigError(fmt::format("{}: the table [{}] is missing", file, key));
  return std::move(*table);
}

void read_items(const TomlTable& items, Protocol& p) {
  p.permute_by_class = one_of<bool>(items, "order", {{"file", false}, {"class-permuted", true}});
  if (p.permute_by_class) p.permutation_seed = static_cast<std::uint64_t>(items.integer("seed"));
  p.splits = items.texts("splits");
  items.finish();
}

void read_outer(const TomlTable& outer, Protocol& p) {
  p.outer = one_of<OuterKind>(outer, "kind",
                              {{"none", OuterKind::kNone},
                               {"folds", OuterKind::kFolds},
                               {"split", OuterKind::kSplit},
                               {"split-or-folds", OuterKind::kSplitOrFolds}});
  if (p.outer == OuterKind::kFolds || p.outer == OuterKind::kSplitOrFolds) {
    p.outer_folds = read_folds(outer);
  }
  if (p.outer == OuterKind::kFolds) {
    const std::int64_t repeats = outer.integer("repeats", 1);
    if (repeats < 1 || repeats > 1000) {
      throw ConfigError(
          fmt::format("{}: {} repeats; expected 1 to 1000", outer.where("repeats"), repeats));
    }
    p.repeats = static_cast<int>(repeats);
  }
  if (p.outer == OuterKind::kSplit || p.outer == OuterKind::kSplitOrFolds) {
    const std::vector<std::string> known = {"train", "valid"};
    p.learn_from = outer.texts("learn_from");
    if (p.learn_from.empty()) p.learn_from = known;
    for (const std::string& split : p.learn_from) {
      if (std::ranges::find(known, split) == known.end()) {
        throw ConfigError(
            fmt::format("{}: {}", outer.where("learn_from"), unknown_name("split", split, known)));
      }
    }
  }
  outer.finish();
}

void read_inner(const TomlTable& inner, Protocol& p) {
  p.inner = one_of<InnerKind>(inner, "kind",
                              {{"none", InnerKind::kNone},
                               {"folds", InnerKind::kFolds},
                               {"validation", InnerKind::kValidation},
                               {"next-fold", InnerKind::kNextFold}});
  if (p.inner == InnerKind::kFolds) p.inner_folds = read_folds(inner);
  inner.finish();
}

void read_grids(const TomlTable& grid, Protocol& p) {
  p.probe = &find_probe(grid.text("probe", "svm"));
  read_grid(grid, *p.probe, p.classification);
  p.max_iterations = grid.integer("max_iterations", p.probe->max_iterations);
  if (p.max_iterations < 1) {
    throw ConfigError(fmt::format("{}: {} iterations; expected 1 or more",
                                  grid.where("max_iterations"), p.max_iterations));
  }
  p.regression = p.classification;
  if (const auto regression = grid.table("regression")) {
    read_grid(*regression, *p.probe, p.regression);
    p.epsilon = regression->number("epsilon", 0.1);
    if (!(p.epsilon >= 0) || !std::isfinite(p.epsilon)) {
      throw ConfigError(fmt::format("{}: epsilon is {}; expected 0 or more",
                                    regression->where("epsilon"), p.epsilon));
    }
    p.standardise_targets = regression->boolean("standardise_targets", false);
    regression->finish();
  }
  grid.finish();
}

}  // namespace

Protocol parse_protocol(const std::string& toml, const std::string& file) {
  const TomlTable root = TomlTable::parse(toml, file);
  Protocol p;
  p.name = root.text("name");
  p.version = root.integer("version");
  p.summary = root.text("summary");
  p.source = root.text("source");
  p.bibtex = root.text("bibtex", "");
  p.caveats = root.texts("caveats");
  if (const auto required = root.table("requires")) {
    for (const std::string split : {"train", "valid", "test"}) {
      if (required->has(split)) p.required_items[split] = required->integer(split);
    }
    required->finish();
  }
  read_items(required_table(root, "items", file), p);
  read_outer(required_table(root, "outer", file), p);
  read_inner(required_table(root, "inner", file), p);
  const TomlTable features = required_table(root, "features", file);
  p.pooling =
      one_of<std::string>(features, "pooling", {{"mean", "mean"}, {"mean+std", "mean+std"}});
  p.standardise = features.boolean("standardise", false);
  features.finish();
  read_grids(required_table(root, "grid", file), p);
  root.finish();
  check(p, file);
  p.sha256 = hash_of(p);
  return p;
}

Protocol find_protocol(const std::string& name_or_path) {
  for (const BuiltinDefinition& definition : builtin_definitions()) {
    if (definition.name == name_or_path) {
      return parse_protocol(definition.toml, definition.name + ".toml");
    }
  }
  if (name_or_path.ends_with(".toml")) {
    Protocol protocol = parse_protocol(read_file(name_or_path), name_or_path);
    const auto names = protocol_names();
    if (std::ranges::find(names, protocol.name) != names.end()) {
      throw ConfigError(fmt::format("{}: the name '{}' is that of a built-in protocol",
                                    name_or_path, protocol.name));
    }
    return protocol;
  }
  throw ConfigError(unknown_name("protocol", name_or_path, protocol_names()));
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> names;
  for (const BuiltinDefinition& definition : builtin_definitions())
    names.push_back(definition.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace musicrep
