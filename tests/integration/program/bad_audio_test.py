"""Good and bad files of audio in a run: refused with a list, or skipped and counted; odd but good ones taken."""
import struct
import unittest

import h5py
import numpy

from program import SANITIZED, TWO_FOLDS, ProgramTest

GENRES = ("blues", "rock")


def wav_bytes(samples, rate_hz=22050, kind="i2", data_bytes=None):
    """`samples` [frames, channels] in [-1, 1] as wav; kind u1, i2, i3, i4, f4 or f8."""
    samples = numpy.atleast_2d(numpy.asarray(samples, float).T).T
    width = int(kind[1])
    if kind[0] == "f":
        data = samples.astype("<" + kind).tobytes()
    elif kind == "u1":
        data = numpy.clip(numpy.round(samples * 127 + 128), 0, 255).astype("u1").tobytes()
    else:
        top = 2.0 ** (8 * width - 1)
        whole = numpy.clip(numpy.round(samples * top), -top, top - 1).astype("<i8")
        data = whole.reshape(-1, 1).view("u1").reshape(-1, 8)[:, :width].tobytes()
    frame = width * samples.shape[1]
    size = len(data) if data_bytes is None else data_bytes
    fmt = struct.pack("<HHIIHH", 3 if kind[0] == "f" else 1, samples.shape[1], rate_hz, rate_hz * frame, frame, 8 * width)
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + fmt + \
        b"data" + struct.pack("<I", size) + data


def au_bytes(samples, rate_hz=22050):
    data = numpy.round(numpy.asarray(samples) * 32768).astype(">i2").tobytes()
    return b".snd" + struct.pack(">IIIII", 24, len(data), 3, rate_hz, 1) + data


def tone(hz, seconds=0.5, rate_hz=22050, level=0.25):
    t = numpy.arange(int(seconds * rate_hz)) / rate_hz
    # Multiples of 2^-7: every format holds them exactly.
    return numpy.round(level * numpy.sin(2 * numpy.pi * hz * t) * 128) / 128


