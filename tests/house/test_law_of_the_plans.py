"""Nothing grows with rows or years: no statement of the product reads a growing table whole.

Every page is opened and every form is sent by every role, every call of the API is made, every job runs
once; then either store is asked how it would go about each statement with 100,000 companies. Only a walk
along a partial index, or along any index up to a LIMIT, is no full read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.audit.jobs import LogAltered
from compliance.cases.approvals.models import Submission
from compliance.cases.models import Finding, Nota, Visit
from compliance.cases.proofs.models import MembershipProof
from compliance.companies import queries
from compliance.companies.models import Company, CompanyNumber
from compliance.core import clock
from compliance.core.db import Model, db, is_postgresql, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.letters.packets.models import Packet
from compliance.licensing.models import Acknowledgement, BpjsLetter, Flag, LicenceCheck
from compliance.people.commands.accounts import add_token
from compliance.plan.models import PlanEntry, PlanReason
from compliance.schedule import JOBS
from tests.browser import Browser, as_a_request_of_its_own
from tests.cast import Cast
from tests.factories import user
from tests.house.plans import (
    GROWING,
    SMALL,
    Sent,
    believe_in_many,
    full_reads,
    multiplied,
    statements,
)
from tests.team.crowd import FIRST_ID, Row, a_crowd
from tests.test_every_page import ROLES, addresses, something

ROWS = 3_000
"""More than any list counts out."""
REGIONS = ("53.71", "53.08", "53.01")
LISTS = (
    "/cases?view=flagged", "/cases?view=all", "/cases?view=late&order=name", "/cases?q=contoh",
    "/queue?late=1-7",
    "/queue?mark=flagged", "/queue?load=1", "/flags?state=lifted", "/companies?q=contoh",
    "/companies?region=53.71",
)  # fmt: skip
MANY_ROWS = ("tika", "lia")
"""Who see all cases, and all flags of a region."""
READS_OF_API = (
    "/cases", "/cases?status=recheck_due", f"/cases/{FIRST_ID}", f"/cases/{FIRST_ID}/events", "/companies",
    "/companies?q=contoh", "/companies?nib=9120000000092", f"/companies/{FIRST_ID}", "/flags",
    "/clearance/CK-2026-000001",
)  # fmt: skip
REASON, DAY = {"reason": "Contoh."}, "2027-03-02"
CALLS_OF_API = (
    ("tika", "/companies", {"name": "PT Contoh Baru", "region_code": "53.71", "nib": "9120000000555"}),
    ("ina", "/cases", {"company_id": FIRST_ID + 1, "inspected_on": DAY, "issued_on": DAY, "workers_total": 40,
        "workers_registered": 28, "findings": [{"violation": "JS-02"}]}),
    ("ina", f"/cases/{FIRST_ID + 2}/receipt", {"received_on": DAY, "received_by": "Bapak Contoh"}),
    ("ina", f"/cases/{FIRST_ID}/visits", {"visited_on": DAY, "outcome": "not_complied", "fixed": []}),
    ("tika", f"/cases/{FIRST_ID + 4}/extension", {"until": "2027-03-20", **REASON}),
    ("sari", f"/cases/{FIRST_ID + 2}/withdrawal", REASON),
    ("lia", "/clearance", {"nib": "9120000000092", "application": "IZIN-1"}),
    ("lia", "/clearance/batch", {"numbers": ["9120000000092", "KK010008"]}),
    ("lia", "/clearance/{receipt}/decision", {"application": "IZIN-1", "decision": "postponed"}),
    ("lia", "/flags/{flag}/acknowledgement", {}),
    ("tika", "/flags/{flag}/lift", {**REASON, "proof": "Contoh."}),
)  # fmt: skip


def insert(model: type[Any], row: Callable[[int], dict[str, Any]]) -> None:
    """Past the unit of work, which would send a statement for each row that lacks a value."""
    values = [row(id) for id in range(FIRST_ID, FIRST_ID + ROWS)]
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
        for number, (status, level) in enumerate(islice(states, ROWS))
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
        id = sa.cast(Company.id, sa.String)
        db.session.execute(
            numbered.values(npp=sa.literal("MM") + id, nib=sa.literal("91300000") + id)
        )
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
            MembershipProof,
            lambda id: {
                "case_id": id,
                "npp": f"MM{id:06}",
                "month": now.date(),
                "programmes": ["JKK", "JKM"],
                "workers": 5,
                "checked_on": now.date(),
                "checked_by": "Rina Contoh",
                "evidence": [],
                "recorded_at": now,
                "recorded_by": "sistem",
            },
        )
        its_visit = sa.select(Visit.id).where(Visit.case_id == MembershipProof.case_id).limit(1)
        db.session.execute(sa.update(MembershipProof).values(visit_id=its_visit.scalar_subquery()))
        its_proof = sa.select(MembershipProof.id).where(MembershipProof.case_id == Flag.case_id)
        db.session.execute(old.values(lift_proof_id=its_proof.limit(1).scalar_subquery()))
        filed = sa.select(Flag.id, sa.literal("request")).where(Flag.case_id >= FIRST_ID)
        db.session.execute(sa.insert(BpjsLetter).from_select(["flag_id", "kind"], filed))
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
                "id": id,
                "company_id": id,
                "region_code": "53.71",
                "created_at": now,
                "case_id": id if id % 8 else None,
            },
        )
        insert(
            PlanReason,
            lambda id: {
                "entry_id": id,
                "category": "PWBD",
                "source": "Daftar contoh",
                "listed_on": now.date(),
            },
        )
        insert(
            Packet,
            lambda id: {
                "case_id": id,
                "kind": "licensing",
                "by_id": ina,
                "asked_at": now,
                "failed_at": now,
                "problem": {"say": "Contoh."},
            },
        )
        insert(
            Submission,
            lambda id: {
                "case_id": id,
                "kind": "I",
                "facts": {},
                "about": {},
                "submitted_at": now,
                "submitted_by_id": ina,
                "outcome": "sent_back",
                "reason": "Contoh.",
                "closed_at": now,
                "closed_by_id": ina,
            },
        )
        read = sa.select(Flag.id, sa.literal(2), sa.literal(lia), sa.literal(now))
        columns = ["flag_id", "office_id", "by_id", "at"]
        db.session.execute(
            sa.insert(Acknowledgement).from_select(columns, read.where(Flag.case_id >= FIRST_ID))
        )
        insert(
            CompanyNumber,
            lambda id: {
                "company_id": id,
                "kind": "npwp" if id % 2 else "npp",
                "number": f"99{id:014}" if id % 2 else f"KK{id:06}",
                "core": f"99{id:07}" if id % 2 else None,
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


def open_everything(app: Flask, browser: Callable[..., Browser], facts: Any) -> None:
    for who in ROLES:
        reader = browser(who, "id")
        for address in (*addresses(app, "GET", facts), *(LISTS if who in MANY_ROWS else ())):
            as_a_request_of_its_own(reader.client.get, address)


def send_everything(app: Flask, browser: Callable[..., Browser], facts: Any) -> None:
    sender = browser("sari", "id")
    for address in addresses(app, "POST", facts):
        if not address.startswith(("/logout", "/language/")) and "/sessions/" not in address:
            sender.post(address)


def call_everything(app: Flask) -> None:
    with transaction():
        secrets = {
            who: add_token(user(who), by=user(who), label="uji coba")
            for who in ("ina", "sari", "tika", "lia")
        }
    flags = sa.select(Flag.id).where(Flag.case_id > FIRST_ID + 10, Flag.region_code == "53.71")
    flag = db.session.scalar(flags.where(Flag.lifted_at.is_(None)).order_by(Flag.id).limit(1))
    receipt = db.session.scalar(sa.select(sa.func.min(LicenceCheck.receipt)))

    def headers(who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {secrets[who]}"}

    client = app.test_client()
    for address in READS_OF_API:
        as_a_request_of_its_own(client.get, f"/api/v1{address}", headers=headers("tika"))
    for who, address, body in CALLS_OF_API:
        path = f"/api/v1{address.format(flag=flag, receipt=receipt)}"
        answer = as_a_request_of_its_own(client.post, path, json=body, headers=headers(who))
        assert answer.status_code < 300, f"{path}: {answer.text}"


def run_jobs(names: Iterable[str]) -> None:
    for name in names:
        with suppress(LogAltered):  # the crowd's events bear no seal
            JOBS[name].work()


def test_no_statement_reads_a_growing_table_whole(
    app: Flask, browser: Callable[..., Browser], cast: Cast, at: Callable[[str], None]
) -> None:
    with statements() as sent:
        facts = something(cast)
        grow()
        at("2027-03-02 09:00")
        call_everything(app)
        run_jobs(JOBS)
        open_everything(app, browser, facts)
        send_everything(app, browser, facts)
    believe_in_many(ROWS)
    faults = full_reads(sent)
    assert not faults, "\n".join(faults)
    assert len(sent) > 300, "the walk went past nearly everything"
    an_index_that_is_missing_is_noticed(sent)


def an_index_that_is_missing_is_noticed(sent: Sent) -> None:
    db.session.rollback()
    with transaction():
        for index in Model.metadata.tables["visits"].indexes:
            db.session.execute(sa.text(f"DROP INDEX {index.name}"))
    db.session.remove()
    db.engine.dispose()  # a connection keeps plans that it has explained
    scans = ("Seq Scan on visits", "Scan of visits along") if is_postgresql() else ("SCAN visits",)
    assert any(scan in fault for fault in full_reads(sent) for scan in scans)


def test_every_table_grows_or_is_said_to_stay_small() -> None:
    small = [name for names in SMALL.values() for name in names]
    assert sorted([*small, *GROWING]) == sorted(Model.metadata.tables)


WHOLE = (
    "SELECT id FROM events WHERE actor_name = 'x'",
    "SELECT count(*) FROM companies",
    "SELECT id FROM cases WHERE lower(number) = 'x'",
    "SELECT id FROM companies WHERE address = 'x' LIMIT 10",
    "UPDATE messages SET error = NULL WHERE error = 'x'",
    "DELETE FROM licence_checks WHERE asked = 'x'",
    "SELECT cases.id FROM cases JOIN companies ON companies.id = company_id WHERE phone = 'x'",
    "WITH late AS (SELECT id FROM visits WHERE note = 'x') SELECT * FROM late",
    "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM findings WHERE findings.note = users.email)",
    "SELECT id, row_number() OVER (ORDER BY id) FROM notas",
)  # fmt: skip
IN_PART = (
    "SELECT * FROM events WHERE id = 7",
    "SELECT * FROM companies WHERE nib = '9120000000001'",
    "SELECT id FROM events ORDER BY id DESC LIMIT 50",
    "SELECT id FROM flags WHERE lifted_at IS NULL AND company_id = 7",
    "SELECT id FROM users WHERE name = 'x'",
)  # fmt: skip


@pytest.mark.usefixtures("app")
def test_a_statement_that_reads_a_growing_table_whole_is_seen() -> None:
    believe_in_many(1)
    assert [statement for statement in WHOLE if not full_reads({statement: ()})] == []
    assert [statement for statement in IN_PART if full_reads({statement: ()})] == []


def test_what_few_values_share_grows_with_the_rows() -> None:
    assert multiplied("3000 1", 10) == "30000 1"
    assert multiplied("3000 750 1", 10) == "30000 7500 1"
    assert multiplied("3000 3000 unordered", 10) == "30000 30000 unordered"


@pytest.mark.usefixtures("app")
def test_only_statements_of_the_product_are_collected() -> None:
    with statements() as sent:
        db.session.scalars(sa.select(Company)).all()
        assert sent == {}
        queries.find_companies("contoh")
    assert len(sent) > 0
