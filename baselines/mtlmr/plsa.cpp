#include "plsa.h"

#include <cassert>
#include <span>
#include <vector>

#include "core/random.h"

namespace musicrep {
namespace {

/// Makes each row a distribution; one that has nothing becomes uniform.
void normalise_rows(Matrix& matrix) {
  for (std::size_t r = 0; r < matrix.rows(); ++r) {
    double sum = 0;
    for (const double x : matrix.row(r)) sum += x;
    const double alike = 1 / static_cast<double>(matrix.cols());
    for (double& x : matrix.row(r)) x = sum > 0 ? x / sum : alike;
  }
}

/// One step of expectation maximisation. Adds up `new_terms` only where it is given.
Matrix step(const Matrix& counts, const Matrix& topic_of_document, const Matrix& term_of_topic,
            Matrix* new_terms) {
  const std::size_t topics = term_of_topic.rows();
  Matrix new_topics(counts.rows(), topics);
  std::vector<double> share(topics);
  for (std::size_t d = 0; d < counts.rows(); ++d) {
    for (std::size_t t = 0; t < counts.cols(); ++t) {
      const double count = counts.at(d, t);
      if (count == 0) continue;
      double sum = 0;
      for (std::size_t z = 0; z < topics; ++z) {
        share[z] = topic_of_document.at(d, z) * term_of_topic.at(z, t);
        sum += share[z];
      }
      if (sum == 0) continue;  // a term that no topic has (fold_in)
      for (std::size_t z = 0; z < topics; ++z) {
        const double part = count * share[z] / sum;
        new_topics.at(d, z) += part;
        if (new_terms != nullptr) new_terms->at(z, t) += part;
      }
    }
  }
  normalise_rows(new_topics);
  if (new_terms != nullptr) normalise_rows(*new_terms);
  return new_topics;
}

Matrix random_rows(std::size_t rows, std::size_t cols, Random& random) {
  Matrix out(rows, cols);
  for (std::size_t i = 0; i < rows * cols; ++i) out.data()[i] = random.uniform();
  normalise_rows(out);
  return out;
}

}  // namespace

Plsa fit_plsa(const Matrix& counts, std::size_t topics, std::size_t iterations,
              std::uint64_t seed) {
  assert(topics > 0 && counts.cols() > 0);
  Random random(seed);
  Plsa plsa;
  plsa.topic_of_document = random_rows(counts.rows(), topics, random);
  plsa.term_of_topic = random_rows(topics, counts.cols(), random);
  for (std::size_t i = 0; i < iterations; ++i) {
    Matrix new_terms(topics, counts.cols());
    plsa.topic_of_document = step(counts, plsa.topic_of_document, plsa.term_of_topic, &new_terms);
    plsa.term_of_topic = std::move(new_terms);
  }
  return plsa;
}

Matrix fold_in(const Matrix& counts, const Matrix& term_of_topic, std::size_t iterations) {
  assert(counts.cols() == term_of_topic.cols());
  Matrix topic_of_document(counts.rows(), term_of_topic.rows());
  normalise_rows(topic_of_document);
  for (std::size_t i = 0; i < iterations; ++i) {
    topic_of_document = step(counts, topic_of_document, term_of_topic, nullptr);
  }
  return topic_of_document;
}

}  // namespace musicrep
