"""Captions of music through the program: retrieval, zero-shot rows, an index and a search in words, on a small data set
whose captions name what their clips are."""
import csv
import json
import unittest

import h5py
import numpy

from audioset_records import GENRES, record
from program import ProgramTest

WORDS = ["blues", "classical", "country", "disco", "rap", "jazz", "metal", "pop", "reggae", "rock"]


class Captions(ProgramTest):
    def setUp(self):
        super().setUp()
        random = numpy.random.RandomState(7)
        centres = random.randint(40, 210, (10, 128))
        self.rows = []
        for set_name, n in (("bal_train", 300), ("eval", 60)):
            folder = self.dir / "audioset_v1_embeddings" / set_name
            folder.mkdir(parents=True)
            out = b""
            for i in range(n):
                frames = centres[i % 10] + random.randint(-30, 31, (3, 128))
                clip = f"{set_name}{i}"
                out += record(clip, i % 10, frames.astype(numpy.uint8))
                if i % 3 != 2:  # the others have no caption
                    pace = "slow" if random.rand() < 0.5 else "fast"
                    self.rows.append([clip, f"['{pace}', '{WORDS[i % 10]}']", f"A {pace} {WORDS[i % 10]} song number {i}.",
                                      i % 2 == 0, set_name == "eval"])
            (folder / "a.tfrecord").write_bytes(out)
        lines = [f'{i},/m/{i},"{name}"' for i, name in enumerate(GENRES)]
        (self.dir / "class_labels_indices.csv").write_text("\n".join(["index,mid,display_name", *lines, ""]))
        nodes = [{"id": f"/m/{i}", "name": name, "child_ids": []} for i, name in enumerate(GENRES)]
        nodes.append({"id": "/m/music", "name": "Music", "child_ids": [f"/m/{i}" for i in range(10)]})
        for i, name in enumerate(("Music mood", "Music genre", "Musical instrument")):
            nodes.append({"id": f"/m/none{i}", "name": name, "child_ids": []})
        (self.dir / "ontology.json").write_text(json.dumps(nodes))
        self.write_captions(self.rows)
        (self.dir / "e.toml").write_text("""
name = "e"
seed = 1
[dataset.captions]
kind = "musiccaps"
path = "."
audioset = "."
[dataset.genres]
kind = "audioset"
path = "."
[task.genre]
dataset = "genres"
targets = ["genre10"]
[encoder.frames]
kind = "stored_frames"
[encoder.cca]
kind = "cca"
train_on = "captions"
[[retrieve]]
dataset = "captions"
encoders = ["cca"]
centre = false
[[zero_shot]]
tasks = ["genre"]
encoders = ["cca"]
templates = ["A {} song."]
names = { hiphop = "rap" }
[[evaluate]]
tasks = ["genre"]
encoders = ["frames"]
protocols = ["audioset-music"]
""")

    def write_captions(self, rows):
        with open(self.dir / "musiccaps-public.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["ytid", "aspect_list", "caption", "is_balanced_subset", "is_audioset_eval"])
            writer.writerows(rows)

    def test_clips_are_found_by_words_alone(self):
        self.run_program("run", "e.toml", "--out", "out")
        table = list(csv.DictReader((self.dir / "out/table.csv").read_text().splitlines()))
        zero_shot = next(row for row in table if row["protocol"] == "zero-shot")
        self.assertGreater(float(zero_shot["score"]), 0.9)
        report = (self.dir / "out/report.md").read_text()
        self.assertIn("no probe: classes are texts", report)
        self.assertIn("text to music", report)
        self.run_program("run", "e.toml", "--out", "few", "--limit", 60)
        with h5py.File(self.dir / "few/results.h5") as file:
            row = next(row for row in file["rows"].values() if row.attrs["protocol"] == "zero-shot")
            self.assertIn(b"a quick look at 60 items, no result", row["notes"][()])
        again = self.run_program("run", "e.toml", "--out", "again", "--jobs", 1).stderr
        self.assertRegex(again, r"genre zero-shot: cca: accuracy .*\(stored\)")
        self.assertEqual(self.digest("out"), self.digest("again"))
        self.run_program("check", "again", "--against", "out", "--exact")

    def test_an_index_is_searched_without_the_experiment(self):
        done = self.run_program("index", "e.toml", "--encoder", "cca", "--dataset", "captions", "--out", "music")
        self.assertIn("music: 240 items", done.stdout)
        for name in ("e.toml", "musiccaps-public.csv"):
            (self.dir / name).unlink()
        found = self.run_program("search", "music", "a fast jazz song", "--top", 5).stdout
        self.assertEqual(found.count("https://www.youtube.com/watch?v="), 5)
        self.assertEqual(found.count("jazz song"), 5)
        # Words that nobody used are reported with the nearest; a query of them alone has no answer.
        some = self.run_program("search", "music", "a jaz reggae song", "--top", 1)
        self.assertIn("unknown words: jaz (did you mean jazz?)", some.stderr)
        self.assertIn("reggae", some.stdout)
        none = self.run_program("search", "music", "xyzzy", expect=3)
        self.assertIn("none of the text's 1 words is known: xyzzy", none.stderr)
        (self.dir / "music/weights.h5").write_bytes(b"other")
        self.assertIn("weights.h5': its SHA-256 is", self.run_program("search", "music", "jazz", expect=3).stderr)
        self.assertIn("is not an index", self.run_program("search", "nowhere", "jazz", expect=3).stderr)

    def test_mistakes_are_refused_before_work(self):
        wrong = self.run_program("index", "e.toml", "--encoder", "frames", "--dataset", "genres", expect=2).stderr
        self.assertIn("encoder 'frames' cannot encode texts", wrong)
        wrong = self.run_program("index", "e.toml", "--encoder", "cca", expect=2).stderr
        self.assertIn("found 2 encodings for --encoder cca", wrong)
        text = (self.dir / "e.toml").read_text()
        (self.dir / "bad.toml").write_text(text.replace('"A {} song."', '"A song."').replace("hiphop", "hip"))
        wrong = self.run_program("run", "bad.toml", expect=2).stderr
        self.assertIn("template 'A song.' has no {}", wrong)
        self.assertIn("task 'genre' has no class 'hip'", wrong)
        # What is tested must not be trained on.
        (self.dir / "seen.toml").write_text(text.replace('templates =', 'split = "train"\ntemplates ='))
        self.assertIn("were in the training data 'captions' of 'cca'", self.run_program("run", "seen.toml", expect=3).stderr)
        self.write_captions([[*row[:4], False] for row in self.rows])
        self.assertIn("is_audioset_eval is False but the frames of 'eval0' are in eval",
                      self.run_program("run", "e.toml", expect=3).stderr)


if __name__ == "__main__":
    unittest.main()
