// What a child that hosts an external encoder may send.
#include <algorithm>

#include "foreign/channel.h"
#include "foreign/layers.h"
#include "foreign/messages.h"
#include "foreign/stream_message.h"
#include "fuzz.h"

namespace musicrep::fuzz {
namespace {

constexpr std::uint64_t kLongest = 1 << 20;

/// The first byte says as what the rest is read.
void read_parts(std::string_view bytes) {
  const int kind = static_cast<unsigned char>(bytes.empty() ? 0 : bytes[0]) % 8;
  bytes.remove_prefix(std::min<std::size_t>(1, bytes.size()));
  switch (kind) {
    case 0:
      check_facts(unpack<EncoderFacts>(bytes));
      break;
    case 1:
      check_info(unpack<EncoderInfo>(bytes));
      break;
    case 2:
      static_cast<void>(unpack<std::vector<Matrix>>(bytes));
      break;
    case 3:
      static_cast<void>(unpack<std::vector<TextVector>>(bytes));
      break;
    case 4:
      static_cast<void>(safe_text(unpack<Refusal>(bytes).reason));
      break;
    case 5:
      static_cast<void>(unpack<EncoderArgs>(bytes));
      break;
    case 6:
      static_cast<void>(unpack<std::vector<SentSignal>>(bytes));
      break;
    default: {
      MessageReader reader(kLongest);
      while (!bytes.empty() && !reader.is_complete()) {
        const std::string_view piece =
            bytes.substr(0, std::min<std::uint64_t>({7, reader.missing(), bytes.size()}));
        reader.add(piece);
        bytes.remove_prefix(piece.size());
      }
    }
  }
}

/// HostProcess turns a ProtocolError into the failure of its encoder.
void read_message(const std::string& bytes) {
  try {
    read_parts(bytes);
  } catch (const ProtocolError& error) {
    throw DataError(std::string("input: ") + error.what());
  }
}

std::vector<std::string> messages() {
  EncoderFacts facts;
  facts.views = {{"layer 1", {{0, 4}, {8, 12}}}};
  facts.notes = {"a note"};
  EncoderInfo info;
  info.name = "mine";
  info.sample_rate_hz = 22050;
  info.channels = 1;
  info.resampler = "soxr";
  info.options = {{"steps", std::int64_t{3}, "how many"},
                  {"names", std::vector<std::string>{"a"}, "which"}};
  EncoderArgs args;
  args.options = {{"a", 1.5}, {"b", true}, {"c", std::string("x")}};
  const std::vector<Matrix> matrices = {Matrix(2, 2, {1, 2, 3, 4}), Matrix(0, 3)};
  const std::vector<TextVector> texts = {{{1, 2}, "", 1, 0}, {{}, "no words", 0, 0}};
  const std::vector<SentSignal> signals = {{"a", {0.5F}, 1, 1}};
  const std::vector<std::string> parts = {pack(facts),
                                          pack(info),
                                          pack(matrices),
                                          pack(texts),
                                          pack(Refusal{true, "why"}),
                                          pack(args),
                                          pack(signals),
                                          message_header(101, 4) + "abcd"};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < parts.size(); ++i) out.push_back(static_cast<char>(i) + parts[i]);
  return out;
}

const Registration message({"host_message", read_message, messages});

/// A first line or, after an 'a', an answer with its values.
void read_stream(const std::string& bytes) {
  try {
    if (!bytes.starts_with('a')) {
      static_cast<void>(parse_stream_hello(bytes));
      return;
    }
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const StreamAnswer answer = parse_stream_answer(std::string_view(bytes).substr(1, end - 1), 2);
    const std::string values = bytes.substr(std::min(end + 1, bytes.size()));
    if (values.size() < answer.bytes) throw ProtocolError("found less than was promised");
    for (const ProgramArray& array : stream_arrays(answer, values)) {
      for (std::size_t l = 0; l < size_of(array).layers; ++l) {
        static_cast<void>(layer_of(array, l));
      }
    }
  } catch (const ProtocolError& error) {
    throw DataError(std::string("input: ") + error.what());
  }
}

std::vector<std::string> stream_messages() {
  return {R"({"musicrep": 1, "sample_rate_hz": 16000, "channels": 2, "about": "x"})",
          "a{\"vectors\": [[2], [1, 1, 1]], \"layers\": [\"a\"], \"bytes\": 12}\n" +
              std::string(12, '1'),
          R"(a{"error": "ValueError: no", "item": "a", "trace": "one"})"};
}

const Registration stream({"stream_message", read_stream, stream_messages});

}  // namespace
}  // namespace musicrep::fuzz
