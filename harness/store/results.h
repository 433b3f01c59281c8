// The results of one run: what is written to results.h5 and read back by report, compare and check.
// results/README.md documents the file, schema version 4.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace musicrep {

/// One configuration of the grid and what it scored in the inner selection.
struct CandidateScore {
  std::int64_t seed = 0;  ///< place of the training seed
  int fold = 0;           ///< outer fold; 0 where there is one or none
  std::string view;       ///< reading of the encoder's vectors; empty where there is one alone
  std::string kernel;     ///< "rbf" or "linear"
  double c = 0;
  double gamma = 0;        ///< the value used; 0 for linear
  std::string gamma_rule;  ///< as the protocol writes it: "1/d", "scale", "2^-9"; empty for linear
  bool standardised = false;
  double score = 0;      ///< mean inner score, weighted by fold size
  bool cap_hit = false;  ///< some fit stopped at the iteration cap
};

/// What was chosen for one outer fold.
struct Selection {
  CandidateScore chosen;
  std::optional<double>
      test_score;  ///< the metric on this fold's test items; empty: nothing held out
  std::int64_t n_test = 0;
  bool at_grid_edge = false;  ///< C or gamma is the smallest or the largest of the grid
};

/// One target of a task: a class label, or one number such as arousal.
struct TargetResult {
  std::string name;
  std::vector<std::string> classes;  ///< empty for regression
  std::vector<double> truth;         ///< [m] class index or value, in the unit of the data set
  std::vector<double> predicted;     ///< [m], as ResultRow::item_ids
  double score = 0;
  double ci_low = 0;  ///< 95 % interval
  double ci_high = 0;
  /// Mean over outer folds of the chosen candidate's inner score; empty where nothing was chosen.
  std::optional<double> inner_score;
  std::optional<double> published;
  std::vector<Selection> selected;   ///< one per outer fold, seed after seed
  std::vector<CandidateScore> grid;  ///< every candidate of every outer fold, seed after seed
};

/// How a row's predictions become its score.
inline constexpr const char* kPooled = "pooled";  ///< all test items together
/// Each fold by itself, weighted by its size: what a score with nothing held out is.
inline constexpr const char* kMeanOverFolds = "mean over folds";

/// One cell of a table: an encoder under a protocol on a task.
struct ResultRow {
  std::string encoder;       ///< label in the experiment
  std::string encoder_kind;  ///< registry name
  std::string encoder_version;
  std::string task;
  std::string dataset;
  std::string protocol;
  std::int64_t protocol_version = 0;
  std::string protocol_sha256;
  std::string metric;       ///< "accuracy" or "r2"
  std::string aggregation;  ///< kPooled or kMeanOverFolds
  std::string failure;      ///< why there is no score; empty for a good row
  double score = 0;         ///< mean over targets
  double ci_low = 0;
  double ci_high = 0;
  std::string ci_method;
  double standard_error = 0;  ///< of the score, over artists or items, training folds, trainings
  double degrees_of_freedom = 0;
  double baseline = 0;         ///< score of the best constant prediction: most frequent class, mean
  double p_baseline = 1;       ///< of the two-sided test against it
  std::int64_t n = 0;          ///< scored items
  std::int64_t n_seeds = 1;    ///< trainings of the encoder that were scored
  std::int64_t n_repeats = 1;  ///< of the protocol's folds: times that each item was tested
  std::int64_t dim = 0;        ///< dimension of the vectors
  std::int64_t n_configurations = 0;
  std::string pooling;
  std::string embeddings_sha256;
  std::string step_key;  ///< key of the evaluation step, but for the hash of its code
  std::optional<double> published;
  std::string published_source;
  std::string published_caveat;    ///< why the two cannot be compared; empty: they can
  std::vector<std::string> notes;  ///< caveats a reader must see
  /// [m], m = n * n_repeats * n_seeds: all items of seed 0, repeat after repeat, of seed 1, ...
  std::vector<std::string> item_ids;
  std::vector<std::int64_t> item_fold;  ///< [m] outer fold that tested the item
  std::vector<std::int64_t> item_seed;  ///< [m] place of the training seed
  /// [m] number of the group (artist) that is drawn whole in a bootstrap, from 0; empty where every
  /// item is its own.
  std::vector<std::int64_t> item_group;
  std::vector<TargetResult> targets;
};

