"""What becomes of a row, and the report that says so. Decides in memory and remembers it for the rows after
it.

What is known of a company is never overwritten: a row fills what was empty and adds names and NPWPs. Only
the number of workers, which grows old, is taken from the list where somebody asked for it. A row that may
mean two companies is refused or, where a person can be asked, left for that person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.companies.names import key_of, name_key
from compliance.companies.rules import KBLI_VERSION, MANY, CompanyFacts
from compliance.companies.search.contacts import address_key, phone_key
from compliance.core import clock
from compliance.core.text import say
from compliance.imports.deciding.known import KnownCompanies, KnownCompany
from compliance.imports.deciding.rules import Unclear, match_company, owners_of
from compliance.imports.reading.rows import Remark, Row
from compliance.reference.regions import region_name

RowOutcome = Literal["new", "same", "updated", "to_decide", "left_out", "refused"]
FILLABLE = tuple(
    fact.name for fact in fields(CompanyFacts) if fact.name not in ("name", "region_code", *MANY)
)
"""The facts that a row may add to a known company."""
DERIVED = ("npwp_core", "kbli_version", "phone_key", "address_key")
COLUMNS = ("name", "name_key", "region_code", *FILLABLE, *DERIVED)
"""The columns of a company that a row may bring."""


@dataclass(frozen=True)
class Choice:
    """What a person decided about a row: it means `company`, or a new company, or (neither) is left out."""

    company: KnownCompany | None = None
    new: bool = False


@dataclass(frozen=True)
class RowReport:
    """What became of a row. `differs` are the columns in which the registry knows something else.

    `added` is what the row gave the registry: a new company's columns, or fields filled; further names and
    NPWPs. `candidates` are the companies that a row to decide may mean. `workers_differ`: the row names
    another number of workers, which could be taken.
    """

    row: Row
    outcome: RowOutcome
    company: KnownCompany | None = None
    differs: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    added: Mapping[str, Any] | None = None
    candidates: tuple[KnownCompany, ...] = ()
    workers_differ: bool = False

    @property
    def company_id(self) -> int | None:
        return self.company.id if self.company else None


class RowDecider:
    """Decides about the rows of one sheet. `headers` names the column of each field, for remarks.

    `asks`: a person will decide about rows that are not clear; without, such rows are refused.
    `takes_workers`: where the registry knows another number of workers, that of the list is taken, from the
    first row that means the company; `met` are the companies that earlier rows meant.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        *,
        little: frozenset[str],
        asks: bool = False,
        takes_workers: bool = False,
        met: Collection[int] = (),
    ) -> None:
        self.headers = headers
        self.asks = asks
        self.takes_workers = takes_workers
        self.met = met
        self.companies = KnownCompanies(little)

    def decide(self, row: Row) -> RowReport:
        """Decide what becomes of a row."""
        if row.facts is None:
            return RowReport(row, "refused", remarks=tuple(row.remarks))
        if row.doubt is not None:
            return _report(row, "to_decide" if self.asks else "refused", Remark("", row.doubt))
        match = match_company(row, row.facts, self.companies)
        if isinstance(match, Unclear):
            remark = self._remark(match.field, match.reason)
            return self._ask(row, remark, candidates=match.candidates)
        if row.question is not None and not _confirms(match, row.facts, self.companies):
            return self._ask(row, candidates=(match,) if match else ())
        return self._add(row, row.facts) if match is None else self._fill(match, row, row.facts)

    def _ask(
        self, row: Row, *remarks: Remark, candidates: tuple[KnownCompany, ...] = ()
    ) -> RowReport:
        """Leave the row to a person, or refuse it where nobody is asked."""
        outcome: RowOutcome = "to_decide" if self.asks else "refused"
        return replace(_report(row, outcome, *remarks), candidates=candidates)

    def carry_out(self, row: Row, choice: Choice) -> RowReport:
        """Do with a row what a person decided. What is no longer possible stays to be decided, with the
        reason."""
        assert row.facts is not None
        if choice.company is None and not choice.new:
            return _report(row, "left_out")
        taken = {
            kind: owner
            for kind in NUMBERS
            if (owner := self.companies.of_number(kind, getattr(row.facts, kind)))
            not in (None, choice.company)
        }
        remarks = [self._of_another(kind, owner) for kind, owner in taken.items() if owner]
        if choice.company is None and taken:
            candidates = tuple(dict.fromkeys(owner for owner in taken.values() if owner))
            return replace(_report(row, "to_decide", *remarks), candidates=candidates)
        if choice.company is None:
            return self._add(row, row.facts)
        without: dict[str, Any] = dict.fromkeys(taken)
        report = self._fill(choice.company, row, replace(row.facts, **without))
        return replace(report, remarks=(*report.remarks, *remarks))

    def _add(self, row: Row, facts: CompanyFacts) -> RowReport:
        """A new company."""
        npwps, remarks = self._free_npwps(facts, None)
        remarks += self._neighbours(row, facts)
        columns = {name: getattr(facts, name) for name in ("name", "region_code", *FILLABLE)}
        columns |= {**dict.fromkeys(DERIVED), **_derived(columns)}
        columns |= {"name_key": name_key(facts.name), "created_at": clock.now(), "version": 1}
        names = _named(facts, but={facts.name})
        company = KnownCompany(
            None,
            columns,
            {facts.name, *names},
            {row.key, *map(key_of, names)},
            {facts.region_code},
            {("npwp", npwp) for npwp in npwps},
            row.number,
            new_names=names,
            new_npwps=npwps,
            is_met=True,
        )
        self.companies.change(company)
        new = {name: columns[name] for name in COLUMNS if columns[name] is not None}
        added = {"new": new, **_by_kind(names), "npwps": list(npwps)}
        return replace(_report(row, "new", *remarks), company=company, added=added)

    def _fill(self, company: KnownCompany, row: Row, facts: CompanyFacts) -> RowReport:
        """Fill what was empty, add names and NPWPs, and say what is known otherwise."""
        npwps, of_others = self._free_npwps(facts, company)
        filled, differing = _compare(company, facts, npwps)
        known, workers = differing.get("workers_total"), facts.workers_total
        differs = known is not None and not company.is_met and company.id not in self.met
        company.is_met = True
        replaces = differs and self.takes_workers
        if replaces:
            del differing["workers_total"]
        remarks = [self._known_otherwise(name, known, facts) for name, known in differing.items()]
        remarks += of_others
        names = _named(facts, but=company.names)
        if not company.may_be_called(row.key):
            known = company.columns["name"]
            differing["name"] = known
            text = say(
                "Tercatat sebagai {known}; nama di baris ini disimpan sebagai nama lain",
                known=known,
            )
            remarks.append(self._remark("name", text))
            if facts.name not in company.names:
                names[facts.name] = "alias"
        report = replace(
            _report(row, "same", *remarks),
            company=company,
            differs=tuple(map(self._header, differing)),
            workers_differ=differs and not replaces,
        )
        if not (filled or names or npwps or replaces):
            return report
        company.fill(filled, names, npwps)
        added = {"filled": filled, **_by_kind(names), "npwps": list(npwps)}
        if replaces:
            company.replace("workers_total", workers)
            added["replaced"] = {"workers_total": [known, workers]}
            text = say("Diperbarui dari {before} menjadi {after}", before=known, after=workers)
            report = replace(report, remarks=(*report.remarks, self._remark("workers_total", text)))
        self.companies.change(company)
        return replace(report, outcome="updated", added=added)

    def _known_otherwise(self, name: str, known: Any, facts: CompanyFacts) -> Remark:
        if name != "workers_total":
            shown = region_name(known) if name == "district_code" else known
            return self._remark(name, say("Tercatat lain dan tidak diubah: {known}", known=shown))
        text = say(
            "Tercatat lain dan tidak diubah: {known}; di daftar ini {listed}",
            known=known,
            listed=facts.workers_total,
        )
        return self._remark(name, text)

    def _free_npwps(
        self, facts: CompanyFacts, company: KnownCompany | None
    ) -> tuple[dict[str, str], list[Remark]]:
        """The NPWPs of a cell with several that nobody bears, each with its core; and remarks on those of
        others."""
        free: dict[str, str] = {}
        remarks = []
        has_main = company is not None and company.columns["npwp"]
        main = (facts.npwp,) if has_main and facts.npwp and facts.other_npwps else ()
        for npwp in (*main, *facts.other_npwps):
            owner = self.companies.of_number("npwp", npwp)
            if owner is None:
                free[npwp] = identity.npwp_core(npwp)
            elif owner is not company:
                remarks.append(self._of_another("npwp", owner))
        return free, remarks

    def _neighbours(self, row: Row, facts: CompanyFacts) -> list[Remark]:
        """The known companies that a new one may be mistaken for: of another legal form, with other numbers,
        or with its telephone in another regency."""
        remarks = []
        if namesakes := self.companies.of_other_form(row):
            region, name = region_name(facts.region_code), namesakes[0].columns["name"]
            text = say(
                "Di {place} sudah ada {name}, dengan bentuk hukum lain", place=region, name=name
            )
            remarks.append(self._remark("name", text))
        elif twins := self.companies.twins(row):
            text = say("Mirip dengan {names}", names=twins[0].columns["name"])
            remarks.append(self._remark("name", text))
        for other in self.companies.of_phone_elsewhere(facts)[:1]:
            region, name = region_name(other.columns["region_code"]), other.columns["name"]
            text = say("Telepon sama dengan {name} di {place}", name=name, place=region)
            remarks.append(self._remark("phone", text))
        return remarks

    def _of_another(self, field: str, owner: KnownCompany) -> Remark:
        return self._remark(field, say("Nomor ini milik {name}", name=owner.columns["name"]))

    def _remark(self, field: str, text: Any) -> Remark:
        return Remark(self._header(field), text)

    def _header(self, field: str) -> str:
        return self.headers.get(field, field)


