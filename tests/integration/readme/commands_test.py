"""Every command in every document runs, in the order of the document, in a copy of the project's folder.

Commands are the lines after `$ ` in blocks of ```console, and the lines of blocks of ```sh. What a console block shows
below a command must be printed, line by line (`…`: and more), whatever its numbers are (numbers_test.py compares
those with the references). Files are those of blocks of code below a line with the file's name. Exceptions, each with
its reason, are in NOT_RUN; their subcommands and options are checked all the same. SMALLER names what is run in place
of what takes minutes.
"""
import csv
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
import wave

import numpy

from documents import FENCE, ROOT, documents

MUSICREP = pathlib.Path(os.environ["MUSICREP"])

# (document, or "" for all; pattern of commands; why they are not run here)
NOT_RUN = [
    ("", r"^(tests|experiments)/((fuzz|distro)/)?run-all|^MUSICREP_DATA=\S+ (tests|experiments)/run-all",
     "installs packages, builds; continuous integration runs both"),
    ("", r"^cmake ", "builds; continuous integration does"),
    ("", r"^(MUSICREP_\w+=\S+ )?ctest ", "this is one of its tests"),
    ("", r"^build/", "programs of the build; they are tests and benchmarks of their own"),
    ("", r"^export ", "sets what this test sets"),
    ("encoders/README.md", r"", "tests/integration/program/ways_test.py runs them with the installed program"),
    ("experiments/cluster/README.md", r"", "tests/integration/cluster runs them with Snakemake and Slurm"),
    ("experiments/README.md", r"^musicrep (index|search)",
     "needs captions; tests/integration/program/captions_test.py indexes and searches a small data set"),
    ("baselines/README.md", r"weights", "needs published weights; tests/oracle reads them where they are there"),
    ("results/README.md", r"^musicrep approve", "writes a reference; tests/integration/gate approves one of its own"),
    ("results/README.md", r"^musicrep restate",
     "restates what is restated already; tests/unit/statistics restates an older file"),
]
# (pattern, what stands there instead, why)
SMALLER = [
    (r"^musicrep run table1 .*--exec 'mine=(.*)'$",
     r"musicrep encode command song.wav --out mine.npy --set 'command=\1'",
     "a run has the conformance suite before it, with a process for each signal"),
    (r"\btable1\b", "smoke", "table1 composes 1,600 clips for a minute"),
]
WORD = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?")


class Command:
    def __init__(self, document, line, text):
        self.document, self.line, self.text, self.printed = document, line, text, []

    def __repr__(self):
        return f"{self.document}:{self.line}: {self.text}"

    def reason(self):
        """Why it is not run; empty where it is."""
        for document, pattern, reason in NOT_RUN:
            if document in ("", self.document) and re.search(pattern, self.text):
                used.add((document, pattern))
                return reason
        return ""

    def smaller(self):
        text = self.text
        for pattern, instead, _ in SMALLER:
            text = re.sub(pattern, instead, text)
        return text


used = set()


def commands(document):
    text = (ROOT / document).read_text()
    out = []
    for block in FENCE.finditer(text):
        line = text[:block.start()].count("\n") + 2
        for offset, content in enumerate(block.group(2).splitlines()):
            if block.group(1) == "sh" and content.strip():
                bare = re.sub(r"\s+# .*$", "", content).strip()
                if bare and not bare.startswith("#"):
                    out += [Command(str(document), line + offset, part) for part in bare.split(" && ")]
            elif block.group(1) == "console":
                if content.startswith("$ "):
                    out.append(Command(str(document), line + offset, re.sub(r"\s+# .*$", "", content[2:]).strip()))
                elif content.strip():
                    out[-1].printed.append(content)
    return out


def files(document):
    """{name: content} of the blocks of code below a line that ends with the file's name."""
    found = re.findall(r"`([\w.-]+\.\w+)`:?\n\n```\w+\n(.*?)^```$", (ROOT / document).read_text(), re.M | re.S)
    return dict(found)


