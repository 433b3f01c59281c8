// Probabilistic latent semantic analysis.
#pragma once

#include <cstddef>
#include <cstdint>

#include "musicrep/matrix.h"

namespace musicrep {

/// Documents as mixtures of topics, topics as mixtures of terms (Hofmann 1999).
struct Plsa {
  Matrix topic_of_document;  ///< [documents, topics] P(topic | document), rows sum to 1
  Matrix term_of_topic;      ///< [topics, terms] P(term | topic), rows sum to 1
};

/// Fits `counts` [documents, terms], not negative, by `iterations` of expectation maximisation from
/// random distributions: uniform numbers of Random(seed), those of topic_of_document first, row by
/// row, divided by their sum. A document without terms keeps all topics alike.
Plsa fit_plsa(const Matrix& counts, std::size_t topics, std::size_t iterations, std::uint64_t seed);

/// P(topic | document) [documents, topics] of other documents, the topics as they are: begins with
/// all topics alike.
Matrix fold_in(const Matrix& counts, const Matrix& term_of_topic, std::size_t iterations);

}  // namespace musicrep
