#!/usr/bin/python3
"""Writes fixture.json: what scikit-learn, statsmodels, scipy and NumPy say of harness/metrics, and
rows.json: scores of small rows by scikit-learn.

    /usr/bin/python3 tests/oracle/metrics/make_fixture.py

Each case holds its inputs and the expected outputs.
"""
import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
import statsmodels.api
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score, r2_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20240117)
student = scipy.stats.t


def quantile(p, freedom):
    """scipy 1.10 stops at a relative 1e-9: two steps of Newton's method follow."""
    out = student.ppf(p, freedom)
    for _ in range(2):
        out -= (student.cdf(out, freedom) - p) / student.pdf(out, freedom)
    return float(out)


def interval(centre, error, freedom):
    half = quantile(0.975, freedom) * error
    return float(centre - half), float(centre + half)


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
            "macro_f1": f1_score(truth, predicted, average="macro", zero_division=0),
            "balanced_accuracy": balanced_accuracy_score(truth, predicted),
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


def influence_cases():
    """n times the change of the score with an item's weight, by central differences."""
    for n, noise in [(5, 1.0), (30, 0.3), (30, 3.0)]:
        truth = rng.normal(size=n)
        predicted = truth + noise * rng.normal(size=n)
        step = 1e-5

        def moved(i, by):
            weight = np.ones(n)
            weight[i] += by
            return r2_score(truth, predicted, sample_weight=weight)

        slopes = [(moved(i, step) - moved(i, -step)) / (2 * step) for i in range(n)]
        yield {"truth": truth.tolist(), "predicted": predicted.tolist(), "influence": (n * np.array(slopes)).tolist()}


