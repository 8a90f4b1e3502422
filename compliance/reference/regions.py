"""The province, its 22 regencies and city, and the offices that come with them.

Codes and names after Kepmendagri 300.2.2-2430/2025. Pure reference data: it seeds the office table, where an
office can be renamed. Kabupaten Kupang (53.01) and Kota Kupang (53.71) are two places, with two offices.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from compliance.reference.region_words import (
    PROVINCE_WORDS,
    SEATS,
    SHORT_FORMS,
    SHORT_WORDS,
    STATISTICS_CODES,
)

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


def known_regency(code: str | None) -> str | None:
    """The code of a regency or city, as an address names it; None for anything else."""
    return code if code in REGION_NAMES else None


def region_name(code: str) -> str:
    """A region as a list shows it; the code itself when it is not one of ours."""
    region = find_region(code)
    return region.name if region is not None else code


def regency_by_bps(typed: str) -> Region | None:
    """The regency that a code without a dot is to BPS, where it is another one than to Kepmendagri; else
    None."""
    code = typed.strip()
    region = _BY_CODE.get(STATISTICS_CODES.get(code, ""))
    return region if region and region.code.replace(".", "") != code else None


def province_of(code: str) -> str:
    """The code of the province a region lies in: "53" for "53.71" and for "53" itself."""
    return code.partition(".")[0]


@dataclass(frozen=True, slots=True)
class RegencyReading:
    """What was typed for a regency: the one that it surely is, else those that it might be.

    One possible regency wants somebody's yes; several are ambiguous.
    """

    certain: Region | None = None
    possible: tuple[Region, ...] = ()

    @property
    def all(self) -> frozenset[Region]:
        return frozenset((self.certain,) if self.certain else self.possible)


def regency_called(typed: str) -> Region | None:
    """The regency or city that is surely meant by a code or a name, as lists write them; None when unsure.

    "53.71", "5371" and "Kota Kupang"; "Kab. Ende", "ENDE" and "Kab. Ende, NTT"; "TTS". "Kupang" alone may
    be two. A code that a spreadsheet took for a number has lost its last nought: "53.1" is 53.10.
    """
    return read_regency(typed).certain


@lru_cache(maxsize=4096)
def read_regency(typed: str) -> RegencyReading:
    """What was typed for a regency. Never raises.

    The seat of a regency ("Larantuka"), a name with one slip ("Manggrai") and a name beside words that say
    something else are only possible. "Kupang, Kota" is "Kota Kupang".
    """
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", typed).casefold())
    text = _EITHER_KIND.sub(" ", text)
    pieces = [piece for part in _PARTS.split(text) for piece in _code_and_name(part)]
    parts = [part for piece in pieces if (part := _part(piece))]
    kinds = {part.kind for part in parts if not part.name}
    kind = kinds.pop() if len(kinds) == 1 else None
    readings = [_read_part(part, part.kind or kind) for part in parts if part.name]
    return _agreed(readings)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of what was typed: the kind of region that it names, and a name in small letters or code."""

    kind: RegencyKind | None
    name: str


RegencyKind = Literal["Kabupaten", "Kota"]
_APOSTROPHES = re.compile("['`\N{ACUTE ACCENT}\u02b9-\u02bf\u2018\u2019\u201b\u2032]")
_EITHER_KIND = re.compile(r"\bkab(?:upaten)?\b\.? *[/&] *kota(?:madya)?\b\.?")
_PARTS = re.compile(r"[;()\[\]/|\n]|,(?![0-9])|\s-\s|[\u2012-\u2015]")
_CODE = re.compile(r"\s*([0-9]{2})(?:[., ]?([0-9]{2})|[.,]([0-9]))\s*")
_CODE_BEFORE_NAME = re.compile(r"\s*([0-9]{2}[.,]?[0-9]{2})[\s:-]+(?=[^\W\d_])")
_KIND_WORDS = (
    r"(?:pemerintah )?(?:(?P<regency>kabupaten|kab|pemkab)|(?P<city>kota ?madya|kota administra(?:tif|si)"
    r"|kota|kodya|koti[pf]|pemkot))(?: (?:dati|tingkat|tk|daerah tingkat) ii)?"
)
_FRONT_KIND, _BACK_KIND = (
    re.compile(rf"{_KIND_WORDS}(?: |$)"),
    re.compile(rf"(?:^| ){_KIND_WORDS}$"),
)
_PROVINCE = re.compile(
    rf"(?:^| )(?:(?:provinsi|propinsi|prov|prop) )?(?:{'|'.join(PROVINCE_WORDS)})(?= |$)|"
    r"(?:^| )(?:provinsi|propinsi|prov|prop)$"
)
_SMALLER = re.compile(r"(?:kec|kecamatan|kel|kelurahan|desa|ds)\b")
_SHORTEST_WITH_SLIP = 4


