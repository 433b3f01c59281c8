#include "datasets/orchestrion/labels.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <set>

#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {
namespace {

/// By General MIDI program.
std::string_view label_of_program(int program) {
  switch (program) {
    case 26:
    case 27:
    case 28:
    case 29:
    case 30:
    case 31:
      return "/m/02sgy";  // Electric guitar
    case 33:
    case 34:
    case 35:
    case 36:
    case 37:
      return "/m/018vs";  // Bass guitar
    case 24:
    case 25:
      return "/m/042v_gx";  // Acoustic guitar
    case 105:
      return "/m/018j2";  // Banjo
    case 0:
    case 1:
    case 2:
    case 3:
      return "/m/05r5c";  // Piano
    case 4:
    case 5:
      return "/m/01s0ps";  // Electric piano
    case 7:
      return "/m/025cbm";  // Clavinet
    case 19:
    case 20:
      return "/m/013y1f";  // Organ
    case 18:
      return "/m/03xq_f";  // Electronic organ
    case 16:
    case 17:
      return "/m/03gvt";  // Hammond organ
    case 38:
    case 39:
    case 50:
    case 51:
    case 54:
    case 62:
    case 63:
    case 80:
    case 81:
    case 84:
    case 85:
    case 86:
    case 87:
    case 88:
    case 89:
    case 90:
    case 91:
    case 95:
    case 98:
      return "/m/0l14qv";  // Synthesizer
    case 6:
      return "/m/03q5t";  // Harpsichord
    case 47:
      return "/m/011k_j";  // Timpani
    case 14:
      return "/m/016622";  // Tubular bells
    case 12:
    case 13:
      return "/m/0dwsp";  // Marimba, xylophone
    case 9:
      return "/m/0dwtp";  // Glockenspiel
    case 11:
      return "/m/0dwt5";  // Vibraphone
    case 55:
      return "/m/05pd6";  // Orchestra
    case 58:
    case 61:
      return "/m/01kcd";  // Brass instrument
    case 60:
      return "/m/0319l";  // French horn
    case 56:
    case 59:
      return "/m/07gql";  // Trumpet
    case 57:
      return "/m/07c6l";  // Trombone
    case 41:
      return "/m/0l14_3";  // Bowed string instrument
    case 48:
    case 49:
      return "/m/02qmj0d";  // String section
    case 40:
    case 110:
      return "/m/07y_7";  // Violin, fiddle
    case 45:
      return "/m/0d8_n";  // Pizzicato
    case 42:
      return "/m/01xqw";  // Cello
    case 32:
    case 43:
      return "/m/02fsn";  // Double bass
    case 74:
    case 75:
      return "/m/085jw";  // Wind instrument, woodwind instrument
    case 73:
      return "/m/0l14j_";  // Flute
    case 64:
    case 66:
    case 67:
      return "/m/06ncr";  // Saxophone
    case 65:
      return "/m/02pprs";  // Alto saxophone
    case 71:
      return "/m/01wy6";  // Clarinet
    case 68:
      return "/m/05kms";  // Oboe
    case 70:
      return "/m/01c3q";  // Bassoon
    case 46:
      return "/m/03m5k";  // Harp
    case 52:
    case 53:
      return "/m/0l14jd";  // Choir
    case 22:
      return "/m/03qjg";  // Harmonica
    default:
      return {};
  }
}

std::string_view label_of_kit(int kit) { return kit == 24 || kit == 25 ? "/m/0cfdd" : "/m/02hnl"; }

std::string_view label_of_drum(int key) {
  if (key == kCowbell) return "/m/0239kh";
  if (key == kTambourine) return "/m/07brj";
  if (key == kShaker) return "/m/0xzly";
  return {};
}

std::vector<std::string_view> labels_of_style(std::string_view style) {
  if (style == "blues") return {"/m/0155w"};
  if (style == "classical") return {"/m/0ggq0m"};
  if (style == "country") return {"/m/01lyv"};
  if (style == "disco") return {"/m/026z9", "/m/0ggx5q"};
  if (style == "hiphop") return {"/m/0glt670"};
  if (style == "jazz") return {"/m/03_d0"};
  if (style == "metal") return {"/m/03lty"};
  if (style == "pop") return {"/m/064t9"};
  if (style == "reggae") return {"/m/06cqb"};
  assert(style == "rock");
  return {"/m/06by7"};
}

/// The mood of a clip that lies well off the middle; empty for the others.
std::string_view label_of_affect(const Affect& affect) {
  const double valence = affect.valence;
  const double arousal = affect.arousal;
  if (valence > 0.5 && arousal > 0.8) return "/t/dd00035";
  if (valence > 0.5 && arousal > -0.4) return "/t/dd00031";
  if (valence > 0 && arousal < -0.4) return "/t/dd00034";
  if (valence < -0.5 && arousal > 0.8) return "/t/dd00036";
  if (valence < -0.9 && arousal > -0.2) return "/t/dd00037";
  if (valence < -0.3 && arousal < -0.2) return "/t/dd00033";
  return {};
}

}  // namespace

