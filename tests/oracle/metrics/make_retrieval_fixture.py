#!/usr/bin/python3
"""Writes retrieval.json: what NumPy and scikit-learn say of harness/metrics/retrieval.h.

    /usr/bin/python3 tests/oracle/metrics/make_retrieval_fixture.py

Whole numbers as vectors, many of them equal, so that there are ties.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.metrics.pairwise import cosine_similarity

rng = np.random.default_rng(7)


def ranks(scores):
    own = np.diag(scores)[:, None]
    return (scores >= own).sum(axis=1)


def best(scores, count=5):
    """The best candidates of each row; of a tie the own one comes last, the others keep their order."""
    n = len(scores)
    rows = []
    for i in range(n):
        others = np.delete(np.arange(n), i)
        order = np.append(others, i)  # the own one behind all that a stable sort leaves in place
        rows += order[np.argsort(-scores[i, order], kind="stable")][:count].tolist()
    return rows


def case(n, d, noise):
    a = rng.integers(-3, 4, size=(n, d)).astype(float)
    b = a + noise * rng.integers(-2, 3, size=(n, d))
    a[n // 2] = a[0]  # a tie at the least
    cosines = cosine_similarity(a, b)
    # Whole numbers again: equal scores must be equal to the last bit in both programs.
    scores = np.round(cosines * 50)
    found = {"n": n, "d": d, "a": a.ravel().tolist(), "b": b.ravel().tolist(),
             "cosines": cosines.ravel().tolist(), "scores": scores.ravel().tolist()}
    for name, matrix in (("rows", scores), ("columns", scores.T)):
        r = ranks(matrix)
        found[name] = {
            "ranks": r.tolist(),
            "recall": [float(np.mean(r <= k)) for k in (1, 5, 10)],
            "median": float(np.median(r)),
            "mrr": float(np.mean(1 / r)),
        }
        found["best_" + name] = best(matrix)
    found["chance_mrr"] = float(np.mean(1 / np.arange(1, n + 1)))
    found["chance_median"] = float(np.median(np.arange(1, n + 1)))
    return found


fixture = {
    "made_by": f"make_retrieval_fixture.py, numpy {np.__version__}, scikit-learn {sklearn.__version__}",
    "cases": [case(1, 3, 0), case(2, 2, 1), case(9, 4, 1), case(30, 6, 1), case(31, 5, 3)],
}
out = pathlib.Path(__file__).with_name("retrieval.json")
out.write_text(json.dumps(fixture) + "\n")
