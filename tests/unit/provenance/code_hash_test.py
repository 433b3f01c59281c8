"""The hash of the scoring code: what moves it and what does not, by the build's own script on a copy of the sources."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["MUSICREP_SOURCE"])
BUILD = pathlib.Path(os.environ["MUSICREP_BUILD"]) / "harness/provenance"
SCRIPT = SOURCE / "harness/cmake/CodeHash.cmake"
SCORING = ["statistics/comparisons.cpp", "probe/smo.cpp", "probe/simd_loops.inc", "probe/CMakeLists.txt",
           "protocols/folds.cpp", "evaluation/evaluate.cpp", "evaluation/target_evaluation.h", "evaluation/pooling.cpp",
           "evaluation/retrieve.cpp", "evaluation/sweep.cpp", "steps/sweep_step.cpp"]
DIAGNOSIS = ["diagnose/measures.cpp", "diagnose/frame_measures.h", "steps/diagnose_step.cpp"]
BOTH = ["metrics/scores.h", "metrics/linear_statistic.cpp", "core/random.cpp", "include/musicrep/matrix.h", "cmake/MusicrepCompiler.cmake"]
NEITHER = ["report/CMakeLists.txt", "cli/main.cpp", "check/check.cpp", "protocols/definitions/nested.toml", "planner/run.cpp", "graph/execute.cpp"]


class CodeHash(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "a copy"
        shutil.copytree(SOURCE / "harness", self.root / "harness")

    def hashes(self, root=None, compiler=BUILD / "compiler.txt"):
        header = self.root / "values.h"
        subprocess.run([os.environ["CMAKE"], f"-DSOURCE_DIR={root or self.root}", f"-DOUTPUT={header}",
                        f"-DCOMPILER={compiler}", "-P", SCRIPT], check=True)
        scoring, diagnosis = re.fullmatch('#define MUSICREP_SCORING_CODE "([0-9a-f]{64})"\n'
                                          '#define MUSICREP_DIAGNOSIS_CODE "([0-9a-f]{64})"\n', header.read_text()).groups()
        self.assertNotEqual(scoring, diagnosis)
        return scoring, diagnosis

    def moved(self, name, change):
        """Whether a change of the file moves the hash of scores and that of diagnoses; it is undone."""
        file = self.root / "harness" / name
        before, old = self.hashes(), file.read_bytes() if file.exists() else None
        change(file)
        after = self.hashes()
        file.unlink() if old is None else file.write_bytes(old)
        self.assertEqual(self.hashes(), before)
        return [a != b for a, b in zip(before, after)]

    def test_one_byte_of_one_source_moves_the_hash_of_what_stands_on_it(self):
        def one_byte(file):
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)
        for names, expected in (SCORING, [True, False]), (DIAGNOSIS, [False, True]), (BOTH, [True, True]), \
                (NEITHER, [False, False]):
            for name in names:
                with self.subTest(name):
                    self.assertEqual(self.moved(name, one_byte), expected)

    def test_new_sources_count_and_what_an_editor_leaves_does_not(self):
        self.assertEqual(self.moved("statistics/new.cpp", lambda file: file.write_text("int x;\n")), [True, False])
        self.assertEqual(self.moved("statistics/derive.cpp~", lambda file: file.write_text("int x;\n")), [False, False])

    def test_a_source_that_goes_or_has_another_name_counts(self):
        before = self.hashes()
        file = self.root / "harness/statistics/comparisons.cpp"
        file.rename(file.with_name("pairs.cpp"))
        self.assertNotEqual(self.hashes()[0], before[0])

    def test_the_folder_does_not_count_and_the_compiler_does(self):
        self.assertEqual(self.hashes(SOURCE), self.hashes())
        other = self.root / "compiler.txt"
        other.write_text((BUILD / "compiler.txt").read_text().replace("-O2", "-O3") + "-Ofast\n")
        for a, b in zip(self.hashes(compiler=other), self.hashes()):
            self.assertNotEqual(a, b)

    def test_the_build_has_the_hash_of_the_sources_as_they_are(self):
        built = (BUILD / "code_hash_values.h").read_text()
        for each in self.hashes(SOURCE):
            self.assertIn(each, built)


if __name__ == "__main__":
    unittest.main()
