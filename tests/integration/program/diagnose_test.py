"""Diagnoses through the program, on tiny record files made on the spot."""
import csv
import io
import json
import unittest

import numpy

import audioset_test
from program import ProgramTest

EXPERIMENT = """
name = "e"
seed = 1
training_seeds = 2
[dataset.a]
kind = "audioset"
path = "."
[dataset.corpus]
kind = "audioset"
path = "other"
[task.t]
dataset = "a"
targets = ["genre10"]
[encoder.frames]
kind = "stored_frames"
[encoder.raw]
kind = "stored_frames"
scale = "bytes"
[encoder.mlm]
kind = "musicbert"
objective = "mlm"
train_on = "corpus"
width = 16
layers = 1
heads = 2
batch_size = 8
steps = 4
[[evaluate]]
tasks = ["t"]
encoders = ["frames"]
protocols = ["audioset-music"]
[[diagnose]]
datasets = ["a"]
encoders = ["frames", "raw", "mlm"]
n_clips = 50
"""

# Every k-th of 200 clips and of 40 behind them, those of one frame.
N_SHORT = sum(1 for k in range(50) if (i if (i := k * 240 // 50) < 200 else i - 200) % 3 == 0)


class Diagnose(ProgramTest):
    def setUp(self):
        super().setUp()
        for name, n_train, n_eval in ((".", 200, 40), ("other", 30, 10)):
            self.write_audioset(self.dir / name, name, n_train, n_eval)
        (self.dir / "e.toml").write_text(EXPERIMENT)

    def write_audioset(self, folder, name, n_train, n_eval):
        """Clip i has 1 + i % 3 frames around the centre of its class, i % 10."""
        random = numpy.random.RandomState(5)
        centres = random.randint(40, 210, (10, 128))
        for set_name, n in (("bal_train", n_train), ("eval", n_eval)):
            records = folder / "audioset_v1_embeddings" / set_name
            records.mkdir(parents=True)
            (records / "0.tfrecord").write_bytes(b"".join(
                audioset_test.record(f"{name} {set_name} {i}", i % 10, (
                    centres[i % 10] + random.randint(-40, 41, (1 + i % 3, 128))).astype(numpy.uint8))
                for i in range(n)))
        genres = audioset_test.GENRES
        (folder / "class_labels_indices.csv").write_text(
            "\n".join(["index,mid,display_name", *(f'{i},/m/{i},"{g}"' for i, g in enumerate(genres)), ""]))
        (folder / "ontology.json").write_text(
            json.dumps([{"id": f"/m/{i}", "name": g, "child_ids": []} for i, g in enumerate(genres)]))

    def lines(self, path):
        return list(csv.DictReader(io.StringIO((self.dir / path).read_text())))

    def test_the_measures_stand_in_the_report_the_same_for_any_number_of_jobs(self):
        self.run_program("run", "e.toml", "--out", "out", "--jobs", 2)
        lines = self.lines("out/diagnosis.csv")
        value = {(x["encoder"], x["layer"], x["measure"]): x for x in lines}
        self.assertEqual(value["frames", "input", "cosine"]["n_clips"], str(50 - N_SHORT))
        self.assertEqual(value["frames", "input", "random_cosine"]["n_clips"], "50")
        self.assertGreater(float(value["raw", "input", "random_cosine"]["value"]), 0.8)
        self.assertLess(float(value["frames", "input", "random_cosine"]["value"]), 0.5)
        attention = value["mlm", "layer 1 attention", "attention_support"]
        self.assertEqual(attention["n_seeds"], "2")
        self.assertEqual(float(attention["value"]), 1)
        cosine = value["mlm", "layer 1", "cosine_centred"]
        self.assertLess(float(cosine["low"]), float(cosine["high"]))
        report = (self.dir / "out" / "report.md").read_text()
        self.assertIn("## Variability and blur", report)
        self.assertIn("](variability-a.svg)", report)
        self.assertIn("layer 1 attention", (self.dir / "out" / "results.h5").read_bytes().decode("latin1"))
        self.assertTrue((self.dir / "out" / "variability-a.svg").exists())

        again = self.run_program("run", "e.toml", "--out", "again", "--jobs", 1)
        self.assertIn("diagnose mlm (seed 1) on a: stored", again.stderr)
        self.assertNotIn("train", again.stderr)
        rerun = self.run_program("run", "e.toml", "--out", "rerun", "--jobs", 1, "--overwrite-strategy", "always")
        self.assertIn("diagnose mlm (seed 1) on a: 50 clips, 3 layers", rerun.stderr)
        self.assertEqual(self.digest("out"), self.digest("again"))
        self.assertEqual(self.digest("out"), self.digest("rerun"))

    def test_the_command_runs_what_diagnoses_need_and_nothing_else(self):
        done = self.run_program("diagnose", "e.toml", "--out", "x.csv")
        self.assertIn("train mlm", done.stderr)
        self.assertNotIn("encode", done.stderr)
        self.assertNotIn("audioset-music", done.stderr)
        self.assertIn(f"a: 50 clips; {N_SHORT} of them without a second frame", done.stdout)
        self.assertIn("(1) cosine: ", done.stdout)
        self.assertEqual({x["encoder"] for x in self.lines("x.csv")}, {"frames", "raw", "mlm"})
        self.assertFalse((self.dir / "results").exists())
        # A run takes the same steps.
        run = self.run_program("run", "e.toml", "--out", "out")
        self.assertIn("diagnose mlm (seed 1) on a: stored", run.stderr)
        self.assertNotIn("train mlm", run.stderr)
        self.assertEqual((self.dir / "x.csv").read_text(), (self.dir / "out" / "diagnosis.csv").read_text())

    def test_one_encoder_or_data_set_alone_and_fewer_clips(self):
        done = self.run_program("diagnose", "e.toml", "--only", "raw", "--limit", 20)
        self.assertIn("diagnose raw on a: 20 clips, 1 layers", done.stderr)
        self.assertNotIn("mlm", done.stderr + done.stdout)
        dry = self.run_program("run", "e.toml", "--only", "raw", "--limit", 20, "--dry-run").stdout
        self.assertRegex(dry, r"diagnose +raw +on a: 20 clips: stored")

    def test_what_cannot_be_diagnosed_is_told_ahead(self):
        def message(old, new, code=2):
            (self.dir / "bad.toml").write_text(EXPERIMENT.replace(old, new))
            return self.run_program("diagnose", "bad.toml", expect=code).stderr

        self.assertIn("Did you mean 'mlm'", message('"raw", "mlm"]', '"raw", "mlmm"]'))
        self.assertIn("Did you mean 'n_clips'", message("n_clips = 50", "nclips = 50"))
        self.assertIn("found 0, expected 1 or more", message("n_clips = 50", "n_clips = 0"))
        self.assertIn("encoder 'raw' on data set 'a' is listed twice", message('"raw", "mlm"]', '"raw", "raw"]'))
        self.assertIn("expected a [[diagnose]] table", message(EXPERIMENT[EXPERIMENT.index("[[diagnose]]"):], ""))
        other = EXPERIMENT.replace('kind = "stored_frames"\nscale = "bytes"', 'kind = "mfcc"')
        (self.dir / "bad.toml").write_text(other)
        self.assertIn("encoder 'raw' (mfcc) does not give the states of its frames",
                      self.run_program("diagnose", "bad.toml", expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
