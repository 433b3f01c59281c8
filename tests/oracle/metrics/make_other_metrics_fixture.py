#!/usr/bin/python3
"""Writes other_metrics.json: ROC-AUC and average precision by scikit-learn, and what an item's weight
does to them, by central differences; Pearson's r by SciPy and the RMSE by scikit-learn.

    /usr/bin/python3 tests/oracle/metrics/make_other_metrics_fixture.py
"""
import json
import pathlib

import numpy as np
import scipy.stats
import sklearn
from sklearn.metrics import average_precision_score, mean_squared_error, roc_auc_score

rng = np.random.default_rng(20261130)


def influence(score, truth, ranking):
    n, step = len(truth), 1e-5
    slopes = []
    for i in range(n):
        values = []
        for by in (step, -step):
            weight = np.ones(n)
            weight[i] += by
            values.append(score(truth, ranking, sample_weight=weight))
        slopes.append(n * (values[0] - values[1]) / (2 * step))
    return slopes


cases = []
for n, share, digits in [(2, 0.5, 3), (7, 0.3, 3), (40, 0.5, 3), (40, 0.1, 1), (60, 0.2, 0), (150, 0.05, 2),
                         (150, 0.9, 1), (30, 0.5, -1)]:
    truth = (rng.random(n) < share).astype(int)
    truth[:2] = [1, 0]  # both are there
    ranking = (truth + rng.normal(size=n)).round(digits)
    cases.append({
        "truth": truth.tolist(),
        "ranking": ranking.tolist(),
        "roc_auc": roc_auc_score(truth, ranking),
        "average_precision": average_precision_score(truth, ranking),
        "roc_auc_influence": influence(roc_auc_score, truth, ranking),
        "average_precision_influence": influence(average_precision_score, truth, ranking),
    })
numbers = []
for n, noise, offset in [(3, 1, 0), (30, 0.3, 0), (200, 3, 0), (200, 0.5, 1e6), (50, 0.1, -4)]:
    truth = rng.normal(size=n) + offset
    predicted = truth + noise * rng.normal(size=n)
    numbers.append({
        "truth": truth.tolist(), "predicted": predicted.tolist(),
        "pearson": float(scipy.stats.pearsonr(truth, predicted)[0]),
        "neg_rmse": -float(np.sqrt(mean_squared_error(truth, predicted))),
    })


def lines(cases):
    return ",\n".join("  " + json.dumps(case) for case in cases)


pathlib.Path(__file__).with_name("other_metrics.json").write_text(
    f'{{"scikit-learn": "{sklearn.__version__}", "scipy": "{scipy.__version__}", "tags": [\n{lines(cases)}\n],\n'
    f'"numbers": [\n{lines(numbers)}\n]}}\n')
