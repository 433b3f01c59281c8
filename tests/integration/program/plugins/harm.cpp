// An encoder that does what foreign code may do wrong, one thing a run: option "how".
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "musicrep/error.h"
#include "musicrep/registry.h"

#ifndef HARM_NAME
#define HARM_NAME "harm"
#endif

namespace {

class Harm : public musicrep::Encoder, public musicrep::MultiViewEncoder {
 public:
  static musicrep::EncoderInfo static_info() {
#ifdef HARM_INFO_THROWS
    throw std::runtime_error("no information today");
#endif
    musicrep::EncoderInfo info;
    info.name = HARM_NAME;
    info.version = "1";
    info.description = "does harm";
    info.citation = "none";
    info.licence = "MIT";
    info.sample_rate_hz = 8000;
    info.channels = 1;
    info.dim = 2;
    info.options = {
        {.name = "how", .default_value = std::string("none"), .description = "what is done wrong"}};
    return info;
  }

  explicit Harm(const musicrep::EncoderArgs& args)
      : how_(musicrep::option<std::string>(args.options, "how")) {
    if (how_ == "throw_constructing") throw std::logic_error("no such encoder today");
    if (how_ == "options") throw musicrep::ConfigError("this option cannot be");
    if (how_ == "crash_constructing") std::raise(SIGSEGV);
    if (how_ == "hang_constructing") sleep_for_ever();
  }

  std::vector<musicrep::Matrix> encode(std::span<const musicrep::Signal> signals) override {
    std::vector<musicrep::Matrix> out;
    for (const musicrep::Signal& signal : signals) {
      if (signal.id == "c3") do_harm();
      double sum = 0;
      double crossings = 0;
      for (std::size_t i = 1; i < signal.values.size(); ++i) {
        sum += static_cast<double>(signal.values[i]) * signal.values[i];
        crossings += (signal.values[i] > 0) != (signal.values[i - 1] > 0) ? 1 : 0;
      }
      if (how_ == "width" && signal.id == "c3") {
        out.emplace_back(1, 3);
      } else if (how_ == "no_rows" && signal.id == "c3") {
        out.emplace_back(0, 2);
      } else {
        out.emplace_back(1, 2, std::vector<double>{crossings, sum});
        if (how_ == "constant") out.back() = musicrep::Matrix(1, 2);
        if (how_ == "large") out.back().at(0, 0) *= 1e11;
        if (how_ == "huge") out.back().at(0, 0) *= 1e150;
        if (how_ == "nan" && signal.id == "c3") {
          out.back().at(0, 1) = std::numeric_limits<double>::quiet_NaN();
        }
      }
    }
    if (how_ == "too_few" && signals.front().id == "c3") out.pop_back();
    return out;
  }

  std::vector<musicrep::VectorView> views() const override {
    if (how_ == "views") return {{"all of it", {{0, 3}}}};
    if (how_ == "view_backwards") return {{"back", {{2, 1}}}};
    return {};
  }

  std::vector<std::string> notes() const override {
    if (how_ == "note") return {"\xff\xfe"};
    return {};
  }

 private:
  static void sleep_for_ever() {
    while (true) std::this_thread::sleep_for(std::chrono::hours(1));
  }

  void do_harm() const {
    std::fputs("last words of harm\n", stderr);
    if (how_ == "throw") throw std::runtime_error("cannot go on");
    if (how_ == "throw_item") throw musicrep::DataError("this item is not to my taste");
    if (how_ == "throw_bytes") throw std::runtime_error("\xff | <b> \n\xc3");
    if (how_ == "throw_int") throw 42;
    if (how_ == "abort") std::abort();
    if (how_ == "segfault") std::raise(SIGSEGV);
    if (how_ == "exit") std::exit(0);
    if (how_ == "hang") sleep_for_ever();
    if (how_ == "print") {
      while (true) std::puts("and another line");
    }
    if (how_ == "junk") {
      for (int fd = 3; fd < 20; ++fd) {
        static_cast<void>(!::write(fd, "junk junk junk junk junk junk", 29));
      }
    }
    if (how_ == "promise") {  // the header of an answer of 2^63 bytes
      const std::uint32_t words[] = {0x5045524d, 101, 0, 0x80000000};
      static_cast<void>(!::write(3, words, sizeof words));
    }
  }

  std::string how_;
};

}  // namespace

MUSICREP_ENCODER(harm, Harm)
