"""harness/cmake/bootstrap.sh on systems that are made up: a folder with apt-get, dpkg-query, sudo, id, df and cmake
that do as a test says and write down how they were called."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("MUSICREP_SOURCE", pathlib.Path(__file__).resolve().parents[3]))
PACKAGES = "g++\nlibtorch-dev\nlibfmt-dev\ntests:\ncatch2\n"
# What every system has.
TOOLS = ("bash", "sed", "grep", "cat", "mkdir", "tail", "tr", "env", "dirname")


class Bootstrap(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_bootstrap_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        (self.dir / "root/harness/cmake").mkdir(parents=True)
        (self.dir / "root/harness/debian-packages.txt").write_text(PACKAGES)
        shutil.copy(SOURCE / "harness/cmake/bootstrap.sh", self.dir / "root/harness/cmake")
        self.bin = self.dir / "bin"
        self.bin.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        self.calls = self.dir / "calls"
        self.calls.write_text("")

    def program(self, name, body):
        file = self.bin / name
        file.write_text(f'#!/bin/bash\n{body}\n')
        file.chmod(0o755)

    def system(self, installed=(), archive=("g++", "libtorch-dev", "libfmt-dev", "catch2"), uid=0, sudo=None, free=100000):
        def cases(names, found):
            return 'case "${@: -1}" in ' + "".join(f"{n}) {found} ;; " for n in names) + "*) exit 1 ;; esac"

        self.program("dpkg-query", cases(installed, "echo 'install ok installed'"))
        self.program("apt-cache", cases(archive, "exit 0"))
        self.program("apt-get", f'echo "apt-get $*" >>{self.calls}')
        self.program("id", f"echo {uid}")
        self.program("df", f"echo Avail; echo {free}M")
        self.program("cmake", f'echo "cmake $*" >>{self.calls}')
        if sudo is not None:
            self.program("sudo", f'[ "$1" = -v ] && exit {sudo}; exec "$@"')

    def run_bash(self, text, expect):
        root = self.dir / "root"
        done = subprocess.run(["bash", "-c", f"set -euo pipefail; root={root}; . {root}/harness/cmake/bootstrap.sh; {text}"],
                              env={"PATH": str(self.bin)}, executable=shutil.which("bash"), capture_output=True, text=True)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stderr, self.calls.read_text().splitlines()

    def test_root_installs_what_is_missing(self):
        self.system(installed=["g++"])
        said, calls = self.run_bash("install_packages run", 0)
        self.assertIn("Installing 2 packages: libtorch-dev libfmt-dev", said)
        self.assertEqual(calls, ["apt-get update -qq",
                                 "apt-get install -y --no-install-recommends libtorch-dev libfmt-dev"])

    def test_tests_have_more(self):
        self.system(installed=["g++", "libtorch-dev", "libfmt-dev"])
        self.assertEqual(self.run_bash("install_packages run", 0), ("", []))
        self.assertIn("catch2", self.run_bash("install_packages tests", 0)[1][-1])

    def test_sudo(self):
        self.system(uid=1000, sudo=0)
        self.assertIn("libfmt-dev", self.run_bash("install_packages run", 0)[1][-1])

    def test_no_root_and_no_sudo(self):
        for sudo in (None, 1):
            self.system(uid=1000, sudo=sudo)
            said, calls = self.run_bash("install_packages run", 1)
            self.assertIn("neither root nor a user of sudo", said)
            self.assertIn("apt-get update && apt-get install -y --no-install-recommends g++ libtorch-dev libfmt-dev", said)
            self.assertEqual(calls, [])

    def test_no_lists_of_packages_yet(self):
        self.system(uid=1000, archive=())
        self.assertIn("--no-install-recommends g++ libtorch-dev libfmt-dev", self.run_bash("install_packages run", 1)[0])

    def test_a_package_that_the_archive_lacks(self):
        self.system(archive=["g++", "libtorch-dev"])
        said, calls = self.run_bash("install_packages run", 1)
        self.assertIn("This system has no package of the name: libfmt-dev.", said)
        self.assertIn("debian-packages.txt", said)
        self.assertEqual(calls, ["apt-get update -qq"])

    def test_a_system_without_libtorch(self):
        self.system(archive=["g++", "libfmt-dev"])
        said, calls = self.run_bash("install_packages run; build release", 0)
        self.assertIn("no package libtorch-dev", said)
        self.assertIn("building without the networks", said)
        self.assertIn("apt-get install -y --no-install-recommends g++ libfmt-dev", calls)
        self.assertEqual(calls[-2:], ["cmake --preset release -DMUSICREP_WITH_TORCH=OFF", "cmake --build --preset release"])

    def test_with_libtorch(self):
        self.system(installed=["libtorch-dev"])
        self.assertIn("cmake --preset release -DMUSICREP_WITH_TORCH=ON", self.run_bash("build release", 0)[1])

    def test_another_distribution(self):
        self.system()
        (self.bin / "apt-get").unlink()
        said, calls = self.run_bash("install_packages run", 1)
        self.assertIn("Packages are installed on Debian and Ubuntu alone; this is ", said)
        self.assertIn("cmake --preset release", said)
        self.assertEqual(calls, [])

    def test_a_disk_that_is_too_small(self):
        self.system(installed=["libtorch-dev"], free=700)
        said, calls = self.run_bash("build release", 1)
        self.assertRegex(said, r"has 700 MiB free; the build \(preset release\) takes up to \d+ MiB")
        self.assertEqual(calls, [])
        (self.dir / "root/build/release").mkdir()  # was built before
        self.assertEqual(len(self.run_bash("build release", 0)[1]), 2)

    def test_a_build_that_fails(self):
        self.system(installed=["libtorch-dev"])
        self.program("cmake", "echo no such library; exit 1")
        said, _ = self.run_bash("build release", 1)
        self.assertIn("no such library", said)
        self.assertIn("build/release.log", said)


if __name__ == "__main__":
    unittest.main()
