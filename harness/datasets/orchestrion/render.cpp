#include "datasets/orchestrion/render.h"

#include <fluidsynth.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "core/files.h"
#include "datasets/orchestrion/master.h"
#include "musicrep/error.h"

namespace musicrep::orchestrion {
namespace {

constexpr int kDrumChannel = 9;
constexpr int kDrumBank = 128;
constexpr int kPolyphony = 96;
constexpr int kFourthOrder = 4;

struct DeleteSettings {
  void operator()(fluid_settings_t* settings) const { delete_fluid_settings(settings); }
};
struct DeleteSynth {
  void operator()(fluid_synth_t* synth) const { delete_fluid_synth(synth); }
};
using Settings = std::unique_ptr<fluid_settings_t, DeleteSettings>;
using Synth = std::unique_ptr<fluid_synth_t, DeleteSynth>;

void say_nothing(int /*level*/, const char* /*message*/, void* /*data*/) {}

Settings new_settings(const RenderOptions& options) {
  Settings settings(new_fluid_settings());
  if (!settings) throw std::bad_alloc();
  fluid_settings_setnum(settings.get(), "synth.sample-rate", options.sample_rate_hz);
  fluid_settings_setnum(settings.get(), "synth.gain", 0.4);
  fluid_settings_setint(settings.get(), "synth.polyphony", kPolyphony);
  fluid_settings_setint(settings.get(), "synth.cpu-cores", 1);
  fluid_settings_setint(settings.get(), "synth.threadsafe-api", 0);
  fluid_settings_setint(settings.get(), "synth.reverb.active", 1);
  // Chorus would cost a tenth of the time; no part sends to it.
  fluid_settings_setint(settings.get(), "synth.chorus.active", 0);
  return settings;
}

/// FluidSynth sets up its tables when the first synthesizer is made, and does not guard that
/// against a second thread: it is done here once, alone.
void set_up_fluidsynth() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (const int level : {FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG}) {
      fluid_set_log_function(level, say_nothing, nullptr);
    }
    const Settings settings(new_fluid_settings());
    const Synth synth(new_fluid_synth(settings.get()));
  });
}

/// What is wrong with a SoundFont at first sight; empty: nothing. FluidSynth hands a file that it
/// cannot read on to a library that prints, so that damage is best found here.
std::string damage_of(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed || !std::filesystem::is_regular_file(path, failed)) return "found no such file";
  std::ifstream file = open_for_reading(path);
  std::array<char, 12> head{};
  file.read(head.data(), head.size());
  const std::string_view text(head.data(), head.size());
  if (!file || text.substr(0, 4) != "RIFF" || text.substr(8) != "sfbk") {
    return "found no RIFF header of kind sfbk";
  }
  std::uint64_t promised = 8;
  for (std::size_t i = 0; i < 4; ++i) {
    promised += std::uint64_t{static_cast<unsigned char>(head[4 + i])} << (8 * i);
  }
  // Some writers pad the file by a byte.
  if (promised > size || size > promised + 1) {
    return fmt::format("found {} bytes where its header promises {}", size, promised);
  }
  return {};
}

/// What is sent to the synthesizer before frame `frame`.
struct Event {
  std::int64_t frame = 0;
  bool on = false;
  int channel = 0;
  int key = 0;
  int velocity = 0;
  std::size_t note = 0;
};

/// Note-offs come before the note-ons of the same frame.
std::vector<Event> events_of(const Score& score, const std::vector<int>& channels,
                             int sample_rate_hz) {
  const double frames_per_tick = 60.0 * sample_rate_hz / (score.tempo_bpm * kTicksPerBeat);
  std::vector<Event> events;
  events.reserve(2 * score.notes.size());
  for (std::size_t n = 0; n < score.notes.size(); ++n) {
    const Note& note = score.notes[n];
    const int channel = channels[note.part];
    const auto start = static_cast<std::int64_t>(note.start_tick * frames_per_tick);
    const auto end =
        static_cast<std::int64_t>((note.start_tick + note.length_ticks) * frames_per_tick);
    events.push_back({start, true, channel, note.key, note.velocity, n});
    events.push_back({std::max(end, start + 1), false, channel, note.key, 0, n});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tuple(a.frame, a.on, a.note) < std::tuple(b.frame, b.on, b.note);
  });
  return events;
}

std::vector<int> channels_of(const Score& score) {
  std::vector<int> channels;
  int next = 0;
  for (const Part& part : score.parts) {
    if (part.role == Role::kDrums) {
      channels.push_back(kDrumChannel);
      continue;
    }
    if (next == kDrumChannel) ++next;
    channels.push_back(next++);
  }
  assert(next <= 16);
  return channels;
}

}  // namespace

struct Renderer::State {
  RenderOptions options;
  Settings settings;
  Synth keeper;  ///< holds the SoundFont between clips
  fluid_sfont_t* soundfont = nullptr;

  /// Throws where the SoundFont lacks an instrument of the score.
  void check_instruments(const Score& score) const {
    for (const Part& part : score.parts) {
      const int bank = part.role == Role::kDrums ? kDrumBank : 0;
      if (fluid_sfont_get_preset(soundfont, bank, part.program) == nullptr) {
        throw DataError(fmt::format(
            "{}: found no preset for bank {} program {}, expected a SoundFont with all of General "
            "MIDI and the GS drum kits, as Debian's timgm6mb-soundfont",
            options.soundfont.string(), bank, part.program));
      }
    }
  }

