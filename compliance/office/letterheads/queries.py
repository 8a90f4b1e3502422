"""Reads of letterheads: the one of a day, and what a letter says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.core.parsing import clean_line
from compliance.office.letterheads.models import Letterhead
from compliance.office.letterheads.rules import LetterheadFacts
from compliance.office.models import Office
from compliance.office.queries import KeptOffice, answering_inspectorate, find_office
from compliance.office.settings import office_settings
from compliance.policy import Actor, require


def letterhead_facts(region_code: str, day: date) -> dict[str, Any]:
    """The head of a letter of this day from the inspectorate of a region, as the layout reads it."""
    office = answering_inspectorate(region_code)
    kept = letterhead_on(office.id, day) if office else None
    facts = facts_of_head(kept) if kept else usual_letterhead(office)
    return facts.as_fact(crest=kept.crest.sha256 if kept and kept.crest else None)


def letterhead_on(office_id: int, day: date) -> Letterhead | None:
    """The letterhead of an office on a day; None while it has the usual one."""
    query = sa.select(Letterhead).where(
        Letterhead.office_id == office_id, Letterhead.from_on <= day
    )
    return db.session.scalars(query.order_by(Letterhead.from_on.desc()).limit(1)).first()


def letterheads_of(office_id: int) -> Sequence[Letterhead]:
    """All letterheads that an office has, had and will have, the latest first."""
    query = sa.select(Letterhead).where(Letterhead.office_id == office_id)
    return db.session.scalars(query.order_by(Letterhead.from_on.desc())).all()


def facts_of_head(kept: Letterhead) -> LetterheadFacts:
    """What a stored letterhead says."""
    return LetterheadFacts(
        **{fact.name: getattr(kept, fact.name) for fact in fields(LetterheadFacts)}
    )


def usual_letterhead(office: KeptOffice | Office | None) -> LetterheadFacts:
    """The letterhead of an office that has kept none: of its settings and of how it is reached."""
    settings = office_settings()
    contact = [office.address, office.phone, office.email] if office else []
    return LetterheadFacts(
        government=settings.letter_government,
        office=settings.office_name,
        details=" · ".join(filter(None, map(clean_line, contact))) or None,
        paper=settings.letter_paper,
        font=None,
        font_size=11,
        margin_top=17,
        margin_right=22,
        margin_bottom=22,
        margin_left=25,
    )


def load_letter_office(by: Actor, code: str) -> Office:
    """An office that writes letters, to change its letterhead. Raises NotFound."""
    require(by, "office.manage")
    office = find_office(code)
    if office is None or office.kind != "inspectorate":
        raise NotFound()
    return office


def load_letterhead(by: Actor, office: Office, id: int) -> Letterhead:
    """One letterhead of an office, to be changed. Raises NotFound."""
    require(by, "office.manage")
    kept = db.session.get(Letterhead, id) if is_id(id) else None
    if kept is None or kept.office_id != office.id:
        raise NotFound()
    return kept
