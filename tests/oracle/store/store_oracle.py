"""Checks the store's files through h5py, pandas and h5dump, and its reading of theirs.

store_oracle.py STORE_ORACLE README: the program of store_oracle.cpp, and results/README.md, whose
Python is run as it stands there.
"""
import hashlib
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

PROGRAM, README = sys.argv[1], pathlib.Path(sys.argv[2])


def same(found, expected, what):
    if isinstance(expected, float) and math.isnan(expected):
        assert math.isnan(found), (what, found, expected)
    else:
        assert found == expected, (what, found, expected)


def values(dataset):
    return (dataset.asstr()[:] if dataset.dtype.kind in "OS" else dataset[:]).tolist()


def check_columns(group, objects, what):
    """A group of columns against a list of JSON objects; null is NaN."""
    assert len({len(column) for column in group.values()}) == 1, what
    for i, item in enumerate(objects):
        item = dict(item)
        item.update(item.pop("chosen", {}))
        assert set(item) == set(group), (what, set(item) ^ set(group))
        for key, expected in item.items():
            same(values(group[key])[i], math.nan if expected is None else expected, (what, key, i))


def check_object(group, expected, what):
    """A group against a JSON object: plain fields are attributes, lists are below."""
    for key, value in expected.items():
        where = (what, key)
        if isinstance(value, dict):
            same(dict(group[key].attrs), value, where)
        elif not isinstance(value, list):
            same(group.attrs[key], math.nan if value is None else value, where)
        elif value and isinstance(value[0], dict) and "000" in group[key]:
            assert sorted(group[key]) == [f"{i:03}" for i in range(len(value))], where
            for i, item in enumerate(value):
                check_object(group[key][f"{i:03}"], item, where + (i,))
        elif not value and len(group[key]) == 0:
            pass
        elif isinstance(group[key], h5py.Dataset):
            same(values(group[key]), value, where)
        else:
            check_columns(group[key], value, where)


def check_results(folder):
    expected = json.loads((folder / "results.json").read_text())
    with h5py.File(folder / "results.h5") as file:
        assert file.attrs["schema"] == "musicrep-results"
        assert file.attrs["schema_version"] == 4
        same(values(file["experiment_toml"]), [expected.pop("experiment_toml")], "toml")
        same(dict(file["volatile"].attrs), expected.pop("volatile_facts"), "volatile")
        check_object(file, expected, "results")
        table = {key: values(column) for key, column in file["table"].items()}
        same(table["encoder"], ["mfcc", "tlm", "broken"], "table")
        same(table["letters"], ["ab", "a", ""], "table")
        same(table["score"][:2], [0.61, 0.61], "table")
        same(table["score"][2], math.nan, "table")
        same(table["failure"][2], "item 'x': no features", "table")
        checked = file["rows/000/targets/000/truth"]
        assert checked.dtype == "<f8" and not checked.chunks  # little: in its object's header
    # The documented way to pandas.
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.S).group(1)
    scope = {}
    exec(code.replace("results.h5", str(folder / "results.h5")), scope)  # our own README
    assert list(scope["table"].encoder) == ["mfcc", "tlm", "broken"]


def check_artefacts(folder):
    expected = np.arange(1200.0).reshape(4, 300) / 8
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in ('{"encoder":"mfcc"}', "1")]
    for key, dtype in zip(keys, ("<f4", "<f8")):
        with h5py.File(folder / "store" / "embeddings" / f"{key}.h5") as file:
            assert file.attrs["key"] == key and file.attrs["version"] == 2
            assert file["values"].dtype == dtype, file["values"].dtype
            large = file["values"].nbytes > 4096
            assert (file["values"].fletcher32 and file["values"].compression == "gzip") == large
            same(file["values"][1:].tolist(), expected[1:].tolist(), "values")
            same(values(file["ids"]), ["a", "", "初音ミク"], "ids")
            same(values(file["frames"]), [1, 2, 1], "frames")


def check_changed_results(folder):
    """What h5py changes in results.h5 is seen and named; what it leaves alone is fine."""
    def message_after(change):
        path = folder / "changed.h5"
        shutil.copy(folder / "results.h5", path)
        with h5py.File(path, "r+") as file:
            change(file)
        return subprocess.run([PROGRAM, "results", path], capture_output=True, text=True,
                              check=True).stdout.strip()

    def shorten(file):
        grid = file["rows/000/targets/000/grid"]
        shorter = grid["c"][1:]
        del grid["c"]
        grid["c"] = shorter

    def remove(name):
        def change(file):
            del file[name]
        return change

    def set_attribute(group, name, value):
        return lambda file: file[group].attrs.create(name, value)

    same(message_after(lambda file: None), "", "rewritten")
    same(message_after(set_attribute("volatile", "host", "other")), "", "volatile")
    same(message_after(remove("table")), "", "table")
    for change, part in (
        (shorten, "column '/rows/000/targets/000/grid/c' has 2 entries, expected 3"),
        (remove("rows/001"), "there is no object '/rows/001'"),
        (remove("rows/000/item_ids"), "there is no data set '/rows/000/item_ids'"),
        (set_attribute("rows/000", "score", 0.62), "is damaged or was changed"),
        (set_attribute("rows/000", "score", "high"), "attribute 'score' of '/rows/000' holds texts"),
        (set_attribute("/", "schema_version", 7), "has schema version 7; this program reads versions 3 to 4"),
        (set_attribute("/", "schema", "x"), "is not a results file of musicrep"),
    ):
        message = message_after(change)
        assert part in message and "changed.h5" in message, (part, message)


