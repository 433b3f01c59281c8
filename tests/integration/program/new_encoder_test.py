"""An encoder in the tree: the folder that `new encoder` writes, its row, and `validate encoder`."""
import os
import pathlib
import subprocess
import unittest

import program
from program import SOURCE, ProgramTest

FOLDER = pathlib.Path(os.environ["MUSICREP_PROBE_ME"])  # what the build made of encoders/_template
WITH_PROBE_ME = os.environ["MUSICREP_WITH_PROBE_ME"]  # the program with that folder built in


class NewEncoder(ProgramTest):
    def test_the_folder_is_the_one_that_was_built(self):
        self.run_program("new", "encoder", "probe_me")
        made = {file.name: file.read_text() for file in (self.dir / "probe_me").iterdir()}
        self.assertEqual(sorted(made), ["CMakeLists.txt", "probe_me.cpp", "probe_me.h", "probe_me_test.cpp"])
        for name, text in made.items():
            self.assertEqual(text, (FOLDER / name).read_text(), name)
            self.assertNotIn("my_encoder", text.lower().replace("MyEncoder", ""))
        (self.dir / "encoders").mkdir()
        self.run_program("new", "encoder", "net2_a")
        self.assertIn("class Net2A : public SignalEncoder", (self.dir / "encoders/net2_a/net2_a.h").read_text())

    def test_the_template_is_no_encoder(self):
        self.assertNotIn("my_encoder", self.run_program("ls", "encoders").stdout)
        self.assertTrue((SOURCE / "encoders/_template/CMakeLists.txt").exists())

    def test_mistakes(self):
        (self.dir / "there").mkdir()
        for arguments, expect, fragment in [
            (["encoder", "Bad"], 2, "'Bad' is not a valid encoder name"),
            (["encoder", "2x"], 2, "'2x' is not a valid encoder name"),
            (["encoder", "mfcc"], 2, "the encoder 'mfcc' exists already"),
            (["encoder", "there"], 3, "'./there' exists already"),
            (["encoder", "x", "--in", "nowhere"], 3, "'nowhere' is not a folder"),
            (["encodr", "x"], 2, "encoder"),
            (["encoder"], 2, "musicrep new encoder NAME"),
        ]:
            self.assertIn(fragment, self.run_program("new", *arguments, expect=expect).stderr)
        self.assertEqual([path.name for path in self.dir.iterdir()], ["there"])

    def test_alone_it_asks_for_the_installed_package(self):
        self.run_program("new", "encoder", "alone")
        package = self.dir / "package"
        package.mkdir()
        (package / "musicrepConfig.cmake").write_text(
            'function(musicrep_add_encoder)\n  message(STATUS "ADD ${ARGV}")\nendfunction()\n')
        done = subprocess.run(["cmake", "-S", "alone", "-B", "b", f"-Dmusicrep_DIR={package}"], cwd=self.dir,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ADD alone;MODULE;SOURCES;alone.cpp", done.stdout)

    def test_a_row(self):
        program.MUSICREP, usual = WITH_PROBE_ME, program.MUSICREP
        self.addCleanup(setattr, program, "MUSICREP", usual)
        self.assertIn("probe_me", self.run_program("ls", "encoders").stdout)
        done = self.run_program("validate", "encoder", "probe_me", "--set", "floor_db=-90")
        self.assertIn("probe_me: conforms; 17 of 17 checks hold", done.stdout)
        (self.dir / "e.toml").write_text("""
name = "mine"
seed = 1
[dataset.genres]
kind = "orchestrion"
corpus = "genres"
n_clips = 100
n_artists = 50
clip_s = 1.5
[task.genre]
dataset = "genres"
targets = ["genre"]
[encoder.mine]
kind = "probe_me"
[[evaluate]]
tasks = ["genre"]
encoders = ["mine"]
protocols = ["nested"]
""")
        out = self.run_program("run", "e.toml", "--out", "out").stdout
        self.assertRegex(out, r"mine +0\.\d{3}  \[")
        self.assertRegex((self.dir / "out/report.md").read_text(), r"\| mine \| probe_me \| 1 .* all 15 hold \|")
        done = self.run_program("validate", "encoder", "--experiment", "e.toml", "--label", "mine")
        self.assertIn("mine of mine: conforms", done.stdout)


class ValidateEncoder(ProgramTest):
    def test_what_holds_and_what_cannot_be_tried(self):
        done = self.run_program("validate", "encoder", "mfcc")
        self.assertIn("mfcc: conforms; 17 of 17 checks hold", done.stdout)
        (self.dir / "x.csv").write_text("id,a\ni,1\nj,2\n")
        done = self.run_program("validate", "encoder", "features", "--set", "files=x.csv", "--id", "i", "--id", "j")
        self.assertIn("features: conforms", done.stdout)
        done = self.run_program("validate", "encoder", "features", "--set", "files=x.csv", expect=5)
        self.assertIn("was not tried", done.stdout)

    def test_mistakes(self):
        for arguments, fragment in [
            (["encoder", "mfc"], "'mfcc'"),
            (["encoder"], "takes experiment, data, encoder"),
            (["encoder", "mfcc", "--set", "x"], "expected NAME=VALUE"),
            (["encoder", "--label", "x"], "--experiment and --label"),
            (["results", "x.h5", "--set", "a=b"], "it is an option of: encode, export, validate data, validate encoder"),
        ]:
            self.assertIn(fragment, self.run_program("validate", *arguments, expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
