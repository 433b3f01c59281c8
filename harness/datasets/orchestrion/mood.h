// Valence and arousal from what a clip does: the musical cues of emotion.
#pragma once

#include "core/random.h"
#include "datasets/orchestrion/compose.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// Cues as they are in the notes and the recording. Each is standardised by constants: about 0 and
/// 1 over clips of all ten styles, so that they can be compared between corpora.
struct Cues {
  double mode = 0;        ///< 1 major, -1 minor
  double tempo = 0;       ///< beats a minute
  double loudness = 0;    ///< velocities and the level of the recording
  double pitch = 0;       ///< mean key of all but bass and drums
  double staccato = 0;    ///< silence between the notes of a line
  double density = 0;     ///< onsets a second, all parts; a chord is one onset
  double brightness = 0;  ///< cutoff of the filters and of the recording
  double roughness = 0;   ///< share of the notes that are distorted
};

Cues measure_cues(const Score& score, double clip_s);

/// Russell's two dimensions (1980), about standardised.
struct Affect {
  double valence = 0;
  double arousal = 0;
};

/// A weighted sum of cues: listeners' judgements of emotion are close to linear and additive in the
/// cues (Eerola, Friberg & Bresin 2013, Frontiers in Psychology 4:487; Juslin & Lindstroem 2010,
/// Music Analysis 29). Signs and rank of the weights follow the review of Gabrielsson & Lindstroem
/// (2010, in Juslin & Sloboda, Handbook of Music and Emotion) and Eerola et al.: valence rests
/// first on mode, then on tempo and register, and falls with roughness; arousal rests on tempo and
/// loudness, then on density, timbre and articulation. The magnitudes are round numbers of our own.
/// One small interaction: a fast tempo makes the major happier than it does the minor (Webster &
/// Weir 2005, Motivation and Emotion 29).
Affect affect_of(const Cues& cues);

/// An intent for a clip of an artist who leans to one side: cues go together as they do in music,
/// yet each keeps a will of its own, so that no single cue gives valence or arousal away.
Intent draw_intent(const Affect& artist_leaning, Random& random);

}  // namespace musicrep::orchestrion