  static void set_parts(fluid_synth_t* synth, const Score& score,
                        const std::vector<int>& channels) {
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
      const Part& part = score.parts[p];
      const int channel = channels[p];
      fluid_synth_program_change(synth, channel, part.program);
      fluid_synth_cc(synth, channel, 7, part.level);
      fluid_synth_cc(synth, channel, 10, part.pan);
      fluid_synth_cc(synth, channel, 91, part.reverb_send);
      fluid_synth_set_gen(synth, channel, GEN_FILTERFC, static_cast<float>(part.tone_cents));
    }
  }

  /// Plays the events and reads the frames between them.
  static Stereo play(fluid_synth_t* synth, const std::vector<Event>& events, std::size_t frames) {
    Stereo audio{std::vector<float>(frames), std::vector<float>(frames)};
    std::size_t done = 0;
    const auto render_to = [&](std::size_t frame) {
      if (frame <= done) return;
      const int at = static_cast<int>(done);
      fluid_synth_write_float(synth, static_cast<int>(frame - done), audio.left.data(), at, 1,
                              audio.right.data(), at, 1);
      done = frame;
    };
    std::map<std::pair<int, int>, std::size_t> sounding;  ///< channel, key → note
    for (const Event& event : events) {
      if (event.frame >= static_cast<std::int64_t>(frames)) break;
      render_to(static_cast<std::size_t>(event.frame));
      const std::pair<int, int> place(event.channel, event.key);
      if (event.on) {
        fluid_synth_noteon(synth, event.channel, event.key, event.velocity);
        sounding[place] = event.note;
      } else if (const auto found = sounding.find(place);
                 found != sounding.end() && found->second == event.note) {
        // The end of a note whose key was struck again meanwhile must not end the new one.
        fluid_synth_noteoff(synth, event.channel, event.key);
        sounding.erase(found);
      }
    }
    render_to(frames);
    return audio;
  }
};

Renderer::Renderer(const RenderOptions& options) : state_(std::make_unique<State>()) {
  set_up_fluidsynth();
  const std::string path = options.soundfont.string();
  constexpr const char* kHint =
      "expected a General MIDI SoundFont (.sf2), as in Debian's package timgm6mb-soundfont";
  if (const std::string damage = damage_of(options.soundfont); !damage.empty()) {
    throw DataError(fmt::format("{}: {}, {}", path, damage, kHint));
  }
  state_->options = options;
  state_->settings = new_settings(options);
  state_->keeper.reset(new_fluid_synth(state_->settings.get()));
  if (!state_->keeper) throw std::bad_alloc();
  if (fluid_synth_sfload(state_->keeper.get(), path.c_str(), 0) == FLUID_FAILED) {
    throw DataError(fmt::format("{}: FluidSynth cannot read it, {}", path, kHint));
  }
  state_->soundfont = fluid_synth_get_sfont(state_->keeper.get(), 0);
}

Renderer::~Renderer() = default;

Samples Renderer::render(const Score& score, double clip_s, std::uint64_t hiss_seed,
                         RenderReport* report) {
  const RenderOptions& options = state_->options;
  state_->check_instruments(score);
  Synth synth(new_fluid_synth(state_->settings.get()));
  if (!synth) throw std::bad_alloc();
  fluid_synth_set_interp_method(synth.get(), -1, kFourthOrder);
  // Reading the SoundFont takes 20 ms, lending it 0.2; a SoundFont is not changed by playing it.
  fluid_synth_add_sfont(synth.get(), state_->soundfont);
  fluid_synth_set_reverb_group_roomsize(synth.get(), -1, score.production.room_size);
  fluid_synth_set_reverb_group_level(synth.get(), -1, score.production.reverb_level);
  fluid_synth_set_reverb_group_damp(synth.get(), -1, 0.3);

  const std::vector<int> channels = channels_of(score);
  State::set_parts(synth.get(), score, channels);
  const auto frames = static_cast<std::size_t>(clip_s * options.sample_rate_hz + 0.5);
  Stereo audio =
      State::play(synth.get(), events_of(score, channels, options.sample_rate_hz), frames);
  fluid_synth_all_sounds_off(synth.get(), -1);
  fluid_synth_remove_sfont(synth.get(), state_->soundfont);
  synth.reset();

  double gain = 0;
  const double limited = master(audio, score.production, hiss_seed, gain);
  if (report != nullptr) *report = {limited, gain};

  Samples out{options.sample_rate_hz, options.channels, {}};
  out.interleaved.reserve(frames * static_cast<std::size_t>(options.channels));
  const auto to_int = [](float value) {
    return static_cast<std::int16_t>(std::floor(value * 32767.0F + 0.5F));
  };
  for (std::size_t i = 0; i < frames; ++i) {
    if (options.channels == 1) {
      out.interleaved.push_back(to_int((audio.left[i] + audio.right[i]) / 2));
    } else {
      out.interleaved.push_back(to_int(audio.left[i]));
      out.interleaved.push_back(to_int(audio.right[i]));
    }
  }
  return out;
}

Pcm to_pcm(const Samples& samples) {
  const auto channels = static_cast<std::size_t>(samples.channels);
  const std::size_t frames = samples.interleaved.size() / channels;
  Pcm pcm;
  pcm.sample_rate_hz = samples.sample_rate_hz;
  pcm.channels = channels;
  pcm.frames = frames;
  pcm.values.resize(samples.interleaved.size());
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      pcm.values[c * frames + i] =
          static_cast<float>(samples.interleaved[i * channels + c]) / 32768.0F;
    }
  }
  return pcm;
}

std::string fluidsynth_version() {
  int major = 0;
  int minor = 0;
  int micro = 0;
  fluid_version(&major, &minor, &micro);
  return fmt::format("{}.{}.{}", major, minor, micro);
}

}  // namespace musicrep::orchestrion
