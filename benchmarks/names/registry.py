"""The registry of invented firms as rows of the store, of any size. Keys and words are the application's own.

What the application derives from a name has to be derived here too, in `name_rows`: a mandatory
column without a value stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

from benchmarks.bare.store import Raw
from benchmarks.filling import Contents, Written, migrated
from benchmarks.names.corpus import CORE, Firm, firms
from benchmarks.province import STAMP, Row
from benchmarks.stores import Store
from benchmarks.tables import COLUMNS
from compliance.companies.identity import npwp_core
from compliance.companies.names import name_key
from compliance.companies.search.contacts import address_key, phone_key
from compliance.companies.search.spelling import name_columns

REGISTERED = {**COLUMNS, "companies": f"{COLUMNS['companies']} phone phone_key"}
"""The columns that are written: those of a province, and telephones."""
AT_ONCE = 5_000
NAMES_OF_ONE = 2
"""The names of company n have the ids from 2 n on."""


def filling_with_names(url: str, size: int) -> Iterator[Written]:
    """The rows of `size` firms for the empty store at `url`; the caller writes them."""
    if size < CORE:
        raise SystemExit(f"the registry of names has at least {CORE:,} firms")
    with ExitStack() as stack:
        migrated(url, stack)
        raw = Raw(url)
        stack.callback(raw.close)
        source = firms(0, size)
        while some := list(islice(source, AT_ONCE)):
            yield iter(rows_of(some).items())
        yield iter([("duplicate_search", [(1, raw.value("SELECT last_id FROM event_head"))])])


MADE_BY = (
    "words.py",
    "corpus.py",
    "spellings.py",
    "registry.py",
    "../../compliance/companies/names.py",
    "../../compliance/companies/search/spelling.py",
)
REGISTRY = Contents(
    "names", filling_with_names, tuple(f"names/{name}" for name in MADE_BY), REGISTERED
)


def rows_of(some: Iterable[Firm]) -> dict[str, list[Row]]:
    """The rows of firms, by table."""
    rows: dict[str, list[Row]] = {"companies": [], "company_names": []}
    for firm in some:
        rows["companies"].append(_ordered("companies", company_row(firm)))
        rows["company_names"] += [_ordered("company_names", name) for name in name_rows(firm)]
    return rows


def _ordered(table: str, values: dict[str, Any]) -> Row:
    return tuple(values[column] for column in REGISTERED[table].split())


def company_row(firm: Firm) -> dict[str, Any]:
    return {
        "id": firm.id,
        "name": firm.name,
        "name_key": name_key(firm.name),
        "region_code": firm.region,
        "nib": firm.nib,
        "npwp": firm.npwp,
        "npwp_core": npwp_core(firm.npwp) if firm.npwp else None,
        "npp": firm.npp,
        "kbli": None,
        "kbli_version": None,
        "scale": None,
        "address": firm.address,
        "address_key": address_key(firm.address),
        "phone": firm.phone,
        "phone_key": phone_key(firm.phone),
        "workers_total": 20,
        "created_at": STAMP,
        "version": 1,
    }


def name_rows(firm: Firm) -> Iterator[dict[str, Any]]:
    """The names that the registry knows of a firm, the current one first."""
    for at, (kind, name) in enumerate((("current", firm.name), ("alias", firm.alias))):
        if name:
            yield {
                "id": firm.id * NAMES_OF_ONE + at,
                "company_id": firm.id,
                "kind": kind,
                **name_columns(name),
                "until": None,
            }


def register(store: Store, some: Iterable[Firm]) -> None:
    """Add firms to a store at work."""
    raw = store.raw
    raw.begin()
    for table, rows in rows_of(some).items():
        columns = REGISTERED[table].split()
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        raw.many(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    raw.commit()
