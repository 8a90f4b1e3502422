"""Every sentence that speaks of the law stands in docs/law.md, with its source and the day that was read."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from compliance.licensing.checks.retired import RETIRED
from tests.house.legal import faults_of, rows_of, sentences_of_code, sentences_of_template
from tests.house.source import ROOT, modules

INVENTED = "compliance/demo/"
"""Invented regulations of the demo."""


@cache
def all_sentences() -> list[str]:
    found = [
        sentence
        for path, tree in modules().items()
        if not path.startswith(INVENTED)
        for sentence in sentences_of_code(tree)
    ]
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found += sentences_of_template(path.read_text())
    return found


def test_every_legal_sentence_is_listed_with_its_source_and_the_day_it_was_read() -> None:
    assert faults_of(all_sentences(), rows_of((ROOT / "docs" / "law.md").read_text())) == []


def test_no_sentence_states_a_regulation_that_was_replaced() -> None:
    """Permenaker 33/2016 by 11/2026, UU 11/2020 by UU 6/2023; receipts of before still name the latter."""
    retired = {kept.sentence for kept in RETIRED}
    replaced = ("33/2016", "UU 11/2020")
    said = [sentence for sentence in all_sentences() if sentence not in retired]
    assert [sentence for sentence in said if any(law in sentence for law in replaced)] == []


@pytest.mark.parametrize(
    "source",
    [
        'say("Menurut pasal 5, izin ditahan.")',
        'NOTE = "Denda menurut UU 1/2023."',
        'Field(description="See PP 86/2013")',
        'say("Lihat " "Perpres 109/2013")',
        'say("Permohonan yang tidak diputuskan dianggap dikabulkan.")',
        'say("Diam berarti dianggap mengabulkan.")',
    ],
)
def test_a_legal_sentence_in_code_is_seen(source: str) -> None:
    (sentence,) = sentences_of_code(ast.parse(source))
    assert faults_of([sentence], {}) == [f"not listed: {sentence}"]


@pytest.mark.parametrize(
    "source",
    ['<p>{{ _("Menurut pasal 5") }}</p>', "<p>PP 86/2013</p>", '{{ f(hint=_("UU 1/2026")) }}'],
)
def test_a_legal_sentence_in_a_template_is_seen(source: str) -> None:
    assert len(list(sentences_of_template(source))) == 1


def test_docstrings_and_codes_of_the_catalogue_are_no_legal_sentences() -> None:
    assert list(sentences_of_code(ast.parse('"""PP 86/2013 art. 8."""\nCODE = "PP-01"'))) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| Menurut PP 86/2013 pasal 8. | UU 24/2011 | 2026-11-29 |", "does not name PP 86/2013"),
        ("| Menurut PP 86/2013 pasal 8. | PP 86/2013 | November |", "without the day"),
        ("| Menurut PP 86/2013. | PP 86/2013 | 2026-11-29 |", "said nowhere"),
    ],
)
def test_a_row_that_proves_nothing_is_seen(row: str, fault: str) -> None:
    faults = faults_of(["Menurut PP 86/2013 pasal 8."], rows_of(row))
    assert any(fault in each for each in faults)
