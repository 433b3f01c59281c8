#include "foreign/host.h"

#include <cxxabi.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <typeinfo>

#include "foreign/channel.h"
#include "foreign/child_process.h"
#include "foreign/messages.h"
#include "foreign/plugin.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

std::string type_of(const std::exception& error) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : typeid(error).name();
}

class Host {
 public:
  explicit Host(const EncoderRegistry& builtin) : registry_(builtin) {}

  std::string answer(Request request, std::string_view bytes) {
    Unpacker in(bytes);
    switch (request) {
      case Request::kHello:
        return {};
      case Request::kDescribe:
        return describe(in);
      case Request::kCreate:
        return create(in);
      case Request::kCheckItems:
        encoder().check_items(in.next<std::vector<std::string>>());
        return pack(facts());
      case Request::kEncode:
        return encode(in);
      case Request::kEncodeTexts:
        return pack(text_encoder().encode_texts(in.next<std::vector<std::string>>()));
    }
    throw ProtocolError("found a request of no known kind");
  }

 private:
  // The name under which the registry has the encoder that is asked for.
  std::string open(const MakerName& maker) {
    if (maker.plugin.empty()) return maker.name;
    if (plugin_.empty()) {
      PluginEncoder plugin = load_plugin(maker.plugin, maker.sha256);
      EncoderAbilities abilities;
      abilities.info_for = plugin.info_for;
      EncoderRegistry alone;
      alone.add(plugin.info, plugin.make, abilities);
      registry_ = std::move(alone);
      plugin_ = plugin.info.name;
    }
    return plugin_;
  }

  std::string describe(Unpacker& in) {
    const std::string name = open(in.next<MakerName>());
    const bool with_options = in.next<bool>();
    const auto options = in.next<Options>();
    return pack(with_options ? registry_.info_for(name, options) : registry_.info(name),
                static_cast<bool>(registry_.abilities(name).info_for));
  }

  std::string create(Unpacker& in) {
    const std::string name = open(in.next<MakerName>());
    encoder_ = registry_.create(name, in.next<EncoderArgs>());
    return pack(facts());
  }

  Encoder& encoder() {
    if (!encoder_) throw ProtocolError("asked of an encoder that was not made");
    return *encoder_;
  }

  TextEncoder& text_encoder() {
    auto* texts = interface_of<TextEncoder>(encoder());
    if (texts == nullptr) throw ProtocolError("asked for texts of an encoder that takes none");
    return *texts;
  }

  EncoderFacts facts() {
    const Encoder& from = encoder();
    return {from.batch_size(), dependent_batch_size_of(from), views_of(from),
            from.notes(),      from.content_sha256(),         reason_without_texts_of(from)};
  }

  std::string encode(Unpacker& in) {
    const auto sent = in.next<std::vector<SentSignal>>();
    std::vector<Signal> signals;
    for (const SentSignal& s : sent) signals.push_back({s.id, s.values, s.rows, s.cols});
    return pack(encoder().encode(signals));
  }

  EncoderRegistry registry_;
  std::string plugin_;  // the name of what a shared object held
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace

void serve_encoder(const EncoderRegistry& builtin) {
  const int channel = ChildProcess::kChannel;
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(channel, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return;
  ::fcntl(channel, F_SETFD, FD_CLOEXEC);
  Host host(builtin);
  const auto reply = [&](Answer answer, const std::string& bytes) {
    send_message(channel, static_cast<std::uint32_t>(answer), bytes);
  };
  try {
    while (const auto message =
               receive_message(channel, std::numeric_limits<std::uint64_t>::max())) {
      Refusal refusal;
      try {
        const std::string bytes = host.answer(static_cast<Request>(message->kind), message->bytes);
        reply(Answer::kDone, bytes);
        continue;
      } catch (const Error& error) {
        refusal = {error.kind() == ErrorKind::kUsage, error.what()};
      } catch (const std::exception& error) {
        refusal.reason = fmt::format("it threw {}: {}", type_of(error), error.what());
      } catch (...) {
        refusal.reason = "it threw something that is no std::exception";
      }
      reply(Answer::kRefused, pack(refusal));
    }
  } catch (const ProtocolError& error) {
    fmt::print(stderr, "{}\n", error.what());
  }
  ::_exit(0);
}

}  // namespace musicrep