class BadAudio(ProgramTest):
    def setUp(self):
        super().setUp()
        for g, genre in enumerate(GENRES):
            for i in range(10):
                self.put(genre, i, wav_bytes(tone(200 + 20 * i + 300 * g)))
        (self.dir / "e.toml").write_text("""
name = "e"
[dataset.clips]
kind = "gtzan"
audio = "."
genres = ["blues", "rock"]
[task.genre]
dataset = "clips"
targets = ["genre"]
[encoder.mfcc]
kind = "mfcc"
[encoder.again]
kind = "mfcc"
[[evaluate]]
tasks = ["genre"]
encoders = ["mfcc", "again"]
protocols = ["mine.toml"]
""")
        (self.dir / "mine.toml").write_text(TWO_FOLDS)

    def put(self, genre, i, content, extension="wav"):
        folder = self.dir / "genres" / genre
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{genre}.{i:05}.*"):
            old.unlink()
        path = folder / f"{genre}.{i:05}.{extension}"
        path.write_bytes(content)
        return path

    def run_e(self, out, *arguments, expect=0):
        return self.run_program("run", "e.toml", "--out", out, *arguments, expect=expect)

    def results(self, out):
        return h5py.File(self.dir / out / "results.h5")

    def put_bad(self):
        nan = tone(300)
        nan[-1] = numpy.nan
        bad = {0: b"", 1: b"no audio at all", 2: wav_bytes(tone(300))[:-100], 3: wav_bytes(nan, kind="f4"),
               4: wav_bytes(tone(300), data_bytes=3_000_000), 5: wav_bytes([]), 6: wav_bytes(tone(300) * 1e4, kind="f8")}
        for i, content in bad.items():
            self.put("rock", i, content)
        return {f"rock.{i:05}" for i in bad}

    def test_everything_bad_is_listed_before_any_work(self):
        bad = self.put_bad()
        done = self.run_e("out", expect=3)
        for item in bad:
            self.assertIn(item, done.stderr)
        self.assertNotIn("blues.00000", done.stderr)
        self.assertNotIn("encode mfcc", done.stderr)
        self.assertFalse((self.dir / "out/results.h5").exists())
        self.assertFalse((self.dir / "cache/embeddings").exists())

    def test_bad_items_are_skipped_counted_and_named(self):
        bad = self.put_bad()
        done = self.run_e("out", "--skip-bad", expect=5)
        with self.results("out") as file:
            for row in ("000", "001"):
                self.assertEqual(file[f"rows/{row}"].attrs["n"], 13)
                self.assertIn("7 of 20 items were skipped", file[f"rows/{row}/notes"].asstr()[0])
            self.assertEqual(set(file["datasets/000/skipped/id"].asstr()), bad)
            reasons = dict(zip(file["datasets/000/skipped/id"].asstr(), file["datasets/000/skipped/reason"].asstr()))
        self.assertIn("empty", reasons["rock.00000"])
        self.assertIn("sample nan", reasons["rock.00003"])
        report = (self.dir / "out/report.md").read_text()
        for item in bad:
            self.assertIn(item, done.stderr)
            self.assertIn(item, report)
        self.assertNotIn(str(self.dir), report)  # paths differ from machine to machine
        self.assertIn("stored", self.run_e("again", "--skip-bad", expect=5).stderr)
        self.assertEqual(self.digest("out"), self.digest("again"))
        self.run_e("out", expect=3)  # never served what skipped some

    def test_what_one_encoder_cannot_encode_is_left_out_of_all_rows(self):
        # One sample at 44,100 Hz can be decoded, and is less than one at the encoder's rate.
        self.put("rock", 1, wav_bytes([0.5], rate_hz=44100))
        self.put("rock", 2, wav_bytes([0.5], rate_hz=44100))
        done = self.run_e("out", expect=3)
        self.assertIn("rock.00001", done.stderr)
        self.assertIn("rock.00002", done.stderr)
        self.run_e("one", "--skip-bad", expect=5)
        with self.results("one") as file:
            for row in ("000", "001"):
                self.assertEqual(file[f"rows/{row}"].attrs["n"], 18)
                self.assertNotIn("rock.00001", list(file[f"rows/{row}/item_ids"].asstr()))
            self.assertEqual(file["datasets/000"].attrs["n_items"], 18)
            self.assertIn("encoder 'mfcc'", file["datasets/000/skipped/reason"].asstr()[0])
        again = self.run_e("two", "--skip-bad", expect=5)
        self.assertIn("encode mfcc on clips: stored", again.stderr)
        self.assertEqual(self.digest("one"), self.digest("two"))
        self.run_e("one", expect=3)
        self.put("rock", 1, wav_bytes(tone(520)))
        self.put("rock", 2, wav_bytes(tone(540)))
        self.run_e("three")

    def test_with_nothing_bad_skipping_changes_nothing(self):
        self.run_e("one")
        done = self.run_e("two", "--skip-bad")
        self.assertIn("encode mfcc on clips: stored", done.stderr)
        self.run_program("cache", "clean", "--all")
        self.run_e("three", "--skip-bad")
        self.assertEqual(len({self.digest("one"), self.digest("two"), self.digest("three")}), 1)

    def test_only_bad_items_are_refused_all_the_same(self):
        for genre in GENRES:
            for i in range(10):
                self.put(genre, i, b"no audio")
        self.assertIn("rock.00009", self.run_e("out", "--skip-bad", expect=3).stderr)

    def test_the_hash_of_the_audio_does_not_know_formats(self):
        self.run_e("wav")
        self.put("blues", 3, au_bytes(tone(260)), "au")
        self.put("blues", 4, wav_bytes(tone(280), kind="f4"))
        self.run_e("mixed")
        self.put("blues", 4, wav_bytes(tone(281), kind="f4"))
        self.run_e("other")
        hashes = []
        for out in ("wav", "mixed", "other"):
            with self.results(out) as file:
                hashes.append(file["datasets/000"].attrs["audio_pcm_sha256"])
        self.assertEqual(hashes[0], hashes[1])
        self.assertNotEqual(hashes[0], hashes[2])
        self.assertEqual(len(hashes[0]), 64)
        self.assertIn(hashes[0][:12], (self.dir / "wav/report.md").read_text())

    def test_any_rate_width_and_number_of_channels(self):
        rates = (8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000)
        kinds = ("u1", "i2", "i3", "i4", "f4", "f8")
        for i, rate in enumerate(rates):
            mono = tone(400, rate_hz=rate)
            channels = numpy.repeat(mono[:, None], 1 + i % 8, axis=1)
            self.put("rock", i, wav_bytes(channels, rate, kinds[i % len(kinds)]))
        self.run_e("out")
        files = sorted((self.dir / "genres/rock").iterdir())
        self.run_program("encode", "mfcc", *files, "--out", "x.npy")
        vectors = numpy.load(self.dir / "x.npy")
        self.assertEqual(vectors.shape, (10, 120))
        self.assertTrue(numpy.isfinite(vectors).all())
        # The same tone: its mean MFCCs differ little, whatever it is stored as.
        self.assertLess(numpy.abs(vectors[2:, 1:20] - vectors[3, 1:20]).mean(), 8)

    def test_silence_and_clipped_clips_are_taken_and_silence_is_told(self):
        self.put("rock", 0, wav_bytes(numpy.zeros(11025)))
        self.put("rock", 1, wav_bytes(numpy.clip(8 * tone(300), -1, 1)))
        self.put("rock", 3, (self.dir / "genres/rock/rock.00002.wav").read_bytes())
        self.run_e("out")
        with self.results("out") as file:
            notes = list(file["datasets/000/notes"].asstr())
            self.assertEqual(file["rows/000"].attrs["n"], 20)
        self.assertIn("1 of 20 items are silence: rock.00000", notes)
        self.assertIn("the same audio to the sample under several ids: rock.00002 = rock.00003", notes)

    def test_ten_hours_take_little_memory(self):
        path = self.put("rock", 0, wav_bytes([0.0], rate_hz=8000, kind="u1", data_bytes=288_000_000))
        with open(path, "r+b") as file:
            file.truncate(44 + 288_000_000)  # a hole: no space on the disk
        self.run_e("out")
        with self.results("out") as file:
            if not SANITIZED:
                self.assertLess(float(file["volatile"].attrs["peak_memory_mib"]), 300)
            self.assertEqual(file["rows/000"].attrs["n"], 20)
        self.run_program("encode", "mfcc", path, "--out", "x.npy")

    def test_pictures_are_kept_with_the_results(self):
        self.run_e("out")
        with self.results("out") as file:
            pictures = file["datasets/000/pictures"]
            self.assertEqual([pictures[k].attrs["label"] for k in sorted(pictures)], list(GENRES))
            picture = pictures["000"]
            shape = (picture.attrs["n_bands"], picture.attrs["n_columns"])
            values = picture["values"][:].reshape(shape)
            self.assertEqual((values.dtype, values.max()), (numpy.uint8, 255))
            # blues.00000 is a tone of 200 Hz: bands are even in mel, which is linear below 1 kHz.
            mel = lambda hz: hz * 3 / 200 if hz < 1000 else 15 + numpy.log(hz / 1000) / (numpy.log(6.4) / 27)
            low, high = mel(picture.attrs["low_hz"]), mel(picture.attrs["high_hz"])
            expected = (mel(200) - low) / (high - low) * (shape[0] - 1)
            self.assertLess(abs(values.mean(axis=1).argmax() - expected), 1)
        svg = (self.dir / "out/mel-clips.svg").read_bytes()
        self.assertIn(b"frequency (Hz)", svg)
        self.assertIn("(mel-clips.svg)", (self.dir / "out/report.md").read_text())
        self.run_program("report", "out", "--out", "copy/report.md")
        self.assertEqual((self.dir / "copy/mel-clips.svg").read_bytes(), svg)
        # Without gnuplot the run is the same, and the report says nothing of figures.
        (self.dir / "bin").mkdir()
        done = self.run_program("run", "e.toml", "--out", "plain", env={"PATH": str(self.dir / "bin")})
        self.assertIn("gnuplot-nox", done.stderr)
        self.assertNotIn("mel-clips", (self.dir / "plain/report.md").read_text())
        self.assertEqual(self.digest("out"), self.digest("plain"))

    def test_duplicates(self):
        random = numpy.random.RandomState(1)
        noise = numpy.clip(numpy.convolve(random.randn(8 * 22050), numpy.ones(8) / 8), -1, 1) * 0.5
        self.put("blues", 0, wav_bytes(noise))
        self.put("rock", 0, au_bytes(noise), "au")
        self.put("rock", 1, wav_bytes(0.5 * noise[22050:], kind="i3"))
        (self.dir / "genres/rock/rock.00009.wav").write_bytes(b"")
        done = self.run_program("duplicates", "e.toml", "--out", "pairs.csv")
        self.assertIn("clips: 19 clips", done.stdout)
        self.assertRegex(done.stdout, r"exact +blues.00000 and rock.00000")
        self.assertRegex(done.stdout, r"near +blues.00000 and rock.00001: 6.\d s in common, the second begins \+1.0\d s")
        self.assertEqual((self.dir / "pairs.csv").read_text().splitlines()[0],
                         "dataset,kind,a,b,offset_s,overlap_s,bit_error_rate")
        done = self.run_program("duplicates", "genres", expect=5)
        self.assertIn("rock.00009", done.stderr)
        self.run_program("duplicates", "nothing-of-this-name", expect=2)


if __name__ == "__main__":
    unittest.main()
