"""What was typed for a regency: read for sure, only likely, or ambiguous, and never guessed.

A `RegencyReader` knows the regencies of a province, or of the whole country; beside the names it knows
how people write them (`region_words`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from compliance.reference.region_words import (
    COUNTRY,
    PROVINCE_WORDS,
    SEATS,
    SHORT_FORMS,
    SHORT_PROVINCES,
    SHORT_WORDS,
    STATISTICS_CODES,
)
from compliance.reference.regions import COUNTRY_TABLE, Region, find_region


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


class RegencyReader:
    """Reads what was typed for one of `regencies`; `provinces` are the codes of the provinces they lie in.

    `slips`: a name with one slip is likely, too.
    """

    def __init__(
        self, regencies: Sequence[Region], provinces: Sequence[str], *, slips: bool = True
    ) -> None:
        self._by_code = {region.code: region for region in regencies}
        self._slips = slips
        self._bare = {region: _bare(region) for region in regencies}
        self._by_key = _by_key(
            [(bare, region) for region, bare in self._bare.items()] + self._known_as(SHORT_FORMS)
        )
        self._by_seat = _by_key(self._known_as(SEATS))
        words = {spelling for code in provinces for spelling in spellings_of(code)}
        self._shared = {
            word for word in words if any(_has(bare, word) for bare in self._bare.values())
        }
        """Words of a province that stand in the name of a regency, too: Jambi, Lampung."""
        beside = _any_of({*words - self._shared, COUNTRY})
        shared = f"|(?:^| ){_PROVINCE} {_any_of(self._shared)}(?= |$)" if self._shared else ""
        self._province = re.compile(
            rf"(?:^| )(?:{_PROVINCE} )?{beside}(?= |$)|(?:^| ){_PROVINCE}${shared}"
        )
        self.read = lru_cache(maxsize=4096)(self._read)

    def _known_as(self, words: Mapping[str, tuple[str, ...]]) -> list[tuple[str, Region]]:
        return [
            (word, self._by_code[code])
            for code, known in words.items()
            if code in self._by_code
            for word in known
        ]

    def _read(self, typed: str) -> RegencyReading:
        """What was typed for a regency. Never raises.

        The seat of a regency ("Larantuka"), a name with one slip ("Manggrai") and a name beside words that
        say something else are only possible. "Kupang, Kota" is "Kota Kupang".
        """
        text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", typed).casefold())
        text = _EITHER_KIND.sub(" ", text)
        pieces = [piece for part in _PARTS.split(text) for piece in _code_and_name(part)]
        parts = [part for piece in pieces if (part := self._part(piece))]
        kinds = {part.kind for part in parts if not part.name}
        kind = kinds.pop() if len(kinds) == 1 else None
        named = [part for part in parts if part.name]
        regencies = [part for part in named if part.kind or part.name not in self._shared]
        readings = [self._read_part(part, part.kind or kind) for part in regencies or named]
        if not regencies and kind is None:  # "Jambi" may be the province
            readings = [RegencyReading(possible=_in_order(reading.all)) for reading in readings]
        return _agreed(readings)

    def _part(self, text: str) -> _Part | None:
        """A stretch without what says nothing about the regency; None when nothing is left of it."""
        if _CODE.fullmatch(text):
            return _Part(None, text)
        name = self._province.sub("", spelled(text)).strip()
        if not name or _SMALLER.match(name):
            return None
        if name.replace(" ", "") in self._by_key:
            return _Part(None, name)
        kind: RegencyKind | None = None
        if found := _FRONT_KIND.match(name):
            name = name[found.end() :]
        elif found := _BACK_KIND.search(name):
            name = name[: found.start()]
        if found:
            kind = "Kabupaten" if found["regency"] else "Kota"
        return _Part(kind, self._without_province(_whole(name)))

    def _without_province(self, name: str) -> str:
        """A name without the province behind it, where that is no part of the name: "Bandar Lampung"."""
        for word in self._shared:
            rest = name.removesuffix(f" {word}")
            if rest != name and name.replace(" ", "") not in self._by_key:
                return rest if rest.replace(" ", "") in self._by_key else name
        return name

    def _read_part(self, part: _Part, kind: RegencyKind | None) -> RegencyReading:
        if code := _CODE.fullmatch(part.name):
            return RegencyReading(self._by_code.get(f"{code[1]}.{code[2] or code[3] + '0'}"))
        key = part.name.replace(" ", "")
        named = self._by_key.get(key, ())
        fitting = [region for region in named if kind in (None, _kind(region))]
        if len(fitting) == 1:
            return RegencyReading(fitting[0])
        if named:
            return RegencyReading(possible=tuple(fitting or named))
        family = tuple(
            region for region, bare in self._bare.items() if bare.startswith(f"{part.name} ")
        )
        if len(family) > 1:
            return RegencyReading(possible=family)
        resembling = self._by_seat.get(key) or (self._with_one_slip(key) if self._slips else ())
        return RegencyReading(
            possible=tuple(region for region in resembling if kind in (None, _kind(region)))
            or resembling
        )

    def _with_one_slip(self, key: str) -> tuple[Region, ...]:
        """The regencies whose name or seat is one letter more, less or other, or has two letters swapped."""
        if len(key) < _SHORTEST_WITH_SLIP - 1:
            return ()
        near: dict[Region, None] = {}
        for known, regions in (*self._by_key.items(), *self._by_seat.items()):
            if len(known) >= _SHORTEST_WITH_SLIP and OSA.distance(key, known, score_cutoff=1) <= 1:
                near.update(dict.fromkeys(regions))
        return _in_order(near)


@cache
def _country_reader() -> RegencyReader:
    everywhere = [region for regions in COUNTRY_TABLE.regencies.values() for region in regions]
    return RegencyReader(everywhere, list(COUNTRY_TABLE.zones), slips=False)


def regency_called(typed: str) -> Region | None:
    """The regency or city of the country that is surely meant by a code or a name, as lists write them; None
    when unsure.

    "53.71", "5371" and "Kota Kupang"; "Kab. Ende", "ENDE" and "Kab. Ende, NTT"; "TTS". "Kupang" alone may
    be two. A code that a spreadsheet took for a number has lost its last nought: "53.1" is 53.10.
    """
    return _country_reader().read(typed).certain


def regency_by_bps(typed: str) -> Region | None:
    """The regency that a code without a dot is to BPS, where it is another one than to Kepmendagri; else
    None."""
    code = typed.strip()
    region = find_region(STATISTICS_CODES.get(code, ""))
    return region if region and region.code.replace(".", "") != code else None


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
    r"(?:pemerintah )?(?:(?P<regency>(?:kabupaten|kab)(?: adm(?:inistrasi)?)?|pemkab)"
    r"|(?P<city>kota ?madya|kota adm(?:inistra(?:tif|si))?|kota|kodya|koti[pf]|pemkot))"
    r"(?: (?:dati|tingkat|tk|daerah tingkat) ii)?"
)
_FRONT_KIND, _BACK_KIND = (
    re.compile(rf"{_KIND_WORDS}(?: |$)"),
    re.compile(rf"(?:^| ){_KIND_WORDS}$"),
)
_PROVINCE = "(?:provinsi|propinsi|prov|prop)"
_SMALLER = re.compile(r"(?:kec|kecamatan|kel|kelurahan|desa|ds)\b")
_SHORTEST_WITH_SLIP = 4


def _code_and_name(part: str) -> tuple[str, ...]:
    """ "53.71 Kota Kupang" is a code and a name."""
    code = _CODE_BEFORE_NAME.match(part)
    return (code[1], part[code.end() :]) if code else (part,)


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
    """The name of a regency without its kind, as what was typed is written for comparing."""
    words = spelled(region.long_name).split(" ")
    return _whole(" ".join(words[2 if words[1] == "administrasi" else 1 :]))


def spelled(text: str) -> str:
    """The words of a text in small letters, without marks and digits."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def _whole(name: str) -> str:
    return " ".join(SHORT_WORDS.get(word, word) for word in name.split(" ")) if name else ""


def _has(bare: str, word: str) -> bool:
    return f" {word} " in f" {bare} "


def spellings_of(code: str) -> Iterable[str]:
    """How people write a province, in small letters without marks; capitals also one by one."""
    region, short = find_region(code), SHORT_PROVINCES.get(code, "")
    for spelling in (region.name if region else "", short, *PROVINCE_WORDS.get(code, ())):
        if spelling:
            yield spelled(spelling)
    if short.isupper():
        yield " ".join(short.casefold())


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first: "papua barat" before "papua"."""
    return f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"


def _by_key(spellings: Iterable[tuple[str, Region]]) -> dict[str, tuple[Region, ...]]:
    found: dict[str, tuple[Region, ...]] = {}
    for spelling, region in spellings:
        key = spelling.casefold().replace(" ", "")
        found[key] = (*found.get(key, ()), region)
    return found
