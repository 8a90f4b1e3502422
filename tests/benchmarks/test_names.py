"""Which firm is it: no kind of search, pair or list sinks below its floor (benchmarks/names/floors.py)."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.names import floors
from benchmarks.names.corpus import core
from benchmarks.names.lists import names_only, with_npwps
from benchmarks.names.pairs import doubles
from benchmarks.names.variants import KINDS, questions

pytestmark = [
    pytest.mark.one_store,
    pytest.mark.processes,
    pytest.mark.xdist_group("benchmarks of names"),
]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """A registry of a thousand firms on SQLite, with every question, pair and list."""
    return floors.floors_of(floors.measured(tmp_path_factory.mktemp("registries")))


@pytest.mark.parametrize("kind", floors.SEARCH)
def test_search_finds_no_less_than_before(measured: dict[str, dict[str, Any]], kind: str) -> None:
    first, in_five, nothing = measured["SEARCH"][kind]
    least_first, least_in_five, most_nothing = floors.SEARCH[kind]
    assert first >= least_first
    assert in_five >= least_in_five
    assert nothing <= most_nothing


@pytest.mark.parametrize("table", ["PAIRS", "LISTED", "SURE"])
def test_no_fewer_records_and_rows_are_known_again_than_before(
    measured: dict[str, dict[str, Any]], table: str
) -> None:
    least = getattr(floors, table)
    assert {kind: some for kind, some in measured[table].items() if some < least[kind]} == {}


@pytest.mark.parametrize("table", ["CONFUSED", "TAKEN", "CERTAIN"])
def test_no_more_firms_are_mistaken_for_another_than_before(
    measured: dict[str, dict[str, Any]], table: str
) -> None:
    most = getattr(floors, table)
    assert {kind: some for kind, some in measured[table].items() if some > most[kind]} == {}


def test_every_kind_has_a_floor_and_questions_enough(measured: dict[str, dict[str, Any]]) -> None:
    for table, kinds in measured.items():
        assert set(kinds) == set(getattr(floors, table)), table
    asked = [question.kind for question in questions()]
    assert len(asked) >= 2_000
    assert {kind: asked.count(kind) for kind in KINDS if asked.count(kind) < 60} == {}


def test_names_and_labels_are_the_same_in_every_run_and_order() -> None:
    before = names_only(), with_npwps(), doubles(1_000), core()
    questions.cache_clear()
    again = questions()
    questions.cache_clear()
    assert (names_only(), with_npwps(), doubles(1_000), core()) == before
    assert questions() == again
