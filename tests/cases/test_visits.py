"""What visits, receipts, withdrawals and reopenings do to a case, and what they refuse, through the
commands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.commands.ending import reopen_case, withdraw_case
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.visits import record_visit
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Visit
from compliance.cases.queries import timeline
from compliance.cases.rules import VisitFacts
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, NotAllowed, NotFound, Refusal
from compliance.licensing.models import Flag
from compliance.office.commands import change_settings
from compliance.policy import SYSTEM
from tests.factories import a_case, a_visit, user

pytestmark = pytest.mark.usefixtures("app")
Clock = Callable[[str], None]
DUE = date(2027, 3, 1)  # a Monday; the calendar's three months end on the Sunday before


def reread(case_id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case_id, populate_existing=True)


def visit(case_id: int, outcome: str, *, by: str = "ina", **facts: Any) -> Case:
    a_visit(reread(case_id), outcome, by=by, **facts)
    return reread(case_id)


def refused(case_id: int, outcome: str, **facts: Any) -> Refusal:
    """The refusal of a visit, after seeing that it left no trace."""
    before = reread(case_id).status
    with pytest.raises(Refusal) as caught:
        visit(case_id, outcome, **facts)
    assert reread(case_id).status == before
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Visit).where(Visit.case_id == case_id)
        )
        == 0
    )
    return caught.value


def active_levels(case_id: int) -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(Flag).where(Flag.case_id == case_id, Flag.lifted_at.is_(None))
    )
    return [flag.level for flag in rows]


def kinds(case_id: int) -> list[str]:
    return [event.kind for event in timeline(reread(case_id))]


@pytest.mark.parametrize("outcome", ["not_complied", "partly_complied"])
def test_a_visit_before_the_due_date_that_finds_it_unfixed_changes_nothing(
    at: Clock, outcome: str
) -> None:
    id = a_case().id
    at("2027-02-28")
    case = visit(id, outcome, registered=30)
    assert (case.status, case.effective_on, case.unresolved_on) == ("in_remedy", DUE, None)
    assert case.workers_registered == 30
    assert active_levels(id) == []
    assert timeline(case)[0].fact("early") is True


def test_an_early_visit_written_down_after_the_day_has_come_is_still_early(at: Clock) -> None:
    id = a_case().id
    at("2027-03-03")
    sweep_due_rechecks()
    case = visit(id, "not_complied", visited_on=date(2027, 2, 26))
    assert case.status == "recheck_due"
    assert active_levels(id) == ["warning"]


@pytest.mark.parametrize("outcome", ["not_complied", "partly_complied"])
@pytest.mark.parametrize("swept", [True, False])
def test_a_visit_on_the_due_date_that_finds_it_unfixed_makes_the_case_unresolved(
    at: Clock, outcome: str, swept: bool
) -> None:
    id = a_case().id
    at("2027-03-01 10:00")
    if swept:
        sweep_due_rechecks()
    case = visit(id, outcome)
    assert (case.status, case.unresolved_on, case.next_step_at) == ("unresolved", DUE, None)
    assert active_levels(id) == ["hold"]


@pytest.mark.parametrize("day", ["2026-12-07", "2027-03-01", "2027-09-01"])
def test_a_company_that_complied_is_resolved_whenever_that_is(at: Clock, day: str) -> None:
    id = a_case(violations=("JS-02", "JS-04")).id
    at(day)
    sweep_due_rechecks()
    sweep_due_rechecks()
    case = visit(id, "complied", registered=40)
    assert (case.status, case.resolved_on, case.next_step_at) == (
        "resolved",
        date.fromisoformat(day),
        None,
    )
    assert [finding.fixed_on for finding in case.findings] == [date.fromisoformat(day)] * 2
    assert active_levels(id) == []


def test_nobody_met_leaves_the_case_where_it_is_and_marks_nothing(at: Clock) -> None:
    id = a_case().id
    at("2027-03-02")
    sweep_due_rechecks()
    finding = reread(id).findings[0].id
    case = visit(id, "not_met", registered=40, fixed=[finding], note="Tutup, kata tetangga pindah.")
    assert (case.status, case.workers_registered, case.findings[0].fixed_on) == (
        "recheck_due",
        28,
        None,
    )
    assert case.visits[0].note == "Tutup, kata tetangga pindah."
    assert kinds(id)[0] == "visit.recorded"


def test_an_unresolved_case_stays_so_until_it_complied_and_its_flag_stands_as_long(
    at: Clock,
) -> None:
    id = a_case().id
    at("2027-03-01")
    visit(id, "not_complied")
    at("2028-03-01")
    assert visit(id, "partly_complied", registered=39).status == "unresolved"
    assert visit(id, "not_met").status == "unresolved"
    assert active_levels(id) == ["hold"]
    assert reread(id).unresolved_on == DUE
    assert visit(id, "complied", registered=40).status == "resolved"
    assert active_levels(id) == []


def test_what_was_fixed_at_one_visit_need_not_be_fixed_again_at_the_next(at: Clock) -> None:
    id = a_case(violations=("JS-02", "JS-04")).id
    at("2027-01-18")
    first, second = (finding.id for finding in reread(id).findings)
    visit(id, "partly_complied", registered=35, fixed=[first])
    at("2027-03-01")
    case = visit(id, "complied", registered=40, fixed=[second])
    assert case.status == "resolved"
    assert [finding.fixed_on for finding in case.findings] == [date(2027, 1, 18), DUE]


def test_complied_asks_that_every_finding_is_fixed() -> None:
    id = a_case(violations=("JS-02", "JS-04")).id
    first = reread(id).findings[0].id
    assert "JS-04 belum ditandai selesai" in str(refused(id, "complied", fixed=[first]).reason)


def test_complied_asks_for_the_workers_now_registered() -> None:
    case = a_case()
    facts = VisitFacts(visited_on=date(2026, 11, 30), outcome="complied")
    with pytest.raises(Refusal, match="jumlah pekerja"), transaction():
        record_visit(case, by=user("ina"), facts=facts)
    assert reread(case.id).status == "in_remedy"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"visited_on": date(2026, 11, 29)}, "visited_on"),
        ({"visited_on": date(2026, 12, 1)}, "visited_on"),
        ({"outcome": "fine"}, "outcome"),
        ({"registered": 41}, "workers_registered"),
        ({"registered": -1}, "workers_registered"),
        ({"fixed": [999_999]}, "fixed"),
        ({"workers_total": 20}, "workers_registered"),
        ({"new_findings": ["ZZ-99"]}, "new_findings"),
        ({"not_met_reason": "away"}, "not_met_reason"),
        ({"next_visit_on": date(2026, 11, 30)}, "next_visit_on"),
    ],
    ids=[
        "before the nota",
        "tomorrow",
        "no such outcome",
        "more than there are",
        "less than none",
        "another's finding",
        "fewer workers than were registered",
        "no such violation",
        "no such reason",
        "a next visit today",
    ],
)
def test_a_visit_that_makes_no_sense_is_refused_by_field(facts: dict[str, Any], field: str) -> None:
    refusal = refused(a_case().id, **{"outcome": "not_complied", **facts})
    assert isinstance(refusal, Invalid)
    assert list(refusal.errors) == [field]


@pytest.mark.parametrize("outcome", ["complied", "partly_complied", "not_complied", "not_met"])
@pytest.mark.parametrize("end", ["resolved", "withdrawn"])
def test_a_closed_case_takes_no_visit(end: str, outcome: str) -> None:
    case = a_case()
    if end == "resolved":
        a_visit(case, "complied")
    else:
        with transaction():
            withdraw_case(case, by=user("sari"), reason="salah alamat")
    with pytest.raises(Refusal, match="status kasus"):
        visit(case.id, outcome)
    assert reread(case.id).status == end


def test_an_inspector_visits_own_cases_only_a_supervisor_any_and_nobody_else() -> None:
    id = a_case("ina").id
    for who, refusal in (
        ("budi", NotFound),
        ("tika", NotAllowed),
        ("lia", NotAllowed),
        ("adi", NotAllowed),
    ):
        with pytest.raises(refusal):
            visit(id, "not_met", by=who)
    assert visit(id, "not_met", by="sari").visits[0].by_id == user("sari").id


def test_a_receipt_starts_the_deadlines_and_leaves_the_recheck_alone(at: Clock) -> None:
    id = a_case().id
    at("2026-12-03")
    with transaction():
        assert (
            record_receipt(
                reread(id),
                by=user("ina"),
                received_on=date(2026, 12, 2),
                received_by=" Ani  Contoh ",
            )
            == []
        )
    case = reread(id)
    assert case.nota is not None
    assert (case.nota.received_on, case.nota.received_by) == (date(2026, 12, 2), "Ani Contoh")
    assert [finding.deadline_on for finding in case.findings] == [date(2026, 12, 16)]
    assert case.effective_on == DUE


def test_a_receipt_moves_the_recheck_where_the_office_counts_from_it_and_says_so(at: Clock) -> None:
    with transaction():
        change_settings({"recheck_anchor": "received"}, by=SYSTEM)
    id = a_case().id
    assert "Sementara" in str(reread(id).why[1])
    at("2026-12-21")
    with transaction():
        moved = record_receipt(
            reread(id), by=user("ina"), received_on=date(2026, 12, 18), received_by="Ani Contoh"
        )
    assert moved == [("recheck", DUE, date(2027, 3, 18))]
    assert reread(id).effective_on == date(2027, 3, 18)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"received_on": date(2026, 11, 29)}, "received_on"),
        ({"received_on": date(2026, 12, 1)}, "received_on"),
        ({"received_by": "  "}, "received_by"),
    ],
)
def test_a_receipt_that_makes_no_sense_is_refused_by_field(
    facts: dict[str, Any], field: str
) -> None:
    given = {"received_on": date(2026, 11, 30), "received_by": "Ani Contoh", **facts}
    case = a_case()
    with pytest.raises(Invalid) as caught, transaction():
        record_receipt(case, by=user("ina"), **given)
    assert list(caught.value.errors) == [field]


def test_a_receipt_is_recorded_once() -> None:
    case = a_case()
    with transaction():
        record_receipt(
            case, by=user("ina"), received_on=date(2026, 11, 30), received_by="Ani Contoh"
        )
    with pytest.raises(Refusal, match="sudah dicatat"), transaction():
        record_receipt(
            reread(case.id),
            by=user("ina"),
            received_on=date(2026, 11, 30),
            received_by="Budi Misal",
        )


def test_a_withdrawn_case_lifts_its_flags_and_comes_back_with_its_own_dates(at: Clock) -> None:
    id = a_case().id
    at("2027-03-02")
    sweep_due_rechecks()
    sweep_due_rechecks()
    assert active_levels(id) == ["warning"]
    with transaction():
        withdraw_case(reread(id), by=user("sari"), reason="nota ganda")
    case = reread(id)
    assert (case.status, case.withdrawn_on, case.next_step_at) == (
        "withdrawn",
        date(2027, 3, 2),
        None,
    )
    assert active_levels(id) == []
    with transaction():
        reopen_case(case, by=user("sari"), reason="ternyata bukan ganda")
    case = reread(id)
    assert (case.status, case.effective_on, case.withdrawn_on) == ("in_remedy", DUE, None)


def test_a_resolved_case_reopens_with_its_findings_and_a_new_period(at: Clock) -> None:
    id = a_case().id
    at("2027-03-01")
    visit(id, "complied", registered=40)
    at("2027-06-01")
    with transaction():
        reopen_case(reread(id), by=user("sari"), reason="bukti ternyata palsu")
    case = reread(id)
    assert (case.status, case.due_on, case.resolved_on) == ("in_remedy", date(2027, 9, 1), None)
    assert [finding.fixed_on for finding in case.findings] == [None]
    assert "dibuka kembali" in str(case.why[0])
    assert "case.resolved" in kinds(id)


def test_only_a_supervisor_withdraws_and_reopens_and_never_without_a_reason() -> None:
    case = a_case()
    for act in (withdraw_case, reopen_case):
        for who in ("ina", "tika", "lia", "adi"):
            with pytest.raises(NotAllowed):
                act(case, by=user(who), reason="sebab")
    with pytest.raises(Refusal, match="alasannya"):
        withdraw_case(case, by=user("sari"), reason="  ")
    with pytest.raises(Refusal, match="status kasus"):
        reopen_case(case, by=user("sari"), reason="sebab")
