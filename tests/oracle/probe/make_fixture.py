#!/usr/bin/python3
"""Writes fixture.json: predictions, scalers and a grid search by scikit-learn 1.2.1.

    /usr/bin/python3 tests/oracle/probe/make_fixture.py

Features are rounded to four digits, so that the text holds them exactly and stays small.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

N, D, N_CLASSES = 150, 10, 4
GRID_COLUMNS = 7  # chosen so that one point is the best: the rounding of a mean decides a tie
rng = np.random.default_rng(20240117)


def features():
    """Columns of unequal scale, as raw features are."""
    y = np.arange(N) % N_CLASSES
    centres = rng.normal(size=(N_CLASSES, D))
    x = (centres[y] * 0.8 + rng.normal(size=(N, D))) * rng.uniform(0.1, 3, size=D)
    values = np.sin(x[:, 0]) + 0.3 * x[:, 1] + 0.2 * rng.normal(size=N)
    return np.round(x, 4), y, np.round(values, 4)


def kernel_arguments(kernel, gamma):
    return {"kernel": kernel} if gamma is None else {"kernel": kernel, "gamma": gamma}


def predictions(make, x, y, train, test, kernel, c, gamma, standardise):
    svm = make(C=c, **kernel_arguments(kernel, gamma))
    scaler = StandardScaler() if standardise else "passthrough"
    model = Pipeline([("scaler", scaler), ("svm", svm)]).fit(x[train], y[train])
    if kernel == "rbf":
        used = model["svm"]._gamma
    else:
        used = 0
    return {"kernel": kernel, "c": c, "gamma": gamma, "standardise": standardise,
            "gamma_used": float(used), "predicted": model.predict(x[test]).tolist()}


def main():
    x, classes, values = features()
    order = rng.permutation(N)
    train, test = np.sort(order[:110]), np.sort(order[110:])
    out = {"scikit-learn": sklearn.__version__, "x": x.tolist(), "classes": classes.tolist(),
           "values": values.tolist(), "train": train.tolist(), "test": test.tolist()}

    def cases(make, y, linear_cs):
        found = []
        for standardise in (False, True):
            for c in (0.1, 1, 8, 32):
                for gamma in ("scale", "auto", 0.5, 2.0**-5, 2.0**-11):
                    found.append(predictions(make, x, y, train, test, "rbf", c, gamma, standardise))
            for c in linear_cs:
                found.append(predictions(make, x, y, train, test, "linear", c, None, standardise))
        return found

    out["svc"] = cases(SVC, classes, (0.1, 1, 8))
    out["svr"] = cases(SVR, values, (0.1, 1))

    # A polynomial kernel, which ours knows as a matrix alone.
    kernel = (1 + x @ x.T / D) ** 2
    out["precomputed"] = {
        "kernel": np.round(kernel, 6).tolist(),
        **{name: [{"c": c, "predicted": make(C=c, kernel="precomputed")
                   .fit(np.round(kernel, 6)[np.ix_(train, train)], y[train])
                   .predict(np.round(kernel, 6)[np.ix_(test, train)]).tolist()}
                  for c in (0.1, 1)]
           for name, make, y in (("svc", SVC, classes), ("svr", SVR, values))}}

    # Columns that try the scaler: constant, all but constant, far from 0, large.
    hard = np.column_stack([np.full(40, 0.1), 1e9 + rng.normal(size=40) * 1e-8,
                            1e6 + rng.normal(size=40), rng.normal(size=40) * 1e12,
                            rng.normal(size=40), np.zeros(40)])
    scaler = StandardScaler().fit(hard)
    out["scaler"] = {"x": hard.tolist(), "mean": scaler.mean_.tolist(),
                     "scale": scaler.scale_.tolist(), "scaled": scaler.transform(hard).tolist()}

    grid = [{"svm__kernel": ["rbf"], "svm__C": [0.1, 2, 8], "svm__gamma": [2.0**-3, 2.0**-7, "auto"]},
            {"svm__kernel": ["linear"], "svm__C": [0.1, 2]}]
    out["grid_columns"] = GRID_COLUMNS
    out["grid"] = []
    for scaler in ("passthrough", StandardScaler()):
        search = GridSearchCV(Pipeline([("scaler", scaler), ("svm", SVC())]), grid,
                              cv=StratifiedKFold(5), scoring="accuracy").fit(x[:, :GRID_COLUMNS], classes)
        means = search.cv_results_["mean_test_score"]
        assert (means > search.best_score_ - 1e-9).sum() == 1, "a tie; choose other GRID_COLUMNS"
        folds = np.empty(N, int)
        for fold, (_, tested) in enumerate(StratifiedKFold(5).split(x, classes)):
            folds[tested] = fold
        splits = [f"split{k}_test_score" for k in range(5)]
        out["grid"].append({
            "standardise": scaler != "passthrough", "folds": folds.tolist(),
            "best_index": int(search.best_index_), "best_score": float(search.best_score_),
            "scores": np.array([search.cv_results_[s] for s in splits]).T.tolist(),
            "points": [{"c": p["svm__C"], "gamma": p.get("svm__gamma")}
                       for p in search.cv_results_["params"]]})

    path = pathlib.Path(__file__).with_name("fixture.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print(path, path.stat().st_size, "bytes")


main()
