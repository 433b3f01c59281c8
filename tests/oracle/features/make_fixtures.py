#!/usr/bin/python3
"""Writes the fixtures of python_files_test.cpp beside this file, each with the same six frames of
three items. Made with NumPy 1.24.2, h5py 3.7.0 and Python's own csv."""
import csv
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


# x[r, c] = r + c / 4: exact in float32.
x = np.arange(6)[:, None] + np.arange(3)[None, :] / 4
ids = ["a/Bj\u00f6rk.au", "a/Bj\u00f6rk.au", "b/one.two.wav", "\u97f3.wav", "\u97f3.wav", "\u97f3.wav"]

np.save(path("frames.npy"), np.asfortranarray(x))
np.save(path("ids.npy"), np.array(ids))
with open(path("ids.txt"), "w", encoding="utf-8") as f:
    f.writelines(i + "\n" for i in ids)
np.savez(path("stored.npz"), X=x.astype("<f4"), IDS=np.array(ids))
np.savez_compressed(path("deflated.npz"), values=x, names=np.array(ids))
with h5py.File(path("variable.h5"), "w", track_order=False) as f:
    f["X"] = x.astype("<f4")
    f["IDS"] = ids
with h5py.File(path("fixed.hdf5"), "w") as f:
    f.create_dataset("group/values", data=x.astype(">f8"), compression="gzip", chunks=(2, 3))
    f["names"] = np.array([i.encode("utf-8") for i in ids])
with open(path("frames.csv"), "w", encoding="utf-8", newline="") as f:
    out = csv.writer(f)
    out.writerow(["id", "f0", "f1", "f2"])
    out.writerows([i, *row] for i, row in zip(ids, x.tolist()))

# What must be refused.
with h5py.File(path("texts.h5"), "w") as f:
    f["X"] = ids
with h5py.File(path("cube.h5"), "w") as f:
    f["X"] = np.zeros((2, 2, 2))
