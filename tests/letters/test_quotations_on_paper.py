"""How a quotation is printed: to its end, as it was typed, and marked for those who listen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pypdf
import pytest

from compliance.letters.articles.rules import LONGEST_ARTICLE
from compliance.letters.examples import example_facts, example_letter
from compliance.letters.rendering import render
from compliance.office.letterheads.queries import letterhead_facts
from tests.factories import a_case
from tests.letters.test_articles import FIRST, OF_JS_02, latest_letter, quotes_in, recorded, said_by
from tests.licensing.desk import Open

pytestmark = [pytest.mark.one_store, pytest.mark.usefixtures("head")]
DAY = date(2026, 11, 30)


def test_markup_is_printed_and_never_run_and_signs_that_turn_text_around_are_left_out(
    browser: Open,
) -> None:
    typed = (
        'Bunyi\u202e \u200f#panic() $x$ *tebal* _miring_ <b> \\ @rujukan "] \u2067 selesai\u2069'
    )
    recorded(browser, text=typed)
    a_case()
    printed = 'Bunyi #panic() $x$ *tebal* _miring_ <b> \\ @rujukan "] selesai'
    assert quotes_in(latest_letter()) == {OF_JS_02: f"{FIRST}\n{printed}"}
    assert printed in said_by(browser, latest_letter())


def test_forty_findings_with_the_longest_quotations_are_printed_to_their_ends() -> None:
    facts = example_facts("nota_1", DAY, letterhead=letterhead_facts("53", DAY), head=None)
    [found] = [block["findings"] for block in facts["blocks"] if "findings" in block]
    line, end = "(1) Bunyi contoh #panic() $x$ *tebal*\n", "Akhir kutipan."
    most = LONGEST_ARTICLE - len(end)
    many = [{**found[0], "quote": (line * LONGEST_ARTICLE)[:most] + end} for _each in range(39)]
    many.append({**found[0], "quote": "w" * LONGEST_ARTICLE})
    facts["blocks"] = [facts["blocks"][0], {"findings": many}]
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    reader = pypdf.PdfReader(io.BytesIO(render("letter", facts, code="CONTOHCNTH", issued_at=noon)))
    assert len(reader.pages) > 60
    placed = words_with_places(reader.pages[-4:])
    said = "".join(words for words, _left in placed)
    assert end in " ".join(said.split())
    assert said.count("w") >= LONGEST_ARTICLE
    assert max(left for _words, left in placed) < float(reader.pages[0].mediabox.right)


def words_with_places(pages: Any) -> list[tuple[str, float]]:
    """Each piece of text, and how far from the left edge of its page it begins."""
    found: list[tuple[str, float]] = []

    def note(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            found.append((text, float(tm[4])))

    for page in pages:
        page.extract_text(visitor_text=note)
    return found


def test_a_quotation_is_marked_as_one_for_those_who_listen() -> None:
    made = example_letter(
        "nota_1",
        DAY,
        letterhead=letterhead_facts("53", DAY),
        head=None,
        article=("Aturan contoh", "(1) Satu.\n(2) Dua."),
    )
    with pikepdf.open(io.BytesIO(made)) as pdf:
        tags = list(tags_under(pdf.Root.StructTreeRoot))
    [quotation] = [kids for tag, kids in tags if tag == "/BlockQuote"]
    assert quotation == ["/P", "/P"]


def tags_under(element: Any) -> Iterator[tuple[str, list[str]]]:
    """Every element of the structure with the tags directly under it."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    within = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    yield str(element.get("/S", "")), [str(kid.S) for kid in within]
    for kid in within:
        yield from tags_under(kid)
