#!/usr/bin/env python3
"""Makes the generated feature set: items.csv and two feature files, the same bytes every time.

240 items of 24 artists in 4 classes. `strong` holds the class and two targets in 12 columns under
little noise, `weak` in 6 columns under much; both carry the artist too, as real features do.
Nothing here measures music: it shows the program without data.
"""
import csv
import pathlib

import numpy

here = pathlib.Path(__file__).parent
random = numpy.random.RandomState(7)
classes = ["alpha", "beta", "gamma", "delta"]
n_artists, n_per_artist = 24, 10
items = []
for artist in range(n_artists):
    for k in range(n_per_artist):
        items.append((f"item{len(items):03d}", artist % 4, artist))
y = numpy.array([c for _, c, _ in items])
artists = numpy.array([a for _, _, a in items])
arousal = random.randn(len(items)) * 0.8 + (y % 2) * 0.7
valence = random.randn(len(items)) * 0.9 + (y // 2) * 0.5


def features(n_columns, noise):
    out = numpy.eye(4)[y] @ random.randn(4, n_columns)
    out += numpy.c_[arousal, valence] @ random.randn(2, n_columns)
    out += 0.5 * (random.randn(n_artists, n_columns))[artists]
    return out + noise * random.randn(len(items), n_columns)


with open(here / "items.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "class", "arousal", "valence", "artist", "split"])
    for i, (name, c, artist) in enumerate(items):
        split = "test" if artist >= 20 else "valid" if artist >= 16 else "train"
        writer.writerow([name, classes[c], f"{arousal[i]:.4f}", f"{valence[i]:.4f}", f"artist{artist:02d}", split])
for name, matrix in (("strong", features(12, 1.5)), ("weak", features(6, 3.0))):
    with open(here / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id"] + [f"f{k}" for k in range(matrix.shape[1])])
        for (item, _, _), row in zip(items, matrix):
            writer.writerow([item] + [f"{v:.4f}" for v in row])
