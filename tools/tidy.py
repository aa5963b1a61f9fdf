#!/usr/bin/env python3
"""The house rules that a machine can check; `./dev tidy` runs it over the whole tree.

Layers may include only what stands above them; files and functions keep to their budgets, with a
baseline that may only shrink; every file is formatted, opens with a comment, and names no machine.
Prints one line a finding, "path:line: rule: text", and exits 1 when there is one.
"""
import argparse
import ast
import os
import re
import subprocess
import sys
from typing import NamedTuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpp_scan  # noqa: E402

# Lowest first. A row includes rows above it in this list; layers of one row never each other.
ROWS = [
    ["base"],
    ["json", "outgoing", "git", "zip"],
    ["jsonpath", "templates"],
    ["jsonata", "intrinsics"],
    ["asl"],
    ["machine"],
    ["store"],
    ["objects"],
    ["runtime"],
    ["functions", "telemetry"],
    ["services"],
    ["api"],
    ["console"],
    ["cli"],
]
RANK = {layer: rank for rank, row in enumerate(ROWS) for layer in row}
# The store keeps bytes and knows nothing of workflows.
ONLY_BASE = {"store"}

FILE_LINES_MAX = 800
HEADER_LINES_MAX = 250
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100
BASELINE = "tools/tidy_baseline.txt"

CPP = (".cc", ".h")
CODE = CPP + (".py", ".sh", ".mjs", ".ts", ".tsx", ".cmake")
# Words are written with a bracket so that this file does not find itself.
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b")
MACHINE_PATHS = re.compile(r"(?:^|[^\w.~-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/")
FOREIGN_WORDS = re.compile(
    r"\b(?:[C]laude|[A]nthropic|[C]hatGPT|[C]opilot|[s]ubagent)\b|[C]o-Authored-By"
    r'|"[r]esolved": *"http|https?://(?:[r]egistry|[d]eb|[p]roxy|[s]tatic|[i]ndex|[f]iles)\.')


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Tree:
    """The files under `root` that git knows or would add (all files where there is no git)."""

    def __init__(self, root):
        self.root = root
        self.paths = sorted(p for p in self._list() if os.path.isfile(os.path.join(root, p)))
        self._texts = {}

    def _list(self):
        command = ["git", "-C", self.root, "ls-files", "-z", "--cached", "--others",
                   "--exclude-standard"]
        if os.path.exists(os.path.join(self.root, ".git")):
            return filter(None, subprocess.check_output(command).decode().split("\0"))
        return [os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root) for name in names]

    def text(self, path):
        """The file's text; empty for bytes that are no text."""
        if path not in self._texts:
            with open(os.path.join(self.root, path), "rb") as file:
                data = file.read()
            self._texts[path] = "" if b"\0" in data else data.decode("utf-8", "replace")
        return self._texts[path]

    def with_suffix(self, *suffixes):
        return [p for p in self.paths if p.endswith(suffixes)]


def layer_of(path):
    """"services/states" for src/services/states/..., "json" for src/json/..., else None."""
    parts = path.split("/")
    if parts[0] != "src" or len(parts) < 3:
        return None
    return "/".join(parts[1:3]) if parts[1] == "services" and len(parts) > 3 else parts[1]


def check_layers(tree):
    include = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
    for path in tree.with_suffix(*CPP):
        mine = layer_of(path)
        if mine is None:
            continue
        my_top = mine.split("/")[0]
        if my_top not in RANK:
            yield Finding(path, 1, "layer", f"'{my_top}' is no layer; see tools/tidy.py")
            continue
        text = tree.text(path)
        for match in include.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            theirs = layer_of("src/" + match.group(1))
            if theirs is None:
                yield Finding(path, line, "layer",
                              f'"{match.group(1)}" does not begin with a layer')
            elif theirs != mine and not may_include(mine, theirs):
                yield Finding(path, line, "layer", f"{mine} may not include {theirs}")


