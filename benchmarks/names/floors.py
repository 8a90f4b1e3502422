"""TABLE: what the benchmark of names found at 1,000 companies on SQLite; no change may sink below.

`python -m benchmarks.names.floors` measures anew and prints the tables as they stand here. Raise a floor when
it is passed; lower none.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.names.asking import Found, find_firms
from benchmarks.names.corpus import CORE
from benchmarks.names.registry import REGISTRY
from benchmarks.stores import Stores

SEARCH: dict[str, tuple[int, int, int]] = {
    "exact": (98, 100, 0),
    "without its legal form": (100, 100, 0),
    "one slip in a rare word": (159, 160, 0),
    "one slip in a common word": (119, 120, 0),
    "two slips in one word": (100, 100, 0),
    "slips in two words": (99, 100, 0),
    "a word missing": (119, 120, 0),
    "a word too many": (150, 150, 0),
    "words swapped": (80, 80, 0),
    "words joined": (100, 100, 0),
    "a word split": (80, 80, 0),
    "hyphen or space": (80, 80, 0),
    "& or dan or and": (80, 80, 0),
    "old or new spelling": (120, 120, 0),
    "f, v, p and doubled letters": (100, 100, 0),
    "Indonesian or English": (64, 72, 0),
    "abbreviation": (72, 72, 0),
    "acronym": (46, 53, 1),
    "first words only": (80, 80, 0),
    "accents and apostrophes": (80, 80, 0),
    "cut at 30 characters": (60, 60, 0),
    "digits": (59, 59, 1),
    "trade name, stored": (60, 60, 0),
    "natural: re-spelt": (191, 200, 0),
    "natural: trade name for legal name": (70, 79, 0),
}
"""Of the questions of a kind: at least so many with the right firm first, at least so many with it among
the first
five, at most so many with nothing found."""
PAIRS: dict[str, int] = {
    "no or another way of the form": 36,
    "one slip": 57,
    "slips in two words": 24,
    "old or new spelling": 39,
    "words joined": 38,
    "& or dan or and": 19,
    "accents, hyphens, apostrophes": 38,
    "a word too many": 37,
    "a word missing": 24,
    "abbreviation or English": 30,
    "re-spelt": 53,
    "renamed, same taxpayer": 30,
    "trade name, same telephone": 24,
}
"""At least so many pairs of records of one firm are suspected."""
CONFUSED: dict[str, int] = {
    "group": 0,
    "numbered": 0,
    "elsewhere": 0,
    "other form": 0,
    "other order": 9,
    "one place": 0,
    "line of business differs": 0,
    "any other": 0,
}
"""At most so many pairs of two firms are suspected."""
LISTED: dict[str, int] = {
    "names only: & or dan or and": 20,
    "names only: abbreviation or English": 59,
    "names only: accents, hyphens, apostrophes": 40,
    "names only: no or another way of the form": 40,
    "names only: old or new spelling": 40,
    "names only: one slip": 60,
    "names only: re-spelt": 148,
    "names only: renamed, nothing points to it": 0,
    "names only: renamed, same address": 40,
    "names only: renamed, same telephone": 40,
    "names only: same name": 40,
    "with NPWPs: re-spelt, NPWP one digit wrong": 20,
    "with NPWPs: re-spelt, known without NPWP": 58,
    "with NPWPs: re-spelt, same NPWP": 150,
    "with NPWPs: renamed, same NPWP": 40,
    "with NPWPs: same name, NPWP one digit wrong": 40,
    "with NPWPs: same name, a branch's NPWP": 30,
    "with NPWPs: same name, known without NPWP": 60,
}
"""At least so many rows of known firms are matched rightly, or asked about with the right firm among
those offered."""
TAKEN: dict[str, int] = {
    "names only: & or dan or and": 0,
    "names only: abbreviation or English": 0,
    "names only: accents, hyphens, apostrophes": 0,
    "names only: new: nothing like it": 0,
    "names only: new: other form than one": 1,
    "names only: new: other form than several": 0,
    "names only: new: other line of business": 0,
    "names only: new: other number": 0,
    "names only: new: same name elsewhere": 0,
    "names only: new: telephone of another firm": 0,
    "names only: no or another way of the form": 0,
    "names only: old or new spelling": 0,
    "names only: one slip": 0,
    "names only: re-spelt": 0,
    "names only: renamed, nothing points to it": 0,
    "names only: renamed, same address": 0,
    "names only: renamed, same telephone": 0,
    "names only: same name": 0,
    "with NPWPs: new: nothing like it": 0,
    "with NPWPs: new: other form than one, own NPWP": 0,
    "with NPWPs: new: other form than several, own NPWP": 0,
    "with NPWPs: new: other line of business, own NPWP": 0,
    "with NPWPs: re-spelt, NPWP one digit wrong": 0,
    "with NPWPs: re-spelt, known without NPWP": 0,
    "with NPWPs: re-spelt, same NPWP": 0,
    "with NPWPs: renamed, same NPWP": 0,
    "with NPWPs: same name, NPWP one digit wrong": 0,
    "with NPWPs: same name, a branch's NPWP": 0,
    "with NPWPs: same name, known without NPWP": 0,
}
"""At most so many rows are silently taken for a firm that they do not mean."""
SURE: dict[str, int] = {
    "exact": 86,
}
"""At least so many questions with the exact name get their one certain answer."""
CERTAIN: dict[str, int] = {
    "new: other line of business": 0,
    "new: other form than several": 0,
    "new: nothing like it": 0,
    "new: other number": 0,
    "new: other form than one": 1,
    "several: elsewhere": 0,
    "several: other form": 0,
    "another firm: exact": 0,
    "another firm: a word missing": 0,
    "another firm: acronym": 0,
    "another firm: first words only": 0,
    "another firm: natural: re-spelt": 0,
    "another firm: natural: trade name for legal name": 0,
}
"""At most so many questions about firms that nobody registered, or that fit several, get one certain
answer."""


def measured(folder: Path) -> Found:
    """Everything, measured in a registry of a thousand firms on SQLite."""
    with ExitStack() as stack:
        return find_firms(Stores(stack, folder).get("sqlite", CORE, REGISTRY))


def floors_of(found: Found) -> dict[str, dict[str, Any]]:
    """The tables that would stand here after these findings."""
    assert found.pairs is not None
    suspected = {kind: some for kind, (some, _) in found.pairs.other.items()}
    suspected["any other"] = found.pairs.with_strangers
    listed = [
        (f"{name}: {kind}", fates)
        for name, of_list in found.lists.items()
        for kind, fates in sorted(of_list.by_kind.items())
    ]
    return {
        "SEARCH": {
            kind: (hits.first, hits.in_five, hits.nothing) for kind, hits in found.search.items()
        },
        "PAIRS": {kind: some for kind, (some, _) in found.pairs.same.items()},
        "CONFUSED": suspected,
        "LISTED": {
            kind: fates["right"] + fates["asked"] for kind, fates in listed if "new: " not in kind
        },
        "TAKEN": {kind: fates["wrong"] for kind, fates in listed},
        "SURE": {"exact": found.sure[0]},
        "CERTAIN": {kind: some for kind, (some, _) in found.certain.items()},
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, floors in floors_of(measured(Path(folder))).items():
            print(name)
            for kind, floor in floors.items():
                print(f'    "{kind}": {floor},')
