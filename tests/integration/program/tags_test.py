"""Tagging tasks through the program: rows, report, gate, and tags that cannot be scored."""
import json
import unittest

import h5py
import numpy

from program import ProgramTest

N = 120
HEAD = """
name = "e"
seed = 1
[dataset.d]
kind = "table"
csv = "items.csv"
tags = "tags"
group = "artist"
split = "split"
[encoder.good]
kind = "features"
files = ["good.npy"]
[encoder.poor]
kind = "features"
files = ["poor.npy"]
"""


class Tags(ProgramTest):
    def setUp(self):
        super().setUp()
        random = numpy.random.RandomState(4)
        names = ["rock", "guitar", "slow", "rare"]
        share = numpy.array([0.5, 0.3, 0.2, 0.02])
        self.has = random.rand(N, 4) < share
        self.has[:, 3] = numpy.arange(N) < 3
        lines = ["id,tags,artist,split"]
        for i in range(N):
            tags = "|".join(name for name, has in zip(names, self.has[i]) if has)
            lines.append(f"t{i},{tags},a{i // 3},{'test' if i % 3 == 0 else 'train'}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        signal = self.has @ random.randn(4, 6)
        numpy.save(self.dir / "good.npy", signal + 0.5 * random.randn(N, 6))
        numpy.save(self.dir / "poor.npy", signal + 4 * random.randn(N, 6))

    def write(self, task="tags = true\nmin_positives = 5", protocols=("tagging-nested",), extra=""):
        (self.dir / "e.toml").write_text(f"""{HEAD}
[task.t]
dataset = "d"
{task}
[[evaluate]]
tasks = ["t"]
encoders = ["good", "poor"]
protocols = {json.dumps(list(protocols))}
{extra}
""")

    def test_rows_report_and_gate(self):
        protocols = ("tagging-nested", "tagging-nested-logistic", "tagging-split")
        self.write(protocols=protocols)
        self.run_program("run", "e.toml", "--out", "a", "--jobs", 2)
        with h5py.File(self.dir / "a/results.h5") as file:
            rows = {(row.attrs["encoder"], row.attrs["protocol"]): row for row in file["rows"].values()}
            for protocol in protocols:
                good, poor = rows["good", protocol], rows["poor", protocol]
                self.assertEqual(good.attrs["metric"], "roc_auc")
                self.assertGreater(good.attrs["score"], poor.attrs["score"])
                self.assertEqual([t.attrs["name"] for t in good["targets"].values()], ["guitar", "rock", "slow"])
                self.assertIn("1 of 4 tags is left out: 'rare' (", " ".join(note.decode() for note in good["notes"][()]))
            # The mean over tags and folds of the share of pairs in the right order.
            row = rows["good", "tagging-nested"]
            folds = row["item_fold"][()]
            scores = []
            for target in row["targets"].values():
                truth, ranks = target["truth"][()], target["predicted"][()]
                of_folds = []
                for fold in range(5):
                    of = folds == fold
                    pairs = ranks[of & (truth == 1)][:, None] - ranks[of & (truth == 0)]
                    of_folds.append(numpy.mean((pairs > 0) + 0.5 * (pairs == 0)))
                scores.append(numpy.average(of_folds, weights=[numpy.sum(folds == f) for f in range(5)]))
            self.assertAlmostEqual(row.attrs["score"], numpy.mean(scores), places=12)
            artists = {}
            for name, fold in zip(row["item_ids"][()], folds):
                artists.setdefault(int(name[1:]) // 3, set()).add(fold)
            self.assertTrue(all(len(of) == 1 for of in artists.values()))
        report = (self.dir / "a/report.md").read_text()
        self.assertIn("mean roc_auc of 3 tags (95 % interval)", report)
        self.assertIn("## Tags", report)
        self.assertIn("mean average precision (95 % interval)", report)
        self.assertIn("### t, folds of tagging-nested", report)
        self.assertNotIn("## Confusion", report)
        self.run_program("run", "e.toml", "--out", "b", "--jobs", 1, "--cache", "other")
        self.assertEqual(self.digest("a"), self.digest("b"))
        self.run_program("check", "b", "--against", "a")

    def test_average_precision_selects_and_scores(self):
        self.write(task='tags = true\ntargets = ["rock", "slow"]\nmin_positives = 5\nmetric = "average_precision"')
        self.run_program("run", "e.toml", "--out", "a")
        with h5py.File(self.dir / "a/results.h5") as file:
            row = file["rows/000"]
            self.assertEqual(row.attrs["metric"], "average_precision")
            self.assertAlmostEqual(row.attrs["baseline"], numpy.mean(self.has[:, [0, 2]]), places=12)

    def test_mistakes_are_named(self):
        for task, message in (
            ('tags = true\ntargets = ["rock", "rock"]', "the target 'rock' is listed more than once"),
            ('tags = true\ntargets = ["rok"]', "Did you mean 'rock'?"),
            ("tags = true\nmin_positives = 0", "found 0, expected 1 or more"),
            ("tags = true\nmin_positives = 70", "4 of 4 tags are left out"),
            ('targets = ["rock", "slow"]', "or tags with tags = true"),
            ('targets = ["rock"]\nmin_positives = 2', "in a task with tags = true"),
            ('tags = true\nmetric = "r2"', "roc_auc"),
        ):
            self.write(task=task)
            self.assertIn(message, self.run_program("run", "e.toml", "--out", "x", expect=2).stderr)
        sweep = '[[sweep]]\ntask = "t"\nencoders = ["good"]\nprotocol = "tagging-nested"'
        self.write(extra=sweep)
        self.assertIn("'t' is a tagging task", self.run_program("run", "e.toml", "--out", "x", expect=2).stderr)

    def test_a_tag_of_one_artist_is_left_out_with_its_fold(self):
        lines = (self.dir / "items.csv").read_text().splitlines()
        for i in range(9):  # the items of three artists: some fold lacks them
            name, tags, rest = lines[i + 1].split(",", 2)
            lines[i + 1] = f"{name},{tags}|twice|twice,{rest}"
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        self.write(task="tags = true\nmin_positives = 2")
        self.run_program("run", "e.toml", "--out", "a")
        with h5py.File(self.dir / "a/results.h5") as file:
            notes = " ".join(note.decode() for note in file["rows/000/notes"][()])
        self.assertRegex(notes, r"'twice' \(fold \d(, inner fold \d)?: no (tested|training) item has it\)")
        self.assertIn("9 labels are listed twice for one item", (self.dir / "a/report.md").read_text())

    def test_logistic_regression_is_not_for_numbers(self):
        self.make_data()
        self.write_experiment(protocols=("nested-logistic",), targets=("arousal",))
        self.assertIn("fits classes and tags alone",
                      self.run_program("run", "e.toml", "--out", "x", expect=2).stderr)
        self.write_experiment(protocols=("nested", "nested-ridge", "nested-mlp"), targets=("arousal",))
        self.run_program("run", "e.toml", "--out", "a")
        self.assertIn("ridge, penalty =", (self.dir / "a/report.md").read_text())


if __name__ == "__main__":
    unittest.main()
