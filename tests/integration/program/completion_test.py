"""`musicrep completion`: what bash and zsh complete is what --help lists, and the man page has every option."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

MUSICREP = os.environ["MUSICREP"]


def output_of(*arguments):
    return subprocess.run([MUSICREP, *arguments], check=True, capture_output=True, text=True).stdout


def commands():
    return re.findall(r"^  ([a-z][a-z-]*) {2,}", output_of("--help"), re.M)


def options_of(command):
    """{--option: its value's name, or ""} of --help."""
    found = re.findall(r"^  (?:-\w \[ )?(--[a-z-]+)(?: \])?(?: ([A-Z=]+))?", output_of(command, "--help"), re.M)
    return dict(found)


def require(program):
    found = shutil.which(program)
    if found is None:
        raise AssertionError(f"{program} is not installed (harness/debian-packages.txt)")
    return found


class Completion(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_completion_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        (self.dir / "a file.toml").write_text("")
        (self.dir / "a folder").mkdir()
        (self.dir / "musicrep").symlink_to(MUSICREP)

    def bash(self, *words):
        """What bash offers for the last of the words."""
        (self.dir / "script").write_text(output_of("completion", "bash"))
        text = """. ./script
compopt() { :; }  # is for a shell that somebody types into
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _musicrep; printf '%s\\n' "${COMPREPLY[@]}" """
        done = subprocess.run([require("bash"), "-c", text, "bash", "musicrep", *words], cwd=self.dir, text=True,
                              capture_output=True, env=dict(os.environ, PATH=f"{self.dir}:{os.environ['PATH']}"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [line for line in done.stdout.splitlines() if line]

    def zsh(self, *words):
        """What zsh would hand to its own functions: their arguments, in lines."""
        (self.dir / "script").write_text(output_of("completion", "zsh"))
        text = """words=("$@"); CURRENT=$#
_arguments() { print -rl -- "$@" }; _describe() { print -rl -- "${(@P)2}" }; _files() { : }; compadd() { : }
. ./script"""
        done = subprocess.run([require("zsh"), "-fc", text, "zsh", "musicrep", *words], cwd=self.dir, text=True,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def test_bash_commands(self):
        self.assertEqual(set(commands()) | {"help", "--help", "--version"}, set(self.bash("")))
        self.assertEqual(self.bash("rest"), ["restate"])

    def test_bash_options(self):
        n = 0
        for command in commands():
            usage = output_of(command, "--help").split("\n\n")[0].splitlines()
            kinds = re.match(rf"usage: musicrep {command} ([a-z]+(?:\|[a-z]+)+)", usage[0])
            named = kinds.group(1).split("|") if kinds else ["x"]
            if len(usage) > 1:  # a line a kind
                named = [re.search(rf"musicrep {command} ([a-z]+)", line).group(1) for line in usage]
            offered = set()
            for kind in named:
                offered |= {word for word in self.bash(command, kind, "--")}
            self.assertEqual(offered, set(options_of(command)), command)
            n += len(offered)
        self.assertGreater(n, 50)

    def test_bash_kinds_and_their_options(self):
        self.assertEqual(self.bash("cache", "")[:3], ["ls", "verify", "clean"])
        self.assertEqual(self.bash("cache", "clean", "--a"), ["--all"])
        self.assertEqual(self.bash("cache", "ls", "--a"), [])

    def test_bash_values(self):
        self.assertEqual(self.bash("run", "x", "--out", "a"), ["a folder"])
        self.assertEqual(sorted(self.bash("encode", "x", "--out", "a")), ["a file.toml", "a folder"])
        self.assertEqual(self.bash("run", "x", "--jobs", "a"), [])
        self.assertEqual(self.bash("run", "x", "-j", "a"), [])

    def test_bash_experiments(self):
        self.assertEqual(self.bash("run", "smok"), ["smoke"])
        self.assertEqual(self.bash("run", "a f"), ["a file.toml", "a folder"])

    def test_zsh(self):
        self.assertEqual({line.split(":")[0] for line in self.zsh("")}, set(commands()))
        for command in commands():
            given = self.zsh(command, "")
            for option, value in options_of(command).items():
                line = next((each for each in given if re.match(rf"(\*|\(.*\))?{option}\[", each)), None)
                self.assertIsNotNone(line, f"{command} {option} is not in {given}")
                # [description]:VALUE:action, or nothing behind the description of a flag
                self.assertRegex(line, rf"[^\\]\]:{value}:" if value else r"[^\\:]\]$")
        self.assertIn("1:kind:(ls verify clean)", self.zsh("cache", ""))

    def test_man_page(self):
        page = output_of("completion", "man")
        done = subprocess.run([require("groff"), "-man", "-Tutf8", "-ww", "-P-cbou"], input=page, text=True,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        shown = done.stdout.replace("\u2010", "-")
        for command in commands():
            section = re.search(rf"^   {command}\n(.*?)(?=^ {{0,3}}\w)", shown, re.M | re.S)
            self.assertIsNotNone(section, f"{command} is not in {shown}")
            for option in options_of(command):
                if option != "--help":
                    self.assertIn(option, section.group(1), command)
        self.assertIn("default: one per processor", " ".join(shown.split()))

    def test_mistakes(self):
        for arguments, message in ((["fish"], "unknown kind of completion 'fish'"),
                                   ([], "found 0 arguments, expected one of bash, zsh, man"),
                                   (["bash", "zsh"], "found 2 arguments")):
            done = subprocess.run([MUSICREP, "completion", *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
