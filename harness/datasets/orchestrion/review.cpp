#include "datasets/orchestrion/review.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/labels.h"

namespace musicrep::orchestrion {
namespace {

using Words = std::vector<std::string>;
using Vocabulary = std::map<std::string, Words>;

const std::map<std::string, Vocabulary>& vocabularies() {
  static const std::map<std::string, Vocabulary> kAll = {
      {"genre",
       {{"blues", {"blues", "delta blues", "twelve-bar blues"}},
        {"classical", {"classical", "classical chamber", "classical orchestral"}},
        {"country", {"country", "honky-tonk country", "country and western"}},
        {"disco", {"disco", "dancefloor disco", "four-on-the-floor disco"}},
        {"hiphop", {"hip hop", "hip hop beats", "rap"}},
        {"jazz", {"jazz", "swinging jazz", "bop and jazz"}},
        {"metal", {"metal", "heavy metal", "thrash metal"}},
        {"pop", {"pop", "radio pop", "chart pop"}},
        {"reggae", {"reggae", "roots reggae", "dub and reggae"}},
        {"rock", {"rock", "guitar rock", "classic rock"}}}},
      {"instrument",
       {{"piano", {"piano", "piano playing"}},
        {"electric piano", {"electric piano", "Rhodes"}},
        {"harpsichord", {"harpsichord"}},
        {"clavinet", {"clavinet"}},
        {"mallets", {"vibraphone", "mallets"}},
        {"organ", {"organ", "Hammond organ"}},
        {"harmonica", {"harmonica", "mouth harp"}},
        {"acoustic guitar", {"acoustic guitar", "fingerpicked guitar"}},
        {"electric guitar", {"electric guitar", "guitar solos"}},
        {"distorted guitar", {"distorted guitar", "fuzzed-out guitar", "guitar crunch"}},
        {"double bass", {"double bass", "upright bass"}},
        {"bass guitar", {"bass guitar", "bass lines"}},
        {"synthesizer", {"synthesizer", "synths"}},
        {"fiddle", {"violin", "fiddle"}},
        {"strings", {"strings", "string section"}},
        {"harp", {"harp"}},
        {"choir", {"choir", "backing voices"}},
        {"trumpet", {"trumpet"}},
        {"brass", {"brass", "horns"}},
        {"saxophone", {"saxophone", "sax"}},
        {"woodwind", {"woodwinds", "flute and reeds"}},
        {"banjo", {"banjo"}},
        {"drum machine", {"drum machine", "programmed drums"}},
        {"drums", {"drums", "drummer"}}}},
      {"tempo",
       {{"slow", {"slow", "unhurried", "downtempo"}},
        {"medium", {"mid-tempo", "moderate", "steady-paced"}},
        {"fast", {"fast", "uptempo", "breakneck"}}}},
      {"mood",
       {{"happy", {"happy", "joyful", "sunny"}},
        {"calm", {"calm", "tender", "peaceful"}},
        {"angry", {"angry", "menacing", "furious"}},
        {"sad", {"sad", "melancholy", "mournful"}}}},
      {"sound",
       {{"clean", {"clean", "crisp", "well recorded"}},
        {"lofi", {"lo-fi", "hissy", "muffled"}},
        {"roomy", {"reverberant", "drenched in reverb", "cavernous"}},
        {"loud", {"loud", "in your face", "heavily compressed"}},
        {"soft", {"quiet", "hushed", "low in the mix"}}}}};
  return kAll;
}

/// Sentences by facet; % is where the word goes.
const Vocabulary& templates() {
  static const Vocabulary kTemplates = {
      {"genre",
       {"This is % through and through.", "If you like % you will want this one.",
        "A solid % record.", "I file it under %.", "Not your usual % album, but % all the same."}},
      {"instrument",
       {"The % is what stays with me.", "Lovely % on this one.", "There is a lot of % here.",
        "Whoever plays the % knows the trade.", "The % carries most of the tracks."}},
      {"tempo",
       {"The songs are mostly %.", "The set is % from end to end.", "Everything here is rather %.",
        "Track one is % and so is the next."}},
      {"mood",
       {"The mood is %.", "It left me feeling it was made by % people.",
        "Play it when you want something %.", "There is something % about every tune."}},
      {"sound", {"The production is %.", "Soundwise it is %.", "To my ears the recording is %."}}};
  return kTemplates;
}

const Words& asides() {
  static const Words kAsides = {"Arrived on time and well packed.",
                                "Bought it as a present for my brother.",
                                "The cover art alone is worth the price.",
                                "I saw them live years ago and still talk about it.",
                                "The booklet has no lyrics, which is a pity.",
                                "My copy skips near the end.",
                                "Their earlier album was better, but this one grows on you.",
                                "Two stars off for the price.",
                                "My neighbours have heard it often enough by now.",
                                "I do not understand the hype."};
  return kAsides;
}

std::string instrument_name(const Part& part) {
  if (part.role == Role::kDrums)
    return part.program == 24 || part.program == 25 ? "drum machine" : "drums";
  if (part.program == 29 || part.program == 30) return "distorted guitar";
  static const std::map<std::string_view, std::string> kNames = {
      {"Piano", "piano"},
      {"Electric piano", "electric piano"},
      {"Harpsichord", "harpsichord"},
      {"Clavinet", "clavinet"},
      {"Glockenspiel", "mallets"},
      {"Vibraphone", "mallets"},
      {"Marimba, xylophone", "mallets"},
      {"Hammond organ", "organ"},
      {"Electronic organ", "organ"},
      {"Organ", "organ"},
      {"Harmonica", "harmonica"},
      {"Acoustic guitar", "acoustic guitar"},
      {"Electric guitar", "electric guitar"},
      {"Double bass", "double bass"},
      {"Bass guitar", "bass guitar"},
      {"Synthesizer", "synthesizer"},
      {"Violin, fiddle", "fiddle"},
      {"Bowed string instrument", "strings"},
      {"Cello", "strings"},
      {"Pizzicato", "strings"},
      {"String section", "strings"},
      {"Harp", "harp"},
      {"Choir", "choir"},
      {"Trumpet", "trumpet"},
      {"Trombone", "brass"},
      {"Brass instrument", "brass"},
      {"French horn", "brass"},
      {"Saxophone", "saxophone"},
      {"Alto saxophone", "saxophone"},
      {"Oboe", "woodwind"},
      {"Bassoon", "woodwind"},
      {"Clarinet", "woodwind"},
      {"Flute", "woodwind"},
      {"Wind instrument, woodwind instrument", "woodwind"},
      {"Banjo", "banjo"}};
  const std::string_view id = label_of_part(part);
  if (id.empty()) return {};
  const auto found = kNames.find(label_of(id).name);
  return found == kNames.end() ? std::string{} : found->second;
}

std::string sound_of(const Score& score) {
  const Production& production = score.production;
  if (production.noise_rms > 0.005 || production.lowpass < 0.45) return "lofi";
  if (production.target_rms > 0.14) return "loud";
  if (production.target_rms < 0.055) return "soft";
  if (production.room_size > 0.55) return "roomy";
  return "clean";
}

std::string filled(const std::string& sentence, const std::string& word) {
  std::string out;
  for (const char c : sentence) {
    if (c == '%') {
      out += word;
    } else {
      out += c;
    }
  }
  return out;
}

/// What is true of the facet on any of the tracks.
Words true_values(const std::string& facet, const std::vector<Facts>& tracks) {
  Words values;
  for (const Facts& facts : tracks) {
    if (facet == "genre") values.push_back(facts.genre);
    if (facet == "tempo") values.push_back(facts.tempo);
    if (facet == "mood") values.push_back(facts.mood);
    if (facet == "sound") values.push_back(facts.sound);
    if (facet == "instrument") {
      values.insert(values.end(), facts.instruments.begin(), facts.instruments.end());
    }
  }
  return values;
}

/// A claim about the facet: one of the true values, or one of the others.
Claim make_claim(const std::string& facet, const Words& truths, double wrong, Random& random) {
  if (!chance(random, wrong)) return {facet, pick(random, truths), true};
  Words falsehoods;
  for (const auto& [value, words] : vocabularies().at(facet)) {
    if (std::find(truths.begin(), truths.end(), value) == truths.end()) falsehoods.push_back(value);
  }
  return {facet, pick(random, falsehoods), false};
}

}  // namespace

const std::vector<std::string>& words_for(const std::string& facet, const std::string& value) {
  return vocabularies().at(facet).at(value);
}

Facts facts_of(const Score& score, std::string_view style, const Affect& affect) {
  Facts facts;
  facts.genre = style;
  std::vector<std::size_t> notes(score.parts.size());
  for (const Note& note : score.notes) ++notes[note.part];
  for (const bool lead : {true, false}) {
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
      if ((score.parts[p].role == Role::kLead) != lead || notes[p] < 4) continue;
      const std::string name = instrument_name(score.parts[p]);
      if (!name.empty()) facts.instruments.push_back(name);
    }
  }
  facts.tempo = score.tempo_bpm < 88 ? "slow" : score.tempo_bpm < 125 ? "medium" : "fast";
  facts.mood = affect.valence >= 0 ? (affect.arousal >= 0 ? "happy" : "calm")
                                   : (affect.arousal >= 0 ? "angry" : "sad");
  facts.sound = sound_of(score);
  return facts;
}

