"""The verbs of a draft: write it, change it, send it back, and begin a new version of an issued letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from compliance.cases.models import Case
from compliance.cases.workflow import DRAFT
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import needed_reason
from compliance.core.text import Text, say
from compliance.letters.commands.making import letter_facts
from compliance.letters.grounds import (
    SAID_ONCE,
    Standing,
    cover_refusal,
    ground_refusal,
    recheck_day_problem,
    twin_refusal,
)
from compliance.letters.kinds import BEFORE_THE_NOTA, LETTER_KINDS, MADE_BY_ACTS, OF_TODAY
from compliance.letters.models import Letter
from compliance.letters.options import read_options
from compliance.letters.queries import (
    being_replaced,
    case_standing,
    inspectors_on_letter,
    latest_order,
    letter_of_case,
    replaced_by,
    wording_on,
)
from compliance.letters.rules import as_sentence
from compliance.letters.workflow import LETTER_DRAFT, LETTERS, never
from compliance.licensing.codes import new_code
from compliance.office.queries import licensing_offices
from compliance.office.settings import today
from compliance.policy import Actor, command

LONGEST_LETTER_REASON = 500
_FARTHEST = timedelta(days=366)
_FARTHEST_VISIT = timedelta(days=3 * 366)
"""How far from today a paper speaks of a visit: what lies beyond is mistyped."""


@command("letter.draft", about=None)
def draft_letter(
    kind: str,
    *,
    by: Actor,
    company: Company,
    case: Case | None = None,
    issued_on: date | None = None,
    options: Mapping[str, Any],
) -> Letter:
    """A new letter as a draft, with everything it will say. The caller has loaded case and company for it.

    `options` are those that the kind asks (`kinds`). Raises Invalid by option, Refusal.
    """
    _may_be_drafted(kind, case)
    day = issued_on or today()
    kept, problems = read_options(kind, options)
    problems = _problems_of(kind, kept, day, case) | problems
    if problems:
        raise Invalid(problems)
    letter = Letter(
        kind=kind,
        case_id=case.id if case is not None else None,
        company_id=company.id,
        version=1,
        status=LETTER_DRAFT,
        issued_on=day,
        options=kept,
        facts=letter_facts(
            kind, company=company, case=case, options=kept, wording=wording_on(kind, day), day=day
        ),
        code=new_code(),
        made_at=clock.now(),
        drafted_by_id=by.actor_id,
    )
    db.session.add(letter)
    db.session.flush()
    record("letter.drafted", by=by, **about_letter(letter))
    return letter


def _may_be_drafted(kind: str, case: Case | None) -> None:
    if kind not in LETTER_KINDS:
        raise Invalid({"kind": say("Pilih jenis surat.")})
    if kind in MADE_BY_ACTS:
        raise Refusal(
            say(
                "{kind} dibuat oleh penerbitannya sendiri; untuk memperbaikinya, buat versi baru.",
                kind=LETTER_KINDS[kind].name,
            )
        )
    if case is None and kind != "spt":
        raise Refusal(say("Surat ini dibuat dari sebuah kasus."))
    if case is not None:
        expect_letter_of(case, kind)


def expect_letter_of(case: Case, kind: str) -> None:
    """Refuse a letter that cannot be made of the case as it stands. Raises Refusal."""
    if case.status == DRAFT:
        raise Refusal(say("Kasus ini masih draf; terbitkan dulu notanya."))
    refuse_without_ground(kind, case)


def refuse_without_ground(kind: str, case: Case) -> None:
    """Refuse a letter that would say what is not true of the case. Raises Refusal."""
    if (reason := ground_refusal(kind, case_standing(case))) is not None:
        raise Refusal(reason)


def refuse_issue_without_ground(letter: Letter, case: Case) -> None:
    """Refuse to issue a draft that lost its ground, or whose like was issued since. Raises Refusal."""
    standing = _without(case_standing(case), letter.id, letter.replaces_id)
    reason = ground_refusal(letter.kind, standing) or twin_refusal(
        letter.kind, letter.options, standing
    )
    if reason is None and (refused := _cover_problem(letter.kind, letter.options, standing)):
        reason = refused[1]
    if reason is None:
        reason = _problem_of_recheck(letter.kind, letter.options, letter.issued_on, case)
    if reason is not None:
        raise Refusal(reason)


def _without(standing: Standing, *ids: int | None) -> Standing:
    """As the case stands without the letter itself, and once the letter that it replaces gave way."""
    letters = [letter for letter in standing.letters if letter.id not in ids]
    return replace(standing, letters=letters)


def _cover_problem(
    kind: str, kept: Mapping[str, Any], standing: Standing
) -> tuple[str, Text] | None:
    return cover_refusal(kept, standing) if kind == "cover_ptsp" else None


def _problems_of(
    kind: str,
    kept: Mapping[str, Any],
    day: date,
    case: Case | None,
    *,
    replaces_id: int | None = None,
) -> dict[str, Text]:
    """What does not go together in what was typed, by option."""
    problems = _problems_of_days(kind, kept, day, case)
    if about := kept.get("about_letter"):
        letter = letter_of_case(case, about) if case is not None else None
        if letter is None or not letter.holds:
            problems["about_letter"] = say("Pilih surat dari kasus ini.")
        elif never(letter.kind, "serve") is not None:
            problems["about_letter"] = say(
                "Surat itu tidak disampaikan kepada siapa pun; pilih yang lain."
            )
    if case is not None and kind in SAID_ONCE:
        standing = _without(case_standing(case), replaces_id)
        if (twin := twin_refusal(kind, kept, standing)) is not None:
            problems[next(iter(SAID_ONCE[kind]), "issued_on")] = twin
        if (refused := _cover_problem(kind, kept, standing)) is not None:
            problems[refused[0]] = refused[1]
    if (reason := _problem_of_office(kept, case)) is not None:
        problems["office"] = reason
    if not today() - _FARTHEST <= day <= today() + _FARTHEST:
        problems["issued_on"] = say("Isi tanggal paling jauh setahun dari hari ini.")
    return problems


def _problem_of_office(kept: Mapping[str, Any], case: Case | None) -> Text | None:
    """Why no letter goes to the office that was named: it does not answer for this region."""
    if case is None or not (wanted := kept.get("office")):
        return None
    known = [office.code for office in licensing_offices(case.region_code or "")]
    return None if wanted in known else say("Pilih salah satu.")


def _problem_of_recheck(kind: str, kept: Mapping[str, Any], day: date, case: Case) -> Text | None:
    visit = kept.get("visit_on")
    if kind != "recheck_notice" or not visit:
        return None
    calendar = load_calendar()
    return recheck_day_problem(case, date.fromisoformat(visit), letter_day=day, calendar=calendar)


def _problems_of_days(
    kind: str, kept: Mapping[str, Any], day: date, case: Case | None
) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    first, last = today() - _FARTHEST_VISIT, today() + _FARTHEST_VISIT
    for name in ("visit_on", "held_on"):
        if kept.get(name) and not first <= date.fromisoformat(kept[name]) <= last:
            return {name: say("Isi tanggal antara {first} dan {last}.", first=first, last=last)}
    visit = kept.get("visit_on")
    if kind == "spt" and visit and date.fromisoformat(visit) < day:
        problems["visit_on"] = say(
            "Surat perintah tugas bertanggal sesudah kunjungan {day}.",
            day=date.fromisoformat(visit),
        )
    if case is not None and (reason := _problem_of_recheck(kind, kept, day, case)) is not None:
        problems["visit_on"] = reason
    held = kept.get("held_on")
    if held and date.fromisoformat(held) > day:
        problems["held_on"] = say(
            "Berita acara dibuat pada hari acaranya atau sesudahnya: {day}.",
            day=date.fromisoformat(held),
        )
    if kind in OF_TODAY and day != today():
        problems["issued_on"] = say(
            "Surat ini menyatakan keadaan hari ini; isi tanggal {day}.", day=today()
        )
    if (
        case is not None
        and case.nota is not None
        and kind not in BEFORE_THE_NOTA
        and day < case.nota.issued_on
    ):
        problems["issued_on"] = say("Isi tanggal mulai {first}.", first=case.nota.issued_on)
    return problems


@command("letter.draft")
def change_draft(
    letter: Letter, *, by: Actor, issued_on: date | None, options: Mapping[str, Any]
) -> None:
    """Write a draft anew, as after it was sent back. A new version of a nota may be corrected.

    Raises Invalid, Refusal.
    """
    day = issued_on or letter.issued_on
    kept, problems = _read_over(letter, options)
    problems = (
        _problems_of(letter.kind, kept, day, letter.case, replaces_id=letter.replaces_id) | problems
    )
    if problems:
        raise Invalid(problems)
    LETTERS.move(letter, "edit")
    letter.options, letter.issued_on, letter.returned_why = kept, day, None
    letter.facts = _facts_again(letter)
    db.session.flush()
    record("letter.changed", by=by, **about_letter(letter))


def _read_over(
    letter: Letter, options: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Text]]:
    """What a letter is to say in place of what it says. Who stands on a nota as its inspectors stays."""
    if letter.kind not in MADE_BY_ACTS:
        return read_options(letter.kind, options)
    ids = letter.options.get("inspectors") or _inspectors_of_old(letter)
    typed = {name: value for name, value in options.items() if (name, value) != ("inspectors", ids)}
    kept, problems = read_options(letter.kind, typed, correcting=True)
    return {**kept, "inspectors": ids}, problems


def _inspectors_of_old(letter: Letter) -> list[int]:
    """Of a nota whose letter was made before letters kept them."""
    case = letter.case
    assert case is not None and case.nota is not None
    order = latest_order(case.company, visit_on=case.nota.inspected_on)
    return inspectors_on_letter(letter.kind, case, order)


def _facts_again(letter: Letter) -> dict[str, Any]:
    facts = letter_facts(
        letter.kind,
        company=letter.company,
        case=letter.case,
        options=letter.options,
        wording=wording_on(letter.kind, letter.issued_on),
        day=letter.issued_on,
        version=letter.version,
    )
    replaced = replaced_by(letter)
    return facts | (
        {} if replaced is None else {"replaces": _replaces(replaced, letter.replaced_why)}
    )


def _paper(letter: Letter) -> str:
    entry = LETTER_KINDS[letter.kind]
    return entry.called or str(letter.facts["subject"])


def _replaces(letter: Letter, why: str | None) -> dict[str, Any]:
    return {
        "paper": _paper(letter),
        "number": letter.number,
        "date": letter.facts["date"],
        "version": letter.version,
        "why": as_sentence(why) if why else why,
    }


@command("letter.approve")
def send_back(letter: Letter, *, by: Actor, reason: str | None) -> None:
    """The draft goes back to its writer, with what is to be mended. Raises Invalid, Refusal."""
    why = needed_reason(reason, most=LONGEST_LETTER_REASON)
    LETTERS.move(letter, "send_back")
    letter.returned_why = why
    record("letter.sent_back", by=by, **about_letter(letter), reason=letter.returned_why)


@command("letter.draft")
def replace_letter(
    letter: Letter, *, by: Actor, reason: str | None, options: Mapping[str, Any]
) -> Letter:
    """A new version of an issued letter, as a draft that says what it replaces and why.

    The old one stays in force until the new one has its number. Raises Invalid, Refusal.
    """
    LETTERS.move(letter, "replace")
    if (refused := being_replaced(letter)) is not None:
        raise Refusal(refused)
    kept, problems = _read_over(letter, {**letter.options, **options})
    day = today()
    problems = _problems_of(letter.kind, kept, day, letter.case, replaces_id=letter.id) | problems
    if problems:
        raise Invalid(problems)
    new = Letter(
        kind=letter.kind,
        case_id=letter.case_id,
        company_id=letter.company_id,
        version=letter.version + 1,
        status=LETTER_DRAFT,
        issued_on=day,
        options=kept,
        facts={},
        code=new_code(),
        made_at=clock.now(),
        drafted_by_id=by.actor_id,
        replaces_id=letter.id,
        replaced_why=needed_reason(reason, most=LONGEST_LETTER_REASON),
        case=letter.case,
        company=letter.company,
    )
    new.facts = _facts_again(new)
    db.session.add(new)
    db.session.flush()
    record(
        "letter.drafted",
        by=by,
        **about_letter(new),
        reason=new.replaced_why,
        replaces=letter.number,
    )
    return new


def about_letter(letter: Letter) -> dict[str, Any]:
    """What every event about a letter says of it. It stands in the story of its case or of its company."""
    return {
        "case": letter.case,
        "company_id": letter.company_id,
        "subject": Subject("letter", letter.id),
        "letter_kind": letter.kind,
        "number": letter.number,
        "letter_version": letter.version,
    }
