"""The question at the counter and its answer: which company is meant, and everything that is said about it.

Never guesses: a name gives its verdict at once only when one company alone is found and bears that very name.
Says what licensing may know and nothing else: no findings' text, no workers' names, no notes (the nota is Rahasia).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import IS_OPEN, Case, Finding, Nota, Violation
from compliance.companies import identity
from compliance.companies.models import Company, CompanyName
from compliance.companies.queries import SHORTEST_QUERY, bearing_number, find_companies, find_matches
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import Text, from_json, say, to_json
from compliance.licensing import rules
from compliance.licensing.models import Flag
from compliance.licensing.queries import IS_ACTIVE
from compliance.licensing.rules import ActiveFlag, OpenCase
from compliance.office.models import Office
from compliance.office.settings import office_settings
from compliance.people.models import User
from compliance.reference.regions import region_name

LONGEST_QUESTION = 200
MOST_CANDIDATES = 25
_LABEL = re.compile(r"(?:nib|npwp|npp)\b\W*(?=.*\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
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
class Meant:
    """Whom a question means: `company` for certain, or `candidates` to choose from, or (both empty) nobody known."""

    company: Company | None = None
    candidates: tuple[Candidate, ...] = ()
    more: bool = False


def clean_question(typed: str) -> str:
    """The question on one line. Raises Invalid when it is none."""
    asked = clean_line(typed)
    if asked is None:
        raise Invalid({"asked": say("Isi NIB, NPWP, NPP, atau nama perusahaan")})
    if len(asked) > LONGEST_QUESTION:
        raise Invalid(
            {
                "asked": say(
                    "Paling panjang {limit} huruf; ketik satu nomor atau satu nama", limit=LONGEST_QUESTION
                )
            }
        )
    return asked


def whom_it_means(asked: str, *, numbers_only: bool = False) -> Meant:
    """Read a question: a number in any shape, with or without its label, or a name. Raises Invalid."""
    asked = clean_question(asked)
    unlabelled = _LABEL.sub("", asked, count=1) if _LABEL.match(asked) else asked
    number = unlabelled if identity.kind_of(unlabelled) != "name" else asked
    kind = identity.kind_of(number)
    if kind in ("nib", "npwp"):
        return _meant(find_companies(number, limit=MOST_CANDIDATES + 1))
    found = bearing_number("npp", number) if kind == "npp" else ()
    if found or (kind == "npp" and numbers_only):
        return _meant(found)
    _refuse_a_wrong_number(asked)
    if numbers_only:
        raise Invalid({"asked": say("Ini bukan NIB, NPWP, atau NPP: {asked}", asked=asked)})
    return _by_name(asked)


def _by_name(asked: str) -> Meant:
    key = identity.name_key(asked)
    if sum(each.isalnum() for each in key) < SHORTEST_QUERY:
        raise Invalid(
            {
                "asked": say(
                    "Ketik sedikitnya 3 huruf nama perusahaan, tanpa PT atau CV, atau satu nomor lengkap"
                )
            }
        )
    found = find_matches(asked, limit=MOST_CANDIDATES + 1)
    bears_it = [identity.name_key(each.other_name or each.company.name) == key for each in found]
    return _meant([each.company for each in found], certain=bears_it == [True])


def _refuse_a_wrong_number(asked: str) -> None:
    digits = "".join(each for each in asked if each.isalnum())
    if re.fullmatch(r"\d{13,}", digits):
        raise Invalid(
            {
                "asked": say(
                    "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik {count}", count=len(digits)
                )
            }
        )


def _meant(found: Sequence[Company], *, certain: bool | None = None) -> Meant:
    """One company for certain (by a number: the only one that bears it), else all to choose from."""
    if not found or (len(found) == 1 if certain is None else certain):
        return Meant(found[0] if found else None)
    shown = found[:MOST_CANDIDATES]
    names = _other_names([each.id for each in shown])
    return Meant(
        candidates=tuple(
            Candidate(each, names.get((each.id, "former"), ()), names.get((each.id, "alias"), ()))
            for each in shown
        ),
        more=len(found) > MOST_CANDIDATES,
    )


def _other_names(company_ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    names: dict[tuple[int, str], tuple[str, ...]] = {}
    rows = sa.select(CompanyName.company_id, CompanyName.kind, CompanyName.name).where(
        CompanyName.company_id.in_(company_ids), CompanyName.kind != "current"
    )
    for company_id, kind, name in db.session.execute(rows.order_by(CompanyName.id)):
        names[company_id, kind] = (*names.get((company_id, kind), ()), name)
    return names


def shown_numbers(company: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A company's numbers under their names, written for a screen."""
    nib, npwp, npp = company.get("nib"), company.get("npwp"), company.get("npp")
    shown = (
        ("NIB", nib and identity.shown_nib(nib)),
        ("NPWP", npwp and identity.shown_npwp(npwp)),
        ("NPP", npp),
    )
    return [(label, number) for label, number in shown if number]


