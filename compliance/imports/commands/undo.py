"""Taking an import back, the last rows first: new companies go, filled fields are emptied, replaced ones put
back, added aliases removed.

Refuses to remove what is in use: a company that anything refers to or that was changed since stays, and so
does a field that has another value by now. The row says why. The log keeps the import and records its
undoing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import COMPANIES_TABLE, NAMES_TABLE, NUMBERS_TABLE
from compliance.core.db import db
from compliance.core.events import record
from compliance.core.text import Text, say
from compliance.imports.commands.claims import claimed_batch, let_go
from compliance.imports.commands.job import CHUNK, CHUNK_PAUSE_SECONDS, in_one_transaction
from compliance.imports.commands.write import ADDED
from compliance.imports.deciding.decisions import COLUMNS
from compliance.imports.exports import tally
from compliance.imports.kinds import COMPANY_FIELDS, FollowedRow
from compliance.imports.models import Import, ImportRow
from compliance.imports.workflow import IMPORTS
from compliance.policy import SYSTEM, system_only

TITLES = {column.name: column.title for column in COMPANY_FIELDS}
EMPTY = (
    sa.update(COMPANIES_TABLE)
    .where(COMPANIES_TABLE.c.id == sa.bindparam("known_id"))
    .values(
        {name: sa.bindparam(f"new_{name}", type_=COMPANIES_TABLE.c[name].type) for name in ADDED}
        | {"version": COMPANIES_TABLE.c.version + 1}
    )
)


@dataclass(eq=False)
class _Reduced:
    """A company while rows are taken back from it: what is stored of it, and what is to go."""

    columns: dict[str, Any]
    names: set[tuple[str, str]]
    other_numbers: set[tuple[str, str]]
    is_referred_to: bool
    is_removed: bool = False
    is_emptied: bool = False
    lost: list[tuple[str, str]] = field(default_factory=list)
    put_back: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@system_only
def undo(id: int, token: str, *, until: float | None) -> Iterator[int]:
    """Take back the rows of a batch that still stand; yields their numbers. Hands back like an import."""
    while True:
        numbers = in_one_transaction(partial(_undo_chunk, id, token))
        if numbers is None:
            return
        yield from numbers
        if until is not None and time.monotonic() > until:
            return
        time.sleep(CHUNK_PAUSE_SECONDS)


def _undo_chunk(id: int, token: str) -> list[int] | None:
    """Take back the next rows; None when there are none, and the batch is undone."""
    batch = claimed_batch(id, token)
    rows = db.session.scalars(
        _to_be_undone(batch).order_by(ImportRow.number.desc()).limit(CHUNK)
    ).all()
    if not rows:
        IMPORTS.move(batch, "undone")
        let_go(batch)
        tally(batch)
        return None
    batch.attempts = 0
    blocked = _unfollow(batch, rows)
    companies = _companies({row.company_id for row in rows if row.company_id})
    for row in rows:
        reasons = _take_back(row, companies.get(row.company_id or 0), blocked.get(row.number))
        row.is_undone, row.kept = True, [reason.stored() for reason in reasons] or None
    removed = [id for id, company in companies.items() if company.is_removed]
    emptied = [
        id for id, company in companies.items() if company.is_emptied and not company.is_removed
    ]
    _store(companies, removed, emptied)
    for id in emptied:
        _tell_put_back(batch, id, companies[id])
    _count(batch, rows, removed, emptied)
    record(
        "companies.import_undone",
        by=batch.undo_by or SYSTEM,
        file=batch.filename,
        batch=batch.id,
        rows=[rows[-1].number, rows[0].number],
        removed=removed,
        emptied=emptied,
    )
    return [row.number for row in rows]


@system_only
def _tell_put_back(batch: Import, id: int, company: _Reduced) -> None:
    """Record what a company is known as again."""
    if company.put_back:
        record(
            "company.changed",
            by=batch.undo_by or SYSTEM,
            company_id=id,
            name=company.columns["name"],
            changes={name: list(pair) for name, pair in company.put_back.items()},
            version=company.columns["version"],
            batch=batch.id,
        )


def _take_back(row: ImportRow, company: _Reduced | None, blocked: Text | None) -> list[Text]:
    """Take back what a row gave to a company; the reasons why some of it stays."""
    if blocked is not None:
        return [blocked]
    if not row.added or company is None:
        return []
    return _remove(company, row.added) if "new" in row.added else _empty(company, row.added)


def _count(
    batch: Import, rows: Sequence[ImportRow], removed: list[int], emptied: list[int]
) -> None:
    counts = {
        "rows": len(rows),
        "removed": len(removed),
        "emptied": len(emptied),
        "kept": sum(row.kept is not None for row in rows),
    }
    so_far = batch.undone or {}
    batch.undone = {name: so_far.get(name, 0) + count for name, count in counts.items()}


def _to_be_undone(batch: Import) -> sa.Select[ImportRow]:
    """The rows that gave the registry something, or from which something followed."""
    query = sa.select(ImportRow).where(
        ImportRow.import_id == batch.id,
        ImportRow.settled,
        ~ImportRow.is_undone,
        ImportRow.company_id.is_not(None),
    )
    return query if batch.what.unfollow is not None else query.where(ImportRow.added.is_not(None))


def _unfollow(batch: Import, rows: Sequence[ImportRow]) -> Mapping[int, Text]:
    if batch.what.unfollow is None:
        return {}
    followed = [
        FollowedRow(row.number, row.company_id or 0, row.outcome, row.extras or {}) for row in rows
    ]
    return batch.what.unfollow(batch, followed)


def _companies(ids: Iterable[int]) -> dict[int, _Reduced]:
    """The companies that rows are taken back from, locked; those that are gone already are left out."""
    wanted = sorted(ids)
    query = (
        sa.select(COMPANIES_TABLE)
        .where(COMPANIES_TABLE.c.id.in_(wanted))
        .order_by(COMPANIES_TABLE.c.id)
        .with_for_update()
    )
    stored = db.session.execute(query).all()
    names, numbers = (
        _by_company(NAMES_TABLE.c.name, wanted),
        _by_company(NUMBERS_TABLE.c.number, wanted),
    )
    referred_to = _referred_to(wanted)
    return {
        row.id: _Reduced(row._asdict(), names[row.id], numbers[row.id], row.id in referred_to)
        for row in stored
    }


def _by_company(column: sa.Column[str], ids: Sequence[int]) -> Mapping[int, set[tuple[str, str]]]:
    """The names or the further numbers of companies, each after its kind, by company id."""
    values: dict[int, set[tuple[str, str]]] = defaultdict(set)
    table = column.table.c
    query = sa.select(table.company_id, table.kind, column).where(table.company_id.in_(ids))
    for id, kind, value in db.session.execute(query):
        values[id].add((kind, value))
    return values


def _referred_to(ids: Sequence[int]) -> set[int]:
    """The companies that any other table refers to."""
    referred_to: set[int] = set()
    for table in COMPANIES_TABLE.metadata.sorted_tables:
        for key in table.foreign_keys:
            if table not in (NAMES_TABLE, NUMBERS_TABLE) and key.references(COMPANIES_TABLE):
                query = sa.select(key.parent).where(key.parent.in_(ids)).distinct()
                referred_to.update(db.session.scalars(query))
    return referred_to


def _remove(company: _Reduced, added: dict[str, Any]) -> list[Text]:
    """Let a company go that a row brought; or say why not."""
    if company.is_referred_to:
        return [say("Perusahaan ini sudah dipakai, misalnya dalam kasus, jadi tidak dihapus")]
    names = {("current", added["new"]["name"]), *_names_added(added)}
    npwps = {("npwp", npwp) for npwp in added.get("npwps", ())}
    as_brought = (company.names, company.other_numbers) == (names, npwps)
    if not as_brought or any(company.columns[name] != added["new"].get(name) for name in COLUMNS):
        return [say("Data perusahaan ini sudah diubah sejak diimpor, jadi tidak dihapus")]
    company.is_removed = True
    return []


def _empty(company: _Reduced, added: dict[str, Any]) -> list[Text]:
    """Empty the fields that a row filled, put back what it replaced, take its names and numbers away.

    Answers what stays because it was changed.
    """
    reasons = []
    for name, value in added["filled"].items():
        if company.columns[name] == value:
            company.columns[name], company.is_emptied = None, True
        elif name in TITLES:
            text = say(
                "{field} sudah diubah sejak diimpor, jadi tidak dikosongkan", field=TITLES[name]
            )
            reasons.append(text)
    for name, (before, after) in added.get("replaced", {}).items():
        if company.columns[name] == after:
            company.columns[name], company.put_back[name] = before, (after, before)
            company.is_emptied = True
        else:
            text = say(
                "{field} sudah diubah sejak diimpor, jadi tidak dikembalikan", field=TITLES[name]
            )
            reasons.append(text)
    _take_away(_names_added(added), company, company.names)
    npwps = [("npwp", npwp) for npwp in added.get("npwps", ())]
    _take_away(npwps, company, company.other_numbers)
    return reasons


def _names_added(added: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names beside the current one that a row added, each after its kind."""
    aliases = [("alias", name) for name in added["aliases"]]
    return aliases + [("former", name) for name in added.get("former_names", ())]


