"""Every page can be walked with the Tab key: each stop is seen, nothing covers it, and the last one
can be left.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories import a_case

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
MOST_STOPS = 200
STOP = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  const within = (least, value, most) => Math.min(Math.max(value, least), most);
  const top = document.elementFromPoint(
    within(1, box.left + box.width / 2, innerWidth - 1),
    within(1, box.top + box.height / 2, innerHeight - 1));
  return {
    what: here.outerHTML.slice(0, 80),
    framed: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none",
    seen: box.bottom > 0 && box.top < innerHeight && (!top || here.contains(top) || top.contains(here)),
  };
}"""


def walked(page: Page, path: str) -> tuple[int, list[str]]:
    """Press Tab until the page is left; how many stops there were, and those that are not to be seen."""
    page.goto(path)
    page.evaluate("document.activeElement.blur()")
    unseen = []
    for count in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return count, unseen
        if not (stop["framed"] and stop["seen"]):
            unseen.append(stop["what"])
    raise AssertionError(f"{path}: the focus never leaves")


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("ina", ["/field", "/account", "/accessibility"]),
        ("lia", ["/check"]),
        ("tika", ["/queue"]),
        (
            "adi",
            ["/admin/settings/change?recheck_months=4", "/admin/jobs", "/admin/calendar?year=2027"],
        ),
    ],
)
def test_every_stop_of_the_tab_key_is_seen_and_can_be_left(
    person: Callable[..., Page], who: str, paths: list[str]
) -> None:
    a_case()
    page = person(who)
    page.emulate_media(reduced_motion="reduce")
    for path in paths:
        count, unseen = walked(page, path)
        assert count > 1, path
        assert unseen == [], path
