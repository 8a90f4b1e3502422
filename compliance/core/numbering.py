"""Numbers without gaps: one counter per name and year, taken inside the transaction that uses the number.

A transaction that rolls back gives its number back; two at once wait for each other.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model, db, is_postgresql, read_rows
from compliance.core.slots import Slot
from compliance.core.text import Text, say

TOKENS = ("serial", "year", "month", "month_roman")
ZERO_PADDED = re.compile(r"(0\d{1,2})?")
"""The only formats a token may have: any other could write two serials alike, or a number without end."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Counter(Model):
    """The last serial given for a name (such as "nota") in a year."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


_NEXT = sa.text(
    "INSERT INTO counters (name, year, last) VALUES (:name, :year, 1)"
    " ON CONFLICT (name, year) DO UPDATE SET last = counters.last + 1 RETURNING last"
)


def next_serial(name: str, year: int) -> int:
    """The next serial of `name` in `year`, from 1; held until the transaction ends."""
    [(serial,)] = read_rows(_NEXT, name=name, year=year)
    return int(serial)


@dataclass(frozen=True)
class NumberBearer:
    """The paper that bears a number: the sentence that says so, and its row."""

    said: Text
    row: Any


@dataclass(frozen=True)
class NumberedRows:
    """Rows that bear numbers: their column, and the one that bears a number."""

    column: sa.SQLColumnExpression[str | None]
    with_number: Callable[[str], NumberBearer]


NUMBERED_ROWS: Slot[NumberedRows] = Slot()
"""Where a number is looked for before a paper gets it."""


def bearer_of(number: str) -> NumberBearer | None:
    """The paper that bears a number already, of whatever kind. Whoever asks for the same number meanwhile
    waits until this transaction ends: two at once cannot both find it free.
    """
    if is_postgresql():  # on SQLite there is one writer at a time
        key = sa.func.hashtext(f"number:{number}")
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
    rows = tuple(NUMBERED_ROWS)
    places = (
        sa.select(sa.literal(place)).where(each.column == number) for place, each in enumerate(rows)
    )
    place = db.session.scalar(sa.union_all(*places).limit(1)) if rows else None
    return None if place is None else rows[place].with_number(number)


def write_number(template: str, serial: int, on: date) -> str:
    """The number that an office's template makes of `serial` and the day it is given on."""
    return template.format(
        serial=serial, year=on.year, month=on.month, month_roman=ROMAN[on.month - 1]
    )


def serial_in(template: str, number: str, on: date) -> int | None:
    """The serial for which the template would have made `number` on that day, however it is padded, spaced or
    cased; None when the template makes no such number.
    """
    pattern = ""
    for text, name, _spec, _conversion in string.Formatter().parse(template):
        pattern += re.escape(_packed(text))
        if name == "serial":
            pattern += "0*([0-9]{1,9})" if "(" not in pattern else r"0*\1"
        elif name is not None:
            pattern += re.escape(_packed(write_number(f"{{{name}}}", 0, on)))
    found = re.fullmatch(pattern, _packed(number))
    return int(found[1]) if found and found.groups() else None


def _packed(text: str) -> str:
    return "".join(text.casefold().split())


_KEEP = sa.text(
    "INSERT INTO counters (name, year, last) VALUES (:name, :year, :serial) ON CONFLICT (name, year)"
    " DO UPDATE SET last = CASE WHEN counters.last < :serial THEN :serial ELSE counters.last END"
    " RETURNING last"
)


def keep_serial(name: str, year: int, serial: int) -> None:
    """Never give `serial` of `name` in `year`: it was given before Patuh counted."""
    read_rows(_KEEP, name=name, year=year, serial=serial)


def template_problem(template: str) -> Text | None:
    """Why `template` cannot make unique numbers, or None when it can."""
    try:
        parts = list(string.Formatter().parse(template))
        fields = {name for _, name, _, _ in parts if name is not None}
        if any(
            conversion or not ZERO_PADDED.fullmatch(spec or "") for _, _, spec, conversion in parts
        ):
            raise ValueError("neither plain nor padded with zeros")
        sample = write_number(template, 7, date(2026, 11, 30)) if fields <= set(TOKENS) else ""
    except (ValueError, IndexError, KeyError):
        return say(
            "Pola nomor tidak dapat dibaca. Contoh yang benar: {example}",
            example="560/{serial:03}/{year}",
        )
    if fields - set(TOKENS):
        return say(
            "Pola nomor mengenal {tokens} saja.",
            tokens=", ".join(f"{{{token}}}" for token in TOKENS),
        )
    if not {"serial", "year"} <= fields:
        return say("Pola nomor harus memuat {serial} dan {year}.", serial="{serial}", year="{year}")
    if len(sample) > 60:
        return say("Nomor yang dihasilkan terlalu panjang (paling banyak 60 huruf).")
    return None
