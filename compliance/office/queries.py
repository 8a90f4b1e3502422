"""Reads of offices: by code, and those that answer for a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.stamp import Kept
from compliance.office.models import Office, PermitKind
from compliance.reference.regions import province_of


def find_office(code: str) -> Office | None:
    return db.session.scalar(sa.select(Office).where(Office.code == code))


@dataclass(frozen=True)
class KeptOffice:
    """An office as it is addressed: its id, kind, region, name and contact."""

    id: int
    code: str
    kind: str
    region_code: str
    name: str
    legal_basis: str | None
    membership_basis: str | None
    address: str | None
    phone: str | None
    email: str | None
    ended_on: date | None
    successor_id: int | None
    handed_over_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether its work went to its successor."""
        return self.handed_over_at is not None


def _read_offices() -> Sequence[KeptOffice]:
    columns = [getattr(Office, field.name) for field in fields(KeptOffice)]
    rows = db.session.execute(sa.select(*columns).order_by(Office.code))
    return [KeptOffice(*row) for row in rows]


_OFFICES = Kept(_read_offices)


def licensing_offices(region_code: str) -> Sequence[KeptOffice]:
    """The licensing offices that answer for a region, the regency's own and the province's, by code; kept
    by the process until an office changes. One that has ended answers for nothing.
    """
    regions = (region_code, province_of(region_code))
    return [
        office
        for office in _OFFICES.value()
        if office.kind == "licensing" and office.region_code in regions and not office.has_ended
    ]


def kept_office(office_id: int | None) -> KeptOffice | None:
    """An office by its id, from the memory of the process."""
    return next((office for office in _OFFICES.value() if office.id == office_id), None)


def living_successor(office: KeptOffice) -> KeptOffice | None:
    """The office that does the work of one that has ended: its successor, or whoever succeeded that one."""
    seen: set[int] = set()
    after: KeptOffice | None = office
    while after is not None and after.has_ended and after.id not in seen:
        seen.add(after.id)
        after = kept_office(after.successor_id)
    return after if after is not None and not after.has_ended else None


def with_predecessors(office_id: int | None) -> Sequence[int]:
    """The ids of an office and of those that it follows for the same region: their answers are its own."""
    own = kept_office(office_id)
    if own is None:
        return ()
    line, found = [own.id], True
    while found:
        before = [
            office.id
            for office in _OFFICES.value()
            if office.has_ended
            and office.successor_id in line
            and office.region_code == own.region_code
            and office.id not in line
        ]
        line, found = [*line, *before], bool(before)
    return line


def inspectorate_of(region_code: str) -> KeptOffice | None:
    """The inspectorate of the province in which a region lies."""
    province = province_of(region_code)
    return next((office for office in inspectorates() if office.region_code == province), None)


def inspectorates() -> Sequence[KeptOffice]:
    """All inspectorates, by code."""
    return [office for office in _OFFICES.value() if office.kind == "inspectorate"]


def answering_inspectorate(region_code: str) -> KeptOffice | None:
    """The inspectorate that writes letters about a region: the province's own, else the first there is."""
    return inspectorate_of(region_code) or next(iter(inspectorates()), None)


@dataclass(frozen=True)
class KeptPermitKind:
    """A kind of permit as an office keeps it."""

    id: int
    name: str
    days: int | None
    day_type: str
    legal_basis: str | None


def _read_permit_kinds() -> Mapping[int, Sequence[KeptPermitKind]]:
    kinds: dict[int, list[KeptPermitKind]] = {}
    for row in db.session.scalars(sa.select(PermitKind).order_by(PermitKind.name)):
        kept = KeptPermitKind(row.id, row.name, row.days, row.day_type, row.legal_basis)
        kinds.setdefault(row.office_id, []).append(kept)
    return kinds


_PERMIT_KINDS = Kept(_read_permit_kinds)


def permit_kinds_of(office_id: int | None) -> Sequence[KeptPermitKind]:
    """The kinds of permit of an office, by name; kept by the process until one changes."""
    return _PERMIT_KINDS.value().get(office_id, ()) if office_id is not None else ()


def find_permit_kind(office_id: int | None, name: str) -> KeptPermitKind | None:
    """The kind of that name, however its letters are cased."""
    kinds = permit_kinds_of(office_id)
    return next((kind for kind in kinds if kind.name.casefold() == name.casefold()), None)
