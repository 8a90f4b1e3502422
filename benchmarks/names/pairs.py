"""Pairs of records for the nightly search: of one firm, and of two firms that are hard to tell apart.

Seeded. The second records, and firms that differ from a known one in one telling word, have ids behind all
others (`doubles`). Pairs of two firms also stand among the first thousand.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from benchmarks.names import variants, words
from benchmarks.names.corpus import Firm, core, npwp_of, of
from benchmarks.names.spellings import antique, modern
from benchmarks.province import REGIONS

CHANCE = random.Random(30)
Again = Callable[[Firm], Firm]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Doubles:
    """What is added to a registry. `same` are pairs of one firm, `other` pairs of two firms, by kind."""

    firms: list[Firm]
    same: dict[str, list[Pair]]
    other: dict[str, list[Pair]]

    @property
    def labelled(self) -> set[int]:
        """The ids of all firms about whose pairs the truth is known."""
        known = {id for pairs in self.other.values() for pair in pairs for id in pair}
        return known | {id for pairs in self.same.values() for pair in pairs for id in pair}


def named(write: Callable[[Firm], str]) -> Again:
    """The firm once more, under another name, with some of what is known of it."""
    return lambda firm: replace(firm, form="{}", body=write(firm))


def _trade(firm: Firm) -> Firm:
    """The shop of a firm: another form, the rare word and a line of business."""
    line = CHANCE.choice([line for line in words.LINES if line not in firm.body.lower()])
    return replace(firm, form="Toko {}", body=f"{firm.rare} {line.title()}")


def _form_written_out(firm: Firm) -> str:
    written = {"PT {}": "Perseroan Terbatas {}", "CV {}": "C.V. {}", "UD {}": "Usaha Dagang {}"}
    return written.get(firm.form, "{}").format(firm.body)


def _rare(firm: Firm) -> bool:
    return bool(firm.rare) and firm.rare in firm.parts


def _rare_and_dialled(firm: Firm) -> bool:
    return _rare(firm) and bool(firm.phone)


def _respelt(firm: Firm) -> str:
    first, *others = firm.parts
    return " ".join([modern(first) if firm.made == "old" else antique(first), *others])


def asked(kind: str) -> tuple[Callable[[], list[Firm]], Again]:
    """Firms and their ways of writing as questions have them."""
    _many, suitable, write = variants.KINDS[kind]
    return suitable, named(write)


def _of_another_name(firm: Firm) -> Firm:
    """The firm as a branch with a name of its own."""
    body = f"{CHANCE.choice(words.FAMILIES)} {CHANCE.choice(words.TRADE)}".title()
    return replace(firm, form="PT {}", body=body, npwp=f"{(firm.npwp or '')[:13]}001")


SAME: dict[str, tuple[int, Callable[[], list[Firm]], Again]] = {
    "no or another way of the form": (40, lambda: of("plain"), named(_form_written_out)),
    "one slip": (60, *asked("one slip in a rare word")),
    "slips in two words": (30, *asked("slips in two words")),
    "old or new spelling": (40, lambda: of("old", "new"), lambda firm: replace(firm, body=_respelt(firm))),
    "words joined": (40, *asked("words joined")),
    "& or dan or and": (20, lambda: of("and"), named(variants.with_and)),
    "accents, hyphens, apostrophes": (40, lambda: of("marks", "hyphen"), named(variants.without_signs)),
    "a word too many": (40, *asked("a word too many")),
    "a word missing": (30, *asked("a word missing")),
    "abbreviation or English": (40, lambda: of("abbreviation", "language"), named(lambda firm: firm.written)),
    "re-spelt": (60, lambda: of("plain"), named(variants.hurried)),
    "renamed, same taxpayer": (30, lambda: of("plain", where=lambda firm: bool(firm.npwp)), _of_another_name),
    "trade name, same telephone": (30, lambda: of("plain", where=_rare_and_dialled), _trade),
}  # fmt: skip
"""TABLE: the kinds of second records: how many, of which firms, and how they are written."""


def doubles(after: int) -> Doubles:
    """The second records, with ids from `after` + 1 on, and all labelled pairs."""
    CHANCE.seed("doubles")
    variants.CHANCE.seed("doubles")
    added, same, used = list[Firm](), dict[str, list[Pair]](), set[int]()
    for kind, (many, suitable, again) in SAME.items():
        firms = [firm for firm in suitable() if firm.id not in used]
        CHANCE.shuffle(firms)
        same[kind] = []
        for firm in firms[:many]:
            used.add(firm.id)
            double = _recorded_again(firm, again(firm), after + len(added) + 1, kind)
            added.append(double)
            same[kind].append((firm.id, double.id))
    other = dict(_of_the_core())
    other["line of business differs"] = []
    for firm, line in _of_another_line(used):
        twin = replace(
            firm, id=after + len(added) + 1, body=line, alias="", trade="", address=None, phone=None
        )
        added.append(_numbered(twin))
        other["line of business differs"].append((firm.id, twin.id))
    return Doubles(added, same, other)


def _recorded_again(firm: Firm, double: Firm, id: int, kind: str) -> Firm:
    """What a second record knows: rarely a number, mostly the regency, sometimes how to reach the firm."""
    keeps = CHANCE.random
    npwp = double.npwp if kind == "renamed, same taxpayer" else None
    if npwp is None and firm.npwp and keeps() < 0.2:
        npwp = f"{firm.npwp[:13]}00{1 + id % 9}"
    pointing = kind.endswith("same telephone")
    return replace(
        double,
        id=id,
        alias="",
        trade="",
        nib=None,
        npwp=npwp,
        npp=f"MM{id:07}" if keeps() < 0.2 else None,
        region=firm.region if keeps() < 0.9 else CHANCE.choice(REGIONS),
        address=firm.address if pointing or keeps() < 0.3 else None,
        phone=firm.phone if pointing or keeps() < 0.3 else None,
    )


def _numbered(firm: Firm) -> Firm:
    """With numbers of its own, as another firm has them."""
    return replace(
        firm,
        nib=f"{9_400_000_000_000 + firm.id}" if firm.id % 2 else None,
        npwp=npwp_of(firm.id) if firm.id % 3 else None,
        npp=None,
    )


def _of_the_core() -> Iterator[tuple[str, list[Pair]]]:
    """Pairs of two firms among the first thousand, by what they were made for."""
    for made, together in (
        ("group", 5),
        ("numbered", 3),
        ("elsewhere", 3),
        ("other form", 3),
        ("other order", 2),
        ("one place", 2),
    ):
        ids = [firm.id for firm in core() if firm.made == made]
        families = (ids[at : at + together] for at in range(0, len(ids), together))
        yield made, [pair for family in families for pair in combinations(family, 2)]


def _of_another_line(used: set[int]) -> Iterator[tuple[Firm, str]]:
    """Firms with a line of business in their name, and that name with another line."""
    for firm in of("plain", where=_rare):
        own = next((part for part in firm.parts if part.lower() in words.LINES), None)
        if own is None or firm.id in used:
            continue
        other = CHANCE.choice([line for line in words.LINES[:40] if line != own.lower()])
        yield firm, firm.body.replace(own, other.title())
