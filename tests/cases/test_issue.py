"""Issuing a nota: all of it or nothing, one number each, and what it sets going."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Finding, Nota
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, NotAllowed, NotFound, Refusal, Taken
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.core.stamp import replace_stamp
from compliance.office.models import Setting
from compliance.office.settings import today
from compliance.people.models import User
from tests.factories import a_case, a_company, user

pytestmark = pytest.mark.usefixtures("app")


def facts(**changed: object) -> NotaFacts:
    complete: dict[str, object] = {
        "inspected_on": today(),
        "issued_on": today(),
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [FindingFacts("JS-02")],
    }
    return NotaFacts(**{**complete, **changed})  # type: ignore[arg-type]


def issue(
    by: str = "ina", *, owner: str = "ina", scale: str | None = None, **changed: object
) -> Nota:
    """A nota issued in one transaction, or none at all."""
    company = a_company(scale=scale)
    with transaction():
        case = start_draft(company, by=user(owner), draft_key=str(uuid.uuid4()))
    with transaction():
        return issue_nota(case, by=user(by), facts=facts(**changed))


def decide(**settings: object) -> None:
    with transaction():
        for key, value in settings.items():
            db.session.add(Setting(key=key, value=value, changed_at=user("adi").created_at))
        replace_stamp(db.session())


def test_a_nota_is_numbered_frozen_scheduled_and_conveyed_in_one_act() -> None:
    nota = issue(place="Jalan  Misal 1\nOebobo", met=" Ani Contoh ", note="catatan")
    case = nota.case
    assert (case.number, nota.number, nota.kind) == ("NTT-2026-0001", "560/001-NP/XI/2026", "I")
    assert (nota.place, nota.met, nota.conveyed_on) == (
        "Jalan Misal 1, Oebobo",
        "Ani Contoh",
        date(2026, 11, 30),
    )
    assert (case.status, case.due_on, case.effective_on) == (
        "in_remedy",
        date(2027, 2, 28),
        date(2027, 3, 1),
    )
    kinds = db.session.scalars(
        sa.select(Event.kind).where(Event.case_id == case.id).order_by(Event.id)
    ).all()
    assert kinds == ["draft.started", "nota.issued", "nota.conveyed", "letter.numbered"]
    told = db.session.scalars(
        sa.select(User.email)
        .join(Message, Message.user_id == User.id)
        .where(Message.channel == "inbox")
    )
    assert set(told) == {
        "lia@contoh.example",
        "eda@contoh.example",
    }  # the city's and the province's, not Ende's


def test_numbers_have_no_gaps_when_an_issue_is_refused() -> None:
    assert issue().case.number == "NTT-2026-0001"
    with pytest.raises(Invalid):
        issue(workers_total=0)
    with pytest.raises(Taken):
        issue(nota_number="560/001-NP/XI/2026")
    nota = issue()
    assert (nota.case.number, nota.number) == ("NTT-2026-0002", "560/002-NP/XI/2026")


def test_a_refused_issue_leaves_the_draft_as_it_was() -> None:
    taken = issue().number
    with pytest.raises(Taken):
        issue(nota_number=taken)
    drafts = db.session.scalars(sa.select(Case).where(Case.status == "draft")).all()
    assert [(each.number, each.effective_on, each.workers_total) for each in drafts] == [
        (None, None, None)
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Finding)) == 1


def test_numbers_begin_anew_each_year_of_issue(at: Callable[[str], None]) -> None:
    issue()
    at("2027-01-04")
    assert issue(inspected_on=date(2027, 1, 4)).number == "560/001-NP/I/2027"
    late = issue(inspected_on=date(2026, 12, 30), issued_on=date(2026, 12, 30))
    assert (late.number, late.case.number) == ("560/002-NP/XII/2026", "NTT-2026-0002")


def test_the_series_steps_over_a_number_that_was_given_by_hand() -> None:
    issue(nota_number="560/001-NP/XI/2026")
    assert issue().number == "560/002-NP/XI/2026"


def test_a_number_given_by_hand_is_compared_without_its_spaces() -> None:
    owner = issue(nota_number="R.560/NP. 044.A/2026")
    with pytest.raises(Taken) as refused:
        issue(nota_number="  R.560/NP.  044.A/2026 ")
    assert refused.value.candidates == [owner]
    assert owner.company_name in str(refused.value.reason)


@pytest.mark.parametrize("typed", [None, "", "   "])
def test_no_number_given_means_the_next_of_the_series(typed: str | None) -> None:
    assert issue(nota_number=typed).number == "560/001-NP/XI/2026"


def test_what_the_rules_find_is_refused_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        issue(workers_registered=41, findings=[FindingFacts("JS-02", workers_affected=50)])
    assert list(refused.value.errors) == ["workers_registered", "findings.0.workers_affected"]


def test_a_micro_company_is_not_accused_of_jht() -> None:
    with pytest.raises(Invalid) as refused:
        issue(scale="micro", findings=[FindingFacts("JS-04", programmes=["JHT"])])
    assert list(refused.value.errors) == ["findings.0.programmes"]


def test_the_catalogue_of_the_day_of_issue_counts() -> None:
    old = issue(
        inspected_on=date(2025, 6, 2), issued_on=date(2025, 6, 2), findings=[FindingFacts("WL-01")]
    )
    new = issue(findings=[FindingFacts("WL-01")])
    [before], [after] = old.case.findings, new.case.findings
    assert before.violation.valid_to == date(2026, 1, 1)
    assert after.violation.valid_from == date(2026, 1, 2)
    assert before.violation.sanction_note != after.violation.sanction_note


def test_a_finding_has_its_own_days_or_the_office_s() -> None:
    decide(finding_days=7, finding_day_type="working")
    nota = issue(findings=[FindingFacts("JS-02"), FindingFacts("JS-06", deadline_days=30)])
    assert [(each.deadline_days, each.deadline_day_type) for each in nota.case.findings] == [
        (7, "working"),
        (30, "working"),
    ]
    with transaction():
        record_receipt(
            nota.case, by=user("ina"), received_on=today(), received_by="Ani Contoh, staf HRD"
        )
    assert [each.deadline_on for each in nota.case.findings] == [
        date(2026, 12, 9),
        date(2027, 1, 15),
    ]


def test_where_the_receipt_counts_the_day_of_issue_stands_in_until_it_is_known() -> None:
    decide(recheck_anchor="received")
    case = issue(inspected_on=date(2026, 11, 20), issued_on=date(2026, 11, 20)).case
    assert case.due_on == date(2027, 2, 20)
    assert any("tanda terima belum dicatat" in each.sentence for each in case.why)
    with transaction():
        record_receipt(
            case, by=user("ina"), received_on=date(2026, 11, 27), received_by="Ani Contoh"
        )
    assert case.due_on == date(2027, 2, 27)
    assert not any("belum dicatat" in each.sentence for each in case.why)


def test_where_the_conveyance_counts_it_is_the_day_the_nota_is_entered() -> None:
    decide(recheck_anchor="conveyed")
    assert issue(inspected_on=date(2026, 11, 2), issued_on=date(2026, 11, 2)).case.due_on == date(
        2027, 2, 28
    )


def test_a_nota_entered_long_after_its_day_is_overdue_at_once() -> None:
    day = date(2026, 3, 2)
    case = issue(inspected_on=day, issued_on=day).case
    assert (case.effective_on, case.days_late(today())) == (date(2026, 6, 2), 181)
    assert sweep_due_rechecks() == {"due": 1, "missed": 1, "set_aside": 0}


def test_a_nota_is_issued_once() -> None:
    case = a_case()
    with pytest.raises(Refusal), transaction():
        issue_nota(case, by=user("ina"), facts=facts())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Nota)) == 1


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("budi", NotFound), ("tika", NotAllowed), ("lia", NotAllowed), ("adi", NotAllowed)],
)
def test_only_the_inspector_and_the_supervisor_issue(who: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        issue(who, owner="ina")
    assert issue("sari", owner="ina").case.inspector_id == user("ina").id


def test_the_name_of_the_company_is_kept_as_it_was() -> None:
    nota = issue()
    with transaction():
        nota.case.company.name = "PT Contoh Nama Baru"
    assert nota.company_name != "PT Contoh Nama Baru"


def test_the_due_date_does_not_move_with_the_settings() -> None:
    case = issue().case
    decide(recheck_months=6)
    db.session.refresh(case)
    assert case.due_on == date(2027, 2, 28)
    assert issue(
        issued_on=today() - timedelta(days=1), inspected_on=today() - timedelta(days=1)
    ).case.due_on == date(2027, 5, 29)
