"""What a letter is made of: its case, company, people and papers, gathered once and frozen as facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import EllipsisType
from typing import Any

from compliance.cases.commands.circumstances import open_cases_about
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.text import say
from compliance.evidence.queries import evidence_of
from compliance.evidence.subjects import subjects_of
from compliance.letters.articles.queries import quotes_on
from compliance.letters.kinds import LETTER_KINDS, MADE_BY_ACTS, LetterKind
from compliance.letters.kinds.building import letter_words
from compliance.letters.kinds.matter import Matter, open_nota_line
from compliance.letters.models import Letter
from compliance.letters.options import typed_options
from compliance.letters.queries import (
    day_of_signing,
    inspectors_on_letter,
    latest_order,
    letter_in_force,
    letter_of_case,
    signing_for,
)
from compliance.letters.rules import Signer, long_day, time_limit, words_on_paper
from compliance.licensing.queries import flagged_among
from compliance.office.letterheads.queries import letterhead_facts
from compliance.office.queries import licensing_offices
from compliance.office.settings import OfficeSettings, office_settings
from compliance.office.signatories.commands import take_signatory
from compliance.office.signatories.models import Signatory
from compliance.people.models import User
from compliance.people.queries import inspectors, users_by_id
from compliance.policy import SYSTEM, system_only
from compliance.web.formatting import ZONE_NAMES

KNOWING = "Mengetahui"
"""The line above the head's titles where the head signs beside the inspectors."""


def letter_facts(
    kind: str,
    *,
    company: Company,
    case: Any | None,
    options: Mapping[str, Any],
    wording: Mapping[str, str],
    day: date,
    version: int = 1,
    signing: tuple[Signatory | None, date] | None = None,
    order: Letter | EllipsisType | None = ...,
) -> dict[str, Any]:
    """All that a letter says, without its number. Nothing is written. `signing` is who signs for the head,
    and on which day; else who would sign a draft. `order` is that of its visit, for who has read it. Raises
    Refusal, Invalid.
    """
    entry, settings = LETTER_KINDS[kind], office_settings()
    matter = _matter(kind, company, case, options, day, settings, order)
    region = (case or company).region_code or ""
    head, signing_on = signing or signing_for(region, day, by_the_head=entry.by_the_head)
    facts = letter_words(kind, matter, wording)
    return {
        **facts,
        "number": None,
        "numbered": entry.numbered,
        "version": version,
        "letterhead": letterhead_facts(region, day),
        "signers": [
            *signers_of_head(entry, head, signing_on),
            *(signer.as_fact() for signer in _signers(entry, matter)),
        ],
    }


def _matter(
    kind: str,
    company: Company,
    case: Case | None,
    options: Mapping[str, Any],
    day: date,
    settings: OfficeSettings,
    order: Letter | EllipsisType | None,
) -> Matter:
    nota = case.nota if case is not None else None
    if isinstance(order, EllipsisType):
        order = latest_order(company, visit_on=_visited_on(options, nota, day))
    about = options.get("about_letter")
    return Matter(
        company=company,
        case=case,
        nota=nota,
        second_nota=case.second_nota if case is not None else None,
        options=typed_options(options),
        day=day,
        inspectors=_inspectors(kind, case, options, order),
        offices=licensing_offices((case or company).region_code or ""),
        office_name=settings.office_name,
        place=settings.letter_place,
        limits={
            "batas_lapor": time_limit(settings.finding_days, settings.finding_day_type),
            "batas_dua": _second_limit(case, settings),
        },
        order=order,
        about=letter_of_case(case, about) if case is not None and about else None,
        flagged=kind == "certificate" and company.id in flagged_among([company.id]),
        nota_letter=letter_in_force(case, "nota_1")
        if case is not None and kind != "nota_1"
        else None,
        second_letter=letter_in_force(case, "nota_2")
        if case is not None and kind == "noncompliance_report"
        else None,
        evidence=_evidence(case, settings)
        if case is not None and kind == "noncompliance_report"
        else (),
        quotes=_quotes(kind, case, day),
        region_code=(case or company).region_code or "",
        zone=ZONE_NAMES.get(str(settings.zone), ""),
        recommended=letter_in_force(case, "recommendation")
        if case is not None and options.get("cover") == "recommendation"
        else None,
        open_notas=_open_notas(company, day) if kind == "certificate" else (),
    )


def _inspectors(
    kind: str, case: Any | None, options: Mapping[str, Any], order: Letter | None
) -> list[User]:
    """Those who stand on a letter as its inspectors. Raises Invalid."""
    if kind == "spt":
        chosen = list(options.get("inspectors") or [])
        people = {person.id: person for person in inspectors()}
        if missing := set(chosen) - people.keys():
            raise Invalid({"inspectors": say("Pilih dari daftar: {id}.", id=min(missing))})
        return [people[id] for id in chosen]
    if case is None or case.nota is None:
        return []
    ids = options.get("inspectors") or inspectors_on_letter(kind, case, order)
    if ids == [case.nota.inspector_id]:
        return [case.nota.inspector]
    people = users_by_id(ids)
    return [people[id] for id in ids]


