#!/usr/bin/python3
"""Writes the fixtures of numpy_test.cpp beside this file. Made with NumPy 1.24.2."""
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


# Every file holds this matrix, exactly, in its own type and order: x[r, c] = 3 r + c - 2.
x = np.arange(12).reshape(4, 3) - 2

np.save(path("f4_c.npy"), x.astype("<f4"))
np.save(path("f8_fortran.npy"), np.asfortranarray(x.astype("<f8")))
np.save(path("f4_big_endian.npy"), x.astype(">f4"))
np.save(path("i8_fortran.npy"), np.asfortranarray(x.astype("<i8")))
np.save(path("i1_c.npy"), x.astype("i1"))
np.save(path("u2_big_endian.npy"), (x + 2).astype(">u2"))
np.save(path("b1.npy"), x > 0)
with open(path("version2.npy"), "wb") as f:
    np.lib.format.write_array(f, x.astype("<f4"), version=(2, 0))
with open(path("version3.npy"), "wb") as f:
    np.lib.format.write_array(f, x.astype("<f4"), version=(3, 0))
np.save(path("scalar.npy"), np.float64(0.5))
np.save(path("cube.npy"), np.zeros((2, 3, 4), "<f4"))
np.save(path("objects.npy"), np.array([{"a": 1}], dtype=object), allow_pickle=True)
np.save(path("half.npy"), x.astype("<f2"))

ids = np.array(["blues/blues.00012.au", "Bj\u00f6rk", "\u97f3\u697d", "\U0001f3b5 x", ""])
np.save(path("ids_unicode.npy"), ids)
np.save(path("ids_bytes.npy"), np.array([b"one", b"twenty", b""]))
np.save(path("ids_integers.npy"), np.array([532171, -1, 2**53 + 1]))

np.savez(path("stored.npz"), X=x.astype("<f4"), IDS=ids[:4], Y=np.arange(4))
np.savez_compressed(path("deflated.npz"), X=np.asfortranarray(x.astype("<f8")), IDS=ids[:4])
np.savez(path("unnamed.npz"), x.astype("<f4"), ids[:4])
