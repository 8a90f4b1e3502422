"""What merging two companies comes to: which name and numbers stay, what moves, and how all of it is put
back.

Finds every table that refers to companies by itself, so that no room above can be forgotten, and knows none
of them. Moves with statements that leave versions alone. Who may merge, and when not, is said by the
commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.circumstances.rules import weight
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.models import (
    CIRCUMSTANCE_COLUMNS,
    COMPANIES_TABLE,
    NAMES_TABLE,
    NUMBERS_TABLE,
    Company,
    CompanyName,
    CompanyNumber,
)
from compliance.companies.search.spelling import name_columns
from compliance.core import clock
from compliance.core.db import db
from compliance.core.text import from_json, to_json
from compliance.merges.models import DuplicatePair, Merge
from compliance.policy import system_only

OURS = {
    model.__tablename__ for model in (Company, CompanyName, CompanyNumber, Merge, DuplicatePair)
}
"""The tables whose rows do not simply move along; the merge treats them one by one."""
FILLED = {"kbli": ("kbli", "kbli_version"), "scale": ("scale", "scale_evidence"),
          "address": ("address", "address_key"), "phone": ("phone", "phone_key"), "email": ("email",),
          "workers_total": ("workers_total",), "district_code": ("district_code",)}  # fmt: skip
"""What the company that stays takes over where it knows nothing itself, and the columns that belong to it;
the district only of a company in the same regency."""
LEAP = 1_000
"""By how much a merge raises the version, for each merge there was: a form opened on one state never fits
another."""

RowsById = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Choices:
    """What a person decides: which record stays, whose name is the current one, what the other name becomes,
    and whose number is the main one of its kind."""

    kept_id: int
    name_of: int
    other_name: Literal["former", "alias"] = "alias"
    main: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a merge makes of the company that stays: its columns, the rows of names as they will be (of a
    name that both records have, one row is `dropped`), and the numbers that become further ones;
    `fillers` are main numbers that are nobody's and stay behind."""

    columns: dict[str, Any]
    names: RowsById
    dropped: tuple[int, ...]
    further: tuple[tuple[str, str], ...]
    fillers: tuple[tuple[str, str], ...] = ()

    def named(self, kind: str) -> list[str]:
        """The names of a kind that it will bear."""
        return [
            row["name"]
            for row in self.names.values()
            if row["kind"] == kind and row["name"] != self.columns["name"]
        ]


def plan(kept: Company, gone: Company, choices: Choices) -> Plan:
    """What merging `gone` into `kept` comes to."""
    columns: dict[str, Any] = {"name": kept.name, "name_key": kept.name_key}
    if choices.name_of == gone.id:
        columns = {"name": gone.name, "name_key": gone.name_key}
    further: list[tuple[str, str]] = []
    for kind in NUMBERS:
        mine, theirs = _main(kept, kind), _main(gone, kind)
        columns[kind] = (
            theirs if theirs and (mine is None or choices.main.get(kind) == gone.id) else mine
        )
        further += [
            (kind, number) for number in (mine, theirs) if number not in (None, columns[kind])
        ]
        further += [(kind, number) for company in (kept, gone) for number in company.further(kind)]
    columns["npwp_core"] = identity.npwp_core(columns["npwp"]) if columns["npwp"] else None
    for known_by, together in FILLED.items():
        elsewhere = known_by == "district_code" and gone.region_code != kept.region_code
        source = gone if getattr(kept, known_by) is None and not elsewhere else kept
        columns |= {column: getattr(source, column) for column in together}
    columns |= _circumstance(kept, gone)
    names, dropped = _names(kept, gone, columns, choices.other_name)
    fillers = tuple(
        (kind, number)
        for kind in NUMBERS
        for number in (getattr(kept, kind), getattr(gone, kind))
        if number and identity.is_filler(kind, number)
    )
    return Plan(columns, names, dropped, tuple(further), fillers)


def _circumstance(*companies: Company) -> dict[str, Any]:
    """What is in force once the rows of both are the same company's."""
    kinds = {
        weight(company.circumstance, company.circumstance_since): company
        for company in companies
        if company.circumstance and company.circumstance_since
    }
    in_force = kinds[max(kinds)] if kinds else companies[0]
    return {column.key: getattr(in_force, column.key) for column in CIRCUMSTANCE_COLUMNS}


def _main(company: Company, kind: NumberKind) -> str | None:
    """The main number of a kind. A filler is nobody's: it does not come along."""
    number: str | None = getattr(company, kind)
    return None if number and identity.is_filler(kind, number) else number


