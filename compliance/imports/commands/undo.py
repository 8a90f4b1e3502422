"""Taking an import back, the last rows first: new companies go, filled fields are emptied, added aliases removed.

Refuses to touch what somebody relies on by now: a company that anything refers to or that was changed since stays,
and so does a field that holds another value. Each such row says why. The log keeps what was, and tells of this.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.events import record
from compliance.core.text import Text, say
from compliance.imports.commands.claims import held, let_go
from compliance.imports.commands.run import CHUNK, PAUSE_SECONDS, in_one_transaction
from compliance.imports.commands.write import ADDED, COMPANIES, FURTHER, NAMES, STORED
from compliance.imports.exports import tally
from compliance.imports.kinds import COMPANY_FIELDS, Followed
from compliance.imports.models import Import, ImportRow
from compliance.imports.workflow import IMPORTS
from compliance.policy import SYSTEM, system_only

TITLES = {each.name: each.title for each in COMPANY_FIELDS}
EMPTY = sa.update(COMPANIES).where(COMPANIES.c.id == sa.bindparam("known_id")).values(
    {each: sa.bindparam(f"new_{each}", type_=COMPANIES.c[each].type) for each in ADDED}
    | {"version": COMPANIES.c.version + 1}
)  # fmt: skip


@dataclass(eq=False)
class _Taken:
    """A company while rows are taken back from it: its columns, names and further numbers, and what is to go."""

    columns: dict[str, Any]
    names: set[tuple[str, str]]
    further: set[tuple[str, str]]
    referred: bool
    removed: bool = False
    emptied: bool = False
    aliases: list[str] = field(default_factory=list)
    npwps: list[str] = field(default_factory=list)


@system_only
def undo(id: int, token: str, *, until: float | None) -> Iterator[int]:
    """Take back the rows of a batch that were not yet; yields their numbers. Hands back like an import."""
    while True:
        done = in_one_transaction(partial(_undo_chunk, id, token))
        if done is None:
            return
        yield from done
        if until is not None and time.monotonic() > until:
            return
        time.sleep(PAUSE_SECONDS)


def _undo_chunk(id: int, token: str) -> list[int] | None:
    batch = held(id, token)
    rows = db.session.scalars(_to_be_undone(batch).order_by(ImportRow.number.desc()).limit(CHUNK)).all()
    if not rows:
        IMPORTS.move(batch, "undone")
        let_go(batch)
        tally(batch)
        return None
    blocked = _unfollow(batch, rows)
    companies = _companies({each.company_id for each in rows if each.company_id})
    for row in rows:
        row.is_undone, company = True, companies.get(row.company_id or 0)
        kept = [blocked[row.number]] if row.number in blocked else []
        if row.added and company is not None and not kept:
            kept = _remove(company, row.added) if "new" in row.added else _empty(company, row.added)
        row.kept = [each.stored() for each in kept] or None
    removed = [id for id, each in companies.items() if each.removed]
    emptied = [id for id, each in companies.items() if each.emptied and not each.removed]
    _write(companies, removed, emptied)
    so_far = batch.undone or {}
    batch.undone = {
        "rows": so_far.get("rows", 0) + len(rows),
        "removed": so_far.get("removed", 0) + len(removed),
        "emptied": so_far.get("emptied", 0) + len(emptied),
        "kept": so_far.get("kept", 0) + sum(each.kept is not None for each in rows),
    }
    batch.attempts = 0
    record(
        "companies.import_undone", by=batch.undo_by or SYSTEM, file=batch.filename, batch=batch.id,
        rows=[rows[-1].number, rows[0].number], removed=removed, emptied=emptied,
    )  # fmt: skip
    return [each.number for each in rows]


def _to_be_undone(batch: Import) -> sa.Select[ImportRow]:
    """The rows that gave the registry something, or from which something followed."""
    query = sa.select(ImportRow).where(
        ImportRow.import_id == batch.id, ImportRow.settled, ~ImportRow.is_undone, ImportRow.company_id.is_not(None)
    )  # fmt: skip
    return query if batch.what.unfollow is not None else query.where(ImportRow.added.is_not(None))


def _unfollow(batch: Import, rows: Sequence[ImportRow]) -> dict[int, Text]:
    if batch.what.unfollow is None:
        return {}
    followed = [Followed(each.number, each.company_id or 0, each.outcome, each.extras or {}) for each in rows]
    return dict(batch.what.unfollow(batch, followed))


def _companies(ids: Iterable[int]) -> dict[int, _Taken]:
    """The companies that rows are taken back from, locked; those that are gone already are left out."""
    wanted = sorted(ids)
    found = db.session.execute(
        sa.select(COMPANIES).where(COMPANIES.c.id.in_(wanted)).order_by(COMPANIES.c.id).with_for_update()
    ).all()
    names, further = _borne(NAMES.c.name, wanted), _borne(FURTHER.c.number, wanted)
    referred = _referred(wanted)
    return {
        row.id: _Taken(row._asdict(), names[row.id], further[row.id], row.id in referred) for row in found
    }


def _borne(column: sa.Column[str], ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """The names or the further numbers of companies, each after its kind, by company id."""
    borne: dict[int, set[tuple[str, str]]] = defaultdict(set)
    table = column.table.c
    for id, kind, value in db.session.execute(
        sa.select(table.company_id, table.kind, column).where(table.company_id.in_(ids))
    ):
        borne[id].add((kind, value))
    return borne


def _referred(ids: Sequence[int]) -> set[int]:
    """Which companies any other table of the house refers to."""
    found: set[int] = set()
    for table in COMPANIES.metadata.sorted_tables:
        for key in table.foreign_keys:
            if table not in (NAMES, FURTHER) and key.references(COMPANIES):
                found.update(db.session.scalars(sa.select(key.parent).where(key.parent.in_(ids)).distinct()))
    return found


def _remove(company: _Taken, added: dict[str, Any]) -> list[Text]:
    """Let a company go that a row brought; or say why not."""
    names = {("current", added["new"]["name"]), *(("alias", each) for each in added["aliases"])}
    if company.referred:
        return [say("Perusahaan ini sudah dipakai, misalnya dalam kasus, jadi tidak dihapus")]
    further = {("npwp", each) for each in added.get("npwps", ())}
    as_brought = (company.names, company.further) == (names, further)
    if not as_brought or any(company.columns[each] != added["new"].get(each) for each in STORED):
        return [say("Data perusahaan ini sudah diubah sejak diimpor, jadi tidak dihapus")]
    company.removed = True
    return []


def _empty(company: _Taken, added: dict[str, Any]) -> list[Text]:
    """Empty the fields that a row filled, take its aliases and further NPWPs away; say what stays because it is another's by now."""
    kept = []
    for name, value in added["filled"].items():
        if company.columns[name] == value:
            company.columns[name], company.emptied = None, True
        elif name in TITLES:
            kept.append(say("{field} sudah diubah sejak diimpor, jadi tidak dikosongkan", field=TITLES[name]))
    for alias in added["aliases"]:
        if ("alias", alias) in company.names:
            company.names.discard(("alias", alias))
            company.aliases.append(alias)
            company.emptied = True
    for npwp in added.get("npwps", ()):
        if ("npwp", npwp) in company.further:
            company.further.discard(("npwp", npwp))
            company.npwps.append(npwp)
            company.emptied = True
    return kept


def _write(companies: dict[int, _Taken], removed: list[int], emptied: list[int]) -> None:
    aliases = [
        {"of": id, "called": alias}
        for id, each in companies.items()
        if not each.removed
        for alias in each.aliases
    ]
    if aliases:
        alias = (NAMES.c.company_id == sa.bindparam("of"), NAMES.c.name == sa.bindparam("called"))
        db.session.connection().execute(sa.delete(NAMES).where(*alias, NAMES.c.kind == "alias"), aliases)
    if npwps := [each for id, company in companies.items() if id in emptied for each in company.npwps]:
        db.session.execute(sa.delete(FURTHER).where(FURTHER.c.kind == "npwp", FURTHER.c.number.in_(npwps)))
    if emptied:
        lines = [
            {"known_id": id, **{f"new_{name}": companies[id].columns[name] for name in ADDED}}
            for id in emptied
        ]
        db.session.connection().execute(EMPTY, lines)
    if removed:
        db.session.execute(sa.delete(FURTHER).where(FURTHER.c.company_id.in_(removed)))
        db.session.execute(sa.delete(NAMES).where(NAMES.c.company_id.in_(removed)))
        db.session.execute(sa.delete(COMPANIES).where(COMPANIES.c.id.in_(removed)))
