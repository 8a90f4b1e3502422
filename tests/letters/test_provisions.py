"""A finding that names several provisions: each has a field for its text, printed under its name."""

from __future__ import annotations

import pytest

from compliance.letters.articles.rules import (
    provisions_of,
    text_of_provisions,
    texts_by_provision,
)
from tests.factories import a_case
from tests.letters.test_articles import (
    FIRST,
    OF_JS_02,
    TYPED,
    latest_letter,
    page_of,
    quotes_in,
    said_by,
)
from tests.licensing.desk import Open

pytestmark = pytest.mark.usefixtures("head")


def test_each_provision_has_a_field_and_is_printed_under_its_name(browser: Open) -> None:
    second = OF_JS_02.split("; ")[1]
    adi, address = browser("adi"), page_of("JS-02")
    shown = adi.get(address)
    labels = [label.get_text() for label in shown.soup.select("main label[for^=text]")]
    assert labels == [f"Bunyi {FIRST}", f"Bunyi {second}"]
    page = adi.submit(
        address, {**TYPED, "text": "Bunyi kesatu.\n(a) satu", "text_2": "Bunyi kedua."}
    )
    assert (page.value("text"), page.value("text_2")) == ("Bunyi kesatu.\n(a) satu", "Bunyi kedua.")
    a_case()
    letter = latest_letter()
    kept = f"{FIRST}\nBunyi kesatu.\n(a) satu\n{second}\nBunyi kedua."
    assert quotes_in(letter) == {OF_JS_02: kept}
    assert f"{second} Bunyi kedua." in said_by(browser, letter)
    only = adi.submit(address, {**TYPED, "text": "", "text_2": "Bunyi kedua."})
    assert (only.value("text"), only.value("text_2")) == ("", "Bunyi kedua.")
    nothing = adi.submit(address, {**TYPED, "text": " ", "text_2": ""})
    assert (nothing.status, "Isi bunyi ketentuannya." in nothing.text) == (422, True)
    alone = adi.get(page_of("JS-07"))
    assert [label.get_text() for label in alone.soup.select("main label[for^=text]")] == ["Bunyi"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (None, ["", ""]),
        ("Tanpa nama.", ["Tanpa nama.", ""]),
        ("UU 1 pasal 2\nSatu.\nDua.\nPP 3 pasal 4\nTiga.", ["Satu.\nDua.", "Tiga."]),
        ("PP 3 pasal 4\nTiga.", ["", "Tiga."]),
    ],
)
def test_a_text_is_taken_apart_as_it_was_put_together(text: str | None, parts: list[str]) -> None:
    names = provisions_of("UU 1 pasal 2; PP 3 pasal 4")
    assert texts_by_provision(names, text) == parts
    if text and text != "Tanpa nama.":
        assert text_of_provisions(names, parts) == text
