"""A tiny experiment on clips made on the spot: MFCC and a file of features, classes and numbers."""
import os
import subprocess
import wave

import numpy

from program import ProgramTest

GATE_RUN = os.environ["MUSICREP_GATE_RUN"]
EXPERIMENT = """
name = "clips"
seed = 1
[dataset.clips]
kind = "table"
csv = "clips.csv"
audio = "audio"
labels = ["kind"]
targets = ["tone"]
group = "artist"
[task.kind]
dataset = "clips"
targets = ["kind"]
[task.tone]
dataset = "clips"
targets = ["tone"]
[encoder.mfcc]
kind = "mfcc"
[encoder.file]
kind = "features"
files = ["x.csv"]
[[evaluate]]
tasks = ["kind", "tone"]
encoders = ["mfcc", "file"]
protocols = ["nested", "hear-10fold"]
"""
N, RATE_HZ = 60, 12000


class ClipsTest(ProgramTest):
    """self.dir has clips.toml; run_clips() runs it, mutant_run() the program with a fault on it."""

    def setUp(self):
        super().setUp()
        self.write_clips(self.dir)

    @staticmethod
    def write_clips(folder):
        random = numpy.random.RandomState(5)
        (folder / "audio").mkdir(parents=True)
        lines, features = ["id,kind,tone,artist"], ["id,a,b,c"]
        t = numpy.arange(RATE_HZ) / RATE_HZ
        for i in range(N):
            kind, tone_hz = i % 3, 200 * 2 ** (2 * random.rand())
            clip = sum(numpy.sin(2 * numpy.pi * tone_hz * h * t) / h ** (0.5 + 0.6 * kind) for h in range(1, 9))
            clip = 0.2 * clip + (0.05 + 0.3 * random.rand()) * random.randn(len(t))
            with wave.open(str(folder / f"audio/c{i}.wav"), "wb") as file:
                file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
                file.writeframes((8000 * clip).clip(-32768, 32767).astype("<i2").tobytes())
            lines.append(f"c{i},k{kind},{numpy.log2(tone_hz):.4f},a{i // 2}")
            # Long tails: a scaler that has seen the test items is another scaler.
            x = numpy.array([kind, numpy.log2(tone_hz), 0]) + random.standard_t(2, 3)
            features.append(f"c{i}," + ",".join(f"{v:.6f}" for v in x))
        (folder / "clips.csv").write_text("\n".join(lines) + "\n")
        (folder / "x.csv").write_text("\n".join(features) + "\n")
        (folder / "clips.toml").write_text(EXPERIMENT)

    def run_clips(self, out, *arguments):
        self.run_program("run", "clips.toml", "--out", out, "-q", *arguments)
        return self.dir / out

    def mutant_run(self, name, cache=None):
        """With a store of its own, so that nothing of the good program is taken for the mutant's."""
        out = self.dir / f"run_{name}"
        subprocess.run([GATE_RUN, name, "clips.toml", out, cache or self.dir / f"cache_{name}"],
                       cwd=self.dir, check=True, timeout=300)
        return out

    def check(self, run, *arguments, expect=0, against="reference"):
        """Returns the headline and the whole text."""
        text = self.run_program("check", run, "--against", against, *arguments, expect=expect).stdout
        return " ".join(text.split("\n\n")[0].split()), text
