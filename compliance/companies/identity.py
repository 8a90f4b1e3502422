"""The numbers that a company bears: the one reader of what was typed as a number.

Page, API, command, search, import and form read numbers with `read_number`: all understand and refuse the
same. Refuses only what cannot be a number at all. What is merely unlikely is a doubt, because informal
employers and typing errors in official papers are both real. Knows neither Flask nor the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik

from compliance.companies.names import has_legal_form
from compliance.core.parsing import Unreadable
from compliance.core.text import Text, say

NumberKind = Literal["nib", "npwp", "npp"]
NUMBERS: dict[NumberKind, str] = {"nib": "NIB", "npwp": "NPWP", "npp": "NPP"}
"""The kinds of numbers, each with its label."""
LONGEST_NUMBER = 60
_NOTHING = " .-_\N{EN DASH}\N{EM DASH}"  # how offices write "none" in a cell
_ROUNDED = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?P<kind>nib|npwp|npp)\b\W*(?=.*\d)", re.IGNORECASE)
_NPP_SHAPE = re.compile(r"(?=.{8,12}\Z)[A-Z]{0,2}[0-9]{6,12}[A-Z]{0,2}")
_NOT_IN_NPWP = re.compile(r"[^0-9\s.\-\u2010-\u2015]")
NO_NUMBER = say(
    "Ini bukan NIB (13 angka), NPWP (15 atau 16 angka), atau NPP (8 sampai 12 huruf dan angka)."
)


class BadNumber(Unreadable):
    """Cannot be a number of that kind; `reason` says what to type."""


@dataclass(frozen=True)
class Number:
    """A number as it is stored."""

    kind: NumberKind
    stored: str

    @property
    def core(self) -> str | None:
        """What an NPWP shares with the NPWPs of its branches; None for the other kinds."""
        return npwp_core(self.stored) if self.kind == "npwp" else None


@dataclass(frozen=True)
class Reading:
    """What a typed text may mean: some numbers, the likeliest first, or a name.

    `kind` is what the text looks like. `problem` says why it does not look like a number; `numbers` may still
    hold an NPP that it might be. `is_mistyped`: it looks like a number with a mistake, so it is no name.
    """

    kind: NumberKind | Literal["name"]
    numbers: tuple[Number, ...] = ()
    problem: Text | None = None
    is_mistyped: bool = False


def read_number(typed: str | None, kind: NumberKind | None = None) -> Reading:
    """What numbers a typed text may be, in any shape and with or without its label ("NIB 9120 0012 3456 7").

    With a `kind`, only a number of that kind. Never raises.
    """
    return _read_any(typed or "") if kind is None else _read_one(kind, typed)


def _read_one(kind: NumberKind, typed: str | None) -> Reading:
    try:
        stored = NORMALISERS[kind](typed)
    except BadNumber as error:
        return Reading(kind, problem=error.reason, is_mistyped=True)
    return Reading(kind, (Number(kind, stored),) if stored else ())


def _read_any(typed: str) -> Reading:
    label, unlabelled = _split_label(typed)
    kinds = sorted(NUMBERS, key=lambda kind: kind != label)
    numbers = tuple(number for kind in kinds for number in _read_one(kind, unlabelled).numbers)
    kind = _looks_like(unlabelled, label, numbers)
    if kind is not None:
        return Reading(kind, numbers)
    problem = _why_mistyped(unlabelled, label)
    return Reading("name", numbers, problem or NO_NUMBER, is_mistyped=problem is not None)


def _split_label(typed: str) -> tuple[NumberKind | None, str]:
    """The kind of number that the text names itself, and the text without that label."""
    label = _LABEL.match(typed)
    if label is None:
        return None, typed
    return next(kind for kind in NUMBERS if kind == label["kind"].lower()), typed[label.end() :]


def _looks_like(
    typed: str, label: NumberKind | None, numbers: tuple[Number, ...]
) -> NumberKind | None:
    """The kind of number that the text looks like. An NPP does so by its label or its usual shape."""
    if not numbers:
        return None
    if numbers[0].kind != "npp" or label == "npp":
        return numbers[0].kind
    usual = _NPP_SHAPE.fullmatch(numbers[0].stored) and not has_legal_form(typed)
    return "npp" if usual and label is None else None


def _why_mistyped(typed: str, label: NumberKind | None) -> Text | None:
    """Why a text that looks like a number is none; None when it may be a name."""
    if _ROUNDED.fullmatch(typed.strip()):
        return _rounded(NUMBERS[label] if label else say("Nomor"))
    letters = sum(char.isalpha() for char in typed)
    digits = sum(char.isdecimal() for char in typed)
    if label is not None and digits > letters:
        return _read_one(label, typed).problem
    if letters or digits <= 12:
        return None
    if len(typed.strip()) > LONGEST_NUMBER:
        return _read_one("nib", typed).problem
    return say("NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik {count}", count=digits)


def nib(typed: str | None) -> str | None:
    """The business identification number as stored: 13 digits. None when nothing was typed. Raises BadNumber.

    There is no public check digit: the digits are random (PP 24/2018 art. 24(2)).
    """
    digits = _digits(typed, "nib")
    if digits and len(digits) != 13:
        raise BadNumber(say("NIB terdiri dari 13 angka; yang diketik {count}", count=len(digits)))
    return digits or None


def npwp(typed: str | None) -> str | None:
    """The taxpayer number as stored: 16 digits. None when nothing was typed. Raises BadNumber.

    The old 15 digits become 16 by a leading 0; a person's NIK serves as it is (PMK 112/PMK.03/2022).
    """
    digits = _digits(typed, "npwp")
    if digits and len(digits) not in (15, 16):
        raise BadNumber(
            say("NPWP terdiri dari 15 atau 16 angka; yang diketik {count}", count=len(digits))
        )
    return digits.zfill(16) if digits else None


def npp(typed: str | None) -> str | None:
    """The BPJS Ketenagakerjaan company number as stored: 8 to 20 capital letters and digits.

    None when nothing was typed. Raises BadNumber, also for letters alone. No check digit is known.
    """
    code = _compact(_without_label(typed, "npp"))
    if _ROUNDED.fullmatch((typed or "").strip()):
        raise BadNumber(_rounded("NPP"))
    if code and not 8 <= len(code) <= 20:
        problem = say(
            "NPP terdiri dari 8 sampai 20 huruf dan angka; yang diketik {count}", count=len(code)
        )
        raise BadNumber(problem)
    if code.isalpha():
        raise BadNumber(say("NPP memuat angka, misalnya JJ012345"))
    return code or None


def npwp_core(canonical: str) -> str:
    """The part of a stored NPWP that stays the same in every branch and tax office.

    Nine digits of 0 + 15, of which the last checks the others; all sixteen when it is a person's NIK.
    """
    return canonical[1:10] if canonical.startswith("0") else canonical


def npwps_in(cell: str | None) -> list[str]:
    """Every NPWP in a cell that may hold several, in several formats, once, as stored.

    Passes over what is no NPWP; raises nothing.
    """
    try:
        only = npwp(cell)
    except BadNumber:
        npwps: dict[str, None] = {}
        for piece in _NOT_IN_NPWP.split(_plain(cell or "")):
            npwps.update(dict.fromkeys(_npwps_in_a_row(piece)))
        return list(npwps)
    return [only] if only else []


NORMALISERS: dict[NumberKind, Callable[[str | None], str | None]] = {
    "nib": nib,
    "npwp": npwp,
    "npp": npp,
}


def doubts(
    *, nib: str | None = None, npwp: str | None = None, npp: str | None = None
) -> list[Text]:
    """Why stored numbers deserve a second look. Never a refusal: about 1 in 100 real NPWPs fails Luhn."""
    doubtful = []
    if nib and len(set(nib)) == 1:
        doubtful.append(say("Semua angka NIB sama. Periksa lagi"))
    if npwp:
        core = npwp_core(npwp)
        if len(set(core)) == 1:
            doubtful.append(say("Semua angka pokok NPWP sama. Periksa lagi"))
        elif len(core) == 9 and not luhn.is_valid(core):
            doubtful.append(
                say("Angka pemeriksa NPWP tidak cocok, mungkin salah ketik. Periksa lagi")
            )
        elif len(core) != 9 and not _plausible_nik(core):
            doubtful.append(
                say(
                    "NPWP yang tidak diawali 0 adalah NIK, tetapi wilayah atau tanggal lahirnya "
                    "tidak mungkin. Periksa lagi"
                )
            )
    if npp and len(set(npp)) == 1:
        doubtful.append(say("Semua angka NPP sama. Periksa lagi"))
    return doubtful


def shown_nib(canonical: str) -> str:
    """A stored NIB for a screen: 9120 0012 3456 7."""
    return " ".join(canonical[start : start + 4] for start in range(0, len(canonical), 4))


def shown_npwp(canonical: str) -> str:
    """A stored NPWP for a screen: as on the old card (99.999.999.9-999.999), a NIK in fours."""
    if len(canonical) != 16 or not canonical.startswith("0"):
        return shown_nib(canonical)
    old = canonical[1:]
    return f"{old[:2]}.{old[2:5]}.{old[5:8]}.{old[8]}-{old[9:12]}.{old[12:]}"


SHOWN: dict[str, Callable[[str], str]] = {"nib": shown_nib, "npwp": shown_npwp, "npp": str}
"""How a stored number of each kind is written for people."""


def _without_label(typed: str | None, kind: NumberKind) -> str:
    label, unlabelled = _split_label(typed or "")
    return unlabelled if label == kind else typed or ""


def _rounded(label: str | Text) -> Text:
    return say(
        "{label} ini sudah dibulatkan oleh Excel. Ubah format kolomnya menjadi Teks, lalu ketik"
        " lagi nomornya",
        label=label,
    )


def _digits(typed: str | None, kind: NumberKind) -> str:
    """The digits of a number that has nothing else. Raises BadNumber."""
    typed = _without_label(typed, kind)
    code = _compact(typed)
    letters = sorted(set(code) - set("0123456789"))
    if letters and _ROUNDED.search(typed):
        raise BadNumber(_rounded(NUMBERS[kind]))
    if letters:
        wrong, label = ", ".join(letters[:3]), NUMBERS[kind]
        raise BadNumber(
            say("{label} hanya berisi angka; periksa huruf {letters}", label=label, letters=wrong)
        )
    return code


def _compact(typed: str) -> str:
    """Letters A–Z and digits of a number, separators dropped, "" for nothing. Raises BadNumber."""
    text = typed.strip()
    if len(text) > LONGEST_NUMBER:
        problem = say(
            "Nomor ini terlalu panjang ({count} huruf). Ketik satu nomor saja", count=len(text)
        )
        raise BadNumber(problem)
    text = _plain(text).strip(_NOTHING)
    code = "".join(
        char for char in text if not char.isspace() and unicodedata.category(char)[0] not in "PSZ"
    )
    if not code.isascii() or (text and not code.isalnum()):
        raise BadNumber(
            say("Nomor ini memuat tanda yang bukan angka atau huruf A–Z. Ketik ulang nomornya")
        )
    return code.upper()


def _plain(text: str) -> str:
    """The same with full-width and other scripts' digits as 0–9, and without invisible marks."""
    if text.isascii() and text.isprintable():
        return text
    folded = unicodedata.normalize("NFKC", text)
    shown = (
        char for char in folded if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf")
    )
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in shown)


def _npwps_in_a_row(piece: str) -> list[str]:
    """NPWPs in a stretch of digits, dots, dashes and spaces; a space may part groups or whole numbers."""
    groups = [re.sub(r"\D", "", group) for group in piece.split()]
    if len("".join(groups)) in (15, 16):
        groups = ["".join(groups)]
    npwps, digits = [], ""
    for group in groups:
        digits = digits + group if len(digits + group) <= 16 else group
        if len(digits) in (15, 16):
            npwps.append(digits.zfill(16))
            digits = ""
    return npwps


def _plausible_nik(number: str) -> bool:
    """Whether the province code is one in use (11 to 97) and the day of birth exists."""
    try:
        nik.get_birth_date(number)
    except (ValidationError, ValueError):
        return False
    return 11 <= int(number[:2]) <= 97