def holm_cases():
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.9, 1.0, 0.0],
              rng.random(21).round(3).tolist(), (rng.random(10) / 20).tolist()]:
        yield {"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()}


def quantile_cases():
    for p in [0.025, 0.2, 0.5, 0.8, 0.975, 0.9995]:
        for freedom in [1, 1.5, 2, 7.25, 30, 999, 1e6]:
            yield {"p": p, "freedom": freedom, "quantile": quantile(p, freedom)}


def t_cases():
    for value, error, freedom in [(0.03, 0.01, 59), (-0.03, 0.02, 4.2), (0.5, 0.01, 999), (0.001, 0.3, 1),
                                  (-0.019, 0.004, 250), (0.02, 0.005, 12)]:
        expected, margin = 0.005, 0.02
        # Two one-sided tests: that the difference is above -margin, and that it is below it.
        above = student.sf((value + margin) / error, freedom)
        below = student.cdf((value - margin) / error, freedom)
        low, high = interval(value, error, freedom)
        yield {
            "value": value, "error": error, "freedom": freedom, "expected": expected, "margin": margin,
            "p": float(2 * student.sf(abs(value - expected) / error, freedom)),
            "p_equivalent": float(max(above, below)),
            "smallest": (quantile(0.975, freedom) + quantile(0.8, freedom)) * error,
            "low": float(low), "high": float(high),
        }


def share_cases():
    """Wilson's bounds: where (share - bound)^2 = t^2 bound (1 - bound) / size."""
    for share, error, freedom, n in [(0.8, 0.02, 99, 100), (0.5, 0.1, 3.5, 10), (0.99, 0.005, 249, 250),
                                     (0.0, 0.0, 19, 20), (1.0, 0.0, 19, 20), (1.0, 0.0, 1, 2),
                                     (0.75, 0.0, 11, 12), (0.3, 0.04, 14.7, 15)]:
        for level in [0.95, 0.9]:
            t = quantile(0.5 + level / 2, freedom)
            size = share * (1 - share) / error**2 if error > 0 else n
            bounds = np.roots([1 + t * t / size, -(2 * share + t * t / size), share * share]).real
            low, high = min(bounds), max(bounds)
            yield {"value": share, "error": error, "freedom": freedom, "n": n, "level": level,
                   "low": float(low), "high": float(high)}


def wilson_cases():
    for k, n in [(81, 263), (15, 148), (0, 20), (20, 20), (1, 29), (598, 1000), (1, 1000000)]:
        low, high = proportion_confint(k, n, alpha=0.05, method="wilson")
        yield {"k": k, "n": n, "low": float(low), "high": float(high)}


def ratio_cases():
    for value, error, freedom in [(0.6, 0.02, 100), (-0.3, 0.4, 9), (0.97, 0.02, 3.3), (0.0, 0.05, 739)]:
        # The delta method: log(1 - r2) has the standard error error / (1 - r2).
        high, low = interval(np.log1p(-value), error / (1 - value), freedom)
        yield {"value": value, "error": error, "freedom": freedom,
               "low": float(-np.expm1(low)), "high": float(-np.expm1(high))}


def mean_cases():
    for value, error, freedom in [(0.6, 0.02, 100), (0.1, 0.2, 5), (0.9, 0.2, 5)]:
        low, high = interval(value, error, freedom)
        yield {"value": value, "error": error, "freedom": freedom,
               "low": float(max(0, low)), "high": float(min(1, high))}


def group_numbers(sizes):
    return rng.permutation(np.repeat(np.arange(len(sizes)), sizes))


def cluster_cases():
    for sizes in [[1] * 12, [4] * 8, [1, 2, 3, 10, 7, 5], [30, 1]]:
        group = group_numbers(sizes)
        value = rng.normal(size=len(group)) + 0.7 * rng.normal(size=len(sizes))[group]
        model = statsmodels.api.OLS(value, np.ones(len(value)))
        fitted = model.fit(cov_type="cluster", cov_kwds={"groups": group})
        yield {
            "group": group.tolist(), "n_groups": len(sizes), "values": value.tolist(),
            "error": float(fitted.bse[0]),
            "effective": float(len(group) ** 2 / sum(size**2 for size in sizes)),
        }


def crossed_cases():
    """Groups and runs are crossed: V(groups) + V(runs) - V(groups x runs), by indicator matrices."""
    for sizes, n_runs, of_run_spread, ratio in [([4] * 8, 3, 0.1, 0.0), ([1, 2, 3, 10, 7, 5], 5, 0.02, 0.25),
                                                ([1] * 20, 2, 0.0, 0.25), ([2] * 30, 3, 0.3, 1 / 9)]:
        group = group_numbers(sizes)
        n, n_groups = len(group), len(sizes)
        value = (rng.normal(size=n) + rng.normal(size=n_groups)[group] + 0.5 * rng.normal(size=(n_runs, n))
                 + of_run_spread * rng.normal(size=(n_runs, 1)))
        of_run = value.mean(axis=1)
        influence = value - of_run[:, None]
        indicator = (group[:, None] == np.arange(n_groups)).astype(float)
        g, r = n_groups / (n_groups - 1), n_runs / (n_runs - 1)
        by_group = influence.mean(axis=0) @ indicator / n
        of_groups = g * by_group @ by_group * (1 + ratio)
        of_runs = r * np.sum(((of_run - of_run.mean()) / n_runs) ** 2)
        both = (influence - influence.mean(axis=0)) @ indicator / (n_runs * n)
        of_both = g * r * np.sum(both**2)
        variance = of_groups + max(0, of_runs - of_both)
        free_groups = n**2 / sum(size**2 for size in sizes) - 1
        parts = of_groups**2 / free_groups
        if of_runs > of_both:
            parts += of_runs**2 / (n_runs - 1) + of_both**2 / ((n_runs - 1) * free_groups)
        yield {
            "group": group.tolist(), "n_groups": n_groups, "ratio": ratio,
            "of_run": of_run.tolist(), "influence": influence.tolist(),
            "value": float(of_run.mean()), "error": float(np.sqrt(variance)),
            "freedom": float(max(1, variance**2 / parts)),
        }


def share_difference_cases():
    """Bonett and Price 2012, equation 4: an item is added to each side of the discordant pairs."""
    for both, only_a, only_b, none in [(101, 121, 59, 33), (1, 1, 7, 12), (5, 0, 0, 5), (0, 3, 0, 0), (0, 1, 1, 0)]:
        n = both + only_a + only_b + none
        a, b = (only_a + 1) / (n + 2), (only_b + 1) / (n + 2)
        yield {"table": [both, only_a, only_b, none], "value": (only_a - only_b) / n,
               "error": float(np.sqrt((a + b - (a - b) ** 2) / (n + 2))), "freedom": n - 1}


def row_cases():
    """Rows of small, coarse, tied, constant and huge data: repeats, seeds, folds of one item."""
    kinds = ["classes", "coarse", "fine", "tied", "constant", "huge", "tiny", "offset"]
    for number in range(64):
        kind = kinds[number % len(kinds)]
        n, n_folds = int(rng.integers(2, 13)), int(rng.integers(1, 5))
        n_repeats, n_seeds = (int(x) for x in rng.integers(1, 4, size=2))
        # The last fold may hold one item alone.
        fold_of = np.minimum(np.arange(n), n_folds - 1) if number % 2 else np.arange(n) % n_folds
        value = rng.normal(size=n).round(3)
        truth = {"classes": rng.integers(0, 3, n).astype(float), "coarse": value.round(),
                 "fine": value, "tied": value.round(1), "constant": np.full(n, 0.5),
                 "huge": value * 1e100, "tiny": value * 1e-100, "offset": value + 1e6}[kind]
        scale = {"huge": 1e100, "tiny": 1e-100}.get(kind, 1.0)
        column = {"id": [], "fold": [], "seed": [], "truth": [], "predicted": []}
        for seed in range(n_seeds):
            for repeat in range(n_repeats):
                order = rng.permutation(n)
                guess = (rng.integers(0, 3, n).astype(float) if kind == "classes"
                         else truth + scale * rng.normal(size=n).round(1) * rng.integers(0, 2))
                column["id"] += order.tolist()
                column["fold"] += (fold_of + repeat * n_folds).tolist()
                column["seed"] += [seed] * n
                column["truth"] += truth[order].tolist()
                column["predicted"] += guess[order].tolist()
        score = accuracy_score if kind == "classes" else r2_score
        a, b, fold = (np.array(column[name]) for name in ("truth", "predicted", "fold"))
        folds, counts = np.unique(fold, return_counts=True)
        with np.errstate(all="ignore"):
            def of(where):  # of one item, too, of which r2_score says nothing: its rule for constants
                if len(np.unique(a[where])) == 1 and score is r2_score:
                    return float(np.array_equal(a[where], b[where]))
                return float(score(a[where], b[where]))
            pooled = of(np.ones(len(a), bool))
            mean = float(np.average([of(fold == f) for f in folds], weights=counts))
        yield {"kind": kind, "n": n, "n_repeats": n_repeats, "n_seeds": n_seeds, **column,
               "pooled": pooled, "mean_over_folds": mean}


fixture = {
    "made_with": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "classes": class_cases(),
    "r2": r2_cases(),
    "influence": influence_cases(),
    "holm": holm_cases(),
    "quantile": quantile_cases(),
    "t": t_cases(),
    "share": share_cases(),
    "wilson": wilson_cases(),
    "ratio": ratio_cases(),
    "mean": mean_cases(),
    "cluster": cluster_cases(),
    "crossed": crossed_cases(),
    "share_difference": share_difference_cases(),
}


def one_case_a_line(name, cases):
    if isinstance(cases, dict):
        return f" {json.dumps(name)}: {json.dumps(cases)}"
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    return f" {json.dumps(name)}: [\n{lines}\n ]"


def write(name, content):
    text = "{\n" + ",\n".join(one_case_a_line(k, v) for k, v in content.items()) + "\n}\n"
    pathlib.Path(__file__).with_name(name).write_text(text)


write("fixture.json", fixture)
write("rows.json", {"rows": row_cases()})
