#!/usr/bin/env python3
"""Shows that every rule of tidy.py fires on a small bad tree, and stays quiet on a good one."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpp_scan  # noqa: E402
import tidy  # noqa: E402

OPENING = "// What this file is for.\n"
HEADER = OPENING + "#pragma once\n"
TASK_WORD = "TO" + "DO"


def body(lines):
    """A function of `lines` lines, its first and last included."""
    return "int work() {\n" + "  step();\n" * (lines - 2) + "}\n"


# Rule, what is wrong, the tree.
BAD = [
    ("layer", "a lower layer includes a higher one",
     {"src/json/a.cc": OPENING + '#include "asl/model.h"\n'}),
    ("layer", "siblings of one row",
     {"src/jsonata/a.cc": OPENING + '#include "intrinsics/call.h"\n'}),
    ("layer", "the store knows more than base",
     {"src/store/a.cc": OPENING + '#include "json/value.h"\n'}),
    ("layer", "a service includes another",
     {"src/services/states/a.cc": OPENING + '#include "services/lambda/invoke.h"\n'}),
    ("layer", "functions include a service",
     {"src/functions/a.cc": OPENING + '#include "services/lambda/invoke.h"\n'}),
    ("layer", "an include that names no layer",
     {"src/json/a.cc": OPENING + '#include "value.h"\n'}),
    ("layer", "a folder that is no layer", {"src/misc/a.cc": OPENING}),
    ("layer", "a service that the overview leaves out",
     {"ARCHITECTURE.md": "| `services/*` | `states` |\n",
      "src/services/states/a.cc": OPENING, "src/services/lambda/a.cc": OPENING}),
    ("file-budget", "a long file", {"src/json/a.cc": OPENING + "int x;\n" * 800}),
    ("file-budget", "a long header", {"src/json/a.h": HEADER + "int x;\n" * 249}),
    ("function-budget", "a long function", {"src/json/a.cc": OPENING + body(71)}),
    ("function-budget", "a long method",
     {"src/json/a.cc": OPENING + "struct A {\n  int run() const noexcept {\n"
      + "    step();\n" * 70 + "  }\n};\n"}),
    ("function-budget", "a long Python function",
     {"tools/a.py": "# What this file is for.\ndef f():\n" + "    pass\n" * 71}),
    ("function-budget", "an excused function grew",
     {"src/json/a.cc": OPENING + body(81),
      tidy.BASELINE: "function-budget\tsrc/json/a.cc work\t80\n"}),
    ("ratchet", "an excused function shrank, its excuse stayed",
     {"src/json/a.cc": OPENING + body(75),
      tidy.BASELINE: "function-budget\tsrc/json/a.cc work\t80\n"}),
    ("ratchet", "an excuse that nothing needs",
     {tidy.BASELINE: "file-budget\tsrc/json/gone.cc\t900\n"}),
    ("columns", "a long line", {"src/json/a.cc": OPENING + "// " + "x" * 98 + "\n"}),
    ("columns", "a long line in CMake", {"src/json/CMakeLists.txt": "#" * 101 + "\n"}),
    ("unfinished", "a reminder", {"docs/a.md": f"{TASK_WORD}: write this\n"}),
    ("machine-path", "a home directory", {"docs/a.md": "see /home" + "/someone/notes\n"}),
    ("machine-path", "a workplace", {"dev": "cd /wo" + "rk/main\n"}),
    ("foreign-word", "an author that is none", {"a.md": "Co-Authored" + "-By: x\n"}),
    ("throws", "an exception thrown", {"src/json/a.cc": OPENING + "void f() { throw 1; }\n"}),
    ("detached", "a thread nobody joins",
     {"src/runtime/a.cc": OPENING + "void f(T& t) { t.detach(); }\n"}),
    ("opening", "a file that says nothing", {"src/json/a.cc": "int x;\n"}),
    ("opening", "a script that says nothing", {"tools/a.sh": "#!/bin/bash\nset -e\n"}),
    ("opening", "a header that says nothing", {"src/json/a.h": "#pragma once\n"}),
    ("pragma-once", "a header without it", {"src/json/a.h": OPENING + "int x;\n"}),
    ("adr", "a decision not in the index",
     {"docs/adr/0002-x.md": "x", "docs/adr/README.md": ""}),
    ("adr", "an index entry without its decision",
     {"docs/adr/README.md": "[x](0003-y.md)\n"}),
    ("adr", "two decisions of one number",
     {"docs/adr/0002-x.md": "", "docs/adr/0002-y.md": "",
      "docs/adr/README.md": "[x](0002-x.md) [y](0002-y.md)\n"}),
    ("format", "an unformatted file", {"src/json/a.cc": OPENING + "int   x;\n"}),
]

GOOD = {
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\n",
    "src/json/a.h": HEADER + "\nint f();\n",
    # Words in comments and strings are no code; a raw string may be as long as it likes.
    "src/json/a.cc": '#include "json/a.h"\n\n#include "base/result.h"\n\n// We never throw.\n'
                     'const char* kText =\n    R"(' + "x" * 120 + ')";\n\n' + body(70),
    "src/services/states/a.cc": OPENING + '#include "services/states/b.h"\n'
                                '#include "store/store.h"\n',
    "src/services/states/b.h": HEADER,
    "src/cli/main.cc": OPENING + '#include "api/server.h"\n#include "services/lambda/x.h"\n',
    "tools/long.py": "# Old and long.\ndef f():\n" + "    pass\n" * 74,
    tidy.BASELINE: "# rule, key, lines\nfunction-budget\ttools/long.py f\t75\n",
    "docs/adr/0001-x.md": "x\n",
    "docs/adr/README.md": "[x](0001-x.md)\n",
}


def findings(files):
    """Runs tidy over a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)) or root, exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        tree = tidy.Tree(root)
        return [found for rule in tidy.RULES for found in rule(tree)]


