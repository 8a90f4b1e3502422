"""What every page costs: questions to the store, what axe finds in all languages, themes and
widths, and what it weighs.

`make pages` builds the demo's province in a temporary folder, opens each page of the inventory as
each role, and writes docs/pages.md. Needs a browser (Debian: `chromium-headless-shell`). `--axe`
looks at every page in all twelve cells and takes minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask_migrate import upgrade
from playwright.sync_api import Browser

from compliance import create_app, demo
from tests.browser import Browser as PlainBrowser
from tests.conftest import a_config
from tests.journeys.conftest import launched, serve
from tests.journeys.inventory import ROLES, STRANGER, pages, sit_down, speak
from tests.journeys.test_everybody_can_use_it import LANGUAGES, cells, faults
from tests.journeys.test_weight import as_a_table, weights
from tests.queries import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

TARGET = Path(__file__).parents[1] / "docs" / "pages.md"


@contextmanager
def a_province() -> Iterator[tuple[Flask, str]]:
    """The demo on a temporary store, and the address at which it is served."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(a_config(f"sqlite:///{folder}/demo.sqlite3", Path(folder) / "mail"))
        with app.app_context():
            upgrade()
            demo.fill()
        serving = serve(app)
        yield app, next(serving)
        next(serving, None)


def questions(app: Flask, role: str, paths: list[str]) -> dict[str, int]:
    """How many statements each page asks the store."""
    with app.app_context():
        plain, found = PlainBrowser(app), {}
        if role != STRANGER:
            plain.sign_in(demo.ACCOUNTS[role][0], demo.PASSWORD)
        for path in paths:
            with queries() as statements:
                plain.get(path)
            found[path] = len(statements)
        return found


def findings(browser: Browser, address: str, role: str, paths: list[str]) -> Counter[str]:
    """How many serious or critical findings each page has, over every language, theme and width."""
    found: Counter[str] = Counter()
    page = sit_down(browser, address, role)
    for language in LANGUAGES:
        speak(page, language)
        for path in paths:
            page.goto(path)
            for width, scheme in cells(language, 0, every=True):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                found[path] += len(faults(page))
    page.context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--axe", action="store_true", help="count what axe finds in every language, theme and width"
    )
    with_axe = parser.parse_args().axe
    lines = [
        "# What every page costs",
        "",
        (
            "Made by `make pages` on the demo's province. Every page of the inventory, as each role"
            " that may open it: how many questions it"
        ),
        (
            "asks the store (goal ≤ 10, and not growing with rows), and how many serious or"
            " critical findings axe has in two languages ×"
        ),
        (
            "two themes × 320, 768 and 1,280 px, sideways scrolling counted as one (goal 0; counted"
            " with `make pages ARGS=--axe`, while"
        ),
        "the tests hold it in one of two opposite cells at every change).",
        "",
        "| Role | Page | Questions | Findings |",
        "|---|---|---|---|",
    ]
    with a_province() as (app, address), launched() as browser:
        if browser is None:
            sys.exit("no browser on this machine (Debian: apt-get install chromium-headless-shell)")
        for role in ROLES:
            paths = pages(app, role)
            asked = questions(app, role, paths)
            found = findings(browser, address, role, paths) if with_axe else {}
            for each in paths:
                lines.append(f"| {role} | `{each}` | {asked[each]} | {found.get(each, '–')} |")
            print(lines[-1])
        lines += [
            "",
            "## Weight on the wire",
            "",
            (
                "Everything a page brings, compressed, in kilobytes of 1,000 bytes: for somebody"
                " who has nothing yet (goal ≤ 90), and with the shell"
            ),
            "already kept (goal ≤ 20).",
            "",
            as_a_table(weights(browser, app, address)),
        ]
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"written: {TARGET.name}")


if __name__ == "__main__":
    main()