def _names(
    kept: Company, gone: Company, columns: Mapping[str, Any], other: str
) -> tuple[RowsById, tuple[int, ...]]:
    """The rows of names. A name that moves keeps its row, so that undoing loses nothing."""
    left = gone if columns["name"] == kept.name else kept
    rows: RowsById = {}
    for name in kept.names:
        rows[name.id] = _named(kept.id, name)
        if name.kind == "current":
            rows[name.id] |= name_columns(columns["name"])
    dropped = [
        id for id, row in rows.items() if row["kind"] == "alias" and row["name"] == columns["name"]
    ]
    taken = {row["name"] for row in rows.values()}
    for name in gone.names:
        row = _named(kept.id, name)
        if name.kind == "current":
            row |= {"kind": other, **name_columns(left.name)}
        if row["name"] in taken:
            dropped.append(name.id)
        else:
            taken.add(row["name"])
            rows[name.id] = row
    return {id: row for id, row in rows.items() if id not in dropped}, tuple(dropped)


def _named(company_id: int, name: CompanyName) -> dict[str, Any]:
    columns = {column: getattr(name, column) for column in ("kind", "until")}
    return {"company_id": company_id, **columns, **name_columns(name.name)}


@system_only
def move_records(merge: Merge, kept: Company, gone: Company, choices: Choices) -> dict[str, int]:
    """Make `gone` a part of `kept` and write down in `merge` all it takes to undo it. Answers how many rows
    moved, by table.

    Both companies are locked and read whole. What the session knows is out of date afterwards.
    """
    planned = plan(kept, gone, choices)
    names = _rows(NAMES_TABLE, kept.id, gone.id)
    further = _rows(NUMBERS_TABLE, kept.id, gone.id)
    before = {"kept": _row(kept.id), "gone": _row(gone.id)}
    moved = {_name(column): _move(column, gone.id, kept.id) for column in referrers()}
    led = _lead_on(gone.id, kept.id)
    _update(
        COMPANIES_TABLE,
        gone.id,
        {**dict.fromkeys((*NUMBERS, "npwp_core")), "merged_into_id": kept.id},
    )
    version = kept.version + LEAP * merge.id
    _update(COMPANIES_TABLE, kept.id, {**planned.columns, "version": version})
    db.session.execute(sa.delete(NAMES_TABLE).where(NAMES_TABLE.c.id.in_(planned.dropped)))
    for id, row in planned.names.items():
        if row != names[id]:
            _update(NAMES_TABLE, id, row)
    db.session.execute(
        sa.update(NUMBERS_TABLE)
        .where(NUMBERS_TABLE.c.company_id == gone.id)
        .values(company_id=kept.id)
    )
    added = _add_further(kept.id, planned, further)
    merge.moved = {
        "rows": moved,
        "led": led,
        "before": before,
        "after": _row(kept.id),
        "added": added,
        "names": _as_pairs(names),
        "names_after": _as_pairs(_rows(NAMES_TABLE, kept.id)),
        "further": _as_pairs(further),
    }
    return {name: len(keys) for name, keys in moved.items() if keys}


def _add_further(company_id: int, planned: Plan, known: RowsById) -> list[int]:
    """The main numbers that are main no more, as further ones; their ids."""
    had = {(row["kind"], row["number"]) for row in known.values()}
    added = []
    for kind, number in planned.further:
        if (kind, number) not in had:
            core = identity.npwp_core(number) if kind == "npwp" else None
            values = {
                "company_id": company_id,
                "kind": kind,
                "number": number,
                "core": core,
                "since": clock.now(),
            }
            added.append(
                db.session.scalars(
                    sa.insert(NUMBERS_TABLE).values(values).returning(NUMBERS_TABLE.c.id)
                ).one()
            )
    return added


@system_only
def take_back(merge: Merge) -> None:
    """Put everything back that `move_records` changed; what people changed since in other ways stays as they
    left it."""
    kept_id, gone_id, moved = merge.kept_id, merge.gone_id, merge.moved
    was, became = restored(moved["before"]["kept"]), restored(moved["after"])
    _move_back(merge)
    _lead_on(kept_id, gone_id, among=moved["led"])
    for id in moved["added"]:
        db.session.execute(
            sa.delete(NUMBERS_TABLE).where(
                NUMBERS_TABLE.c.id == id, NUMBERS_TABLE.c.company_id == kept_id
            )
        )
    now = restored(_row(kept_id))
    back = {
        name: value
        for name, value in was.items()
        if value != became[name] and now[name] == became[name]
    }
    back["version"] = was["version"] if now == became else now["version"] + 1
    _update(COMPANIES_TABLE, kept_id, back)
    gone = restored(moved["before"]["gone"])
    _update(
        COMPANIES_TABLE,
        gone_id,
        {name: gone[name] for name in (*NUMBERS, "npwp_core", "merged_into_id")},
    )
    _put_back(NUMBERS_TABLE, moved["further"], moved["further"], kept_id, gone_id)
    _put_back(NAMES_TABLE, moved["names"], moved["names_after"], kept_id, gone_id)


