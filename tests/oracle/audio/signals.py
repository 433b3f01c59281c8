"""The signals of signals.h, bit for bit."""
import numpy as np


def lcg(n, seed=1):
    state, out = seed, np.empty(n, np.int64)
    for i in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = state
    return out


def noise(n, seed=1):
    return (((lcg(n, seed) >> 8) - (1 << 23)) / (1 << 23)).astype(np.float32)


def truncated(a, b):
    """Division of integers as in C++."""
    return np.sign(a) * (np.abs(a) // b)


def music(n, rate_hz, seed=1):
    at = np.arange(n, dtype=np.int64)
    beat = rate_hz // 2
    decay = beat - at % beat
    total = np.zeros(n, np.int64)
    for hz in (220, 550, 1760):
        phase = at * hz * 4096 // rate_hz % 4096
        total += np.where(phase < 2048, phase - 1024, 3072 - phase) * 6
    hiss = (lcg(n, seed) >> 20) - 2048
    mixed = truncated(total * decay + truncated(hiss * 2 * decay * decay, beat), beat)
    assert np.abs(mixed).max() < 32768
    return mixed.astype(np.int16)
