"""The resampler of resampy 0.2 (resample_f in interpn.py), loop by loop, with kaiser_best's constants.
Debian's resampy 0.4 ships another kaiser_best, so it cannot serve here."""
import numpy as np
import scipy.signal

ZEROS, PRECISION, ROLLOFF, BETA = 64, 9, 0.9475937167399596, 14.769656459379492


def sinc_window():
    bits = 2**PRECISION
    n = bits * ZEROS
    sinc = ROLLOFF * np.sinc(ROLLOFF * np.linspace(0, ZEROS, num=n + 1, endpoint=True))
    return scipy.signal.windows.kaiser(2 * n + 1, BETA)[n:] * sinc, bits


def resample(x, rate_from, rate_to, first=0, last=None):
    """Output samples first <= t < last of x, float64."""
    ratio = float(rate_to) / rate_from
    n_out = int(len(x) * ratio)
    window, num_table = sinc_window()
    if ratio < 1:
        window = window * ratio
    delta = np.zeros_like(window)
    delta[:-1] = np.diff(window)
    scale = min(1.0, ratio)
    increment = 1.0 / ratio
    step = int(scale * num_table)
    n_orig = len(x)
    x = np.asarray(x, np.float64)
    last = n_out if last is None else last
    out = np.zeros(last - first)
    time = 0.0
    for t in range(last):
        if t >= first:
            n = int(time)
            frac = scale * (time - n)
            index = frac * num_table
            offset = int(index)
            eta = index - offset
            i = np.arange(min(n + 1, (len(window) - offset) // step))
            weights = window[offset + i * step] + eta * delta[offset + i * step]
            out[t - first] += np.dot(weights, x[n - i])
            frac = scale - frac
            index = frac * num_table
            offset = int(index)
            eta = index - offset
            k = np.arange(min(n_orig - n - 1, (len(window) - offset) // step))
            weights = window[offset + k * step] + eta * delta[offset + k * step]
            out[t - first] += np.dot(weights, x[n + k + 1])
        time += increment
    return out, n_out
