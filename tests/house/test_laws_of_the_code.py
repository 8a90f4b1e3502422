"""The laws of the house that can be read off the source."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import ROOT, modules, tracked

OUT_OF_PLACE = re.compile(r"(^|_)(utils?|common|helpers?|misc)(_|\.py$|$)|Service$|Manager$")
THEIR_WORDS = ("LoginManager",)


def test_no_file_is_over_400_lines_and_none_is_a_drawer_for_everything() -> None:
    code = [
        path
        for path in tracked()
        if path.endswith((".py", ".html", ".js", ".css")) and (ROOT / path).exists()
    ]
    long = {
        path: lines for path in code if (lines := len((ROOT / path).read_text().splitlines())) > 400
    }
    assert {
        path: lines for path, lines in long.items() if not path.startswith("migrations/versions/")
    } == {}
    drawers = [
        path
        for path in code
        if any(OUT_OF_PLACE.search(part.removesuffix(".py")) for part in path.split("/"))
    ]
    assert drawers == []
    classes = [
        node.name
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in classes if OUT_OF_PLACE.search(name) and name not in THEIR_WORDS] == []


def test_git_tracks_no_link_and_nothing_that_is_made_on_the_spot() -> None:
    """A tracked link to a virtual environment once hid the real one from every fresh clone."""
    assert [path for path in tracked() if (ROOT / path).is_symlink()] == []
    assert tracked("--cached", "--ignored", "--exclude-standard") == []
    written = (ROOT / ".gitignore").read_text().splitlines()
    assert [line for line in written if line.startswith("/") and line.endswith("/")] == [], (
        "a rule that ends with a slash does not ignore a link of that name"
    )


INLINE = re.compile(
    r"""<script(?![^>]*\bsrc\s*=)|<style\b|["'\s]style\s*=\s*["'{]|["'\s]on[a-z]+\s*=\s*["'{]|javascript:""",
    re.I,
)


def test_no_page_holds_an_inline_script_or_style() -> None:
    """Neither a template nor markup that the code makes."""
    sources = {
        str(path.relative_to(ROOT)): path.read_text()
        for path in (ROOT / "templates").rglob("*.html")
    }
    for path, tree in modules().items():
        sources[path] = "\n".join(
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value
        )
    assert [path for path, source in sources.items() if INLINE.search(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "<script>start()</script>",
        '<script type="module">start()</script>',
        '<script\n  nonce="x"\n>start()</script>',
        '<STYLE media="print">p { color: red }</STYLE>',
        '<p class="muted" style="color: red">',
        "<p style = 'color: red'>",
        '<p style="{{ colour }}">',
        """{% set look = 'style="color: red"' %}""",
        '<a href="#" onclick = "start()">',
        "<body onload='start()'>",
        '<a href="javascript:start()">',
    ],
)
def test_an_inline_script_or_style_is_seen(source: str) -> None:
    assert INLINE.search(source)


def test_a_view_is_thin() -> None:
    """About ten lines each is the wish; a view of over forty does somebody else's work."""
    fat = [
        f"{path}: {node.name} has {length} lines"
        for path, tree in modules().items()
        if "/views" in path or "/api/" in path
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.decorator_list
        and (length := (node.end_lineno or 0) - node.lineno) > 40
    ]
    assert fat == []
