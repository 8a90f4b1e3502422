"""Which company a row of a list means, and what is new about it. Reads in bulk and decides in memory.

A company is known by its numbers; else by its name and regency, when there is just one such company and no number
speaks against it. What is known is never overwritten. A row that may mean two companies is refused or, where
somebody can be asked, left for them to decide; there also a row that only resembles a company is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.commands import KBLI_VERSION, CompanyFacts
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.numbers import ids_bearing, ids_of_core
from compliance.core import clock
from compliance.core.db import db, is_postgresql
from compliance.core.text import Text, say
from compliance.imports.commands.write import COMPANIES, FILLED, FURTHER, NAMES, STORED
from compliance.imports.deciding.outcomes import Choice, Known, Outcome, RowReport
from compliance.imports.reading.rows import Remark, Row
from compliance.reference.regions import region_name

MOST_CANDIDATES = 10


class _Unclear(Exception):
    """Which company a row means must be decided by somebody; the remark says why."""

    def __init__(self, field: str, reason: Text, candidates: Iterable[Known]) -> None:
        super().__init__(str(reason))
        self.field, self.reason = field, reason
        self.candidates = tuple(candidates)[:MOST_CANDIDATES]


class Registry:
    """The companies that the rows at hand may mean. Learns them in four reads, decides in memory.

    `asks`: somebody will decide about rows that are not clear.
    """

    def __init__(self, column: Mapping[str, str], *, asks: bool = False) -> None:
        self.column = column
        self.asks = asks
        self.known: dict[int, Known] = {}
        self.touched: dict[Known, None] = {}
        self.by_number: dict[tuple[str, str], Known] = {}
        self.by_core: dict[str, Known] = {}
        self.by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self.by_key: dict[str, dict[Known, None]] = defaultdict(dict)

    def learn(self, rows: Iterable[Row], *, ids: Iterable[int] = (), lock: bool = False) -> None:
        """Read all companies that share a number, the core of an NPWP, or any name with one of `rows`, and those of `ids`."""
        facts = [row.facts for row in rows if row.facts is not None]
        keys = {row.key for row in rows if row.facts is not None}
        cores = {
            identity.npwp_core(npwp) for each in facts for npwp in (each.npwp, *each.other_npwps) if npwp
        }
        meant: sa.CompoundSelect[int] = sa.union(
            sa.select(NAMES.c.company_id).where(NAMES.c.key.in_(keys)),
            *ids_bearing("nib", {each.nib for each in facts if each.nib}).selects,
            *ids_of_core(cores).selects,
            *ids_bearing("npp", {each.npp for each in facts if each.npp}).selects,
            sa.select(COMPANIES.c.id).where(COMPANIES.c.id.in_(set(ids))),
        )
        query = sa.select(COMPANIES).where(COMPANIES.c.id.in_(meant)).order_by(COMPANIES.c.id)
        found = [row._asdict() for row in db.session.execute(query.with_for_update() if lock else query)]
        fresh = [each for each in found if each["id"] not in self.known]
        names: dict[int, list[tuple[str, str]]] = defaultdict(list)
        asked = sa.select(NAMES.c.company_id, NAMES.c.name, NAMES.c.key)
        for id, name, key in db.session.execute(
            asked.where(NAMES.c.company_id.in_([each["id"] for each in fresh]))
        ):
            names[id].append((name, key))
        for each in fresh:
            known = Known(
                each["id"],
                each,
                {name for name, _ in names[each["id"]]},
                {key for _, key in names[each["id"]]},
                regions={each["region_code"]},
            )
            self.known[each["id"]] = known
        self._learn_of_merged([each["id"] for each in fresh])
        for each in fresh:
            self._index(self.known[each["id"]])

    def hold(self) -> None:
        """Let nobody change the companies that were learned until this transaction ends; on SQLite nobody can."""
        if self.known and is_postgresql():
            ids = sa.select(COMPANIES.c.id).where(COMPANIES.c.id.in_(self.known)).order_by(COMPANIES.c.id)
            db.session.execute(ids.with_for_update())

    def _learn_of_merged(self, ids: list[int]) -> None:
        """The further numbers of companies, and the regencies in which they were known under another record. One read."""
        further = sa.select(FURTHER.c.company_id, FURTHER.c.kind, FURTHER.c.number)
        elsewhere = sa.select(COMPANIES.c.merged_into_id, sa.null(), COMPANIES.c.region_code)
        rows = further.where(FURTHER.c.company_id.in_(ids)).union_all(
            elsewhere.where(COMPANIES.c.merged_into_id.in_(ids))
        )
        found: Iterable[Any] = db.session.execute(rows)
        for id, kind, value in found:
            if kind is None:
                self.known[id].regions.add(value)
            else:
                self.known[id].further.add((kind, value))

    def settle(self, row: Row) -> RowReport:
        """Decide what becomes of a row, and remember it for the rows after it."""
        if row.facts is None:
            return RowReport(row, "refused", remarks=tuple(row.remarks))
        try:
            known = self._whose(row, row.facts)
            if known is None and self.asks:
                self._ask_about(row, row.facts)
        except _Unclear as unclear:
            remarks = [Remark(self._at(unclear.field), unclear.reason)]
            report = self._report(row, "to_decide" if self.asks else "refused", None, remarks)
            return replace(report, candidates=unclear.candidates)
        if known is None:
            return self._add(row, row.facts)
        return self._add_to(known, row, row.facts)

    def decide(self, row: Row, choice: Choice) -> RowReport:
        """Do with a row what somebody decided. When that is no longer possible, it stays to be decided, with the reason."""
        assert row.facts is not None
        owned = {
            kind: owner
            for kind in NUMBERS
            if (owner := self.by_number.get((kind, getattr(row.facts, kind) or ""))) is not None
            and owner is not choice.known
        }
        if choice.known is None and not choice.new:
            return self._report(row, "left_out", None, [])
        remarks = [self._of_another(kind, owner) for kind, owner in owned.items()]
        if choice.known is None and owned:
            return replace(
                self._report(row, "to_decide", None, remarks), candidates=tuple(dict.fromkeys(owned.values()))
            )
        if choice.known is None:
            return self._add(row, row.facts)
        without: dict[str, Any] = dict.fromkeys(owned)
        facts = replace(row.facts, **without)
        report = self._add_to(choice.known, row, facts)
        return replace(report, remarks=(*report.remarks, *remarks))

    def _whose(self, row: Row, facts: CompanyFacts) -> Known | None:
        """The company a row means, None when it is a new one. Raises _Unclear."""
        owners: dict[Known, NumberKind] = {}
        for kind in NUMBERS:
            owner = self.by_number.get((kind, getattr(facts, kind) or ""))
            if owner is not None:
                owners.setdefault(owner, kind)
        if len(owners) > 1:
            (first, one), (second, other) = list(owners.items())[:2]
            raise _Unclear(
                other,
                say(
                    "{one} milik {first}, tetapi {other} milik {second}. Periksa kedua nomor",
                    one=NUMBERS[one], first=first.columns["name"], other=NUMBERS[other], second=second.columns["name"],
                ),
                owners,
            )  # fmt: skip
        if owners:
            return next(iter(owners))
        of_others = {
            owner: None for each in facts.other_npwps if (owner := self.by_number.get(("npwp", each)))
        }
        if len(of_others) == 1:
            return next(iter(of_others))
        namesakes = self.by_name[row.key, facts.region_code]
        if any(getattr(facts, kind) for kind in NUMBERS):
            possible = [each for each in namesakes if not _contradicts(each, facts)]
            core = identity.npwp_core(facts.npwp) if facts.npwp else None
            of_core = [each for each in possible if core in each.cores]
            if self.asks and len(possible) > 1 and not of_core:
                raise _Unclear("name", self._several(possible, facts), possible)
            return of_core[0] if of_core else possible[0] if len(possible) == 1 else None
        if len(namesakes) > 1:
            raise _Unclear("name", self._several(namesakes, facts), namesakes)
        return namesakes[0] if namesakes else None

    @staticmethod
    def _several(namesakes: list[Known], facts: CompanyFacts) -> Text:
        return say(
            "Ada {count} perusahaan bernama ini di {place}. Isi NIB, NPWP, atau NPP supaya jelas yang mana",
            count=len(namesakes), place=region_name(facts.region_code),
        )  # fmt: skip

    def _ask_about(self, row: Row, facts: CompanyFacts) -> None:
        """Raise _Unclear for what would be a new company when somebody may know better."""
        of_core = self.by_core.get(identity.npwp_core(facts.npwp)) if facts.npwp else None
        if of_core is not None and row.key not in of_core.keys:
            reason = say("Pokok NPWP sama dengan {name}, tetapi namanya lain", name=of_core.columns["name"])
            raise _Unclear("npwp", reason, [of_core])
        if not any(getattr(facts, kind) for kind in NUMBERS) and (elsewhere := [*self.by_key[row.key]]):
            places = dict.fromkeys(region_name(each.columns["region_code"]) for each in elsewhere)
            reason = say("Nama yang sama ada di {places}", places=", ".join(places))
            raise _Unclear("region_code", reason, elsewhere)

    def _neighbours(self, row: Row, facts: CompanyFacts) -> list[Remark]:
        """Whom a new company may be mistaken for."""
        of_core = self.by_core.get(identity.npwp_core(facts.npwp)) if facts.npwp else None
        if of_core is not None:
            text = say("Pokok NPWP sama dengan {name}, mungkin cabangnya", name=of_core.columns["name"])
            return [Remark(self._at("npwp"), text)]
        for namesake in self.by_name[row.key, facts.region_code][:1]:
            text = say(
                "Di {place} sudah ada {name} dengan nomor lain",
                place=region_name(facts.region_code), name=namesake.columns["name"],
            )  # fmt: skip
            return [Remark(self._at("name"), text)]
        return []

    def _add(self, row: Row, facts: CompanyFacts) -> RowReport:
        npwps, remarks = self._further(facts, None)
        remarks += self._neighbours(row, facts)
        columns = {each: getattr(facts, each) for each in ("name", "region_code", *FILLED)}
        columns |= {"npwp_core": None, "kbli_version": None, **_derived(columns)}
        columns |= {"name_key": row.key, "created_at": clock.now(), "version": 1}
        aliases = {each: identity.name_key(each) for each in facts.aliases if each != facts.name}
        known = Known(
            None, columns, {facts.name, *aliases}, {row.key, *aliases.values()}, row.number, aliases=aliases,
            further={("npwp", each) for each in npwps}, npwps=npwps, regions={facts.region_code},
        )  # fmt: skip
        self._index(known)
        self.touched[known] = None
        new = {each: columns[each] for each in STORED if columns[each] is not None}
        added = {"new": new, "aliases": list(aliases), "npwps": list(npwps)}
        return self._report(row, "new", known, remarks, added)

    def _further(self, facts: CompanyFacts, known: Known | None) -> tuple[dict[str, str], list[Remark]]:
        """What a cell with several NPWPs adds to `known`, each with its core; another company's is told of."""
        free: dict[str, str] = {}
        remarks = []
        cell = (facts.npwp, *facts.other_npwps) if known and known.columns["npwp"] else facts.other_npwps
        for each in filter(None, cell if facts.other_npwps else ()):
            owner = self.by_number.get(("npwp", each))
            if owner is None:
                free[each] = identity.npwp_core(each)
            elif owner is not known:
                remarks.append(self._of_another("npwp", owner))
        return free, remarks

    def _of_another(self, field: str, owner: Known) -> Remark:
        return Remark(self._at(field), say("Nomor ini milik {name}", name=owner.columns["name"]))

    def _add_to(self, known: Known, row: Row, facts: CompanyFacts) -> RowReport:
        """Fill what was empty, add names, and tell what is known otherwise."""
        filled, differs = {}, []
        npwps, of_others = self._further(facts, known)
        for each in FILLED:
            value, so_far = getattr(facts, each), known.columns[each]
            if value is None or value == so_far or (each, value) in known.further or value in npwps:
                continue
            if so_far is None:
                filled[each] = value
            else:
                differs.append((each, so_far))
        if facts.region_code not in known.regions:
            differs.append(("region_code", region_name(known.columns["region_code"])))
        filled |= _derived(filled)
        remarks = [
            Remark(self._at(each), say("Tercatat lain dan tidak diubah: {known}", known=so_far))
            for each, so_far in differs
        ]
        remarks += of_others
        called = list(facts.aliases)
        if row.key not in known.keys:
            called.append(facts.name)
            differs.append(("name", known.columns["name"]))
            text = say(
                "Tercatat sebagai {known}; nama di baris ini disimpan sebagai nama lain", known=differs[-1][1]
            )
            remarks.append(Remark(self._at("name"), text))
        aliases = {each: identity.name_key(each) for each in called if each not in known.names}
        added = None
        if filled or aliases or npwps:
            known.columns |= filled
            known.filled |= filled
            known.aliases |= aliases
            known.npwps |= npwps
            known.further |= {("npwp", each) for each in npwps}
            known.names.update(aliases)
            known.keys.update(aliases.values())
            self._index(known)
            self.touched[known] = None
            added = {"filled": filled, "aliases": list(aliases), "npwps": list(npwps)}
        report = self._report(row, "updated" if added else "same", known, remarks, added)
        return replace(report, differs=tuple(self._at(each) for each, _ in differs)) if differs else report

    def _index(self, known: Known) -> None:
        for kind in NUMBERS:
            if known.columns[kind]:
                self.by_number[kind, known.columns[kind]] = known
        for number in known.further:
            self.by_number.setdefault(number, known)
        for core in known.cores:
            self.by_core.setdefault(core, known)
        for key in known.keys:
            self.by_key[key][known] = None
        for key, region in product(known.keys, known.regions):
            namesakes = self.by_name[key, region]
            if known not in namesakes:
                namesakes.append(known)

    def _at(self, field: str) -> str:
        return self.column.get(field, field)

    @staticmethod
    def _report(
        row: Row,
        outcome: Outcome,
        known: Known | None,
        remarks: list[Remark],
        added: Mapping[str, Any] | None = None,
    ) -> RowReport:
        return RowReport(row, outcome, known, remarks=(*row.remarks, *remarks), added=added)


def _derived(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from others."""
    derived: dict[str, Any] = {}
    if columns.get("npwp"):
        derived["npwp_core"] = identity.npwp_core(columns["npwp"])
    if columns.get("kbli"):
        derived["kbli_version"] = KBLI_VERSION
    return derived


def _contradicts(known: Known, facts: CompanyFacts) -> bool:
    """Whether a number of `facts` says that this is another company. An NPWP does so by its core only."""
    own, other = known.columns, facts
    if known.cores and other.npwp and identity.npwp_core(other.npwp) not in known.cores:
        return True
    return any(own[kind] and getattr(other, kind) not in (None, own[kind]) for kind in ("nib", "npp"))
