"""Small faults, planted and caught: by `musicrep check`, in the layer that they belong to."""
import pathlib
import shutil
import subprocess
import unittest

from clips import GATE_RUN, ClipsTest
from program import SOURCE

LAYERS = ("provenance", "fingerprints", "scores")


class Mutation(ClipsTest):
    def setUp(self):
        super().setUp()
        self.run_clips("first")
        self.run_program("approve", "first", "--as", "reference")

    def caught(self, run, expect, *layers, perhaps=()):
        """The headline; every layer of `layers` has caught something, and no other but those of `perhaps`."""
        headline, text = self.check(run, expect=expect)
        for layer in LAYERS:
            if layer not in perhaps:
                (self.assertIn if layer in layers else self.assertNotIn)(f"caught in {layer}:", headline, text)
        return headline

    def test_what_is_no_fault_is_not_caught(self):
        """The program again from nothing, with other jobs, in another folder, and a mutant without a fault."""
        shutil.rmtree(self.dir / "cache")
        self.check(self.run_clips("again", "--jobs", 1), "--exact")
        shutil.rmtree(self.dir / "cache")
        self.check(self.run_clips("jobs", "--jobs", 3), "--exact")
        self.check(self.run_clips("stored"), "--exact")
        elsewhere = self.dir / "else where"
        self.write_clips(elsewhere)
        self.run_program("run", elsewhere / "clips.toml", "--out", "moved", "-q", "--cache", self.dir / "other_cache")
        self.check("moved", "--exact")
        self.check(self.mutant_run("none"), "--exact")

    def test_mel_filter_edge(self):
        headline = self.caught(self.mutant_run("mel_edge"), 1, "fingerprints", perhaps=["scores"])
        self.assertIn("mfcc moved by", headline)

    def test_window_width(self):
        self.caught(self.mutant_run("window_width"), 1, "fingerprints", perhaps=["scores"])

    def test_stored_vectors_of_other_code(self):
        """Embeddings of the good program under the fault's fingerprint: nothing but the fingerprint shows it."""
        shutil.copytree(self.dir / "cache", self.dir / "cache_warm")
        self.caught(self.mutant_run("mel_edge", self.dir / "cache_warm"), 1, "fingerprints")

    def test_batch_dependent_normalisation(self):
        headline = self.caught(self.mutant_run("batch_normalised"), 1, "fingerprints")
        self.assertIn("depends on the others in a call", headline)

    def test_shuffled_folds(self):
        headline = self.caught(self.mutant_run("shuffled_folds"), 5, "provenance")
        self.assertIn("tested by another fold", headline)

    def test_leaking_scaler(self):
        self.caught(self.mutant_run("leaking_scaler"), 1, "scores")

    def test_kernel_width(self):
        self.caught(self.mutant_run("kernel_width"), 1, "scores")

    def test_swapped_label(self):
        lines = (self.dir / "clips.csv").read_text().splitlines()
        lines[1], lines[2] = lines[1].replace("k0", "k1"), lines[2].replace("k1", "k0")
        (self.dir / "clips.csv").write_text("\n".join(lines) + "\n")
        headline = self.caught(self.run_clips("swapped"), 5, "provenance")
        self.assertIn("data set 'clips': manifest", headline)

    def test_swapped_audio(self):
        a, b = self.dir / "audio/c0.wav", self.dir / "audio/c1.wav"
        one, other = a.read_bytes(), b.read_bytes()
        a.write_bytes(other), b.write_bytes(one)
        self.assertIn("data set 'clips': audio", self.caught(self.run_clips("swapped"), 5, "provenance"))

    def test_changed_seed(self):
        headline = self.caught(self.run_clips("seeded", "--seed", 2), 5, "provenance")
        self.assertIn("master seed: 2, was 1", headline)

    def test_changed_features(self):
        lines = (self.dir / "x.csv").read_text().splitlines()
        lines[1] = "c0,1,2,3"
        (self.dir / "x.csv").write_text("\n".join(lines) + "\n")
        self.assertIn("weights or files", self.caught(self.run_clips("other"), 5, "provenance"))

    def test_changed_protocol(self):
        text = (SOURCE / "harness/protocols/definitions/nested.toml").read_text().replace('"nested"', '"mine"')
        (self.dir / "mine.toml").write_text(text)
        experiment = (self.dir / "clips.toml").read_text()
        (self.dir / "clips.toml").write_text(experiment.replace('"nested"', '"mine.toml"'))
        self.run_program("approve", self.run_clips("mine"), "--as", "reference_of_mine")
        (self.dir / "mine.toml").write_text(text.replace("n = 3", "n = 4", 1))
        headline, _ = self.check(self.run_clips("other"), expect=5, against="reference_of_mine")
        self.assertIn("caught in provenance: 4 of 8 rows not comparable", headline)
        self.assertIn("protocol 'mine': content", headline)
        done = self.run_program("approve", "other", "--as", "reference_of_mine", expect=1)
        self.assertIn("protocol 'mine' has changed, and its version is still 1", done.stderr)

    def test_a_fault_that_is_not_reached_is_an_error(self):
        """Where the code has changed, the fault must not silently vanish: feature files have no mel filters."""
        experiment = (self.dir / "clips.toml").read_text()
        (self.dir / "file.toml").write_text(experiment.replace('"mfcc", "file"', '"file"'))
        done = subprocess.run([GATE_RUN, "mel_edge", "file.toml", self.dir / "x", self.dir / "y"],
                              cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the fault 'mel_edge' was never reached", done.stderr)

    def test_every_fault_is_planted_here(self):
        """A fault that gate_run knows and no test plants would prove nothing."""
        names = subprocess.run([GATE_RUN, "list"], check=True, capture_output=True, text=True).stdout.split()
        text = pathlib.Path(__file__).read_text()
        self.assertEqual([name for name in names if f'mutant_run("{name}"' not in text], [])


if __name__ == "__main__":
    unittest.main()