Review write_review(const std::vector<Facts>& tracks, const ReviewKnobs& knobs, Random& random) {
  assert(!tracks.empty());
  Review review;
  std::vector<std::string> facets;
  for (const char* facet : {"genre", "instrument", "instrument", "tempo", "mood", "sound"}) {
    if (chance(random, 0.75)) facets.emplace_back(facet);
  }
  for (int i = 0; i < 2; ++i) {
    if (chance(random, knobs.aside / 2)) facets.emplace_back("aside");
  }
  if (facets.empty()) facets.emplace_back("genre");
  for (const std::size_t i : permutation(facets.size(), random)) {
    const std::string& facet = facets[i];
    std::string sentence;
    if (facet == "aside") {
      sentence = pick(random, asides());
      review.claims.push_back({facet, {}, true});
    } else {
      const Words truths = true_values(facet, tracks);
      if (truths.empty()) continue;
      Claim claim = make_claim(facet, truths, knobs.wrong, random);
      const std::string& word = pick(random, words_for(facet, claim.value));
      sentence = filled(pick(random, templates().at(facet)), word);
      review.claims.push_back(std::move(claim));
    }
    if (!review.text.empty()) review.text += ' ';
    review.text += sentence;
  }
  return review;
}

}  // namespace musicrep::orchestrion
