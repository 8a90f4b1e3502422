"""The verbs on doubtful companies: look again, leave one as it is or take that back, and make a company of
one of its names.

Nothing is put right without a person. Refuses to leave what is not doubted, and to take away a name or number
that the company does not bear any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import sqlalchemy as sa

from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Event, Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say
from compliance.merges.commands import LONGEST_PAIR_NOTE, tell_apart
from compliance.merges.doubtful.queries import doubts_in, stored_companies
from compliance.merges.doubtful.rules import StoredCompany, is_news, why_doubtful
from compliance.merges.models import DOUBTED, LEFT_AS_IT_IS, DoubtfulCompany
from compliance.policy import Actor, System, command, system_only


@command("company.merge", about=None)
def leave_as_it_is(
    entry: DoubtfulCompany, company: Company, *, by: Actor | System, note: str | None = None
) -> None:
    """Remember that what is doubted is right: nobody is asked again unless there are other reasons."""
    note = clean_line(note)
    if reason := too_long(note, LONGEST_PAIR_NOTE):
        raise Invalid({"note": reason})
    if entry.state != DOUBTED:
        raise Refusal(say("{name} sudah dibiarkan seperti adanya.", name=company.name))
    entry.state, entry.note = LEFT_AS_IT_IS, note
    entry.decided_by_id, entry.decided_at = by.actor_id, clock.now()
    record(
        "company.left_as_it_is",
        by=by,
        company_id=company.id,
        reason=note,
        name=company.name,
        why=reduce(_and, (doubt.text for doubt in doubts_in(entry))),
    )


@command("company.merge", about=None)
def list_again(entry: DoubtfulCompany, company: Company, *, by: Actor | System) -> None:
    """Take back that what is doubted was left as it is: it is looked at again."""
    if entry.state != LEFT_AS_IT_IS:
        raise Refusal(say("{name} masih di daftar yang perlu diperiksa.", name=company.name))
    entry.state = DOUBTED
    entry.decided_by_id = entry.decided_at = entry.note = None
    record("company.listed_again", by=by, company_id=company.id, name=company.name)


def _and(one: Text, other: Text) -> Text:
    return Text("{one}; {other}", {"one": one, "other": other})


@command("company.merge")
def separate_company(
    company: Company,
    alias: str,
    facts: CompanyFacts,
    numbers: Sequence[tuple[str, str]] = (),
    *,
    by: Actor | System,
) -> Company:
    """Make a company of its own of one of the other names of `company`.

    `company` loses that name and those of its `numbers` that go along. Remembers that the two are not the
    same. Raises Invalid, Taken, Refusal.
    """
    known = facts_of(company)
    if alias not in known.aliases:
        raise Refusal(say("{alias} bukan lagi nama lain {name}.", alias=alias, name=company.name))
    left, taken = _without(known, numbers)
    left["aliases"] = tuple(name for name in known.aliases if name != alias)
    change_company(company, facts_of(company, **left), by=by)
    separate = register_company(_with(facts, taken), by=by)
    tell_apart(company, separate, by=by)
    record(
        "company.separated",
        by=by,
        company_id=company.id,
        subject=Subject("company", separate.id),
        name=company.name,
        other_name=separate.name,
        other_id=separate.id,
    )
    return separate


def _without(
    known: CompanyFacts, numbers: Sequence[tuple[str, str]]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What of the known facts changes when `numbers` go, and those that go, by kind."""
    left: dict[str, Any] = {"other_npwps": known.other_npwps}
    taken: dict[str, list[str]] = {kind: [] for kind in NUMBERS}
    for kind, number in numbers:
        if kind in NUMBERS and getattr(known, kind) == number:
            left[kind] = None
        elif kind == "npwp" and number in known.other_npwps:
            left["other_npwps"] = tuple(npwp for npwp in left["other_npwps"] if npwp != number)
        else:
            raise Refusal(say("Nomor perusahaan ini sudah berubah. Muat ulang halamannya."))
        taken[kind].append(number)
    return left, taken


def _with(facts: CompanyFacts, taken: Mapping[str, list[str]]) -> CompanyFacts:
    given = {field: getattr(facts, field) for field in CompanyFacts.__dataclass_fields__}
    first = {kind: numbers[0] for kind, numbers in taken.items() if numbers}
    return CompanyFacts(**given | first | {"other_npwps": tuple(taken["npwp"][1:])})


@system_only
def look_again(event: Event) -> None:
    """Judge a doubtful company again after it was changed: its row goes as soon as it is put right."""
    if event.company_id is None or db.session.get(DoubtfulCompany, event.company_id) is None:
        return
    judge_companies([event.company_id])


@system_only
def judge_companies(ids: Sequence[int]) -> dict[str, int]:
    """Write down which of these companies are doubtful and why; how many are new, and how many no more."""
    return write_doubts(ids, stored_companies(ids))


@system_only
def write_doubts(ids: Sequence[int], companies: Mapping[int, StoredCompany]) -> dict[str, int]:
    """The same for companies that were read before. One that was left as it is stays so without news."""
    doubts = {id: why_doubtful(company) for id, company in companies.items()}
    rows = sa.select(DoubtfulCompany).where(DoubtfulCompany.company_id.in_(ids))
    locked = rows.with_for_update().execution_options(populate_existing=True)
    known = {entry.company_id: entry for entry in db.session.scalars(locked)}
    counts = {"doubtful": 0, "settled": 0}
    for id in ids:
        entry, found = known.get(id), doubts.get(id, [])
        if not found:
            if entry is not None:
                db.session.delete(entry)
                counts["settled"] += 1
            continue
        if entry is None or (entry.state == LEFT_AS_IT_IS and is_news(found, doubts_in(entry))):
            entry = entry or DoubtfulCompany(company_id=id)
            entry.state, entry.found_at = DOUBTED, clock.now()
            entry.decided_by_id = entry.decided_at = entry.note = None
            counts["doubtful"] += 1
        reasons = [doubt.stored() for doubt in found]
        if entry.reasons != reasons:
            entry.reasons = reasons
        db.session.add(entry)
    db.session.flush()
    return counts