def _visited_on(options: Mapping[str, Any], nota: Any | None, day: date) -> date:
    """The day of the visit that a letter is about: what its maker typed, else the inspection."""
    if held_on := options.get("held_on"):
        return date.fromisoformat(held_on)
    return nota.inspected_on if nota is not None else day


def _open_notas(company: Company, day: date) -> list[str]:
    """Every nota of the company that is open, for a letter that certifies how the company stands."""
    return [
        open_nota_line(case, letter_in_force(case, "nota_1"), day)
        for case in open_cases_about(company.id)
    ]


def _quotes(kind: str, case: Case | None, day: date) -> Mapping[str, str]:
    """What a nota of this day quotes of the articles of its findings; no other letter quotes any."""
    if case is None or kind not in MADE_BY_ACTS:
        return {}
    return quotes_on((finding.violation.legal_basis for finding in case.findings), day)


def _evidence(case: Case, settings: OfficeSettings) -> list[tuple[str, str, str]]:
    """The evidence of a case that was not withdrawn; of a restricted file, only that it is there."""
    names = subjects_of(case)
    lines = []
    for one in evidence_of(SYSTEM, case):
        if one.withdrawn_at is None:
            about = names.get(f"{one.about_kind}:{one.about_id}")
            what = one.note or one.name
            if about is not None and one.about_kind != "case":
                what = f"{what}, {words_on_paper(about)}"
            day = long_day(one.added_at.astimezone(settings.zone).date())
            sign = one.file.sha256[:12]
            lines.append(("Berkas terbatas" if one.is_restricted else what, day, sign))
    return lines


def _second_limit(case: Case | None, settings: OfficeSettings) -> str:
    """The time that Nota II grants, or would."""
    second = case.second_nota if case is not None else None
    if second is None or not second.deadline_days or not second.deadline_day_type:
        return time_limit(settings.second_nota_days, settings.finding_day_type)
    return time_limit(second.deadline_days, second.deadline_day_type)


def _signers(kind: LetterKind, matter: Matter) -> list[Signer]:
    """Who signs beside the head, from left to right."""
    inspectors = [_inspector(person) for person in matter.inspectors]
    match kind.signed_by:
        case "head":
            return []
        case "both_parties" if matter.about is not None:
            blank = "........................................"
            return [
                Signer(("Yang menyerahkan,", "(nama dan jabatan)"), blank, None, None),
                Signer(("Yang menerima,", "(nama dan jabatan)"), blank, None, None),
            ]
        case "both_parties":
            met = matter.options.get("met_name") or "(nama dan jabatan)"
            post = matter.options.get("met_position") or "Yang menerima"
            return [*inspectors, Signer(("Pihak perusahaan", f"{post},"), met, None, None)]
        case "with_witness":
            post = matter.options.get("witness_position")
            titles = ("Saksi", f"{post},") if post else ("Saksi,",)
            return [*inspectors, Signer(titles, matter.options["witness"], None, None)]
    return inspectors


def signers_of_head(kind: LetterKind, head: Signatory | None, day: date) -> list[dict[str, Any]]:
    """The signature of the head, before all others. A letter of the head needs one. Raises Refusal."""
    if head is None and kind.signed_by == "head":
        raise Refusal(
            say("Belum ada penanda tangan untuk {day}. Minta admin mencatatnya.", day=day)
        )
    if head is None or not kind.by_the_head:
        return []
    titles = head.titles if kind.signed_by == "head" else (KNOWING, *head.titles)
    return [Signer(titles, head.name, head.rank, head.nip).as_fact()]


def _inspector(person: User) -> Signer:
    titles = ("Yang memeriksa", f"{person.position or 'Pengawas Ketenagakerjaan'},")
    return Signer(titles, person.name, person.rank, person.nip)


@system_only
def freeze_number(letter: Letter, number: str | None) -> None:
    """The letter bears this number, or a blank for it; what it says does not change from now on."""
    letter.number, letter.numbered_at = number, clock.now()
    letter.facts = {**letter.facts, "number": number}
    db.session.flush()


@system_only
def take_head(letter: Letter) -> None:
    """Who signs for the head as the letter gets its number stands under it, and their row is not changed any
    more. Raises Refusal.
    """
    if letter.by_the_head:
        day = day_of_signing(letter.issued_on)
        letter.facts = signed_by_head(letter, take_signatory(letter.region_code, day), day)


def signed_by_head(letter: Letter, head: Signatory | None, day: date) -> dict[str, Any]:
    """What a letter says with this head under it. Raises Refusal where the letter needs one."""
    entry, facts = LETTER_KINDS[letter.kind], letter.facts
    beside = [
        signer
        for signer in facts["signers"]
        if entry.signed_by != "head" and signer["titles"][0] != KNOWING
    ]
    return {**facts, "signers": [*signers_of_head(entry, head, day), *beside]}
