"""A province as an installation serves it: its regencies, what its letters say, the offices it comes with.

Labour inspection is a provincial task (UU 23/2014, annex G): a province has one inspectorate, its regencies
have none. Each of them has a one-stop licensing office of its own, beside the provincial one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from compliance.reference.region_words import (
    CAPITALS,
    GOVERNMENTS,
    INSPECTORATES,
    SHORT_PROVINCES,
)
from compliance.reference.regions import COUNTRY_TABLE, Region, find_region, province_of
from compliance.reference.typed_regencies import (
    RegencyReader,
    RegencyReading,
    spelled,
    spellings_of,
)

FIRST_PROVINCE = "53"
"""What an installation serves that never said which: before it could, there was this one."""
OfficeKind = Literal["licensing", "inspectorate"]


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office as it is seeded; `code` never changes, the name may."""

    code: str
    kind: OfficeKind
    region_code: str
    name: str


@dataclass(frozen=True)
class Province:
    """A province of the country, with all that follows from which one it is."""

    region: Region
    zone: str
    regencies: tuple[Region, ...]

    @property
    def code(self) -> str:
        return self.region.code

    @property
    def name(self) -> str:
        return self.region.name

    @property
    def long_name(self) -> str:
        return self.region.long_name

    @cached_property
    def region_names(self) -> Mapping[str, str]:
        """The regencies and cities by code, as a list to choose from shows them."""
        return {region.code: region.name for region in self.regencies}

    def known_regency(self, code: str | None) -> str | None:
        """The code of a regency or city of this province, as an address names it; None for anything else."""
        return code if code in self.region_names else None

    def has_region(self, code: str) -> bool:
        """Whether a code is this province, or a regency of it that there is or was."""
        known = code == self.code or (code.count(".") == 1 and province_of(code) == self.code)
        return known and find_region(code) is not None

    @cached_property
    def _reader(self) -> RegencyReader:
        return RegencyReader(self.regencies, (self.code,))

    def read_regency(self, typed: str) -> RegencyReading:
        """What was typed for a regency of this province. Never raises."""
        return self._reader.read(typed)

    @property
    def case_word(self) -> str:
        """The word with which numbers of cases begin: NTT, SUMSEL, PAPUA-BARAT."""
        return SHORT_PROVINCES.get(self.code, self.name).upper().replace(" ", "-")

    @property
    def short_name(self) -> str:
        """What people call the province for short: NTT, Sumsel."""
        return SHORT_PROVINCES.get(self.code, self.name)

    @property
    def called(self) -> tuple[str, ...]:
        """Its name, its short name and its capital, each as one word."""
        return tuple(words.replace(" ", "") for words in (self.short_name, self.name, self.capital))

    @property
    def capital(self) -> str:
        """Where the province writes its letters."""
        return CAPITALS.get(self.code, self.name)

    @property
    def government(self) -> str:
        """The government as a letterhead names it."""
        return GOVERNMENTS.get(self.code, f"Pemerintah {self.long_name}")

    @cached_property
    def example(self) -> Region:
        """The region that hints take for an example: the city that is the capital, else a city, else any."""
        cities = [region for region in self.regencies if region.is_city]
        capital = f"Kota {self.capital}".replace(" ", "").casefold()
        named = (city for city in cities if city.name.replace(" ", "").casefold() == capital)
        return next(named, (cities or self.regencies)[0])

    @cached_property
    def namesakes(self) -> tuple[Region, Region] | None:
        """A regency and a city of one name, which people take for each other; the example's first."""
        cities = [self.example, *(region for region in self.regencies if region.is_city)]
        named = {
            region.long_name.partition(" ")[2]: region
            for region in self.regencies
            if not region.is_city
        }
        found = ((named.get(city.long_name.partition(" ")[2]), city) for city in cities)
        return next(((regency, city) for regency, city in found if regency is not None), None)

    @property
    def other_example(self) -> Region:
        """Another one, of which hints speak beside the first."""
        return next(region for region in self.regencies if region != self.example)

    @cached_property
    def inspectorate(self) -> OfficeEntry:
        """The inspectorate under the name that it most likely has."""
        name = INSPECTORATES.get(self.code, f"Dinas Tenaga Kerja dan Transmigrasi {self.long_name}")
        return OfficeEntry(f"disnaker-{self.code}", "inspectorate", self.code, name)

    @cached_property
    def licensing_offices(self) -> tuple[OfficeEntry, ...]:
        """The one-stop licensing offices: the provincial one first, then one for each regency and city."""
        return tuple(
            OfficeEntry(
                f"ptsp-{region.code}", "licensing", region.code, f"DPMPTSP {region.long_name}"
            )
            for region in (self.region, *self.regencies)
        )


@cache
def find_province(code: str) -> Province | None:
    """The province with this code, if there is one today."""
    region, zone = find_region(code), COUNTRY_TABLE.zones.get(code)
    if region is None or zone is None:
        return None
    return Province(region, zone, COUNTRY_TABLE.regencies[code])


def provinces() -> tuple[Province, ...]:
    """All provinces, in the order of their codes."""
    found = (find_province(code) for code in sorted(COUNTRY_TABLE.zones))
    return tuple(province for province in found if province is not None)


def province_called(typed: str) -> Province | None:
    """The province that is surely meant by a code, a name or what people call it for short."""
    called = spelled(typed).removeprefix("provinsi ")
    found = [
        province
        for province in provinces()
        if typed.strip() == province.code or called in spellings_of(province.code)
    ]
    return found[0] if len(found) == 1 else None
