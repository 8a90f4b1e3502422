"""The companies that the rows of a list may describe, by number, taxpayer or name, as an import knows them.

In memory only: what is stored of a company, and what the import adds to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.names import NameKey, key_of
from compliance.companies.rules import CompanyFacts
from compliance.companies.search.contacts import MOST_OF_ONE_CONTACT, address_key, phone_key
from compliance.companies.search.rules import name_likeness
from compliance.companies.search.spelling import search_key
from compliance.imports.reading.rows import Row


@dataclass(eq=False)
class KnownCompany:
    """A company as this import knows it. `id` is None until it is stored; `row` is the row that brought it.

    `filled`, `replaced` (each before and after), `new_names` (each with its kind) and `new_npwps` (each with
    its core) are not stored yet. `is_met`: an earlier row of the list meant it.
    """

    id: int | None
    columns: dict[str, Any]
    names: set[str]
    keys: set[NameKey]
    regions: set[str]  # also those of the companies merged into it
    other_numbers: set[tuple[str, str]] = field(
        default_factory=set
    )  # beside the main ones, each after its kind
    row: int | None = None
    filled: dict[str, Any] = field(default_factory=dict)
    new_names: dict[str, str] = field(default_factory=dict)
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

    def may_be_called(self, name: NameKey) -> bool:
        """Whether one of its names is the same, as far as legal forms are stated."""
        return any(key.is_same(name) for key in self.keys)

    def may_state(self, form: str) -> bool:
        """Whether one of its names states this legal form, or none; a form that is not stated may be any."""
        return not form or any(key.form in ("", form) for key in self.keys)

    def resembles(self, name: str, little: frozenset[str]) -> float:
        """How alike its names and this one are at most, in hundredths."""
        key = search_key(name)
        return max(name_likeness(key, search_key(known), little) for known in self.names)

    def fill(self, columns: dict[str, Any], names: dict[str, str], npwps: dict[str, str]) -> None:
        """Add what a row knows more."""
        self.columns |= columns
        self.filled |= columns
        self.names.update(names)
        self.keys.update(map(key_of, names))
        self.new_names |= names
        self.other_numbers |= {("npwp", npwp) for npwp in npwps}
        self.new_npwps |= npwps

    def replace(self, name: str, value: Any) -> None:
        """Take what a row says in place of what is known."""
        self.replaced[name] = (self.columns[name], value)
        self.columns[name] = value


class ListedRow(NamedTuple):
    """What is remembered of every row of a list, which may have a hundred thousand."""

    number: int
    name: str


class KnownCompanies:
    """An index of companies. The first company of a number keeps it. `changed` are those with something to
    store; `little` are the words that say little when names are compared."""

    def __init__(self, little: frozenset[str]) -> None:
        self.little = little
        self.by_id: dict[int, KnownCompany] = {}
        self.changed: dict[KnownCompany, None] = {}
        self._by_number: dict[tuple[str, str], KnownCompany] = {}
        self._by_core: dict[str, KnownCompany] = {}
        self._by_name: dict[tuple[str, str], list[KnownCompany]] = defaultdict(list)
        self._by_key: dict[str, dict[KnownCompany, None]] = defaultdict(dict)
        self._by_search_key: dict[tuple[str, str], dict[KnownCompany, None]] = defaultdict(dict)
        self._by_contact: dict[tuple[str, str], dict[KnownCompany, None]] = defaultdict(dict)
        self.resembling: dict[str, list[int]] = {}
        """Of the rows at hand, the learned companies whose names resemble a row's, the likeliest first."""
        self._rows: dict[tuple[str, str], ListedRow] = {}

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
            company.filled, company.new_names, company.new_npwps = {}, {}, {}
            company.replaced = {}
        self.changed = {}

    def of_number(self, kind: str, number: str | None) -> KnownCompany | None:
        return self._by_number.get((kind, number)) if number else None

    def of_taxpayer(self, npwp: str | None) -> KnownCompany | None:
        """A company whose NPWP has the same core."""
        return self._by_core.get(identity.npwp_core(npwp)) if npwp else None

    def of_name(self, key: NameKey, region_code: str) -> list[KnownCompany]:
        """The companies that may bear the name in the regency; none that states another legal form."""
        return [
            company
            for company in self._by_name.get((key.same, region_code), ())
            if company.may_be_called(key)
        ]

    def of_name_anywhere(self, key: NameKey) -> list[KnownCompany]:
        return [company for company in self._by_key.get(key.same, ()) if company.may_be_called(key)]

    def of_other_form(self, row: Row) -> list[KnownCompany]:
        """The companies that bear the row's name in its regency, however it is spelt, but state another legal
        form."""
        assert row.facts is not None
        region = row.facts.region_code
        equal = self._by_name.get((row.key.same, region), ())
        spelt = self._by_search_key.get((_spelt(row.name), region), {})
        others = [company for company in equal if not company.may_be_called(row.key)]
        others += [company for company in spelt if not company.may_state(row.key.form)]
        return list(dict.fromkeys(others))

    def first_row_with(self, kind: str, number: str | None, row: Row) -> ListedRow | None:
        """The first row of this list that had this number, if it was another one."""
        if not number:
            return None
        first = self._rows.setdefault((kind, number), ListedRow(row.number, row.name))
        return first if first.number < row.number else None

    def twins(self, row: Row) -> list[KnownCompany]:
        """The companies of the row's regency whose name is spelt nearly like the row's; none that states
        another legal form."""
        assert row.facts is not None
        twins = dict(self._by_search_key.get((_spelt(row.name), row.facts.region_code), {}))
        for id in self.resembling.get(row.name, ()):
            if id in self.by_id and row.facts.region_code in self.by_id[id].regions:
                twins[self.by_id[id]] = None
        return [company for company in twins if company.may_state(row.key.form)]

    def of_phone(self, facts: CompanyFacts) -> list[KnownCompany]:
        """The few companies of the regency with this telephone, that were known before the list."""
        return _few(self._here("phone_key", phone_key(facts.phone), facts.region_code))

    def of_phone_elsewhere(self, facts: CompanyFacts) -> list[KnownCompany]:
        """The companies of other regencies with a telephone that only few have, known before the list."""
        key = phone_key(facts.phone)
        sharing = self._by_contact.get(("phone_key", key), {}) if key else {}
        return [company for company in _few([*sharing]) if facts.region_code not in company.regions]

    def of_address(self, facts: CompanyFacts) -> list[KnownCompany]:
        """The few companies of the regency with this address, that were known before the list."""
        return _few(self._here("address_key", address_key(facts.address), facts.region_code))

    def _here(self, column: str, key: str | None, region_code: str) -> list[KnownCompany]:
        sharing = self._by_contact.get((column, key), {}) if key else {}
        return [company for company in sharing if region_code in company.regions]

    def _index(self, company: KnownCompany) -> None:
        for kind in NUMBERS:
            if company.columns[kind]:
                self._by_number[kind, company.columns[kind]] = company
        for number in company.other_numbers:
            self._by_number.setdefault(number, company)
        for core in company.cores:
            self._by_core.setdefault(core, company)
        for column in ("phone_key", "address_key") if company.row is None else ():
            if company.columns[column]:
                self._by_contact[column, company.columns[column]][company] = None
        for name, region in product(map(_spelt, company.names), company.regions):
            self._by_search_key[name, region][company] = None
        keys = {key.same for key in company.keys}
        for key in keys:
            self._by_key[key][company] = None
        for place in product(keys, company.regions):
            if company not in self._by_name[place]:
                self._by_name[place].append(company)


def _few(sharing: list[KnownCompany]) -> list[KnownCompany]:
    """None when more share a telephone or address than one firm has names."""
    return sharing if len(sharing) <= MOST_OF_ONE_CONTACT else []


def _spelt(name: str) -> str:
    """The search key without spaces: joined and parted words are one spelling."""
    return search_key(name).replace(" ", "")
