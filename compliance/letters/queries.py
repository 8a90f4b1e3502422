"""Reads of letters. Loading authorises: who may read the case's letters, reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.models import Case
from compliance.cases.queries import load_case
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.errors import NotAllowed, NotFound, Refusal, Stale
from compliance.core.keyset import is_id
from compliance.core.numbering import NumberBearer, NumberedRows
from compliance.core.text import Text, say
from compliance.files.models import StoredFile
from compliance.letters.grounds import Standing
from compliance.letters.kinds import LETTER_KINDS, MADE_BY_ACTS, RECORDS
from compliance.letters.models import UNAPPROVED, UNSET, Letter, LetterWording
from compliance.letters.workflow import (
    APPROVED_LETTER,
    BEFORE_ITS_NUMBER,
    LETTERS,
    SENT_OUT,
    STANDING,
)
from compliance.licensing.models import OF_THE_INSPECTORATE
from compliance.licensing.queries import active_sanctions_of, flags_because_of
from compliance.office.queries import licensing_offices
from compliance.office.settings import today
from compliance.office.signatories.models import Signatory
from compliance.office.signatories.queries import signatory_on
from compliance.policy import Actor, may, require, scope

MOST_WAITING_LETTERS = 200


def letters_of(case: Case, *, with_deliveries: bool = False) -> Sequence[Letter]:
    """The letters of a case that was loaded for reading its letters, in the order in which they were made."""
    query = sa.select(Letter).where(Letter.case_id == case.id)
    if with_deliveries:
        query = query.options(selectinload(Letter.deliveries))
    return db.session.scalars(query.order_by(Letter.id)).all()


def papers_of(case: Case) -> Sequence[Letter]:
    """The letters of a case, and before them the order by which its company was inspected. One read."""
    nota = case.nota
    if nota is None:
        return letters_of(case)
    of_case, orders = Letter.case_id == case.id, _orders_until(case.company_id, nota.inspected_on)
    found = db.session.scalars(sa.select(Letter).where(sa.or_(of_case, orders)).order_by(Letter.id))
    letters = found.all()
    order = _order_for([one for one in letters if one.case_id is None], nota.inspected_on)
    return [*([order] if order else []), *(one for one in letters if one.case_id is not None)]


def load_letter(
    by: Actor, id: int, *, action: str = "letter.read", for_update: bool = False
) -> Letter:
    """One letter, for `action`. A licensing office reads what was sent to it. Raises NotFound, NotAllowed.

    A letter of a case comes with its case, locked when it is to be changed.
    """
    letter = db.session.get(Letter, id) if is_id(id) else None
    if letter is None:
        raise NotFound()
    if action == "letter.read" and scope(by, action) is None:
        _require_sent(by, letter)
        return letter
    if letter.case_id is not None:
        load_case(by, id=letter.case_id, action=action, for_update=for_update)
    elif not (action == "letter.read" and may_read(by, letter)):
        require(by, action, letter)
    if for_update:
        db.session.refresh(letter, with_for_update={"of": Letter})
    return letter


def expect_revision(letter: Letter, seen: int | None) -> None:
    """Refuse a step that was decided on another state of the letter. Raises Stale."""
    if seen is not None and seen != letter.revision:
        raise Stale()


def expect_to_serve(letter: Letter) -> None:
    """Refuse early what would be refused after the file of a receipt was looked at. Raises Refusal.

    Once there was an attempt, the same request may come again, to be answered as before.
    """
    reason = LETTERS.refusal(letter, "serve")
    if reason is not None and not letter.deliveries:
        raise Refusal(reason)


def _require_sent(by: Actor, letter: Letter) -> None:
    """Only what is addressed to licensing offices, in force, about a case of this office. Raises NotFound."""
    if scope(by, "letter.read_sent") is None:
        raise NotAllowed()
    sent = letter.holds_for_licensing and letter.case is not None
    if not sent or not may(by, "letter.read_sent", letter.case):
        raise NotFound()


def letters_for(by: Actor, case: Case, *, with_deliveries: bool = False) -> Sequence[Letter]:
    """The letters of a case that `by` may open: all, or those sent to licensing offices."""
    if may(by, "letter.read", case):
        return letters_of(case, with_deliveries=with_deliveries)
    if may(by, "letter.read_sent", case):
        letters = letters_of(case, with_deliveries=with_deliveries)
        return [one for one in letters if one.holds_for_licensing]
    return ()


def case_standing(case: Case) -> Standing:
    """How a case stands, for the grounds of its letters. Three reads."""
    ours = [flag for flag in flags_because_of(case) if flag.level in OF_THE_INSPECTORATE]
    return Standing(
        case,
        today=today(),
        letters=[letter for letter in letters_of(case) if letter.holds],
        recorded=any(flag.is_active for flag in ours),
        was_recorded=bool(ours),
        requests={
            flag.letter_number: flag.letter_on
            for flag in active_sanctions_of(case.company_id)
            if flag.letter_number and flag.letter_on
        },
        offices=licensing_offices(case.region_code or ""),
    )


def letter_of_case(case: Case, id: int) -> Letter | None:
    """The letter with this id, when it belongs to the case."""
    return db.session.scalars(
        sa.select(Letter).where(Letter.id == id, Letter.case_id == case.id)
    ).one_or_none()


def letter_in_force(case: Case, kind: str) -> Letter | None:
    """The latest letter of this kind that was issued and neither replaced nor withdrawn."""
    query = sa.select(Letter).where(
        Letter.case_id == case.id, Letter.kind == kind, Letter.status.in_(STANDING)
    )
    return db.session.scalars(query.order_by(Letter.id.desc())).first()


def latest_order(company: Company, *, visit_on: date) -> Letter | None:
    """The order in force for a visit to this company on a day: the latest one that names this day."""
    query = sa.select(Letter).where(_orders_until(company.id, visit_on))
    return _order_for(db.session.scalars(query).all(), visit_on)


def inspectors_on_letter(kind: str, case: Any, order: Letter | None) -> list[int]:
    """The ids of those who stand on a letter as its inspectors. A nota bears who holds it, then the others
    whom the order names; a record of a visit, whom the order of its day names; both, without an order, the
    inspector of Nota I. The rest is the work of that one.
    """
    nota = case.nota
    named = list(order.options["inspectors"]) if order is not None else []
    if kind in MADE_BY_ACTS:
        second = case.second_nota if kind == "nota_2" else None
        first = (second or nota).inspector_id
    elif kind in RECORDS:
        first = nota.inspector_id
        if order is not None and order.options.get("visit_on") != nota.inspected_on.isoformat():
            return named
    else:
        return [nota.inspector_id]
    return [first, *(id for id in named if id != first)]


def ordered_to_inspect(case: Case, day: date) -> Sequence[int]:
    """The ids of those whom the order to inspect the company of a case on a day names."""
    order = latest_order(case.company, visit_on=day)
    return order.options["inspectors"] if order is not None else ()


def _orders_until(company_id: int, day: date) -> sa.ColumnElement[bool]:
    """The orders to inspect a company that were in force on a day."""
    return sa.and_(
        Letter.company_id == company_id,
        Letter.kind == "spt",
        Letter.status.in_(STANDING),
        Letter.issued_on <= day,
    )


def _order_for(orders: Iterable[Letter], visit_on: date) -> Letter | None:
    """The latest of these orders that names the day of the visit."""
    day = visit_on.isoformat()
    named = [order for order in orders if order.options.get("visit_on") == day]
    return max(named, key=lambda order: (order.issued_on, order.id), default=None)


def orders_of(company: Company) -> Sequence[Letter]:
    """The orders to inspect a company, the latest first."""
    query = sa.select(Letter).where(Letter.company_id == company.id, Letter.case_id.is_(None))
    return db.session.scalars(query.order_by(Letter.id.desc())).all()


def day_of_signing(issued_on: date) -> date:
    """The day on which a letter that is open would be signed: its own when that is to come, else today."""
    return max(issued_on, today())


def signing_head(letter: Letter) -> tuple[Signatory | None, date]:
    """Who signs an open letter of the head as things stand, and the day on which they would."""
    return signing_for(letter.region_code, letter.issued_on, by_the_head=letter.by_the_head)


def signing_for(
    region_code: str, issued_on: date, *, by_the_head: bool
) -> tuple[Signatory | None, date]:
    """The same of a letter of this day for the inspectorate of a region."""
    day = day_of_signing(issued_on)
    return (signatory_on(region_code, day) if by_the_head else None), day


def replaced_by(letter: Letter) -> Letter | None:
    """The letter that this one replaces."""
    return db.session.get(Letter, letter.replaces_id) if letter.replaces_id is not None else None


def open_replacement(letter: Letter) -> Letter | None:
    """The newer version of a letter that is being written."""
    query = sa.select(Letter).where(
        Letter.replaces_id == letter.id, Letter.status.in_(BEFORE_ITS_NUMBER)
    )
    return db.session.scalars(query).first()


def being_replaced(letter: Letter) -> Text | None:
    """Why no further version of a letter is begun: one is being written."""
    if (waiting := open_replacement(letter)) is None:
        return None
    return say("Versi {version} surat ini sudah disusun.", version=waiting.version)


def newer_version(letter: Letter) -> Letter | None:
    """The version that replaced a letter; a draft replaces nothing yet."""
    query = sa.select(Letter).where(Letter.replaces_id == letter.id, Letter.status.in_(SENT_OUT))
    return db.session.scalars(query.order_by(Letter.id.desc())).first()


def waiting_drafts() -> sa.Select[int]:
    """The ids of what waits for the head: drafts that the head signs and that were not sent back, and those
    that were approved and have no number yet.
    """
    by_the_head = [kind for kind, entry in LETTER_KINDS.items() if entry.by_the_head]
    unapproved = sa.select(Letter.id).where(
        sa.text(UNAPPROVED), Letter.kind.in_(by_the_head), Letter.returned_why.is_(None)
    )
    approved = sa.select(Letter.id).where(
        Letter.number.is_(None), Letter.kind.in_(by_the_head), Letter.status == APPROVED_LETTER
    )
    return sa.select(sa.union_all(unapproved, approved).subquery().c.id)


def _letter_with_number(number: str) -> NumberBearer:
    query = sa.select(Letter).where(Letter.number == number).order_by(Letter.id).limit(1)
    letter = db.session.scalars(query).one()
    said = say(
        "Nomor {number} sudah dipakai surat tanggal {day}.", number=number, day=letter.issued_on
    )
    return NumberBearer(said, letter)


NUMBERED_LETTERS = NumberedRows(Letter.number, _letter_with_number)


def letters_with_number(by: Actor, typed: str, limit: int) -> list[Letter]:
    """The letters with this whole number that `by` may open."""
    query = sa.select(Letter).where(Letter.number.in_({typed, typed.upper()}))
    letters = db.session.scalars(query.options(joinedload(Letter.case)).limit(limit))
    return [letter for letter in letters if may_read(by, letter)]


def may_read(by: Actor, letter: Letter) -> bool:
    """Whether `by` may open a letter. An order is also read by the inspectors whom it sends."""
    sent = letter.case_id is None and by.actor_id in letter.inspector_ids
    return may(by, "letter.read", letter) or (sent and scope(by, "letter.read") == "own")


def waiting_letters(by: Actor) -> Sequence[Letter]:
    """The drafts that wait for the head's side, the oldest first; at most MOST_WAITING_LETTERS."""
    require(by, "letter.number")
    query = sa.select(Letter).where(Letter.id.in_(waiting_drafts()))
    query = query.options(
        joinedload(Letter.company), joinedload(Letter.case), joinedload(Letter.drafted_by)
    )
    return db.session.scalars(query.order_by(Letter.id).limit(MOST_WAITING_LETTERS)).all()


