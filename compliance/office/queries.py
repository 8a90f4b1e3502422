"""Reads of offices: by code, and those that answer for a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.stamp import Kept
from compliance.office.models import Office, PermitKind
from compliance.reference.regions import province_of


def all_offices() -> Sequence[Office]:
    """Every office, inspectorates first, by code."""
    return db.session.scalars(sa.select(Office).order_by(Office.kind, Office.code)).all()


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


def _read_offices() -> Sequence[KeptOffice]:
    columns = [getattr(Office, field.name) for field in fields(KeptOffice)]
    rows = db.session.execute(sa.select(*columns).order_by(Office.code))
    return [KeptOffice(*row) for row in rows]


_OFFICES = Kept(_read_offices)


def licensing_offices(region_code: str) -> Sequence[KeptOffice]:
    """The licensing offices that answer for a region, the regency's own and the province's, by code; kept
    by the process until an office changes.
    """
    regions = (region_code, province_of(region_code))
    return [
        office
        for office in _OFFICES.value()
        if office.kind == "licensing" and office.region_code in regions
    ]


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
