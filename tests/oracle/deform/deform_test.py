"""Deformations against NumPy and SciPy: what each does to a signal, and what it refuses."""
import os
import subprocess
import unittest

import numpy as np
from scipy import signal

RATE = 22050


def deform(table, x, rate=RATE, item="a", seed=1, expect=0):
    """`x` [channels, frames] deformed, or with `expect` the message of that exit code."""
    x = np.atleast_2d(np.asarray(x, dtype=np.float32))
    run = subprocess.run([os.environ["DEFORM_TOOL"], table, str(rate), str(len(x)), item, str(seed)],
                         input=x.tobytes(), capture_output=True, check=False)
    if run.returncode == 4:
        raise unittest.SkipTest(run.stderr.decode())
    assert run.returncode == expect, (run.returncode, run.stderr)
    return run.stderr.decode() if expect else np.frombuffer(run.stdout, np.float32).reshape(len(x), -1).astype(float)


def tone(hz, seconds=4, rate=RATE):
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def music(seconds=4, rate=RATE):
    """Two channels of a few decaying partials, so that codecs have something to keep."""
    t = np.arange(int(seconds * rate)) / rate
    left = sum(np.sin(2 * np.pi * 220 * k * t) / k for k in range(1, 8)) * np.exp(-(t % 0.5) * 4)
    right = sum(np.sin(2 * np.pi * 330 * k * t) / k for k in range(1, 6)) * np.exp(-(t % 0.3) * 3)
    return np.stack([left, right]) * 0.2


def pitch_of(x, rate=RATE):
    """Frequency of the highest peak, between bins by a parabola."""
    spectrum = np.log(np.abs(np.fft.rfft(x * np.hanning(len(x)))) + 1e-12)
    k = int(np.argmax(spectrum))
    a, b, c = spectrum[k - 1:k + 2]
    return (k + 0.5 * (a - c) / (a - 2 * b + c)) * rate / len(x)


def slope_db(noise, low, high, rate=RATE):
    """Of the power density between two frequencies, in dB per octave."""
    hz, density = signal.welch(noise, rate, nperseg=8192)
    inside = (hz >= low) & (hz <= high)
    return np.polyfit(np.log2(hz[inside]), 10 * np.log10(density[inside]), 1)[0]


