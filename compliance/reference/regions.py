"""The regions of the country by their code: 38 provinces, their regencies and cities, and the districts.

The files in `data` follow a decree each, in a folder that bears its year. The newest folder says what
there is; a code that only an older one knows still leads to the name that it had. Districts are read when one
is asked for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DATA = Path(__file__).parent / "data"
_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_SHORT_KINDS = {
    "Kabupaten Administrasi": "Kab. Adm.",
    "Kota Administrasi": "Kota Adm.",
    "Kabupaten": "Kab.",
}
_REGENCY_CODE, _DISTRICT_CODE = len("53.71"), len("53.71.01")
_BEFORE_A_DISTRICT = re.compile(r"^(kecamatan|kec|distrik|district)\b")


@dataclass(frozen=True, slots=True)
class Region:
    """A province, regency, city or district; `name` is what a list shows, `long_name` what a letter says."""

    code: str
    name: str
    long_name: str

    @property
    def is_city(self) -> bool:
        """Whether it is a kota, which a mayor governs."""
        return self.long_name.startswith("Kota ")


class RegionTable:
    """All regions that the dated folders in `folder` know."""

    def __init__(self, folder: Path) -> None:
        dated = (path for path in folder.iterdir() if path.is_dir())
        self._folders = sorted(dated, key=lambda path: path.name)

    @cached_property
    def _provinces(self) -> list[dict[str, str]]:
        return self._newest("provinces")

    @cached_property
    def zones(self) -> dict[str, str]:
        """The time zone of each province that there is, by its code."""
        return {row["code"]: _ZONES[row["zone"]] for row in self._provinces}

    @cached_property
    def regencies(self) -> dict[str, tuple[Region, ...]]:
        """The regencies and cities that there are, in the order of their codes, by their province's code."""
        found: dict[str, list[Region]] = {code: [] for code in self.zones}
        for row in self._newest("regencies"):
            found[province_of(row["code"])].append(_regency(row))
        return {
            code: tuple(sorted(regions, key=lambda region: region.code))
            for code, regions in found.items()
        }

    @cached_property
    def _by_code(self) -> dict[str, Region]:
        """Provinces and regencies, those of before too: a newer folder overwrites what an older one says."""
        found: dict[str, Region] = {}
        for folder in self._folders:
            for row in self._rows(folder, "provinces"):
                found[row["code"]] = Region(row["code"], row["name"], f"Provinsi {row['name']}")
            for row in self._rows(folder, "regencies"):
                found[row["code"]] = _regency(row)
        return found

    @cached_property
    def _districts(self) -> dict[str, Region]:
        return {
            row["code"]: Region(row["code"], f"Kec. {row['name']}", f"Kecamatan {row['name']}")
            for folder in self._folders
            for row in self._rows(folder, "districts")
        }

    @cached_property
    def _districts_of(self) -> dict[str, list[Region]]:
        """The districts that there are, in the order of their codes, by their regency's code."""
        found: dict[str, list[Region]] = {}
        for row in self._newest("districts"):
            found.setdefault(row["code"][:_REGENCY_CODE], []).append(self._districts[row["code"]])
        return found

    def districts_of(self, regency_code: str) -> list[Region]:
        """The districts of a regency or city, in the order of their codes."""
        return self._districts_of.get(regency_code, [])

    def find(self, code: str) -> Region | None:
        """The region with this code ("53", "53.71", "53.71.01"), also one that there was; or None."""
        return (self._districts if len(code) == _DISTRICT_CODE else self._by_code).get(code)

    def _newest(self, name: str) -> list[dict[str, str]]:
        """The rows of the file in the newest folder that has it."""
        return next(
            rows for folder in reversed(self._folders) if (rows := [*self._rows(folder, name)])
        )

    @staticmethod
    def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
        """The rows of a file; a decree may leave some files as they were."""
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)


def _regency(row: dict[str, str]) -> Region:
    long_name = row["name"]
    for kind, short in _SHORT_KINDS.items():
        if long_name.startswith(f"{kind} "):
            return Region(row["code"], short + long_name[len(kind) :], long_name)
    return Region(row["code"], long_name, long_name)


COUNTRY_TABLE = RegionTable(DATA)
"""The regions of the country, as the files of the project say."""


def find_region(code: str) -> Region | None:
    """The province ("53"), regency or city ("53.71") or district ("53.71.01") with this code, or None."""
    return COUNTRY_TABLE.find(code)


def districts_of(regency_code: str) -> list[Region]:
    """The districts of a regency or city, in the order of their codes."""
    return COUNTRY_TABLE.districts_of(regency_code)


def district_called(typed: str, regency_code: str) -> Region | None:
    """The district of a regency that is meant by its code or its name; None for none, or for several."""
    known = districts_of(regency_code)
    wanted = _letters(typed)
    named = [
        district
        for district in known
        if typed.strip() == district.code or wanted == _letters(district.name)
    ]
    return named[0] if len(named) == 1 else None


def _letters(name: str) -> str:
    """A district's name for comparing: without the word for it, spaces and dots."""
    text = re.sub(r"[\W_]+", " ", name.casefold()).strip()
    return _BEFORE_A_DISTRICT.sub("", text).replace(" ", "")


def region_name(code: str) -> str:
    """A region as a list shows it; the code itself when nobody knows it."""
    region = find_region(code)
    return region.name if region is not None else code


def province_of(code: str) -> str:
    """The code of the province a region lies in: "53" for "53.71" and for "53" itself."""
    return code.partition(".")[0]
