"""References as a faulty program would have written them: `musicrep check` catches each edit, in its layer."""
import os
import pathlib
import subprocess
import tempfile
import unittest

MUSICREP = os.environ["MUSICREP"]
EDIT = os.environ["MUSICREP_EDIT_RESULTS"]
REFERENCES = pathlib.Path(os.environ["MUSICREP_SOURCE"]) / "results/reference"

# edit: reference, exit code, layer that catches it
CAUGHT = [
    ("half_intervals", "choi2017", 1, "consistency"),
    ("other_tests", "choi2017", 1, "consistency"),
    ("other_letters", "table1", 1, "consistency"),
    ("other_verdicts", "table1", 1, "consistency"),
    ("scores_without_predictions", "table1", 1, "consistency"),
    ("other_fold_scores", "table1", 1, "consistency"),
    ("published_as_ours", "table1", 1, "consistency"),
    ("all_at_chance", "smoke", 1, "fingerprints"),
    ("chance_elsewhere", "table1", 1, "scores"),
    ("trained_lose_together", "table1", 1, "scores"),
    ("all_lose_3_points", "gtzan-mfcc", 1, "scores"),
    ("all_lose_3_points", "choi2017", 1, "scores"),
    ("vectors_moved", "gtzan-mfcc", 1, "scores"),
    ("vectors_moved", "choi2017", 1, "scores"),
    ("one_prediction", "choi2017", 1, "scores"),
    ("two_predictions_elsewhere", "choi2017", 1, "scores"),
    ("other_inner_scores", "choi2017", 1, "scores"),
    ("other_measures", "table1", 1, "statements"),
    ("other_measures", "smoke", 1, "statements"),
]


class Edits(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def edited(self, edit, reference):
        out = self.dir / f"{edit}-{reference}.h5"
        subprocess.run([EDIT, edit, REFERENCES / reference / "results.h5", out], check=True)
        return out

    def check(self, run, reference, *arguments):
        done = subprocess.run([MUSICREP, "check", run, "--against", REFERENCES / reference, *arguments],
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_every_edit_is_caught_in_its_layer(self):
        for edit, reference, expected, layer in CAUGHT:
            with self.subTest(edit=edit, reference=reference):
                code, text = self.check(self.edited(edit, reference), reference)
                self.assertEqual(code, expected, text)
                self.assertIn(f"caught in {layer}:", " ".join(text.split()), text)

    def test_retrieval_that_loses_elsewhere_is_never_called_the_same(self):
        code, text = self.check(self.edited("retrieval_loses", "albums-retrieval"), "albums-retrieval")
        self.assertIn(code, (1, 5), text)

    def test_every_reference_is_the_same_as_itself_in_a_second(self):
        for folder in sorted(REFERENCES.iterdir()):
            if not (folder / "results.h5").exists():
                continue
            with self.subTest(reference=folder.name):
                for arguments in ((), ("--exact",)):
                    code, text = self.check(folder, folder.name, *arguments)
                    self.assertEqual(code, 0, text)

    def test_results_whose_statistics_are_derived_again_are_the_same(self):
        for reference in ("choi2017", "table1"):
            code, text = self.check(self.edited("none", reference), reference, "--exact")
            self.assertEqual(code, 0, text)

    def test_exact_finds_every_edit(self):
        names = subprocess.run([EDIT, "list"], check=True, capture_output=True, text=True).stdout.split()
        for edit in names:
            if edit in ("none", "half_sweeps", "retrieval_loses"):  # table1 has no sweep
                continue
            with self.subTest(edit=edit):
                code, text = self.check(self.edited(edit, "table1"), "table1", "--exact")
                self.assertEqual(code, 1, text)


if __name__ == "__main__":
    unittest.main()