class Deformations(unittest.TestCase):
    def test_gain(self):
        x = music()
        np.testing.assert_allclose(deform('kind = "gain"\ndb = -6.0', x), x.astype(np.float32) * 10 ** (-6 / 20), atol=1e-7)
        np.testing.assert_array_equal(deform('kind = "gain"\ndb = 0', x), x.astype(np.float32))

    def test_noise_has_the_ratio_and_the_spectrum(self):
        x = music(20).astype(np.float32)
        for kind, slope in (("white_noise", 0), ("pink_noise", -3.01)):
            for snr_db in (20, 0, -10):
                noise = deform(f'kind = "{kind}"\nsnr_db = {snr_db}', x) - x
                measured = 10 * np.log10(np.mean(x.astype(float) ** 2) / np.mean(noise ** 2))
                self.assertAlmostEqual(measured, snr_db, delta=0.01, msg=kind)
            for channel in noise:
                self.assertAlmostEqual(slope_db(channel, 60, 8000), slope, delta=0.15, msg=kind)
            self.assertLess(abs(np.corrcoef(noise)[0, 1]), 0.05)  # channels have their own

    def test_random_numbers_follow_from_seed_and_item_alone(self):
        x = music(1)
        for table in ('kind = "white_noise"\nsnr_db = 10', 'kind = "pink_noise"\nsnr_db = 10', 'kind = "reverb"\nt60_s = 0.3'):
            first = deform(table, x)
            np.testing.assert_array_equal(first, deform(table, x))
            self.assertFalse(np.array_equal(first, deform(table, x, item="b")))
            self.assertFalse(np.array_equal(first, deform(table, x, seed=2)))
        quiet, loud = (deform(f'kind = "white_noise"\nsnr_db = {snr_db}', x) - x for snr_db in (20, 0))
        np.testing.assert_allclose(quiet * 10, loud, atol=1e-5)  # one noise at all levels

    def test_clipping(self):
        x = music().astype(np.float32)
        peak = np.abs(x).max()
        np.testing.assert_allclose(deform('kind = "clipping"\nshare = 0.5', x), np.clip(x, -peak / 2, peak / 2), atol=1e-7)
        np.testing.assert_allclose(deform('kind = "clipping"\noverdrive_db = 12', x),
                                   np.clip(x * 10 ** (12 / 20), -peak, peak), atol=1e-6)

    def test_low_pass_is_butterworths(self):
        x = np.random.default_rng(1).normal(size=(2, RATE)) * 0.1
        for cutoff_hz in (200, 4000, 10000):
            sos = signal.butter(8, cutoff_hz, fs=RATE, output="sos")
            np.testing.assert_allclose(deform(f'kind = "low_pass"\ncutoff_hz = {cutoff_hz}', x),
                                       signal.sosfilt(sos, x.astype(np.float32)), atol=1e-6)

    def test_offset(self):
        x = music()
        np.testing.assert_array_equal(deform('kind = "offset"\noffset_s = 1.5', x), x.astype(np.float32)[:, int(1.5 * RATE):])

    def test_reverb_is_a_convolution_with_a_decaying_response(self):
        impulse = np.zeros(2 * RATE)
        impulse[0] = 1
        h = deform('kind = "reverb"\nt60_s = 0.5\ndirect_db = 3', impulse)[0]
        self.assertAlmostEqual(h[0], 1, delta=1e-6)
        tail = h[1:]
        self.assertAlmostEqual(10 * np.log10(np.sum(tail ** 2)), -3, delta=0.01)
        self.assertLess(np.abs(h[int(0.5 * RATE) + 1:]).max(), 1e-6)
        blocks = 10 * np.log10(np.mean(tail[:10000].reshape(20, 500) ** 2, axis=1))
        slope = np.polyfit(np.arange(20) * 500 / RATE, blocks, 1)[0]
        self.assertAlmostEqual(slope, -60 / 0.5, delta=5)
        x = music(2)
        wet = deform('kind = "reverb"\nt60_s = 0.5\ndirect_db = 3', x)
        for c in (0, 1):
            np.testing.assert_allclose(wet[c], signal.fftconvolve(x[c], h)[:x.shape[1]], atol=1e-5)

    def test_codecs_change_samples_and_keep_length_and_time(self):
        for rate in (44100, 22050, 16000):
            x = music(3, rate)
            worse = None
            for table in ('kind = "mp3"\nbit_rate_kbps = 32', 'kind = "mp3"\nbit_rate_kbps = 128',
                          'kind = "ogg"\nquality = 0', 'kind = "ogg"\nquality = 8'):
                y = deform(table, x, rate)
                self.assertEqual(y.shape, x.shape)
                self.assertFalse(np.array_equal(x, y))
                np.testing.assert_array_equal(y, deform(table, x, rate))
                correlation = signal.correlate(y[0], x[0], method="fft")
                self.assertEqual(int(np.argmax(correlation)) - (x.shape[1] - 1), 0, (table, rate))
                error = np.mean((x - y) ** 2) / np.mean(x ** 2)
                self.assertLess(error, 0.2, (table, rate))
                if worse is not None:
                    self.assertLess(error, worse, (table, rate))
                worse = None if worse is not None else error

    def test_pitch_moves_by_its_ratio_and_keeps_the_length(self):
        x = tone(440)
        for semitones in (-3, 2, 12):
            y = deform(f'kind = "pitch"\nsemitones = {semitones}', x)[0]
            self.assertAlmostEqual(len(y) / len(x), 1, delta=0.001)
            self.assertAlmostEqual(pitch_of(y) / (440 * 2 ** (semitones / 12)), 1, delta=0.002)
            self.assertAlmostEqual(np.std(y[2000:-4000]) / np.std(x), 1, delta=0.2)

    def test_tempo_changes_the_length_and_keeps_the_pitch(self):
        x = tone(440)
        for ratio in (0.8, 1.25):
            y = deform(f'kind = "tempo"\nratio = {ratio}', x)[0]
            self.assertAlmostEqual(len(y) * ratio / len(x), 1, delta=0.001)
            self.assertAlmostEqual(pitch_of(y) / 440, 1, delta=0.002)
            np.testing.assert_array_equal(y, deform(f'kind = "tempo"\nratio = {ratio}', x)[0])

    def test_unknown_kinds_and_options_out_of_range(self):
        for table, fragments in (
                ('kind = "white_nose"\nsnr_db = 1', ["white_noise"]),
                ('snr_db = 1', ["kind is missing", "gain"]),
                ('kind = "gain"', ["deformation 'gain'", "db"]),
                ('kind = "gain"\ndb = 101', ["db", "101", "100"]),
                ('kind = "gain"\ndb = "loud"', ["db"]),
                ('kind = "gain"\nbd = 1', ["bd"]),
                ('kind = "mp3"\nbit_rate_kbps = 500', ["bit_rate_kbps", "320"]),
                ('kind = "tempo"\nratio = 0', ["ratio", "0.25"]),
                ('kind = "clipping"', ["one of share and overdrive_db"]),
                ('kind = "clipping"\nshare = 0.5\noverdrive_db = 3', ["one of share and overdrive_db"])):
            message = deform(table, tone(440, 1), expect=2)
            for fragment in fragments:
                self.assertIn(fragment, message, table)

    def test_what_a_signal_does_not_allow(self):
        silence = np.zeros(RATE)
        broken = tone(440, 1)
        broken[7] = np.nan
        late = np.concatenate([silence, tone(440, 0.1)])[:RATE + 500]
        for table, x, fragments in (
                ('kind = "gain"\ndb = 1', silence, ["item 'a'", "gain, +1 dB", "only silence is left"]),
                ('kind = "white_noise"\nsnr_db = 1', silence, ["item 'a'", "silent"]),
                ('kind = "offset"\noffset_s = 2', tone(440, 1), ["found 1 s", "offset of 2 s"]),
                ('kind = "offset"\noffset_s = 1', tone(440, 1), ["found 1 s"]),
                ('kind = "offset"\noffset_s = 1', late[::-1].copy(), ["only silence is left"]),
                ('kind = "low_pass"\ncutoff_hz = 11025', tone(440, 1), ["22050 Hz", "twice the cut-off"]),
                ('kind = "gain"\ndb = 1', broken, ["sample 7", "nan", "finite"]),
                ('kind = "mp3"\nbit_rate_kbps = 320', tone(440, 1), ["320 kbit/s", "8 to 160 at 22050 Hz"])):
            message = deform(table, x, expect=3)
            for fragment in fragments:
                self.assertIn(fragment, message, table)
        self.assertIn("mp3", deform('kind = "mp3"\nbit_rate_kbps = 64', tone(440, 1, 96000), rate=96000, expect=3))
        self.assertIn("channels", deform('kind = "mp3"\nbit_rate_kbps = 64', np.tile(tone(440, 1), (4, 1)), expect=3))


if __name__ == "__main__":
    unittest.main()
