// From an experiment file to a checked plan: everything that can be wrong is told before long work
// begins.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "datasets/dataset.h"
#include "musicrep/registry.h"
#include "pipeline/audio_check.h"
#include "pipeline/code_hash.h"
#include "pipeline/evaluate.h"
#include "pipeline/experiment.h"
#include "pipeline/missing.h"
#include "pipeline/retrieve.h"
#include "pipeline/training.h"
#include "probe/fit.h"
#include "protocols/protocol.h"
#include "store/artefacts.h"

namespace musicrep {

struct PrepareOptions {
  std::optional<std::filesystem::path> data_dir;  ///< stands for ${MUSICREP_DATA}
  std::size_t limit = 0;                          ///< this many items of each data set; 0: all
  std::optional<std::uint64_t> seed;              ///< instead of the experiment's
  /// Encoders beside the experiment's: label and command, which runs in the working folder.
  std::vector<std::pair<std::string, std::string>> commands;
  std::vector<std::string> only;  ///< encoder labels, task names, diagnosed data sets
  Solver solver = Solver::kOwn;
  /// Where corpora that are made here keep their audio, and the store of finished steps.
  std::filesystem::path cache;
  bool skip_bad = false;        ///< go on without items whose audio is bad, instead of refusing
  std::string device = "cpu";   ///< where networks are trained: "cpu" or "cuda"
  bool only_diagnoses = false;  ///< plan what [[diagnose]] tables need and nothing else
  /// Told of a data set that so many of so many of its items are checked, as check_audio() tells.
  std::function<void(const std::string&, std::size_t, std::size_t)> told;
};

/// Vectors of one encoder for one data set.
struct EncodeStep {
  std::string label;  ///< of the encoder
  std::string kind;
  std::string version;
  EncoderInfo info;
  const Dataset* dataset = nullptr;
  std::shared_ptr<Encoder> encoder;   ///< null where its weights are trained first
  std::optional<std::size_t> fit;     ///< place in Plan::fits of what trains its weights
  std::optional<std::size_t> frames;  ///< place in Plan::encodes of what gives it VGGish frames
  std::string frame_space;            ///< of the frames that it takes
  std::string space;                  ///< names its vectors, whatever the items
  std::size_t seed_index = 0;         ///< of the encoder's training
  std::string seed_text;              ///< " (seed 1)" where there are several, for people
  Options options;                    ///< complete
  bool is_shard = false;              ///< some of an encoding's items, none of which need be good
  std::string refusal;                ///< why this data set cannot feed this encoder; empty: it can
  std::string key_json;
  std::string key;
  std::string description;
};

/// One cell. Its key needs the embeddings' hash, and so is known once they are there.
struct EvaluateStep {
  std::size_t encode = 0;  ///< place in Plan::encodes
  std::size_t cell = 0;    ///< steps of one cell differ in the training seed and become one row
  Task task;
  const Protocol* protocol = nullptr;
  bool allow_seen = false;         ///< items that the encoder was trained on may be tested
  std::string refusal = {};        ///< why the protocol cannot be run on this data; empty: it can
  std::vector<std::string> notes;  ///< what was found out ahead, for the row
};

/// Texts and music found by each other in the space of one training of an encoder.
struct RetrieveStep {
  std::size_t encode = 0;  ///< place in Plan::encodes
  std::size_t cell = 0;    ///< steps of one cell differ in the training seed and become one row
  RetrievalTask task;
};

/// The layers of one encoder on some clips.
struct DiagnoseStep {
  std::size_t encode = 0;          ///< place in Plan::encodes of the encoder on its data set
  std::size_t cell = 0;            ///< steps of one cell differ in the training seed
  std::vector<std::size_t> items;  ///< places in that data set
};

struct Plan {
  Experiment experiment;
  std::uint64_t seed = 1;
  std::size_t limit = 0;
  std::vector<std::string> only;  ///< PrepareOptions::only; empty: all
  Solver solver = Solver::kOwn;
  bool skip_bad = false;
  bool only_diagnoses = false;
  /// What runs its steps, in their keys: a store is not asked for what other code has made.
  std::string scoring_code = scoring_code_sha256();
  std::string diagnosis_code = diagnosis_code_sha256();
  std::vector<std::unique_ptr<Dataset>> datasets;   ///< without items that skip_bad left out
  std::map<const Dataset*, std::string> manifests;  ///< their manifest_sha256()
  std::set<const Dataset*> heard;                   ///< some encoder takes their audio
  /// What was found in the audio of those of `heard` that is not made here.
  std::map<const Dataset*, std::vector<CheckedAudio>> audio;
  std::map<const Dataset*, std::vector<SkippedItem>> skipped;  ///< what skip_bad left out
  std::vector<std::unique_ptr<Protocol>> protocols;
  std::vector<FitStep> fits;
  std::vector<EncodeStep> encodes;
  std::vector<EvaluateStep> evaluations;
  std::vector<MissingCell> missing;  ///< of an experiment with skip_missing, by rising cell
  std::vector<RetrieveStep> retrievals;
  std::vector<DiagnoseStep> diagnoses;
  std::size_t n_cells = 0;
};

/// Reads the experiment, loads its data sets, constructs its encoders and lets them check their
/// items, decodes its audio once (check_audio), and finds its protocols. Throws ConfigError or
/// DataError with all problems found. A protocol that this data does not allow is no error: its
/// cell carries the reason.
Plan prepare(const std::filesystem::path& experiment_file, const EncoderRegistry& registry,
             const PrepareOptions& options);

/// The trainings that a step's vectors stand on: the encoder's own, and that of its frames.
std::vector<const FitStep*> trainings_behind(const Plan& plan, const EncodeStep& step);

/// The step's encoder, constructed where its weights had to be trained first.
std::shared_ptr<Encoder> encoder_of(const Plan& plan, const EncodeStep& step,
                                    const EncoderRegistry& registry, const ArtefactStore& store);

/// manifest_sha256(), of a plan's data sets from Plan::manifests.
std::string manifest_of(const Plan& plan, const Dataset& dataset);

/// The key of an evaluation on embeddings with this hash, and the JSON that it is the hash of.
std::string evaluation_key_json(const Plan& plan, const EvaluateStep& step,
                                const std::string& embeddings_sha256);

}  // namespace musicrep
