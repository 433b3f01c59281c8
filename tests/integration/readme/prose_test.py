"""The prose of documents: links lead somewhere, files that are named exist, the README is short and plain, and words
are spelled as codespell knows them."""
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from documents import FENCE, ROOT, documents, sentences, without_code

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# Paths that are written by a run or a build, or that are a user's.
MADE = re.compile(r"^(results/runs|encoders/mine)(/|$)")
FOLDERS = ("harness/", "encoders/", "baselines/", "experiments/", "results/", "tests/")
# Abbreviations that need no explanation, and names.
KNOWN = {"CITATION", "CLAP", "CUDA", "FLAC", "MERT", "MIT", "README", "WAV"}
N_WORDS, N_WORDS_BEFORE_CODE, MEAN_SENTENCE, LONGEST_SENTENCE = 900, 100, 14, 35


def slug(heading):
    """GitHub's anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower()).replace(" ", "-")


def anchors(path):
    text = FENCE.sub("", path.read_text())
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.M)}


class Links(unittest.TestCase):
    def test_links_lead_somewhere(self):
        n = 0
        for document in documents():
            for target in LINK.findall(FENCE.sub("", (ROOT / document).read_text())):
                if re.match(r"https?://", target):
                    continue
                n += 1
                name, _, anchor = target.partition("#")
                path = (ROOT / document).parent / name if name else ROOT / document
                self.assertTrue(path.exists(), f"{document}: {target}")
                if anchor:
                    self.assertIn(anchor, anchors(path), f"{document}: {target}")
        self.assertGreater(n, 40)

    def test_every_document_is_linked(self):
        linked = {ROOT / "README.md"}
        for document in documents():
            for target in LINK.findall((ROOT / document).read_text()):
                linked.add(((ROOT / document).parent / target.partition("#")[0]).resolve())
        for document in documents():
            self.assertIn((ROOT / document).resolve(), linked, f"no document links to {document}")

    def test_every_document_is_installed(self):
        listed = (ROOT / "harness/cmake/MusicrepInstall.cmake").read_text().split()
        for document in documents():
            self.assertIn(str(document), listed)

    def test_files_that_are_named_exist(self):
        n = 0
        for document in documents():
            for name in re.findall(r"`([^`\s]+)`", FENCE.sub("", (ROOT / document).read_text())):
                pattern = re.search(r"[*<>{}…]|NAME|/X$", name)
                if pattern or not name.startswith(FOLDERS) or MADE.match(name):
                    continue
                n += 1
                self.assertTrue((ROOT / name).exists(), f"{document}: {name}")
        self.assertGreater(n, 30)

    def test_figures_are_well_formed(self):
        for document in documents():
            for target in LINK.findall((ROOT / document).read_text()):
                if target.endswith(".svg"):
                    path = ((ROOT / document).parent / target).resolve()
                    self.assertTrue(xml.etree.ElementTree.parse(path).getroot().tag.endswith("svg"), path)


class Readme(unittest.TestCase):
    text = (ROOT / "README.md").read_text()

    def test_it_is_short(self):
        self.assertLess(len(self.text.split()), N_WORDS)
        self.assertLess(len(self.text.split("```")[0].split()), N_WORDS_BEFORE_CODE)

    def test_sentences_are_short(self):
        lengths = {s: len(s.split()) for s in sentences(self.text)}
        self.assertGreater(len(lengths), 20)
        self.assertLess(sum(lengths.values()) / len(lengths), MEAN_SENTENCE)
        self.assertEqual([s for s, n in lengths.items() if n > LONGEST_SENTENCE], [])

    def test_tables_are_short(self):
        for table in re.findall(r"(?:^\|.*\n)+", self.text, re.M):
            self.assertLessEqual(len(table.splitlines()) - 2, 8, table)

    def test_abbreviations_are_explained(self):
        text = re.sub(r"\]\([^)]*\)", "]", without_code(self.text))
        for word in sorted(set(re.findall(r"\b[A-Z][A-Z0-9]{1,}\b", text)) - KNOWN):
            first = re.search(rf"\b{word}\b", text).start()
            explained = re.compile(rf"\({word}\)|{word}: [a-zA-Z]|{word} \([a-z]")
            self.assertTrue(explained.match(text, first) or explained.match(text, first - 1),
                            f"README.md: {word} is not explained where it is first used")


class Spelling(unittest.TestCase):
    def test_codespell_finds_nothing(self):
        self.assertIsNotNone(shutil.which("codespell"), "codespell is not installed (harness/debian-packages.txt)")
        # The words of the list: names of constants, and mistakes that tests make on purpose.
        here = pathlib.Path(__file__).parent
        sources = [p for folder in ("harness", "encoders", "baselines", "tests", "experiments", ".ci")
                   for p in (ROOT / folder).rglob("*")
                   if p.suffix in (".h", ".cpp", ".inc", ".py", ".cmake", ".toml", ".txt", ".sh") and p.is_file()
                   and not {"corpus", "__pycache__"} & set(p.parts)]
        texts = [ROOT / d for d in documents()] + [ROOT / "CITATION.cff"]
        self.assertGreater(len(sources), 500)
        done = subprocess.run(["codespell", "--ignore-words", here / "codespell-words.txt",
                               "--ignore-regex", r"[0-9a-f]{12,}|\\[nrt]\w*", *map(str, texts + sources)],
                              capture_output=True, text=True)
        self.assertEqual(done.stdout.replace(f"{ROOT}/", ""), "")


if __name__ == "__main__":
    unittest.main()
