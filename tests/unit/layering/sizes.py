"""Checks that files, folders, parameter lists and functions stay small enough to be read.

    sizes.py ROOT            exits with 1 where one is too long

Of harness/, encoders/ and baselines/: files of at most 400 lines, folders of at most 25 sources (a header counts with
its source), functions of at most 80 lines and 6 parameters. ALLOWED lists the exceptions, each with its reason; one
that is not needed any more is refused, too.
"""
import pathlib
import re
import sys

FOLDERS = ("harness", "encoders", "baselines")
SOURCES = (".cpp", ".inc", ".py", ".js")
MOST_LINES, MOST_SOURCES, MOST_PARAMETERS, MOST_FUNCTION_LINES = 400, 25, 6, 80

LOOP = "a solver's inner loop: pointers and counts in registers, one version for each instruction set"
STYLE = "a table: what musicians of one style play"
# {(file, function, or "" for the file itself): reason}
ALLOWED = {
    ("harness/probe/simd.h", "update_and_find_max"): LOOP,
    ("harness/probe/simd.h", "find_partner"): LOOP,
    ("harness/probe/simd.cpp", "update_and_find_max"): LOOP,
    ("harness/probe/simd.cpp", "find_partner"): LOOP,
    ("harness/probe/simd_loops.inc", "update_and_find_max"): LOOP,
    ("harness/probe/simd_loops.inc", "find_partner"): LOOP,
    ("harness/weights/pickle.cpp", "step"): "a machine: one case for each opcode of pickle",
    ("harness/datasets/orchestrion/labels.cpp", "label_of_program"): "a table: the programs of General MIDI",
    ("harness/datasets/orchestrion/styles/classical.cpp", "classical_style"): STYLE,
    ("harness/datasets/orchestrion/styles/jazz.cpp", "jazz_style"): STYLE,
    ("harness/datasets/orchestrion/styles/pop.cpp", "pop_style"): STYLE,
    ("harness/datasets/orchestrion/styles/rock.cpp", "rock_style"): STYLE,
}

NO_FUNCTION = {"if", "for", "while", "switch", "catch", "return", "sizeof", "alignas", "decltype", "noexcept", "requires",
               "static_assert", "defined", "assert"}
# What comes between a parameter list and a body, or the end of a declaration.
AFTER = re.compile(r"\s*(?:(?:const|noexcept|override|final|mutable)\b\s*)*(?:->\s*[^;{]*?)?(?:=\s*(?:0|default|delete)\s*)?"
                   r"(?::(?!:)[^;]*?)?(?P<end>[{;])")
# `type name`, `type name = value`, or a type alone.
PARAMETER = re.compile(r"^(?:\[\[\w+\]\]\s*)?(?:[\w:<>,\s\[\]()*&.]+?[\s&*>]+\w+(?:\[\])?(?:\s*=.*)?"
                       r"|(?:const\s+)?[\w:<>,\s]+[&*]+|(?:const\s+)?(?:double|float|bool|int|std::\w+))$", re.S)


def without_texts(code):
    """The code with blanks for comments, literals and lines of the preprocessor; lines stay where they are."""
    def blank(match):
        found = match.group(0)
        lines = "\n" * found.count("\n")
        return '""' + lines if found[0] in 'R"' else "0" if found[0] == "'" else lines
    code = re.sub(r"//[^\n]*|/\*.*?\*/|R\"(\w*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|(?<![\w])'(?:\\.|[^'\\\n])+'", blank,
                  code, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: "\n" * match.group(0).count("\n"), code, flags=re.M)


def close_of(code, begin):
    """Where the bracket at `begin` is closed; -1: nowhere."""
    depth = 0
    for at in range(begin, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return -1


def parts_of(text):
    """What commas separate, outside of brackets."""
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        if char in "([{<":
            depth += 1
        elif char in ")]}" or (char == ">" and text[at - 1] != "-"):
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[begin:at])
            begin = at + 1
    return [part.strip() for part in [*parts, text[begin:]] if part.strip()]


