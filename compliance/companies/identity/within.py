"""Numbers inside words, links and cells that hold several: where they stand, and of which kind they are.

A number is known by its length; a label before or behind it says its kind. An NPP is known by its label only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.companies.identity.fillers import says_nothing
from compliance.companies.identity.kinds import Number, NumberKind
from compliance.companies.identity.typed import (
    LENGTHS,
    SHORTEST_NPP,
    TYPED_LABELS,
    as_stored,
    digits_for_letters,
    is_npp,
    plain,
)
from compliance.core.parsing import clean_line

LONGEST_SEARCHED = 500
URL = re.compile(r"\S+://\S+|\bwww\.\S+", re.IGNORECASE)
_STRETCH = re.compile(r"\d(?:[\s.\-\u2010-\u2015]*\d)*")
_SAID: dict[str, NumberKind | None] = {
    **TYPED_LABELS,
    "nik": "npwp",
    "nomor induk berusaha": "nib",
    **dict.fromkeys(("telp", "telepon", "tel", "hp", "wa", "fax", "kpj"), None),
}
"""What a label in front of digits says they are; None for what is no number of a company."""
_LABEL = re.compile(rf"(?<![a-z])(?:{'|'.join(_SAID)})(?![a-z])", re.IGNORECASE)
_SLIP = re.compile(r"\W{0,6}([\dOILBS](?:[\s.-]?[\dOILBS])*)(?![^\W_])", re.IGNORECASE)
LEAST_DIGITS = 6
"""Fewer digits behind a label are a part of a name."""
_TOKEN = re.compile(r"(?<![^\W_])[\dOILBS]{13,22}(?![^\W_])", re.IGNORECASE)
_BESIDE_A_LABEL = re.compile(
    r"\b(?:bpjs\w*|ketenagakerjaan|jamsostek|tk|no|nomor)\b", re.IGNORECASE
)
_FARTHEST_LABEL = 25
_JUST_BEHIND = re.compile(r"\W{0,3}")
_NPP = re.compile(r"[a-z]{0,3}[ .-]?\d[\da-z]*(?:[.-]\d[\da-z]*)*(?: \d[\da-z]*)*", re.IGNORECASE)
_NPP_AT_END = re.compile(r"(?<![^\W_])([a-z]{0,3}\d[\da-z]{4,20})\W{1,3}$", re.IGNORECASE)
_USUAL_NPP = re.compile(r"(?<![^\W_])[A-Z]{0,2}\d{6,10}[A-Z]{0,2}(?![^\W_])", re.IGNORECASE)
_CAP = 16
_ALL_LENGTHS = frozenset(length for lengths in LENGTHS.values() for length in lengths)


@dataclass(frozen=True)
class Within:
    """A number inside a text, the part of the text that says it, and how many digits it has."""

    number: Number
    start: int
    end: int
    digits: int


@dataclass(frozen=True)
class _Label:
    kind: NumberKind | None
    start: int
    end: int


def numbers_within(text: str, kind: NumberKind | None = None) -> list[Within]:
    """The numbers of a kind (or of any) inside a text, in its order; fillers among them."""
    text = plain(text)[:LONGEST_SEARCHED]
    labels = [_Label(_SAID[label[0].lower()], *label.span()) for label in _LABEL.finditer(text)]
    found = [*_digits_within(text, labels, kind)]
    if kind in (None, "npp"):
        found += _npps_within(text, labels, alone=kind == "npp")
    return sorted(found, key=lambda part: part.start)


def label_and_slip(text: str) -> tuple[NumberKind, str] | None:
    """The first label inside a text, and the digits behind it (or what was typed for digits).

    Without a label, digits and letters for digits as long as a number.
    """
    text = plain(text)[:LONGEST_SEARCHED]
    for label in _LABEL.finditer(text):
        kind, digits = _SAID[label[0].lower()], _SLIP.match(text, label.end())
        if kind is not None and digits and len(re.findall(r"\d", digits[1])) >= LEAST_DIGITS:
            return kind, digits[1]
    for token in _TOKEN.findall(text):
        for kind in LENGTHS:
            if digits_for_letters(kind, token.upper()) is not None:
                return kind, token
    return None


def words_around(text: str, found: list[Within]) -> str:
    """What a text says beside its numbers: without them, their labels and links. "" when that is nothing."""
    text = plain(text)
    for part in reversed(found):
        text = f"{text[: part.start]}\0{text[part.end :]}"
    words = _LABEL.sub(" ", URL.sub(" ", text))
    return (clean_line(re.sub(r"[^\w\s.&'-]", " ", words)) or "").strip(" .-&'_")


def _digits_within(text: str, labels: list[_Label], kind: NumberKind | None) -> Iterator[Within]:
    left = list(labels)
    for stretch in _STRETCH.finditer(text):
        label = _label_of(text, left, *stretch.span())
        if label is not None:
            left.remove(label)
        elif _is_part_of_a_word(text, *stretch.span()):
            continue
        named = label.kind if label else kind
        if (label and named is None) or named == "npp" or (kind and named != kind):
            continue
        whole = re.sub(r"\D", "", stretch[0])
        if says_nothing(whole) and (label or len(whole) in _ALL_LENGTHS):
            of_filler = named or ("npwp" if len(whole) in LENGTHS["npwp"] else "nib")
            yield Within(Number(of_filler, whole), *stretch.span(), len(whole))
            continue
        kinds: tuple[NumberKind, ...] = (named,) if named else ("nib", "npwp")
        for digits in _in_a_row(stretch[0], {size for kind in kinds for size in LENGTHS[kind]}):
            of: NumberKind = "nib" if len(digits) in LENGTHS["nib"] else "npwp"
            yield Within(Number(of, as_stored(of, digits)), *stretch.span(), len(digits))


def _label_of(text: str, labels: list[_Label], start: int, end: int) -> _Label | None:
    """The label just before a stretch of digits, else the one just behind it."""
    before = [label for label in labels if label.end <= start]
    if before:
        between = text[before[-1].end : start]
        if len(between) <= _FARTHEST_LABEL and not re.search(r"\d", between):
            return before[-1]
    behind = next((label for label in labels if label.start >= end), None)
    if behind is not None and _JUST_BEHIND.fullmatch(text[end : behind.start]):
        return behind
    return None


def _is_part_of_a_word(text: str, start: int, end: int) -> bool:
    """Whether letters touch the digits, or a plus sign says that they are a telephone number."""
    return bool(re.match(r"[^\W_]|\+", text[start - 1 : start])) or text[end : end + 1].isalpha()


def _in_a_row(stretch: str, lengths: set[int]) -> list[str]:
    """The numbers in a stretch of digits, dots, dashes and blanks; a blank may part groups or numbers."""
    groups = [re.sub(r"\D", "", group) for group in stretch.split()]
    whole = "".join(groups)
    if len(whole) in lengths:
        return [whole]
    numbers, digits = [], ""
    for group in groups:
        digits = digits + group if len(digits + group) <= _CAP else group
        if len(digits) in lengths:
            numbers.append(digits)
            digits = ""
    return numbers


def _npps_within(text: str, labels: list[_Label], *, alone: bool) -> Iterator[Within]:
    """NPPs by their label; in a cell for NPPs (`alone`) also those of the usual shape without one."""
    labelled = [
        within
        for label in labels
        if label.kind == "npp"
        for within in (_npp_after(text, label.end), _npp_before(text, label.start))
        if within is not None and is_npp(within.number.stored)
    ]
    yield from labelled
    if alone and not labelled:
        usual = (_npp_of(found, found[0]) for found in _USUAL_NPP.finditer(text))
        yield from (within for within in usual if is_npp(within.number.stored))


def _npp_after(text: str, label_end: int) -> Within | None:
    """The NPP behind a label; its blanks divide it as long as it is too short."""
    found = _NPP.search(text, label_end)
    if found is None or re.search(
        r"[^\W_]", _BESIDE_A_LABEL.sub("", text[label_end : found.start()])
    ):
        return None
    code, end = "", found.start()
    for part in re.finditer(r"\S+", found[0]):
        code, end = code + re.sub(r"\W", "", part[0]).upper(), found.start() + part.end()
        if len(code) >= SHORTEST_NPP:
            break
    return Within(Number("npp", code), found.start(), end, _digits_of(code))


def _npp_before(text: str, label_start: int) -> Within | None:
    found = _NPP_AT_END.search(text[:label_start])
    return _npp_of(found, found[1], 1) if found else None


def _npp_of(found: re.Match[str], typed: str, group: int = 0) -> Within:
    code = typed.upper()
    return Within(Number("npp", code), *found.span(group), _digits_of(code))


def _digits_of(code: str) -> int:
    return sum(map(str.isdecimal, code))