class TidyTest(unittest.TestCase):
    def test_every_rule_fires(self):
        style = {".clang-format": GOOD[".clang-format"]}
        for rule, what, files in BAD:
            with self.subTest(what):
                self.assertIn(rule, [found.rule for found in findings({**style, **files})])

    def test_a_good_tree_has_no_findings(self):
        self.assertEqual([], [str(found) for found in findings(GOOD)])

    def test_shrink_lowers_and_drops_but_never_adds(self):
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(os.path.join(root, "tools"))
            path = os.path.join(root, tidy.BASELINE)
            with open(path, "w", encoding="utf-8") as file:
                file.write("# kept\nfunction-budget\ttools/a.py f\t99\nfile-budget\tgone.cc\t900\n")
            with open(os.path.join(root, "tools/a.py"), "w", encoding="utf-8") as file:
                file.write("# A.\n" + "".join(
                    f"def {name}():\n" + "    pass\n" * 80 for name in ("f", "g")))
            with contextlib.redirect_stdout(io.StringIO()):
                status = tidy.main(["--root", root, "--shrink"])
            self.assertEqual(1, status)  # g is too long, and no excuse was made for it
            with open(path, encoding="utf-8") as file:
                self.assertEqual("# kept\nfunction-budget\ttools/a.py f\t81\n", file.read())


class FunctionsTest(unittest.TestCase):
    CASES = [
        ("int f() {\n  return 1;\n}\n", [("f", 1, 3)]),
        ("namespace a {\nvoid g() {}\n}  // namespace a\n", [("g", 2, 1)]),
        ("struct S {\n  S() : a_{1}, b_(2) {\n    go();\n  }\n  int a_{0};\n};\n", [("S", 2, 3)]),
        ("bool operator==(const A& a, const A& b) {\n  return true;\n}\n", [("operator==", 1, 3)]),
        ("template <class T>\nauto h(T t)\n    -> int {\n  return t;\n}\n", [("h", 1, 5)]),
        ("const int kTable[] = {\n  1,\n  f(2),\n};\nint k() {\n}\n", [("k", 5, 2)]),
        ("void f() {\n  auto g = [&](int x) {\n    return x;\n  };\n}\n", [("f", 1, 5)]),
        ('void f() {\n  s = "}";\n  c = \'{\';\n  // }\n}\n', [("f", 1, 5)]),
        ("#define M(x) \\\n  do {    \\\n  } while (0)\nint f() {\n}\n", [("f", 4, 2)]),
        ('const char* t = R"(void f() {\n)";\nint g() {\n}\n', [("g", 3, 2)]),
    ]

    def test_functions_are_found_with_their_length(self):
        for text, expected in self.CASES:
            with self.subTest(text):
                self.assertEqual(expected, [tuple(f) for f in cpp_scan.functions(text)])


if __name__ == "__main__":
    unittest.main()
