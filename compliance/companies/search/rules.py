"""How alike two companies are, and why: a score from 0 to 100 with the reasons that a person weighs. Pure.

Numbers say most, then the name together with the regency; an address or a telephone is only a hint. Never
decides: of 671 listed companies 39 changed their name within four years, and their branches share the core of
an NPWP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from compliance.companies.identity import npwp_core
from compliance.companies.identity.doubts import is_weak, one_slip_apart
from compliance.companies.search.contacts import address_key, address_words, phone_key
from compliance.companies.search.spelling import LINES, TRADE, meaning
from compliance.core.text import Text, say

SUSPECT_FROM = 71
"""From here on the nightly search puts a pair into the queue."""
SHOW_FROM = 55
"""From here on a company is shown to a person who registers another one."""
ASK_FROM = 70
"""From here on a new company is registered only after a look at the known one."""

SAME_WORD = 80
"""Two words that are alike by so many hundredths are one word, spelt differently."""
SHORTEST_SPELT = 4
"""Words below this many letters are compared letter by letter: "Tri" is not "Tra"."""
SHORTEST_CUT, LONG_WORD = 3, 6
"""From three letters on the beginning of a long word may be the word cut short: Ind. for Industri."""
CUT_FROM = 22
"""Lists cut names at 30 characters; without its legal form such a name has at least so many letters."""
LEAST_NAME = 60
"""Names less alike than this are other names."""
NEAR_NAME = 85
LEAST_OF_ONE_PHONE = 45
"""Two names of one telephone that share a word of their own may be the trade and the legal name."""
_OF_MANY = TRADE | LINES
"""Words that no firm has for its own, beside those of places."""
_NUMERALS = re.compile(r"\d+|[ivx]{1,4}")


@dataclass(frozen=True)
class Traits:
    """What of a company is compared. Names are their search keys, numbers as they are stored; `form` is the
    legal form of the present name.
    """

    name: str = ""
    form: str = ""
    other_names: tuple[str, ...] = ()
    region_code: str = ""
    nibs: frozenset[str] = frozenset()
    npwps: frozenset[str] = frozenset()
    npps: frozenset[str] = frozenset()
    address: str | None = None
    phone: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.name, *self.other_names)))

    @property
    def cores(self) -> frozenset[str]:
        return frozenset(map(npwp_core, self.npwps))


@dataclass(frozen=True)
class Likeness:
    """How alike two companies are, and why; a reason may also speak against it."""

    score: int
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class _Name:
    """The two names that are most alike: by how many hundredths, and the sentence that says so."""

    percent: float
    sentence: Text | None = None


def likeness(one: Traits, other: Traits, little: frozenset[str]) -> Likeness:
    """How likely the two are one company. Symmetric. `little`: the words that say little in this province."""
    number = _same_number(one, other)
    reachable = _same_phone(one, other)
    name = _closest_names(one, other, little, least=LEAST_OF_ONE_PHONE if reachable else LEAST_NAME)
    if not number and name.sentence is None:
        return Likeness(0, ())
    known = bool(one.region_code and other.region_code)
    here = one.region_code == other.region_code if known else None
    score, reasons = _by_number_and_name(number, name, here=here)
    for points, reason in (*_against(one, other), *_hints(one, other, little)):
        score, reasons = score + points, (*reasons, reason)
    floor = 95 if number and number[0] >= 95 else 0
    return Likeness(max(floor, min(100 if number else 99, round(score)), 0), reasons)


def reached_alike(one: Traits, other: Traits, little: frozenset[str]) -> tuple[Text, ...]:
    """What of telephone and address is a reason to ask about two companies whose names are not alike: one
    regency, or names that have something in common, and no number that tells them apart."""
    if any(_other_numbers(one, other)):
        return ()
    here = not one.region_code or one.region_code == other.region_code
    name = max(
        (name_likeness(mine, theirs, little) for mine in one.names for theirs in other.names),
        default=0,
    )
    reasons = []
    if _same_phone(one, other) and (here or name >= LEAST_OF_ONE_PHONE):
        reasons.append(say("telepon sama"))
    if here and address_key(one.address) == address_key(other.address) is not None:
        reasons.append(say("alamat sama"))
    return tuple(reasons)


def name_likeness(one: str, other: str, little: frozenset[str]) -> float:
    """How alike two name keys are, in hundredths: the share of letters in words that both have, however
    spelt.

    Words may stand in any order. What only one of them has counts against it, a cut end does not.
    """
    if one == other:
        return 100.0
    one, other = sorted((one, other))
    if _numerals(one) != _numerals(other) and _numerals(one) and _numerals(other):
        return 0.0  # "Contoh Jaya 1" and "Contoh Jaya 2" are two
    if _is_cut(one, other):
        return 98.0
    joined = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""), score_cutoff=95)
    shared = _shared_words(_words_beside(one, other), _words_beside(other, one), little)
    return min(99.0, max(joined, shared))


def _words_beside(key: str, other: str) -> list[str]:
    """The words of a key by their meaning; each is parted that the other name writes as two: "RasaJaya Pusat"
    beside "Rasa Jaya"."""
    words = other.split()
    joined = {
        two[0] + (two[1][1:] if two[0][-1] == two[1][0] else two[1]): two
        for first, second in pairwise(words)
        for two in ((first, second), (second, first))
    }
    parted = (part for word in key.split() for part in joined.get(word, (word,)))
    return [meant for part in parted for meant in meaning(part)]


def _shared_words(one: list[str], other: list[str], little: frozenset[str]) -> float:
    """The share of what both names say that is in both; words that half of all firms bear say less, and of
    places little, unless each names another."""
    shared, left, alone = 0.0, list(other), []
    for word in sorted(one, key=len, reverse=True):
        alike = {other_word: _word_likeness(word, other_word) for other_word in left}
        best = max(alike, key=lambda other_word: alike[other_word], default=None)
        if best is not None and alike[best] >= SAME_WORD:
            shared += alike[best] * (_says(word, little) + _says(best, little))
            left.remove(best)
        else:
            alone.append(word)
    elsewhere = little & set(alone) and little & set(left)
    said = sum(_says(word, little) for word in one + other)
    if elsewhere:
        said += sum(len(word) - _says(word, little) for word in alone + left if word in little)
    return shared / said if said else 0.0


def _says(word: str, little: frozenset[str]) -> float:
    return len(word) * (0.25 if word in little else 0.6 if word in TRADE else 1.0)


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 100.0
    if one.isdigit() or other.isdigit() or min(len(one), len(other)) < SHORTEST_CUT:
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(long) >= LONG_WORD and long.startswith(short):
        return SAME_WORD
    return fuzz.ratio(one, other) if len(short) >= SHORTEST_SPELT else 0.0


def _is_cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= CUT_FROM and long.startswith(short)


def _numerals(key: str) -> set[str]:
    return {word for word in key.split() if _NUMERALS.fullmatch(word)}


def _same_number(one: Traits, other: Traits) -> tuple[float, Text] | None:
    for points, mine, theirs, reason in (
        (100.0, one.nibs, other.nibs, say("NIB sama")),
        (99.0, one.npwps, other.npwps, say("NPWP sama")),
        (98.0, one.npps, other.npps, say("NPP sama")),
        (82.0, one.cores, other.cores, say("pokok NPWP sama")),
    ):
        if mine & theirs:
            return points, reason
    return None


def _closest_names(one: Traits, other: Traits, little: frozenset[str], *, least: float) -> _Name:
    """The closest of all their names; the current ones win a draw, because they say most."""
    best = _Name(0.0)
    for mine in one.names:
        for theirs in other.names:
            percent = name_likeness(mine, theirs, little)
            if percent >= least and percent > best.percent:
                current = mine == one.name and theirs == other.name
                best = _Name(percent, _said_of_names(mine, theirs, percent, current=current))
    return best


def _said_of_names(one: str, other: str, percent: float, *, current: bool) -> Text:
    if one != other and _is_cut(one, other):
        return say("nama sama sampai huruf terakhir yang tertulis")
    if one == other:
        return say("nama sama") if current else say("sama dengan nama lama atau nama lain")
    if current:
        return say("nama {percent}% mirip", percent=int(percent))
    return say("{percent}% mirip dengan nama lama atau nama lain", percent=int(percent))


def _by_number_and_name(
    number: tuple[float, Text] | None, name: _Name, *, here: bool | None
) -> tuple[float, tuple[Text, ...]]:
    """`here` says whether both are of one regency; None when that is not known of both."""
    region = {True: say("kabupaten/kota sama"), False: say("kabupaten/kota lain"), None: None}[here]
    said = [number[1]] if number else []
    if name.sentence is not None and region is not None:
        said.append(Text("{name}, {place}", {"name": name.sentence, "place": region}))
    elif name.sentence is not None or here:
        said.append(name.sentence or say("kabupaten/kota sama"))
    if number:
        return number[0] + (6 if here else 0) + (10 if name.percent >= 85 else 0), tuple(said)
    return name.percent * 0.9 - {True: 0, None: 10, False: 20}[here], tuple(said)


def _against(one: Traits, other: Traits) -> Iterable[tuple[float, Text]]:
    """Numbers that differ where an undertaking has but one. Lowers, never excludes: papers err and owners
    change."""
    yield from _other_numbers(one, other)
    if _same_number(one, other):
        return
    if one.form and other.form and one.form != other.form and not _same_phone(one, other):
        yield -20, say("tetapi bentuk hukumnya berbeda")
    if _lines_of(one.name, other.name) or _lines_of(other.name, one.name):
        yield -20, say("tetapi bidang usahanya berbeda")


def _other_numbers(one: Traits, other: Traits) -> Iterable[tuple[float, Text]]:
    if one.nibs and other.nibs and not one.nibs & other.nibs and not _slip(one.nibs, other.nibs):
        yield -13, say("tetapi NIB berbeda")
    mine, theirs = _taxpayers(one), _taxpayers(other)
    if mine and theirs and not one.cores & other.cores and not _slip(mine, theirs):
        yield -25, say("tetapi pokok NPWP berbeda")


def _lines_of(name: str, other: str) -> set[str]:
    """The lines of business that a name says and the other does not."""
    joined, meant = other.replace(" ", ""), set(meaning(other))
    lines = {word: set(meaning(word)) for word in LINES & set(name.split())}
    return {word for word in lines if word not in joined and not lines[word] <= meant}


def _slip(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether two numbers differ by one slip only."""
    return any(one_slip_apart(one, other) for one in mine for other in theirs)


