#include "foreign/channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <thread>

namespace musicrep {
namespace {

struct Sockets {
  std::array<int, 2> ends{};
  Sockets() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
  ~Sockets() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  void say(const std::string& bytes) {
    REQUIRE(::write(ends[0], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  void hang_up() {
    ::close(ends[0]);
    ends[0] = -1;
  }
};

}  // namespace

TEST_CASE("a message arrives as it was sent, whatever its size") {
  const std::size_t size = GENERATE(as<std::size_t>{}, 0, 1, 15, 16, 17, 65536, 3'000'000);
  Sockets sockets;
  std::string sent(size, 'x');
  for (std::size_t i = 0; i < size; ++i) sent[i] = static_cast<char>(i * 31);
  std::jthread sender([&] {
    send_message(sockets.ends[0], 7, sent);
    send_message(sockets.ends[0], 8, "second");
  });
  const auto first = receive_message(sockets.ends[1], size);
  REQUIRE(first);
  CHECK(first->kind == 7);
  CHECK(first->bytes == sent);
  CHECK(receive_message(sockets.ends[1], 6)->bytes == "second");
}

TEST_CASE("a message that comes byte by byte is the same") {
  MessageReader reader(100);
  const std::string bytes = message_header(3, 5) + "hello";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CHECK_FALSE(reader.is_complete());
    CHECK(reader.missing() > 0);
    reader.add(bytes.substr(i, 1));
  }
  REQUIRE(reader.is_complete());
  const Message message = reader.take();
  CHECK(message.kind == 3);
  CHECK(message.bytes == "hello");
}

TEST_CASE("what is no message is refused before it is read") {
  Sockets sockets;
  SECTION("junk") {
    sockets.say("junk junk junk junk");
    CHECK_THROWS_AS(receive_message(sockets.ends[1], 100), ProtocolError);
  }
  SECTION("longer than allowed") {
    sockets.say(message_header(1, 101));
    CHECK_THROWS_WITH(receive_message(sockets.ends[1], 100), Catch::Contains("101 bytes"));
  }
  SECTION("longer than any memory") {
    sockets.say(message_header(1, ~std::uint64_t{0}));
    CHECK_THROWS_AS(receive_message(sockets.ends[1], kLongestAnswer), ProtocolError);
  }
}

TEST_CASE("an end between messages is an end, one within a message an error") {
  Sockets sockets;
  SECTION("between") {
    send_message(sockets.ends[0], 1, "a");
    sockets.hang_up();
    CHECK(receive_message(sockets.ends[1], 1)->bytes == "a");
    CHECK_FALSE(receive_message(sockets.ends[1], 1).has_value());
  }
  SECTION("within the header") {
    sockets.say(message_header(1, 5).substr(0, 9));
    sockets.hang_up();
    CHECK_THROWS_AS(receive_message(sockets.ends[1], 5), ProtocolError);
  }
  SECTION("within the body") {
    sockets.say(message_header(1, 5) + "hell");
    sockets.hang_up();
    CHECK_THROWS_AS(receive_message(sockets.ends[1], 5), ProtocolError);
  }
  SECTION("nobody listens") {
    ::close(sockets.ends[1]);
    sockets.ends[1] = -1;
    CHECK_THROWS_AS(send_message(sockets.ends[0], 1, std::string(1 << 20, 'x')), ProtocolError);
  }
}

}  // namespace musicrep
