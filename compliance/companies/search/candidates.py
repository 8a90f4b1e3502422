"""The names of the registry that may be meant by what was typed: two reads through the indexes, whatever its
size.

Equal names and those that begin alike, names that hold all words, names that are called so for short, and
names that share rare pieces of words. Decides nothing; `ranking` says how close they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import CompanyName
from compliance.companies.names import key_of
from compliance.companies.search.ranking import CLOSE_FROM, HALVES, NameAsked, Pieces, Sample
from compliance.companies.search.spelling import (
    one_slip_from,
    search_key,
    words_that_say_little,
)
from compliance.core.db import db, is_postgresql, read_rows
from compliance.office.settings import office_settings

SHORTEST_QUERY = 3
MOST_HOLDING = 300
MOST_EQUAL = 300
MOST_NEIGHBOURS = 50
SHORT_NAME = range(3, 9)
"""Letters of a name in which one slip may leave no piece whole."""
MOST_SHARING = 100
SHORTEST_BEGINNING = 5
SAMPLED = 5_000
SCATTER = 7_919
"""A prime, so that the names of a sample do not stand at equal distances."""
CALLED_SO = 0.8
"""How close a name is that has just these initials."""
FEW = 100
"""So many names are read each time."""
GROWN = 1.1
"""A registry that grew or shrank by this much is sampled anew."""

Names = sa.Select[*tuple[Any, ...]]
NAME = tuple(
    getattr(CompanyName, column)
    for column in ("id", "company_id", "kind", "name", "key", "search_key", "initials")
)
NAME_SEARCH = "name_search"
"""SQLite's full-text index of the search keys, by their trigrams."""
_SEARCH = sa.table(NAME_SEARCH, sa.column("rowid", sa.Integer))
_AFTER_ALL = "\U0010ffff"
_samples: dict[str, tuple[Sample, int]] = {}
"""The sample of a store by its address, and the highest number of a name when it was taken."""


def close_names(typed: str, *, slips: bool = True) -> list[tuple[Any, float]]:
    """The names that `typed` may mean, each with its closeness from 0 to 1, the closest first.

    One read, and one more for a short name when nothing is near, unless `slips` says no.
    """
    key, same = search_key(typed), key_of(typed).same
    sample = sample_of_names()
    asked = NameAsked(key, sample)
    closest = [(row, _closeness(row, asked, same)) for row in _names_near(key, sample, same=same)]
    if slips and not any(closeness >= CLOSE_FROM for _row, closeness in closest):
        closest = [
            (row, max(CLOSE_FROM, _closeness(row, asked, same))) for row in names_one_slip_from(key)
        ]
    return sorted(
        closest,
        key=lambda name: (-name[1], len(name[0].search_key), name[0].search_key, name[0].id),
    )


def _closeness(row: Any, asked: NameAsked, same: str) -> float:
    if row.key == same:
        return 1.0
    by_words = asked.closeness(row.search_key)
    return max(by_words, CALLED_SO) if row.initials == same else by_words


def names_one_slip_from(key: str) -> Sequence[Any]:
    """The names that one slip makes of a short one: "Mear" shares no three letters with "Mekar".

    `key` is a search key. None for a longer name, which shares pieces with those near it.
    """
    if len(key) not in SHORT_NAME:
        return ()
    slips = CompanyName.search_key.in_(sorted(one_slip_from(key)))
    return db.session.execute(_few(slips, MOST_NEIGHBOURS)).all()


def names_like(key: str, sample: Sample | None = None) -> Sequence[Any]:
    """The names that a name with this search key may be another spelling of. Whoever asks for many gives the
    `sample` along."""
    return _names_near(key, sample or sample_of_names()) if key else ()


def long_words(key: str) -> list[str]:
    """The words of a search key that the trigram index can find; its digits and short words it cannot."""
    return [word for word in key.split() if len(word) >= SHORTEST_QUERY]