def check_dump(path):
    dump = subprocess.run(["h5dump", "-H", path], capture_output=True, text=True, check=True)
    assert not dump.stderr, dump.stderr
    return dump.stdout


def check_reading(folder):
    path = folder / "theirs.h5"
    matrix = np.arange(12.0).reshape(4, 3) / 4
    with h5py.File(path, "w") as file:
        file["float32"] = matrix.astype("<f4")
        file["big_endian"] = matrix.astype(">f8")
        file.create_dataset("gzip", data=np.zeros((500, 300)), compression="gzip", shuffle=True)
        file.create_dataset("resizable", data=matrix, chunks=(100, 3), maxshape=(None, 3))
        file.create_dataset("lzf", data=matrix, compression="lzf")
        file["int32"] = np.array([-1, 2, 3], "<i4")
        file["uint8"] = np.array([0, 255], "u1")
        file["uint64"] = np.array([2**64 - 1], "u8")
        file["fixed"] = np.array([b"abc", b"", b"de"])
        file["fixed_utf8"] = np.array(["ä".encode(), b"xyz"], h5py.string_dtype("utf-8", 3))
        space = h5py.h5t.C_S1.copy()
        space.set_size(4)
        space.set_strpad(h5py.h5t.STR_SPACEPAD)
        blank = h5py.h5d.create(file.id, b"padded", space, h5py.h5s.create_simple((2,)))
        blank.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab  ", b"c   "], "S4"), mtype=space)
        file["variable"] = ["x", "", "ÿ"]
        file.create_dataset("latin", data=np.array([b"\xe4\xf6"]))
        file["bool"] = np.array([True, False])
        file["scalar"] = 3.5
        file["cube"] = np.zeros((2, 2, 2))
        file.create_dataset("never_written", (1 << 40,), "f8")
        file.create_dataset("never_chunked", (1 << 40,), "f8", chunks=(1 << 20,))
        file.create_dataset("bomb", (1 << 20, 1 << 20), "f4", compression="gzip")
        file["bomb"][0, 0] = 1
        file["empty"] = h5py.Empty("f4")
        file["group/x"] = 1
        file.create_dataset("outside", (4,), "f8", external=[("/etc/passwd", 0, 32)])
        file.attrs["int32"] = np.int32(-5)
        file.attrs["float32"] = np.float32(0.5)
        file.attrs["variable"] = "ü"
        file.attrs["fixed"] = np.bytes_(b"fixed")
        file.attrs["array"] = np.array([1.0, 2.0])
        file.attrs["one"] = np.array([7])
    read = subprocess.run([PROGRAM, "read", path], capture_output=True, text=True, check=True)
    assert not read.stderr, read.stderr
    found = json.loads(read.stdout)
    flat = matrix.ravel().tolist()
    for key, expected in {
        "matrix float32": flat, "matrix big_endian": flat, "matrix resizable": flat,
        "matrix gzip": [0.0] * 150000, "shape gzip": [500, 300],
        "integers int32": [-1, 2, 3], "numbers int32": [-1.0, 2.0, 3.0],
        "integers uint8": [0, 255], "matrix uint8": [0.0, 255.0],
        "texts fixed": ["abc", "", "de"], "texts fixed_utf8": ["ä", "xyz"],
        "texts padded": ["ab", "c"], "texts variable": ["x", "", "ÿ"],
        "integer @int32": -5, "number @int32": -5.0, "number @float32": 0.5,
        "text @variable": "ü", "text @fixed": "fixed", "integer @one": 7,
    }.items():
        same(found[key], expected, key)
    for key, part in {
        "integers uint64": "does not fit", "numbers uint64": "does not fit",
        "texts latin": "item 0 of data set '/latin' holds bytes that are not UTF-8",
        "matrix lzf": "went through filter 32000, which this HDF5 library lacks",
        "numbers bool": "holds enumerated values", "numbers scalar": "has shape a single value",
        "matrix cube": "has shape [2, 2, 2], expected one or two dimensions",
        "numbers never_written": "declares 8796093022208 bytes, but the file holds 0",
        "numbers never_chunked": "but the file holds 0", "matrix bomb": "compressed",
        "numbers empty": "not even a shape", "numbers group": "is a group",
        "numbers outside": "points to other files", "integers float32": "expected one dimension",
        "number @array": "holds 2 values, expected 1", "integer @float32": "whole number",
        "text @int32": "expected a text", "texts int32": "expected texts",
    }.items():
        assert str(found[key]).startswith("refused: '") and part in found[key], (key, found[key])
        assert "theirs.h5" in found[key], found[key]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    subprocess.run([PROGRAM, "write", folder], check=True)
    check_results(folder)
    check_changed_results(folder)
    check_artefacts(folder)
    for each in [folder / "results.h5", *folder.glob("store/*/*.h5")]:
        check_dump(each)
    dump = check_dump(folder / "results.h5")
    assert 'GROUP "targets"' in dump and 'DATASET "predicted"' in dump
    check_reading(folder)
print("all agree")
