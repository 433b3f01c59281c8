"""musicrep validate data: all that is wrong over all data sets at once, or what they hold."""
import gzip
import unittest
import wave

import numpy

from program import ProgramTest


class ValidateData(ProgramTest):
    def write_wav(self, name, samples=None, rate_hz=8000):
        if samples is None:
            samples = 8000 * numpy.sin(numpy.arange(2 * rate_hz) * (0.1 + 0.01 * len(name)))
        path = self.dir / name
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(numpy.asarray(samples).astype("<i2").tobytes())

    def write_songs(self):
        self.write_wav("clips/a.wav")
        self.write_wav("clips/bb.wav")
        self.write_wav("clips/ccc.wav")
        (self.dir / "songs.csv").write_text(
            "id,path,genre,artist,split,words\n"
            "a,clips/a.wav,rock,X,train,one two\nb,clips/bb.wav,rock,Y,test,\n"
            "c,clips/ccc.wav,pop,Z,train,three\nd,clips/d.wav,pop,Z,test,\n".replace("d.wav", "dddd.wav"))
        self.write_wav("clips/dddd.wav")

    songs = ["--set", "csv=songs.csv", "--option", "labels=genre", "--set", "file=path",
             "--option", "group=artist", "--option", "split=split", "--option", "text=words"]

    def test_what_a_good_data_set_holds(self):
        self.write_songs()
        done = self.run_program("validate", "data", "table", *self.songs)
        for line in ["items    4", "genre: 2 classes: pop 2, rock 2", "groups   3, the largest of 2 items",
                     "splits   train 2, test 2", "texts    of 2 items, 1 to 2 words",
                     "4 files, decoded whole: 0.00 h, 2.0 to 2.0 s each; 8000 Hz, mono"]:
            self.assertIn(line, done.stdout)
        self.assertIn("split leak: 1 of 3 groups", done.stdout)
        self.assertIn("table (table): 1 warning", done.stdout)
        self.run_program("validate", "data", "table", *self.songs, "--strict", expect=3)
        self.assertEqual(self.run_program("validate", "data", "table", *self.songs, "--quiet").stderr, "")

    def test_bad_audio(self):
        self.write_songs()
        whole = (self.dir / "clips/a.wav").read_bytes()
        (self.dir / "clips/a.wav").write_bytes(whole[:5000])
        (self.dir / "clips/bb.wav").write_text("no audio")
        self.write_wav("clips/ccc.wav", numpy.zeros(8000))
        done = self.run_program("validate", "data", "table", *self.songs, expect=3)
        self.assertIn("3 errors", done.stdout)
        for fragment in ["item 'a'", "item 'b'", "item 'c'", "there is no signal"]:
            self.assertIn(fragment, done.stdout)
        (self.dir / "clips/dddd.wav").unlink()
        (self.dir / "clips/bb.wav").unlink()
        done = self.run_program("validate", "data", "table", *self.songs, expect=3)
        self.assertIn("bb.wav", done.stdout)
        self.assertIn("dddd.wav", done.stdout)

    def test_all_data_sets_of_an_experiment(self):
        self.write_songs()
        (self.dir / "clips/a.wav").write_bytes(b"")
        (self.dir / "bad.csv").write_text("id,genre\nx,rock\nx,pop\n")
        (self.dir / "e.toml").write_text("""
name = "e"
[dataset.one]
kind = "table"
csv = "songs.csv"
labels = ["genre"]
file = "path"
[dataset.two]
kind = "table"
csv = "bad.csv"
labels = ["genre"]
[dataset.three]
kind = "amazon_reviews"
path = "reviews"
[task.t]
dataset = "one"
targets = ["genre"]
[encoder.x]
kind = "mfcc"
[[evaluate]]
tasks = ["t"]
encoders = ["x"]
protocols = ["nested"]
""")
        (self.dir / "reviews").mkdir()
        packed = gzip.compress(b'{"asin": "A", "reviewText": "x"}\n')
        (self.dir / "reviews/reviews_Digital_Music_5.json.gz").write_bytes(packed[:-4])
        (self.dir / "reviews/meta_Digital_Music.json.gz").write_bytes(gzip.compress(b"{'asin': 'A'}\n"))
        (self.dir / "reviews/with_genres.csv").write_text("asin,genre\nA,Jazz\n")
        done = self.run_program("validate", "data", "e.toml", expect=3)
        for fragment in ["one (table): 1 error", "clips/a.wav", "two (table): cannot be used",
                         "the id 'x' is in line 2 already", "three (amazon_reviews): cannot be used",
                         "cut off after line 1 (1 good records)", "3 data sets: 3 errors"]:
            self.assertIn(fragment, done.stdout)
        allowed = self.run_program("validate", "data", "amazon_reviews", "--option", "path=reviews",
                                   "--option", "allow_truncated=true").stdout
        self.assertIn("is cut off: the 1 records before the cut are used", allowed)

    def test_mistakes(self):
        for arguments, fragment in [
            (["deezr"], "Did you mean 'deezer'?"),
            (["table", "--option", "cvs=x"], "Did you mean 'csv'?"),
            (["table", "--option", "csv"], "expected NAME=VALUE"),
            (["table", "--option", "n_expected=many"], "expected a whole number"),
            (["table", "--option", "partial=yes"], "expected true or false"),
            (["table1", "--option", "csv=x"], "an experiment has its own options"),
        ]:
            self.assertIn(fragment, self.run_program("validate", "data", *arguments, expect=2).stderr)
        self.assertIn("it is an option of: validate data",
                      self.run_program("validate", "results", "x", "--strict", expect=2).stderr)
        self.assertIn("option 'csv' is missing", self.run_program("validate", "data", "table", expect=2).stdout)
        self.assertIn("MUSICREP_DATA", self.run_program("validate", "data", "musicnn-gtzan", expect=2).stdout)

    def test_built_in_corpus(self):
        out = self.run_program("validate", "data", "orchestrion", "-o", "corpus=albums", "-o", "n_clips=20",
                               "-o", "n_artists=10", "-o", "clip_s=1").stdout
        self.assertIn("20 of 20 (100 %)", out)
        self.assertIn("20 files, decoded whole", out)
        self.assertIn("texts    of 20 items", out)

    def test_fetch_help_of_every_kind(self):
        for kind in ["amazon_reviews", "mumu", "tartarus", "table"]:
            self.assertIn("Layout:", self.run_program("fetch-help", kind).stdout)


if __name__ == "__main__":
    unittest.main()
