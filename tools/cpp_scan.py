"""Reads C++ just well enough to measure it: comments and literals blanked out, functions found by
their braces. No parser, so it is fast and needs nothing installed; it expects clang-formatted code.
"""
import re
from typing import NamedTuple


class Function(NamedTuple):
    name: str
    line: int
    lines: int


_TOKEN = re.compile(
    r"//[^\n]*"
    r"|/\*.*?\*/"
    r'|R"(?P<delimiter>[^()\\ \n]{0,16})\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'",
    re.S)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def code_only(text):
    """The text with comments and literals replaced by blanks; offsets and lines stay."""
    return _TOKEN.sub(_blank, text)


def raw_string_lines(text):
    """Numbers of the lines that a raw string touches: no formatter can break them."""
    lines = set()
    for match in _TOKEN.finditer(text):
        if match.group(0).startswith('R"'):
            first = text.count("\n", 0, match.start()) + 1
            lines.update(range(first, first + match.group(0).count("\n") + 1))
    return lines


def _without_directives(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", _blank, code, flags=re.M)


_TYPE = re.compile(r"\b(?:class|struct|union|enum)\b[^()]*$")
_NAMESPACE = re.compile(r"\b(?:namespace\b[^()]*|extern\s*)$")
_NAME = re.compile(r"([~\w:]+|operator\s*[^\s(]+)\s*\(")


def _kind(header):
    if _NAMESPACE.search(header):
        return "namespace"
    if _TYPE.search(header):
        return "type"
    if "(" in header and not header.rstrip().endswith("="):
        return "function"
    return "other"


def _is_member_initialiser(header):
    """`Foo() : a_{1}` opens a brace that is not the body."""
    return re.search(r"\)\s*(?:noexcept\s*)?:[^:]", header) and re.search(r"[\w>]\s*$", header)


def functions(text):
    """Every function with a body; a lambda counts for the function around it."""
    code = _without_directives(code_only(text))
    found, scopes = [], []
    start = 0  # where the declaration that is being read begins
    for match in re.finditer(r"[{};]", code):
        at, char = match.start(), match.group(0)
        inside = any(kind in ("function", "other") for kind, _ in scopes)
        header = code[start:at]
        if char == "{":
            if inside:
                scopes.append(("other", None))
                continue
            if _is_member_initialiser(header):
                scopes.append(("initialiser", start))
                continue
            scopes.append((_kind(header), start + len(header) - len(header.lstrip())))
        elif char == "}" and scopes:
            kind, began = scopes.pop()
            if kind == "initialiser":
                start = began
                continue
            if kind == "function":
                name = _NAME.search(code[began:])
                first = code.count("\n", 0, began) + 1
                last = code.count("\n", 0, at) + 1
                found.append(Function(name.group(1) if name else "?", first, last - first + 1))
        elif char == ";" and scopes and scopes[-1][0] == "initialiser":
            continue
        if not any(kind in ("function", "other") for kind, _ in scopes):
            start = at + 1
    return found
