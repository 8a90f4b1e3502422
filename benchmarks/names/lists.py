"""Two lists as offices send them: one with names only, one with NPWPs. What each row means is known. Seeded.

Names are re-spelt, or the firm was renamed; some rows are of firms that nobody registered, but that are hard
to tell from one that is. No two rows are of one firm.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from benchmarks.names import variants, words
from benchmarks.names.corpus import Firm, npwp_of, of
from benchmarks.names.pairs import asked, named
from benchmarks.names.spellings import antique, modern
from benchmarks.province import REGIONS

HEADINGS = ("Nama Perusahaan", "Kabupaten/Kota", "NPWP", "Alamat", "Telepon")
CHANCE = random.Random(40)
Change = Callable[[Firm], Firm]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row: its kind, its cells as a firm, and the id of the firm that it means; None for a new one."""

    kind: str
    as_written: Firm
    firm_id: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        firm = self.as_written
        return (firm.name, firm.region, firm.npwp or "", firm.address or "", firm.phone or "")


def _other_name(firm: Firm) -> str:
    """A name that no other firm of a list gets."""
    at, family = divmod(firm.id, len(words.FAMILIES))
    return f"PT {words.FAMILIES[family].title()} {words.SANSKRIT_BEGINS[at].title()}loka"


def _respelt_old(firm: Firm) -> Firm:
    first, *others = firm.parts
    return replace(
        firm, body=" ".join([modern(first) if firm.made == "old" else antique(first), *others])
    )


def _renamed(firm: Firm, *, keeps: str) -> Firm:
    """The firm under an altogether different name, with only one thing that points to it."""
    known = {
        fact: getattr(firm, fact) if fact == keeps else None
        for fact in ("npwp", "phone", "address")
    }
    return replace(firm, form="{}", body=_other_name(firm), **known)


def _hurried(firm: Firm) -> Firm:
    return replace(firm, form="{}", body=variants.hurried(firm))


def _slipped(firm: Firm) -> Firm:
    """One of the first eight digits of the NPWP is another one: the check digit no longer fits."""
    npwp, at = firm.npwp or "", CHANCE.randrange(2, 9)
    digit = (int(npwp[at]) + CHANCE.randint(1, 9)) % 10
    return replace(firm, npwp=f"{npwp[:at]}{digit}{npwp[at + 1 :]}")


def _branch(firm: Firm) -> Firm:
    return replace(firm, npwp=f"{(firm.npwp or '')[:13]}003")


def _with_npwp(firm: Firm, number: int) -> Firm:
    return replace(firm, npwp=npwp_of(number))


def _own_npwp(firm: Firm) -> Firm:
    """A firm of which nothing else is known, with an NPWP that nobody bears."""
    return _with_npwp(firm, 3_000_000 + firm.id)


def _a_perum(firm: Firm) -> Firm:
    return replace(firm, form="Perum {}")


def _other_form(firm: Firm) -> Firm:
    others = [
        form
        for form in ("PT {}", "CV {}", "Koperasi {}", "UD {}", "Yayasan {}")
        if form != firm.form
    ]
    return replace(firm, form=CHANCE.choice(others))


def _other_line(firm: Firm) -> Firm:
    own = next(part for part in firm.parts if part.lower() in words.LINES)
    borne = f"{firm.name} {firm.alias}".lower()
    other = CHANCE.choice([line for line in words.LINES[:40] if line not in borne])
    return replace(firm, body=firm.body.replace(own, other.title()))


def _other_number(firm: Firm) -> Firm:
    *others, number = firm.parts
    other = {"1": "7", "2": "8", "3": "9", "I": "VI", "II": "VII", "III": "IX"}[number]
    return replace(firm, body=" ".join([*others, other]))


def _elsewhere(firm: Firm) -> Firm:
    return replace(
        firm, region=CHANCE.choice([region for region in REGIONS if region != firm.region])
    )


def _unrelated(firm: Firm) -> Firm:
    return replace(
        firm,
        body=f"{CHANCE.choice(words.SANSKRIT_BEGINS)}{CHANCE.choice(words.FAMILIES)} Sejati".title(),
    )


def _has_line(firm: Firm) -> bool:
    return bool(firm.rare) and any(part.lower() in words.LINES for part in firm.parts)


def _plain(
    where: Callable[[Firm], bool] = lambda firm: bool(firm.rare),
) -> Callable[[], list[Firm]]:
    return lambda: of("plain", where=where)


def _is_dialled(firm: Firm) -> bool:
    return bool(firm.phone)


def _has_form(firm: Firm) -> bool:
    return bool(firm.rare) and firm.form != "{}"


def _has_common_form(firm: Firm) -> bool:
    return firm.form in ("PT {}", "CV {}", "UD {}")


def _has_no_npwp(firm: Firm) -> bool:
    return firm.npwp is None and bool(firm.rare)


def _has_npwp(firm: Firm) -> bool:
    return firm.npwp is not None