def answer_on(company: Company | None, *, asked: str, day: date, office: Office | None) -> dict[str, Any]:
    """The whole answer to a counter, with Texts and dates as they are; `stored` makes it plain. At most five reads.

    `decide_by` is the last day to decide on an application that is complete on `day`.
    """
    told = _open_cases(company.id) if company else []
    flags = _active_flags(company.id) if company else []
    cases = [_what_counts(each) for each in told]
    standing = [
        ActiveFlag(
            each["level"], each["case_number"], each["since_on"], each["letter_number"], tuple(each.pop("services") or ())
        )
        for each in flags
    ]  # fmt: skip
    verdict = rules.verdict_on(cases, standing, today=day) if company else rules.not_found(asked)
    touched = rules.permits_touched(cases, standing)
    settings = office_settings()
    return {
        "verdict": verdict.verdict,
        "word": verdict.word,
        "reasons": list(verdict.reasons),
        "advice": list(verdict.advice),
        "company": company and _identity(company),
        "cases": [
            {**each, "obligations": [rules.OBLIGATIONS[kind] for kind in each["obligations"]]}
            for each in told
        ],
        "flags": flags,
        "cleared_by": list(rules.cleared_by(cases, standing)),
        "services": _named(touched.services) if touched else [],
        "services_untouched": _named(touched.untouched) if touched else [],
        "services_ground": touched and touched.ground,
        "decide_by": load_calendar().add_working_days(day, rules.DAYS_TO_DECIDE),
        "legal_basis": office.legal_basis if office else None,
        "office": office.name if office else None,
        "contact": {"name": settings.office_name, "reached_by": settings.office_contact},
    }


def _named(services: Sequence[str]) -> list[Text]:
    return [rules.SERVICES[each] for each in services]


def _identity(company: Company) -> dict[str, Any]:
    return {
        "id": company.id, "name": company.name, "nib": company.nib, "npwp": company.npwp, "npp": company.npp,
        "region_code": company.region_code, "region": region_name(company.region_code),
        "former_names": company.former_names,
    }  # fmt: skip


def _open_cases(company_id: int) -> list[dict[str, Any]]:
    """The open cases as they are told: the nota in force, dates, counts, the inspector, the obligations still open."""
    rows = db.session.execute(
        sa.select(
            Case.id, Case.number, Case.status, Case.due_on, Case.effective_on, Case.unresolved_on,
            Case.workers_total, Case.workers_registered, Nota.number.label("nota_number"), Nota.issued_on,
            User.name.label("inspector"), User.phone.label("inspector_phone"), Violation.norm_group,
        )
        .join(Nota, Nota.case_id == Case.id)
        .join(User, User.id == Case.inspector_id)
        .outerjoin(Finding, sa.and_(Finding.case_id == Case.id, Finding.fixed_on.is_(None)))
        .outerjoin(Violation, Violation.id == Finding.violation_id)
        .where(Case.company_id == company_id, IS_OPEN)
        .order_by(Case.id, Nota.id, Finding.position)
    )  # fmt: skip
    cases: dict[int, dict[str, Any]] = {}
    for row in rows:
        told = dict(row._mapping)
        group, kinds = told.pop("norm_group"), cases.get(row.id, {}).get("obligations", {})
        if group is not None:
            kinds = {**kinds, rules.obligation_of(group): None}
        cases[row.id] = {**told, "obligations": kinds}  # a case's last nota is the one in force
    return [{**case, "obligations": list(case["obligations"])} for case in cases.values()]


def _what_counts(told: Mapping[str, Any]) -> OpenCase:
    names = (
        "number", "nota_number", "issued_on", "status", "effective_on", "unresolved_on", "workers_total",
        "workers_registered",
    )  # fmt: skip
    return OpenCase(**{name: told[name] for name in names}, obligations=frozenset(told["obligations"]))


def _active_flags(company_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(
            Flag.level,
            Flag.since_on,
            Flag.letter_number,
            Flag.letter_on,
            Flag.services,
            Case.number.label("case_number"),
        )
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.company_id == company_id, IS_ACTIVE)
        .order_by(Flag.id)
    )
    return [dict(row._mapping) for row in rows]


def stored(answer: Any) -> Any:
    """The answer as plain JSON, to be kept word for word."""
    if isinstance(answer, Mapping):
        return {name: stored(part) for name, part in answer.items()}
    if isinstance(answer, list):
        return [stored(part) for part in answer]
    return to_json(answer)


def restored(answer: Any) -> Any:
    """The answer that `stored` kept: Texts and dates again."""
    if isinstance(answer, Mapping):
        fact = from_json(answer)
        return {name: restored(part) for name, part in answer.items()} if fact is answer else fact
    if isinstance(answer, list):
        return [restored(part) for part in answer]
    return answer


def decide_by(answer: Mapping[str, Any]) -> date | None:
    """The last day to decide that a stored answer named; None where it named none."""
    named: date | None = from_json(answer.get("decide_by"))
    return named


def words_of(answer: Mapping[str, Any]) -> tuple[Text, list[Text]]:
    """The verdict's word and reasons of a stored answer, as they were chosen then."""
    return Text.restored(answer["word"]), [Text.restored(each) for each in answer["reasons"]]
