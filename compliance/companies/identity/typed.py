"""One number as it is typed, with or without its label: as it is stored, or why it cannot be.

Nothing is guessed: what a slip may have meant is offered as `suggested`, for somebody to confirm.
"""

from __future__ import annotations

import re
import unicodedata

from compliance.companies.identity.doubts import check_digit_fits
from compliance.companies.identity.fillers import is_filler, says_nothing
from compliance.companies.identity.kinds import NUMBERS, Number, NumberKind
from compliance.core.parsing import Unreadable
from compliance.core.text import Text, say

LONGEST_NUMBER = 60
LENGTHS: dict[NumberKind, tuple[int, ...]] = {"nib": (13,), "npwp": (15, 16, 22)}
"""How many digits a number has. 22: an NITKU, which is an NPWP and six digits for the workplace."""
SHORTEST_NPP, LONGEST_NPP = 8, 20
TYPED_LABELS: dict[str, NumberKind] = {"nib": "nib", "npwp": "npwp", "nitku": "npwp", "npp": "npp"}
_NOTHING = " .-_\N{EN DASH}\N{EM DASH}"  # how offices write "none" in a cell
_ROUNDED = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
_NAMED = "|".join(TYPED_LABELS)
_LABEL = re.compile(rf"\s*(?:no(?:mor)?\b\W*)?(?P<kind>{_NAMED})(?![a-z])\W*(?=.*\d)", re.I | re.S)
_LABEL_BEHIND = re.compile(rf"(?P<rest>.*\d)\W*(?P<kind>{_NAMED})\W*", re.I | re.S)
_AS_FRACTION = re.compile(r"(\d{8,})[.,]0{1,2}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_WITH_DIGITS = re.compile(r"[^\s:;,/()=]*\d[^\s:;,/()=]*")
_DIGIT_OF = str.maketrans("OILBS", "01185")
_USUAL_NPP = re.compile(r"(?=\w{8}\Z)[A-Z]{0,2}\d{6,8}", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()\d]*\)")
SEVERAL_PARTS = re.compile(r"[/;,&+|\n]|\bdan\b|\band\b", re.IGNORECASE)


class BadNumber(Unreadable):
    """Cannot be a number of that kind; `reason` says what to type, `suggested` what may have been meant."""

    def __init__(self, reason: Text, *, suggested: Number | None = None) -> None:
        super().__init__(reason)
        self.suggested = suggested


def exact(kind: NumberKind, typed: str | None) -> str | None:
    """The number that the whole text is, as stored, even when it is a filler. None when nothing was typed.

    Raises BadNumber.
    """
    label, unlabelled = split_label(typed or "")
    if label not in (None, kind):
        named, wanted = NUMBERS[label], NUMBERS[kind]
        raise BadNumber(say("Ini {named}, bukan {wanted}", named=named, wanted=wanted))
    text = unlabelled if label == kind else typed or ""
    return _npp(text) if kind == "npp" else _digits(kind, text)


def split_label(typed: str) -> tuple[NumberKind | None, str]:
    """The kind of number that the text names itself, before or behind, and the text without that label."""
    label = _LABEL.match(typed)
    if label is not None:
        return TYPED_LABELS[label["kind"].lower()], typed[label.end() :]
    label = _LABEL_BEHIND.fullmatch(typed)
    if label is not None and not has_words(label["rest"]):
        return TYPED_LABELS[label["kind"].lower()], label["rest"]
    return None, typed


def has_words(text: str) -> bool:
    """Whether a text has words, besides what may be the letters of a number."""
    return _WORD.search(_WITH_DIGITS.sub(" ", text)) is not None


def as_stored(kind: NumberKind, digits: str) -> str:
    """A number of the right length in the form in which it is stored.

    The old 15 digits of an NPWP become 16 by a leading 0; a person's NIK serves as it is (PMK
    112/PMK.03/2022); of an NITKU the first 16 are the NPWP.
    """
    return digits[:16].zfill(16) if kind == "npwp" else digits


def is_rounded(typed: str) -> bool:
    """Whether Excel has rounded a number and written it with an exponent."""
    return _ROUNDED.fullmatch(typed.strip()) is not None


def rounded(label: str | Text) -> Text:
    return say(
        "{label} ini sudah dibulatkan oleh Excel. Ubah format kolomnya menjadi Teks, lalu ketik"
        " lagi nomornya",
        label=label,
    )


def several(numbers: list[Number]) -> Text:
    """The refusal of several numbers where one is asked for."""
    shown = ", ".join(number.shown for number in numbers[:3])
    return say("Ada beberapa nomor di sini: {numbers}. Ketik satu nomor saja", numbers=shown)


def _digits(kind: NumberKind, typed: str) -> str | None:
    """A number that has nothing but digits."""
    code, label = compact(typed), NUMBERS[kind]
    letters = sorted(set(code) - set("0123456789"))
    if letters and _ROUNDED.search(typed):
        raise BadNumber(rounded(label))
    if letters:
        raise _mistyped_letters(kind, code, letters, typed)
    if not code or says_nothing(code):
        return code or None
    if len(code) not in LENGTHS[kind]:
        raise _of_another_length(kind, code)
    return as_stored(kind, code)


