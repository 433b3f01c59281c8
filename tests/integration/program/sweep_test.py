"""Sweeps through the program: points in the results, the report's table and figure, mistakes."""
import json
import unittest

import h5py
import numpy

from program import SOURCE, ProgramTest

SWEEP = """
[[sweep]]
task = "t"
encoders = ["x"]
protocol = "nested"
labels = [1, 4]
draws = 3
scaling = ["none", "l2"]
"""


class Sweep(ProgramTest):
    def test_points_are_stored_shown_and_taken_again(self):
        self.make_data()
        self.write_experiment(extra=SWEEP)
        first = self.run_program("run", "e.toml", "--out", "a", "--jobs", 2)
        self.assertIn("sweep t under nested: x: 9 points", first.stderr)
        again = self.run_program("run", "e.toml", "--out", "b", "--jobs", 1)
        self.assertIn("sweep t under nested: x: 9 points (stored)", again.stderr)
        self.assertEqual(self.digest("a"), self.digest("b"))
        with h5py.File(self.dir / "a/results.h5") as file:
            points = {name: column[()] for name, column in file["sweeps"].items()}
        self.assertEqual(list(points["labels"]), [1, 4, 0] * 3)
        self.assertEqual([v.decode() for v in points["value"][::3]], ["mean, standardise", "none", "l2"])
        self.assertTrue(numpy.all(points["low"] <= points["score"]) and numpy.all(points["score"] <= points["high"]))
        self.assertEqual(list(points["n_scores"]), [3, 3, 1] * 3)
        report = (self.dir / "a/report.md").read_text()
        self.assertIn("| Encoder | Differs in | Reading | dim | 1 | 4 | all |", report)
        # Another seed draws other subsets.
        self.run_program("run", "e.toml", "--out", "c", "--seed", 2, "--cache", "other")
        with h5py.File(self.dir / "c/results.h5") as file:
            self.assertFalse(numpy.array_equal(file["sweeps/score"][()], points["score"]))

    def test_a_protocol_that_is_a_file_goes_by_the_name_in_it(self):
        self.make_data()
        text = (SOURCE / "harness/protocols/definitions/nested.toml").read_text()
        for file in ("own.toml", "twin.toml"):
            (self.dir / file).write_text(text.replace('name = "nested"', 'name = "own"', 1))
        published = """
[[published]]
encoder = "x"
task = "t"
protocol = "own.toml"
value = 0.5
source = "nobody"
"""
        self.write_experiment(protocols=("own.toml",), extra=SWEEP.replace('"nested"', '"own.toml"') + published)
        self.assertIn("sweep t under own: x: 9 points", self.run_program("run", "e.toml", "--out", "a").stderr)
        with h5py.File(self.dir / "a/results.h5") as file:
            self.assertEqual(file["rows/000"].attrs["published"], 0.5)
        self.write_experiment(protocols=("own.toml", "twin.toml"))
        self.assertIn("'twin.toml': a second protocol that is called 'own'", self.run_program("run", "e.toml", expect=2).stderr)

    def test_mistakes(self):
        self.make_data()
        for change, fragments in [
            (("labels = [1, 4]", "labels = [4, 1]"), ["labels", "ascending"]),
            (("labels = [1, 4]", "labels = [0.5]"), ["labels", "whole numbers"]),
            (("draws = 3", "draws = 0"), ["draws", "0 is not in 1 to 1000"]),
            (("\"l2\"", "\"l1\""), ["scaling", "'l1'"]),
            (("draws", "drws"), ["drws"]),
            (("[\"x\"]", "[\"y\"]"), ["[[sweep]]", "encoder 'y'"]),
            (("\"nested\"", "\"hear-10fold\""), ["[[sweep]]", "'hear-10fold'"]),
        ]:
            self.write_experiment(extra=SWEEP.replace(*change))
            message = self.run_program("run", "e.toml", expect=2).stderr
            for fragment in fragments:
                self.assertIn(fragment, message, json.dumps(change))
        self.write_experiment(protocols=("choi2017",), extra=SWEEP.replace("nested", "choi2017"))
        self.assertIn("holds nothing out", self.run_program("run", "e.toml", expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
