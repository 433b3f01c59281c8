"""Manuals are complete: every key of an experiment or protocol, every protocol, kind of data set, encoder and
experiment that the program knows, and every folder of the harness, is in the document that is its manual."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from documents import ROOT

MUSICREP = os.environ["MUSICREP"]
# Tables that the example of experiments/README.md does not have.
OTHER_TABLES = """
[[retrieve]]
dataset = "songs"
encoders = ["strong"]
[[diagnose]]
datasets = ["songs"]
encoders = ["strong"]
[[sweep]]
task = "genre"
encoders = ["strong"]
protocol = "nested"
[[deform]]
tasks = ["genre"]
encoders = ["strong"]
protocols = ["nested"]
deformations = [{ kind = "gain", db = 1 }]
"""


def example(document, name):
    text = (ROOT / document).read_text()
    return re.search(rf"^`{name}`\n\n```toml\n(.*?)^```$", text, re.M | re.S).group(1)


class Complete(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_manuals_"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in ("items", "strong", "weak"):
            shutil.copy(ROOT / f"experiments/generated/{name}.csv", self.folder)

    def run_program(self, *arguments):
        return subprocess.run([MUSICREP, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60)

    def known_keys(self, experiment):
        """The keys that the message about the unknown key `zzz` lists."""
        (self.folder / "x.toml").write_text(experiment)
        done = self.run_program("validate", "experiment", "x.toml")
        found = re.search(r"unknown key 'zzz'\.(?: Did you mean [^?]*\?)?\s*(?:Known: (.*))?", done.stderr)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        return re.findall(r"[\w]+", found.group(1) or "")

    def with_key(self, text, header):
        if header == "top":
            return "zzz = 1\n" + text
        self.assertRegex(text, rf"(?m)^{re.escape(header)}")
        return re.sub(rf"^({re.escape(header)}.*)$", r"\1\nzzz = 1", text, count=1, flags=re.M)

    def check_keys(self, document, grammar, tables, make):
        n = 0
        for table in tables:
            for key in self.known_keys(make(table)):
                documented = f"`{key}`" in grammar or re.search(rf"[\[.]{key}[.\]]", grammar)  # a key, or a table
                self.assertTrue(documented, f"{document}: key '{key}' of {table} is not documented")
                n += 1
        self.assertGreater(n, len(tables))

    def test_keys_of_experiments(self):
        text = example("experiments/README.md", "mine.toml") + OTHER_TABLES
        grammar = (ROOT / "experiments/README.md").read_text().split("## Grammar")[1].split("\n## ")[0]
        self.check_keys("experiments/README.md", grammar,
                        ["top", "[task.genre]", "[[evaluate]]", "[[retrieve]]", "[[diagnose]]", "[[sweep]]",
                         "[[deform]]",
                         "[[published]]", "[[claim]]"], lambda table: self.with_key(text, table))

    def test_keys_of_protocols(self):
        experiment = example("experiments/README.md", "mine.toml").replace('["own-split"]', '["p.toml"]')
        protocol = example("harness/protocols/README.md", "three-folds.toml")
        protocol += "[grid.regression]\nlinear_c = [1]\n[requires]\ntrain = 1\n"
        grammar = (ROOT / "harness/protocols/README.md").read_text().split("## The file")[1]

        def make(table):
            (self.folder / "p.toml").write_text(self.with_key(protocol, table))
            return experiment

        self.check_keys("harness/protocols/README.md", grammar,
                        ["top", "[items]", "[outer]", "[inner]", "[features]", "[grid]", "[grid.regression]",
                         "[requires]"], make)

    def test_folders_of_the_harness(self):
        text = (ROOT / "harness/README.md").read_text()
        for folder in sorted(path.name for path in (ROOT / "harness").iterdir() if path.is_dir()):
            self.assertTrue(f"| `{folder}` |" in text or f"| [`{folder}`](" in text or f"| `{folder}/" in text, folder)

    def test_names(self):
        for kind, form, *manuals in (("protocols", "**{}**", "harness/protocols/README.md"),
                                     ("datasets", "`{}`", "harness/datasets/README.md"),
                                     ("experiments", "| `{}` |", "experiments/README.md"),
                                     ("encoders", "`{}`", "baselines/README.md", "encoders/README.md")):
            text = "".join((ROOT / manual).read_text() for manual in manuals)
            done = self.run_program("ls", kind)
            names = [re.split(r"[@\s]", line)[0] for line in done.stdout.splitlines()]
            if kind == "experiments":  # those of the source
                names = [path.stem for path in (ROOT / "experiments").glob("*.toml")]
            self.assertGreater(len(names), 4)
            for name in names:
                plain = f'kind = "{name}"'
                self.assertTrue(form.format(name) in text or plain in text, f"{manuals}: {name} is not documented")


if __name__ == "__main__":
    unittest.main()