/// Two encoders on the same items under the same task and protocol.
struct Comparison {
  std::string task;
  std::string protocol;
  std::string a;  ///< encoder labels
  std::string b;
  double difference = 0;  ///< score of a minus score of b
  double ci_low = 0;
  double ci_high = 0;
  double standard_error = 0;  ///< of the difference
  double degrees_of_freedom = 0;
  std::string test;  ///< "paired t over 250 artists, 3 trainings, training folds"
  double p = 1;
  double p_adjusted = 1;           ///< Holm, over the table's comparisons
  double smallest_detectable = 0;  ///< at 5 %, power 80 %
};

/// One metric of text-to-music or music-to-text retrieval.
struct RetrievalMeasure {
  std::string direction;  ///< kTextToMusic or kMusicToText
  std::string name;       ///< "R@1", "R@5", "R@10", "median rank", "mAP@10" or "MRR"
  double value = 0;       ///< mean over seeds
  double ci_low = 0;      ///< 95 % interval
  double ci_high = 0;
  double chance = 0;    ///< expected of candidates in random order
  double p_chance = 1;  ///< of the two-sided test against it
};

inline constexpr const char* kTextToMusic = "text to music";
inline constexpr const char* kMusicToText = "music to text";
/// From texts the mean of the training items' texts, from music that of their music.
inline constexpr const char* kTrainingMeans = "training means";
inline constexpr const char* kNoCentring = "none";

/// Texts and the music that they were written of, found by each other in one encoder's space.
struct Retrieval {
  std::string encoder;       ///< label in the experiment
  std::string encoder_kind;  ///< registry name
  std::string encoder_version;
  std::string dataset;
  std::string split;             ///< whose items are found
  std::string centring;          ///< what was subtracted: kTrainingMeans or kNoCentring
  std::string failure;           ///< why there is no score; empty for a good row
  std::int64_t n = 0;            ///< texts, each a query and a candidate
  std::int64_t n_items = 0;      ///< items behind them: those of one text are one candidate
  std::int64_t n_seeds = 1;      ///< trainings of the encoder that were scored
  std::int64_t dim = 0;          ///< dimension of the vectors
  std::int64_t n_no_text = 0;    ///< items of the split that have no text, left out
  std::int64_t n_no_vector = 0;  ///< texts of which no word is known, left out
  std::int64_t n_cut = 0;        ///< texts that were cut at the longest length
  std::int64_t n_unknown = 0;    ///< words of all texts that are not known
  std::int64_t n_in_training =
      0;  ///< texts that stand word for word among the training items', too
  std::string ci_method;
  std::string embeddings_sha256;
  std::string step_key;
  std::vector<std::string> notes;        ///< caveats a reader must see
  std::vector<std::string> item_ids;     ///< [n] the first item of each text
  std::vector<std::int64_t> item_group;  ///< [n] its artist's number; empty: each is its own
  std::vector<std::int64_t> music_rank;  ///< [n * n_seeds] of the own music, to each text
  std::vector<std::int64_t> text_rank;   ///< [n * n_seeds] of the own text, to each music
  /// [n * k] what was found nearest in the first training, the best first: music of each text, texts
  /// of each music, as places in item_ids; k = min(kNearest, n). Empty in earlier results.
  std::vector<std::int64_t> nearest_music = {};
  std::vector<std::int64_t> nearest_text = {};
  std::vector<RetrievalMeasure> measures;
};

/// How many found items results keep of each question.
inline constexpr std::size_t kNearest = 5;

/// The place of an encoder in a table.
struct EncoderLetters {
  std::string task;
  std::string protocol;
  std::string encoder;
  /// Encoders of a table that share a letter do not differ significantly (compact letter display).
  std::string letters;
};

/// Verdicts on a claim, where it was measured.
inline constexpr const char* kReproduced = "reproduced";
inline constexpr const char* kContradicted = "contradicted";
/// No significant difference, and none larger than the margin either.
inline constexpr const char* kEquivalent = "equivalent within the margin";
inline constexpr const char* kNotSignificant = "no significant difference";
inline constexpr const char* kNotMeasured = "not measured in this run";

/// A statement of the literature and what this run has to say of it.
struct ClaimResult {
  std::string text;
  std::string source;
  std::string statement;  ///< "vggish > mlm": what is claimed
  std::string where;      ///< "genre under nested": where it was looked for
  std::string spec;       ///< what is claimed, as JSON (statistics/claims.h)
  bool measured = false;  ///< the next numbers are there
  double difference = 0;  ///< left side less right side
  double low = 0;         ///< 95 % interval
  double high = 0;
  double standard_error = 0;
  double degrees_of_freedom = 0;
  double p = 1;
  double p_adjusted = 1;  ///< Holm: within the rows' table, or over all claims about measures
  double margin = 0;      ///< differences up to this are called equivalent; 0: none are
  std::string verdict;    ///< one of the above, or why there is none
};

