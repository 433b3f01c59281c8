#include "foreign/register.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "core/files.h"
#include "core/hash.h"
#include "foreign/foreign_encoder.h"
#include "foreign/host_process.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr double kDescribeLimit_s = 60;

Options without_limit(Options options) {
  options.erase(kTimeLimitOption);
  return options;
}

// What the program itself says of every encoder in a child.
EncoderInfo in_a_child(EncoderInfo info, const std::string& sha256) {
  info.foreign = true;
  info.in_child = true;
  info.code_sha256 = sha256;
  info.options.push_back({.name = kTimeLimitOption,
                          .default_value = kTimeLimit_s,
                          .description = "seconds that one call may take before it is stopped",
                          .practical = true,
                          .range = NumberRange{.least = 0,
                                               .greatest = std::numeric_limits<double>::infinity(),
                                               .without_least = true}});
  return info;
}

struct Description {
  EncoderInfo info;
  bool options_decide = false;
};

Description describe(const MakerName& maker, bool with_options, const Options& options) {
  HostProcess host;
  const std::string answer =
      host.call(Request::kDescribe, pack(maker, with_options, options), kDescribeLimit_s);
  Unpacker in(answer);
  auto info = in.next<EncoderInfo>();
  const bool options_decide = in.next<bool>();
  in.finish();
  check_info(info);
  return {in_a_child(std::move(info), maker.sha256), options_decide};
}

// Of a shared object: its own code says, in a child.
EncoderInfo described_by_child(const MakerName& maker, const Options& options) {
  try {
    return describe(maker, true, without_limit(options)).info;
  } catch (const HostFailure& failure) {
    const std::string text = fmt::format("encoder '{}': {}", maker.name, failure.what());
    if (failure.is_usage()) throw ConfigError(text);
    throw ForeignFailure(text);
  } catch (const ProtocolError& error) {
    throw ForeignFailure(error.what());
  }
}

EncoderRegistry::Factory factory(std::shared_ptr<HostPool> pool, const MakerName& maker,
                                 const EncoderInfo& info,
                                 const std::function<EncoderInfo(const Options&)>& info_for) {
  return [=](const EncoderArgs& args) -> std::unique_ptr<Encoder> {
    return std::make_unique<ForeignEncoder>(pool, maker, info_for ? info_for(args.options) : info,
                                            args);
  };
}

}  // namespace

void isolate_foreign_encoders(EncoderRegistry& registry) {
  const auto pool = std::make_shared<HostPool>();
  for (const std::string& name : registry.names()) {
    if (!registry.info(name).in_child) continue;
    const EncoderInfo info = in_a_child(registry.info(name), "");
    EncoderAbilities abilities;
    // Its own description is the project's code and runs here; what it throws is the file's fault.
    if (const auto own = registry.abilities(name).info_for) {
      abilities.info_for = [own](const Options& options) {
        try {
          return in_a_child(own(without_limit(options)), "");
        } catch (const DataError& error) {
          throw ForeignFailure(error.what());
        }
      };
    }
    registry.replace(info, factory(pool, {"", "", name}, info, abilities.info_for), abilities);
  }
}

void add_plugin(EncoderRegistry& registry, const std::filesystem::path& file) {
  require_file(file, "shared object");
  MakerName maker{std::filesystem::absolute(file).string(), sha256_of_file(file), ""};
  try {
    const auto [info, options_decide] = describe(maker, false, {});
    const auto own = std::ranges::count(info.options, kTimeLimitOption, &OptionSpec::name);
    if (own > 1) throw ConfigError(fmt::format("the option {} is the program's", kTimeLimitOption));
    maker.name = info.name;
    EncoderAbilities abilities;
    if (options_decide) {
      abilities.info_for = [maker](const Options& options) {
        return described_by_child(maker, options);
      };
    }
    registry.add(info, factory(std::make_shared<HostPool>(), maker, info, abilities.info_for),
                 abilities);
  } catch (const HostFailure& failure) {
    throw ConfigError(fmt::format("--plugin '{}': {}", file.string(), failure.what()));
  } catch (const ProtocolError& error) {
    throw ConfigError(fmt::format("--plugin '{}': {}", file.string(), error.what()));
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("--plugin '{}': {}", file.string(), error.what()));
  }
}

}  // namespace musicrep
