"""Checks words by harness/GLOSSARY.md: no document has a phrase of its table of retired words.

    words.py ROOT            exits with 1 where there is one
    words.py ROOT --code     lists those of all sources, too, for whoever rewrites them

A phrase is looked for in any case and across line ends, outside code and comments; a `*` is one of the endings -, s,
ed, ing. Sources that follow the glossary are in CODE: their comments and texts are checked as documents are, and they
may not have a name of the table of retired names.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tests/integration/readme"))
from documents import documents, without_code  # noqa: E402

CODE = []  # patterns of sources, such as "harness/protocols/*.h"
ALL_CODE = [f"{folder}/**/*.{ending}" for folder in ("harness", "encoders", "baselines", "experiments", "tests")
            for ending in ("h", "cpp", "inc", "toml", "py")]
# Where a comment or a text goes on in the next line.
CONTINUED = re.compile(r"\n\s*(///?<?|#)(?= )|\"\n\s*\"")


def retired(glossary, heading):
    """{phrase: what to write} of the table below the heading."""
    out = {}
    for line in glossary.split(f"## {heading}", 1)[1].split("\n## ", 1)[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        for phrase in re.findall(r"`([^`]+)`", cells[0]) if line.startswith("|") else []:
            if phrase in out:
                problems.append(f"harness/GLOSSARY.md: '{phrase}' is listed twice")
            out[phrase] = cells[1]
    return out


def pattern(phrase):
    words = (re.escape(word).replace(r"\*", "(?:s|ed|ing)?") for word in phrase.split())
    return re.compile(r"\b" + r"\s+".join(words) + r"\b", re.I)


problems = []
glossary = (root / "harness/GLOSSARY.md").read_text()
phrases = {phrase: (pattern(phrase), instead) for phrase, instead in retired(glossary, "Retired words").items()}
names = {name: (re.compile(rf"\b{name}\b"), instead) for name, instead in retired(glossary, "Retired names").items()}
files = documents()
sources = ALL_CODE if sys.argv[2:] == ["--code"] else CODE
files += sorted({path.relative_to(root) for entry in sources for path in root.glob(entry)})
for file in files:
    text = (root / file).read_text()
    if str(file) == "harness/GLOSSARY.md":
        text = text.split("## Retired words", 1)[0]
    text = without_code(text) if file.suffix == ".md" else text
    if file.suffix != ".md":
        text = CONTINUED.sub(lambda match: "\n" + " " * (len(match.group(0)) - 1), text)
    lower = text.lower()
    for phrase, (found, instead) in (phrases if file.suffix == ".md" else phrases | names).items():
        if phrase.lower().split()[0].rstrip("*") not in lower:
            continue  # a search that ignores case is slow
        for match in found.finditer(text):
            line = text[:match.start()].count("\n") + 1
            words = " ".join(match.group(0).split())
            problems.append(f"{file}:{line}: '{words}' is retired; write: {instead}")
if len(phrases) < 50 or len(files) < 10:
    problems.append(f"only {len(phrases)} phrases in {len(files)} files: this check looks in the wrong place")
# The check finds what it is for.
for text, phrase in (("it was\nTold", "was told"), ("stands on", "stand* on")):
    if not phrases[phrase][0].search(text):
        problems.append(f"'{phrase}' is not found in '{text}'")
print("\n".join(problems) or f"{len(files)} documents, none with one of {len(phrases)} retired phrases")
sys.exit(bool(problems))
