#!/usr/bin/python3
"""Times the grid of choi2017 by scikit-learn's GridSearchCV and by our probe, in one run.

    tests/bench/grid_vs_sklearn.py BUILD_FOLDER [--repeats 3] [--deezer]

The features are the five layers of $MUSICREP_DATA/choi2017/data_feats/gtzan_genre_layer_*.npy side
by side, 1000 x 160, 100 items a genre in order; synthetic ones where MUSICREP_DATA is not set. Both
take 2 workers and the same 64 points (32 raw, 32 standardised inside each fold) on the same 10
stratified folds. They take turns, so that a busy machine slows down both. --deezer times our SVR at
the size of the Deezer data set as well; scikit-learn would take too long there.
"""
import argparse
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

WORKERS = 2


def features():
    root = os.environ.get("MUSICREP_DATA")
    if root:
        folder = pathlib.Path(root) / "choi2017" / "data_feats"
        layers = [np.load(folder / f"gtzan_genre_layer_{k}.npy") for k in range(5)]
        return f"{folder}, layers 0 to 4", np.concatenate(layers, axis=1).astype(np.float64)
    rng = np.random.default_rng(1)
    centres = 0.16 * rng.normal(size=(10, 160))
    return "synthetic", np.repeat(centres, 100, axis=0) + rng.normal(size=(1000, 160))


def run_sklearn(path):
    """In a process of its own, so that its memory is its own. Prints JSON."""
    from joblib.externals import loky
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    x = np.load(path)
    y = np.arange(len(x)) // 100
    cs = [0.1, 2, 8, 32]
    out = {"seconds": 0}
    for name, scaler in (("raw", "passthrough"), ("standardised", StandardScaler())):
        grid = [{"svm__kernel": ["rbf"], "svm__C": cs,
                 "svm__gamma": [2.0**k for k in (-3, -5, -7, -9, -11, -13)] + ["auto"]},
                {"svm__kernel": ["linear"], "svm__C": cs}]
        search = GridSearchCV(Pipeline([("scaler", scaler), ("svm", SVC())]), grid,
                              cv=StratifiedKFold(10), scoring="accuracy", n_jobs=WORKERS,
                              refit=False)
        begin = time.perf_counter()
        search.fit(x, y)
        seconds = time.perf_counter() - begin
        # Folds are of equal size, so that the plain mean is the weighted one.
        out[name] = {"seconds": seconds, "best": float(search.cv_results_["mean_test_score"].max())}
        out["seconds"] += seconds
    loky.get_reusable_executor().shutdown(wait=True)  # so that the workers are counted below
    kib = [resource.getrusage(who).ru_maxrss
           for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    # The parent and the largest worker; the workers are alike.
    out["peak_mib"] = (kib[0] + WORKERS * kib[1]) / 1024
    print(json.dumps(out))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def call(command):
    before = cpu_seconds()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    out = json.loads(done.stdout.splitlines()[-1])
    if isinstance(out, dict):
        out["cpu_seconds"] = cpu_seconds() - before  # of the whole process, start included
    return out


def compare(tool, repeats):
    source, x = features()
    print(f"features: {source}, {x.shape[0]} x {x.shape[1]}; {WORKERS} workers each")
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "x.npy")
        np.save(path, x)
        for k in range(repeats):
            theirs = call([sys.executable, __file__, "--sklearn", path])
            ours = call([tool, "--choi", path, str(WORKERS)])
            ratios.append(theirs["seconds"] / ours["seconds"])
            for name, r in (("scikit-learn", theirs), ("ours", ours)):
                print(f"{k + 1}. {name:12} {r['seconds']:8.2f} s (processor {r['cpu_seconds']:.2f} s)"
                      f"  raw {r['raw']['seconds']:.2f} s, best {r['raw']['best']:.4f}"
                      f"  standardised {r['standardised']['seconds']:.2f} s,"
                      f" best {r['standardised']['best']:.4f}  peak {r['peak_mib']:.0f} MiB")
            print(f"   ratio {ratios[-1]:.1f},"
                  f" of processor time {theirs['cpu_seconds'] / ours['cpu_seconds']:.1f}", flush=True)
    print(f"ratio: median {np.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}")


def deezer(tool):
    rows = call([tool, "--deezer", str(WORKERS)])
    for before, row in zip([None] + rows, rows):
        growth = "" if before is None else "  growth n^{:.2f}".format(
            math.log(row["seconds"] / before["seconds"]) / math.log(row["train"] / before["train"]))
        print(f"SVR, {row['train']:6} training rows: {row['seconds']:8.2f} s"
              f"  best r2 {row['best_r2']:.4f}  {row['iterations']} steps"
              f"{' (cap hit)' if row['cap_hit'] else ''}  peak {row['peak_mib']:.0f} MiB{growth}")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--sklearn":
        run_sklearn(sys.argv[2])
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder, with tests/bench/probe/grid_tool in it")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--deezer", action="store_true", help="time the large SVR as well")
    options = parser.parse_args()
    tool = pathlib.Path(options.build) / "tests" / "bench" / "probe" / "grid_tool"
    if not tool.exists():
        sys.exit(f"{tool} is not there: build the target grid_tool first")
    compare(str(tool), options.repeats)
    if options.deezer:
        deezer(str(tool))


main()
