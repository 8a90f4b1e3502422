"""Law 12: no code of others stands in the tree. It is installed, pinned and checked; nobody copies it in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, tracked

PATH = re.compile(
    r"""(^|/)_?(vendor(s|ed)?|node_modules|bower_components|third[-_]?party|externals?|libs?|dist)/
    | \.min\.\w+$ | \.(map|woff2?|ttf|otf|eot|whl|egg|jar|so|dll|wasm|tgz|tar|gz|zip)$
    | (^|/)[\w.-]*([-._]v?\d+\.\d+(\.\d+)?|\.v\d+)\.(js|mjs|css|py)$
    | (^|/)((uv|poetry|yarn|pdm|Pipfile|Cargo)\.lock|(package-lock|pnpm-lock|npm-shrinkwrap)\.\w+)$""",
    re.X | re.I,
)
"""Folders, formats and names that code of others comes in."""
REGISTRIES = tuple(map("".join, (("py", "pi.org"), ("python", "hosted"), ("npm", "js"))))
"""Registries, put together from parts: no file of the project names the host of one."""
NOTICE = re.compile(
    r"""/\*! | @(license|licence|preserve|cc_on)\b | sourceMappingURL | SPDX-License
    | Copyright\s+(\(c\)|©|\d{4})
    | \(c\)\s+\d{4} | (MIT|BSD|Apache|ISC|Mozilla\s+Public)\s+Licen[cs]e | Licen[cs]ed\s+under
    | (cdn\.|//)[\w.-]*(jsdelivr|unpkg|cdnjs|googleapis|esm\.sh|"""
    + "|".join(map(re.escape, REGISTRIES))
    + ")",
    re.X | re.I,
)
"""What others write above their code, and the hosts that it is fetched from."""
CODE = (
    ".py",
    ".js",
    ".mjs",
    ".css",
    ".html",
    ".txt",
    ".toml",
    ".cfg",
    ".svg",
    ".typ",
    ".sql",
    ".sh",
)
PACKED = 1000
"""A line of script or style that is longer was made by a program."""


def foreign(path: str, text: str) -> Iterator[str]:
    """Why a file is not, or not only, our own."""
    if PATH.search(path):
        yield f"{path}: its name"
    if path.endswith(CODE):
        yield from (f"{path}: {found[0]!r}" for found in NOTICE.finditer(text))
    shown = path.endswith((".js", ".mjs", ".css", ".html", ".svg"))
    if shown and max(map(len, text.splitlines()), default=0) > PACKED:
        yield f"{path}: packed"


def test_no_third_party_code_stands_in_the_tree() -> None:
    this = f"tests/house/{__name__.rsplit('.', 1)[-1]}.py"
    assert [
        why
        for path in tracked()
        if path != this and (ROOT / path).is_file()
        for why in foreign(path, (ROOT / path).read_text(errors="replace"))
    ] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compliance/web/static/htmx.min.js", ""),
        ("compliance/web/static/vendors/htmx.js", ""),
        ("compliance/_vendor/slugify.py", ""),
        ("compliance/web/static/lib/sortable.js", ""),
        ("compliance/web/static/d3.v7.js", ""),
        ("compliance/web/static/chart-4.4.1.js", ""),
        ("compliance/web/static/inter.woff2", ""),
        ("compliance/web/static/app.js.map", ""),
        ("poetry.lock", ""),
        ("pnpm-lock.yaml", ""),
        ("compliance/web/static/sortable.js", "/*! Sortable */\nexport default 1;"),
        ("compliance/web/static/dialog.js", "// Copyright (c) 2024 Somebody Else"),
        ("compliance/web/static/reset.css", "/* Released under the MIT License */"),
        ("compliance/core/slugs.py", "# SPDX-License-Identifier: BSD-3-Clause"),
        ("compliance/web/static/packed.js", "a();" * 400),
        ("templates/base.html", '<script src="https://cdn.jsdelivr.net/npm/htmx"></script>'),
        ("requirements.txt", f"--index-url https://{REGISTRIES[0]}/simple"),
    ],
)
def test_code_of_others_is_seen(path: str, text: str) -> None:
    assert list(foreign(path, text)) != []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compliance/web/static/app.js", "/* The parts that need a script. */"),
        ("compliance/licensing/models.py", '"""Licences, and who asked for them."""'),
        ("docs/libraries.md", "Which licence a library has."),
        ("migrations/versions/0016_flags_of_a_company.py", ""),
    ],
)
def test_our_own_is_left_alone(path: str, text: str) -> None:
    assert list(foreign(path, text)) == []
