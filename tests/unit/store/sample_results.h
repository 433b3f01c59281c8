// Results in which every field has a value of its own.
#pragma once

#include <limits>

#include "store/results.h"

namespace musicrep {

inline CandidateScore sample_candidate(int i) {
  return {.fold = i,
          .view = i == 2 ? "layer 1, mean" : "",
          .kernel = i % 2 == 0 ? "rbf" : "linear",
          .c = 0.1 + i,
          .gamma = 1.0 / 3 + i,
          .gamma_rule = i % 2 == 0 ? "2^-9" : "",
          .standardised = i % 2 == 0,
          .score = 0.7 - i * 0.01,
          .cap_hit = i % 2 == 1};
}

inline TargetResult sample_target(const std::string& name, bool classes) {
  TargetResult target;
  target.name = name;
  if (classes) target.classes = {"blues", "", "Schlager | Ärger"};
  target.truth = {0, 1, 2, classes ? 0 : 1.0 / 3};
  target.predicted = {0, 2, 2, classes ? 1 : -0.1};
  target.score = 0.61;
  target.ci_low = 0.52;
  target.ci_high = 0.73;
  target.inner_score = 0.64;
  target.published = 0.5983;
  target.selected = {
      {.chosen = sample_candidate(0), .test_score = 0.6, .n_test = 2, .at_grid_edge = true},
      {.chosen = sample_candidate(1),
       .test_score = std::nullopt,
       .n_test = 0,
       .at_grid_edge = false}};
  target.grid = {sample_candidate(0), sample_candidate(1), sample_candidate(2)};
  return target;
}

inline ResultRow sample_row(const std::string& encoder) {
  ResultRow row;
  row.encoder = encoder;
  row.encoder_kind = "features";
  row.encoder_version = "3";
  row.task = "genre";
  row.dataset = "gtzan";
  row.protocol = "svm";
  row.protocol_version = 2;
  row.protocol_sha256 = std::string(64, 'a');
  row.metric = "accuracy";
  row.aggregation = kPooled;
  row.score = 0.61;
  row.ci_low = 0.52;
  row.ci_high = std::numeric_limits<double>::denorm_min();
  row.ci_method = "bootstrap over items, 2000 resamples";
  row.n = 4;
  row.dim = 128;
  row.n_configurations = 3;
  row.pooling = "mean";
  row.embeddings_sha256 = std::string(64, 'b');
  row.step_key = std::string(64, 'c');
  row.published = 0.598;
  row.published_source = "Rossetto and Dalton, Table 1";
  row.notes = {"a note", "初音ミク", ""};
  row.item_ids = {"blues.00000", "blues/1", "c", "d"};
  row.item_fold = {0, 1, 0, -1};
  row.item_seed = {0, 0, 0, 0};
  row.item_group = {0, 0, 1, 2};
  row.targets = {sample_target("genre", true), sample_target("", false)};
  return row;
}

inline Results sample_results() {
  Results results;
  results.experiment = "table1";
  results.title = "Table 1 – „MusicBERT“";
  results.experiment_toml = "[experiment]\n" + std::string(100000, '#') + "\n";
  results.experiment_sha256 = std::string(64, 'd');
  results.seed = 7;
  results.provenance = {{"code_version", "0.1.0"}, {"compiler", "gcc"}, {"empty", ""}};
  results.datasets = {{.name = "gtzan",
                       .kind = "table",
                       .manifest_sha256 = std::string(64, 'e'),
                       .n_items = 4,
                       .n_expected = 1000,
                       .about = "Tzanetakis",
                       .notes = {"one clip is damaged", "x"},
                       .audio_pcm_sha256 = std::string(64, 'f'),
                       .skipped = {{.id = "a", .reason = "empty: found 0 bytes"}},
                       .pictures = {{.id = "b",
                                     .label = "blues",
                                     .duration_s = 1.5,
                                     .low_hz = 40,
                                     .high_hz = 9000,
                                     .n_bands = 2,
                                     .n_columns = 3,
                                     .values = {0, 1, 2, 100, 200, 250}}}},
                      {.name = "",
                       .kind = "k",
                       .manifest_sha256 = "",
                       .n_items = 0,
                       .n_expected = 0,
                       .about = "",
                       .notes = {},
                       .audio_pcm_sha256 = "",
                       .skipped = {},
                       .pictures = {}}};
  ResultRow not_chosen = sample_row("tlm");
  not_chosen.targets[0].inner_score.reset();
  not_chosen.targets[1].published.reset();
  not_chosen.published.reset();
  ResultRow failed;
  failed.encoder = "broken";
  failed.failure = "item 'x': no features";
  results.rows = {sample_row("mfcc"), not_chosen, failed};
  results.comparisons = {{.task = "genre",
                          .protocol = "svm",
                          .a = "mfcc",
                          .b = "tlm",
                          .difference = -0.1,
                          .ci_low = -0.2,
                          .ci_high = 0.01,
                          .standard_error = 0.05,
                          .degrees_of_freedom = 2,
                          .test = "paired t over 3 artists",
                          .p = 0.03,
                          .p_adjusted = 0.06,
                          .smallest_detectable = 0.12}};
  results.letters = {{.task = "genre", .protocol = "svm", .encoder = "tlm", .letters = "a"},
                     {.task = "genre", .protocol = "svm", .encoder = "mfcc", .letters = "ab"}};
  results.claims = {{.text = "masking hurts",
                     .source = "the paper, section 4",
                     .statement = "vggish > mlm",
                     .where = "genre under svm",
                     .spec = "{}",
                     .measured = true,
                     .difference = 0.02,
                     .low = -0.01,
                     .high = 0.05,
                     .standard_error = 0.01,
                     .degrees_of_freedom = 7.5,
                     .p = 0.1,
                     .p_adjusted = 0.2,
                     .margin = 0.02,
                     .verdict = kNotSignificant}};
  results.measure_samples = {{.encoder = "mlm",
                              .dataset = "gtzan",
                              .layer = "layer 1",
                              .measure = "cosine",
                              .of_run = {0.5, 0.25},
                              .clip_influence = {0.125, -0.125, 0}}};
  results.retrievals = {{.encoder = "align",
                         .encoder_kind = "musicbert",
                         .encoder_version = "1",
                         .dataset = "albums",
                         .split = "test",
                         .centring = kTrainingMeans,
                         .failure = "",
                         .n = 2,
                         .n_items = 5,
                         .n_seeds = 2,
                         .dim = 128,
                         .n_no_text = 3,
                         .n_no_vector = 4,
                         .n_cut = 6,
                         .n_unknown = 7,
                         .n_in_training = 1,
                         .ci_method = "bootstrap over artists",
                         .embeddings_sha256 = std::string(64, 'b'),
                         .step_key = std::string(64, 'c'),
                         .notes = {"a note"},
                         .item_ids = {"album 1", "album | 2"},
                         .item_group = {0, 0},
                         .music_rank = {1, 2, 2, 1},
                         .text_rank = {2, 2, 1, 1},
                         .measures = {{.direction = kTextToMusic,
                                       .name = "R@1",
                                       .value = 0.5,
                                       .ci_low = 0.25,
                                       .ci_high = 0.75,
                                       .chance = 0.1},
                                      {.direction = kMusicToText,
                                       .name = "median rank",
                                       .value = 1.5,
                                       .ci_low = 1,
                                       .ci_high = 2,
                                       .chance = 1.25}}},
                        Retrieval()};
  results.retrievals.back().encoder = "vggish";
  results.retrievals.back().failure = "it has no text side";
  results.diagnoses = {{.encoder = "mfcc",
                        .dataset = "gtzan",
                        .layer = "layer 1 attention",
                        .layer_index = 1,
                        .measure = "cosine",
                        .value = 0.4,
                        .low = 0.25,
                        .high = 0.5,
                        .n_clips = 12,
                        .n_seeds = 3}};
  results.sweeps = {{.encoder = "mfcc",
                     .task = "genre",
                     .dataset = "gtzan",
                     .protocol = "svm_cv",
                     .metric = "accuracy",
                     .factor = "pooling",
                     .value = "max",
                     .labels = 8,
                     .n_train = 79.5,
                     .dim = 120,
                     .score = 0.5,
                     .low = 0.25,
                     .high = 0.75,
                     .n_scores = 5}};
  results.fingerprints = {{.encoder = "mfcc",
                           .dataset = "gtzan",
                           .seed = 1,
                           .declared = R"({"encoder":"mfcc"})",
                           .none = "",
                           .signals = "4 signals",
                           .batch_size = 256,
                           .sha256 = std::string(64, '1'),
                           .dim = 120,
                           .summary = {0.5, 1.0 / 3, -2},
                           .batch_drift = 1e-7,
                           .contract = {{"silence", "holds", "3 s of zeros: [1, 120], finite"},
                                        {"batch of 1 and of N", "declared", "of 256"}}},
                          Fingerprint{}};
  results.fingerprints.back().none = "looked up";
  results.curves = {{.encoder = "tlm",
                     .corpus = "events",
                     .seed = 2,
                     .step = {10, 20},
                     .loss = {0.5, 1.0 / 3},
                     .validation_step = {},
                     .validation_loss = {},
                     .base_loss = std::nullopt,
                     .average_precision = std::nullopt},
                    {.encoder = "vggish",
                     .corpus = "events",
                     .seed = 0,
                     .step = {10},
                     .loss = {0.5},
                     .validation_step = {10},
                     .validation_loss = {0.4},
                     .base_loss = 0.6,
                     .average_precision = 0.25}};
  results.citations = {{.used_by = "encoder tlm", .text = "Choi, Fazekas: Transfer Learning"}};
  results.costs = {{.step = kTrainStep,
                    .encoder = "tlm",
                    .on = "events",
                    .seed = 2,
                    .wall_s = 1.5,
                    .cpu_s = 1.25,
                    .peak_mib = 100,
                    .disk_mib = 0.5,
                    .n = 180}};
  results.volatile_facts = {{"host", "büro"}, {"started_at", "2024-01-02T03:04:05Z"}};
  return results;
}

}  // namespace musicrep
