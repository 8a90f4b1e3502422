"""Reports that are opened in a spreadsheet program run nothing that a company typed."""

from __future__ import annotations

import pytest

from compliance.core.cells import safe_cell
from compliance.core.text import say


@pytest.mark.parametrize(
    "typed", ["=1+1", "+62 380", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1"]
)
def test_text_that_would_run_as_a_formula_is_shown_as_text(typed: str) -> None:
    assert safe_cell(typed) == "'" + typed


@pytest.mark.parametrize(
    ("value", "cell"),
    [("UD Misal = Contoh", "UD Misal = Contoh"), (None, ""), ("", ""), (-5, "-5"), (1.5, "1.5")],
)
def test_anything_else_stays_as_it_is(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_a_sentence_is_written_out() -> None:
    assert safe_cell(say("={sum}", sum=1)) == "'=1"
