#!/usr/bin/python3
"""Writes fixture.json: what NumPy says of harness/diagnose.

    /usr/bin/python3 tests/oracle/diagnose/make_fixture.py

Each case holds clips of one layer and the expected measures. Everything is written here a second time,
straight from the definitions: pairs in two loops, numpy.linalg.svd, numpy.fft.
"""
import itertools
import json
import pathlib

import numpy as np

rng = np.random.default_rng(20240311)


def cosines(pairs):
    out = []
    for a, b in pairs:
        lengths = np.linalg.norm(a) * np.linalg.norm(b)
        if lengths > 0:
            out.append(a @ b / lengths)
    return np.mean(out) if out else None


def effective_rank(h):
    s = np.linalg.svd(h, compute_uv=False)
    p = s / s.sum()
    p = p[p > 0]
    return np.exp(-(p * np.log(p)).sum())


def upper_share(h):
    n = len(h)
    if n < 4:
        return None
    energy = (np.abs(np.fft.fft(h - h.mean(0), axis=0)) ** 2).sum(1)
    frequency = np.abs(np.fft.fftfreq(n))
    high = energy[frequency > 0.25 + 1e-9].sum() + energy[np.isclose(frequency, 0.25)].sum() / 2
    return high / energy[1:].sum()


def mean(values):
    values = [v for v in values if v is not None]
    return float(np.mean(values)), len(values)


def frame_measures(clips):
    centre = np.concatenate(clips).mean(0)
    several = [h for h in clips if len(h) > 1]
    pairs = lambda h: itertools.combinations(h, 2)
    neighbours = lambda h: zip(h[:-1], h[1:])
    within = sum(((h - h.mean(0)) ** 2).sum() for h in several)
    total = sum(((h - centre) ** 2).sum() for h in several)
    return {
        "cosine": mean(cosines(pairs(h)) for h in several),
        "cosine_centred": mean(cosines(pairs(h - centre)) for h in several),
        "adjacent_cosine": mean(cosines(neighbours(h)) for h in several),
        "adjacent_cosine_centred": mean(cosines(neighbours(h - centre)) for h in several),
        "within_variance": (float(within / total), len(several)),
        "effective_rank": mean(effective_rank(h) for h in several),
        "rank1_residual": mean(np.linalg.norm(h - h.mean(0)) / np.linalg.norm(h) for h in several),
        "high_frequency_share": mean(upper_share(h) for h in several),
    }


def attention_measures(maps_of_clips):
    by_clip = {name: [] for name in ("entropy", "support", "max", "on_frames", "distance")}
    for maps in maps_of_clips:
        rows = {name: [] for name in by_clip}
        for first, weights in maps:
            n = len(weights)
            for i in range(first, n):
                row = weights[i]
                seen = row[row > 0]
                rows["entropy"].append(-(seen * np.log(seen)).sum() / np.log(n))
                rows["support"].append(len(seen) / n)
                rows["max"].append(row.max())
                rows["on_frames"].append(row[first:].sum())
                if n > first + 1:
                    rows["distance"].append(row[first:] @ np.abs(np.arange(first, n) - i) / row[first:].sum())
        for name, values in rows.items():
            by_clip[name].append(np.mean(values) if values else None)
    return {f"attention_{name}": mean(values) for name, values in by_clip.items()}


def sparse_rows(n):
    weights = rng.dirichlet(np.full(n, 0.5), n)
    weights[weights < 0.05] = 0
    return weights / weights.sum(1, keepdims=True)


def case(lengths, dim, offset, steps, heads=0):
    """Clips that wander from a place of their own; `heads` maps over [CLS], [SEP] and the frames."""
    clips, maps = [], []
    for n in lengths:
        walk = np.cumsum(steps * rng.normal(size=(n, dim)), axis=0)
        h = np.round(offset + rng.normal(size=dim) + walk + 0.3 * rng.normal(size=(n, dim)), 4)
        clips.append(h)
        maps.append([(2, sparse_rows(n + 2)) for _ in range(heads)])
    measures = frame_measures(clips)
    if heads:
        measures.update(attention_measures(maps))
    return {
        "clips": [h.tolist() for h in clips],
        "attention": [[w.tolist() for _, w in each] for each in maps],
        "measures": measures,
    }


fixture = {
    "made_with": f"numpy {np.__version__}",
    "cases": [
        case([10, 9, 10, 1, 3, 10], 16, 0.0, 0.2),
        case([8, 5, 31], 6, 4.0, 0.5),  # more frames than numbers; a common offset
        case([10, 4, 1, 6], 8, 0.5, 0.0, heads=2),
    ],
}
path = pathlib.Path(__file__).with_name("fixture.json")
path.write_text(json.dumps(fixture) + "\n")
print(path.stat().st_size, "bytes")