def holding(words: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition on names that they hold all `words`, of three letters or more, by the trigram index."""
    if is_postgresql():
        return sa.and_(*(_has(sa.literal(word)) for word in words))
    matching = sa.select(_SEARCH.c.rowid).where(_matches(sa.literal(_all_of(words))))
    return CompanyName.id.in_(matching.scalar_subquery())


@dataclass(frozen=True)
class _Shape:
    """What a search looks for, without the values: its statement is built once.

    `words` counts the words to be held, `single` and `paired` the ways of sharing pieces.
    """

    postgresql: bool
    same: bool = False
    beginning: bool = False
    words: int = 0
    single: int = 0
    paired: int = 0


def _names_near(key: str, sample: Sample, *, same: str | None = None) -> Sequence[Any]:
    """All candidates, each name once; `same` is the key of equal names, where they are wanted. One read."""
    beginning = key[: max(SHORTEST_BEGINNING, len(key) * 2 // 3)]
    shape = _Shape(
        is_postgresql(), same is not None, SHORTEST_BEGINNING <= len(beginning) < len(key)
    )
    values: dict[str, Any] = {"same": same, "key": key, "key_end": key + _AFTER_ALL}
    values |= {"beginning": beginning, "beginning_end": beginning + _AFTER_ALL}
    words = long_words(key)
    if words:
        shape = replace(shape, words=len(words) if shape.postgresql else 1)
        values |= {f"word{at}": word for at, word in enumerate(words)} | {"all": _all_of(words)}
    ways = sample.pieces_of(key)
    if ways:
        paired = sum(len(way) > 1 for way in ways)
        shape = replace(shape, single=len(ways) - paired, paired=paired)
        pieces = [piece for way in ways for alternatives in way for piece in alternatives]
        values |= {f"piece{at}": piece for at, piece in enumerate(pieces)}
        values |= {f"weight{at}": sample.piece_weight(piece) for at, piece in enumerate(pieces)}
        values["any"] = " OR ".join(map(_one_way, ways))
    statement, wanted = _statement(shape)
    rows = read_rows(statement, **{name: values[name] for name in wanted & values.keys()})
    return list({row.id: row for row in rows}.values())


@lru_cache(maxsize=512)
def _statement(shape: _Shape) -> tuple[sa.CompoundSelect[Any], frozenset[str]]:
    """The statement of a search, and the names of its parameters."""
    searches = [_names_from("key")]
    if shape.same:
        equal = CompanyName.key == _value("same"), CompanyName.initials == _value("same")
        searches += [_few(condition, MOST_EQUAL) for condition in equal]
    if shape.beginning:
        searches.append(_names_from("beginning"))
    if shape.words:
        searches.append(_names_holding(shape))
    if shape.single or shape.paired:
        searches.append(_names_sharing(shape))
    statement = sa.union_all(*(sa.select(names.subquery()) for names in searches))
    return statement, frozenset(statement.compile().params)


def _value(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.String)


def _few(condition: sa.ColumnElement[bool], most: int, *order: Any) -> Names:
    return (
        sa.select(*NAME)
        .where(condition)
        .order_by(*(order or (CompanyName.company_id,)))
        .limit(sa.literal_column(str(most)))
    )


def _names_from(value: str) -> Names:
    """The names whose search key begins with a value, in the order of the index."""
    begins = CompanyName.search_key.between(_value(value), _value(f"{value}_end"))
    return _few(begins, MOST_NEIGHBOURS, CompanyName.search_key)


def _names_holding(shape: _Shape) -> Names:
    if not shape.postgresql:
        return _matching(_value("all")).limit(sa.literal_column(str(MOST_HOLDING)))
    # Materialized, so that the limit does not tempt the planner to read the whole table instead.
    held = sa.and_(*(_has(_value(f"word{at}")) for at in range(shape.words)))
    names = sa.select(*NAME).where(held).cte("holding").prefix_with("MATERIALIZED")
    return sa.select(names).limit(sa.literal_column(str(MOST_HOLDING)))


def _names_sharing(shape: _Shape) -> Names:
    """The names that share pieces in one of the ways: those that share most, rare pieces counting more."""
    pieces = [_has(_value(f"piece{at}")) for at in range(shape.single + 2 * HALVES * shape.paired)]
    weights = (sa.bindparam(f"weight{at}", type_=sa.Float) for at in range(len(pieces)))
    shared: Any = sum(
        sa.case((has, weight), else_=sa.literal_column("0.0"))
        for has, weight in zip(pieces, weights, strict=True)
    )
    order = (shared.desc(), sa.func.length(CompanyName.search_key), CompanyName.id)
    if not shape.postgresql:
        ranked = _matching(_value("any")).order_by(*order)
        return ranked.limit(sa.literal_column(str(MOST_SHARING)))
    paired = pieces[shape.single :]
    halves = [sa.or_(*paired[at : at + HALVES]) for at in range(0, len(paired), HALVES)]
    pairs = (sa.and_(*halves[at : at + 2]) for at in range(0, len(halves), 2))
    return _few(sa.or_(*pieces[: shape.single], *pairs), MOST_SHARING, *order)


def _has(piece: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition on names that they hold a piece; of letters and digits, so no sign in it means more."""
    if is_postgresql():
        return CompanyName.search_key.like("%" + piece + "%")
    return sa.func.instr(CompanyName.search_key, piece) > 0


def _matching(terms: sa.ColumnElement[str]) -> Names:
    """The names that SQLite's full-text index finds: joined, so that the index is read first."""
    names = sa.select(*NAME).join(_SEARCH, _SEARCH.c.rowid == CompanyName.id)
    return names.where(_matches(terms))


def _matches(terms: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.literal_column(NAME_SEARCH).bool_op("MATCH")(terms)


def _all_of(words: Iterable[str]) -> str:
    return " AND ".join(map(_phrase, words))


def _one_way(way: Pieces) -> str:
    return "(" + " AND ".join(f"({' OR '.join(map(_phrase, pieces))})" for pieces in way) + ")"


def _phrase(words: str) -> str:
    """In quotes, so that no sign in it is an operator of SQLite's full-text search."""
    return '"' + words.replace('"', '""') + '"'


def little_here() -> frozenset[str]:
    """The words that say little in the province that is served."""
    return words_that_say_little(office_settings().province)


def sample_of_names() -> Sample:
    """Names from all over the registry, read once a process until it has grown by a tenth.

    Of a small registry all names, each time. One read, two when a sample is taken.
    """
    little = little_here()
    newest = db.session.execute(
        sa.select(CompanyName.id, CompanyName.search_key)
        .where(CompanyName.id > 0)  # a range of the key, walked from its end
        .order_by(CompanyName.id.desc())
        .limit(FEW + 1)
    ).all()
    if len(newest) <= FEW:
        return Sample(len(newest), tuple(row.search_key for row in newest), little)
    store, highest = str(db.engine.url), newest[0].id
    known, at = _samples.get(store, (None, 0))
    if known is None or not at / GROWN <= highest <= at * GROWN:
        step = max(1, highest // SAMPLED)
        ids = [first + SCATTER * first % step for first in range(1, highest + 1, step)]
        found = sa.select(CompanyName.search_key).where(CompanyName.id.in_(ids))
        keys = tuple(db.session.scalars(found))
        known = Sample(len(keys) * step, keys, little)  # some were asked for that nobody has
        _samples[store] = known, highest
    return known