/// An item that a run went on without, and why.
struct SkippedItem {
  std::string id;
  std::string reason;
};

/// The mel spectrogram of one item, small enough to be kept with the results.
struct MelPicture {
  std::string id;
  std::string label;      ///< its class; empty where the data set has none
  double duration_s = 0;  ///< from the item's beginning
  double low_hz = 0;      ///< centre of the lowest band
  double high_hz = 0;     ///< centre of the highest; between them bands are even in mel
  std::int64_t n_bands = 0;
  std::int64_t n_columns = 0;
  std::vector<std::uint8_t> values;  ///< [n_bands, n_columns], 0: 80 dB below the loudest, 255
};

/// One thing that every encoder promises, as it was found (harness/contract).
struct ContractLine {
  std::string check;    ///< "silence", "batch of 1 and of N", ...
  std::string verdict;  ///< "holds", "declared", "broken" or "does not apply"
  std::string seen;
};

/// What one encoder makes of fixed signals: whether its vectors moved can be seen, and how far,
/// without its data.
struct Fingerprint {
  std::string encoder;    ///< label in the experiment
  std::string dataset;    ///< of the encoding that it belongs to
  std::int64_t seed = 0;  ///< place of the training seed
  /// Canonical JSON of all that is declared to change the encoder's vectors: its kind, version and
  /// options, its weights' hash or its training's key, the master seed.
  std::string declared;
  std::string none;             ///< why there is no fingerprint; empty: there is one
  std::string signals;          ///< which signals, of which version of them
  std::int64_t batch_size = 1;  ///< signals that a vector depends on, as the encoder declares
  std::string sha256;           ///< of all output bits, of all signals in one call
  std::int64_t dim = 0;         ///< width of its vectors
  /// Of the vectors pooled over time, signal after signal: their mean, their norm, then random
  /// projections (sums with fixed random signs).
  std::vector<double> summary;
  /// How far the vectors are from those of each signal alone, as a share of their norm; 0 where
  /// they are the same bits, or depend on their batch by declaration.
  double batch_drift = 0;
  std::vector<ContractLine> contract;  ///< what it promises, tried; empty: it was not
};

/// A data set as the run saw it.
struct DatasetRecord {
  std::string name;
  std::string kind;
  std::string manifest_sha256;
  std::int64_t n_items = 0;
  std::int64_t n_expected = 0;  ///< of the complete data set; 0 where not known
  std::string about;            ///< source, licence, coverage: one line
  std::vector<std::string> notes;
  std::string audio_pcm_sha256;      ///< of the decoded samples; empty where no audio was used
  std::vector<SkippedItem> skipped;  ///< left out of every row, at the user's wish
  std::vector<MelPicture> pictures;
};

/// One measure of one layer of one encoder on some clips of one data set (harness/diagnose).
struct Diagnosis {
  std::string encoder;  ///< label in the experiment
  std::string dataset;
  std::string layer;             ///< "input", "layer 1 attention", "layer 1", ...
  std::int64_t layer_index = 0;  ///< from the input on
  std::string measure;           ///< MeasureInfo::name
  double value = 0;              ///< mean over training seeds; NaN where no clip gives it
  double low = 0;                ///< 95 % interval over clips and trainings; NaN: not known
  double high = 0;
  std::int64_t n_clips = 0;  ///< clips that it is computed from, at least in each seed
  std::int64_t n_seeds = 1;
};

/// What a claim about a measure is tested with: its value in each training, and what each clip
/// adds to it.
struct MeasureSample {
  std::string encoder;
  std::string dataset;
  std::string layer;
  std::string measure;
  std::vector<double> of_run;          ///< [n_seeds]
  std::vector<double> clip_influence;  ///< [n clips] averaged over trainings, of mean 0
};

/// What one way of reading an encoder's vectors scores with this many labels, nothing chosen.
struct SweepPoint {
  std::string encoder;  ///< label in the experiment
  std::string task;
  std::string dataset;
  std::string protocol;  ///< whose folds are tested
  std::string metric;
  std::string factor;  ///< kSweepBase, "pooling", "scaling" or "layer": what differs from the base
  std::string value;   ///< "max", "l2", "layer 2, mean of frames", ...
  std::int64_t labels = 0;  ///< items to learn from: of each class, or in all for numbers; 0: all
  double n_train = 0;       ///< items that were learned from, mean over folds and draws
  std::int64_t dim = 0;
  double score = 0;  ///< mean over draws and training seeds
  double low = 0;    ///< 95 % interval
  double high = 0;
  std::int64_t n_scores = 1;  ///< draws times training seeds
  double difference = 0;      ///< score less that of the base with as many labels
  double difference_low = 0;  ///< 95 % interval, paired
  double difference_high = 0;
  double p = 1;           ///< of the paired t-test against the base
  double p_adjusted = 1;  ///< Holm, over the encoder's points of one sweep
};

