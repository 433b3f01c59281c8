#include "datasets/orchestrion/artist.h"

#include <algorithm>
#include <utility>

#include "datasets/orchestrion/chance.h"

namespace musicrep::orchestrion {
namespace {

/// The values in an order of the artist's own.
template <typename T>
std::vector<T> ranked(const std::vector<T>& values, Random& random) {
  std::vector<T> out;
  out.reserve(values.size());
  for (const std::size_t i : permutation(values.size(), random)) out.push_back(values[i]);
  return out;
}

/// The style that a habit comes from: the artist's own, or now and then a neighbour's.
const Style& source_of_habit(const Style& own, const ArtistKnobs& knobs, Random& random) {
  const bool borrows = chance(random, knobs.bleed);
  const std::string_view neighbour = pick(random, own.neighbours);
  return borrows ? styles()[style_index(neighbour)] : own;
}

/// Own values first where the borrowed ones could leave a metre without any.
template <typename T>
std::vector<T> borrowed_then_own(const std::vector<T>& borrowed, const std::vector<T>& own,
                                 bool is_own, Random& random) {
  std::vector<T> out = ranked(borrowed, random);
  if (!is_own) {
    for (const T& value : ranked(own, random)) out.push_back(value);
  }
  return out;
}

int controller(double value) { return std::clamp(nearest(value), 0, 127); }

/// TimGM6mb's basses are loud against its drums; the mix sets that right.
int mix_offset(Role role) {
  if (role == Role::kBass) return -18;
  return role == Role::kDrums ? 10 : 4;
}

Player hire(const Seat& seat, const ArtistKnobs& knobs, int reverb_send, Random& random) {
  Player player;
  player.part.role = seat.role;
  player.part.program = pick(random, seat.programs);
  player.part.level =
      controller(seat.level + mix_offset(seat.role) + 9 * knobs.spread * gaussian(random));
  const bool central = seat.role == Role::kDrums || seat.role == Role::kBass;
  player.part.pan = controller(64 + (central ? 4 : 24) * gaussian(random));
  const double dry = seat.role == Role::kBass ? 0.3 : 1;
  player.part.reverb_send = controller(dry * (reverb_send + 12 * gaussian(random)));
  player.part.tone_cents = nearest(kToneCents + 700 * knobs.spread * gaussian(random));
  player.low = seat.low;
  player.high = seat.high;
  player.patterns = ranked(seat.patterns, random);
  player.programs = seat.programs;
  return player;
}

Production record(const Style& style, const ArtistKnobs& knobs, Random& random) {
  Production production;
  production.room_size = between(random, style.room_low, style.room_high);
  production.reverb_level = between(random, 0.2, 0.7);
  const double middle = (style.rms_low + style.rms_high) / 2;
  const double half = (style.rms_high - style.rms_low) / 2 * knobs.spread;
  production.target_rms = std::clamp(between(random, middle - half, middle + half), 0.02, 0.2);
  // Studios differ in brightness; old recordings are narrow, dull and hiss.
  const bool vintage = chance(random, style.vintage);
  const double dullness = std::min(0.9, knobs.spread * between(random, 0, vintage ? 0.65 : 0.2));
  production.lowpass = vintage ? 0.85 - dullness : 1 - dullness;
  production.lowpass = std::max(production.lowpass, 0.15);
  production.noise_rms = vintage ? between(random, 0.01, 0.06) : between(random, 0, 0.002);
  production.width = vintage ? between(random, 0, 0.4) : between(random, 0.5, 1);
  return production;
}

}  // namespace

Artist make_artist(const std::string& name, std::size_t style, const ArtistKnobs& knobs,
                   std::uint64_t seed) {
  Random random(seed);
  const Style& own = styles()[style];
  Artist artist;
  artist.name = name;
  artist.style = style;

  const double middle = (own.tempo_low_bpm + own.tempo_high_bpm) / 2;
  const double half = (own.tempo_high_bpm - own.tempo_low_bpm) / 2 * std::min(1.2, knobs.spread);
  artist.tempo_bpm = between(random, middle - half, middle + half);
  artist.tempo_spread = between(random, 0.03, 0.12);
  artist.minor = std::clamp(own.minor + 0.2 * gaussian(random), 0.0, 1.0);
  artist.swing = {between(random, own.swing_low, own.swing_high), own.swing_sixteenths};
  artist.metres = own.metres;
  for (int i = 0; i < 4; ++i) artist.tonics.push_back(whole_between(random, 0, 11));

  const Style& harmony = source_of_habit(own, knobs, random);
  artist.progressions =
      borrowed_then_own(harmony.progressions, own.progressions, &harmony == &own, random);
  const Style& drums = source_of_habit(own, knobs, random);
  artist.drums = borrowed_then_own(drums.drums, own.drums, &drums == &own, random);
  const Style& bass = source_of_habit(own, knobs, random);
  artist.basses = borrowed_then_own(bass.basses, own.basses, &bass == &own, random);
  const Style& melody = source_of_habit(own, knobs, random);
  artist.melody = melody.melody;
  artist.melody.cells =
      borrowed_then_own(melody.melody.cells, own.melody.cells, &melody == &own, random);
  // A voice of one's own: fewer rhythms, more or fewer leaps and rests.
  artist.melody.leap *= between(random, 0.6, 1.5);
  artist.melody.rest_bars *= between(random, 0.4, 1.6);
  artist.melody.thirds = chance(random, melody.melody.thirds) ? 1 : 0;

  const Style& band_style = source_of_habit(own, knobs, random);
  const Band& band = pick(random, band_style.bands);
  const int reverb_send = whole_between(random, 15, 75);
  for (const Seat& seat : band.seats) {
    if (!chance(random, seat.probability)) continue;
    if (artist.players.size() >= 14) break;
    artist.players.push_back(hire(seat, knobs, reverb_send, random));
    Player& player = artist.players.back();
    if (seat.role == Role::kDrums) {
      const Style& kit = own.drums.empty() ? band_style : own;
      player.programs = kit.drum_kits;
      player.part.program = pick(random, player.programs);
    }
    // A player of a borrowed band must know the metres of the artist's own style.
    if (seat.role == Role::kChords && &band_style != &own) {
      for (const Band& other : own.bands) {
        for (const Seat& own_seat : other.seats) {
          for (const ChordPattern& pattern : own_seat.patterns) player.patterns.push_back(pattern);
        }
      }
    }
  }

  artist.fills = std::clamp(own.fills + 0.2 * gaussian(random), 0.0, 1.0);
  artist.velocity = own.velocity + 5 * knobs.spread * gaussian(random);
  artist.velocity_spread = own.velocity_spread * between(random, 0.6, 1.5);
  artist.timing_ticks = own.timing_ticks * between(random, 0.5, 1.6);
  artist.phrase_dynamics = own.phrase_dynamics * between(random, 0.5, 1.5);
  artist.section_change = own.section_change;
  artist.ghost_notes = between(random, 0, 0.12);
  artist.production = record(own, knobs, random);
  return artist;
}

Artist in_session(const Artist& artist, const ArtistKnobs& knobs, std::uint64_t seed) {
  const Artist other = make_artist(artist.name, artist.style, knobs, derive_seed(seed, "other"));
  Random random(seed);
  Artist out = artist;
  const auto keep = [&](auto Artist::*habit) {
    if (!chance(random, knobs.loyalty)) out.*habit = other.*habit;
  };
  // Numbers move a part of the way instead.
  const auto move = [&](double& value, double to) { value += (1 - knobs.loyalty) * (to - value); };
  keep(&Artist::progressions);
  keep(&Artist::drums);
  keep(&Artist::basses);
  keep(&Artist::melody);
  keep(&Artist::tonics);
  keep(&Artist::players);
  for (Player& player : out.players) {
    if (!chance(random, knobs.loyalty)) player.part.program = pick(random, player.programs);
    player.part.level = controller(player.part.level + 6 * gaussian(random));
    player.part.pan = controller(player.part.pan + 6 * gaussian(random));
    player.part.tone_cents += nearest(300 * gaussian(random));
  }
  move(out.tempo_bpm, other.tempo_bpm);
  move(out.velocity, other.velocity);
  move(out.production.room_size, other.production.room_size);
  move(out.production.reverb_level, other.production.reverb_level);
  move(out.production.target_rms, other.production.target_rms);
  move(out.production.lowpass, other.production.lowpass);
  move(out.production.noise_rms, other.production.noise_rms);
  move(out.production.width, other.production.width);
  return out;
}

}  // namespace musicrep::orchestrion
