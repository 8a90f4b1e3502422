"""The kinds of numbers that a company bears, what is stored of each, and how it is written for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

NumberKind = Literal["nib", "npwp", "npp"]
NUMBERS: dict[NumberKind, str] = {"nib": "NIB", "npwp": "NPWP", "npp": "NPP"}
"""The kinds of numbers, each with its label."""


@dataclass(frozen=True)
class Number:
    """A number as it is stored."""

    kind: NumberKind
    stored: str

    @property
    def core(self) -> str | None:
        """What an NPWP shares with the NPWPs of its branches; None for the other kinds."""
        return npwp_core(self.stored) if self.kind == "npwp" else None

    @property
    def shown(self) -> str:
        """With its label, as people write it: "NIB 9120 0012 3456 7"."""
        return f"{NUMBERS[self.kind]} {SHOWN[self.kind](self.stored)}"


def npwp_core(canonical: str) -> str:
    """The part of a stored NPWP that stays the same in every branch and tax office.

    Nine digits of 0 + 15, of which the last checks the others; all sixteen when it is a person's NIK.
    """
    return canonical[1:10] if canonical.startswith("0") else canonical


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
