"""The question at the counter: which company is meant. What is answered about it: `checks`.

Never guesses: a name gives its verdict at once only when one company alone is found and bears that very name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import name_key
from compliance.companies.numbers import refuse_uncertain
from compliance.companies.queries import SHORTEST_QUERY, Match, companies_bearing, find_matches
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import say
from compliance.licensing.checks.rules import CheckedCompany
from compliance.reference.regions import region_name

LONGEST_ASKED = 200
MOST_POSSIBLE = 25


@dataclass(frozen=True)
class PossibleCompany:
    """A company that a question may mean, with what tells it from another."""

    company: Company
    former_names: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def region(self) -> str:
        return region_name(self.company.region_code)

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        """The last four characters of each number: enough to compare with a paper, too little to copy."""
        numbers = {"NIB": self.company.nib, "NPWP": self.company.npwp, "NPP": self.company.npp}
        return tuple((label, f"…{number[-4:]}") for label, number in numbers.items() if number)


@dataclass(frozen=True)
class CompanyAsked:
    """The company that a question is about: `company` for certain, or `candidates` to choose from,
    or neither when none is known.
    """

    company: Company | None = None
    candidates: tuple[PossibleCompany, ...] = ()
    more: bool = False


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


def find_company_asked(asked: str, *, numbers_only: bool = False) -> CompanyAsked:
    """Read a question: a number in any shape, alone or inside words, or a name. Raises Invalid.

    A filler is refused, and a slip is asked about (UncertainNumber), before anything is recorded.
    """
    asked = clean_question(asked)
    reading = identity.read_number(asked)
    bearers = companies_bearing(reading)[: MOST_POSSIBLE + 1]
    if bearers:
        return _asked_among(bearers)
    refuse_uncertain(reading, field="asked")
    if reading.words and not numbers_only:
        return _by_words(reading.words)
    if reading.kind in ("nib", "npwp") or (reading.kind == "npp" and numbers_only):
        return CompanyAsked()
    if reading.problem is not None and numbers_only:
        raise Invalid({"asked": reading.problem})
    return _by_name(asked)


def _by_words(words: str) -> CompanyAsked:
    """The companies that the words around an unknown number may mean: to choose from, never for certain."""
    if sum(letter.isalnum() for letter in name_key(words)) < SHORTEST_QUERY:
        return CompanyAsked()
    matches = find_matches(words, limit=MOST_POSSIBLE + 1)
    return _asked_among([match.company for match in matches], certain=False)


def _by_name(asked: str) -> CompanyAsked:
    """The company of a name: certain only when no other is alike and it bears that very name."""
    key = name_key(asked)
    _refuse_too_little(key)
    matches = find_matches(asked, limit=MOST_POSSIBLE + 1)
    certain = len(matches) == 1 and _name_key(matches[0]) == key
    return _asked_among([match.company for match in matches], certain=certain)


def _refuse_too_little(name_key: str) -> None:
    if sum(letter.isalnum() for letter in name_key) < SHORTEST_QUERY:
        sentence = say(
            "Ketik sedikitnya 3 huruf nama perusahaan, tanpa PT atau CV, atau satu nomor lengkap"
        )
        raise Invalid({"asked": sentence})


def _name_key(match: Match) -> str:
    """The comparable form of the name by which a company was found."""
    return name_key(match.other_name or match.company.name)


def _asked_among(matches: Sequence[Company], *, certain: bool | None = None) -> CompanyAsked:
    """One company for certain (by a number: the only one that bears it), else all to choose from."""
    if not matches or (len(matches) == 1 if certain is None else certain):
        return CompanyAsked(matches[0] if matches else None)
    shown = matches[:MOST_POSSIBLE]
    names = _other_names([company.id for company in shown])
    return CompanyAsked(
        candidates=tuple(
            PossibleCompany(
                company,
                names.get((company.id, "former"), ()),
                names.get((company.id, "alias"), ()),
            )
            for company in shown
        ),
        more=len(matches) > MOST_POSSIBLE,
    )


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