def check_layers_are_told(tree):
    """The bird's eye view shows every layer and service that there is."""
    if "ARCHITECTURE.md" not in tree.paths:
        return
    told = set(re.findall(r"`([a-z0-9]+)`", tree.text("ARCHITECTURE.md")))
    there = {layer_of(path) for path in tree.with_suffix(*CPP)} - {None}
    for layer in sorted(there):
        if layer.split("/")[-1] not in told and layer != "services":
            yield Finding("ARCHITECTURE.md", 1, "layer", f"does not tell of {layer}")


def may_include(mine, theirs):
    my_top, their_top = mine.split("/")[0], theirs.split("/")[0]
    if their_top not in RANK:
        return False
    if my_top in ONLY_BASE:
        return their_top == "base"
    return RANK[their_top] < RANK[my_top]


def check_file_budget(tree):
    for path in tree.with_suffix(*CODE):
        lines = tree.text(path).count("\n")
        limit = HEADER_LINES_MAX if path.endswith(".h") else FILE_LINES_MAX
        if lines > limit:
            yield Measured(path, 1, "file-budget", path, lines, limit)


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield cpp_scan.Function(node.name, node.lineno, node.end_lineno - node.lineno + 1)


def check_function_budget(tree):
    for path in tree.with_suffix(".cc", ".h", ".py"):
        if path.endswith("_test.cc"):
            continue  # a test is mostly its table, and a long table is not a long function
        find = python_functions if path.endswith(".py") else cpp_scan.functions
        for function in find(tree.text(path)):
            if function.lines > FUNCTION_LINES_MAX:
                yield Measured(path, function.line, "function-budget", f"{path} {function.name}",
                               function.lines, FUNCTION_LINES_MAX)


class Measured(NamedTuple):
    """Something over its budget; the baseline may excuse it by `key`."""
    path: str
    line: int
    rule: str
    key: str
    lines: int
    limit: int


def read_baseline(tree):
    """{(rule, key): lines} of the things that were too long when the rule came."""
    entries = {}
    if BASELINE not in tree.paths:
        return entries
    for line in tree.text(BASELINE).splitlines():
        if line and not line.startswith("#"):
            rule, key, lines = line.split("\t")
            entries[rule, key] = int(lines)
    return entries


def check_budgets(tree):
    baseline = read_baseline(tree)
    seen = {}
    for over in [*check_file_budget(tree), *check_function_budget(tree)]:
        allowed = baseline.get((over.rule, over.key))
        seen[over.rule, over.key] = max(over.lines, seen.get((over.rule, over.key), 0))
        if allowed is None:
            yield Finding(over.path, over.line, over.rule,
                          f"{over.key.split(' ')[-1]} has {over.lines} lines, {over.limit} at most")
        elif over.lines > allowed:
            yield Finding(over.path, over.line, over.rule,
                          f"grew from {allowed} to {over.lines} lines: it may only shrink")
    for (rule, key), allowed in baseline.items():
        now = seen.get((rule, key), 0)
        if now < allowed:
            yield Finding(BASELINE, 1, "ratchet",
                          f"{key} shrank to {now or 'within its budget'}: tools/tidy.py --shrink")


def shrink_baseline(tree):
    """Lowers and drops entries; never adds one."""
    now = {}
    for over in [*check_file_budget(tree), *check_function_budget(tree)]:
        now[over.rule, over.key] = max(over.lines, now.get((over.rule, over.key), 0))
    kept = [line for line in tree.text(BASELINE).splitlines() if line.startswith("#")]
    for (rule, key), allowed in read_baseline(tree).items():
        if (rule, key) in now:
            kept.append(f"{rule}\t{key}\t{min(allowed, now[rule, key])}")
    with open(os.path.join(tree.root, BASELINE), "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")


def check_columns(tree):
    for path in tree.with_suffix(*CODE, "CMakeLists.txt"):
        text = tree.text(path)
        excused = cpp_scan.raw_string_lines(text) if path.endswith(CPP) else ()
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > COLUMNS_MAX and number not in excused and "http" not in line:
                yield Finding(path, number, "columns",
                              f"{len(line)} columns, {COLUMNS_MAX} at most")


