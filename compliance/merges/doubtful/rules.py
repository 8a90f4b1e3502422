"""Why a person should look at what is stored of a company. Pure.

Before a filler was nobody's number and names kept their legal form, lists made one company of several. What
came of it is told here, and never put right without a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance.companies.identity import NUMBERS, SHOWN, NumberKind, is_filler, npwp_core
from compliance.companies.identity.within import label_and_slip, numbers_within
from compliance.companies.names import is_no_name, key_of, legal_form
from compliance.core.text import Text, from_json, say, to_json

RULES = 1
"""Raise this when the rules change: the night then goes over all companies again."""
Numbers = frozenset[tuple[NumberKind, str]]


@dataclass(frozen=True)
class StoredMerge:
    """A merge in force: what either record was called and which numbers it bore, and until when it can be
    undone."""

    id: int
    kept_name: str
    gone_name: str
    kept_numbers: Numbers
    gone_numbers: Numbers
    until: datetime


@dataclass(frozen=True)
class StoredCompany:
    """What is stored of a company, as far as it may be doubted.

    Former names are no doubt: they say themselves that the company was called otherwise.
    """

    name: str
    aliases: tuple[str, ...] = ()
    numbers: Numbers = frozenset()
    merges: tuple[StoredMerge, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """One reason to look at a company.

    `about` tells it from others of its `kind`. `alias` is the name that may be another company's; `merge_id`
    the merge that made the two one, which can be undone until `until`.
    """

    kind: str
    about: str
    text: Text
    alias: str = ""
    merge_id: int | None = None
    until: datetime | None = None

    @property
    def sign(self) -> tuple[str, str]:
        """By which it is the same doubt on another day."""
        return self.kind, self.about

    def stored(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {name: to_json(value) for name, value in vars(self).items()}

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Doubt:
        """The doubt that `stored()` kept."""
        return cls(**{name: from_json(fact) for name, fact in value.items()})


def why_doubtful(company: StoredCompany) -> list[Doubt]:
    """Every reason to look at a company; most have none."""
    merged = [*_merged(company)]
    told = {doubt.alias for doubt in merged}
    of_names = (doubt for doubt in _of_other_firms(company) if doubt.alias not in told)
    return [*_fillers(company.numbers), *_no_names(company), *merged, *of_names]


def _fillers(numbers: Numbers) -> Iterator[Doubt]:
    for kind, number in sorted(numbers):
        if is_filler(kind, number):
            shown = SHOWN[kind](number)
            text = say(
                "{label} {number} angka pengisi, bukan nomor siapa pun",
                label=NUMBERS[kind],
                number=shown,
            )
            yield Doubt("filler", f"{kind} {number}", text)


def _no_names(company: StoredCompany) -> Iterator[Doubt]:
    for name in (company.name, *company.aliases):
        if is_no_name(name):
            yield Doubt("no_name", name, say("“{name}” bukan nama perusahaan", name=name))
        elif numbers_within(name) or label_and_slip(name):
            text = say("Nama “{name}” memuat nomor; pindahkan ke tempatnya", name=name)
            yield Doubt("glued", name, text)


def _merged(company: StoredCompany) -> Iterator[Doubt]:
    """Merges of two legal forms, and of two records that only a filler made one."""
    for merge in company.merges:
        others = [name for name in (merge.gone_name, merge.kept_name) if name in company.aliases]
        facts: dict[str, Any] = {
            "about": str(merge.id),
            "alias": others[0] if others else "",
            "merge_id": merge.id,
            "until": merge.until,
        }
        names = {"name": merge.gone_name, "other": merge.kept_name}
        if _other_forms(merge.kept_name, merge.gone_name):
            text = say("{name} digabungkan ke {other}, padahal bentuk hukumnya lain", **names)
            yield Doubt("merged_forms", text=text, **facts)
        elif _filler_cores(merge.kept_numbers) & _filler_cores(merge.gone_numbers):
            text = say("{name} dan {other} digabung, padahal nomornya hanya angka pengisi", **names)
            yield Doubt("merged_by_filler", text=text, **facts)


def _filler_cores(numbers: Numbers) -> set[tuple[NumberKind, str]]:
    return {
        (kind, npwp_core(number) if kind == "npwp" else number)
        for kind, number in numbers
        if is_filler(kind, number)
    }


def _of_other_firms(company: StoredCompany) -> Iterator[Doubt]:
    """Aliases that may be other companies: of another legal form, or brought together by a filler alone."""
    stating = [name for name in (company.name, *company.aliases) if legal_form(name)]
    has_filler = any(is_filler(kind, number) for kind, number in company.numbers)
    for alias in company.aliases:
        if is_no_name(alias):
            continue
        if stating and _other_forms(stating[0], alias):
            text = say("Nama lain “{name}” berbentuk hukum lain", name=alias)
            yield Doubt("other_form", alias, text, alias)
        elif has_filler and key_of(alias).same != key_of(company.name).same:
            text = say(
                "“{name}” mungkin perusahaan lain dengan angka pengisi yang sama", name=alias
            )
            yield Doubt("by_filler", alias, text, alias)


def _other_forms(one: str, other: str) -> bool:
    """Whether two names state different legal forms. A trade name (Toko …) that has nothing else in common
    speaks of no legal form."""
    forms = legal_form(one), legal_form(other)
    if not all(forms) or forms[0] == forms[1]:
        return False
    trade = any(name.casefold().startswith("toko ") for name in (one, other))
    return not trade or key_of(one).same == key_of(other).same


def is_news(doubts: Sequence[Doubt], known: Sequence[Doubt]) -> bool:
    """Whether there is a reason among `doubts` that nobody knew of when the `known` ones were looked at."""
    return not {doubt.sign for doubt in doubts} <= {doubt.sign for doubt in known}
