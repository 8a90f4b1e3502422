"""Fillers: numbers that people type because a form wants one. They are nobody's.

One repeated digit, a run, or nothing but zeros behind a beginning. PER-26/PJ/2017 itself prescribes
00.000.000.0-000.000 for a buyer without an NPWP. Two firms with the same filler have nothing in common.
"""

from __future__ import annotations

import re

from compliance.companies.identity.kinds import NumberKind, npwp_core

SHORTEST_FILLER = 8
"""Shorter texts of one digit are mistyped, or names."""
_ZEROS_BEHIND_LETTERS = re.compile(r"[A-Z]{1,3}0{5,}")
_RISING = "0123456789" * 7
_FALLING = _RISING[::-1]


def is_filler(kind: NumberKind, stored: str) -> bool:
    """Whether a number, as it would be stored, is a filler and so nobody's."""
    if says_nothing(stored):
        return True
    if kind == "nib":
        return not stored[4:].strip("0")
    if kind == "npp":
        return _ZEROS_BEHIND_LETTERS.fullmatch(stored) is not None
    core = npwp_core(stored)
    if len(core) != 9:
        return not stored[6:].strip("0")
    serial, rest = core[2:], stored[10:]
    behind_a_run = _is_run(core) and not rest.strip("0")
    return says_nothing(stored[1:]) or len(set(core)) == 1 or not serial.strip("0") or behind_a_run


def says_nothing(digits: str) -> bool:
    """Whether a text is one digit again and again, or digits that rise or fall by one, and not short."""
    long = len(digits) >= SHORTEST_FILLER and digits.isascii() and digits.isdigit()
    return long and (len(set(digits)) == 1 or _is_run(digits))


def _is_run(digits: str) -> bool:
    return digits in _RISING or digits in _FALLING
