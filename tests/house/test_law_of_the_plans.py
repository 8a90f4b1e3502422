"""Nothing grows with rows or years: no statement of a page, an API list or a job reads a growing table whole.

Every page is opened by every role and every job runs once, on a store with a crowd of cases, and
SQLite is asked how it goes about each statement. Only a walk along a partial index, or along any
index up to a LIMIT, is no full read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from compliance.admin.audit.jobs import LogAltered
from compliance.cases.models import Finding, Nota, Visit
from compliance.companies.models import Company, CompanyNumber
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.licensing.models import Flag, LicenceCheck
from compliance.people.commands.accounts import add_token
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from compliance.schedule import JOBS
from tests.browser import Browser, as_a_request_of_its_own
from tests.cast import Cast
from tests.factories import user
from tests.team.crowd import FIRST_ID, Row, a_crowd, analyze
from tests.test_every_page import ROLES, addresses, something

pytestmark = pytest.mark.one_store
GROWING = (
    "companies", "company_names", "company_numbers", "cases", "notas", "findings", "visits",
    "flags", "licence_checks",
    "events", "messages", "import_rows", "plan_entries",
)  # fmt: skip
ALLOWED = {
    "companies.merged_into_id IS NULL LIMIT": "stops at its ceiling, and nearly every row counts",
    "flags.lifted_at IS NOT NULL LIMIT": (
        "stops at its ceiling, and in the end nearly every flag is lifted"
    ),
    "ORDER BY licence_checks.id DESC": (
        "the newest checks of all offices, along the primary key up to a page"
    ),
    "WITH cores AS": (
        "at night: compares the tax numbers of all companies with each other; still grows with them"
    ),
    "events.hash FROM events ORDER BY events.id": (
        "the whole log is walked once a week, and when it never was"
    ),
}
"""Statements that may read a growing table whole: a part of their words, and why."""
MANY = 12_000
REGIONS = ("53.71", "53.08", "53.01")
LISTS = (
    "/cases?view=flagged", "/cases?view=all", "/cases?view=late&order=name", "/cases?q=contoh",
    "/queue?late=1-7",
    "/queue?mark=flagged", "/queue?load=1", "/flags?state=lifted", "/companies?q=contoh",
    "/companies?region=53.71",
)  # fmt: skip
OF_API = (
    "/cases",
    "/cases?status=recheck_due",
    "/companies",
    "/companies?q=contoh",
    "/flags",
    f"/cases/{FIRST_ID}/events",
)

Sent = dict[str, Any]
"""Each statement once, with the values it was first sent with."""


@contextmanager
def statements() -> Iterator[Sent]:
    """Collect every statement sent within the block."""
    sent: Sent = {}

    def note(
        _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            sent.setdefault(statement, values[0] if many else values)

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)


def full_reads(sent: Sent) -> list[str]:
    """The statements that read a growing table whole, each with the line of the plan that says so."""
    connection = db.session.connection()
    partial = set(
        connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        ).scalars()
    )
    faults = []
    for statement, values in sent.items():
        brief = re.sub(r"\?(, \?)+", "?…", " ".join(statement.split()))
        if any(words in brief for words in ALLOWED):
            continue
        aliases = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
        for *_ids, line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
            scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
            if not scan or aliases.get(scan[1], scan[1]) not in GROWING or "VIRTUAL TABLE" in line:
                continue
            if not scan[2] or (scan[2] not in partial and "LIMIT" not in statement):
                faults.append(f"{line}: {brief[:600]}")
    return sorted(set(faults))


def insert(model: type[Any], row: Callable[[int], dict[str, Any]]) -> None:
    """Past the unit of work, which would send a statement for each row that lacks a value."""
    values = [row(id) for id in range(FIRST_ID, FIRST_ID + MANY)]
    db.session.execute(sa.insert(model.__table__), values)


def grow() -> None:
    """A crowd of cases in all states, with what years leave behind: visits, checks, messages,
    events, a plan.
    """
    ina, lia, now = user("ina").id, user("lia").id, clock.now()
    states = cycle(
        (
            ("recheck_due", "warning"),
            ("resolved", None),
            ("in_remedy", None),
            ("unresolved", "hold"),
        )
    )
    a_crowd(
        Row(
            late=number % 300 - 60,
            inspector_id=ina,
            status=status,
            level=level,
            region=REGIONS[number % 3],
        )
        for number, (status, level) in enumerate(islice(states, MANY))
    )
    check, message, event = (
        db.session.scalars(sa.select(model).order_by(model.id.desc())).first()
        for model in (LicenceCheck, Message, Event)
    )
    assert check and message and event
    first_nota = db.session.scalar(sa.select(sa.func.min(Nota.id)).where(Nota.case_id >= FIRST_ID))
    old = sa.update(Flag).where(Flag.case_id >= FIRST_ID, Flag.id % 5 != 0)
    with transaction():
        db.session.execute(
            old.values(lifted_at=now, lifted_by="sistem", lift_reason={"say": "Contoh."})
        )
        numbered = sa.update(Company).where(Company.id >= FIRST_ID)
        db.session.execute(numbered.values(npp=sa.literal("MM") + sa.cast(Company.id, sa.String)))
        insert(
            Visit,
            lambda id: {
                "case_id": id,
                "visited_on": now.date(),
                "outcome": "not_met",
                "by_id": ina,
                "recorded_at": now,
            },
        )
        insert(
            LicenceCheck,
            lambda id: {
                "receipt": f"CK-2026-{id}",
                "code": f"C{id}",
                "asked": check.asked,
                "company_id": id,
                "answer": check.answer,
                "verdict": check.verdict,
                "checked_at": now,
                "by_id": lia,
            },
        )
        insert(
            Message,
            lambda id: {
                "key": f"old:{id}",
                "kind": message.kind,
                "channel": "inbox",
                "user_id": ina,
                "case_id": id,
                "data": message.data,
                "created_at": now,
                "read_at": now,
            },
        )
        insert(
            PlanEntry,
            lambda id: {
                "company_id": id,
                "region_code": "53.71",
                "created_at": now,
                "case_id": id if id % 8 else None,
            },
        )
        insert(
            CompanyNumber,
            lambda id: {
                "company_id": id,
                "kind": "npp",
                "number": f"KK{id:06}",
                "core": None,
                "since": now,
            },
        )
        insert(
            Finding,
            lambda id: {
                "case_id": id,
                "nota_id": id - FIRST_ID + first_nota,
                "violation_id": 1,
                "position": 1,
                "programmes": [],
                "deadline_days": 30,
                "deadline_day_type": "calendar",
            },
        )
        insert(
            Event,
            lambda id: {
                "id": id,
                "at": now - timedelta(days=1),
                "kind": event.kind,
                "actor_name": "sistem",
                "case_id": id,
                "company_id": id,
                "data": event.data,
                "hash": "0" * 64,
            },
        )
    analyze()


def open_everything(app: Flask, browser: Callable[..., Browser], facts: Any) -> None:
    for who in ROLES:
        reader = browser(who, "id")
        for address in (*addresses(app, "GET", facts), *LISTS):
            as_a_request_of_its_own(reader.client.get, address)
    with transaction():
        secret = add_token(user("tika"), by=SYSTEM, label="uji coba")
    for address in OF_API:
        as_a_request_of_its_own(
            app.test_client().get,
            f"/api/v1{address}",
            headers={"Authorization": f"Bearer {secret}"},
        )


def run_jobs(names: Iterable[str]) -> None:
    for name in names:
        with suppress(LogAltered):  # the crowd's events bear no seal
            JOBS[name].work()


def test_no_statement_reads_a_growing_table_whole(
    app: Flask, browser: Callable[..., Browser], cast: Cast, at: Callable[[str], None]
) -> None:
    facts = something(cast)
    grow()
    at("2027-03-02 09:00")
    with statements() as sent:
        open_everything(app, browser, facts)
        run_jobs(JOBS)
    faults = full_reads(sent)
    assert not faults, "\n".join(faults)
    assert len(sent) > 200, "the walk went past nearly everything"
    an_index_that_is_missing_is_noticed(sent)


def an_index_that_is_missing_is_noticed(sent: Sent) -> None:
    db.session.rollback()
    with transaction():
        for name in ("ix_flags_company_id_id", "ix_flags_company_id"):
            db.session.execute(sa.text(f"DROP INDEX {name}"))
    assert any("SCAN flags" in fault for fault in full_reads(sent))
