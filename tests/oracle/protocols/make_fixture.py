"""Writes fixture.json: folds by scikit-learn 1.2.1. Run with Debian's /usr/bin/python3.

Groups are named in the order of their first appearance, with zeros before the number, because
scikit-learn numbers them in alphabetical order and the harness by first appearance.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn import model_selection

CASES = []


def folds_of(splitter, y, groups):
    """The fold in which each item is tested."""
    folds = np.full(len(y), -1)
    for fold, (_, test) in enumerate(splitter.split(np.zeros((len(y), 1)), y, groups)):
        folds[test] = fold
    assert (folds >= 0).all()
    return folds.tolist()


def add(kind, n_folds, y, groups=None, shuffle=False, seed=0):
    state = seed if shuffle else None
    if kind == "plain":
        splitter = model_selection.KFold(n_folds, shuffle=shuffle, random_state=state)
    elif kind == "stratified":
        splitter = model_selection.StratifiedKFold(n_folds, shuffle=shuffle, random_state=state)
    elif kind == "grouped":
        splitter = model_selection.GroupKFold(n_folds)
    else:
        splitter = model_selection.StratifiedGroupKFold(n_folds)
    CASES.append({
        "kind": kind, "n_folds": n_folds, "shuffle": shuffle, "seed": seed,
        "classes": [int(c) for c in y],
        "groups": [] if groups is None else [f"g{g:04}" for g in groups],
        "folds": folds_of(splitter, np.asarray(y), groups)})


def by_first_appearance(groups):
    number = {}
    return [number.setdefault(g, len(number)) for g in groups]


def main():
    rng = np.random.RandomState(20)
    for n in (10, 23, 100, 257):
        for n_folds in (2, 5, 10):
            add("plain", n_folds, np.zeros(n))
            for seed in (0, 1, 1234, 2**32 - 1):
                add("plain", n_folds, np.zeros(n), shuffle=True, seed=seed)
    for n, n_classes in ((40, 2), (100, 3), (250, 10), (301, 7)):
        for order in ("sorted", "mixed"):
            y = np.concatenate([np.arange(n_classes).repeat(10),
                                rng.randint(0, n_classes, n)])
            y = np.sort(y) if order == "sorted" else rng.permutation(y)
            for n_folds in (2, 3, 10):
                add("stratified", n_folds, y)
                for seed in (1, 1234):
                    add("stratified", n_folds, y, shuffle=True, seed=seed)
    # Groups of distinct sizes: where sizes are equal, GroupKFold's order is its sort's own.
    for n_groups, n_folds in ((7, 2), (12, 5), (20, 10)):
        sizes = rng.permutation(np.arange(1, n_groups + 1))
        groups = by_first_appearance(rng.permutation(np.arange(n_groups).repeat(sizes)))
        add("grouped", n_folds, np.zeros(len(groups)), groups)
    # Groups inside one class, as artists are; and groups across classes.
    for seed in range(8):
        for n_classes, n_groups, n_folds in ((2, 12, 3), (4, 40, 5), (7, 60, 10), (10, 90, 5)):
            rng = np.random.RandomState(100 + seed)
            size = rng.randint(1, 7, n_groups)
            genre = rng.permutation(np.arange(n_groups) % n_classes)
            groups = np.arange(n_groups).repeat(size)
            y = genre[groups]
            if seed % 2 == 1:
                stray = rng.uniform(size=len(y)) < 0.15
                y = np.where(stray, rng.randint(0, n_classes, len(y)), y)
            order = np.argsort(y, kind="stable") if seed % 4 < 2 else rng.permutation(len(y))
            add("stratified-grouped", n_folds, y[order], by_first_appearance(groups[order]))
    out = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cases": CASES}
    path = pathlib.Path(__file__).with_name("fixture.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print(path, path.stat().st_size, "bytes,", len(CASES), "cases")


main()
