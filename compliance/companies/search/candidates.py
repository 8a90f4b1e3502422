"""The names of the registry that may be meant by what was typed, through the indexes: three reads, whatever
its size.

Equal names and those that begin alike, names that hold all words, names that are called so for short, and
names that share rare letters. Decides nothing; `ranking` says how close they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import CompanyName
from compliance.companies.names import key_of
from compliance.companies.search.ranking import Pieces, Question, Sample
from compliance.companies.search.spelling import search_key
from compliance.core.db import db, is_postgresql

SHORTEST_QUERY = 3
MOST_HOLDING = 300
MOST_NEIGHBOURS = 50
MOST_SHARING = 80
SHORTEST_BEGINNING = 5
SAMPLED = 5_000
CALLED_SO = 0.8
"""How close a name is that has just these initials."""
FEW = 500
"""So many names are read each time."""
GROWN = 1.1
"""A registry that grew or shrank by this much is sampled anew."""

Names = sa.Select[*tuple[Any, ...]]
NAME = tuple(
    getattr(CompanyName, column)
    for column in ("id", "company_id", "kind", "name", "key", "form", "search_key", "initials")
)
_SEARCH = sa.table("company_search", sa.column("rowid", sa.Integer))
_samples: dict[str, Sample] = {}


def close_names(typed: str) -> list[tuple[Any, float]]:
    """The names that `typed` may mean, each with its closeness from 0 to 1, the closest first."""
    key, same = search_key(typed), key_of(typed).same
    sample = sample_of_names()
    asked = Question(key, sample)
    closest = [
        (row, _closeness(row, asked, same))
        for row in _read([names_equal(same), names_called(same), *_searches(key, sample)])
    ]
    return sorted(
        closest,
        key=lambda name: (-name[1], len(name[0].search_key), name[0].search_key, name[0].id),
    )


def _closeness(row: Any, asked: Question, same: str) -> float:
    if row.key == same:
        return 1.0
    by_words = asked.closeness(row.search_key)
    return max(by_words, CALLED_SO) if row.initials == same else by_words


def names_like(key: str, *also: Names) -> Sequence[Any]:
    """The names that a name with this search key may be another spelling of, and the rows of `also`."""
    return _read([*also, *(_searches(key, sample_of_names()) if key else ())])


def names_of(companies: sa.Subquery) -> Names:
    """Rows without a name, for companies that are candidates for another reason."""
    return sa.select(
        sa.cast(sa.null(), CompanyName.id.type).label("id"),
        companies.c[0].label("company_id"),
        *(sa.cast(sa.null(), column.type).label(column.key) for column in NAME[2:]),
    )


def _read(searches: Sequence[Names]) -> Sequence[Any]:
    """What the searches bring, each name once. One read."""
    if not searches:
        return ()
    rows = db.session.execute(sa.union_all(*(sa.select(names.subquery()) for names in searches)))
    return list({row.id or -row.company_id: row for row in rows}.values())


def _searches(key: str, sample: Sample) -> list[Names]:
    searches = [names_from(key)]
    beginning = key[: max(SHORTEST_BEGINNING, len(key) * 2 // 3)]
    if SHORTEST_BEGINNING <= len(beginning) < len(key):
        searches.append(names_from(beginning))
    words = long_words(key)
    if words:
        searches.append(names_holding(words))
    pieces = sample.pieces_of(key)
    if pieces:
        searches.append(names_sharing(pieces, sample))
    return searches


def long_words(key: str) -> list[str]:
    """The words of a search key that the trigram index can find; its digits and short words it cannot."""
    return [word for word in key.split() if len(word) >= SHORTEST_QUERY]


def names_equal(same: str) -> Names:
    """The names that are the same but for legal form, marks and spaces."""
    return (
        sa.select(*NAME).where(CompanyName.key == same).order_by(CompanyName.id).limit(MOST_HOLDING)
    )


def names_from(key: str) -> Names:
    """The names that begin with a search key, in the order of the index."""
    beginning = CompanyName.search_key.between(key, key + "\U0010ffff")
    return sa.select(*NAME).where(beginning).order_by(CompanyName.search_key).limit(MOST_NEIGHBOURS)


def names_called(initials: str) -> Names:
    """The names with these initials."""
    return (
        sa.select(*NAME)
        .where(CompanyName.initials == initials)
        .order_by(CompanyName.id)
        .limit(MOST_SHARING)
    )


def names_holding(words: Sequence[str]) -> Names:
    """Names that hold all `words`, of three letters or more, by the trigram index. The first 300."""
    return _few(holding(words), MOST_HOLDING)


def holding(words: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition on names that they hold all `words`, by the trigram index."""
    if is_postgresql():
        return sa.and_(*map(_has, words))
    return CompanyName.id.in_(_matching(" AND ".join(map(_phrase, words))))


def names_sharing(ways: Sequence[Pieces], sample: Sample) -> Names:
    """The names that share pieces in one of these ways: those that share most, rare pieces counting more."""
    pieces = {piece for way in ways for alternatives in way for piece in alternatives}
    shared: Any = sum(
        sa.case((_has(piece), round(sample.piece_weight(piece), 3)), else_=0.0)
        for piece in sorted(pieces)
    )
    order = (shared.desc(), sa.func.length(CompanyName.search_key), CompanyName.id)
    return _few(_sharing(ways), MOST_SHARING, *order)


def _sharing(ways: Sequence[Pieces]) -> sa.ColumnElement[bool]:
    if is_postgresql():
        return sa.or_(*(sa.and_(*(sa.or_(*map(_has, pieces)) for pieces in way)) for way in ways))
    terms = (
        " AND ".join(f"({' OR '.join(map(_phrase, pieces))})" for pieces in way) for way in ways
    )
    return CompanyName.id.in_(_matching(" OR ".join(f"({term})" for term in terms)))


def _has(part: str) -> sa.ColumnElement[bool]:
    return CompanyName.search_key.contains(part, autoescape=True)


def _few(condition: sa.ColumnElement[bool], most: int, *order: Any) -> Names:
    """Materialized, so that the limit does not tempt PostgreSQL to read the whole table instead."""
    names = sa.select(*NAME).where(condition)
    if is_postgresql() and not order:
        return sa.select(names.cte().prefix_with("MATERIALIZED")).limit(most)
    return names.order_by(*order).limit(most)


def _matching(terms: str) -> Any:
    matches = sa.literal_column("company_search").bool_op("MATCH")(sa.literal(terms))
    return sa.select(_SEARCH.c.rowid).where(matches).scalar_subquery()


def _phrase(words: str) -> str:
    """In quotes, so that no sign in it is an operator of SQLite's full-text search."""
    return '"' + words.replace('"', '""') + '"'


def sample_of_names() -> Sample:
    """Names from all over the registry, read once a process until it has grown by a tenth.

    Of a small registry all names, each time.
    """
    store = str(db.engine.url)
    highest = db.session.scalar(sa.select(sa.func.max(CompanyName.id))) or 0
    known = _samples.get(store)
    if known is None or highest <= FEW or not known.names / GROWN <= highest <= known.names * GROWN:
        step = max(1, highest // SAMPLED)
        ids = range(highest % step or step, highest + 1, step)
        keys = db.session.scalars(sa.select(CompanyName.search_key).where(CompanyName.id.in_(ids)))
        known = _samples[store] = Sample(highest, tuple(keys))
    return known
