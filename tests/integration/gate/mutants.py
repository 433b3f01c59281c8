"""Small faults, each one line of one source file, to be caught by `musicrep check`.

    mutants.py list                    names
    mutants.py source NAME             the source file that it is planted in
    mutants.py plant NAME ROOT OUT     writes that file with the fault
"""
import pathlib
import sys

# name: (source, what stands there, what the fault puts in its place)
MUTANTS = {
    # The first filter of every mel bank begins 5 % of a filter's width too high.
    "mel_edge": (
        "harness/frontend/mel.cpp",
        "const double left = corners[m];",
        "const double left = corners[m] + (m == 0 ? 0.05 : 0) * (corners[1] - corners[0]);"),
    # The window that spectra are taken through is one sample too wide.
    "window_width": (
        "harness/frontend/stft.cpp",
        "/ static_cast<double>(length);",
        "/ static_cast<double>(length + 1);"),
    # Folds that are dealt out in another order.
    "shuffled_folds": (
        "harness/protocols/folds.cpp",
        "NumpyRandomState(rule.seed).shuffle(order);",
        "NumpyRandomState(rule.seed + 1).shuffle(order);"),
    # Test items are among those that the scaler learns means and deviations from.
    "leaking_scaler": (
        "harness/probe/fit.cpp",
        "apply_scaler(x, fit_scaler(x, splits[group.split].train)));",
        "apply_scaler(x, fit_scaler(x, everybody)));"),
    # RBF kernels a tenth wider than the protocol says.
    "kernel_width": (
        "harness/probe/fit.cpp",
        "return config.gamma.value;",
        "return config.gamma.value / 1.1;"),
    # Vectors centred on the mean of their batch: one clip alone is as ever.
    "batch_normalised": (
        "baselines/mfcc/mfcc.cpp",
        "out.push_back(encode_one(signal));",
        "out.push_back(encode_one(signal));\n"
        "  double mean = 0;\n"
        "  for (const Matrix& m : out) mean += m.at(0, 0) / static_cast<double>(out.size());\n"
        "  if (out.size() > 1) {\n"
        "    for (Matrix& m : out) m.at(0, 0) -= mean;\n"
        "  }"),
    # No fault: what a mutant is built from gives the program's own results.
    "none": ("harness/probe/fit.cpp", "return config.gamma.value;", "return config.gamma.value;"),
}
ALSO = {
    "leaking_scaler": (
        "    const auto scaled = [&] {\n",
        "    std::vector<std::uint32_t> everybody(x.rows());\n"
        "    std::iota(everybody.begin(), everybody.end(), 0U);\n"
        "    const auto scaled = [&] {\n"),
}


def planted(name, root):
    source, old, new = MUTANTS[name]
    text = (pathlib.Path(root) / source).read_text()
    for before, after in [(old, new), *([ALSO[name]] if name in ALSO else [])]:
        if text.count(before) != 1:
            sys.exit(f"mutant {name}: '{before}' stands {text.count(before)} times in {source}, expected once")
        text = text.replace(before, after)
    return text


if __name__ == "__main__":
    if sys.argv[1] == "list":
        print(";".join(MUTANTS), end="")
    elif sys.argv[1] == "source":
        print(MUTANTS[sys.argv[2]][0], end="")
    else:
        pathlib.Path(sys.argv[4]).write_text(planted(sys.argv[2], sys.argv[3]))
