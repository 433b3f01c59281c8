// An experiment file: data sets, tasks, encoders, and what is evaluated under which protocols.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deform/deformation.h"
#include "evaluation/sweep.h"
#include "musicrep/encoder.h"
#include "statistics/claims.h"

namespace musicrep {

struct DatasetSpec {
  std::string name;
  std::string kind;
  Options options;
};

struct TaskSpec {
  std::string name;
  std::string dataset;
  std::vector<std::string> targets;  ///< one class target, one or more numbers, or tags
  std::string metric = {};           ///< empty: the default of such targets
  bool tagging = false;              ///< targets are tags; none named: all of the data set
  std::size_t min_positives = 10;    ///< tags with fewer items, or all but fewer, are left out
};

struct EncoderSpec {
  std::string label;  ///< how the tables call it
  std::string kind;   ///< registry name
  Options options;
  std::filesystem::path folder = {};  ///< where its command runs; empty: the experiment file's
};

/// Every encoder × task × protocol of one [[evaluate]] table.
struct EvaluationSpec {
  std::vector<std::string> tasks;
  std::vector<std::string> encoders;
  std::vector<std::string> protocols;
  /// An encoder may have been trained on items that are tested here: its row says so. Otherwise
  /// that is an error.
  bool allow_seen = false;
};

/// Texts and music found by each other with every encoder of one [[retrieve]] table.
struct RetrievalSpec {
  std::string dataset;
  std::vector<std::string> encoders;
  std::string split = "test";
  bool centre = true;  ///< take away the training items' means
  std::size_t n = 0;   ///< number of texts; 0: all
};

/// Every encoder × task of one [[zero_shot]] table: classes are named by texts, no probe is fitted.
struct ZeroShotSpec {
  std::vector<std::string> tasks;
  std::vector<std::string> encoders;
  std::vector<std::string> templates;        ///< texts with "{}", where the class's name goes
  std::map<std::string, std::string> names;  ///< of classes whose own names are not used
  std::string split = "test";
};

/// Every encoder × data set of one [[diagnose]] table: how variable its layers are over time.
struct DiagnoseSpec {
  std::vector<std::string> datasets;
  std::vector<std::string> encoders;
  std::size_t n_clips = 500;  ///< every k-th item of the data set; all where there are fewer
};

/// Every encoder × task × protocol × deformation of one [[deform]] table: the row's probes, learned
/// from clean audio, on deformed audio.
struct DeformSpec {
  std::vector<std::string> tasks;  ///< every combination is in an [[evaluate]] table
  std::vector<std::string> encoders;
  std::vector<std::string> protocols;
  std::vector<Deformation> deformations;
};

/// A figure from the literature, for the same encoder, task and protocol.
struct PublishedSpec {
  std::string encoder;
  std::string task;
  std::string protocol;
  std::string target;  ///< empty: the row's score
  double value = 0;
  std::string source;
  std::string not_comparable;  ///< why ours cannot be compared with it; empty: it can
};

struct Experiment {
  std::string name;
  std::string title;
  std::string about;
  std::uint64_t seed = 1;
  std::size_t training_seeds = 1;  ///< trainings of each encoder that is trained
  /// Cells whose files are not there stay empty and say so; otherwise that is an error.
  bool skip_missing = false;
  std::filesystem::path file;
  std::string toml;                            ///< the file's text
  std::string sha256;                          ///< of the text
  std::vector<std::filesystem::path> plugins;  ///< shared objects of encoders
  std::vector<DatasetSpec> datasets;
  std::vector<TaskSpec> tasks;
  std::vector<EncoderSpec> encoders;
  std::vector<EvaluationSpec> evaluations;
  std::vector<RetrievalSpec> retrievals;
  std::vector<ZeroShotSpec> zero_shots;
  std::vector<DiagnoseSpec> diagnoses;
  std::vector<SweepSpec> sweeps;
  std::vector<DeformSpec> deforms;
  std::vector<PublishedSpec> published;
  std::vector<ClaimSpec> claims;
};

/// Adds an encoder of kind "command" that runs in `folder`, to every [[evaluate]] table. Throws
/// ConfigError where the label is taken.
void add_command(Experiment& experiment, const std::string& label, const std::string& command,
                 const std::filesystem::path& folder);

/// The encoder called `label`, which must be there.
const EncoderSpec& encoder_spec(const Experiment& experiment, const std::string& label);
bool is_encoder(const Experiment& experiment, const std::string& label);
/// The data set that an encoder is trained on (its option train_on); empty: none.
std::string trained_on(const EncoderSpec& spec);
/// The encoder that gives this one its frames where a data set has audio alone (its option
/// frames_from); empty: none.
std::string frames_from(const EncoderSpec& spec);

/// Reads an experiment and checks that its parts fit together: every name that is used is defined,
/// and every definition has its keys. Paths are not looked at. Throws ConfigError.
Experiment read_experiment(const std::filesystem::path& file);

/// Texts as the file has them, with ${NAME} replaced by the environment's value (MUSICREP_DATA by
/// `data_dir` where that is given) and {dataset} by the data set's name. Throws ConfigError where a
/// variable is not set.
std::string expand(const std::string& text, const std::string& dataset_name,
                   const std::optional<std::filesystem::path>& data_dir);

/// Every text of `options` expanded, and relative paths (as `specs` declare them) taken from the
/// folder `base`. Throws ConfigError as expand() does.
Options resolve_options(const Options& options, std::span<const OptionSpec> specs,
                        const std::string& dataset, const std::filesystem::path& base,
                        const std::optional<std::filesystem::path>& data_dir);

}  // namespace musicrep
