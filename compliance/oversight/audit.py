"""Reads of the event log for the audit: newest first, narrowed by kind, person, case, company and days."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.companies.queries import find_companies
from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import Event, EventHead
from compliance.core.text import Text, from_json, say
from compliance.people.models import User
from compliance.people.settings import office_settings
from compliance.policy import Actor, require
from compliance.web.words import written

SYSTEM_PERSON = "system"
OUT_OF_STEP = 1000
"""Events are numbered at the commit, timed at the act: by how many ids two of them may at most have overtaken another."""

KINDS = {
    "company.registered": say("Perusahaan didaftarkan"),
    "company.changed": say("Data perusahaan diubah"),
    "companies.imported": say("Perusahaan diimpor"),
    "draft.started": say("Draf dimulai"),
    "draft.discarded": say("Draf dibuang"),
    "nota.issued": say("Nota terbit"),
    "nota.conveyed": say("Nota disampaikan ke PTSP"),
    "nota.received": say("Tanda terima dicatat"),
    "recheck.due": say("Cek ulang jatuh tempo"),
    "recheck.missed": say("Cek ulang terlewat"),
    "visit.recorded": say("Kunjungan dicatat"),
    "case.unresolved": say("Kasus belum selesai"),
    "case.resolved": say("Kasus selesai"),
    "case.withdrawn": say("Nota ditarik"),
    "case.reopened": say("Kasus dibuka kembali"),
    "case.extended": say("Jatuh tempo diperpanjang"),
    "case.rescheduled": say("Jatuh tempo berpindah"),
    "case.reassigned": say("Kasus dialihkan"),
    "case.given_back": say("Pengalihan diurungkan"),
    "case.reminded": say("Pengawas diingatkan"),
    "case.escalated": say("Kasus dinaikkan ke kepala pengawas"),
    "flag.raised": say("Catatan dipasang"),
    "flag.lifted": say("Catatan dicabut"),
    "flag.acknowledged": say("Catatan dibaca PTSP"),
    "check.decided": say("Keputusan izin dicatat"),
    "user.added": say("Pengguna ditambahkan"),
    "user.changed": say("Data pengguna diubah"),
    "user.password_changed": say("Kata sandi diganti"),
    "user.signed_in": say("Pengguna masuk"),
    "user.signed_out": say("Sesi diakhiri"),
    "token.added": say("Token dibuat"),
    "token.revoked": say("Token dicabut"),
    "office.changed": say("Data kantor diubah"),
    "calendar.changed": say("Kalender diubah"),
    "settings.changed": say("Setelan diubah"),
    "job.run_by_hand": say("Pekerjaan dijalankan"),
    "message.retried": say("Surel dicoba lagi"),
    "step.released": say("Kasus dicoba lagi"),
}
"""Every kind of event as a filter names it."""


@dataclass(frozen=True)
class Filters:
    """What an auditor looks for; None or empty does not narrow."""

    kind: str = ""
    person: str = ""
    case_number: str = ""
    company: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Row:
    """One event, with the case and the company it speaks of."""

    event: Event
    case_number: str | None
    company: str | None


def read_log(by: Actor, filters: Filters, *, after: str | None, size: int) -> list[Row]:
    """One more than a page of events, the newest first; `after` is the id of the last one on the page before."""
    require(by, "audit.read")
    query = (
        sa.select(Event, Case.number, Company.name)
        .outerjoin(Case, Case.id == Event.case_id)
        .outerjoin(Company, Company.id == Event.company_id)
        .where(*_conditions(filters))
        .order_by(Event.id.desc())
        .limit(size + 1)
    )
    if after and after.isascii() and after.isdigit() and len(after) < 19:
        query = query.where(Event.id < int(after))
    return [Row(event, number, name) for event, number, name in db.session.execute(query)]


def _conditions(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.kind:
        yield Event.kind == filters.kind
    if filters.person == SYSTEM_PERSON:
        yield Event.actor_id.is_(None)
    elif filters.person:
        known = filters.person.isascii() and filters.person.isdigit() and len(filters.person) < 10
        yield Event.actor_id == int(filters.person) if known else sa.false()
    if number := filters.case_number.strip():
        yield Event.case_id == sa.select(Case.id).where(Case.number == number).scalar_subquery()
    if typed := filters.company.strip():
        yield Event.company_id.in_([each.id for each in find_companies(typed)])
    yield from _within(filters)


def _within(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    """The days, as instants, and as a stretch of ids so that the log is not walked from its end to find them."""
    zone = office_settings().zone
    if filters.first_on is not None:
        start = clock.start_of(filters.first_on, zone)
        first = sa.select(Event.id).where(Event.at >= start).order_by(Event.at).limit(1).scalar_subquery()
        yield sa.and_(Event.at >= start, Event.id >= first - OUT_OF_STEP)
    if filters.last_on is not None:
        end = clock.start_of(filters.last_on + timedelta(days=1), zone)
        last = sa.select(Event.id).where(Event.at < end).order_by(Event.at.desc()).limit(1).scalar_subquery()
        yield sa.and_(Event.at < end, Event.id <= last + OUT_OF_STEP)


def people(by: Actor) -> Sequence[User]:
    """Everybody who may have done something, by name."""
    require(by, "audit.read")
    return db.session.scalars(sa.select(User).order_by(User.name, User.id)).all()


def last_sealed() -> EventHead:
    """The end of the log."""
    return db.session.get_one(EventHead, 1)


def changes(event: Event) -> list[tuple[str, str, str]]:
    """What an act changed: name, before, after."""
    before, after = event.data.get("before"), event.data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict) or "day" in before:
        return []
    return [(name, _plain(before.get(name)), _plain(after.get(name))) for name in {**before, **after}]


def facts(event: Event) -> list[tuple[str, str]]:
    """Everything else that was written down with an act: name and value."""
    shown = {name for name in ("before", "after") if changes(event)}
    return [(name, _plain(value)) for name, value in event.data.items() if name not in shown]


def _plain(value: Any) -> str:
    fact = from_json(value)
    if isinstance(fact, dict | list):
        return json.dumps(fact, ensure_ascii=False)
    return str(fact) if isinstance(fact, bool) else written(fact)


def kind_name(kind: str) -> Text:
    """A kind of event in words; its own name when it has none."""
    return KINDS.get(kind) or Text("{kind}", {"kind": kind})
