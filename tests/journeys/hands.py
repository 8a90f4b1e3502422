"""Hands at a page, counted: every tap and every key, so that a journey can hold them against its budget.

A choice in a select list counts as two taps: open it, choose.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Hands:
    """What somebody does at `page`. Nothing else may touch the page between two counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.keys = 0

    def tap(self, what: str | Locator) -> None:
        """Tap or click one thing."""
        self._found(what).click()
        self.taps += 1

    def choose(self, what: str | Locator, label: str) -> None:
        """Choose `label` in a select list."""
        self._found(what).select_option(label=label)
        self.taps += 2

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def spent(self, *, taps: int, keys: int | None = None) -> None:
        """Fail when more was needed than `taps`, or than `keys` where they are counted; begin to
        count anew.
        """
        assert self.taps <= taps, f"{self.taps} taps, the budget is {taps}"
        if keys is not None:
            assert self.keys <= keys, f"{self.keys} keys, the budget is {keys}"
        self.taps = self.keys = 0

    def _found(self, what: str | Locator) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what
