"""The companies that the rows of a list may describe, by number, taxpayer or name, as an import knows them.

In memory only: what is stored of a company, and what the import adds to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind


@dataclass(eq=False)
class KnownCompany:
    """A company as this import knows it. `id` is None until it is stored; `row` is the row that brought it.

    `filled`, `replaced` (each before and after), `new_aliases` (each with its key) and `new_npwps` (each with
    its core) are not stored yet. `is_met`: an earlier row of the list meant it.
    """

    id: int | None
    columns: dict[str, Any]
    names: set[str]
    keys: set[str]
    regions: set[str]  # also those of the companies merged into it
    other_numbers: set[tuple[str, str]] = field(
        default_factory=set
    )  # beside the main ones, each after its kind
    row: int | None = None
    filled: dict[str, Any] = field(default_factory=dict)
    new_aliases: dict[str, str] = field(default_factory=dict)
    new_npwps: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    is_met: bool = False

    @property
    def cores(self) -> set[str]:
        """The taxpayers it is known as."""
        others = {number for kind, number in self.other_numbers if kind == "npwp"}
        main = self.main("npwp")
        return {
            identity.npwp_core(npwp)
            for npwp in (others if main is None else {main, *others})
            if not identity.is_filler("npwp", npwp)
        }

    def main(self, kind: NumberKind) -> str | None:
        """Its main number of a kind; none when that is a filler, which is nobody's."""
        number: str | None = self.columns[kind]
        return None if number and identity.is_filler(kind, number) else number

    def fill(self, columns: dict[str, Any], aliases: dict[str, str], npwps: dict[str, str]) -> None:
        """Add what a row knows more."""
        self.columns |= columns
        self.filled |= columns
        self.names.update(aliases)
        self.keys.update(aliases.values())
        self.new_aliases |= aliases
        self.other_numbers |= {("npwp", npwp) for npwp in npwps}
        self.new_npwps |= npwps

    def replace(self, name: str, value: Any) -> None:
        """Take what a row says in place of what is known."""
        self.replaced[name] = (self.columns[name], value)
        self.columns[name] = value


class KnownCompanies:
    """An index of companies. The first company of a number keeps it. `changed` are those with something to
    store."""

    def __init__(self) -> None:
        self.by_id: dict[int, KnownCompany] = {}
        self.changed: dict[KnownCompany, None] = {}
        self._by_number: dict[tuple[str, str], KnownCompany] = {}
        self._by_core: dict[str, KnownCompany] = {}
        self._by_name: dict[tuple[str, str], list[KnownCompany]] = defaultdict(list)
        self._by_key: dict[str, dict[KnownCompany, None]] = defaultdict(dict)

    def learn(self, companies: Iterable[KnownCompany]) -> None:
        """Add companies of the store."""
        for company in companies:
            assert company.id is not None
            self.by_id[company.id] = company
            self._index(company)

    def change(self, company: KnownCompany) -> None:
        """Remember that an import brought this company, or added to it."""
        self._index(company)
        self.changed[company] = None

    def stored(self) -> None:
        """All that was to be stored is stored."""
        for company in self.changed:
            company.filled, company.new_aliases, company.new_npwps = {}, {}, {}
            company.replaced = {}
        self.changed = {}

    def of_number(self, kind: str, number: str | None) -> KnownCompany | None:
        return self._by_number.get((kind, number)) if number else None

    def of_taxpayer(self, npwp: str | None) -> KnownCompany | None:
        """A company whose NPWP has the same core."""
        return self._by_core.get(identity.npwp_core(npwp)) if npwp else None

    def of_name(self, key: str, region_code: str) -> list[KnownCompany]:
        """The companies that bear the name in the regency."""
        return self._by_name.get((key, region_code), [])

    def of_name_anywhere(self, key: str) -> list[KnownCompany]:
        return list(self._by_key.get(key, ()))

    def _index(self, company: KnownCompany) -> None:
        for kind in NUMBERS:
            if company.columns[kind]:
                self._by_number[kind, company.columns[kind]] = company
        for number in company.other_numbers:
            self._by_number.setdefault(number, company)
        for core in company.cores:
            self._by_core.setdefault(core, company)
        for key in company.keys:
            self._by_key[key][company] = None
        for name in product(company.keys, company.regions):
            if company not in self._by_name[name]:
                self._by_name[name].append(company)