def wording_on(kind: str, day: date) -> Mapping[str, str]:
    """The paragraphs of a kind that the office changed, as they hold on a day."""
    query = sa.select(LetterWording).where(
        LetterWording.kind == kind, LetterWording.valid_from <= day
    )
    query = query.order_by(LetterWording.valid_from.desc(), LetterWording.version.desc())
    wording = db.session.scalars(query).first()
    return wording.paragraphs if wording is not None else {}


def wordings_of(kind: str) -> Sequence[LetterWording]:
    """All versions of the wording of a kind, the latest first."""
    query = sa.select(LetterWording).where(LetterWording.kind == kind)
    return db.session.scalars(query.order_by(LetterWording.version.desc())).all()


def letter_with_code(code: str) -> Letter | None:
    """The letter that bears this verification code."""
    return db.session.scalars(sa.select(Letter).where(Letter.code == code)).one_or_none()


def letter_with_bytes(sha256: str) -> Letter | None:
    """The letter whose PDF, as made or as signed, has this SHA-256."""
    file = sa.select(StoredFile.id).where(StoredFile.sha256 == sha256).scalar_subquery()
    query = sa.select(Letter).where(sa.or_(Letter.file_id == file, Letter.signed_file_id == file))
    return db.session.scalars(query).first()


def unset_letters(*, limit: int) -> Sequence[int]:
    """The letters of which no PDF was made yet, oldest first."""
    return db.session.scalars(
        sa.select(Letter.id).where(sa.text(UNSET)).order_by(Letter.id).limit(limit)
    ).all()
