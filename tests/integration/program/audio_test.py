"""Audio from files and from the built-in corpus, through the program."""
import csv
import unittest
import wave

import h5py
import numpy

from program import TWO_FOLDS, ProgramTest


class Audio(ProgramTest):
    def write_wav(self, name, seconds=2.0, rate_hz=22050, tone_hz=440.0):
        t = numpy.arange(int(seconds * rate_hz)) / rate_hz
        samples = (8000 * numpy.sin(2 * numpy.pi * tone_hz * t)).astype("<i2")
        with wave.open(str(self.dir / name), "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(samples.tobytes())

    def test_encode_writes_the_same_three_ways(self):
        for i in range(4):
            self.write_wav(f"clip{i}.wav", tone_hz=220 * (i + 1))
        for name in ("x.h5", "x.npy", "x.csv"):
            done = self.run_program("encode", "mfcc", *(f"clip{i}.wav" for i in range(4)), "--out", name)
            self.assertIn("4 items, 120 dimensions", done.stdout)
        array = numpy.load(self.dir / "x.npy")
        with h5py.File(self.dir / "x.h5") as file:
            numpy.testing.assert_array_equal(file["X"][:], array)
            self.assertEqual(list(file["IDS"].asstr()), [f"clip{i}" for i in range(4)])
        rows = list(csv.reader(open(self.dir / "x.csv")))[1:]
        numpy.testing.assert_array_equal(numpy.array([row[1:] for row in rows], float), array)
        self.assertEqual((self.dir / "x.npy.ids.txt").read_text().split(), [f"clip{i}" for i in range(4)])
        one = self.run_program("encode", "mfcc", "clip2.wav", "--out", "one.csv", "--jobs", 1)
        self.assertIn("1 items", one.stdout)
        self.assertEqual(list(csv.reader(open(self.dir / "one.csv")))[1], rows[2])

    def test_ids_that_need_quoting(self):
        self.write_wav('one, "two".wav')
        self.run_program("encode", "mfcc", 'one, "two".wav', "--out", "x.csv")
        with open(self.dir / "x.csv", newline="") as file:
            self.assertEqual(list(csv.reader(file))[1][0], 'one, "two"')

    def test_bad_files_are_listed_or_skipped(self):
        self.write_wav("good.wav")
        (self.dir / "text.wav").write_text("no audio")
        (self.dir / "empty.flac").write_bytes(b"")
        done = self.run_program("encode", "mfcc", ".", "--out", "out/x.csv", expect=3)
        self.assertIn("text.wav", done.stderr)
        self.assertIn("empty.flac", done.stderr)
        self.assertFalse((self.dir / "out/x.csv").exists())
        done = self.run_program("encode", "mfcc", ".", "--out", "x.csv", "--skip-bad", expect=5)
        self.assertIn("text.wav", done.stderr)
        self.assertEqual([row[0] for row in csv.reader(open(self.dir / "x.csv"))], ["id", "good"])
        self.assertIn("Did you mean 'mfcc'?", self.run_program("encode", "mfc", "good.wav", "--out", "x.csv", expect=2).stderr)
        self.assertIn("does not take audio", self.run_program("encode", "features", "good.wav", "--out", "x.csv", expect=2).stderr)

    def write_corpus(self, **options):
        given = {"corpus": '"genres"', "n_clips": 40, "n_artists": 20, "clip_s": 1.5, **options}
        (self.dir / "e.toml").write_text("""
name = "tiny"
[dataset.genres]
kind = "orchestrion"
""" + "\n".join(f"{key} = {value}" for key, value in given.items()) + """
[task.genre]
dataset = "genres"
targets = ["genre"]
[encoder.mfcc]
kind = "mfcc"
[[evaluate]]
tasks = ["genre"]
encoders = ["mfcc"]
protocols = ["mine.toml"]
""")
        (self.dir / "mine.toml").write_text(TWO_FOLDS.replace("n = 2\n", 'n = 2\ngroups = "where-known"\n'))
        return self.dir / "e.toml"

    def test_built_in_corpus(self):
        e = self.write_corpus()
        self.run_program("run", e, "--out", "one", "--jobs", 1)
        self.run_program("cache", "clean", "--all")
        self.run_program("run", e, "--out", "two", "--jobs", 2)
        self.assertEqual(self.digest("one"), self.digest("two"))
        with h5py.File(self.dir / "one/results.h5") as file:
            self.assertEqual(file["rows/000"].attrs["n"], 40)
        # Another seed of the corpus is another corpus.
        self.run_program("run", self.write_corpus(seed=2), "--out", "three")
        self.assertNotEqual(self.digest("one"), self.digest("three"))

    def test_missing_soundfont(self):
        done = self.run_program("run", self.write_corpus(soundfont='"none.sf2"'), "--out", "x", expect=3)
        self.assertIn("none.sf2", done.stderr)
        self.assertIn("timgm6mb-soundfont", done.stderr)

    def test_data_without_audio_says_so_in_its_cell(self):
        self.make_data()
        e = self.write_experiment()
        e.write_text(e.read_text().replace('kind = "features"', 'kind = "mfcc"').replace('files = ["x.npy"]', ""))
        done = self.run_program("run", e, "--out", "out", expect=5)
        self.assertIn("offers no audio", done.stdout)


if __name__ == "__main__":
    unittest.main()