def _take_away(
    added: Iterable[tuple[str, str]], company: _Reduced, stored: set[tuple[str, str]]
) -> None:
    """Take the names or numbers that a row added, each after its kind, from those that are `stored`."""
    for value in added:
        if value in stored:
            stored.discard(value)
            company.lost.append(value)
            company.is_emptied = True


def _store(companies: Mapping[int, _Reduced], removed: list[int], emptied: list[int]) -> None:
    _delete_names(companies)
    npwps = [lost for id in emptied for kind, lost in companies[id].lost if kind == "npwp"]
    if npwps:
        of_kind = NUMBERS_TABLE.c.kind == "npwp"
        db.session.execute(
            sa.delete(NUMBERS_TABLE).where(of_kind, NUMBERS_TABLE.c.number.in_(npwps))
        )
    if emptied:
        rows = [
            {"known_id": id, **{f"new_{name}": companies[id].columns[name] for name in ADDED}}
            for id in emptied
        ]
        db.session.connection().execute(EMPTY, rows)
    if removed:
        db.session.execute(sa.delete(NUMBERS_TABLE).where(NUMBERS_TABLE.c.company_id.in_(removed)))
        db.session.execute(sa.delete(NAMES_TABLE).where(NAMES_TABLE.c.company_id.in_(removed)))
        db.session.execute(sa.delete(COMPANIES_TABLE).where(COMPANIES_TABLE.c.id.in_(removed)))


def _delete_names(companies: Mapping[int, _Reduced]) -> None:
    """The aliases and former names that companies lose; a removed company loses all its names."""
    names = [
        {"of": id, "lost_kind": kind, "called": lost}
        for id, company in companies.items()
        if not company.is_removed
        for kind, lost in company.lost
        if kind != "npwp"
    ]
    if names:
        lost = (
            NAMES_TABLE.c.company_id == sa.bindparam("of"),
            NAMES_TABLE.c.kind == sa.bindparam("lost_kind"),
            NAMES_TABLE.c.name == sa.bindparam("called"),
        )
        db.session.connection().execute(sa.delete(NAMES_TABLE).where(*lost), names)
