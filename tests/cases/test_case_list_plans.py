"""The list of cases stays fast however many there are: every order that is offered walks an index,
on both stores.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.listing import BY_DUE, BY_NAME, COUNTED, Filter, Listing
from compliance.companies.models import Company
from compliance.companies.names import name_key
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.keyset import write_cursor
from compliance.office.settings import today
from tests.factories import user
from tests.queries import plans_of
from tests.team.crowd import FIRST_ID, Row, a_crowd, analyze

pytestmark = pytest.mark.usefixtures("many")
STATUSES = (
    "in_remedy",
    "recheck_due",
    "unresolved",
    "resolved",
    "resolved",
    "withdrawn",
    "resolved",
    "resolved",
)
MIDDLE = FIRST_ID + 6_000


@pytest.fixture
def many(app: Flask) -> None:
    """12,000 cases, three of eight open, one of 500 with Ina; a third of the companies trade, one
    in 400 is a school.
    """
    ina, budi = user("ina").id, user("budi").id
    a_crowd(
        Row(
            late=(number * 7) % 400 - 100,
            status=STATUSES[number % 8],
            inspector_id=ina if number % 500 == 0 else budi,
            region=("53.71", "53.08", "53.01")[number % 3],
            name=f"PT Contoh {number % 97}",
        )
        for number in range(12_000)
    )
    with transaction():
        for kbli, condition in (("47111", Company.id % 3 == 0), ("85500", Company.id % 400 == 1)):
            db.session.execute(sa.update(Company).where(condition).values(kbli=kbli))
    analyze()


def plan_of_page(
    view: str,
    order: str,
    wanted: Filter | None = None,
    *,
    after: str | None = None,
    total: int = COUNTED + 1,
) -> str:
    """How the store finds the rows of a page; what it then does with those few is left out."""
    listing = Listing(user("tika"), wanted or Filter(), today=today())
    plan = plans_of(lambda: listing.rows(view, order=order, after=after, total=total, limit=26))[0]
    if is_postgresql():
        return plan[plan.index("Limit") :].partition("SubPlan")[0]
    lines = [line.split(" ", 3) for line in plan.splitlines()]
    [of_places] = [id for id, _parent, _zero, what in lines if what.startswith("LIST SUBQUERY")][:1]
    return "\n".join(what for _id, parent, _zero, what in lines if parent == of_places)


def test_every_order_that_is_offered_walks_an_index_and_no_count_reads_a_table_whole() -> None:
    long_lists_walk_an_index_in_every_order()
    a_short_list_is_found_first_and_sorted_then()
    a_sector_is_looked_up_by_its_few_companies_or_asked_case_by_case()
    counts_read_no_table_whole()


def long_lists_walk_an_index_in_every_order() -> None:
    deep_day = write_cursor(today() - timedelta(days=150), MIDDLE)
    deep_name = write_cursor(name_key(f"PT Contoh {6_000 % 97} {MIDDLE}"), MIDDLE, MIDDLE)
    for view, order, index, deep in (
        ("all", BY_DUE.falling, "ix_cases_issued", deep_day),
        ("all", BY_DUE.rising, "ix_cases_issued", deep_day),
        ("open", BY_DUE.rising, "ix_cases_open", deep_day),
        ("late", BY_DUE.falling, "ix_cases_awaiting", deep_day),
        ("all", BY_NAME.rising, "ix_companies_name_key_id", deep_name),
        ("open", BY_NAME.falling, "ix_companies_name_key_id", deep_name),
        ("late", BY_NAME.rising, "ix_companies_name_key_id", deep_name),
    ):
        for after in (None, deep):
            plan = plan_of_page(view, order, after=after)
            assert index in plan, (view, order, after, plan)
            assert not re.search(r"(?<!Incremental )\bSort  |TEMP B-TREE|Seq Scan", plan), (
                view,
                order,
                plan,
            )
        here = r"name_key[<>]|effective_on[<>]|Index Cond:.*ROW\((name_key|effective_on), id\) [<>]"
        assert re.search(here, plan), f"a deep page begins where the one before ended: {plan}"


def a_short_list_is_found_first_and_sorted_then() -> None:
    """Walking the companies in order of their names would read nearly all of them to find one
    inspector's sixty.
    """
    plan = plan_of_page("all", BY_NAME.rising, Filter(inspector_id=user("ina").id), total=60)
    assert "ix_companies_name_key_id" not in plan, plan
    assert re.search("companies USING INTEGER PRIMARY KEY|Index Scan using pk_companies", plan), (
        plan
    )


def a_sector_is_looked_up_by_its_few_companies_or_asked_case_by_case() -> None:
    listing = Listing(user("tika"), Filter(sector="85"), today=today())
    (plan,) = plans_of(lambda: listing.counts(["all", "late"]))
    assert "ix_cases_company_id" in plan, plan
    assert listing.counts(["all"]) == {"all": 30}
    plan = plan_of_page("late", BY_DUE.rising, Filter(sector="47"))
    assert "ix_cases_awaiting" in plan, plan
    assert "SCAN company" not in plan, plan
    assert listing.sorts("all", total=30).keys() == {"due", "name"}
    plans = plans_of(lambda: Listing(user("tika"), Filter(sector="47"), today=today()))
    assert "ix_companies_kbli" in plans[-1], plans


def counts_read_no_table_whole() -> None:
    listing = Listing(user("tika"), Filter(), today=today())
    (plan,) = plans_of(lambda: listing.counts(["open", "soon", "late", "flagged", "all"]))
    assert not re.search(r"SCAN cases(?! USING)", plan), plan


def test_the_flagged_cases_are_counted_from_the_flags() -> None:
    """A count stops at its ceiling; walking the open cases until it is reached would read those
    without a flag.
    """
    day, tika = today(), user("tika")
    flagged = [
        Row(
            late=3,
            inspector_id=user("budi").id,
            level=("warning", "hold")[number % 2],
            status=STATUSES[number % 3],
        )
        for number in range(30)
    ]
    a_crowd(flagged, first_id=FIRST_ID + 20_000)
    analyze()
    listing = Listing(tika, Filter(), today=day)
    (plan,) = plans_of(lambda: listing.counts(["flagged"]))
    assert re.search(
        "SCAN flags USING (COVERING )?INDEX|Scan using .* on flags|Seq Scan on flags", plan
    ), plan
    assert re.search("SEARCH cases USING INTEGER PRIMARY KEY|on cases", plan), plan
    assert "Seq Scan on cases" not in plan, plan
    assert listing.counts(["flagged"]) == {"flagged": 30}
    assert len(listing.rows("flagged", order=BY_DUE.rising, after=None, limit=50, total=30)) == 30
    narrowed = Listing(tika, Filter(region="53.71", inspector_id=user("budi").id), today=day)
    assert narrowed.counts(["flagged"]) == {"flagged": 30}
