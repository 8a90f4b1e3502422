"""Finds what only one province would say, where any province is served.

Each law is a function from a module's tree, or from the text of a template, to the lines that break it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

OF_ONE_PROVINCE = re.compile(
    r"(?<![a-z])(?:ntt|wita|tenggara|makassar|kupang)(?![a-z])|(?<![0-9.])53\.(?![0-9]*\.[0-9])"
    r"|(?<![0-9])2[1-4] (?:kabupaten|kab/kota|kantor|dpmptsp|regenc\w+|offices|licensing)"
    r"|dua puluh (?:satu|dua|tiga) (?:kabupaten|kantor)",
    re.IGNORECASE,
)
WHOLE_CODES = {"53"}
COUNTS = {21, 22, 23, 24}
ALL_ZONES = {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
COUNTED = re.compile(r"regenc|licensing_offices|region_names|kabupaten")
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def province_in_a_module(tree: ast.Module) -> Iterator[int]:
    """A string, however it is put together, or a count that is true of one province only. Docstrings may
    give examples, and a table of all three time zones names each.
    """
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and _keys(node) == ALL_ZONES:
            passed |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        said = _text(node)
        if said is not None and (OF_ONE_PROVINCE.search(said) or said in WHOLE_CODES):
            yield node.lineno  # type: ignore[attr-defined]
        if isinstance(node, ast.Compare):
            sides = {each.value for each in node.comparators if isinstance(each, ast.Constant)}
            if COUNTS & sides and COUNTED.search(ast.unparse(node.left)):
                yield node.lineno


def province_in_a_template(source: str) -> Iterator[int]:
    """The same in a page, a mail, a letter, a script or a style; remarks may."""
    shown = COMMENT.sub(lambda remark: "\n" * remark[0].count("\n"), source)
    for found in OF_ONE_PROVINCE.finditer(shown):
        yield shown.count("\n", 0, found.start()) + 1


def _keys(node: ast.Dict) -> set[object]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}


def _text(node: ast.AST) -> str | None:
    """What an expression says when all of it is written out: a string, strings added, joined or formatted."""
    if isinstance(node, ast.Constant):
        value = node.value
        return (
            value.decode("latin-1")
            if isinstance(value, bytes)
            else value
            if isinstance(value, str)
            else None
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) or "…" for each in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        joined, words = _text(node.func.value), node.args[:1]
        if (
            node.func.attr == "join"
            and joined is not None
            and words
            and isinstance(words[0], ast.List | ast.Tuple)
        ):
            parts = [_text(each) for each in words[0].elts]
            return joined.join(part or "…" for part in parts)
    return None
