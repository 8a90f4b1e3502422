"""A user guide that is walked: every sentence belongs to a step that was just made in a real browser.

`make guide` writes it with its pictures; without `--guide` the walk fails when what stands in
docs/guide is not what was walked.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page

from compliance.core.db import transaction
from compliance.office.signatories.commands import add_signatory
from tests.factories import user

FOLDER = Path(__file__).parents[2] / "docs" / "guide"


class Guide:
    """The guide for one role: chapters of numbered steps, some with a picture of the page as it then was."""

    def __init__(self, name: str, title: str, about: str, *, writing: bool) -> None:
        self.name = name
        self.writing = writing
        self.lines = [f"# {title}", "", about]
        self.steps = 0
        self.pictures: list[str] = []

    def chapter(self, title: str, about: str = "") -> None:
        """Begin a chapter; its steps are counted anew."""
        self.lines += ["", f"## {title}", ""] + ([about, ""] if about else [])
        self.steps = 0

    def step(self, sentence: str) -> None:
        """What the reader does next, said just before or after it was done."""
        self.steps += 1
        self.lines.append(f"{self.steps}. {sentence}")

    def picture(
        self, page: Page, what: str, *, height: int = 720, of: Locator | None = None
    ) -> None:
        """The page as it stands, or this part `of` it, with `what` it shows in words for those who do not
        see it.
        """
        name = f"{self.name}-{len(self.pictures) + 1}.png"
        self.pictures.append(name)
        self.lines += ["", f"![{what}]({name})", ""]
        if self.writing and of is not None:
            of.screenshot(path=FOLDER / name)
        elif self.writing:
            width = page.viewport_size["width"] if page.viewport_size else 1280
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(
                path=FOLDER / name,
                clip={"x": 0, "y": 0, "width": width, "height": height},
                full_page=True,
            )

    def finish(self) -> None:
        """Write the guide, or hold it against the one that stands in docs/guide."""
        text, path = "\n".join(self.lines).rstrip() + "\n", FOLDER / f"{self.name}.md"
        if self.writing:
            path.write_text(text)
        assert path.read_text() == text, (
            f"{path.name} tells another way than was walked: run make guide"
        )
        missing = [name for name in self.pictures if not (FOLDER / name).is_file()]
        assert missing == [], f"pictures are missing: run make guide: {missing}"


def a_head_signs() -> None:
    """The office has a head whose name stands under its letters."""
    with transaction():
        add_signatory(
            by=user("adi"),
            name="Rosa Umpama, M.Si.",
            title="Kepala Dinas",
            rank="Pembina",
            nip=None,
            from_on=date(2026, 1, 5),
            until_on=None,
        )
