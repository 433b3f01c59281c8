#include "checked_network.h"
#include "musicbert_net.h"

namespace musicrep {
namespace {

CheckedNetwork checked(const std::string& attention) {
  constexpr std::int64_t kFrames = 31;
  return {.name = "MusicBERT, 4 layers of width 256, " + attention,
          .item = "clip of 30 s",
          .shape = {kFrames, kMusicbertFrameWidth},
          .batch = 128,
          .make =
              [attention] {
                MusicbertConfig config;
                config.width = 256;
                config.layers = 4;
                config.ffn = 1024;
                config.attention = attention_named(attention);
                return std::make_shared<MusicbertNetImpl>(config);
              },
          .forward =
              [](torch::nn::Module& net, const torch::Tensor& x) {
                const auto whole = x.options().dtype(torch::kLong).requires_grad(false);
                const std::int64_t n = x.size(0);
                const MusicbertBatch batch = {
                    torch::empty({n, 0}, whole), x, torch::full({n}, x.size(1), whole), {}};
                const MusicbertOutput out = dynamic_cast<MusicbertNetImpl&>(net).forward(batch);
                return mean_over_present(out.frames(out.last()), batch.frames_present());
              }};
}

}  // namespace

std::vector<CheckedNetwork> check_musicbert();
std::vector<CheckedNetwork> check_musicbert() {
  std::vector<CheckedNetwork> out;
  for (const std::string& attention : attention_names()) out.push_back(checked(attention));
  return out;
}

}  // namespace musicrep
