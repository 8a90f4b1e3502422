"""The answer to a check: made from facts, kept with its receipt, read again years later. Pure.

Says what licensing may know and nothing else: no findings' text, no workers' names, no notes (the nota is
Rahasia).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from compliance.core.text import Text, from_json, say, say_many, to_json
from compliance.core.workdays import WorkCalendar
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
    @property
    def circumstance_line(self) -> Text | None: ...


class AskingOffice(Protocol):
    """The licensing office at whose counter is asked."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def legal_basis(self) -> str | None: ...
    @property
    def membership_basis(self) -> str | None: ...


class KindOfPermit(Protocol):
    """A kind of permit with the time that its own rule sets; `days` None where it sets none."""

    @property
    def days(self) -> int | None: ...
    @property
    def day_type(self) -> str: ...
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
    workers_total: int | None
    workers_registered: int | None
    nota_number: str | None
    issued_on: date
    inspector: str
    inspector_phone: str | None
    obligations: Sequence[Text]
    deadline: date | Text | None = None
    """Until when the nota's open obligations must be met."""
    disputed_since: date | None = None


@dataclass(frozen=True)
class CheckedFlag:
    """An active flag."""

    level: str
    since_on: date
    letter_number: str | None
    letter_on: date | None
    case_number: str | None


@dataclass(frozen=True)
class Contact:
    """The inspectorate, and how it is reached."""

    name: str
    reached_by: str


@dataclass(frozen=True)
class TimeToDecide:
    """How long the office may take for an application that is complete on the day of the check.

    `last_on` is None where nobody knows; `sentence` says what is known, and on what condition.
    """

    last_on: date | None
    sentence: Text


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
    time_to_decide: Text | None = None
    permit_kind: str | None = None
    level: str | None = None
    conclusion: str | None = None

    @property
    def headline(self) -> Text | None:
        """The answer to the officer's question; receipts of earlier releases have none."""
        return rules.CONCLUSIONS[self.conclusion] if self.conclusion else None

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


def bears_hold(kept: Mapping[str, Any]) -> bool:
    """Whether a hold stood in a stored answer. A TMP2T alone is none: what its letter does not name is issued
    as usual. Answers of the first months name no level; red meant a hold then.
    """
    if kept.get("level") != "sanction":
        return bool(kept["verdict"] == "hold")
    return any(flag["level"] == "hold" for flag in kept["flags"])


def decide_by(kept: Mapping[str, Any]) -> date | None:
    """The last day to decide that a stored answer named; None where it named none."""
    named: date | None = from_json(kept.get("decide_by"))
    return named


def time_to_decide(
    kind: KindOfPermit | None, *, day: date, calendar: WorkCalendar, named: bool
) -> TimeToDecide:
    """The time for an application complete on `day`. `kind` is what the office keeps of the permit's kind;
    `named` says whether a kind was named at all.
    """
    general = calendar.add_working_days(day, rules.DAYS_TO_DECIDE)
    if kind is not None and kind.days is not None:
        working = kind.day_type == "working"
        last = (
            calendar.add_working_days(day, kind.days)
            if working
            else day + timedelta(days=kind.days)
        )
        if working:
            return TimeToDecide(
                last,
                say_many(
                    "Putuskan tertulis dalam {days} hari kerja, waktu izin jenis ini ({basis}): bila lengkap"
                    " diterima pada hari cek ini, paling lambat {last}.",
                    days=kind.days,
                    basis=kind.legal_basis,
                    last=last,
                ),
            )
        return TimeToDecide(
            last,
            say_many(
                "Putuskan tertulis dalam {days} hari, waktu izin jenis ini ({basis}): bila lengkap diterima"
                " pada hari cek ini, paling lambat {last}.",
                days=kind.days,
                basis=kind.legal_basis,
                last=last,
            ),
        )
    if kind is not None:
        return TimeToDecide(
            general,
            say(
                "Putuskan tertulis, paling aman dalam 5 hari kerja: aturan izin jenis ini tidak menyebut"
                " waktu, dan diam berarti dianggap mengabulkan (UU 30/2014 pasal 53, diubah UU 6/2023"
                " pasal 175; pasal 39 ayat (6) menyebut 10 hari kerja untuk izin). Bila lengkap diterima"
                " pada hari cek ini, paling lambat {last}.",
                last=general,
            ),
        )
    if named:
        return TimeToDecide(
            None,
            say(
                "Putuskan tertulis sebelum waktunya habis: waktu izin jenis ini belum dicatat kantor Anda."
                " Bila aturannya tidak menyebut waktu, paling aman dalam 5 hari kerja, paling lambat {last}"
                " (UU 30/2014 pasal 53, diubah UU 6/2023 pasal 175; pasal 39 ayat (6) menyebut 10 hari kerja"
                " untuk izin). Izin OSS punya waktu sendiri dan terbit otomatis bila waktunya habis"
                " (PP 28/2025).",
                last=general,
            ),
        )
    return TimeToDecide(
        None,
        say(
            "Putuskan tertulis sebelum waktunya habis. Bila aturan izinnya tidak menyebut waktu: paling aman"
            " dalam 5 hari kerja, paling lambat {last}; diam berarti dianggap mengabulkan (UU 30/2014 pasal"
            " 53, diubah UU 6/2023 pasal 175; pasal 39 ayat (6) menyebut 10 hari kerja untuk izin). Izin OSS"
            " punya waktu sendiri dan terbit otomatis bila waktunya habis (PP 28/2025).",
            last=general,
        ),
    )


def answer_on_nobody(
    asked: str,
    *,
    office: AskingOffice | None,
    contact: Contact,
    time: TimeToDecide,
    permit_kind: str | None,
) -> Answer:
    """The answer about a number or name that no company bears."""
    return _answer(rules.not_found(asked), None, (), (), office, contact, time, permit_kind)


def answer_on(
    company: CheckedCompany,
    cases: Sequence[StandingCase],
    flags: Sequence[StandingFlag],
    *,
    day: date,
    office: AskingOffice | None,
    contact: Contact,
    time: TimeToDecide,
    permit_kind: str | None,
    circumstance: Text | None = None,
    proven: Text | None = None,
) -> Answer:
    """The answer about a company on a day; `proven` says on what proof its last hold was lifted."""
    verdict = rules.verdict_on(
        [case.counted for case in cases],
        [flag.counted for flag in flags],
        today=day,
        membership_basis=office.membership_basis if office else None,
        circumstance=circumstance,
    )
    if proven is not None:
        verdict = replace(verdict, reasons=(*verdict.reasons, proven))
    return _answer(verdict, company, cases, flags, office, contact, time, permit_kind)


def _answer(
    verdict: rules.Verdict,
    company: CheckedCompany | None,
    cases: Sequence[StandingCase],
    flags: Sequence[StandingFlag],
    office: AskingOffice | None,
    contact: Contact,
    time: TimeToDecide,
    permit_kind: str | None,
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
        decide_by=time.last_on,
        time_to_decide=time.sentence,
        permit_kind=permit_kind,
        level=verdict.level,
        conclusion=verdict.conclusion,
    )


def _services(keys: Sequence[str]) -> list[Text]:
    return [rules.SERVICES[key] for key in keys]
