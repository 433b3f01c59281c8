"""The shared object with what needs LibTorch: not loaded before it is needed, reported where it cannot be."""
import pathlib
import shutil
import subprocess
import unittest

from program import MUSICREP, SOURCE, ProgramTest

WEIGHTS = SOURCE / "tests/oracle/weights/torch_zip.pth"
NAME = "musicrep_networks.so"


class SharedObject(ProgramTest):
    def setUp(self):
        super().setUp()
        self.program = self.dir / "musicrep"
        shutil.copy(MUSICREP, self.program)

    def validate_vggish(self):
        """An encoder is made, of weights that are not its own."""
        return subprocess.run([self.program, "validate", "weights", WEIGHTS, "--as", "vggish"],
                              cwd=self.dir, capture_output=True, text=True)

    def loaded(self, *arguments):
        """Of the objects that the program maps: those that are or bring LibTorch."""
        done = subprocess.run([MUSICREP, *arguments], cwd=self.dir, env={"LD_DEBUG": "files", "PATH": "/usr/bin:/bin"},
                              capture_output=True, text=True)
        self.assertIn("libhdf5", done.stderr)
        return [name for name in (NAME, "libtorch", "libc10") if name in done.stderr]

    def test_commands_that_make_no_network_start_without(self):
        for arguments in (["--version"], ["ls", "encoders"], ["describe", "encoder", "vggish"],
                          ["plan", "smoke", "--cache", "cache", "--out", "out"]):
            self.assertEqual(self.loaded(*arguments), [], arguments)

    def test_missing(self):
        done = self.validate_vggish()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"{NAME}, which holds the encoders that need LibTorch and belongs to this program, cannot be "
                      "used: ", done.stderr)
        self.assertIn("neither beside the program nor where it is installed", done.stderr)

    def test_of_another_build(self):
        source = self.dir / "other.c"
        source.write_text('const char* musicrep_networks_stamp(void) { return "musicrep 0.0.1"; }\n')
        subprocess.run(["cc", "-shared", "-fPIC", source, "-o", self.dir / NAME], check=True)
        done = self.validate_vggish()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("it is of another build (musicrep 0.0.1), expected (musicrep ", done.stderr)

    def test_beside_the_program(self):
        shutil.copy(pathlib.Path(MUSICREP).parent / NAME, self.dir)
        done = self.validate_vggish()
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(WEIGHTS.name, done.stderr)
        self.assertNotIn(NAME, done.stderr)


if __name__ == "__main__":
    unittest.main()