def _code_and_name(part: str) -> tuple[str, ...]:
    """ "53.71 Kota Kupang" is a code and a name."""
    code = _CODE_BEFORE_NAME.match(part)
    return (code[1], part[code.end() :]) if code else (part,)


def _part(text: str) -> _Part | None:
    """A stretch without what says nothing about the regency; None when nothing is left of it."""
    if _CODE.fullmatch(text):
        return _Part(None, text)
    words = " ".join(re.findall(r"[^\W\d_]+", text))
    name = _PROVINCE.sub("", words).strip()
    if not name or _SMALLER.match(name):
        return None
    kind: RegencyKind | None = None
    if found := _FRONT_KIND.match(name):
        name = name[found.end() :]
    elif found := _BACK_KIND.search(name):
        name = name[: found.start()]
    if found:
        kind = "Kabupaten" if found["regency"] else "Kota"
    full = " ".join(SHORT_WORDS.get(word, word) for word in name.split(" "))
    return _Part(kind, full if name else "")


def _read_part(part: _Part, kind: RegencyKind | None) -> RegencyReading:
    if code := _CODE.fullmatch(part.name):
        region = _BY_CODE.get(f"{code[1]}.{code[2] or code[3] + '0'}")
        return RegencyReading(region if region in REGENCIES else None)
    key = part.name.replace(" ", "")
    named = _BY_KEY.get(key, ())
    fitting = [region for region in named if kind in (None, _kind(region))]
    if len(fitting) == 1:
        return RegencyReading(fitting[0])
    if named:
        return RegencyReading(possible=tuple(fitting or named))
    family = tuple(region for region in REGENCIES if _bare(region).startswith(f"{part.name} "))
    if len(family) > 1:
        return RegencyReading(possible=family)
    resembling = _BY_SEAT.get(key) or _with_one_slip(key)
    return RegencyReading(
        possible=tuple(region for region in resembling if kind in (None, _kind(region)))
        or resembling
    )


def _with_one_slip(key: str) -> tuple[Region, ...]:
    """The regencies whose name or seat is one letter more, less or other, or has two letters swapped."""
    if len(key) < _SHORTEST_WITH_SLIP - 1:
        return ()
    near: dict[Region, None] = {}
    for known, regions in (*_BY_KEY.items(), *_BY_SEAT.items()):
        if len(known) >= _SHORTEST_WITH_SLIP and OSA.distance(key, known, score_cutoff=1) <= 1:
            near.update(dict.fromkeys(regions))
    return tuple(sorted(near, key=lambda region: region.code))


def _agreed(readings: Sequence[RegencyReading]) -> RegencyReading:
    """What the parts of a text mean together: sure only when one says so and no other speaks against it."""
    certain = {reading.certain for reading in readings if reading.certain}
    if len(certain) > 1:
        return RegencyReading(possible=_in_order(certain))
    if certain:
        [region] = certain
        agree = all(region in reading.all for reading in readings)
        return RegencyReading(region) if agree else RegencyReading(possible=(region,))
    stated = [reading.all for reading in readings if reading.possible]
    common = frozenset.intersection(*stated) if stated else frozenset()
    return RegencyReading(possible=_in_order(common or frozenset().union(*stated)))


def _in_order(regions: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(sorted(regions, key=lambda region: region.code))


def _kind(region: Region) -> str:
    return region.long_name.partition(" ")[0]


def _bare(region: Region) -> str:
    return region.long_name.partition(" ")[2].casefold()


def _by_key(spellings: Iterable[tuple[str, Region]]) -> dict[str, tuple[Region, ...]]:
    found: dict[str, tuple[Region, ...]] = {}
    for spelling, region in spellings:
        key = spelling.casefold().replace(" ", "")
        found[key] = (*found.get(key, ()), region)
    return found


_BY_KEY = _by_key(
    [(_bare(region), region) for region in REGENCIES]
    + [(short, _BY_CODE[code]) for code, forms in SHORT_FORMS.items() for short in forms]
)
_BY_SEAT = _by_key((seat, _BY_CODE[code]) for code, seats in SEATS.items() for seat in seats)
