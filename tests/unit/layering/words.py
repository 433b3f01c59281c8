"""Checks the words of documents by harness/GLOSSARY.md: no document has a phrase of its table of retired words.

    words.py ROOT

A phrase is looked for in any case and across line ends, outside code and comments; a `*` is one of the endings -, s, ed, ing. Code is
not looked at yet: CODE says which of its files are, and gets them when their texts follow the glossary.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/integration/readme"))
from documents import documents, without_code  # noqa: E402

CODE = []  # patterns of sources whose comments and texts are checked, too
HISTORY = {"results/CHANGES.md": "quotes verdicts as they were"}


def retired(glossary):
    """{phrase: what to write} of the table below "Retired words"."""
    out = {}
    for line in glossary.split("## Retired words", 1)[1].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        for phrase in re.findall(r"`([^`]+)`", cells[0]) if line.startswith("|") else []:
            if phrase in out:
                problems.append(f"harness/GLOSSARY.md: '{phrase}' is listed twice")
            out[phrase] = cells[1]
    return out


def pattern(phrase):
    return re.compile(r"\b" + r"\s+".join(re.escape(word).replace(r"\*", "(?:s|ed|ing)?") for word in phrase.split()) + r"\b",
                      re.I)


problems = []
glossary = (root / "harness/GLOSSARY.md").read_text()
phrases = {phrase: (pattern(phrase), instead) for phrase, instead in retired(glossary).items()}
files = [path for path in documents() if str(path) not in HISTORY]
files += [path.relative_to(root) for entry in CODE for path in root.glob(entry)]
for file in files:
    text = (root / file).read_text()
    if str(file) == "harness/GLOSSARY.md":
        text = text.split("## Retired words", 1)[0]
    text = without_code(text) if file.suffix == ".md" else text
    for phrase, (found, instead) in phrases.items():
        for match in found.finditer(text):
            line = text[:match.start()].count("\n") + 1
            words = " ".join(match.group(0).split())
            problems.append(f"{file}:{line}: '{words}' is retired; write: {instead}")
if len(phrases) < 50 or len(files) < 10:
    problems.append(f"only {len(phrases)} phrases and {len(files)} files were found: this check looks in the wrong place")
# The check finds what it is for.
for text, phrase in (("it was\nTold", "was told"), ("stands on", "stand* on")):
    if not phrases[phrase][0].search(text):
        problems.append(f"'{phrase}' is not found in '{text}'")
print("\n".join(problems) or f"{len(files)} documents, none with one of {len(phrases)} retired phrases")
sys.exit(bool(problems))
