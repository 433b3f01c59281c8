"""Texts and music in one space: a tiny MusicBERT trained on the built-in albums finds what it can."""
import csv
import re
import unittest

import h5py
import numpy

from program import ProgramTest

EXPERIMENT = """
name = "tiny"
seed = 1
training_seeds = 2
[dataset.albums]
kind = "orchestrion"
corpus = "albums"
n_artists = 20
n_clips = 80
clip_s = 2
[dataset.events]
kind = "orchestrion"
corpus = "events"
n_artists = 10
n_clips = 20
clip_s = 2
[encoder.frames]
kind = "vggish"
postprocess = "quantised"
train_on = "events"
steps = 2
batch_size = 4
validate_every = 0
[encoder.align]
kind = "musicbert"
objective = "align+0.5*mlm"
frames_from = "frames"
train_on = "albums"
width = 16
heads = 2
layers = 1
steps = 3
batch_size = 8
[encoder.plain]
kind = "mfcc"
[[retrieve]]
dataset = "albums"
encoders = ["align"]
"""


class RetrievalOfTheProgram(ProgramTest):
    def write(self, text):
        (self.dir / "e.toml").write_text(text)
        return "e.toml"

    def test_the_same_bits_with_any_jobs_and_numbers_that_follow_from_the_ranks(self):
        e = self.write(EXPERIMENT)
        plan = self.run_program("run", e, "--dry-run").stdout
        self.assertEqual(len(re.findall("retrieve +align", plan)), 2)
        self.assertRegex(plan, r"(\d+) of \1 steps to do")
        out = self.run_program("run", e, "--out", "one", "--jobs", 1).stdout
        self.assertIn("text to music R@10", out)
        again = self.run_program("run", e, "--out", "again").stderr
        self.assertEqual(len(re.findall(r"align .*stored", again)), 4, again)
        self.assertEqual(again.count("\n"), again.count("stored"), again)  # and nothing was made
        for path in (self.dir / "cache" / "retrieval").iterdir():
            path.unlink()
        for path in (self.dir / "cache" / "weights").iterdir():
            path.unlink()  # trained again, as the texts are not in the store
        self.run_program("run", e, "--out", "two", "--jobs", 2)
        self.assertEqual(self.digest("one"), self.digest("two"))
        self.assertEqual(self.digest("one"), self.digest("again"))

        with h5py.File(self.dir / "one/results.h5") as file:
            row = file["retrievals/000"]
            n = row.attrs["n"]
            self.assertEqual(row.attrs["n_seeds"], 2)
            self.assertEqual(row.attrs["n_items"], 8)  # two artists, two albums each, two clips each
            self.assertEqual(row.attrs["centring"], "training means")
            values = dict(zip(zip(row["measures/direction"].asstr()[:], row["measures/name"].asstr()[:]),
                              row["measures/value"][:]))
            for direction, name in (("text to music", "music_rank"), ("music to text", "text_rank")):
                ranks = row[name][:].reshape(2, n)
                self.assertTrue(((ranks >= 1) & (ranks <= n)).all())
                self.assertAlmostEqual(values[direction, "R@1"], (ranks == 1).mean())
                self.assertAlmostEqual(values[direction, "median rank"], numpy.median(ranks, axis=1).mean())
                self.assertAlmostEqual(values[direction, "mAP@10"], numpy.where(ranks <= 10, 1 / ranks, 0).mean())
                self.assertAlmostEqual(values[direction, "MRR"], (1 / ranks).mean())
        rows = list(csv.DictReader((self.dir / "one/retrieval.csv").read_text().splitlines()))
        self.assertEqual(len(rows), 12)
        self.assertEqual(float(rows[0]["chance"]), 1 / n)
        self.assertIn("## Text and music in one space", (self.dir / "one/report.md").read_text())

    def test_an_encoder_without_texts_loses_its_row_and_the_rest_goes_on(self):
        text = EXPERIMENT.replace('encoders = ["align"]', 'encoders = ["plain", "align"]\nsplit = "valid"')
        done = self.run_program("run", self.write(text), "--out", "out", expect=3)
        self.assertIn('items of the split "valid"', done.stderr)
        text = text.replace('split = "valid"', "centre = false").replace("training_seeds = 2", "training_seeds = 1")
        done = self.run_program("run", self.write(text), "--out", "out", expect=5)
        self.assertIn("it has no text side", done.stdout)
        with h5py.File(self.dir / "out/results.h5") as file:
            self.assertIn("it has no text side", file["retrievals/000"].attrs["failure"])
            self.assertEqual(file["retrievals/001"].attrs["failure"], "")
            self.assertEqual(file["retrievals/001"].attrs["centring"], "none")
        self.assertIn("plain: no score", (self.dir / "out/report.md").read_text())

    def test_mistakes(self):
        for old, new, code, message in (
            ('dataset = "albums"', 'dataset = "album"', 2, "unknown data set 'album'"),
            ('dataset = "albums"', 'dataset = "events"', 3, "it has no texts"),
            ('encoders = ["align"]', 'encoders = ["align"]\nsplit = "tset"', 3, 'texts in the split "tset"'),
            ('encoders = ["align"]', 'encoders = ["align"]\ncenter = true', 2, "center"),
            ('encoders = ["align"]', 'encoders = ["align"]\nn = -1', 2, "-1 is negative"),
            ('objective = "align+0.5*mlm"', 'objective = "alien"', 2, "'align'"),
            ("[[retrieve]]", "[[retreive]]", 2, "retreive"),
        ):
            self.assertIn(old, EXPERIMENT)
            text = EXPERIMENT.replace(old, new)
            done = self.run_program("run", self.write(text), "--out", "out", expect=code)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
