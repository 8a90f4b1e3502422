"""The morning digest: who hears of which recheck on which morning, and that nobody hears it twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.commands.ending import withdraw_case
from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.office.commands import change_settings
from compliance.people.commands.users import change_user
from compliance.team.jobs import LISTED, send_morning_digests
from tests.factories import a_case, a_company, user
from tests.queries import queries

Told = dict[str, list[tuple[str, int]]]


@pytest.fixture
def morning(at: Callable[[str], None]) -> Callable[[str], Told]:
    """What each person is told on a morning: case number and days to go; runs the job at eight
    unless told otherwise.
    """

    def run(moment: str) -> Told:
        at(moment if " " in moment else f"{moment} 08:00")
        before = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
        db.session.rollback()
        send_morning_digests()
        return told_since(before)

    return run


def told_since(message_id: int) -> Told:
    told: Told = {}
    rows = sa.select(Message).where(
        Message.id > message_id, Message.kind == "digest", Message.channel == "inbox"
    )
    for message in db.session.scalars(rows):
        name = next(
            name
            for name in ("ina", "budi", "sari", "tika", "lia", "adi")
            if user(name).id == message.user_id
        )
        assert name not in told, "one digest per person"
        told[name] = [(line["case_number"], line["days"]) for line in message.fact("lines")]
    db.session.rollback()
    return told


def due_on_monday_1_march() -> str:
    case = a_case()
    assert case.effective_on == date(2027, 3, 1)
    return str(case.number)


def test_the_rhythm_is_14_7_1_and_0_days_before_one_after_and_then_weekly(app, at, morning) -> None:
    at("2026-12-02")
    number = str(a_case().number)  # due Tuesday, 2 March 2027
    told = {}
    for day in [
        *(f"2027-02-{day:02}" for day in range(12, 27)),
        *(f"2027-03-{day:02}" for day in range(1, 31)),
    ]:
        for who, lines in morning(day).items():
            if who == "ina":
                told[day] = next(days for each, days in lines if each == number)
    assert told == {
        "2027-02-16": 14,
        "2027-02-23": 7,
        "2027-03-01": 1,
        "2027-03-02": 0,
        "2027-03-03": -1,
        "2027-03-16": -14,  # the 9th, a week late, lies in the days off of Nyepi and Idulfitri
        "2027-03-23": -21,
        "2027-03-30": -28,
    }


def test_a_milestone_on_a_weekend_is_told_on_the_next_working_morning(app, at, morning) -> None:
    at("2026-11-26")
    number = str(a_case().number)  # due Friday, 26 February 2027: a day late on Saturday
    assert morning("2027-02-26") == {"ina": [(number, 0)]}
    assert morning("2027-02-27") == {}
    assert morning("2027-02-28") == {}
    assert morning("2027-03-01")["ina"] == [(number, -3)]
    assert morning("2027-03-02") == {}


def test_the_day_before_a_monday_is_told_on_monday_with_the_day_itself(app, morning) -> None:
    number = due_on_monday_1_march()
    assert morning("2027-02-26") == {}
    assert morning("2027-03-01") == {"ina": [(number, 0)]}


def test_nothing_is_told_before_the_hour_of_the_office(app, morning) -> None:
    number = due_on_monday_1_march()
    assert morning("2027-02-15 06:59") == {}
    assert morning("2027-02-15 07:00") == {"ina": [(number, 14)]}


def test_the_hour_is_the_office_s_own(app, morning) -> None:
    number = due_on_monday_1_march()
    with transaction():
        change_settings({"digest_hour": 9}, by=user("adi"))
    assert morning("2027-02-15 08:59") == {}
    assert morning("2027-02-15 09:00") == {"ina": [(number, 14)]}


def test_the_office_chooses_its_own_days(app, morning) -> None:
    number = due_on_monday_1_march()
    with transaction():
        change_settings({"reminder_days": "5"}, by=user("adi"))
    assert morning("2027-02-15") == {}
    assert morning("2027-02-24") == {"ina": [(number, 5)]}


def test_nothing_is_told_on_a_day_off_that_is_no_weekend(app, at, morning) -> None:
    at("2026-12-09")
    number = str(a_case().number)  # due 9 March 2027, a day off; effective Tuesday, 16 March
    assert morning("2027-03-09") == {}  # seven days to go, joint leave
    assert morning("2027-03-16") == {"ina": [(number, 0)]}


def test_there_is_one_digest_per_person_and_morning_however_often_the_job_runs(
    app, morning
) -> None:
    due_on_monday_1_march()
    assert set(morning("2027-02-15")) == {"ina"}
    for moment in ("2027-02-15 08:10", "2027-02-15 12:00", "2027-02-15 23:59"):
        assert morning(moment) == {}
    sent = db.session.scalars(
        sa.select(Message.channel).where(Message.kind == "digest").order_by(Message.channel)
    ).all()
    assert sent == ["email", "inbox"]


def test_a_run_that_tells_nobody_anything_new_says_that_it_did_nothing(app, at) -> None:
    due_on_monday_1_march()
    at("2027-02-15 08:00")
    assert jobs.run("send_morning_digests", send_morning_digests).did == {"digests": 1}
    assert jobs.run("send_morning_digests", send_morning_digests).did == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(jobs.JobRun)) == 1


def test_a_run_after_the_digests_are_written_reads_no_case_at_all(app, at) -> None:
    due_on_monday_1_march()
    at("2027-02-15 08:00")
    send_morning_digests()
    db.session.remove()
    with queries() as seen:
        assert send_morning_digests() == {"digests": 0}
    assert not seen.about("companies"), seen
    assert not seen.about("INSERT"), seen
    assert len(seen) <= 13, seen


def test_a_digest_that_is_missing_after_a_stop_is_written_by_the_next_run(app, at) -> None:
    due_on_monday_1_march()
    a_case("budi")
    at("2027-02-15 08:00")
    assert send_morning_digests() == {"digests": 2}
    with transaction():
        db.session.execute(sa.delete(Message).where(Message.user_id == user("budi").id))
    assert send_morning_digests() == {"digests": 1}


def test_everybody_hears_of_all_their_cases_at_once_and_of_nobody_else_s(app, morning) -> None:
    first, second = due_on_monday_1_march(), due_on_monday_1_march()
    other = str(a_case("budi").number)
    assert morning("2027-02-15") == {"ina": [(first, 14), (second, 14)], "budi": [(other, 14)]}


def test_a_morning_that_was_missed_is_made_good_once(app, at, morning) -> None:
    number = due_on_monday_1_march()
    at("2026-12-03")
    later = str(a_case().number)  # due Wednesday, 3 March 2027
    assert morning("2027-02-15") == {"ina": [(number, 14)]}
    # nobody ran the job on Wednesday the 17th, when the later case had 14 days to go, nor on the 22nd
    assert morning("2027-02-23") == {"ina": [(number, 6), (later, 8)]}
    assert morning("2027-02-23 15:00") == {}
    assert morning("2027-02-24") == {"ina": [(later, 7)]}
    assert morning("2027-02-25") == {}


def test_the_compliance_team_hears_of_late_rechecks_only(app, at, morning) -> None:
    late = due_on_monday_1_march()
    at("2026-12-02")
    on_the_day = str(a_case("budi").number)  # due Tuesday, 2 March
    assert set(morning("2027-02-15")) == {"ina"}
    assert morning("2027-03-02") == {
        "ina": [(late, -1)],
        "budi": [(on_the_day, 0)],
        "tika": [(late, -1)],
    }


def test_a_case_that_is_closed_is_told_no_more(app, at, morning) -> None:
    case, other = a_case(), due_on_monday_1_march()
    with transaction():
        withdraw_case(case, by=user("sari"), reason="Nota ganda, contoh.")
    assert morning("2027-02-15") == {"ina": [(other, 14)]}


def test_an_inactive_inspector_gets_nothing_and_the_compliance_team_still_does(
    app, morning
) -> None:
    number = due_on_monday_1_march()
    ina = user("ina")
    with transaction():
        change_user(
            ina,
            by=user("adi"),
            name=ina.name,
            role=ina.role,
            office=None,
            phone=ina.phone,
            active=False,
        )
    assert morning("2027-02-15") == {}
    assert morning("2027-03-02") == {"tika": [(number, -1)]}


def test_whoever_wants_no_mails_still_finds_the_digest_in_the_inbox(app, morning) -> None:
    number = due_on_monday_1_march()
    with transaction():
        user("ina").wants_email = False
        db.session.flush()
    assert morning("2027-02-15") == {"ina": [(number, 14)]}
    assert db.session.scalars(sa.select(Message.channel).where(Message.kind == "digest")).all() == [
        "inbox"
    ]


def test_a_long_digest_names_the_first_and_counts_the_rest(app, morning) -> None:
    company = a_company(nib="new")
    for _ in range(LISTED + 1):
        a_case(company=company)
    assert len(morning("2027-02-15")["ina"]) == LISTED
    digest = db.session.scalars(
        sa.select(Message).where(Message.kind == "digest", Message.channel == "inbox")
    ).one()
    assert (digest.fact("soon"), digest.fact("late"), digest.fact("more")) == (LISTED + 1, 0, 1)
