"""VGGish frames that a data set offers, through the program: tiny record files made on the spot."""
import json
import struct
import unittest

import numpy

from audioset_records import GENRES, record
from program import WITH_TORCH, ProgramTest


class AudioSet(ProgramTest):
    def setUp(self):
        super().setUp()
        random = numpy.random.RandomState(5)
        centres = random.randint(40, 210, (10, 128))
        for set_name, n in (("bal_train", 200), ("eval", 40)):
            folder = self.dir / "audioset_v1_embeddings" / set_name
            folder.mkdir(parents=True)
            for part in range(2):
                out = b""
                for i in range(part, n, 2):
                    frames = centres[i % 10] + random.randint(-40, 41, (1 + i % 3, 128))
                    out += record(f"{set_name}{i}", i % 10, frames.astype(numpy.uint8))
                (folder / f"{part}.tfrecord").write_bytes(out)
        lines = [f'{i},/m/{i},"{name}"' for i, name in enumerate(GENRES)]
        (self.dir / "class_labels_indices.csv").write_text("\n".join(["index,mid,display_name", *lines, ""]))
        (self.dir / "ontology.json").write_text(json.dumps(
            [{"id": f"/m/{i}", "name": name, "child_ids": []} for i, name in enumerate(GENRES)]))
        (self.dir / "e.toml").write_text("""
name = "e"
seed = 1
[dataset.a]
kind = "audioset"
path = "."
[task.t]
dataset = "a"
targets = ["genre10"]
[encoder.frames]
kind = "stored_frames"
[encoder.mfcc]
kind = "mfcc"
[[evaluate]]
tasks = ["t"]
encoders = ["frames", "mfcc"]
protocols = ["audioset-music"]
""")

    def test_a_row_comes_out_and_is_stored_by_the_content_of_the_frames(self):
        # Exit code 5: the row of mfcc cannot be.
        done = self.run_program("run", "e.toml", "--out", "out", expect=5)
        self.assertIn("encode frames on a: 240 items, 128 dimensions", done.stderr)
        self.assertIn("data set 'a' offers no audio, which encoder 'mfcc' takes", done.stdout)
        table = (self.dir / "out" / "table.csv").read_text()
        self.assertIn("frames", table)
        again = self.run_program("run", "e.toml", "--out", "again", "--jobs", 1, expect=5).stderr
        self.assertIn("encode frames on a: stored", again)
        self.assertEqual(self.digest("out"), self.digest("again"))

        file = self.dir / "audioset_v1_embeddings" / "eval" / "0.tfrecord"
        bytes_before = file.read_bytes()
        first = 16 + struct.unpack("<Q", bytes_before[:8])[0]
        other = record("eval0", 0, numpy.full((1, 128), 7, numpy.uint8))
        file.write_bytes(other + bytes_before[first:])
        changed = self.run_program("run", "e.toml", "--out", "changed", expect=5).stderr
        self.assertIn("encode frames on a: 240 items", changed)

    @unittest.skipUnless(WITH_TORCH, "needs a network")
    def test_musicbert_is_trained_on_frames_of_other_clips(self):
        other = self.dir / "other"
        (other / "audioset_v1_embeddings").mkdir(parents=True)
        for name in ("class_labels_indices.csv", "ontology.json"):
            (other / name).write_bytes((self.dir / name).read_bytes())
        for set_name, n in (("bal_train", 30), ("eval", 10)):
            folder = other / "audioset_v1_embeddings" / set_name
            folder.mkdir()
            random = numpy.random.RandomState(n)
            (folder / "0.tfrecord").write_bytes(b"".join(
                record(f"other {set_name} {i}", i % 10, random.randint(0, 256, (1 + i % 4, 128)).astype(numpy.uint8))
                for i in range(n)))
        experiment = (self.dir / "e.toml").read_text().replace("[encoder.mfcc]\nkind = \"mfcc\"\n", """
[dataset.corpus]
kind = "audioset"
path = "other"
[encoder.mlm]
kind = "musicbert"
objective = "mlm"
train_on = "corpus"
width = 16
layers = 1
heads = 2
batch_size = 8
steps = 4
[encoder.mim]
kind = "musicbert"
objective = "mim"
attention = "entmax15"
train_on = "corpus"
width = 16
layers = 1
heads = 2
batch_size = 8
steps = 4
concat_input = true
""").replace('"mfcc"]', '"mlm", "mim"]')
        (self.dir / "e.toml").write_text(experiment)
        out = self.run_program("run", "e.toml", "--out", "out").stderr
        self.assertIn("encode mlm on a: 240 items, 16 dimensions", out)
        self.assertIn("encode mim on a: 240 items, 144 dimensions", out)
        self.run_program("run", "e.toml", "--out", "again", "--jobs", 1)
        self.assertEqual(self.digest("out"), self.digest("again"))
        # Trained on the training split, tested on the other: nothing is said.
        own = experiment.replace('train_on = "corpus"', 'train_on = "a"')
        (self.dir / "e.toml").write_text(own)
        self.run_program("run", "e.toml", "--out", "own")
        self.assertNotIn("were in the training data", (self.dir / "own" / "report.md").read_text())
        # Tested on what it was trained on: refused, unless the experiment says so.
        seen = own.replace('["audioset-music"]', '["hear-10fold"]')
        self.assertNotEqual(seen, own)
        (self.dir / "e.toml").write_text(seen)
        reported = self.run_program("run", "e.toml", "--out", "no", expect=3).stderr
        self.assertIn("200 of the 240 tested items were in the training data 'a' of 'mlm'", reported)
        (self.dir / "e.toml").write_text(seen.replace('["hear-10fold"]', '["hear-10fold"]\nallow_seen = true'))
        self.run_program("run", "e.toml", "--out", "seen")
        self.assertIn("200 of the 240 tested items were in the training data 'a' of 'mlm'",
                      (self.dir / "seen" / "report.md").read_text())

    def test_what_a_training_leaves_out_is_in_its_key(self):
        text = (self.dir / "e.toml").read_text().replace("[encoder.mfcc]\nkind = \"mfcc\"\n", """
[dataset.corpus]
kind = "audioset"
path = "."
labels = "all"
sets = ["bal_train"]
[encoder.rest]
kind = "musicbert"
objective = "audioset"
train_on = "corpus"
leave_out = ["genre"]
width = 16
layers = 1
heads = 2
steps = 4
""").replace('"mfcc"]', '"rest"]').replace('["audioset-music"]', '["audioset-music"]\nallow_seen = true')
        keys = []
        for leave_out in ('["genre"]', "[]"):
            (self.dir / "e.toml").write_text(text.replace('["genre"]', leave_out))
            for n_genres in (4, 5):
                ontology = [{"id": f"/m/{i}", "name": name, "child_ids": []} for i, name in enumerate(GENRES)]
                ontology += [{"id": f"/r/{name}", "name": name, "child_ids": [f"/m/{i}" for i in children]} for name, children in
                             (("Music genre", range(n_genres)), ("Musical instrument", range(n_genres, 7)), ("Music mood", (8, 9)))]
                (self.dir / "ontology.json").write_text(json.dumps(ontology))
                plan = json.loads(self.run_program("plan", "e.toml", "--format", "json").stdout)
                keys.append(next(step["key"] for step in plan["steps"] if step["what"] == "train"))
        # Which tags are genres comes from the ontology, and matters where genres are left out.
        self.assertNotEqual(keys[0], keys[1])
        self.assertEqual(keys[2], keys[3])

    def test_a_quick_look_takes_the_frames_of_its_items(self):
        out = self.run_program("run", "e.toml", "--out", "out", "--limit", "120", "--only", "frames").stderr
        self.assertIn("encode frames on a: 120 items, 128 dimensions", out)

    def test_a_data_set_without_frames_says_so(self):
        self.make_data()
        experiment = self.write_experiment("none.toml").read_text()
        (self.dir / "none.toml").write_text(
            experiment.replace('kind = "features"', 'kind = "stored_frames"').replace('files = ["x.npy"]', ""))
        out = self.run_program("run", "none.toml", "--out", "out", expect=5).stdout
        self.assertIn("offers no VGGish frames, which encoder 'stored_frames' takes", out)

    def test_a_damaged_record_is_named(self):
        file = self.dir / "audioset_v1_embeddings" / "eval" / "1.tfrecord"
        damaged = bytearray(file.read_bytes())
        damaged[60] ^= 1
        file.write_bytes(bytes(damaged))
        done = self.run_program("run", "e.toml", "--out", "out", expect=3)
        self.assertIn("1.tfrecord', record 1 at byte 0: the data is damaged: found the checksum", done.stderr)
        self.assertFalse((self.dir / "out").exists())


if __name__ == "__main__":
    unittest.main()