def _put_back(table: sa.Table, were: Any, became: Any, kept_id: int, gone_id: int) -> None:
    """The rows of a table as they were: changed where they stand, written again where they are gone."""
    # a merge made before the rules of names changed kept other keys
    today: Callable[[RowsById], RowsById] = _keyed if table is NAMES_TABLE else dict
    present = today(_rows(table, kept_id, gone_id))
    before, after = today(_from_pairs(were)), today(_from_pairs(became))
    for id, row in before.items():
        changed = after.get(id)
        if changed is not None and table is NUMBERS_TABLE:
            changed = {**changed, "company_id": kept_id}  # all of them had moved there
        if changed == row:
            continue  # the merge left it alone
        if id in present and present[id] == changed:
            _update(table, id, row)
        elif row not in present.values():
            free = db.session.scalar(sa.select(table.c.id).where(table.c.id == id)) is None
            db.session.execute(sa.insert(table).values({**row, "id": id} if free else row))


def _keyed(names: RowsById) -> RowsById:
    """Rows of names with what follows from the names by today's rules."""
    return {id: row | name_columns(row["name"]) for id, row in names.items()}


def referrers() -> list[sa.Column[Any]]:
    """Every column outside this room's own tables that refers to a company, in an order in which rows may be
    moved."""
    return [
        column
        for table in db.metadata.sorted_tables
        if table.name not in OURS
        for column in table.columns
        if any(key.column is COMPANIES_TABLE.c.id for key in column.foreign_keys)
    ]


def _move(column: sa.Column[Any], source: int, target: int, *conditions: Any) -> list[list[Any]]:
    """Let the rows of one company refer to another; their keys."""
    table = column.table
    assert isinstance(table, sa.Table)
    statement = sa.update(table).where(column == source, *conditions).values({column.name: target})
    return [list(key) for key in db.session.execute(statement.returning(*table.primary_key))]


def _move_back(merge: Merge) -> None:
    """The rows that had moved, and what has come to belong to them since: a flag raised on a moved case
    follows it."""
    rows, back = merge.moved["rows"], dict[str, list[Any]]()
    for column in referrers():
        table = column.table
        assert isinstance(table, sa.Table)
        key, *more = table.primary_key
        keys = rows.get(_name(column), [])
        by_key = (
            sa.tuple_(key, *more).in_([tuple(values) for values in keys])
            if more
            else key.in_([values[0] for values in keys])
        )
        theirs = [by_key]
        for reference in table.foreign_keys:
            if reference.column.table.name in back:
                theirs.append(reference.parent.in_(back[reference.column.table.name]))
        moved = _move(column, merge.kept_id, merge.gone_id, sa.or_(*theirs))
        if not more:
            back.setdefault(table.name, []).extend(row[0] for row in moved)


def _lead_on(source: int, target: int, *, among: Sequence[int] | None = None) -> list[int]:
    """Let the companies merged into one lead to another: all of them, or those `among`; their ids."""
    led = sa.update(COMPANIES_TABLE).where(COMPANIES_TABLE.c.merged_into_id == source)
    if among is not None:
        led = led.where(COMPANIES_TABLE.c.id.in_(among))
    return list(
        db.session.scalars(led.values(merged_into_id=target).returning(COMPANIES_TABLE.c.id))
    )


def _name(column: sa.Column[Any]) -> str:
    return f"{column.table}.{column.name}"


def _update(table: sa.Table, id: int, values: Mapping[str, Any]) -> None:
    db.session.execute(sa.update(table).where(table.c.id == id).values(dict(values)))


def _row(company_id: int) -> dict[str, Any]:
    """A company's columns as they stand in the store, as plain JSON."""
    row = db.session.execute(
        sa.select(COMPANIES_TABLE).where(COMPANIES_TABLE.c.id == company_id)
    ).one()
    return {name: to_json(value) for name, value in row._mapping.items()}


def restored(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that `_row` wrote, as they are in Python."""
    return {name: from_json(value) for name, value in columns.items()}


def _rows(table: sa.Table, *company_ids: int) -> RowsById:
    """The rows of some companies by their ids, without the ids."""
    stored = db.session.execute(
        sa.select(table).where(table.c.company_id.in_(company_ids)).order_by(table.c.id)
    )
    rows = [dict(row._mapping) for row in stored]
    return {row.pop("id"): row for row in rows}


def _as_pairs(rows: RowsById) -> list[list[Any]]:
    return [[id, {name: to_json(value) for name, value in row.items()}] for id, row in rows.items()]


def _from_pairs(pairs: Any) -> RowsById:
    return {id: restored(row) for id, row in pairs}


def all_rows_to_lock(ids: Sequence[int]) -> Iterator[sa.Select[Any]]:
    """What is locked before the companies themselves, because everybody else begins with the case, too."""
    for column in referrers():
        table = column.table
        assert isinstance(table, sa.Table)
        yield (
            sa.select(*table.primary_key)
            .where(column.in_(ids))
            .order_by(*table.primary_key)
            .with_for_update()
        )
