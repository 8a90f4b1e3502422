"""The province, its 22 regencies and city, and the offices that come with them.

Codes and names after Kepmendagri 300.2.2-2430/2025. Pure reference data: it seeds the office table, where an
office can be renamed. Kabupaten Kupang (53.01) and Kota Kupang (53.71) are two places, with two offices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

OfficeKind = Literal["licensing", "inspectorate"]


@dataclass(frozen=True, slots=True)
class Region:
    """A province, regency or city; `name` is what a list shows, `long_name` what a letter says."""

    code: str
    name: str
    long_name: str


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office as it is seeded; `code` never changes, the name may."""

    code: str
    kind: OfficeKind
    region_code: str
    name: str


def _regency(code: str, name: str) -> Region:
    return Region(code, f"Kab. {name}", f"Kabupaten {name}")


PROVINCE = Region("53", "Nusa Tenggara Timur", "Provinsi Nusa Tenggara Timur")

REGENCIES: tuple[Region, ...] = (
    _regency("53.01", "Kupang"),
    _regency("53.02", "Timor Tengah Selatan"),
    _regency("53.03", "Timor Tengah Utara"),
    _regency("53.04", "Belu"),
    _regency("53.05", "Alor"),
    _regency("53.06", "Flores Timur"),
    _regency("53.07", "Sikka"),
    _regency("53.08", "Ende"),
    _regency("53.09", "Ngada"),
    _regency("53.10", "Manggarai"),
    _regency("53.11", "Sumba Timur"),
    _regency("53.12", "Sumba Barat"),
    _regency("53.13", "Lembata"),
    _regency("53.14", "Rote Ndao"),
    _regency("53.15", "Manggarai Barat"),
    _regency("53.16", "Nagekeo"),
    _regency("53.17", "Sumba Tengah"),
    _regency("53.18", "Sumba Barat Daya"),
    _regency("53.19", "Manggarai Timur"),
    _regency("53.20", "Sabu Raijua"),
    _regency("53.21", "Malaka"),
    Region("53.71", "Kota Kupang", "Kota Kupang"),
)
"""21 regencies and 1 city, in the order of their codes."""

LICENSING_OFFICES: tuple[OfficeEntry, ...] = tuple(
    OfficeEntry(f"ptsp-{region.code}", "licensing", region.code, f"DPMPTSP {region.long_name}")
    for region in (PROVINCE, *REGENCIES)
)
"""The one-stop licensing offices: the provincial one first, then one for each regency and the city."""

INSPECTORATE = OfficeEntry(
    "disnaker-53",
    "inspectorate",
    "53",
    "Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur",
)
"""Labour inspection is a provincial task (UU 23/2014, annex G): there is one, and none in the regencies."""

REGION_NAMES = {region.code: region.name for region in REGENCIES}
"""The regencies and the city by code, as a list to choose from shows them."""
_BY_CODE = {region.code: region for region in (PROVINCE, *REGENCIES)}


def find_region(code: str) -> Region | None:
    """The province, regency or city with this code ("53", "53.71"), or None."""
    return _BY_CODE.get(code)


def region_name(code: str) -> str:
    """A region as a list shows it; the code itself when it is not one of ours."""
    region = find_region(code)
    return region.name if region is not None else code


def province_of(code: str) -> str:
    """The code of the province a region lies in: "53" for "53.71" and for "53" itself."""
    return code.partition(".")[0]


@lru_cache(maxsize=1024)
def regency_called(typed: str) -> Region | None:
    """The regency or city that is meant by a code or a name, as lists write them; None when unsure.

    "53.71", "5371" and "Kota Kupang"; "Kab. Ende", "KABUPATEN ENDE" and "Ende". "Kupang" alone may
    be two. A code that a spreadsheet took for a number has lost its last nought: "53.1" is 53.10.
    """
    text = typed.strip().casefold()
    if code := re.fullmatch(r"(\d\d)(?:[.,]?(\d\d)|[.,](\d))", text):
        region = _BY_CODE.get(f"{code[1]}.{code[2] or code[3] + '0'}")
        return region if region in REGENCIES else None
    words = re.findall(r"[^\W\d_]+", text)
    kind = _KINDS.get(words[0]) if words else None
    name = " ".join(words[1:] if kind else words)
    fitting = [
        region
        for region in REGENCIES
        if name == _bare(region) and (kind is None or kind == region.long_name.partition(" ")[0])
    ]
    return fitting[0] if len(fitting) == 1 else None


_KINDS = {
    "kab": "Kabupaten",
    "kabupaten": "Kabupaten",
    "kota": "Kota",
    "kotamadya": "Kota",
    "kodya": "Kota",
}


def _bare(region: Region) -> str:
    return region.long_name.partition(" ")[2].casefold()