const std::vector<Label>& audioset_labels() {
  static const std::vector<Label> kLabels = {
      {"/m/0342h", "Guitar", ""},
      {"/m/02sgy", "Electric guitar", "/m/0342h"},
      {"/m/018vs", "Bass guitar", "/m/0342h"},
      {"/m/042v_gx", "Acoustic guitar", "/m/0342h"},
      {"/m/018j2", "Banjo", ""},
      {"/m/05148p4", "Keyboard (musical)", ""},
      {"/m/05r5c", "Piano", "/m/05148p4"},
      {"/m/01s0ps", "Electric piano", "/m/05148p4"},
      {"/m/025cbm", "Clavinet", "/m/05148p4"},
      {"/m/013y1f", "Organ", "/m/05148p4"},
      {"/m/03xq_f", "Electronic organ", "/m/013y1f"},
      {"/m/03gvt", "Hammond organ", "/m/013y1f"},
      {"/m/0l14qv", "Synthesizer", "/m/05148p4"},
      {"/m/03q5t", "Harpsichord", "/m/05148p4"},
      {"/m/0l14md", "Percussion", ""},
      {"/m/02hnl", "Drum kit", "/m/0l14md"},
      {"/m/0cfdd", "Drum machine", "/m/0l14md"},
      {"/m/011k_j", "Timpani", "/m/0l14md"},
      {"/m/0239kh", "Cowbell", "/m/0l14md"},
      {"/m/07brj", "Tambourine", "/m/0l14md"},
      {"/m/0xzly", "Maraca", "/m/0l14md"},
      {"/m/016622", "Tubular bells", "/m/0l14md"},
      {"/m/0j45pbj", "Mallet percussion", "/m/0l14md"},
      {"/m/0dwsp", "Marimba, xylophone", "/m/0j45pbj"},
      {"/m/0dwtp", "Glockenspiel", "/m/0j45pbj"},
      {"/m/0dwt5", "Vibraphone", "/m/0j45pbj"},
      {"/m/05pd6", "Orchestra", ""},
      {"/m/01kcd", "Brass instrument", ""},
      {"/m/0319l", "French horn", "/m/01kcd"},
      {"/m/07gql", "Trumpet", "/m/01kcd"},
      {"/m/07c6l", "Trombone", "/m/01kcd"},
      {"/m/0l14_3", "Bowed string instrument", ""},
      {"/m/02qmj0d", "String section", "/m/0l14_3"},
      {"/m/07y_7", "Violin, fiddle", "/m/0l14_3"},
      {"/m/0d8_n", "Pizzicato", "/m/0l14_3"},
      {"/m/01xqw", "Cello", "/m/0l14_3"},
      {"/m/02fsn", "Double bass", "/m/0l14_3"},
      {"/m/085jw", "Wind instrument, woodwind instrument", ""},
      {"/m/0l14j_", "Flute", "/m/085jw"},
      {"/m/06ncr", "Saxophone", "/m/085jw"},
      {"/m/02pprs", "Alto saxophone", "/m/06ncr"},
      {"/m/01wy6", "Clarinet", "/m/085jw"},
      {"/m/05kms", "Oboe", "/m/085jw"},
      {"/m/01c3q", "Bassoon", "/m/085jw"},
      {"/m/03m5k", "Harp", ""},
      {"/m/0l14jd", "Choir", ""},
      {"/m/03qjg", "Harmonica", ""},
      {"/m/064t9", "Pop music", ""},
      {"/m/0glt670", "Hip hop music", ""},
      {"/m/06by7", "Rock music", ""},
      {"/m/03lty", "Heavy metal", "/m/06by7"},
      {"/m/06cqb", "Reggae", ""},
      {"/m/01lyv", "Country", ""},
      {"/m/03_d0", "Jazz", ""},
      {"/m/026z9", "Disco", ""},
      {"/m/0ggq0m", "Classical music", ""},
      {"/m/0155w", "Blues", ""},
      {"/m/0ggx5q", "Dance music", ""},
      {"/t/dd00031", "Happy music", ""},
      {"/t/dd00033", "Sad music", ""},
      {"/t/dd00034", "Tender music", ""},
      {"/t/dd00035", "Exciting music", ""},
      {"/t/dd00036", "Angry music", ""},
      {"/t/dd00037", "Scary music", ""},
  };
  return kLabels;
}

const Label& label_of(std::string_view id) {
  const std::vector<Label>& all = audioset_labels();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Label& label) { return label.id == id; });
  assert(found != all.end());
  return *found;
}

std::string_view facet_of(const Label& label) {
  if (label.id.starts_with("/t/")) return "mood";  // Music mood is AudioSet's own: not in Freebase
  for (const Style& style : styles()) {
    const std::vector<std::string_view> ids = labels_of_style(style.name);
    if (std::find(ids.begin(), ids.end(), label.id) != ids.end()) return "genre";
  }
  return "instrument";
}

std::string_view label_of_part(const Part& part) {
  return part.role == Role::kDrums ? label_of_kit(part.program) : label_of_program(part.program);
}

std::vector<std::string_view> labels_of_clip(const Score& score, std::string_view style,
                                             const Affect& affect) {
  std::vector<double> ticks(score.parts.size());
  int last_tick = 1;
  std::set<std::string_view> ids;
  for (const Note& note : score.notes) {
    const bool drum = score.parts[note.part].role == Role::kDrums;
    ticks[note.part] += drum ? kTicksPerBeat / 4 : note.length_ticks;
    last_tick = std::max(last_tick, note.start_tick + note.length_ticks);
    if (drum) ids.insert(label_of_drum(note.key));
  }
  for (std::size_t p = 0; p < score.parts.size(); ++p) {
    if (ticks[p] * 20 >= last_tick) ids.insert(label_of_part(score.parts[p]));
  }
  for (const std::string_view id : labels_of_style(style)) ids.insert(id);
  ids.insert(label_of_affect(affect));
  ids.erase(std::string_view{});
  for (const Label& label : audioset_labels()) {
    if (!ids.contains(label.id)) continue;
    for (std::string_view up = label.parent; !up.empty(); up = label_of(up).parent) ids.insert(up);
  }
  std::vector<std::string_view> out;
  for (const Label& label : audioset_labels()) {
    if (ids.contains(label.id)) out.push_back(label.id);
  }
  return out;
}

}  // namespace musicrep::orchestrion
