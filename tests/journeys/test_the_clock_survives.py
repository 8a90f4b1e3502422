"""The clock is killed, doubled and late, and every recheck still comes back exactly once."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from compliance import create_app
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case, Nota
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.commands import register_company
from compliance.companies.rules import CompanyFacts
from compliance.core import clock
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import Event
from compliance.core.jobs import Beat
from compliance.core.outbox import Message
from compliance.core.walk import verify
from compliance.licensing.models import Flag
from compliance.policy import SYSTEM
from tests.conftest import a_config
from tests.factories import user
from tests.journeys.processes import Scheduler, until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
MANY = 2000
"""Ten batches for each of the two steps: enough that the kills come in the middle of the work."""


@pytest.fixture
def live(database: str, tmp_path: Path) -> Flask:
    """An application in real time on a fresh store."""
    return create_app(a_config(database, tmp_path / "mail"))


def issue_many(count: int, *, issued_on: date = date(2026, 7, 1)) -> None:
    """Cases whose three months are long over, in real time."""
    with time_machine.travel("2026-07-01 02:00", tick=False), transaction():
        inspector = user("ina")
        for number in range(count):
            company = register_company(
                CompanyFacts(
                    name=f"PT Contoh Antre {number}", region_code="53.71", nib=f"91{number:011}"
                ),
                by=SYSTEM,
            )
            case = start_draft(company, by=inspector, draft_key=str(uuid.uuid4()))
            facts = NotaFacts(issued_on, issued_on, 10, 4, [FindingFacts("JS-02")])
            issue_nota(case, by=inspector, facts=facts)


def copy_case(times: int) -> None:
    """Put the only case into the store `times` times more, with its nota, past the application."""
    with transaction():
        case, nota = (
            dict(db.session.execute(sa.select(*model.__table__.columns)).mappings().one())
            for model in (Case, Nota)
        )
        numbers = range(case["id"] + 1, case["id"] + 1 + times)
        db.session.execute(
            sa.insert(Case),
            [case | {"id": id, "number": f"C-{id}", "draft_key": None} for id in numbers],
        )
        db.session.execute(
            sa.insert(Nota),
            [nota | {"id": id, "case_id": id, "number": f"N-{id}"} for id in numbers],
        )
        if is_postgresql():
            for table in ("cases", "notas"):
                db.session.execute(sa.text(f"SELECT setval('{table}_id_seq', {numbers[-1]})"))


def look(query: sa.Select[Any]) -> Any:
    """One value as it stands now, read as a GET reads: a looker does not stand in a writer's way."""
    db.session.rollback()
    with db.engine.connect().execution_options(read_only=True) as connection:
        return connection.scalar(query)


def steps_left() -> int:
    """How many cases still have a step to make."""
    return int(
        look(sa.select(sa.func.count()).select_from(Case).where(Case.next_step_at <= clock.now()))
    )


def steps_made() -> int:
    """How many steps the log knows."""
    return int(
        look(
            sa.select(sa.func.count())
            .select_from(Event)
            .where(Event.kind.in_(("recheck.due", "recheck.missed")))
        )
    )


def moved_since(before: int) -> bool:
    """Whether somebody made a step after `before` of them, or none is left to make."""
    return steps_made() > before or not steps_left()


def leader() -> str | None:
    """The process that made the last sweep."""
    return look(sa.select(Beat.process))


def test_three_schedulers_killed_at_random_make_every_step_exactly_once(
    live: Flask, database: str, tmp_path: Path
) -> None:
    chance, kills_at_work = random.Random(20261120), 0
    with live.app_context():
        issue_many(1)
        copy_case(MANY - 1)
        schedulers = [Scheduler(database, tmp_path / "mail") for _ in range(3)]
        try:
            while kills_at_work < 3 and steps_left():
                before = steps_made()
                assert until(partial(moved_since, before), seconds=60), "nobody leads"
                until(lambda: False, seconds=chance.uniform(0, 0.1))
                victims = chance.choice(([0, 1, 2], [0, 1, 2], [chance.randrange(3)]))
                for victim in victims:
                    schedulers[victim].kill()
                kills_at_work += steps_left() > 0
                for victim in victims:
                    schedulers[victim] = Scheduler(database, tmp_path / "mail")
            assert until(lambda: not steps_left(), seconds=120)
        finally:
            for scheduler in schedulers:
                scheduler.stop()

        rows = db.session.execute(
            sa.select(Event.kind, Event.case_id).where(Event.case_id.is_not(None))
        )
        events = Counter(tuple(row) for row in rows)
        cases = db.session.scalars(sa.select(Case.id)).all()
        assert len(cases) == MANY
        for case_id in cases:
            for kind in ("recheck.due", "recheck.missed", "flag.raised"):
                assert events[kind, case_id] == 1, (
                    f"case {case_id}: {kind} {events[kind, case_id]} times"
                )
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Flag)) == MANY
        told = db.session.scalars(sa.select(Message.key).where(Message.kind == "flag.raised")).all()
        assert (
            len(told) == len(set(told)) == MANY * 5
        )  # inbox and mail of two officers, the inspector's inbox
        assert list(verify()) == []
        assert kills_at_work >= 2, "the kills came too late to prove anything"


def test_a_server_that_was_down_for_a_week_catches_up_once(
    live: Flask, database: str, tmp_path: Path
) -> None:
    with live.app_context():
        issue_many(20)
        scheduler = Scheduler(database, tmp_path / "mail")
        try:
            assert until(lambda: not steps_left(), seconds=60)
            assert until(lambda: leader() is not None, seconds=30)
        finally:
            scheduler.stop()
        kinds = Counter(
            db.session.scalars(sa.select(Event.kind).where(Event.kind.startswith("recheck")))
        )
        assert kinds == {"recheck.due": 20, "recheck.missed": 20}


def test_another_scheduler_leads_when_the_leader_is_killed(
    live: Flask, database: str, tmp_path: Path
) -> None:
    with live.app_context():
        first, second = (
            Scheduler(database, tmp_path / "mail"),
            Scheduler(database, tmp_path / "mail"),
        )
        try:
            assert until(lambda: leader() is not None, seconds=60)
            led = leader()
            leads = next(
                each for each in (first, second) if led and led.endswith(f":{each.process.pid}")
            )
            leads.kill()
            issue_many(3)
            assert until(lambda: not steps_left(), seconds=60)
            assert until(lambda: leader() != led, seconds=60)
        finally:
            first.stop()
            second.stop()
