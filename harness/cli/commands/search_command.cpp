#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"
#include "search/index.h"

namespace musicrep::cli {
namespace {

std::unique_ptr<Encoder> encoder_of(const SearchIndex& index, const EncoderRegistry& registry) {
  if (registry.info(index.encoder).version != index.version) {
    throw DataError(fmt::format(
        "the index was made by version {} of encoder '{}', this program has version {}: make the "
        "index again",
        index.version, index.encoder, registry.info(index.encoder).version));
  }
  Options options = index.options;
  if (!index.weights.empty()) options["weights"] = index.weights.string();
  return registry.create(index.encoder, {index.seed, options, index.frame_space, ""});
}

/// Prints the nearest items of one query.
void answer(const SearchIndex& index, Encoder& encoder, const std::string& query, std::size_t n) {
  const auto begin = std::chrono::steady_clock::now();
  const TextVector text = interface_of<TextEncoder>(encoder)->encode_texts({&query, 1}).front();
  if (!text.problem.empty()) {
    throw DataError(fmt::format("'{}': {}: {}", query, text.problem,
                                fmt::join(unknown_words(index, query), ", ")));
  }
  const std::vector<Hit> hits = nearest(index, text.values, n);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (text.unknown > 0) {
    fmt::print(stderr, "unknown words: {}\n", fmt::join(unknown_words(index, query), ", "));
  }
  constexpr std::size_t kLongest = 160;
  std::size_t place = 0;
  for (const Hit& hit : hits) {
    std::string caption = index.texts[hit.item];
    if (caption.size() > kLongest) {
      std::size_t end = kLongest;
      while (end > 0 && (static_cast<unsigned char>(caption[end]) & 0xC0U) == 0x80U) --end;
      caption = caption.substr(0, end) + "…";
    }
    fmt::print("{:3}  {:.3f}  {}  {}\n", ++place, hit.cosine, index.ids[hit.item],
               index.links[hit.item]);
    if (!caption.empty()) fmt::print("            {}\n", caption);
  }
  std::fflush(stdout);
  fmt::print(stderr, "{} of {} items in {:.1f} ms\n", hits.size(), index.ids.size(), took.count());
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "search";
  line.usage = "search INDEX [TEXT] [options]";
  line.summary =
      "Finds music by words in an index of `musicrep index`: prints the nearest items, their cosine,\n"
      "their link and their text. Without TEXT it reads a text a line from standard input.";
  line.examples = "  musicrep search music \"a sad piano ballad with strings\" --top 5\n";
  line.positional = {"index", "text"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("index")) throw ConfigError("search: found no INDEX, expected its folder");
  const std::filesystem::path folder = values["index"].as<std::string>();
  const SearchIndex index = read_index(folder);
  const std::unique_ptr<Encoder> encoder = encoder_of(index, registry);
  require_space(index, encoder->content_sha256(), folder);
  const std::size_t n = values["top"].as<std::size_t>();
  const std::vector<std::string> words = values_of(values, "text");
  if (!words.empty()) {
    answer(index, *encoder, fmt::format("{}", fmt::join(words, " ")), n);
    return kOk;
  }
  int status = kOk;
  for (std::string query; std::getline(std::cin, query);) {
    try {
      answer(index, *encoder, query, n);
    } catch (const DataError& error) {
      fmt::print(stderr, "{}\n", error.what());
      status = kDataMistake;
    }
  }
  return status;
}

}  // namespace

extern const Command search_command = {
    .place = 54, .name = "search", .summary = "find music by words", .run = command_main};

}  // namespace musicrep::cli