def masked(line):
    """The line with numbers, runs of spaces and paths made equal."""
    return " ".join(WORD.sub("#", line).split())


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_readme_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.root = cls.folder / "musicrep"
        cls.root.mkdir()
        for name in ("experiments", "harness/protocols"):
            shutil.copytree(ROOT / name, cls.root / name)
        for name in ("smoke", "choi2017", "gtzan-mfcc"):
            shutil.copytree(ROOT / "results/reference" / name, cls.root / "results/reference" / name)
        (cls.root / "encoders").mkdir()
        random = numpy.random.RandomState(1)
        with wave.open(str(cls.root / "song.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22050)
            file.writeframes((8000 * random.uniform(-1, 1, 44100)).astype("<i2").tobytes())
        for name in ("items", "strong", "weak"):
            shutil.copy(ROOT / f"experiments/generated/{name}.csv", cls.root)
        (cls.folder / "bin").mkdir()
        (cls.folder / "bin/musicrep").symlink_to(MUSICREP)
        cls.environment = {k: v for k, v in os.environ.items() if not k.startswith("MUSICREP")}
        cls.environment.update(PATH=f"{cls.folder}/bin:/usr/bin:/bin", MUSICREP_CACHE=str(cls.folder / "cache"))

    def run_command(self, text):
        return subprocess.run(["bash", "-e", "-c", text], cwd=self.root, env=self.environment, capture_output=True,
                              text=True, timeout=300)

    def test_every_command_runs(self):
        n = 0
        for document in documents():
            for name, content in files(document).items():
                (self.root / name).write_text(content)
            for command in commands(document):
                if command.reason():
                    continue
                with self.subTest(repr(command)):
                    done = self.run_command(command.smaller())
                    self.assertEqual(done.returncode, 0, f"{command.smaller()}\n{done.stdout}\n{done.stderr}")
                    shown = [masked(line) for line in (done.stdout + done.stderr).splitlines()]
                    for line in map(masked, command.printed):
                        found = line in shown
                        if line.endswith("…"):
                            found = any(other.startswith(line.removesuffix("…").strip()) for other in shown)
                        self.assertTrue(found, f"{command}: '{line}' is not in\n{done.stdout}\n{done.stderr}")
                n += 1
        self.assertGreater(n, 15)

    def test_experiments_and_protocols_in_documents_run(self):
        for name, content in files("experiments/README.md").items():
            (self.root / name).write_text(content)
        done = self.run_command("musicrep run mine.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name, content in files("harness/protocols/README.md").items():
            (self.root / name).write_text(content)
        experiment = (self.root / "mine.toml").read_text()
        self.assertEqual(experiment.count('["own-split"]'), 1)
        (self.root / "three.toml").write_text(
            experiment.replace('["own-split"]', '["three-folds.toml"]').replace('name = "mine"', 'name = "three"'))
        done = self.run_command("musicrep run three.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.root / "results/runs/three/table.csv") as file:
            self.assertIn("three-folds", {row["protocol"] for row in csv.DictReader(file)})

    def test_the_example_of_a_table_is_valid(self):
        text = (ROOT / "harness/datasets/README.md").read_text()
        table = re.search(r"```toml\n(\[dataset\.mine\].*?)^```$", text, re.M | re.S).group(1)
        ids = [f"c{i}" for i in range(20)]
        lines = ["id,genre,energy,tags,path,artist,split,review"]
        lines += [f"{c},{'ab'[i % 2]},{i / 7:.3f},x|y,song.wav,artist{i % 7},train,fine" for i, c in enumerate(ids)]
        (self.root / "labels.csv").write_text("\n".join(lines) + "\n")
        (self.root / "table.toml").write_text(
            'name = "table"\n' + table + '[task.genre]\ndataset = "mine"\ntargets = ["genre"]\n[encoder.mfcc]\n'
            'kind = "mfcc"\n[[evaluate]]\ntasks = ["genre"]\nencoders = ["mfcc"]\nprotocols = ["nested"]\n')
        done = self.run_command("musicrep validate experiment table.toml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_subcommands_and_options_exist(self):
        helps = {}
        n = 0
        for document in documents():
            text = (ROOT / document).read_text()
            inline = re.findall(r"`(musicrep [^`]+)`", " ".join(FENCE.sub("", text).split()))
            for command in [c.text for c in commands(document)] + inline:
                if not command.startswith("musicrep ") or command.startswith(("musicrep --", "musicrep COMMAND")):
                    continue
                words = shlex.split(command.replace("...", ""))
                sub = words[1]
                if sub not in helps:
                    done = self.run_command(f"musicrep help {sub}")
                    helps[sub] = done.stdout if done.returncode == 0 else ""
                self.assertTrue(helps[sub], f"{document}: no such command: {command}")
                for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", " ".join(words[2:])):
                    self.assertIn(option + " ", helps[sub], f"{document}: {command}: no such option: {option}")
                n += 1
        self.assertGreater(n, 30)

    def test_exceptions_are_used(self):
        for document in documents():
            for command in commands(document):
                command.reason()
        self.assertEqual(used, {(document, pattern) for document, pattern, _ in NOT_RUN})


if __name__ == "__main__":
    unittest.main()