def _confirms(company: KnownCompany | None, facts: CompanyFacts, companies: KnownCompanies) -> bool:
    """Whether a number of the row leads to a company of the regency that the row only seems to mean."""
    return (
        company is not None
        and company in owners_of(facts, companies)
        and facts.region_code in company.regions
    )


def _named(facts: CompanyFacts, *, but: Collection[str]) -> dict[str, str]:
    """The other names of a row, each with its kind, without those that are known."""
    kinds = dict.fromkeys(facts.former_names, "former") | dict.fromkeys(facts.aliases, "alias")
    return {name: kind for name, kind in kinds.items() if name not in but}


def _by_kind(names: Mapping[str, str]) -> dict[str, list[str]]:
    """What is remembered of the names that a row gave a company."""
    return {
        kept_as: [name for name, kind in names.items() if kind == of_kind]
        for kept_as, of_kind in (("aliases", "alias"), ("former_names", "former"))
    }


def _report(row: Row, outcome: RowOutcome, *remarks: Remark) -> RowReport:
    return RowReport(row, outcome, remarks=(*row.remarks, *remarks))


def _compare(
    company: KnownCompany, facts: CompanyFacts, npwps: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the row fills of a company, with what follows from it; and what is known otherwise, by field."""
    filled: dict[str, Any] = {}
    differing: dict[str, Any] = {}
    for name in FILLABLE:
        value, known = getattr(facts, name), company.columns[name]
        elsewhere = name == "district_code" and facts.region_code != company.columns["region_code"]
        if (
            value is None
            or elsewhere
            or _is_same(name, value, known)
            or (name, value) in company.other_numbers
            or value in npwps
        ):
            continue
        if known is None:
            filled[name] = value
        else:
            differing[name] = known
    if facts.region_code not in company.regions:
        differing["region_code"] = region_name(company.columns["region_code"])
    return filled | _derived(filled), differing


def _is_same(name: str, value: Any, known: Any) -> bool:
    """Whether two values of a field are one; a telephone is its digits, however they are grouped."""
    if name == "phone" and known is not None:
        return re.sub(r"[^0-9+]", "", value) == re.sub(r"[^0-9+]", "", known)
    return bool(value == known)


def _derived(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from others."""
    derived: dict[str, Any] = {}
    if columns.get("npwp"):
        derived["npwp_core"] = identity.npwp_core(columns["npwp"])
    if columns.get("kbli"):
        derived["kbli_version"] = KBLI_VERSION
    if columns.get("phone"):
        derived["phone_key"] = phone_key(columns["phone"])
    if columns.get("address"):
        derived["address_key"] = address_key(columns["address"])
    return derived