def functions_of(code):
    """(name, line, lines, number of parameters) of each function that is declared or defined; lines is 0 of a
    declaration."""
    code = without_texts(code)
    for match in re.finditer(r"(\w+|\])\s*\(", code):
        name, opened = match.group(1), match.end() - 1
        closed = close_of(code, opened)
        if name in NO_FUNCTION or closed < 0:
            continue
        parameters = parts_of(code[opened + 1:closed])
        after = AFTER.match(code, closed + 1)
        if after is None or not all(PARAMETER.match(parameter) for parameter in parameters):
            continue
        line = code.count("\n", 0, match.start()) + 1
        end = after.start("end")
        lines = code.count("\n", match.start(), close_of(code, end)) + 1 if after["end"] == "{" else 0
        yield "lambda" if name == "]" else name, line, lines, len(parameters)


def problems_of(file, text):
    """(function or "", message) for all that is too long in a file."""
    n_lines = text.count("\n")
    if n_lines > MOST_LINES:
        yield "", f"{file}: found {n_lines} lines, expected {MOST_LINES} at most"
    if pathlib.Path(file).suffix not in (".h", ".cpp", ".inc"):
        return
    for name, line, lines, n_parameters in functions_of(text):
        if n_parameters > MOST_PARAMETERS:
            yield name, (f"{file}:{line}: {name}() has {n_parameters} parameters, expected {MOST_PARAMETERS} at most: "
                         "gather what belongs together in a struct")
        if lines > MOST_FUNCTION_LINES:
            yield name, f"{file}:{line}: {name}() has {lines} lines, expected {MOST_FUNCTION_LINES} at most"


def folder_problem(folder, names):
    n_sources = sum(name.endswith(SOURCES) for name in names)
    if n_sources <= MOST_SOURCES:
        return None
    return f"{folder}: found {n_sources} sources, expected {MOST_SOURCES} at most: make a folder for some of them"


def check_planted():
    """The check finds what it is for, and nothing else."""
    seven = "int a, const std::string& b, std::map<int, int> c, double d, bool e, std::span<const float> f, T&& g = {}"
    body = "  work();\n" * 80
    found = {
        f"void f({seven});\n": "7 parameters",
        f"struct S {{\n  S({seven}) : a_(a), b_{{b}} {{}}\n}};\n": "7 parameters",
        f"const auto f = [&]({seven}) {{ return 1; }};\n": "7 parameters",
        "Best f(double*, const float*, const float*, double, double, const double*, std::size_t);\n": "7 parameters",
        f"int C::f(int a) const {{\n{body}}}\n": "82 lines",
        f"C::C(int a)\n    : a_(a) {{\n{body}}}\n": "83 lines",
        "\n" * 401: "401 lines",
    }
    for code, message in found.items():
        if not any(message in problem for _, problem in problems_of("planted.cpp", code)):
            yield f"'{message}' is not found in planted code that begins with '{code[:60]}'"
    six = seven.rsplit(", ", 1)[0]
    for code in (f"void f({six});\n", f"// void f({seven});\n", 'call(a, b, c, d, e, "f, g", h);\n',
                 f"void f() {{\n{body[:-20]}}}\n", f"namespace a {{\n{body}}}\n", f"struct A {{\n{body}}};\n",
                 "\n" * 400):
        for _, problem in problems_of("planted.cpp", code):
            yield f"planted code without a mistake: {problem}"
    names = [f"{n}.cpp" for n in range(25)] + [f"{n}.h" for n in range(25)]
    if folder_problem("planted", names) or not folder_problem("planted", [*names, "more.cpp"]):
        yield "the number of sources in a planted folder is not counted"


def main(root):
    problems = list(check_planted())
    unused = dict(ALLOWED)
    n_functions = 0
    for top in FOLDERS:
        for folder in [root / top, *sorted(path for path in (root / top).rglob("*") if path.is_dir())]:
            files = sorted(path for path in folder.iterdir() if path.suffix in (".h", *SOURCES))
            problems += filter(None, [folder_problem(folder.relative_to(root), [file.name for file in files])])
            for path in files:
                file, text = path.relative_to(root).as_posix(), path.read_text()
                n_functions += sum(lines > 0 for _, _, lines, _ in functions_of(text))
                for name, problem in problems_of(file, text):
                    unused.pop((file, name), None)
                    if (file, name) not in ALLOWED:
                        problems.append(problem)
    problems += [f"{file}: the exception for '{name}' is not needed" for file, name in unused]
    if n_functions < 3000:
        problems.append(f"only {n_functions} functions were found: this check looks in the wrong place")
    print("\n".join(problems) or f"{n_functions} functions, none too long but {len(ALLOWED)} exceptions")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
