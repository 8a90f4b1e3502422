"""What was found, asked and confused, by kind; and the shares that the tables show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Hits:
    """How many questions had the right company first, had it among the first five, or found nothing."""

    asked: int = 0
    first: int = 0
    in_five: int = 0
    nothing: int = 0

    def add(self, right: list[bool]) -> None:
        """Count a question by whether each company found, in order, is right."""
        self.asked += 1
        self.first += any(right[:1])
        self.in_five += any(right[:5])
        self.nothing += not right

    @classmethod
    def all(cls, them: Iterable[Hits]) -> Hits:
        """Several kinds as one."""
        total = cls()
        for hits in them:
            total.asked, total.first = total.asked + hits.asked, total.first + hits.first
            total.in_five, total.nothing = (
                total.in_five + hits.in_five,
                total.nothing + hits.nothing,
            )
        return total

    def __str__(self) -> str:
        of = self.asked
        return f"{share(self.first, of)} / {share(self.in_five, of)}, {percent(self.nothing, of)}"


@dataclass
class Suspicions:
    """What the nightly search put into its queue: labelled pairs by kind, found and all; and other pairs.

    `cpu` is what it cost to compare a company, `passes` what a night costs before any is compared.
    """

    same: dict[str, tuple[int, int]] = field(default_factory=dict)
    other: dict[str, tuple[int, int]] = field(default_factory=dict)
    with_strangers: int = 0
    cpu: float = 0.0
    passes: float = 0.0

    @property
    def found(self) -> int:
        return sum(found for found, _ in self.same.values())

    @property
    def recall(self) -> float:
        return self.found / sum(many for _, many in self.same.values())

    @property
    def precision(self) -> float:
        wrong = sum(found for found, _ in self.other.values()) + self.with_strangers
        return self.found / (self.found + wrong or 1)


@dataclass
class Fates:
    """What became of the rows of a list, by kind: right, asked, asked without the right one, new, wrong."""

    by_kind: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, kind: str, fate: str) -> None:
        self.by_kind.setdefault(kind, Counter())[fate] += 1

    def count(self, fate: str, *, new: bool = False) -> int:
        """How many rows had this fate, of those of known firms, or of `new` ones."""
        return sum(
            fates[fate] for kind, fates in self.by_kind.items() if kind.startswith("new") == new
        )

    def rows(self, *, new: bool) -> int:
        """How many rows there are of known firms, or of `new` ones."""
        return sum(
            fates.total() for kind, fates in self.by_kind.items() if kind.startswith("new") == new
        )


def share(some: int, of: int) -> str:
    return f"{some / of:.3f}".lstrip("0") if some < of else "1.000"


def percent(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} %"
