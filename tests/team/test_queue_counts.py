"""Every count of the queue equals the length of its list, and both read through the partial index."""

from __future__ import annotations

import itertools
import random
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from compliance.core.keyset import write_cursor
from compliance.office.settings import today
from compliance.team.queries import (
    LATEST_FIRST,
    MARKS,
    MOST_COUNTED,
    Count,
    Filters,
    bucket_counts,
    filtered_ids,
    overdue_page,
)
from compliance.team.rules import BUCKETS
from tests.factories import user
from tests.queries import plans_of
from tests.team.crowd import Row, a_crowd, analyze

pytestmark = pytest.mark.usefixtures("app")
EDGES = (-3, -1, 0, 1, 7, 8, 30, 31, 90, 91, 400)
STATUSES = ("recheck_due", "recheck_due", "in_remedy", "unresolved", "resolved", "withdrawn")


def a_random_crowd(seed: int, size: int = 400) -> list[tuple[int, Row]]:
    chance, inspectors = random.Random(seed), [user(who).id for who in ("ina", "budi", "sari")]
    rows = [
        Row(
            late=chance.choice((*EDGES, chance.randint(-40, 200))),
            status=chance.choice(STATUSES),
            inspector_id=chance.choice(inspectors),
            region=chance.choice(("53.71", "53.08", "53.01")),
            name=chance.choice(("PT Contoh Kopi", "UD Misal Garam")),
            escalated=chance.random() < 0.3,
            level=chance.choice((None, None, "warning", "hold", "sanction")),
        )
        for _ in range(size)
    ]
    return list(zip(a_crowd(rows), rows, strict=True))


def every_filter() -> list[Filters]:
    return [
        Filters(late, region, inspector, mark, q)
        for late, region, inspector, mark, q in itertools.product(
            (None, *BUCKETS),
            (None, "53.71", "53.08"),
            (None, user("ina").id),
            (None, *MARKS),
            (None, "kopi", "garam"),
        )
    ]


def belongs(row: Row, filters: Filters) -> bool:
    """The same question, answered without the store."""
    fewest, most, _name = BUCKETS[filters.late] if filters.late else (1, None, None)
    return (
        row.status in ("in_remedy", "recheck_due")
        and row.late >= fewest
        and (most is None or row.late <= most)
        and filters.region in (None, row.region)
        and filters.inspector in (None, row.inspector_id)
        and {
            None: True,
            "escalated": row.escalated,
            "not_escalated": not row.escalated,
            "flagged": bool(row.level),
        }[filters.mark]
        and (filters.q is None or filters.q in row.name.casefold())
    )


def test_every_count_equals_its_list_under_every_filter() -> None:
    crowd, tika, day = a_random_crowd(1), user("tika"), today()
    for filters in every_filter():
        listed = [row.id for row in overdue_page(tika, filters, day=day, after=None, limit=1_000)]
        assert bucket_counts(tika, filters, day=day)[filters.late] == Count(len(listed)), filters
        assert sorted(listed) == [id for id, row in crowd if belongs(row, filters)], filters
        assert list(filtered_ids(tika, filters, day=day)) == listed, filters


def test_the_list_is_read_page_by_page_without_loss_the_latest_first() -> None:
    a_random_crowd(2)
    tika, day = user("tika"), today()
    whole = overdue_page(tika, Filters(), day=day, after=None, limit=1_000)
    assert [(row.effective_on, row.id) for row in whole] == sorted(
        (row.effective_on, row.id) for row in whole
    )
    read: list[Any] = []
    while page := overdue_page(
        tika, Filters(), day=day, after=LATEST_FIRST.cursor(read[-1]) if read else None, limit=7
    ):
        read += page
    assert read == list(whole)


def test_a_count_stops_at_its_ceiling_and_says_so() -> None:
    ina = user("ina").id
    a_crowd(Row(late=3, inspector_id=ina) for _ in range(MOST_COUNTED + 5))
    counts = bucket_counts(user("tika"), Filters(), day=today())
    assert counts[None] == counts["1-7"] == Count(MOST_COUNTED, exact=False)
    assert counts["8-30"] == Count(0)


@pytest.fixture
def many(app: Flask) -> None:
    """24,000 cases: a tenth late, a tenth still to come, the rest closed or unresolved."""
    ina, budi = user("ina").id, user("budi").id
    closed = ("resolved", "unresolved", "withdrawn", "resolved")
    a_crowd(
        Row(
            late=(number * 7) % 300 + 1 if number % 10 else -(number % 90),
            inspector_id=ina if number % 3 else budi,
            status=(
                "recheck_due"
                if number % 10 == 1
                else "in_remedy"
                if number % 10 == 0
                else closed[number % 4]
            ),
            level="warning" if number % 10 == 1 else None,
            region="53.08" if number % 3 == 1 else "53.71",
        )
        for number in range(24_000)
    )
    analyze()


def sorts_or_scans(plan: str) -> list[str]:
    """The lines in which the list itself (not a row's own few flags) is sorted, or a table of cases
    is read whole.
    """
    lines = plan.partition("SubPlan")[0].splitlines()
    return [
        line
        for line in lines
        if re.search(
            r"Sort|^\d+ 0 0 USE TEMP B-TREE|SCAN cases|Seq Scan on (cases|companies)", line
        )
    ]


@pytest.mark.usefixtures("many")
def test_the_list_walks_the_partial_indexes_and_counts_read_indexes_only() -> None:
    tika, ina, day = user("tika"), user("ina").id, today()
    deep = write_cursor(day - timedelta(days=20), 16_000)
    for filters, after, index in (
        (Filters(), None, "ix_cases_awaiting"),
        (Filters(), deep, "ix_cases_awaiting"),
        (Filters(late="8-30"), None, "ix_cases_awaiting"),
        (Filters(mark="flagged"), None, "ix_cases_awaiting"),
        (Filters(inspector=ina), None, "ix_cases_awaiting"),
        (Filters(region="53.08"), None, "ix_cases_awaiting_by_region"),
    ):
        (plan,) = plans_of(partial(overdue_page, tika, filters, day=day, after=after, limit=51))
        assert index in plan, plan
        assert sorts_or_scans(plan) == [], plan
    (plan,) = plans_of(partial(overdue_page, tika, Filters(), day=day, after=deep, limit=51))
    assert re.search(r"effective_on>\? AND|Index Cond:.*ROW\(effective_on, id\) > ROW", plan), plan
    (plan,) = plans_of(partial(bucket_counts, tika, Filters(), day=day))
    assert sorts_or_scans(plan) == [], plan
    assert len(
        re.findall(r"(?:COVERING INDEX|Index (?:Only )?Scan (?:using|on)) ix_cases_", plan)
    ) == len(BUCKETS), plan
