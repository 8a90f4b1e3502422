"""Law 10: every line fits on a screen, and the formatter is switched off around tables only."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, dotted, tracked

WIDEST_CODE, WIDEST_TEMPLATE = 110, 160
SWITCH = re.compile(r"\b(fmt|yapf|black|isort)\s*:\s*(off|skip|disable|on|enable)\b", re.I)
TABLE = re.compile(r"_?[A-Z][A-Z0-9_]*")


def too_wide(text: str, widest: int) -> list[int]:
    """The lines of `text` that have more than `widest` characters; a tab counts as far as it reaches."""
    lines = text.split("\n")
    return [at for at, line in enumerate(lines, 1) if len(line.rstrip("\r").expandtabs()) > widest]


def is_table(node: ast.stmt) -> bool:
    """An assignment to names in capitals, or the docstring of one."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return bool(targets) and all(TABLE.fullmatch(dotted(target)) for target in targets)


def touched(nodes: list[ast.stmt], first: int, last: int) -> list[ast.stmt]:
    return [node for node in nodes if node.lineno <= last and (node.end_lineno or 0) >= first]


def switches_beside_no_table(source: str) -> Iterator[int]:
    """Lines where the formatter is told to leave alone what is no table at the top of a module."""
    tree = ast.parse(source)
    tables_of_tests = {
        line
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and dotted(decorator.func).endswith(".parametrize")
        for line in range(decorator.lineno, (decorator.end_lineno or 0) + 1)
    }
    switches = [
        (token.start[0], match[2].lower(), token.line[: token.start[1]].strip() == "")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
        for match in SWITCH.finditer(token.string)
    ]
    for line, switch, alone in switches:
        if switch in ("on", "enable") or line in tables_of_tests:
            continue
        around = touched(tree.body, line, line)
        if alone and not around:
            ends = [at for at, to, _ in switches if at > line and to in ("on", "enable")]
            around = touched(tree.body, line, min(ends, default=len(source)))
        if not around or not all(map(is_table, around)):
            yield line


def test_every_line_of_code_fits() -> None:
    wide = {
        path: lines
        for path in tracked("*.py")
        if not path.startswith("migrations/versions/") and (ROOT / path).exists()
        if (lines := too_wide((ROOT / path).read_text(), WIDEST_CODE))
    }
    assert wide == {}


def test_every_line_of_a_template_fits() -> None:
    wide = {
        path: lines
        for path in tracked("templates")
        if (ROOT / path).exists()
        if (lines := too_wide((ROOT / path).read_text(), WIDEST_TEMPLATE))
    }
    assert wide == {}


def test_the_formatter_is_switched_off_around_tables_only() -> None:
    found = [
        f"{path}:{line}"
        for path in tracked("*.py")
        if (ROOT / path).exists()
        for line in switches_beside_no_table((ROOT / path).read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["x" * 111, "fits\n" + "x " * 56, "\t" * 14, "x" * 60 + "\f" + "x" * 60, "x" * 60 + "\u2028" + "x" * 60],
)  # fmt: skip
def test_a_line_that_is_too_wide_is_seen(text: str) -> None:
    assert too_wide(text, WIDEST_CODE) != []


@pytest.mark.parametrize(
    "source",
    [
        "call( 1 )  # fmt: skip",
        "def act( by ): ...  # fmt: skip",
        "TABLE = [1]; call( 2 )  # fmt: skip",
        "rows = [1,  2]  # noqa: E501 # fmt: skip",
        "class A:\n    TABLE = [1,  2]  # fmt: skip",
        "if True:\n    TABLE = [1,  2]  # fmt: skip",
        "TABLE.rows = [1,  2]  # fmt: skip",
        "@cached( 1 )  # fmt: skip\ndef act() -> None: ...",
        "#fmt:off\nrows = [1,  2]",
        "# FMT: OFF\ncall( 1 )",
        "# yapf: disable\ndef act( by ): ...",
        "# fmt: off\nTABLE = [1,  2]\ncall( 1 )\n# fmt: on",
        "# fmt: off\nTABLE = [1,  2]\n\ndef act( by ):\n    call( by )",
        "def act(by):\n    # fmt: off\n    call( by )",
        "# isort: skip",
    ],
)
def test_a_switch_beside_anything_else_is_seen(source: str) -> None:
    assert list(switches_beside_no_table(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        "TABLE = [1,  2]  # fmt: skip",
        "_TABLE: list[int] = [\n    1,  2,\n]  # fmt: skip",
        "# fmt: off\nTABLE = [1,  2]\n'''What it says.'''\n# fmt: on\ncall(1)",
        "@pytest.mark.parametrize('row', [1,  2])  # fmt: skip\ndef test_it(row) -> None: ...",
        "text = '# fmt: off'",
    ],
)
def test_a_switch_around_a_table_is_left_alone(source: str) -> None:
    assert list(switches_beside_no_table(source)) == []