Kinds = dict[str, tuple[int, Callable[[], list[Firm]], Change]]
WITH_NAMES: Kinds = {
    "same name": (40, _plain(), lambda firm: firm),
    "no or another way of the form": (40, _plain(_has_common_form), named(lambda firm: firm.body)),
    "re-spelt": (150, _plain(), named(variants.hurried)),
    "one slip": (60, *asked("one slip in a rare word")),
    "old or new spelling": (40, lambda: of("old", "new"), _respelt_old),
    "& or dan or and": (20, lambda: of("and"), named(variants.with_and)),
    "accents, hyphens, apostrophes": (40, lambda: of("marks", "hyphen"), named(variants.without_signs)),
    "abbreviation or English": (60, lambda: of("abbreviation", "language"), named(lambda firm: firm.written)),
    "renamed, same telephone": (40, _plain(_is_dialled), partial(_renamed, keeps="phone")),
    "renamed, same address": (40, _plain(lambda firm: bool(firm.address)),
                              partial(_renamed, keeps="address")),
    "renamed, nothing points to it": (13, _plain(), partial(_renamed, keeps="")),
}  # fmt: skip
"""TABLE: the rows without numbers that mean a known firm: how many, of which firms, how they are written."""
NEW_NAMES: Kinds = {
    "new: other line of business": (30, _plain(_has_line), _other_line),
    "new: other form than one": (30, _plain(_has_form), _other_form),
    "new: other form than several": (15, lambda: of("other form"), _a_perum),
    "new: other number": (10, lambda: of("numbered"), _other_number),
    "new: same name elsewhere": (20, lambda: of("language", "digits"), _elsewhere),
    "new: telephone of another firm": (15, lambda: of("elsewhere", "hyphen", where=_is_dialled), _unrelated),
    "new: nothing like it": (38, lambda: of("group", "one place", "marks"), _unrelated),
}  # fmt: skip
"""TABLE: the rows without numbers that mean no known firm."""
WITH_NPWPS: Kinds = {
    "re-spelt, same NPWP": (150, _plain(_has_npwp), named(variants.hurried)),
    "renamed, same NPWP": (40, lambda: of("language", "abbreviation", where=_has_npwp),
                           partial(_renamed, keeps="npwp")),
    "same name, a branch's NPWP": (30, lambda: of("old", "new", "marks", where=_has_npwp), _branch),
    "same name, NPWP one digit wrong": (40, _plain(_has_npwp), _slipped),
    "re-spelt, NPWP one digit wrong": (20, _plain(_has_npwp), lambda firm: _slipped(_hurried(firm))),
    "same name, known without NPWP": (60, _plain(_has_no_npwp), lambda firm: _with_npwp(firm, firm.id)),
    "re-spelt, known without NPWP": (60, _plain(_has_no_npwp),
                                     lambda firm: _with_npwp(_hurried(firm), firm.id)),
}  # fmt: skip
"""TABLE: the rows of the list with NPWPs that mean a known firm."""
NEW_NPWPS: Kinds = {
    "new: other form than one, own NPWP": (30, _plain(_has_form), lambda firm: _own_npwp(_other_form(firm))),
    "new: other form than several, own NPWP": (15, lambda: of("other form"),
                                               lambda firm: _own_npwp(_a_perum(firm))),
    "new: other line of business, own NPWP": (30, _plain(_has_line),
                                              lambda firm: _own_npwp(_other_line(firm))),
    "new: nothing like it": (40, lambda: of("group", "one place", "digits"),
                             lambda firm: _own_npwp(_unrelated(firm))),
}  # fmt: skip
"""TABLE: the rows of that list that mean no known firm."""


def names_only() -> list[Listed]:
    """The list without numbers."""
    return [
        replace(row, as_written=replace(row.as_written, npwp=None))
        for row in _rows("names", WITH_NAMES, NEW_NAMES)
    ]


def with_npwps() -> list[Listed]:
    """The list with numbers of taxpayers."""
    return _rows("npwps", WITH_NPWPS, NEW_NPWPS)


def _rows(seed: str, known: Kinds, new: Kinds) -> list[Listed]:
    CHANCE.seed(f"lists: {seed}")
    variants.CHANCE.seed(f"lists: {seed}")
    rows = [*_of_kinds(known, used := set(), known=True), *_of_kinds(new, used, known=False)]
    CHANCE.shuffle(rows)
    return rows


def _of_kinds(kinds: Kinds, used: set[int], *, known: bool) -> Iterator[Listed]:
    for kind, (many, suitable, change) in kinds.items():
        firms = [firm for firm in suitable() if firm.id not in used]
        CHANCE.shuffle(firms)
        for firm in islice(firms if known else _one_of_each_base(firms), many):
            used.add(firm.id)
            changed = change(firm)
            if not known:
                phone = firm.phone if "telephone" in kind else None
                changed = replace(changed, address=None, phone=phone)
            yield Listed(kind, changed, firm.id if known else None)


def _one_of_each_base(firms: Iterable[Firm]) -> Iterator[Firm]:
    """No two firms of one name, so that no row is like the new firm of another row."""
    bases = set[str]()
    for firm in firms:
        base = firm.body.rpartition(" ")[0] if firm.made == "numbered" else firm.body
        if base not in bases:
            bases.add(base)
            yield firm
