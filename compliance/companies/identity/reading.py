"""What a typed text may mean: some numbers, the likeliest first, or a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from compliance.companies.identity.fillers import is_filler, says_nothing
from compliance.companies.identity.kinds import NUMBERS, Number, NumberKind
from compliance.companies.identity.typed import (
    LENGTHS,
    BadNumber,
    as_stored,
    compact,
    digits_for_letters,
    exact,
    has_words,
    is_npp,
    is_rounded,
    npp_meant,
    npps_in_parts,
    plain,
    rounded,
    several,
    split_label,
    with_the_lost_zero,
)
from compliance.companies.identity.within import (
    Within,
    label_and_slip,
    numbers_within,
    words_around,
)
from compliance.companies.names import has_legal_form
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say

SHORTEST_MISTYPED = 9
"""Bare digits from here on are a NIB, an NPWP, a known NPP, or a slip."""
_NPP_SHAPE = re.compile(r"[A-Z]{0,3}\d{5,}[A-Z]{0,3}|[A-Z]{2}[\dOILBS]{6,}")
"""What an NPP looks like; others are found when they are known, but may be names."""
NO_NUMBER = say(
    "Ini bukan NIB (13 angka), NPWP (15 atau 16 angka), atau NPP (8 sampai 20 huruf dan angka)."
)
FILLER = say(
    "Ini angka pengisi, bukan nomor siapa pun. Pakai nomor yang benar atau nama perusahaan"
)
WhyNoNumber = Literal["filler_number", "confirm_number", "mistyped_number", "no_number"]
"""Why a text is not taken for a number, as programs are told."""


@dataclass(frozen=True)
class Reading:
    """What a typed text may mean: some numbers, the likeliest first, or a name.

    `kind` is what the text looks like. `problem` says why it is not simply a number. `is_mistyped`: it looks
    like a number with a slip, so it is no name; `numbers` may still hold one that a company bears, and
    then it was no slip. `is_filler`: it is nobody's number, neither a name nor a slip. `suggested` is what
    a slip may have meant: never taken, only offered. `words` is what stands around a number inside words.
    """

    kind: NumberKind | Literal["name"]
    numbers: tuple[Number, ...] = ()
    problem: Text | None = None
    is_mistyped: bool = False
    is_filler: bool = False
    suggested: Number | None = None
    words: str = ""

    @property
    def code(self) -> WhyNoNumber | None:
        """The kind of `problem`, as programs are told; None when there is none."""
        if self.problem is None:
            return None
        if self.is_filler:
            return "filler_number"
        if self.suggested is not None:
            return "confirm_number"
        return "mistyped_number" if self.is_mistyped else "no_number"

    @property
    def details(self) -> dict[str, str]:
        """What programs are told of it besides `problem`: the code, and what may have been meant."""
        said = {"code": self.code, "suggestion": self.suggested and self.suggested.shown}
        return {name: value for name, value in said.items() if value}


def read_number(typed: str | None, kind: NumberKind | None = None) -> Reading:
    """What numbers a typed text may be: in any shape, with or without its label, alone or inside words.

    With a `kind`, only a number of that kind. Never raises.
    """
    typed = plain(typed or "")
    return _read_any(typed) if kind is None else _read_one(kind, typed)


def nib(typed: str | None) -> str | None:
    """The business identification number as stored: 13 digits. None for nothing or a filler.

    Raises BadNumber. There is no public check digit: the digits are random (PP 24/2018 art. 24(2)).
    """
    return _normalised("nib", typed)


def npwp(typed: str | None) -> str | None:
    """The taxpayer number as stored: 16 digits, from 15, 16 or the 22 of an NITKU. None for nothing or a
    filler. Raises BadNumber.
    """
    return _normalised("npwp", typed)


def npp(typed: str | None) -> str | None:
    """The BPJS Ketenagakerjaan company number as stored: 8 to 20 capital letters and digits.

    None for nothing or a filler. Raises BadNumber, also for letters alone.
    """
    return _normalised("npp", typed)


NORMALISERS: dict[NumberKind, Callable[[str | None], str | None]] = {
    "nib": nib,
    "npwp": npwp,
    "npp": npp,
}


def numbers_in(kind: NumberKind, cell: str | None) -> list[str]:
    """Every number of a kind in a cell that may hold several, in several formats, once, as stored.

    Passes over fillers and what is no such number; raises nothing. An NPWP that lost its zero is read
    with it.
    """
    return [stored for stored in _cell(kind, cell)[0] if not is_filler(kind, stored)]


def remarks_on(kind: NumberKind, typed: str | None) -> list[Text]:
    """What somebody should know about how a field or cell was read, although it was not refused."""
    numbers, zero = _cell(kind, typed)
    remarks = []
    if any(is_filler(kind, stored) for stored in numbers):
        text = say(
            "{label} {typed} ini angka pengisi, bukan nomor siapa pun; tidak disimpan",
            label=NUMBERS[kind],
            typed=(clean_line(typed) or "")[:40],
        )
        remarks.append(text)
    if zero is not None:
        text = say("Nol di depan hilang; dibaca sebagai {number}. Periksa lagi", number=zero.shown)
        remarks.append(text)
    return remarks


def _cell(kind: NumberKind, cell: str | None) -> tuple[list[str], Number | None]:
    """Every number of a cell, fillers among them; and the NPWP that lost its zero, when it is that."""
    try:
        only = exact(kind, cell)
    except BadNumber as error:
        zero = _lost_zero(cell, error)
        if zero is not None:
            return [zero.stored], zero
        parts = npps_in_parts(cell or "") if kind == "npp" else []
        within = (part.number.stored for part in numbers_within(cell or "", kind))
        return list(dict.fromkeys(parts or within)), None
    return ([only] if only else []), None


def _lost_zero(typed: str | None, error: BadNumber) -> Number | None:
    """The NPWP that 14 digits are likely to be."""
    has_letters = any(map(str.isalpha, split_label(typed or "")[1]))
    return None if has_letters else error.suggested


def _normalised(kind: NumberKind, typed: str | None) -> str | None:
    stored = _one(kind, typed)
    return None if stored is None or is_filler(kind, stored) else stored


def _one(kind: NumberKind, typed: str | None) -> str | None:
    """The one number in a text, as stored, even when it is a filler. Raises BadNumber."""
    try:
        return exact(kind, typed)
    except BadNumber as error:
        if error.suggested is not None:
            raise
        within = _complete(typed or "", numbers_within(typed or "", kind))
        numbers = list(dict.fromkeys(part.number for part in within))
        if len(numbers) > 1:
            raise BadNumber(several(numbers)) from None
        slip = label_and_slip(typed or "") if not numbers and has_words(typed or "") else None
        if slip is not None and slip[0] == kind:
            return exact(*slip)
        if not numbers:
            raise
        return numbers[0].stored


def _complete(text: str, within: list[Within]) -> list[Within]:
    """The numbers inside a text; none when it has no words, but digits that belong to no number."""
    digits = sum(map(str.isdecimal, text))
    is_all = digits == sum(part.digits for part in within)
    return within if is_all or any(map(str.isalpha, text)) else []


def _read_one(kind: NumberKind, typed: str) -> Reading:
    try:
        stored = _one(kind, typed)
    except BadNumber as error:
        likely = _lost_zero(typed, error)
        return Reading(
            kind,
            (likely,) if likely else (),
            problem=error.reason,
            is_mistyped=True,
            suggested=error.suggested,
        )
    if stored is None:
        return Reading(kind)
    if is_filler(kind, stored):
        return Reading(kind, problem=FILLER, is_filler=True)
    number = Number(kind, stored)
    if kind != "npp":
        return Reading(kind, (number,))
    bare = _bare_digits(typed)
    if len(bare) >= SHORTEST_MISTYPED:
        return Reading(kind, (number,), _no_such_npp(bare), is_mistyped=True)
    insists = split_label(typed)[0] == "npp"
    return Reading(kind, (number,), suggested=None if insists else npp_meant(stored))


def _bare_digits(typed: str) -> str:
    """The digits of a text that has nothing else but marks and blanks."""
    return "" if any(map(str.isalpha, typed)) else "".join(filter(str.isdigit, typed))


def _no_such_npp(digits: str) -> Text:
    return say(
        "Tidak ada perusahaan dengan NPP {count} angka ini. NIB terdiri dari 13 angka, NPWP 15 atau 16; "
        "periksa lagi nomornya",
        count=len(digits),
    )


def _read_any(typed: str) -> Reading:
    label, unlabelled = split_label(typed)
    if label is not None and not has_words(unlabelled):
        return _read_labelled(label, typed, unlabelled)
    if _bare_digits(typed):
        return _read_digits(typed)
    code = "" if has_words(typed) else _code(typed)
    reading = _read_code(typed, code) if code else None
    return reading or _read_within(typed) or Reading("name", (), NO_NUMBER)


def _code(typed: str) -> str:
    try:
        return compact(typed)
    except BadNumber:
        return ""


def _read_labelled(label: NumberKind, typed: str, unlabelled: str) -> Reading:
    """A number that says its kind. One that does not fit its label may be of another kind."""
    reading = _read_one(label, typed)
    if not reading.is_mistyped or reading.numbers or reading.suggested:
        return reading
    code = _bare_digits(unlabelled)
    others = tuple(
        Number(kind, as_stored(kind, code))
        for kind, lengths in LENGTHS.items()
        if kind != label and len(code) in lengths
    )
    return Reading(others[0].kind, others) if others else reading


def _read_digits(typed: str) -> Reading:
    """Digits without a label: their number says what they are."""
    code = _code(typed)
    as_npp = (Number("npp", code),) if is_npp(code) else ()
    for kind, lengths in LENGTHS.items():
        if len(code) in lengths:
            stored = as_stored(kind, code)
            if is_filler(kind, stored):
                return Reading(kind, problem=FILLER, is_filler=True)
            return Reading(kind, (Number(kind, stored), *as_npp))
    if says_nothing(code):
        return Reading("npp", problem=FILLER, is_filler=True)
    if len(code) < SHORTEST_MISTYPED:
        return Reading("npp" if as_npp else "name", as_npp, None if as_npp else NO_NUMBER)
    return _read_digits_amiss(typed, code, as_npp)


def _read_digits_amiss(typed: str, code: str, as_npp: tuple[Number, ...]) -> Reading:
    """Digits that are no NIB, NPWP or usual NPP by their number."""
    meant = with_the_lost_zero(code)
    if meant is not None:
        return _offered(meant, (meant, *as_npp), exact_problem("npwp", code))
    if len(code) < 13:
        return Reading("npp", as_npp, _no_such_npp(code), is_mistyped=True)
    problem = say(
        "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik {count}", count=len(code)
    )
    otherwise = Reading("nib", as_npp, problem, is_mistyped=True)
    return _read_within(typed) or otherwise


def exact_problem(kind: NumberKind, typed: str) -> Text:
    """Why a text is not exactly a number of a kind."""
    try:
        exact(kind, typed)
    except BadNumber as error:
        return error.reason
    return NO_NUMBER


def _offered(meant: Number, numbers: tuple[Number, ...], problem: Text) -> Reading:
    return Reading(meant.kind, numbers, problem, is_mistyped=True, suggested=meant)


def _read_code(typed: str, code: str) -> Reading | None:
    """Letters and digits: an NPP, or digits for which letters were typed."""
    numbers = (Number("npp", code),) if is_npp(code) else ()
    if is_rounded(typed):
        return Reading("nib", (), rounded(say("Nomor")), is_mistyped=True)
    parts = [Number("npp", part) for part in dict.fromkeys(npps_in_parts(typed))]
    if len(parts) > 1:
        return Reading("npp", (), several(parts), is_mistyped=True)
    for kind in LENGTHS:
        meant = digits_for_letters(kind, code)
        if meant is not None and sum(map(str.isdigit, code)) > len(code) // 2:
            return _offered(meant, numbers, exact_problem(kind, typed))
    if not numbers or numbers_within(typed) or label_and_slip(typed):
        return None
    if is_filler("npp", code):
        return Reading("npp", problem=FILLER, is_filler=True)
    if not _NPP_SHAPE.fullmatch(code) or has_legal_form(typed):
        return Reading("name", numbers, NO_NUMBER)
    return Reading("npp", numbers, suggested=npp_meant(code))


def _read_within(typed: str) -> Reading | None:
    """A number inside words."""
    within = _complete(typed, numbers_within(typed))
    numbers = list(dict.fromkeys(part.number for part in within))
    if len(numbers) > 1:
        return Reading(numbers[0].kind, (), several(numbers), is_mistyped=True)
    if not numbers:
        slip = label_and_slip(typed)
        return _read_one(*slip) if slip else None
    number = numbers[0]
    if is_filler(number.kind, number.stored):
        return Reading(number.kind, problem=FILLER, is_filler=True)
    return Reading(number.kind, (number,), words=words_around(typed, within))
