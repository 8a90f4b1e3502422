"""What the clock does when something goes wrong: it writes it down, sets one row aside, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import next_due_at, set_aside, sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core import clock, jobs, outbox
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.jobs import Beat, JobRun, JobState, beat, beat_is_old
from compliance.core.numbering import Counter, next_serial
from compliance.core.outbox import Message, post_message
from tests.factories import a_case, a_company, user
from tests.queries import plans_of, queries


def fail() -> dict[str, int]:
    next_serial("contoh", 2026)
    raise RuntimeError("contoh kegagalan")


def test_a_job_that_fails_is_written_down_and_does_not_raise(app) -> None:
    state = jobs.run("contoh", fail)
    assert state.error == "RuntimeError: contoh kegagalan"
    db.session.remove()
    assert db.session.get_one(JobState, "contoh").error == "RuntimeError: contoh kegagalan"
    run = db.session.scalars(sa.select(JobRun)).one()
    assert (run.name, run.did, run.error, run.started_at) == (
        "contoh",
        {},
        "RuntimeError: contoh kegagalan",
        clock.now(),
    )
    assert db.session.scalars(sa.select(Counter)).all() == [], (
        "what the failing job wrote is rolled back"
    )


def test_a_job_that_works_again_is_well_again_and_its_failure_stays_in_the_history(app) -> None:
    jobs.run("contoh", fail)
    jobs.run("contoh", lambda: {"contoh": 2, "nihil": 0})
    assert db.session.get_one(JobState, "contoh").error is None
    assert [
        (run.did, run.error is None)
        for run in db.session.scalars(sa.select(JobRun).order_by(JobRun.id))
    ] == [({}, False), ({"contoh": 2}, True)]


def test_a_job_with_nothing_to_do_leaves_no_history(app) -> None:
    jobs.run("contoh", lambda: {"contoh": 0})
    assert db.session.get_one(JobState, "contoh").did == {}
    assert db.session.scalars(sa.select(JobRun)).all() == []


def test_the_cli_tells_a_failure_by_its_exit_code(app) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["jobs", "run", "sweep_due_rechecks"]).exit_code == 0
    behind_the_back("ALTER TABLE cases RENAME TO hidden_cases")
    result = runner.invoke(args=["jobs", "run", "sweep_due_rechecks"])
    assert result.exit_code == 1
    assert "sweep_due_rechecks: failed: " in result.output


def test_a_beat_is_old_after_five_minutes(app, at: Callable[[str], None]) -> None:
    assert beat_is_old(), "there never was one"
    beat()
    assert not beat_is_old()
    at("2026-11-30 09:05")
    assert not beat_is_old()
    at("2026-11-30 09:06")
    assert beat_is_old()
    beat()
    assert not beat_is_old()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Beat)) == 1


def test_a_beat_from_the_future_is_as_bad_as_an_old_one(app, at: Callable[[str], None]) -> None:
    beat()
    at("2026-11-30 08:00")
    assert beat_is_old()


def behind_the_back(statement: str, **values: object) -> None:
    """Change the store past the application."""
    with transaction():
        db.session.execute(sa.text(statement), values)
    db.session.remove()


def poison(case_id: int) -> None:
    """Give a case a day that does not fit the time of its next step: the chart refuses the step."""
    behind_the_back("UPDATE cases SET effective_on = '2027-06-01' WHERE id = :id", id=case_id)


def test_a_poisoned_row_is_set_aside_while_the_others_make_their_step(app, at, browser) -> None:
    company = a_company(nib="new")
    before, poisoned, after = (a_case(company=company).id for _ in range(3))
    poison(poisoned)
    at("2027-03-01 00:01")
    assert sweep_due_rechecks() == {"due": 2, "missed": 0, "set_aside": 1}
    statuses = dict(db.session.execute(sa.select(Case.id, Case.status)).all())
    assert statuses == {before: "recheck_due", poisoned: "in_remedy", after: "recheck_due"}
    aside = set_aside()
    assert [case.id for case in aside] == [poisoned]
    assert (aside[0].step_error or "").startswith("Refusal: ")
    told = sa.select(Event.case_id).where(Event.kind == "recheck.due")
    assert set(db.session.scalars(told)) == {before, after}, "a step that failed leaves no event"
    assert sweep_due_rechecks() == {"due": 0, "missed": 0, "set_aside": 0}, (
        "it does not come back by itself"
    )

    at("2027-03-02 00:01")
    assert sweep_due_rechecks() == {"due": 0, "missed": 2, "set_aside": 0}
    db.session.remove()
    number = db.session.get_one(Case, poisoned).number or ""
    adi = browser("adi")
    page = adi.get("/admin/jobs")
    assert "Kasus yang disisihkan: 1" in page.text
    assert number in page.text

    assert adi.post(f"/admin/jobs/cases/{poisoned}/release").status == 200
    assert sweep_due_rechecks()["set_aside"] == 1, "released, but still broken"
    behind_the_back("UPDATE cases SET effective_on = due_on WHERE id = :id", id=poisoned)
    adi.post(f"/admin/jobs/cases/{poisoned}/release")
    assert sweep_due_rechecks() == {"due": 1, "missed": 1, "set_aside": 0}
    assert set_aside() == []


def test_the_clock_does_not_wait_for_a_row_that_was_set_aside(app, at) -> None:
    poisoned, later = a_case().id, a_case(issued_on=date(2026, 11, 30)).id
    poison(poisoned)
    at("2027-03-01 00:01")
    sweep_due_rechecks()
    assert next_due_at() == db.session.get_one(Case, later).next_step_at


@pytest.mark.parametrize("ask", [sweep_due_rechecks, next_due_at])
def test_the_sweep_finds_what_is_due_by_its_partial_index(app, ask: Callable[[], object]) -> None:
    a_case()
    answer = next(plan for plan in plans_of(ask, small=True) if "cases" in plan)
    assert "ix_cases_next_step_at" in answer, answer
    for sorting in ("TEMP B-TREE", "Sort"):
        assert sorting not in answer, "the index gives the order too"


def test_a_sweep_with_nothing_to_do_asks_once(app) -> None:
    a_case()
    with queries() as seen:
        sweep_due_rechecks()
    assert len(seen.about("FROM cases")) == 1, seen


def test_runs_are_dropped_after_ninety_days_a_few_at_a_time(app, at, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "RUNS_DROPPED_AT_ONCE", 2)
    for _ in range(5):
        jobs.run("lama", lambda: {"contoh": 1})
    at("2027-02-28 08:59")
    jobs.run("baru", lambda: {"contoh": 1})
    assert jobs.drop_old_runs() == {"runs": 0}
    at("2027-02-28 09:01")
    assert jobs.drop_old_runs() == {"runs": 5}
    assert db.session.scalars(sa.select(JobRun.name)).all() == ["baru"]
    assert db.session.get_one(JobState, "lama").did == {"contoh": 1}, "how it ran last stays"


def test_messages_that_arrived_are_dropped_after_four_hundred_days_and_no_others(
    app, at, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "MESSAGES_DROPPED_AT_ONCE", 2)
    reader = user("ina").id
    with transaction():
        for name in ("sent 1", "sent 2", "sent 3", "waiting", "given up"):
            post_message("contoh", key=name, channel="email", address="ina@contoh.example", data={})
        for name in ("read", "unread"):
            post_message("contoh", key=name, channel="inbox", user_id=reader, data={})
    for condition, columns in (
        ("key LIKE 'sent%' OR key LIKE 'given up%'", "next_try_at = NULL"),
        ("key LIKE 'sent%'", "sent_at = created_at"),
        ("key LIKE 'given up%'", "given_up_at = created_at"),
        ("key LIKE 'read%'", "read_at = created_at"),
    ):
        behind_the_back(f"UPDATE messages SET {columns} WHERE {condition}")
    at("2028-01-04 08:59")
    with transaction():
        post_message("contoh", key="new", channel="inbox", user_id=reader, data={})
    behind_the_back("UPDATE messages SET read_at = created_at WHERE key LIKE 'new%'")
    assert outbox.drop_delivered() == {"messages": 0}
    at("2028-01-04 09:01")
    assert outbox.drop_delivered() == {"messages": 4}
    left = db.session.scalars(sa.select(Message.key).order_by(Message.id)).all()
    assert [key.partition(":")[0] for key in left] == ["waiting", "given up", "unread", "new"]


def test_old_messages_are_found_by_their_partial_index(app) -> None:
    for answer in plans_of(outbox.drop_delivered, small=True):
        assert "messages" not in answer or "ix_messages_delivered_created_at" in answer, answer
