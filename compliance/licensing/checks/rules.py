"""The answer to a check: made from facts, kept with its receipt, read again years later. Pure.

Says what licensing may know and nothing else: no findings' text, no workers' names, no notes (the nota is
Rahasia).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Protocol, TypeVar

from compliance.core.text import Text, from_json, to_json
from compliance.licensing import rules
from compliance.licensing.rules import ActiveFlag, OpenCase

Part = TypeVar("Part", "CheckedCompany", "CheckedCase", "CheckedFlag", "Contact")


class Employer(Protocol):
    """A company with its numbers and names: an entity or a plain row."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def nib(self) -> str | None: ...
    @property
    def npwp(self) -> str | None: ...
    @property
    def npp(self) -> str | None: ...
    @property
    def region_code(self) -> str: ...
    @property
    def former_names(self) -> Sequence[str]: ...


class AskingOffice(Protocol):
    """The licensing office at whose counter is asked."""

    @property
    def name(self) -> str: ...
    @property
    def legal_basis(self) -> str | None: ...


@dataclass(frozen=True)
class CheckedCompany:
    """The company asked about; `region` is the name of its regency or city."""

    id: int
    name: str
    nib: str | None
    npwp: str | None
    npp: str | None
    region_code: str
    region: str
    former_names: Sequence[str] = ()


@dataclass(frozen=True)
class CheckedCase:
    """An open case, with its nota in force, its inspector, and the obligations that are still open."""

    id: int
    number: str
    status: str
    due_on: date
    effective_on: date
    unresolved_on: date | None
    workers_total: int
    workers_registered: int
    nota_number: str
    issued_on: date
    inspector: str
    inspector_phone: str | None
    obligations: Sequence[Text]


@dataclass(frozen=True)
class CheckedFlag:
    """An active flag."""

    level: str
    since_on: date
    letter_number: str | None
    letter_on: date | None
    case_number: str


@dataclass(frozen=True)
class Contact:
    """The inspectorate, and how it is reached."""

    name: str
    reached_by: str


@dataclass(frozen=True)
class StandingCase:
    """An open case: as the verdict counts it, and as the answer shows it."""

    counted: OpenCase
    shown: CheckedCase


@dataclass(frozen=True)
class StandingFlag:
    """An active flag: as the verdict counts it, and as the answer shows it."""

    counted: ActiveFlag
    shown: CheckedFlag


@dataclass(frozen=True)
class Answer:
    """The whole answer. Receipts of earlier releases may lack the fields that have a default here."""

    verdict: str
    word: Text
    reasons: Sequence[Text]
    advice: Sequence[Text]
    company: CheckedCompany | None
    cases: Sequence[CheckedCase]
    flags: Sequence[CheckedFlag]
    cleared_by: Sequence[Text]
    services: Sequence[Text]
    legal_basis: str | None
    office: str | None
    contact: Contact
    services_untouched: Sequence[Text] = ()
    services_ground: Text | None = None
    decide_by: date | None = None

    def stored(self) -> dict[str, Any]:
        """The answer as plain JSON, to be kept word for word."""
        return {name: _plain(getattr(self, name)) for name in _PARTS[Answer]}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Answer:
        """The answer that `stored` kept, in this release or an earlier one: Texts and dates again."""
        facts = {name: _facts(part) for name, part in kept.items() if name in _PARTS[Answer]}
        if kept["company"] is not None:
            facts["company"] = _part(CheckedCompany, kept["company"])
        facts["cases"] = [_part(CheckedCase, case) for case in kept["cases"]]
        facts["flags"] = [_part(CheckedFlag, flag) for flag in kept["flags"]]
        facts["contact"] = _part(Contact, kept["contact"])
        return cls(**facts)


_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Answer, CheckedCompany, CheckedCase, CheckedFlag, Contact)
}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    names = _PARTS.get(type(value))
    return (
        to_json(value) if names is None else {name: _plain(getattr(value, name)) for name in names}
    )


def _part(kind: type[Part], kept: Mapping[str, Any]) -> Part:
    return kind(**{name: _facts(part) for name, part in kept.items() if name in _PARTS[kind]})


def _facts(kept: Any) -> Any:
    return [from_json(part) for part in kept] if isinstance(kept, list) else from_json(kept)


def word_of(kept: Mapping[str, Any]) -> Text:
    """The verdict's word of a stored answer, as it was chosen then."""
    return Text.restored(kept["word"])


def decide_by(kept: Mapping[str, Any]) -> date | None:
    """The last day to decide that a stored answer named; None where it named none."""
    named: date | None = from_json(kept.get("decide_by"))
    return named


def answer_on_nobody(
    asked: str, *, office: AskingOffice | None, contact: Contact, decide_by: date
) -> Answer:
    """The answer about a number or name that no company bears."""
    return _answer(rules.not_found(asked), None, (), (), office, contact, decide_by)


def answer_on(
    company: CheckedCompany,
    cases: Sequence[StandingCase],
    flags: Sequence[StandingFlag],
    *,
    day: date,
    office: AskingOffice | None,
    contact: Contact,
    decide_by: date,
) -> Answer:
    """The answer about a company on a day.

    `decide_by` is the last day to decide on an application that is complete on `day`.
    """
    verdict = rules.verdict_on(
        [case.counted for case in cases], [flag.counted for flag in flags], today=day
    )
    return _answer(verdict, company, cases, flags, office, contact, decide_by)


def _answer(
    verdict: rules.Verdict,
    company: CheckedCompany | None,
    cases: Sequence[StandingCase],
    flags: Sequence[StandingFlag],
    office: AskingOffice | None,
    contact: Contact,
    decide_by: date,
) -> Answer:
    open_cases, active = [case.counted for case in cases], [flag.counted for flag in flags]
    touched = rules.permits_touched(open_cases, active)
    return Answer(
        verdict=verdict.verdict,
        word=verdict.word,
        reasons=verdict.reasons,
        advice=verdict.advice,
        company=company,
        cases=[case.shown for case in cases],
        flags=[flag.shown for flag in flags],
        cleared_by=rules.cleared_by(open_cases, active),
        services=_services(touched.services) if touched else (),
        services_untouched=_services(touched.untouched) if touched else (),
        services_ground=touched.ground if touched else None,
        legal_basis=office.legal_basis if office else None,
        office=office.name if office else None,
        contact=contact,
        decide_by=decide_by,
    )


def _services(keys: Sequence[str]) -> list[Text]:
    return [rules.SERVICES[key] for key in keys]
