#include "musicrep/registry.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;

namespace musicrep {
namespace {

/// Gives back what it was constructed from.
class FakeEncoder : public Encoder {
 public:
  explicit FakeEncoder(const EncoderArgs& args) : args_(args) {}
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    return std::vector<Matrix>(
        signals.size(), Matrix(1, 2, {option<double>(args_.options, "gain"), double(args_.seed)}));
  }

 private:
  EncoderArgs args_;
};

EncoderInfo info_named(const std::string& name) {
  EncoderInfo info;
  info.name = name;
  info.version = "1";
  info.description = "for tests";
  info.citation = "none";
  info.options = {{"gain", 1.0, "factor"}};
  return info;
}

void add(EncoderRegistry& registry, const EncoderInfo& info) {
  registry.add(info, [](const EncoderArgs& args) { return std::make_unique<FakeEncoder>(args); });
}

EncoderRegistry registry_of(const std::vector<std::string>& names) {
  EncoderRegistry registry;
  for (const std::string& name : names) add(registry, info_named(name));
  return registry;
}

}  // namespace

TEST_CASE("encoders are listed in alphabetical order") {
  CHECK(registry_of({"tlm", "mfcc", "vggish"}).names() ==
        std::vector<std::string>{"mfcc", "tlm", "vggish"});
  CHECK(EncoderRegistry().names().empty());
}

TEST_CASE("an encoder is constructed with its options filled in") {
  const EncoderRegistry registry = registry_of({"fake"});
  CHECK(registry.info("fake").description == "for tests");
  CHECK(option<double>(registry.complete_options("fake", {}), "gain") == 1);
  const std::vector<Signal> signals(2);
  const auto by_default = registry.create("fake", {.seed = 3, .options = {}});
  CHECK(by_default->encode(signals).size() == 2);
  CHECK(by_default->encode(signals)[0] == Matrix(1, 2, {1, 3}));
  const auto louder = registry.create("fake", {.seed = 3, .options = {{"gain", std::int64_t{2}}}});
  CHECK(louder->encode(signals)[1] == Matrix(1, 2, {2, 3}));
}

TEST_CASE("a name is given once") {
  EncoderRegistry registry = registry_of({"mfcc"});
  EncoderInfo second = info_named("mfcc");
  second.version = "2";
  CHECK(message_of<ConfigError>([&] { add(registry, second); }) ==
        "encoder 'mfcc' is registered already");
  CHECK(registry.info("mfcc").version == "1");
}

TEST_CASE("a name that is none is refused") {
  const std::string name =
      GENERATE("", "MFCC", "mf-cc", "2tlm", "_mfcc", "mf cc", "m\xc3\xa9l", "../x");
  EncoderRegistry registry;
  CHECK_THAT(message_of<ConfigError>([&] { add(registry, info_named(name)); }),
             Contains("encoder '" + name + "'") && Contains("lower case letters"));
  CHECK(registry.names().empty());
}

TEST_CASE("letters, digits and '_' make a name") {
  CHECK(registry_of({"a", "mfcc_13", "x2__"}).names().size() == 3);
}

TEST_CASE("an encoder must say what it is") {
  const auto blank =
      GENERATE(&EncoderInfo::version, &EncoderInfo::description, &EncoderInfo::citation);
  EncoderInfo info = info_named("mfcc");
  (info.*blank).clear();
  EncoderRegistry registry;
  CHECK(message_of<ConfigError>([&] { add(registry, info); }) ==
        "encoder 'mfcc': version, description and citation must be given");
}

TEST_CASE("an unknown encoder gets the nearest one and the list") {
  const EncoderRegistry registry = registry_of({"mfcc", "tlm"});
  const std::string expected = "unknown encoder 'mfc'. Did you mean 'mfcc'? Known: mfcc, tlm.";
  CHECK(message_of<ConfigError>([&] { static_cast<void>(registry.info("mfc")); }) == expected);
  CHECK(message_of<ConfigError>([&] { static_cast<void>(registry.create("mfc", {})); }) ==
        expected);
  CHECK(message_of<ConfigError>([&] { static_cast<void>(registry.complete_options("mfc", {})); }) ==
        expected);
  CHECK(message_of<ConfigError>([] { static_cast<void>(EncoderRegistry().info("mfcc")); }) ==
        "unknown encoder 'mfcc'. There are none.");
}

TEST_CASE("a wrong option names the encoder") {
  const EncoderRegistry registry = registry_of({"fake"});
  EncoderArgs args;
  args.options = {{"gian", 2.0}};
  CHECK(message_of<ConfigError>([&] { static_cast<void>(registry.create("fake", args)); }) ==
        "encoder 'fake': unknown option 'gian'. Did you mean 'gain'? Known: gain.");
}

TEST_CASE("options may decide what an encoder takes") {
  EncoderRegistry registry = registry_of({"fake", "plain"});
  EncoderAbilities abilities;
  abilities.info_for = [](const Options& options) {
    EncoderInfo info = info_named("fake");
    info.hop_s = option<double>(options, "gain");
    return info;
  };
  const EncoderInfo info = registry.info("fake");
  registry.replace(
      info, [](const EncoderArgs&) { return nullptr; }, abilities);
  CHECK(registry.info_for("fake", {{"gain", 3.0}}).hop_s == 3);
  CHECK(registry.info_for("fake", {}).hop_s ==
        option<double>(registry.complete_options("fake", {}), "gain"));
  CHECK(registry.info_for("plain", {{"gain", 3.0}}).hop_s == registry.info("plain").hop_s);
  CHECK(registry.create("fake", {}) == nullptr);
  CHECK_THROWS_AS(registry.info_for("fake", {{"gian", 3.0}}), ConfigError);
}

TEST_CASE("a shared object's stamp names what its layout follows from") {
  const std::string stamp = abi_stamp();
  CHECK(stamp == abi_stamp());
  for (const char* part : {"musicrep 0.", "; abi ", "; c++ 2020", "; EncoderInfo ", "; Matrix "}) {
    CHECK_THAT(stamp, Contains(part));
  }
}

}  // namespace musicrep
