"""Company search at size (performance goal P5): a part of a name and a mistyped word, against a scan with LIKE.

`python -m benchmarks.search` fills both stores with generated companies, asks each question in turn with the scan, and prints the
medians and their ratio as the table of docs/performance.md. `--size 100000` is quicker than the million.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from compliance import create_app
from compliance.companies.identity import name_key
from compliance.companies.queries import find_matches
from compliance.companies.search.words import learn_words
from compliance.core.db import db, transaction
from tests.conftest import a_config
from tests.stores import postgresql_server

SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "ga",
    "gi",
    "ja",
    "je",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ni",
    "no",
    "pa",
    "pe",
    "ra",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "ta",
    "te",
    "ti",
    "wa",
    "ya",
]
WORDS = 30_000
ROUNDS = 5
WORD, FOLLOWING = "kamexodira", "santosoma"
"""Two words that one company bears; each question is about it."""
QUESTIONS = {
    "part of a name": "mexodi",
    "word mistyped": "kamexodria",
    "full name, one word mistyped": f"PT {WORD.title()} Santosomo Jaya",
}
Row = tuple[int, str, str]


def names(size: int) -> Iterator[Row]:
    """Id, name and key of `size` companies; some words are common, most are rare."""
    chance = random.Random(5)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(WORDS)]
    weights = [1 / (rank + 10) for rank in range(WORDS)]
    for first in range(1, size, 10_000):
        many = range(first, min(first + 10_000, size))
        drawn = chance.choices(words, weights, k=3 * len(many))
        for id in many:
            a, b, c = drawn[3 * (id - first) : 3 * (id - first) + 3]
            yield id, f"PT {a} {b} {c}".title(), f"{a} {b} {c}"
    name = f"PT {WORD} {FOLLOWING} Jaya".title()
    yield size, name, name_key(name)


def fill_sqlite(app: Flask, size: int) -> None:
    with sqlite3.connect(db.engine.url.database or "") as connection:
        _write(
            size,
            lambda rows: connection.executemany(
                "INSERT INTO companies (id, name, name_key, region_code, created_at, version)"
                " VALUES (?, ?, ?, '53.71', '2026-01-01 00:00:00', 1)", rows,
            ),
            lambda rows: connection.executemany(
                "INSERT INTO company_names (company_id, kind, name, key) VALUES (?, 'current', ?, ?)", rows
            ),
        )  # fmt: skip


def fill_postgresql(app: Flask, size: int) -> None:
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:

        def copy(table: str, columns: str, more: tuple[object, ...]) -> Callable[[list[Row]], None]:
            def write(rows: list[Row]) -> None:
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                    for row in rows:
                        stream.write_row((*row, *more))

            return write

        _write(
            size,
            copy(
                "companies",
                "id, name, name_key, region_code, created_at, version",
                ("53.71", "2026-01-01 00:00:00+00", 1),
            ),
            copy("company_names", "company_id, name, key, kind", ("current",)),
        )


def _write(
    size: int, companies: Callable[[list[Row]], object], called: Callable[[list[Row]], object]
) -> None:
    rows = list(names(size))
    for first in range(0, size, 50_000):
        companies(rows[first : first + 50_000])
        called(rows[first : first + 50_000])


@contextmanager
def a_store(name: str, size: int) -> Iterator[Flask]:
    """The application on a store of `size` companies, inside its context."""
    with tempfile.TemporaryDirectory() as folder, _address(name, Path(folder)) as url:
        app = create_app(a_config(url, Path(folder) / "mail"))
        with app.app_context():
            upgrade()
            (fill_sqlite if name == "sqlite" else fill_postgresql)(app, size)
            with transaction():
                learn_words(key for _id, _name, key in names(size))
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("ANALYZE" if name == "sqlite" else "VACUUM ANALYZE"))
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _address(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'search.sqlite3'}"
        return
    with postgresql_server() as server:
        address = make_url(server).set(drivername="postgresql+psycopg")
        yield address.render_as_string(hide_password=False)


def scan(typed: str) -> None:
    """The search that needs no index: every name is looked at."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    word = max(name_key(typed).split(), key=len)
    query = sa.text("SELECT company_id FROM company_names WHERE key LIKE :part")
    db.session.execute(query, {"part": f"%{word}%"}).all()


def milliseconds(work: Callable[[], object]) -> float:
    db.session.rollback()
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    size = parser.parse_args().size
    print(f"| {size:,} companies | question | search | LIKE scan | ratio |\n|---|---|---|---|---|")
    for store in ("sqlite", "postgresql"):
        with a_store(store, size):
            for question, typed in QUESTIONS.items():
                found = find_matches(typed, limit=25)
                assert found and found[0].company.id == size, f"{typed} found {found[:1]}"
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    ours.append(milliseconds(lambda typed=typed: find_matches(typed, limit=25)))  # type: ignore[misc]
                    theirs.append(milliseconds(lambda typed=typed: scan(typed)))  # type: ignore[misc]
                search, whole = statistics.median(ours), statistics.median(theirs)
                print(
                    f"| {store} | {question} | {search:.1f} ms | {whole:.1f} ms | {search / whole:.3f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
