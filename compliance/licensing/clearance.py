"""The question at the counter: which company is meant. What is answered about it: `checks`.

Never guesses: a name gives its verdict at once only when one company alone bears it and no other is near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import BadName, clean_name, key_of, legal_form, name_key
from compliance.companies.numbers import refuse_uncertain
from compliance.companies.queries import (
    Match,
    companies_bearing,
    companies_one_slip_from,
    find_matches,
)
from compliance.companies.search.candidates import (
    SHORTEST_QUERY,
    close_names,
    names_one_slip_from,
)
from compliance.companies.search.spelling import search_key
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import say
from compliance.licensing.checks.rules import CheckedCompany
from compliance.licensing.queries import flagged_among
from compliance.reference.regions import region_name

LONGEST_ASKED = 200
MOST_POSSIBLE = 25
MOST_RIVALS = 300
"""Names that are looked at when more than can be shown are near: a flag may be on the last of them."""
RIVAL_FROM = 0.75
"""A name this close holds all that was typed, or nearly: beside it no answer by name is certain."""
TWIN_FROM = 0.85
MOST_TWINS = 3
SHORTEST_ENDING, LONGEST_ENDING = 4, 8


@dataclass(frozen=True)
class PossibleCompany:
    """A company that a question may mean, with what tells it from another."""

    company: Company
    former_names: tuple[str, ...]
    aliases: tuple[str, ...]
    endings: tuple[tuple[str, str], ...]
    """The end of each number under its name."""

    @property
    def region(self) -> str:
        return region_name(self.company.region_code)


@dataclass(frozen=True)
class CompanyAsked:
    """The company that a question is about: `company` for certain, or `candidates` to choose from,
    or neither when none is known.

    `by_slip`: nobody bears the number, and the candidates' numbers differ from it by one slip. `may_be_none`:
    none of the candidates bears that very number or name.
    """

    company: Company | None = None
    candidates: tuple[PossibleCompany, ...] = ()
    more: bool = False
    by_slip: bool = False
    may_be_none: bool = False


def clean_question(typed: str) -> str:
    """The question on one line. Raises Invalid when it is none."""
    asked = clean_line(typed)
    if asked is None:
        raise Invalid({"asked": say("Isi NIB, NPWP, NPP, atau nama perusahaan")})
    if len(asked) > LONGEST_ASKED:
        raise Invalid(
            {
                "asked": say(
                    "Paling panjang {limit} huruf; ketik satu nomor atau satu nama",
                    limit=LONGEST_ASKED,
                )
            }
        )
    return asked


def find_company_asked(
    asked: str, *, numbers_only: bool = False, near: str | None = None
) -> CompanyAsked:
    """Read a question: a number in any shape, alone or inside words, or a name. Raises Invalid.

    A filler is refused, and a slip is asked about (UncertainNumber), before anything is recorded.
    `near` is the regency of the office that asks: its companies come first among several.
    """
    asked = clean_question(asked)
    reading = identity.read_number(asked)
    bearers = companies_bearing(reading)[: MOST_POSSIBLE + 1]
    if bearers:
        return _asked_among(bearers, certain=len(bearers) == 1)
    refuse_uncertain(reading, field="asked")
    if numbers_only:
        if reading.problem is not None:
            raise Invalid({"asked": reading.problem})
        return CompanyAsked()
    about = CompanyAsked()
    if reading.words:
        about = _by_words(reading.words, near)
    elif reading.kind in ("npp", "name"):
        about = _by_name(asked, near)
    if about.company or about.candidates:
        return about
    if not reading.numbers:
        _refuse_no_name(asked)
    slips = companies_one_slip_from(reading, limit=MOST_POSSIBLE + 1)
    return replace(_asked_among(slips, certain=False), by_slip=True, may_be_none=True)


def nobody_asked(asked: str, *, near: str | None = None) -> CompanyAsked:
    """The answer "none of these" to the candidates: nobody, or the candidates again where one of them bears
    that very number or name. Raises Invalid.
    """
    about = find_company_asked(asked, near=near)
    return CompanyAsked() if about.may_be_none else about


def _by_words(words: str, near: str | None) -> CompanyAsked:
    """The companies that the words around an unknown number may mean: to choose from, never for certain."""
    if sum(letter.isalnum() for letter in name_key(words)) < SHORTEST_QUERY:
        return CompanyAsked()
    matches = find_matches(words, limit=MOST_POSSIBLE + 1, near=near)
    about = _asked_among([match.company for match in matches], certain=False)
    return replace(about, may_be_none=not any(_is_called(match, words) for match in matches))


def _by_name(asked: str, near: str | None) -> CompanyAsked:
    """The company of a name: certain only when it alone bears that very name and no other is near."""
    _refuse_too_little(asked)
    matches = _all_near(asked, near)
    rivals = [match for match in matches if match.closeness >= RIVAL_FROM]
    if len(rivals) == 1 and _is_called(rivals[0], asked):
        company = rivals[0].company
        twins = _flagged_twins(company, names_one_slip_from(search_key(asked)))
        if not twins:
            return CompanyAsked(company)
        matches = [*map(Match, twins), *matches]
    flagged = flagged_among([match.company.id for match in matches])
    matches.sort(key=lambda match: match.closeness < RIVAL_FROM or match.company.id not in flagged)
    about = _asked_among([match.company for match in matches], certain=False)
    return replace(about, may_be_none=not any(_is_called(match, asked) for match in matches))


def _is_called(match: Match, asked: str) -> bool:
    return key_of(asked).is_same(key_of(match.called))


def _all_near(name: str, region_code: str | None) -> list[Match]:
    """The companies that a name may mean, those of the regency first; all rivals, when they are many."""
    matches = find_matches(name, limit=MOST_RIVALS, near=region_code)
    return [
        match
        for at, match in enumerate(matches)
        if at <= MOST_POSSIBLE or match.closeness >= RIVAL_FROM
    ]


def _refuse_too_little(asked: str) -> None:
    """Three letters, or the two digits of a shop: "Toko 88"."""
    key = name_key(asked)
    if sum(letter.isalnum() for letter in key) < (
        SHORTEST_QUERY if any(map(str.isalpha, key)) else 2
    ):
        sentence = say(
            "Ketik sedikitnya 3 huruf nama perusahaan, tanpa PT atau CV, atau satu nomor lengkap"
        )
        raise Invalid({"asked": sentence})


def _refuse_no_name(asked: str) -> None:
    """Refuse what is near no name and is none itself: "12", "tidak ada", a number that is too short."""
    if any(map(str.isdigit, asked)) and not identity.has_words(asked) and not legal_form(asked):
        raise Invalid({"asked": identity.NO_NUMBER})
    try:
        clean_name(asked)
    except BadName as error:
        raise Invalid({"asked": error.reason}) from None


def twins_of(company: CheckedCompany) -> list[Company]:
    """Other companies of its regency that bear a flag and may be taken for it: their names are near."""
    near = [name for name, closeness in close_names(company.name) if closeness >= TWIN_FROM]
    return _flagged_twins(company, [*near, *names_one_slip_from(search_key(company.name))])


def _flagged_twins(company: CheckedCompany | Company, names: Iterable[Any]) -> list[Company]:
    """The other companies of its regency that bear one of these names, and a flag."""
    near = dict.fromkeys(name.company_id for name in names if name.company_id != company.id)
    flagged = flagged_among(list(near))
    twins = sa.select(Company).where(
        Company.id.in_(flagged), Company.region_code == company.region_code
    )
    by_id = {twin.id: twin for twin in db.session.scalars(twins)} if flagged else {}
    return [by_id[id] for id in near if id in by_id][:MOST_TWINS]


def _asked_among(matches: Sequence[Company], *, certain: bool) -> CompanyAsked:
    """One company for certain, else all to choose from."""
    if not matches or certain:
        return CompanyAsked(matches[0] if matches else None)
    shown = matches[:MOST_POSSIBLE]
    names = _other_names([company.id for company in shown])
    endings = _endings(shown)
    return CompanyAsked(
        candidates=tuple(
            PossibleCompany(
                company,
                names.get((company.id, "former"), ()),
                names.get((company.id, "alias"), ()),
                endings[company.id],
            )
            for company in shown
        ),
        more=len(matches) > MOST_POSSIBLE,
    )


def _endings(companies: Sequence[Company]) -> dict[int, tuple[tuple[str, str], ...]]:
    """The end of each number under its name, by company: long enough to tell these companies apart and to
    compare with a paper, too short to copy. Of an NPWP from the end of its core on:
    head offices end alike."""
    endings: dict[int, list[tuple[str, str]]] = {company.id: [] for company in companies}
    for kind, label in NUMBERS.items():
        column = "npwp_core" if kind == "npwp" else kind
        known = {
            company.id: number for company in companies if (number := getattr(company, column))
        }
        length = next(
            (
                length
                for length in range(SHORTEST_ENDING, LONGEST_ENDING)
                if len({number[-length:] for number in known.values()}) == len(set(known.values()))
            ),
            LONGEST_ENDING,
        )
        for company in companies:
            if company.id in known:
                ending, npwp = known[company.id][-length:], company.npwp
                if kind == "npwp" and npwp and len(known[company.id]) < len(npwp):
                    ending = f"{ending}-{npwp[10:13]}.{npwp[13:]}"
                endings[company.id].append((label, f"…{ending}"))
    return {id: tuple(of_company) for id, of_company in endings.items()}


def _other_names(company_ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    names: dict[tuple[int, str], tuple[str, ...]] = {}
    rows = sa.select(CompanyName.company_id, CompanyName.kind, CompanyName.name).where(
        CompanyName.company_id.in_(company_ids), CompanyName.kind != "current"
    )
    for company_id, kind, name in db.session.execute(rows.order_by(CompanyName.id)):
        names[company_id, kind] = (*names.get((company_id, kind), ()), name)
    return names


def shown_numbers(company: CheckedCompany) -> list[tuple[str, str]]:
    """A company's numbers under their names, written for a screen."""
    shown = (
        ("NIB", company.nib and identity.shown_nib(company.nib)),
        ("NPWP", company.npwp and identity.shown_npwp(company.npwp)),
        ("NPP", company.npp),
    )
    return [(label, number) for label, number in shown if number]
