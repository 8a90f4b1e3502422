"""P14: which firm is it: searched for, recorded twice, listed; in a registry of invented names.

The names and the labelled ways of writing them are made by `benchmarks/names`. Up to 100,000 companies also
what the nightly search suspects, what becomes of two lists, and of what the counter is certain.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.measuring import Table, count, ms
from benchmarks.names.asking import Found, find_firms
from benchmarks.names.registry import REGISTRY
from benchmarks.names.tallies import Hits, percent, share
from benchmarks.names.variants import KINDS
from benchmarks.running import Run

NATURAL = "natural"
"""How the kinds begin whose questions are written as people write, not by one rule."""
FATES = ("right", "asked", "asked, not offered", "new", "wrong", "refused")


def _hits(found: Found, beginning: str = "") -> Hits:
    return Hits.all(hits for kind, hits in found.search.items() if kind.startswith(beginning))


def _share_of_hits(found: Found) -> str:
    hits = _hits(found)
    return f"{share(hits.first, hits.asked)} / {share(hits.in_five, hits.asked)}"


def _nothing(found: Found) -> str:
    return percent(_hits(found).nothing, _hits(found).asked)


def _natural(found: Found) -> str:
    hits = _hits(found, NATURAL)
    return share(hits.in_five, hits.asked)


def _cost(found: Found) -> str:
    return f"{ms(found.mean)} ({ms(found.p95)})"


def _recall(found: Found) -> str:
    pairs = found.pairs
    return f"{pairs.recall:.3f} at {pairs.precision:.3f}".replace("0.", ".") if pairs else "–"


def _night(found: Found) -> str:
    pairs = found.pairs
    return f"{ms(pairs.cpu)} and {pairs.passes:.1f} s a night" if pairs else "–"


def _of_list(name: str) -> Callable[[Found], str]:
    def figure(found: Found) -> str:
        fates = found.lists.get(name)
        return ", ".join(f"{fates.count(fate)} {fate}" for fate in FATES) if fates else "–"

    return figure


def _taken(found: Found) -> str:
    if not found.lists:
        return "–"
    taken = sum(
        fates.count(fate, new=True) for fates in found.lists.values() for fate in ("wrong",)
    )
    return f"{taken} of {sum(fates.rows(new=True) for fates in found.lists.values())}"


def _too_certain(found: Found) -> str:
    some, many = map(sum, zip(*found.certain.values(), strict=True)) if found.certain else (0, 0)
    return f"{some} of {many}" if many else "–"


def _sure(found: Found) -> str:
    some, many = found.sure
    return f"{some} of {many}" if many else "–"


SUMMARY: dict[str, tuple[str, Callable[[Found], str]]] = {
    "search: right company first / in the first five": (".88 / .95", _share_of_hits),
    "search: nothing found": ("≤ 3 %", _nothing),
    "search: natural pairs, in five": (".90", _natural),
    "search: CPU, mean (p95)": ("≤ 15 ms at 100,000", _cost),
    "duplicates: recall at precision": ("≥ .88 at ≥ .90", _recall),
    "duplicates: CPU for each company compared": ("100,000 in one night", _night),
    "names-only list, rows of known firms": ("≤ 15 new, 0 wrong", _of_list("names only")),
    "list with NPWPs, rows of known firms": ("≤ 1 new, 0 wrong", _of_list("with NPWPs")),
    "both lists: new firms taken for a known one": ("0", _taken),
    "counter: certain though it cannot be": ("0", _too_certain),
    "counter: certain about an exact name": ("–", _sure),
}
"""TABLE: the figures of the first table, each with its goal. The other tables say the same by kind."""


def measure(run: Run) -> list[Table]:
    found = {}
    for kind in run.kinds:
        for size in run.sizes:
            store = run.stores.get(kind, size, REGISTRY)
            found[f"{kind} {count(size)}"] = find_firms(store)
    tables = [_summary(found), _by_kind(found)]
    smaller = {name: one for name, one in found.items() if one.pairs is not None}
    return [*tables, *([_pairs(smaller), _lists(smaller), _certain(smaller)] if smaller else [])]


def _summary(found: dict[str, Found]) -> Table:
    table = Table("P14 Which firm is it", ("", *found, "goal"))
    for what, (goal, figure) in SUMMARY.items():
        table.rows.append((what, *map(figure, found.values()), goal))
    table.notes.append(
        "Right is the firm that is meant, or one that the typed text fits as well (a namesake)."
    )
    return table


def _by_kind(found: dict[str, Found]) -> Table:
    table = Table(
        "P14 Search by kind: first / in five, nothing found", ("kind", "questions", *found)
    )
    for kind in KINDS:
        hits = [one.search[kind] for one in found.values()]
        table.rows.append((kind, count(hits[0].asked), *map(str, hits)))
    totals = [Hits.all(one.search.values()) for one in found.values()]
    table.rows.append(("**all**", count(totals[0].asked), *map(str, totals)))
    return table


def _pairs(found: dict[str, Found]) -> Table:
    table = Table("P14 Nightly search: pairs suspected, by kind", ("kind", "pairs", *found))
    tallies = [one.pairs for one in found.values() if one.pairs is not None]
    for title in ("same", "other"):
        for kind, (_, many) in getattr(tallies[0], title).items():
            some = (getattr(tally, title)[kind][0] for tally in tallies)
            said = "one firm" if title == "same" else "two firms"
            table.rows.append((f"{said}: {kind}", count(many), *map(count, some)))
    table.rows.append(
        ("two firms: any other", "–", *(count(tally.with_strangers) for tally in tallies))
    )
    return table


def _lists(found: dict[str, Found]) -> Table:
    table = Table("P14 Lists: what becomes of a row, by kind", ("list", "kind", "rows", *found))
    first = next(iter(found.values()))
    for name, fates in first.lists.items():
        for kind, counts in sorted(
            fates.by_kind.items(), key=lambda of_kind: (of_kind[0].startswith("new"), of_kind[0])
        ):
            cells = [
                ", ".join(
                    f"{some} {fate}"
                    for fate in FATES
                    if (some := one.lists[name].by_kind[kind][fate])
                )
                for one in found.values()
            ]
            table.rows.append((name, kind, count(counts.total()), *cells))
    return table


def _certain(found: dict[str, Found]) -> Table:
    table = Table(
        "P14 Counter: certain though it cannot be, by kind", ("kind", "questions", *found)
    )
    for kind, (_, many) in next(iter(found.values())).certain.items():
        table.rows.append(
            (kind, count(many), *(count(one.certain[kind][0]) for one in found.values()))
        )
    return table
