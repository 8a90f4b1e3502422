"""Finds words that people read and that have no Indonesian or no English form (law 8).

A sentence is found for translation where `say`, `_` or `gettext` is called with it, by these very names and
written out. Whatever reaches a reader another way is found here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

from tests.house.source import calls
from tests.house.writers import imported, resolved

SPEAKS = {
    *(f"compliance.core.text.{name}" for name in ("say", "say_many")),
    *(f"flask_babel.{name}" for name in ("gettext", "ngettext", "lazy_gettext", "pgettext")),
    *(f"compliance.web.formatting.{name}" for name in ("_gettext", "_ngettext")),
}
TEXT = "compliance.core.text.Text"
FOUND_BY = {"say", "say_many", "gettext", "ngettext", "_"}
"""The names by which the extractor knows that a sentence is said."""
PROSE = re.compile(r"[A-Z][a-z]+ \S|[A-Z][a-z]+[.:!?…]?$")
SENTENCE = re.compile(r"[A-Z][a-z]+ ")
IN_ATTRIBUTE = re.compile(
    r"""(?<![-\w])(title|alt|placeholder|label|data-[-\w]+"""
    r"""|aria-(?:label|description|roledescription|valuetext))\s*=\s*("[^"]*"|'[^']*')"""
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
_templates = Environment(extensions=["jinja2.ext.i18n"])


def unfound(tree: ast.Module) -> Iterator[int]:
    """Sentences that the extractor cannot find: said under another name, put together, or in a bare Text."""
    full = imported(tree)
    for call in calls(tree):
        named = resolved(call.func, full)
        sentence = call.args[0] if call.args else None
        plain = isinstance(sentence, ast.Constant) and isinstance(sentence.value, str)
        if named in SPEAKS:
            by_name = isinstance(call.func, ast.Attribute | ast.Name) and (
                getattr(call.func, "id", getattr(call.func, "attr", "")) in FOUND_BY
            )
            if not (plain and by_name):
                yield call.lineno
        if named == TEXT and sentence is not None:
            said = "".join(
                str(each.value) for each in ast.walk(sentence) if isinstance(each, ast.Constant)
            )
            if re.search(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}", "", said)):
                yield call.lineno
    for node in ast.walk(
        tree
    ):  # `map(say, sentences)`: what is handed on says what nobody sees here
        handed = (
            [*node.args, *(word.value for word in node.keywords)]
            if isinstance(node, ast.Call)
            else []
        )
        yield from (each.lineno for each in handed if resolved(each, full) in SPEAKS)


def unsaid(tree: ast.Module) -> Iterator[int]:
    """Prose in code that nobody says: a flash, a label, a reason, a title, also in an f-string."""
    full = imported(tree)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in calls(tree):
        if resolved(call.func, full).rsplit(".", 1)[-1] in FOUND_BY:
            passed |= {id(each) for each in ast.walk(call)}
        named = resolved(call.func, full)
        label = call.args[0] if call.args else None
        if named.startswith("wtforms") and isinstance(label, ast.Constant) and label.value:
            yield call.lineno
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in passed and SENTENCE.match(node.value):  # type: ignore[attr-defined]
            yield node.lineno  # type: ignore[attr-defined]


def unsaid_in_template(source: str, *, html: bool = True) -> Iterator[int]:
    """Words of a template that are not translated: in an expression, in an attribute, or in a mail."""
    for constant in _unsaid_constants(_templates.parse(source)):
        if PROSE.match(constant.value):
            yield constant.lineno
    plain = JINJA.sub(lambda code: "\n" * code[0].count("\n"), source)
    for found in IN_ATTRIBUTE.finditer(plain) if html else ():
        name, value = found[1], found[2][1:-1].strip()
        if PROSE.match(value) if name.startswith("data-") else re.search(r"[^\W\d_]{2,}", value):
            yield plain.count("\n", 0, found.start()) + 1
    for found in re.finditer(r"[^\W\d_]{2,}", plain) if not html else ():
        yield plain.count("\n", 0, found.start()) + 1


def _unsaid_constants(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Call):
        named = getattr(node.node, "name", getattr(node.node, "attr", ""))
        if named in FOUND_BY:
            return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    for inner in node.iter_child_nodes():
        yield from _unsaid_constants(inner)


IN_SCRIPT = re.compile(r"""(["'`])[A-Z][a-z]+ [^"'`]*\1|\.textContent = ["'`][^"'`$]*[a-z]""")


def unsaid_in_script(source: str) -> Iterator[int]:
    """A sentence in a script: a script shows only what the page gives it."""
    for number, line in enumerate(source.splitlines(), 1):
        if IN_SCRIPT.search(line.partition("// ")[0]):
            yield number
