"""Finds the sentences that speak of the law: in code, in the catalogue, in templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from jinja2 import Environment, nodes

LEGAL = re.compile(
    r"\b(?:[Pp]asal|UU|PP|Perpres|Permenaker\w*)\b(?!-\d)|\bdianggap (?:dik|meng|k)abul|counts as granted"
)
"""A word by which a sentence speaks of the law, or says what silence means; the codes PP-01 and PP-02 of the
catalogue are none.
"""
_templates = Environment(extensions=["jinja2.ext.i18n"])


def sentences_of_code(tree: ast.Module) -> Iterator[str]:
    """The legal sentences of a module; what it says of itself in docstrings is none."""
    said_of_itself = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in said_of_itself and LEGAL.search(text):
            yield _on_one_line(text)


def sentences_of_template(source: str) -> Iterator[str]:
    """The legal sentences of a template: said, or written straight into it."""
    tree = _templates.parse(source)
    for node in tree.find_all((nodes.Const, nodes.TemplateData)):
        text = node.value if isinstance(node, nodes.Const) else node.data  # type: ignore[attr-defined]
        if isinstance(text, str) and LEGAL.search(text):
            yield _on_one_line(text)


def rows_of(page: str) -> dict[str, tuple[str, str]]:
    """The list as it is kept: source and day by sentence."""
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and row[0] != "Sentence"}


def faults_of(sentences: Iterable[str], rows: dict[str, tuple[str, str]]) -> list[str]:
    """What is wrong between the sentences and the list."""
    said = set(sentences)
    faults = [f"not listed: {sentence}" for sentence in sorted(said - rows.keys())]
    faults += [f"said nowhere: {sentence}" for sentence in sorted(rows.keys() - said)]
    for sentence, (source, day) in rows.items():
        unnamed = [law for law in laws_in(sentence) if law not in source]
        if not source.strip() or unnamed:
            faults.append(
                f"its source does not name {', '.join(unnamed) or 'anything'}: {sentence}"
            )
        if not re.fullmatch(r"20\d\d-\d\d-\d\d", day):
            faults.append(f"without the day on which its source was read: {sentence}")
    return faults


def laws_in(sentence: str) -> list[str]:
    """The laws that a sentence names, such as "PP 86/2013"."""
    return re.findall(r"\b(?:UU|PP|Perpres|Permenaker) \d+/\d{4}", sentence)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
