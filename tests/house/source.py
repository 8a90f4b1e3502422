"""Reads the house's own source as trees, for the laws."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def modules(pattern: str = "**/*.py") -> dict[str, ast.Module]:
    """Our modules by path, parsed."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for path in sorted((ROOT / "compliance").glob(pattern))
        if "translations" not in path.parts
    }


def tracked(*options: str) -> list[str]:
    """The files that git tracks, or those of them that `options` of `git ls-files` select."""
    listed = subprocess.run(
        ["git", "ls-files", *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def first_word(call: ast.Call, position: int = 0) -> str | None:
    """The call's argument at `position` when it is a string written out."""
    if len(call.args) > position and isinstance(call.args[position], ast.Constant):
        value = call.args[position].value  # type: ignore[attr-defined]
        return value if isinstance(value, str) else None
    return None
