"""Checks who includes whom: a part of the harness includes only the parts that its CMakeLists.txt USES
(and what those use), each third-party library has its one user, and public headers include nothing but
the standard library and each other."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
harness = root / "harness"
problems = []

uses = {}
for lists in [*harness.rglob("CMakeLists.txt"), *root.glob("encoders/*/CMakeLists.txt"), *root.glob("baselines/*/CMakeLists.txt")]:
    for call in re.finditer(r"musicrep_add_(?:part|encoder|network)\((\w+)(.*?)\n?\s*\)", lists.read_text(), re.S):
        used = re.search(r"\bUSES\s+(.*?)(?:\bLINKS\b|$)", call.group(2), re.S)
        uses[lists.parent] = set(used.group(1).split()) if used else set()
folders = {folder.relative_to(harness).name: folder for folder in uses if harness in folder.parents}


def reach(folder, seen=()):
    out = set(uses[folder])
    for part in uses[folder]:
        if part in seen:
            problems.append(f"{folder}: parts use each other in a circle: {' -> '.join((*seen, part))}")
            continue
        if part in folders:
            out |= reach(folders[part], (*seen, part))
    return out


# Who alone may include a library's headers.
only = {
    "hdf5.h": ["harness/store"], "H5": ["harness/store"], "libsvm/": ["harness/probe"],
    "cblas.h": ["harness/probe"], "boost/program_options": ["harness/cli"], "toml++/": ["harness/formats"],
    "zip.h": ["harness/formats"], "zlib.h": ["harness/formats"], "openssl/": ["harness/core"],
    "torch/": ["harness/nn", "encoders", "baselines"], "ATen/": ["harness/nn", "encoders", "baselines"],
    "kissfft/": ["harness/frontend", "harness/deform"], "rubberband/": ["harness/deform"],
    "sndfile": ["harness/audio", "harness/deform", "harness/datasets/orchestrion"], "soxr": ["harness/audio"], "mpg123": ["harness/audio"],
    "fluidsynth": ["harness/datasets/orchestrion"], "google/protobuf/": ["harness/datasets"],
}
n_includes = 0
for source in [*harness.rglob("*.h"), *harness.rglob("*.cpp"), *harness.rglob("*.inc"),
               *root.glob("encoders/**/*.[hc]*"), *root.glob("baselines/**/*.[hc]*")]:
    if source.suffix not in (".h", ".cpp", ".inc"):
        continue
    where = source.relative_to(root)
    owner = next((folder for folder in [source.parent, *source.parents] if folder in uses), None)
    public = (harness / "include") in source.parents
    for line, text in enumerate(source.read_text().splitlines(), 1):
        found = re.match(r'\s*#include ([<"])([^>"]+)[>"]', text)
        if not found:
            continue
        n_includes += 1
        quoted, name = found.group(1) == '"', found.group(2)
        at = f"{where}:{line}: includes {name}"
        for library, users in only.items():
            if not quoted and name.startswith(library) and not any(str(where).startswith(user) for user in users):
                problems.append(f"{at}, which is for {' and '.join(users)} alone")
        if public:
            if (quoted and not name.startswith("musicrep/")) or (not quoted and ("/" in name or name.endswith(".h"))):
                problems.append(f"{at}: a public header sees the standard library alone")
            continue
        if not quoted or name.startswith("musicrep/") or owner is None:
            continue
        part = next((each for each in reversed(name.split("/")[:-1]) if each in folders), "")
        if part == "contract" and source.name.endswith("_test.cpp"):
            continue  # what is next to an encoder to test it
        if part and folders[part] != owner and part not in reach(owner):
            problems.append(f"{at}: its part does not USE '{part}'")

if n_includes < 200:
    problems.append(f"only {n_includes} includes were found: this check looks in the wrong place")
print("\n".join(problems) or f"{n_includes} includes, all as they should be")
sys.exit(bool(problems))
