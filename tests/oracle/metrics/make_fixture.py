#!/usr/bin/python3
"""Writes fixture.json: what scikit-learn, statsmodels and scipy say of harness/metrics.

    /usr/bin/python3 tests/oracle/metrics/make_fixture.py

Each case holds its inputs and the expected outputs. The bootstrap is written here a second time,
in plain Python integers, and is expected to agree to the last bit.
"""
import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
from sklearn.metrics import accuracy_score, confusion_matrix, r2_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

MASK = 2**64 - 1
rng = np.random.default_rng(20240117)


class SplitMix64:
    """Steele, Lea, Flood 2014, figure 16, with the constants of Vigna's splitmix64.c."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        """Lemire 2019, algorithm 5: reject where the low half is below 2^64 mod n."""
        while True:
            product = self.next() * n
            if (product & MASK) >= 2**64 % n:
                return product >> 64


def interval(scores):
    return [float(x) for x in np.percentile(scores, [2.5, 97.5])]


def mean(values):
    """Summed from the left, as the C++ test does (numpy sums in pairs)."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def bootstrap(n, score, seed, resamples):
    random = SplitMix64(seed)
    return [score([random.below(n) for _ in range(n)]) for _ in range(resamples)]


def cluster_bootstrap(group, n_groups, score, seed, resamples):
    members = [[i for i, g in enumerate(group) if g == wanted] for wanted in range(n_groups)]
    members = [items for items in members if items]
    random = SplitMix64(seed)
    scores = []
    for _ in range(resamples):
        drawn = [members[random.below(len(members))] for _ in members]
        scores.append(score([i for items in drawn for i in items]))
    return interval(scores)


def class_cases():
    for n, n_classes, hit in [(1, 2, 1.0), (7, 3, 0.5), (200, 10, 0.7)]:
        truth = rng.integers(0, n_classes, n)
        guess = rng.integers(0, n_classes, n)
        predicted = np.where(rng.random(n) < hit, truth, guess)
        yield {
            "n_classes": n_classes,
            "truth": truth.tolist(),
            "predicted": predicted.tolist(),
            "accuracy": accuracy_score(truth, predicted),
            "confusion": confusion_matrix(truth, predicted, labels=range(n_classes)).ravel().tolist(),
        }


def r2_cases():
    for n, noise, offset in [(2, 0.1, 0), (5, 1, 0), (300, 0.5, 0), (300, 0.5, 1e6), (300, 5, -3)]:
        truth = rng.normal(size=n) + offset
        predicted = truth + noise * rng.normal(size=n)
        yield {"truth": truth.tolist(), "predicted": predicted.tolist(), "r2": r2_score(truth, predicted)}
    # Constants whose mean is exact, so that scikit-learn sees them as constant too.
    for predicted in ([2.0, 2.0, 2.0], [2.0, 2.0, 2.5]):
        yield {"truth": [2.0] * 3, "predicted": predicted, "r2": r2_score([2.0] * 3, predicted)}


def mcnemar_cases():
    for both, b, c, none in [(101, 121, 59, 33), (1, 1, 7, 12), (59, 6, 16, 80), (21, 9, 2, 12),
                             (0, 1, 0, 0), (10, 0, 12, 3), (700, 80, 120, 100), (0, 4, 4, 0)]:
        table = [[both, b], [c, none]]
        point = scipy.stats.binom.pmf(min(b, c), b + c, 0.5)
        exact = mcnemar(table, exact=True).pvalue
        yield {
            "table": [both, b, c, none],
            "p_exact": float(exact),
            "p_mid": float(1 - point / 2 if b == c else exact - point),
            # statsmodels corrects a difference of 0 to -1 and squares it; R leaves it at 0.
            "p_chi2": 1.0 if b == c else float(mcnemar(table, exact=False, correction=True).pvalue),
        }


def wilson_cases():
    for k, n in [(81, 263), (15, 148), (0, 20), (20, 20), (1, 29), (0, 1), (1, 1), (598, 1000),
                 (1, 1000000), (999999, 1000000)]:
        low, high = proportion_confint(k, n, alpha=0.05, method="wilson")
        yield {"k": k, "n": n, "low": float(low), "high": float(high)}


def holm_cases():
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.9, 1.0, 0.0],
              rng.random(21).round(3).tolist(), (rng.random(10) / 20).tolist()]:
        yield {"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()}


def corrected_t_cases():
    for k, ratio, shift in [(2, 1.0, 0.5), (5, 0.25, 0.0), (10, 1 / 9, 0.02), (10, 0.0, 0.5),
                            (100, 1 / 9, -0.01)]:
        a = 0.7 + 0.03 * rng.normal(size=k)
        b = a - shift + 0.03 * rng.normal(size=k)
        # The correction only stretches Student's paired t.
        student = scipy.stats.ttest_rel(a, b)
        t = student.statistic * np.sqrt((1 / k) / (1 / k + ratio))
        yield {
            "differences": (a - b).tolist(),
            "ratio": ratio,
            "t": float(t),
            "p": float(2 * scipy.stats.t.sf(abs(t), k - 1)) if ratio else float(student.pvalue),
        }


def detectable_cases():
    z = scipy.stats.norm.ppf(0.975) + scipy.stats.norm.ppf(0.8)
    for n, discordance in [(1, 1.0), (290, 0.12), (1000, 0.1), (18644, 0.31)]:
        yield {"n": n, "discordance": discordance, "smallest": float(z * np.sqrt(discordance / n))}


def bootstrap_cases():
    for n, resamples, seed in [(1, 1, 0), (12, 37, 0), (12, 200, 2**64 - 1),
                               (50, 100, 12345), (31, 77, 1), (32, 78, 2), (33, 79, 3)]:
        values = rng.normal(size=n).tolist()
        n_groups = n // 3 + 2
        group = rng.integers(0, n_groups, n).tolist()
        score = lambda items: mean([values[i] for i in items])
        scores = bootstrap(n, score, seed, resamples)
        below = sum(s <= 0 for s in scores) / resamples
        above = sum(s >= 0 for s in scores) / resamples
        yield {
            "values": values,
            "group": group,
            "n_groups": n_groups,
            "seed": seed,
            "n_resamples": resamples,
            "interval": interval(scores),
            "cluster_interval": cluster_bootstrap(group, n_groups, score, seed, resamples),
            "difference": mean(values),
            "standard_error": float(np.std(scores, ddof=1)) if resamples > 1 else 0.0,
            "p": min(1.0, max(2 * min(below, above), 1 / (resamples + 1))),
        }


fixture = {
    "made_with": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "classes": list(class_cases()),
    "r2": list(r2_cases()),
    "mcnemar": list(mcnemar_cases()),
    "wilson": list(wilson_cases()),
    "holm": list(holm_cases()),
    "corrected_t": list(corrected_t_cases()),
    "detectable": list(detectable_cases()),
    "bootstrap": list(bootstrap_cases()),
}


def one_case_a_line(name, cases):
    if isinstance(cases, dict):
        return f" {json.dumps(name)}: {json.dumps(cases)}"
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    return f" {json.dumps(name)}: [\n{lines}\n ]"


text = "{\n" + ",\n".join(one_case_a_line(k, v) for k, v in fixture.items()) + "\n}\n"
pathlib.Path(__file__).with_name("fixture.json").write_text(text)