def _taxpayers(traits: Traits) -> set[str]:
    """The cores that stand for a taxpayer for good: their check digit fits, and they are no NIK, which a
    person may have had another number before."""
    return {
        npwp_core(npwp)
        for npwp in traits.npwps
        if len(npwp_core(npwp)) == 9 and not is_weak("npwp", npwp)
    }


def _hints(one: Traits, other: Traits, little: frozenset[str]) -> Iterable[tuple[float, Text]]:
    is_near = name_likeness(one.name, other.name, little) >= NEAR_NAME
    if not is_near and _is_of_one_kind(one, other) and _is_within(one.name, other.name, little):
        yield 5, say("nama yang satu memuat nama yang lain")
    if _same_phone(one, other):
        yield (6 if is_near else 30), say("telepon sama")
    mine, theirs = address_words(one.address), address_words(other.address)
    if mine and theirs and fuzz.token_sort_ratio(mine, theirs) >= 85:
        yield 6, say("alamat mirip")


def _is_of_one_kind(one: Traits, other: Traits) -> bool:
    """Whether both state one legal form, in one regency."""
    return one.form == other.form != "" and one.region_code == other.region_code != ""


def _is_within(one: str, other: str, little: frozenset[str]) -> bool:
    """Whether a name of several words, one of them its own, stands whole in a longer one."""
    short, long = sorted((meaning(one), meaning(other)), key=len)
    own = (
        word
        for word in short
        if len(word) >= SHORTEST_SPELT and word not in _OF_MANY and word not in little
    )
    return 1 < len(short) < len(long) and set(short) <= set(long) and any(own)


def _same_phone(one: Traits, other: Traits) -> bool:
    return phone_key(one.phone) is not None and phone_key(one.phone) == phone_key(other.phone)
