"""The words that names are made of, and which of them a mistyped word may be.

A word is found again by its first or its last letters, through an index, and weighed by how many letters it
differs. A command that writes a name learns its words in the same transaction. Knows nothing of who bears a
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from compliance.companies.models import CompanyWord
from compliance.core.db import db, insert_into, is_postgresql
from compliance.policy import system_only

SHORTEST_WORD = 4
"""Shorter words are too much alike to say which one a mistyped word is."""
LONG = 8
"""From here on two letters may be wrong, below only one."""
MOST_SPELLINGS = 5
_AFTER_ALL = "\U0010ffff"


@system_only
def learn_words(keys: Iterable[str]) -> None:
    """Remember the words of these keys of names. In one order, so that two who write at once do not block
    each other."""
    words = sorted({word for key in keys for word in key.split() if len(word) >= SHORTEST_WORD})
    if words:
        rows = [{"word": word, "backwards": word[::-1]} for word in words]
        db.session.connection().execute(_add_words(postgresql=is_postgresql()), rows)


@cache
def _add_words(*, postgresql: bool) -> sa.Insert:
    """The statement for the store at hand, built once."""
    return insert_into(CompanyWord).on_conflict_do_nothing()


def spellings_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The spellings to search for: a word itself, and the nearest ones when no name has it. One read."""
    queries = {word: _near(word) for word in words if len(word) >= SHORTEST_WORD}
    if not queries:
        return [(word,) for word in words]
    known = set(db.session.scalars(sa.union(*queries.values())))
    return [
        (word,) if word in known or word not in queries else (word, *_nearest(word, known))
        for word in words
    ]


def _near(word: str) -> sa.Select[str]:
    """The words with the first or the last letters of `word` and about its length."""
    kept = (len(word) - 1) // 2
    begins, ends = word[:kept], word[::-1][:kept]
    return sa.select(CompanyWord.word).where(
        sa.or_(
            CompanyWord.word.between(begins, begins + _AFTER_ALL),
            CompanyWord.backwards.between(ends, ends + _AFTER_ALL),
        ),
        sa.func.length(CompanyWord.word).between(len(word) - 1, len(word) + 1),
    )


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    """The words with the fewest letters wrong, if they are few: a letter too much, missing, another, or two
    swapped."""
    most = 2 if len(word) >= LONG else 1
    distances = {other: OSA.distance(word, other, score_cutoff=most) for other in known}
    near = sorted(
        (other for other in known if distances[other] <= most),
        key=lambda other: (distances[other], other),
    )
    return [other for other in near if distances[other] == distances[near[0]]][:MOST_SPELLINGS]
