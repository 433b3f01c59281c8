"""TLM through the program: weights of a published layout, batches in the order of files, training."""
import unittest
import wave

import numpy

from program import SOURCE, ProgramTest

FIXTURES = SOURCE / "tests/oracle/tlm"


class Tlm(ProgramTest):
    def write_noise(self, name, seed):
        samples = (3000 * numpy.random.RandomState(seed).randn(24000)).clip(-32768, 32767).astype("<i2")
        with wave.open(str(self.dir / name), "wb") as file:
            file.setparams((1, 2, 12000, 0, "NONE", ""))
            file.writeframes(samples.tobytes())

    def encode(self, weights, files, *arguments):
        self.run_program("encode", "tlm", *files, "--set", f"weights={weights}", "--out", "x.npy", *arguments)
        return numpy.load(self.dir / "x.npy")

    def test_batches_are_in_the_order_of_files(self):
        files = [f"clip{i}.wav" for i in range(3)]
        for i, file in enumerate(files):
            self.write_noise(file, i)
        keras2 = self.encode(FIXTURES / "keras2.hdf5", files)
        self.assertEqual(keras2.shape, (3, 160))
        numpy.testing.assert_array_equal(self.encode(FIXTURES / "keras2.hdf5", files[1:]), keras2[1:])
        theano = FIXTURES / "theano.hdf5"
        batch = self.encode(theano, files, "--jobs", 1)
        numpy.testing.assert_array_equal(self.encode(theano, files, "--jobs", 3), batch)
        two = self.encode(theano, files, "--set", "statistics_batch=2", "--jobs", 2)
        numpy.testing.assert_array_equal(self.encode(theano, files[:2]), two[:2])
        numpy.testing.assert_array_equal(self.encode(theano, files[2:]), two[2:])
        self.assertFalse(numpy.array_equal(two[:2], batch[:2]))
        (self.dir / "text.wav").write_text("no audio")
        done = self.run_program("encode", "tlm", *files, "text.wav", "--set", f"weights={theano}", "--out", "y.npy",
                                "--skip-bad", expect=3)
        self.assertIn("text.wav", done.stderr)

    def test_training_on_a_corpus_of_the_experiment(self):
        (self.dir / "e.toml").write_text("""
name = "tiny"
seed = 1
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
[encoder.tlm]
kind = "tlm"
train_on = "events"
steps = 3
batch_size = 2
[[evaluate]]
tasks = ["genre"]
encoders = ["tlm"]
protocols = ["nested"]
""")
        self.run_program("run", "e.toml", "--out", "a")
        report = (self.dir / "a/report.md").read_text()
        self.assertIn("weights trained here: 3 steps", report)
        self.assertRegex(report, r"trained on these \d+ tags: Guitar, ")
        self.run_program("run", "e.toml", "--out", "b", "--jobs", 1, "--overwrite-strategy", "always")
        self.assertEqual(self.digest("a"), self.digest("b"))


if __name__ == "__main__":
    unittest.main()
