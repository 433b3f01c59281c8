"""What the suites share: the program run in a folder of its own, and experiments made on the spot."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import numpy

MUSICREP = os.environ["MUSICREP"]
SOURCE = pathlib.Path(os.environ["MUSICREP_SOURCE"])
WITH_TORCH = os.environ.get("MUSICREP_WITH_TORCH", "ON") == "ON"
SANITIZED = bool(os.environ.get("MUSICREP_SANITIZE"))  # memory is then that of the sanitizer
# A protocol that a dozen short clips are enough for.
TWO_FOLDS = """
name = "mine"
version = 1
summary = "two folds"
source = "this test"
[items]
order = "file"
[outer]
kind = "folds"
n = 2
[inner]
kind = "none"
[features]
standardise = true
pooling = "mean"
[grid]
linear_c = [1]
"""


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_program_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def run_program(self, *arguments, expect=0, env=None):
        environment = {k: v for k, v in os.environ.items() if k != "MUSICREP_DATA"}
        environment.update(env or {}, MUSICREP_CACHE=str(self.dir / "cache"))
        done = subprocess.run([MUSICREP, *map(str, arguments)], cwd=self.dir, env=environment,
                              capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def digest(self, folder):
        out = self.run_program("validate", "results", self.dir / folder / "results.h5").stdout
        return out.strip().rsplit(" ", 1)[1]

    def make_data(self, n=60, n_classes=3, columns=4):
        """items.csv (class, two numbers, artist, split) and x.npy in the same order; returns X, y."""
        random = numpy.random.RandomState(3)
        y = numpy.arange(n) % n_classes
        x = numpy.eye(n_classes)[y] @ random.randn(n_classes, columns) + 0.4 * random.randn(n, columns)
        numbers = x[:, :2] + 0.3 * random.randn(n, 2)
        lines = ["id,label,arousal,valence,artist,split"]
        for i in range(n):
            split = ("train", "train", "valid", "test")[i // n_classes % 4]
            lines.append(f"t{i},c{y[i]},{numbers[i, 0]:.5f},{numbers[i, 1]:.5f},a{i % (4 * n_classes)},{split}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        numpy.save(self.dir / "x.npy", x)
        return x, y

    def write_experiment(self, name="e.toml", protocols=("nested",), files=("x.npy",), targets=("label",),
                         extra="", dataset_extra='group = "artist"\nsplit = "split"', encoder_extra=""):
        (self.dir / name).write_text(f"""
name = "e"
seed = 1
[dataset.d]
kind = "table"
csv = "items.csv"
labels = ["label"]
targets = ["arousal", "valence"]
{dataset_extra}
[task.t]
dataset = "d"
targets = {json.dumps(list(targets))}
[encoder.x]
kind = "features"
files = {json.dumps(list(files))}
{encoder_extra}
[[evaluate]]
tasks = ["t"]
encoders = ["x"]
protocols = {json.dumps(list(protocols))}
{extra}
""")
        return self.dir / name
