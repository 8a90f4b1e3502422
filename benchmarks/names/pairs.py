"""Pairs of records for the nightly search: second records of one firm, and two firms that are hard to
tell apart.

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


def _known_by(firm: Firm, *, points: str) -> Firm:
    """The firm under a name that has nothing to do with the known one; `points` is what they share."""
    body = f"{CHANCE.choice(words.FAMILIES)} {CHANCE.choice(words.TRADE)}".title()
    npwp = f"{firm.npwp[:13]}001" if firm.npwp and points == "npwp" else None
    return replace(firm, form="PT {}", body=body, npwp=npwp)


def _trade(firm: Firm) -> Firm:
    """The shop of a firm: another form, one rare word and a line of business, the same telephone and
    address."""
    line = CHANCE.choice([line for line in words.LINES if line not in firm.body.lower()])
    return replace(firm, form="Toko {}", body=f"{firm.rare} {line.title()}")


def _form_written_out(firm: Firm) -> str:
    written = {"PT {}": "Perseroan Terbatas {}", "CV {}": "C.V. {}", "UD {}": "Usaha Dagang {}"}
    return written.get(firm.form, "{}").format(firm.body)


def _rare(firm: Firm) -> bool:
    return bool(firm.rare) and firm.rare in firm.parts


SAME: dict[str, tuple[int, Callable[[], list[Firm]], Again]] = {
    "no or another way of the form": (40, lambda: of("plain"), named(_form_written_out)),
    "one slip": (60, lambda: of("plain", where=_rare), named(variants.KINDS["one slip in a rare word"][2])),
    "slips in two words": (30, lambda: variants.KINDS["slips in two words"][1](),
        named(variants.slips_in_two)),
    "old or new spelling": (40, lambda: of("old", "new"),
                            lambda firm: replace(firm, body=_respelt(firm))),
    "words joined": (40, lambda: of("plain", where=lambda firm: "&" not in firm.body),
        named(variants.joined)),
    "& or dan or and": (20, lambda: of("and"), named(variants.with_and)),
    "accents, hyphens, apostrophes": (40, lambda: of("marks", "hyphen"), named(
        lambda firm: variants.hyphens(firm) if firm.made == "hyphen" else variants.without_marks(firm))),
    "a word too many": (40, lambda: of("plain"), named(variants.KINDS["a word too many"][2])),
    "a word missing": (30, lambda: of("plain", where=lambda firm: len(firm.parts) >= 3),
        named(variants.missing)),
    "abbreviation or English": (40, lambda: of("abbreviation", "language"), named(lambda firm: firm.written)),
    "re-spelt": (60, lambda: of("plain"), named(variants.hurried)),
    "renamed, same taxpayer": (30, lambda: of("plain", where=lambda firm: firm.npwp is not None),
                               lambda firm: _known_by(firm, points="npwp")),
    "trade name, same telephone": (30, lambda: of("plain",
        where=lambda firm: _rare(firm) and bool(firm.phone)),
                                   _trade),
}  # fmt: skip
"""TABLE: the kinds of second records: how many, of which firms, and how they are written."""


def _respelt(firm: Firm) -> str:
    first, *others = firm.parts
    return " ".join([modern(first) if firm.made == "old" else antique(first), *others])


def doubles(after: int) -> Doubles:
    """The second records, with ids from `after` + 1 on, and all labelled pairs. Each firm is recorded at most
    twice."""
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
    """What a second record of a firm knows: rarely its numbers, most often its regency, sometimes how to
    reach it."""
    keeps = CHANCE.random
    npwp = double.npwp if kind == "renamed, same taxpayer" else None
    if npwp is None and firm.npwp and keeps() < 0.2:
        npwp = f"{firm.npwp[:13]}00{1 + id % 9}"
    pointing = kind.endswith("same telephone")
    return replace(
        double, id=id, alias="", trade="", nib=None, npwp=npwp,
        npp=f"MM{id:07}" if keeps() < 0.2 else None,
        region=firm.region if keeps() < 0.9 else CHANCE.choice(REGIONS),
        address=firm.address if pointing or keeps() < 0.3 else None,
        phone=firm.phone if pointing or keeps() < 0.3 else None,
    )  # fmt: skip


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
        ("group", 5), ("numbered", 3), ("elsewhere", 3), ("other form", 3), ("other order", 2),
        ("one place", 2),
    ):  # fmt: skip
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
