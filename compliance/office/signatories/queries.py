"""Reads of signatories: all of them, and the one who signs on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.office.queries import KeptOffice, answering_inspectorate, inspectorates
from compliance.office.signatories.models import Signatory
from compliance.office.signatories.rules import DEFINITIVE
from compliance.policy import Actor, require

_FIRST = (
    sa.case((Signatory.capacity == DEFINITIVE, 1), else_=0),
    Signatory.from_on.desc(),
    Signatory.id.desc(),
)
"""Who acts for the head signs before the head; among several, the one who began last."""


def signatories() -> Sequence[Signatory]:
    """All who sign or signed, the latest first."""
    return db.session.scalars(
        sa.select(Signatory).order_by(Signatory.from_on.desc(), Signatory.id.desc())
    ).all()


def load_signatory(by: Actor, id: int, *, for_update: bool = False) -> Signatory:
    """One of them, to be changed. Raises NotFound."""
    require(by, "signatory.manage")
    lock = {"of": Signatory} if for_update else None
    signatory = db.session.get(Signatory, id, with_for_update=lock) if is_id(id) else None
    if signatory is None:
        raise NotFound()
    return signatory


def signatory_on(region_code: str, day: date) -> Signatory | None:
    """Who signs on a day for the inspectorate that answers for a region."""
    return db.session.scalars(signing_on(region_code, day)).first()


def signing_on(region_code: str, day: date) -> sa.Select[Signatory]:
    """All who could sign on a day for the inspectorate of a region, in the order in which they come first."""
    office = answering_inspectorate(region_code)
    return (
        sa.select(Signatory)
        .where(_in_office(day), _signs_for(office.id if office else None))
        .order_by(*_FIRST)
    )


@dataclass(frozen=True)
class SigningToday:
    """Who signs for an office today; None while nobody does."""

    office: KeptOffice
    signatory: Signatory | None


def signing_today(day: date) -> Sequence[SigningToday]:
    """Who signs today, for every inspectorate."""
    rows = db.session.scalars(sa.select(Signatory).where(_in_office(day)).order_by(*_FIRST)).all()
    return [
        SigningToday(
            office, next((row for row in rows if row.office_id in (None, office.id)), None)
        )
        for office in inspectorates()
    ]


def _in_office(day: date) -> sa.ColumnElement[bool]:
    still = sa.or_(Signatory.until_on.is_(None), Signatory.until_on >= day)
    return sa.and_(Signatory.from_on <= day, still)


def _signs_for(office_id: int | None) -> sa.ColumnElement[bool]:
    everywhere = Signatory.office_id.is_(None)
    return everywhere if office_id is None else sa.or_(everywhere, Signatory.office_id == office_id)
