"""What people type into boxes and cells: how it is cleaned, how it is refused, and how a count is read.

Owns the error that says what to do instead, and whole numbers as written in Indonesian offices ("1.250").
Refuses to guess: a fraction is never rounded, "33.73" never becomes 3373.
"""

from __future__ import annotations

import re
import unicodedata

from compliance.core.errors import Invalid
from compliance.core.text import Text, say

LARGEST_COUNT = 10_000_000
_LONGEST = 60
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_MINUS = re.compile(r"[-\N{MINUS SIGN}\N{EN DASH}]\s*[0-9]")


class Unreadable(ValueError):
    """What was typed cannot be used. `reason` says why and what to type instead."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


class BadCount(Unreadable):
    """Not a whole number from 0 to LARGEST_COUNT."""


def clean_line(typed: str | None) -> str | None:
    """What was typed as one line: blanks folded, what cannot be printed left out; None when nothing
    is left.
    """
    return "".join(filter(str.isprintable, " ".join((typed or "").split()))).strip() or None


def lines_as_one(typed: str | None) -> str | None:
    """Several lines as one, with commas between them: an address in a sentence. None when nothing is left."""
    lines = (clean_lines(typed, empty_lines=False) or "").splitlines()
    return ", ".join(line.rstrip(",") for line in lines) or None


def clean_lines(typed: str | None, *, empty_lines: bool = True) -> str | None:
    """The same for several lines, each cleaned by itself; `empty_lines` between them are kept or left out."""
    lines = [clean_line(line) or "" for line in (typed or "").splitlines()]
    return "\n".join(line for line in lines if line or empty_lines).strip() or None


def printable(typed: str | None) -> str:
    """What was typed, without what no keyboard writes; blanks stay, lines end the same way everywhere."""
    text = (typed or "").replace("\r\n", "\n")
    return "".join(char for char in text if char.isprintable() or char == "\n").strip()


def too_long(text: str | None, most: int) -> Text | None:
    """The refusal of a text of more than `most` characters; None when it is short enough."""
    return say("Paling panjang {most} huruf.", most=most) if len(text or "") > most else None


REASON_NEEDED = say("Tuliskan alasannya.")


def reason_problem(reason: str | None, *, most: int, missing: Text = REASON_NEEDED) -> Text | None:
    """Why this is no reason: there is none, or more than `most` characters. None when it is one."""
    return missing if not reason else too_long(reason, most)


def needed_reason(
    typed: str | None, *, most: int, lines: bool = False, missing: Text = REASON_NEEDED
) -> str:
    """The reason as it is kept: one line, or several with `lines`.

    Raises Invalid without one, saying what is `missing`, or with one of more than `most` characters.
    """
    reason = clean_lines(typed) if lines else clean_line(typed)
    if problem := reason_problem(reason, most=most, missing=missing):
        raise Invalid({"reason": problem})
    return reason or ""


def parse_count(typed: str) -> int:
    """A whole number as people write it: "1250", "1.250", "1,250", "1 250".

    A mark counts as a thousands mark only before exactly three digits, so "33.73" and "1,5" are refused.
    Raises BadCount, also when nothing was typed: whether a count may be left out is the caller's affair.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not text:
        raise BadCount(say("Isi jumlahnya, misalnya 25"))
    if _MINUS.match(text):
        raise BadCount(say("Jumlah tidak boleh kurang dari nol"))
    if len(text) > _LONGEST or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise BadCount(say("Tulis bilangan bulat tanpa pecahan, misalnya 25 atau 1.250"))
    count = int(re.sub(r"[., ]", "", text))
    if count > LARGEST_COUNT:
        raise BadCount(say("Jumlah paling besar {limit}; periksa lagi", limit=LARGEST_COUNT))
    return count


def typed_email(typed: str) -> str:
    """A mail address as it is looked for: in lower case, without blanks and signs that nobody sees."""
    shown = filter(str.isprintable, unicodedata.normalize("NFKC", typed))
    return "".join(shown).strip().lower()[:254]


def clean_email(typed: str) -> str:
    """The address in its comparable form. Raises Invalid."""
    from email_validator import EmailNotValidError, validate_email  # not above: it loads slowly

    try:
        return validate_email(
            typed_email(typed), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        raise Invalid(
            {"email": say("Tulis alamat surel yang lengkap, misalnya nama@contoh.go.id")}
        ) from None