def _mistyped_letters(kind: NumberKind, code: str, letters: list[str], typed: str) -> BadNumber:
    meant, shown = (
        None if has_words(typed) else digits_for_letters(kind, code),
        ", ".join(letters[:3]),
    )
    if meant is not None:
        reason = say(
            "Maksud Anda {number}? Huruf {letters} dibaca sebagai angka",
            number=meant.shown,
            letters=shown,
        )
        return BadNumber(reason, suggested=meant)
    label = NUMBERS[kind]
    return BadNumber(
        say("{label} hanya berisi angka; periksa huruf {letters}", label=label, letters=shown)
    )


def _of_another_length(kind: NumberKind, code: str) -> BadNumber:
    meant = with_the_lost_zero(code) if kind == "npwp" else None
    if meant is not None:
        reason = say("Maksud Anda {number}? Nol di depannya mungkin hilang", number=meant.shown)
        return BadNumber(reason, suggested=meant)
    if kind == "nib":
        reason = say("NIB terdiri dari 13 angka; yang diketik {count}", count=len(code))
    else:
        reason = say("NPWP terdiri dari 15 atau 16 angka; yang diketik {count}", count=len(code))
    return BadNumber(reason)


def digits_for_letters(kind: NumberKind, code: str) -> Number | None:
    """The number that letters typed for digits may mean: O, I, l, B and S."""
    digits = code.translate(_DIGIT_OF)
    letters = sum(char.isalpha() for char in code)
    if not digits.isdigit() or not 0 < letters * 2 < len(code) or len(code) not in LENGTHS[kind]:
        return None
    stored = as_stored(kind, digits)
    return None if is_filler(kind, stored) else Number(kind, stored)


def npp_meant(code: str) -> Number | None:
    """The NPP that letters typed for digits may mean; the first two may be letters."""
    digits = code[:2] + code[2:].translate(_DIGIT_OF)
    return Number("npp", digits) if digits != code and digits[2:].isdigit() else None


def with_the_lost_zero(digits: str) -> Number | None:
    """The NPWP that 14 digits may be: programs for tables drop the zero in front of the old 15."""
    stored = as_stored("npwp", f"0{digits}")
    fits = len(digits) == 14 and not is_filler("npwp", stored) and check_digit_fits(stored)
    return Number("npwp", stored) if fits else None


def _npp(typed: str) -> str | None:
    """8 to 20 capital letters and digits. No check digit is known."""
    code = compact(typed)
    if is_rounded(typed):
        raise BadNumber(rounded("NPP"))
    if not code or says_nothing(code):
        return code or None
    if code.isalpha():
        raise BadNumber(say("NPP memuat angka, misalnya JJ012345"))
    if has_words(typed):
        raise BadNumber(say("Tulis NPP tanpa kata lain, misalnya JJ012345"))
    parts = npps_in_parts(typed)
    if len(parts) > 1 and len(set(parts)) == 1:
        return parts[0]
    if len(parts) > 1:
        raise BadNumber(several([Number("npp", part) for part in parts]))
    if not SHORTEST_NPP <= len(code) <= LONGEST_NPP:
        count = len(code)
        raise BadNumber(
            say("NPP terdiri dari 8 sampai 20 huruf dan angka; yang diketik {count}", count=count)
        )
    return code


def npps_in_parts(text: str) -> list[str]:
    """The NPPs of a text in parts that marks such as / or a comma divide; none when a part is no NPP.

    Blanks divide only NPPs of the usual eight signs.
    """
    text = _ASIDE.sub("", plain(text))
    words = text.split()
    of_usual_shape = len(words) > 1 and all(map(_USUAL_NPP.fullmatch, words))
    parts = words if of_usual_shape else SEVERAL_PARTS.split(text)
    parts = [part for part in parts if part.strip(_NOTHING)]
    read = [split_label(part) for part in parts]
    fits = all(label in (None, "npp") and not has_words(part) for label, part in read)
    codes = [_signs(part) for _label, part in read]
    return codes if fits and all(map(is_npp, codes)) else []


def _signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def is_npp(code: str) -> bool:
    """Whether letters and digits without anything else are an NPP."""
    right = SHORTEST_NPP <= len(code) <= LONGEST_NPP and code.isascii() and code.isalnum()
    return right and not code.isalpha()


def compact(typed: str) -> str:
    """Letters A–Z and digits of a number, separators dropped, "" for nothing. Raises BadNumber."""
    text = typed.strip()
    if len(text) > LONGEST_NUMBER:
        problem = say(
            "Nomor ini terlalu panjang ({count} huruf). Ketik satu nomor saja", count=len(text)
        )
        raise BadNumber(problem)
    text = plain(text).strip(_NOTHING)
    whole = _AS_FRACTION.fullmatch(text)  # programs for tables write a number so
    text = whole[1] if whole else text
    code = "".join(
        char for char in text if not char.isspace() and unicodedata.category(char)[0] not in "PSZ"
    )
    if not code.isascii() or (text and not code.isalnum()):
        raise BadNumber(
            say("Nomor ini memuat tanda yang bukan angka atau huruf A–Z. Ketik ulang nomornya")
        )
    return code.upper()


def plain(text: str) -> str:
    """The same with full-width and other scripts' digits as 0–9, and without invisible marks."""
    if text.isascii() and text.isprintable():
        return text
    folded = unicodedata.normalize("NFKC", text)
    shown = (
        char for char in folded if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf")
    )
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in shown)
