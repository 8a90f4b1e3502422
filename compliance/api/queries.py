"""Pages of lists for programs: keyset by id, within the caller's scope, with all that the answer shows."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.api.paging import BadCursor
from compliance.api.schemas.requests import CasesListed, CompaniesListed, FlagsListed, Listed
from compliance.cases.models import Case, Visit, awaiting_recheck
from compliance.cases.queries import visible_to
from compliance.cases.workflow import AWAITING, DRAFT
from compliance.companies import identity
from compliance.companies.identity import NumberKind, Reading
from compliance.companies.models import Company
from compliance.companies.numbers import is_living, refuse_uncertain
from compliance.companies.queries import MOST_MATCHES, companies_bearing, find_companies
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import Event
from compliance.core.keyset import LARGEST_ID, is_digits, read_digits
from compliance.core.parsing import typed_email
from compliance.core.text import say
from compliance.licensing.models import Flag
from compliance.licensing.queries import IS_ACTIVE, IS_LIFTED, WITH_READERS, flags_visible_to
from compliance.office.queries import find_office
from compliance.office.settings import served_province, today
from compliance.people.models import User
from compliance.policy import Actor, in_region, require

NUMBER_KINDS: tuple[NumberKind, ...] = ("nib", "npwp", "npp")


def required_number(kind: NumberKind, typed: str) -> Reading:
    """A NIB, NPWP or NPP. Raises Invalid, under the number's own name."""
    reading = identity.read_number(typed, kind)
    if not reading.numbers:
        refuse_uncertain(reading, field=kind)
        raise Invalid({kind: reading.problem or say("Isi nomornya.")})
    return reading


def _bearing(kind: NumberKind, typed: str) -> Sequence[Company]:
    """The companies that bear a number. Raises Invalid when none does and it is a slip."""
    reading = required_number(kind, typed)
    found = companies_bearing(reading)
    if not found:
        refuse_uncertain(reading, field=kind)
    return found


def _meant(q: str) -> Sequence[Company]:
    """The companies that a search means. Raises Invalid for a filler."""
    reading = identity.read_number(q)
    if reading.is_filler:
        refuse_uncertain(reading, field="q")
    return find_companies(q, limit=MOST_MATCHES)


def companies(by: Actor, wanted: CompaniesListed, *, after: int | None) -> Sequence[Company]:
    """Companies, newest first, or those that a search found, the likeliest first. One more than `limit`."""
    require(by, "company.read")
    searches = [_bearing(kind, typed) for kind in NUMBER_KINDS if (typed := getattr(wanted, kind))]
    if wanted.q:
        searches.append(_meant(wanted.q))
    if searches:
        candidates = [
            company for company in searches[-1] if all(company in other for other in searches)
        ]
        ids = [company.id for company in candidates]
        if after is not None and after not in ids:
            raise BadCursor()
        first = 0 if after is None else ids.index(after) + 1
        ids = ids[first : first + wanted.limit + 1]
        chosen = sa.select(Company).where(Company.id.in_(ids))
        position_of = {id: at for at, id in enumerate(ids)}
    else:
        chosen = (
            sa.select(Company)
            .where(is_living(), Company.id < (after or LARGEST_ID))
            .order_by(Company.id.desc())
        )
        chosen, position_of = chosen.limit(wanted.limit + 1), {}
    rows = db.session.scalars(chosen.options(selectinload(Company.names))).all()
    return sorted(rows, key=lambda company: position_of[company.id]) if position_of else rows


def cases(by: Actor, wanted: CasesListed, *, after: int | None) -> Sequence[Case]:
    """Issued cases, newest first; one more than `limit`."""
    require(by, "case.read")
    query = sa.select(Case).where(
        visible_to(by), Case.status != DRAFT, Case.id < (after or LARGEST_ID)
    )
    if wanted.status:
        query = query.where(Case.status == wanted.status)
    if wanted.overdue == "true":
        query = query.where(awaiting_recheck(), Case.effective_on < today())
    elif wanted.overdue == "false":
        query = query.where(sa.or_(Case.status.not_in(AWAITING), Case.effective_on >= today()))
    if wanted.region:
        province = served_province()
        if not province.has_region(wanted.region):
            text = say(
                "Kode wilayah ini tidak dikenal, misalnya {code} untuk {name}.",
                code=province.example.code,
                name=province.example.name,
            )
            raise Invalid({"region": text})
        query = query.where(in_region(Case.region_code, wanted.region))
    if wanted.inspector:
        query = query.where(Case.inspector_id.in_(_people(wanted.inspector)))
    return db.session.scalars(
        query.order_by(Case.id.desc())
        .limit(wanted.limit + 1)
        .options(
            joinedload(Case.inspector),
            selectinload(Case.notas),
            selectinload(Case.findings),
            selectinload(Case.visits).joinedload(Visit.by),
        )
    ).all()


def _people(named: str) -> sa.Select[int]:
    """Whoever `named` is: an id or an e-mail address. Nobody, when there is none."""
    if is_digits(named):
        number = read_digits(named)
        if number is None:
            raise Invalid({"inspector": say("Bilangan ini terlalu besar.")})
        return sa.select(User.id).where(User.id == number)
    return sa.select(User.id).where(User.email == typed_email(named))


def events(case: Case, wanted: Listed, *, after: int | None) -> Sequence[Event]:
    """What happened to a case, oldest first; one more than `limit`."""
    query = sa.select(Event).where(Event.case_id == case.id, Event.id > (after or 0))
    return db.session.scalars(query.order_by(Event.id).limit(wanted.limit + 1)).all()


def flags(by: Actor, wanted: FlagsListed, *, after: int | None) -> Sequence[Flag]:
    """Flags, newest first; one more than `limit`."""
    require(by, "flag.read")
    query = sa.select(Flag).where(flags_visible_to(by), Flag.id < (after or LARGEST_ID))
    if wanted.active is not None:
        query = query.where(IS_ACTIVE if wanted.active == "true" else IS_LIFTED)
    if wanted.office:
        office = find_office(wanted.office)
        if office is None:
            example = f"ptsp-{served_province().example.code}"
            text = say("Kode kantor ini tidak dikenal, misalnya {example}.", example=example)
            raise Invalid({"office": text})
        query = query.where(in_region(Flag.region_code, office.region_code))
    return db.session.scalars(
        query.order_by(Flag.id.desc())
        .limit(wanted.limit + 1)
        .options(
            joinedload(Flag.case),
            joinedload(Flag.company),
            WITH_READERS,
            selectinload(Flag.bpjs_letters),
        )
    ).all()
