"""Deformed audio through the program: predictions, drops by hand, the report, what is refused."""
import json
import shutil
import subprocess
import unittest

import h5py
import numpy

from program import MUSICREP, TWO_FOLDS, ProgramTest

EXPERIMENT = """
name = "e"
seed = 1
[dataset.genres]
kind = "orchestrion"
corpus = "genres"
n_clips = 40
n_artists = 20
clip_s = 3.0
[task.genre]
dataset = "genres"
targets = ["genre"]
[encoder.mfcc]
kind = "mfcc"
[[evaluate]]
tasks = ["genre"]
encoders = ["mfcc"]
protocols = ["mine.toml"]
[[deform]]
tasks = ["genre"]
encoders = ["mfcc"]
protocols = ["mine.toml"]
deformations = [
  { kind = "gain", db = 0 },
  { kind = "white_noise", snr_db = 0 },
  { kind = "low_pass", cutoff_hz = 1000 },
]
"""


def entries(path):
    """Results::deformed of a file, by deformation."""
    with h5py.File(path) as file:
        out = {}
        for entry in file["deformed"].values():
            out[entry.attrs["deformation"]] = dict(entry.attrs) | {
                "predicted": entry["targets/000/predicted"][()] if "targets/000" in entry else None}
        row = file["rows/000"]
        return out, dict(row.attrs) | {"truth": row["targets/000/truth"][()], "predicted": row["targets/000/predicted"][()]}


class Deform(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.dir / "mine.toml").write_text(TWO_FOLDS)
        (self.dir / "e.toml").write_text(EXPERIMENT)

    def test_drops_follow_from_predictions(self):
        first = self.run_program("run", "e.toml", "--out", "a", "--jobs", 2)
        self.assertIn("genre under mine, white noise, 0 dB SNR: mfcc", first.stderr)
        deformed, row = entries(self.dir / "a/results.h5")
        self.assertEqual(set(deformed), {"gain, +0 dB", "white noise, 0 dB SNR", "low-pass, 1000 Hz"})
        same = deformed["gain, +0 dB"]
        numpy.testing.assert_array_equal(same["predicted"], row["predicted"])
        self.assertEqual((same["drop"], same["distance"], same["p"]), (0, 0, 1))
        self.assertEqual((same["score"], same["ci_low"], same["ci_high"]), (row["score"], row["ci_low"], row["ci_high"]))
        for name, each in deformed.items():
            accuracy = numpy.mean(each["predicted"] == row["truth"])
            self.assertAlmostEqual(each["score"], accuracy, places=12)
            self.assertAlmostEqual(each["drop"], numpy.mean(row["predicted"] == row["truth"]) - accuracy, places=12)
            self.assertTrue(each["drop_low"] <= each["drop"] <= each["drop_high"], name)
            self.assertEqual(each["n_refit"], 0)
            self.assertGreaterEqual(each["p_adjusted"], each["p"])
        noise = deformed["white noise, 0 dB SNR"]
        self.assertGreater(noise["distance"], 0.05)
        self.assertLess(noise["cosine"], 0.9999)
        self.assertEqual(json.loads(noise["spec"]), {"kind": "white_noise", "version": 1, "options": {"snr_db": 0.0}})
        # The row is what it is without deformations, and the same bits come from one thread.
        (self.dir / "plain.toml").write_text(EXPERIMENT.split("[[deform]]")[0])
        self.run_program("run", "plain.toml", "--out", "plain", "--cache", "other")
        with h5py.File(self.dir / "plain/results.h5") as file:
            self.assertNotIn("deformed", file)
            numpy.testing.assert_array_equal(file["rows/000/targets/000/predicted"][()], row["predicted"])
            self.assertEqual(file["rows/000"].attrs["step_key"], row["step_key"])
        self.run_program("run", "e.toml", "--out", "b", "--jobs", 1, "--cache", "third")
        self.assertEqual(self.digest("a"), self.digest("b"))
        again = self.run_program("run", "e.toml", "--out", "c")
        self.assertIn("(stored)", again.stderr)
        self.assertEqual(self.digest("a"), self.digest("c"))

    def test_reports_and_checks(self):
        self.run_program("run", "e.toml", "--out", "a")
        report = (self.dir / "a/report.md").read_text()
        self.assertIn("| Encoder | Deformation | score | drop | p, adjusted | distance | cosine |", report)
        self.assertIn("## Robustness", report)
        self.assertIn("Robustness", (self.dir / "a/report.html").read_text())
        lines = (self.dir / "a/robustness.csv").read_text().splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue((self.dir / "a/deformations-genre-mine.svg").exists() or not shutil.which("gnuplot"))
        self.run_program("check", "a", "--against", "a")
        self.run_program("restate", "a", "--out", "restated")

    def test_mistakes(self):
        for change, fragments in [
                (('"white_noise"', '"white_nose"'), ["deformations", "white_noise"]),
                (("snr_db = 0", "snr_db = 500"), ["deformation 'white_noise'", "snr_db", "500"]),
                (("cutoff_hz = 1000", "cutoff = 1000"), ["deformation 'low_pass'", "cutoff_hz"]),
                (('kind = "low_pass", cutoff_hz = 1000', 'kind = "gain", db = 0'), ["gain, +0 dB", "listed twice"]),
                (('[[deform]]\ntasks = ["genre"]', '[[deform]]\ntasks = ["mood"]'), ["[[deform]]", "no [[evaluate]]", "'mood'"])]:
            (self.dir / "e.toml").write_text(EXPERIMENT.replace(*change))
            message = self.run_program("run", "e.toml", expect=2).stderr
            for fragment in fragments:
                self.assertIn(fragment, message, json.dumps(change))
        more = EXPERIMENT.replace("n_clips = 40", "n_clips = 100").replace("n_artists = 20", "n_artists = 50")
        (self.dir / "e.toml").write_text(more.replace("mine.toml", "choi2017"))
        self.assertIn("holds nothing out", self.run_program("run", "e.toml", expect=2).stderr)

    def test_an_item_that_a_deformation_leaves_nothing_of_is_named(self):
        (self.dir / "e.toml").write_text(EXPERIMENT.replace('kind = "low_pass", cutoff_hz = 1000', 'kind = "offset", offset_s = 4'))
        done = subprocess.run([MUSICREP, "run", "e.toml", "--out", "a", "--cache", "cache"], cwd=self.dir,
                              capture_output=True, text=True, timeout=600, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("offset of 4 s", done.stderr)
        self.assertIn("item '", done.stderr)


if __name__ == "__main__":
    unittest.main()
