"""The keys of stored steps stay what they are: a store is worth days of work, and a key that moves loses it.

For each experiment a file beside this one has a line a step: its kind, the SHA-256 of the canonical JSON that its
key is made of (without the hash of the code, which every build may change) and its text. MUSICREP_APPROVE=1 writes
them again: what changed, and which version was bumped for it, belongs into the commit's message. Experiments on real
data are compared where MUSICREP_DATA is set."""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

MUSICREP = os.environ["MUSICREP"]
SOURCE = pathlib.Path(os.environ["MUSICREP_SOURCE"])
HERE = pathlib.Path(__file__).parent
DATA = os.environ.get("MUSICREP_DATA", "")
BUILT_IN = ["smoke", "table1", "albums-retrieval"]
ON_DATA = ["choi2017", "audioset-music", "gtzan-mfcc"]


def without_code(value):
    return {k: v for k, v in value.items() if k != "code"} if isinstance(value, dict) else value


class Keys(unittest.TestCase):
    maxDiff = 4000

    def lines(self, experiment):
        with tempfile.TemporaryDirectory() as cache:
            done = subprocess.run([MUSICREP, "plan", str(SOURCE / "experiments" / f"{experiment}.toml"), "--format", "json",
                                   "--cache", cache, "-q"], cwd=cache, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        out = []
        for step in json.loads(done.stdout)["steps"]:
            if step["key_of"] is None:
                continue  # the last step's, of all others
            if step["what"] == "fingerprint":
                continue  # holds the hash of the program
            text = json.dumps(without_code(step["key_of"]), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            out.append(f"{step['what']}\t{hashlib.sha256(text.encode()).hexdigest()}\t{' '.join(step['text'].split())}")
        return sorted(out)

    def compare(self, experiment):
        lines = self.lines(experiment)
        file = HERE / f"{experiment}.tsv"
        if os.environ.get("MUSICREP_APPROVE"):
            file.write_text("\n".join(lines) + "\n")
        self.assertGreater(len(lines), 3)
        self.assertEqual(lines, file.read_text().splitlines(), experiment)

    def test_built_in_corpora(self):
        for experiment in BUILT_IN:
            with self.subTest(experiment):
                self.compare(experiment)

    @unittest.skipUnless(DATA, "MUSICREP_DATA is not set")
    def test_real_data(self):
        for experiment in ON_DATA:
            with self.subTest(experiment):
                self.compare(experiment)


if __name__ == "__main__":
    unittest.main()
