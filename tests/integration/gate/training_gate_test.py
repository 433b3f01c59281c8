"""The gate on an encoder that is trained in the run: seeds, tolerances from their spread."""
import tomllib
import unittest

import h5py

from clips import ClipsTest


class TrainingGate(ClipsTest):
    def test_training_seeds(self):
        (self.dir / "e.toml").write_text("""
name = "tiny"
seed = 1
training_seeds = 2
[dataset.genres]
kind = "orchestrion"
corpus = "genres"
n_clips = 100
n_artists = 50
clip_s = 1.5
[dataset.events]
kind = "orchestrion"
corpus = "events"
n_clips = 60
n_artists = 30
clip_s = 1.5
[task.genre]
dataset = "genres"
targets = ["genre"]
[encoder.mfcc]
kind = "mfcc"
[encoder.tlm]
kind = "tlm"
train_on = "events"
steps = 3
batch_size = 2
[[evaluate]]
tasks = ["genre"]
encoders = ["mfcc", "tlm"]
protocols = ["nested"]
""")
        self.run_program("run", "e.toml", "--out", "one", "--jobs", 2)
        self.run_program("approve", "one", "--as", "reference")
        with h5py.File(self.dir / "one/results.h5") as file:
            prints = [group.attrs for group in file["fingerprints"].values()]
            found = [(p["encoder"], p["dataset"], p["seed"]) for p in prints]
            self.assertEqual(found, [("mfcc", "genres", 0), ("tlm", "genres", 0), ("tlm", "genres", 1)])
            self.assertEqual(len({p["sha256"] for p in prints}), 3)
            self.assertEqual([p["batch_drift"] for p in prints], [0, 0, 0])
        for score in tomllib.loads((self.dir / "reference/tolerances.toml").read_text())["score"]:
            n = 100 if score["encoder"] == "mfcc" else 200
            self.assertAlmostEqual(score["same_vectors"], 1 / n, places=5)
            self.assertGreaterEqual(score["other_vectors"], 3 / n - 1e-6)
        # Stored, and trained again with another number of jobs: the same bits.
        self.run_program("run", "e.toml", "--out", "stored", "-q")
        self.check("stored", "--exact")
        self.run_program("run", "e.toml", "--out", "again", "-q", "--jobs", 1, "--overwrite-strategy", "always")
        self.check("again", "--exact")
        # Another training is said by what is declared.
        text = (self.dir / "e.toml").read_text()
        (self.dir / "e.toml").write_text(text.replace("steps = 3", "steps = 4"))
        self.run_program("run", "e.toml", "--out", "longer", "-q")
        headline, text = self.check("longer", expect=5)
        self.assertIn("caught in provenance: 1 of 2 rows not comparable: tlm", headline)
        self.assertIn("options.steps: 4, was 3", text)
        self.assertIn("same           mfcc", text)


if __name__ == "__main__":
    unittest.main()