/// The factor of vectors pooled and scaled as the protocol says.
inline constexpr const char* kSweepBase = "base";

/// How a training went: at most 100 points, each the mean of the steps since the one before. Known
/// as long as the weights are in the store, so no part of the digest.
struct TrainingCurve {
  std::string encoder;    ///< label in the experiment
  std::string corpus;     ///< data set that it was trained on
  std::int64_t seed = 0;  ///< place of the training seed
  std::vector<double> step;
  std::vector<double> loss;             ///< of the training batches
  std::vector<double> validation_step;  ///< empty where nothing was validated
  std::vector<double> validation_loss;
  /// Validation loss of predicting every item alike: tags' base rates, or the mean. Empty where not
  /// known; so is the next.
  std::optional<double> base_loss;
  std::optional<double> average_precision;  ///< of tags on held-out items, mean over tags
};

/// What a step cost when it was run, now or earlier: of one machine and one day, so no part of the
/// digest.
struct StepCost {
  std::string step;       ///< one of those below
  std::string encoder;    ///< label in the experiment; empty where none is concerned
  std::string on;         ///< data set; or task and protocol
  std::int64_t seed = 0;  ///< place of the training seed
  double wall_s = 0;
  double cpu_s = 0;  ///< processor time, of all threads
  double peak_mib =
      0;  ///< most memory of the program meanwhile, with all that ran at the same time
  double disk_mib = 0;  ///< of what it left in the store
  std::int64_t n = 0;   ///< items that were made, encoded or scored, or steps that were trained
};

inline constexpr const char* kMakeStep = "make";  ///< a built-in corpus' audio
inline constexpr const char* kTrainStep = "train";
inline constexpr const char* kEncodeStep = "encode";
inline constexpr const char* kEvaluateStep = "evaluate";

/// A publication that the run uses.
struct Citation {
  std::string used_by;  ///< "encoder tlm", "data set gtzan", "protocol nested"
  std::string text;
};

/// All that one run found.
struct Results {
  static constexpr std::int64_t kSchemaVersion = 4;
  /// Oldest version that is still read; what it does not have is empty (see `musicrep restate`).
  static constexpr std::int64_t kOldestSchemaVersion = 3;

  std::string experiment;
  std::string title;
  std::string experiment_toml;
  std::string experiment_sha256;
  std::int64_t seed = 0;
  std::map<std::string, std::string> provenance;  ///< code version, libraries, compiler, options
  std::vector<DatasetRecord> datasets;
  std::vector<ResultRow> rows;
  std::vector<Comparison> comparisons;
  std::vector<EncoderLetters> letters;
  std::vector<ClaimResult> claims;
  std::vector<Retrieval> retrievals;
  std::vector<Diagnosis> diagnoses;
  std::vector<MeasureSample> measure_samples;  ///< of the measures that claims are about
  std::vector<SweepPoint> sweeps;
  std::vector<Fingerprint> fingerprints;  ///< one for each encoder, data set and training seed
  std::vector<TrainingCurve> curves;      ///< of the trainings made here, where they are known
  std::vector<Citation> citations;
  std::vector<StepCost> costs;  ///< may differ between two runs that are the same
  /// What may differ between two runs that are the same: times, host, paths, memory.
  std::map<std::string, std::string> volatile_facts;
};

/// SHA-256 over everything but the volatile facts, costs and training curves: equal for two
/// bit-identical runs. Throws DataError where a text is not UTF-8.
std::string content_digest(const Results& results);

/// Writes results.h5 whole or not at all. Throws DataError with the path and the reason.
void write_results(const Results& results, const std::filesystem::path& path);

/// Throws DataError beginning with `where` and listing all that does not fit together: lists of
/// other lengths than their items, classes, seeds and groups that are not there.
void check_results(const Results& results, const std::string& where);

/// Reads results.h5. Throws DataError, naming the file and the object, where it is truncated, no
/// results file, of a newer schema, or where its content does not agree with its digest.
Results read_results(const std::filesystem::path& path);

}  // namespace musicrep
