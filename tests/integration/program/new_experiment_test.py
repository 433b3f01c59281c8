"""An experiment from a table of labels, a built-in corpus as files, and two experiments of one name."""
import csv
import unittest

import h5py
import numpy

from program import ProgramTest

SMALL = ("--set", "n_clips=80", "--set", "n_artists=40", "--set", "clip_s=1", "-q")


class NewExperiment(ProgramTest):
    def rows(self, name):
        with h5py.File(self.dir / "results/runs" / name / "results.h5") as file:
            return {(row.attrs["encoder"], row.attrs["task"]): dict(row.attrs) for row in file["rows"].values()}

    def new(self, *arguments, expect=0):
        return self.run_program("new", "experiment", *arguments, expect=expect)

    def test_a_corpus_becomes_files_and_files_become_an_experiment(self):
        done = self.run_program("export", "genres", "corpus", *SMALL)
        self.assertIn("corpus: 80 items, audio and labels.csv", done.stdout)
        with open(self.dir / "corpus/labels.csv") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 80)
        self.assertEqual(len({row["artist"] for row in rows}), 40)
        self.assertEqual({row["file"] for row in rows}, {path.name for path in (self.dir / "corpus/audio").iterdir()})
        self.new("mine", "--csv", "corpus/labels.csv", "--audio", "corpus/audio")
        text = (self.dir / "mine.toml").read_text()
        for line in ('name = "mine"', 'csv = "corpus/labels.csv"', 'file = "file"', 'audio = "corpus/audio"',
                     'group = "artist"', '"genre"'):
            self.assertIn(line, text)
        self.assertIn("OK", self.run_program("validate", "experiment", "mine.toml").stdout)
        self.run_program("run", "mine.toml", "--only", "genre")
        row = self.rows("mine")["mfcc", "genre"]
        self.assertEqual((row["failure"], row["n"]), ("", 80))

    def test_moods_are_numbers(self):
        self.run_program("export", "moods", "corpus", *SMALL)
        self.new("--csv", "corpus/labels.csv", "--audio", "corpus/audio", "--out", "corpus/e.toml")
        text = (self.dir / "corpus/e.toml").read_text()
        self.assertIn('csv = "labels.csv"', text)
        self.assertIn("[task.numbers]", text)
        self.assertIn("OK", self.run_program("validate", "experiment", "corpus/e.toml").stdout)

    def test_features_of_pandas_need_no_option(self):
        x, _ = self.make_data()
        lines = [",a,b,c,d"] + [f"t{i}," + ",".join(map(str, row)) for i, row in enumerate(x)]
        (self.dir / "x.csv").write_text("\n".join(lines) + "\n")
        self.new("--csv", "items.csv", "--features", "x.csv")
        text = (self.dir / "items.toml").read_text()
        for line in ('labels = ["label"]', 'targets = ["arousal", "valence"]', 'group = "artist"', 'split = "split"'):
            self.assertIn(line, text)
        self.run_program("run", "items.toml")
        self.assertEqual({key: row["failure"] for key, row in self.rows("items").items()},
                         {("features", "label"): "", ("features", "numbers"): ""})

    def test_columns_are_told_by_their_values(self):
        random = numpy.random.RandomState(0)
        lines = ["Path,My Label,rating,year,comment,Band"]
        for i in range(30):
            lines.append(f"x/song {i}.MP3,{'a b' if i % 2 else 'c'},{i % 5},{random.rand():.4f},\"{'word ' * i}\",b{i // 3}")
        (self.dir / "t.csv").write_text("\n".join(lines) + "\n")
        (self.dir / "clips").mkdir()
        self.new("--csv", "t.csv", "--audio", "clips")
        text = (self.dir / "t.toml").read_text()
        for line in ('id = "Path"', 'id_from = "stem"', 'file = "Path"', 'labels = ["My Label", "rating"]',
                     'targets = ["year"]', 'group = "Band"', "# not used: comment", "[task.my_label]", "[task.year]"):
            self.assertIn(line, text)

    def test_what_cannot_be_is_refused(self):
        (self.dir / "same.csv").write_text("id,label\na,x\na,x\n")
        (self.dir / "nothing.csv").write_text("id,comment\na,one\nb,two\nc,three\n")
        (self.dir / "no_audio.csv").write_text("id,label\na,x\nb,x\nc,y\nd,y\n")
        (self.dir / "empty.csv").write_text("id,label\n")
        for arguments, code, reason in (
                (("--csv", "gone.csv"), 3, "gone.csv"), ((), 2, "takes --csv"),
                (("--csv", "same.csv", "--audio", "."), 3, "found no column whose 2 values all differ"),
                (("--csv", "nothing.csv", "--audio", "."), 3, "found no column to predict"),
                (("--csv", "no_audio.csv"), 3, "expected --audio with their folder or --features"),
                (("--csv", "empty.csv", "--audio", "."), 3, "empty.csv"),
                (("--csv", "no_audio.csv", "--audio", "gone"), 3, "'gone' is not a folder"),
                (("--csv", "no_audio.csv", "--features", "gone.npy"), 3, "gone.npy"),
                (("a", "b", "--csv", "no_audio.csv"), 2, "needs a kind and a name"),
                (("--csv", "no_audio.csv", "--in", "."), 2, "has no option --in")):
            self.assertIn(reason, self.new(*arguments, expect=code).stderr, arguments)
        self.assertEqual(list(self.dir.glob("*.toml")), [])
        (self.dir / "no_audio.toml").write_text("mine")
        self.new("--csv", "no_audio.csv", "--audio", ".", expect=3)
        self.assertEqual((self.dir / "no_audio.toml").read_text(), "mine")
        self.assertIn("Did you mean 'genres'?", self.run_program("export", "genre", "x", expect=2).stderr)
        (self.dir / "x").mkdir()
        self.assertIn("exists already", self.run_program("export", "genres", "x", *SMALL, expect=3).stderr)
        self.run_program("export", "genres", expect=2)

    def test_two_experiments_of_one_name_do_not_overwrite_each_other(self):
        self.make_data()
        self.write_experiment("one.toml")
        self.write_experiment("two.toml", targets=("arousal",))
        self.run_program("run", "one.toml")
        first = (self.dir / "results/runs/e/results.h5").read_bytes()
        done = self.run_program("run", "two.toml", expect=2)
        self.assertIn("holds a run of another experiment of this name", done.stderr)
        self.assertIn("one.toml", done.stderr)
        self.assertEqual((self.dir / "results/runs/e/results.h5").read_bytes(), first)
        self.run_program("run", "two.toml", "--out", "two")
        # An edit is no other experiment, nor is a file that was moved.
        self.write_experiment("one.toml", targets=("valence",))
        self.run_program("run", "one.toml")
        (self.dir / "one.toml").rename(self.dir / "three.toml")
        self.run_program("run", "three.toml")


if __name__ == "__main__":
    unittest.main()