def check_words(tree):
    for path in tree.paths:
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if UNFINISHED.search(line):
                yield Finding(path, number, "unfinished", "finish it, or leave it out")
            if MACHINE_PATHS.search(line):
                yield Finding(path, number, "machine-path", "an absolute path of one machine")
            if FOREIGN_WORDS.search(line):
                yield Finding(path, number, "foreign-word", "does not belong into the repository")


def check_cpp_rules(tree):
    banned = [(re.compile(r"\bthrow\b"), "throws", "errors are values (base/result.h)"),
              (re.compile(r"\.detach\(\)"), "detached", "the owner of a thread joins it")]
    for path in tree.with_suffix(*CPP):
        if not path.startswith("src/") or path.endswith("_test.cc"):
            continue
        code = cpp_scan.code_only(tree.text(path))
        for pattern, rule, text in banned:
            for match in pattern.finditer(code):
                yield Finding(path, code.count("\n", 0, match.start()) + 1, rule, text)


def check_opening(tree):
    """A .cc may leave its opening words to its header, a test to the file it tests."""
    for path in tree.with_suffix(*CODE):
        text = tree.text(path)
        has_header = path.endswith(".cc") and path[:-3] + ".h" in tree.paths
        if not text.strip() or has_header or path.endswith("_test.cc"):
            continue
        lines = [line for line in text.splitlines() if line.strip()]
        if lines[0].startswith("#!"):
            lines = lines[1:]
        if not lines or not lines[0].startswith(("//", "/*", "#", '"""')) \
                or lines[0].startswith(("#pragma", "#include")):
            yield Finding(path, 1, "opening", "a file opens with a comment on what it is for")


def check_pragma_once(tree):
    for path in tree.with_suffix(".h"):
        code = cpp_scan.code_only(tree.text(path)).split()
        if code[:2] != ["#pragma", "once"]:
            yield Finding(path, 1, "pragma-once", "a header begins with #pragma once")


def check_decisions(tree):
    index = "docs/adr/README.md"
    records = [p for p in tree.paths if re.fullmatch(r"docs/adr/\d{4}-[a-z0-9-]+\.md", p)]
    listed = tree.text(index) if index in tree.paths else ""
    numbers = {}
    for path in records:
        name = os.path.basename(path)
        if f"({name})" not in listed:
            yield Finding(path, 1, "adr", f"not listed in {index}")
        if name[:4] in numbers:
            yield Finding(path, 1, "adr", f"has the number of {numbers[name[:4]]}")
        numbers[name[:4]] = name
    for name in re.findall(r"\((\d{4}-[^)]+\.md)\)", listed):
        if f"docs/adr/{name}" not in records:
            yield Finding(index, 1, "adr", f"lists {name}, which is not there")


def check_format(tree, formatter="clang-format-19"):
    paths = [p for p in tree.with_suffix(*CPP)]
    for first in range(0, len(paths), 50):
        done = subprocess.run([formatter, "--dry-run", "-Werror", *paths[first:first + 50]],
                              cwd=tree.root, capture_output=True, text=True, check=False)
        wrong = re.findall(r"^([^:\n]+):(\d+):\d+: error:", done.stderr, flags=re.M)
        for path, line in {path: line for path, line in reversed(wrong)}.items():
            yield Finding(path, int(line), "format", "run ./dev fmt")
        if done.returncode != 0 and not wrong:
            yield Finding(paths[first], 1, "format", done.stderr.strip())


RULES = [check_layers, check_layers_are_told, check_budgets, check_columns, check_words,
         check_cpp_rules, check_opening, check_pragma_once, check_decisions, check_format]


def main(arguments):
    parser = argparse.ArgumentParser(description="Checks the house rules over the whole tree.")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), ".."))
    parser.add_argument("--shrink", action="store_true", help="lower the baseline to what is there")
    options = parser.parse_args(arguments)
    tree = Tree(os.path.abspath(options.root))
    if options.shrink:
        shrink_baseline(tree)
        tree = Tree(tree.root)
    findings = [finding for rule in RULES for finding in rule(tree)]
    for finding in sorted(findings):
        print(finding)
    print(f"{len(tree.paths)} files checked, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
