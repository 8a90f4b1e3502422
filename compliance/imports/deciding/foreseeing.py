"""What a kind of list knows of rows beyond their cells, put on the rows before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from compliance.imports.kinds import Foreseen, ListAsked, ListKind
from compliance.imports.reading.rows import Remark, Row

ForeseeRows = Callable[[Sequence[Row]], list[Row]]


def foresight(kind: ListKind, asked: ListAsked, headers: Mapping[str, str]) -> ForeseeRows:
    """A function for one pass over a list: the same rows, with what the kind remarks, and refused where it
    refuses. `headers` names the column of each field.
    """
    if kind.foresee is None:
        return list
    look = kind.foresee(asked)

    def foresee(rows: Sequence[Row]) -> list[Row]:
        foreseen = look(rows)
        return [_with(row, foreseen.get(row.number), headers) for row in rows]

    return foresee


def _with(row: Row, said: Foreseen | None, headers: Mapping[str, str]) -> Row:
    if said is None:
        return row
    sentences = (*said.refusals.items(), *said.remarks.items())
    remarks = [Remark(headers.get(field, field), text) for field, text in sentences]
    facts = None if said.refusals else row.facts
    return replace(row, facts=facts, remarks=[*row.remarks, *remarks])
