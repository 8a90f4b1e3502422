"""What a run of an import knows of a company, what somebody decided about a row, and what became of it. Holds facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compliance.companies import identity
from compliance.imports.reading.rows import Remark, Row

Outcome = Literal["new", "same", "updated", "to_decide", "left_out", "refused"]


@dataclass(eq=False)
class Known:
    """A company as this run knows it: its columns, its names, and what the run adds.

    `id` is None until it is stored; `row` is the row that brought it.
    """

    id: int | None
    columns: dict[str, Any]
    names: set[str]
    keys: set[str]
    row: int | None = None
    filled: dict[str, Any] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)  # each with its key
    npwps: dict[str, str] = field(default_factory=dict)  # further ones, each with its core
    further: set[tuple[str, str]] = field(
        default_factory=set
    )  # numbers beside the main ones, each after its kind
    regions: set[str] = field(default_factory=set)  # also those of the companies merged into it

    @property
    def cores(self) -> set[str]:
        """The taxpayers it is known as."""
        others = {identity.npwp_core(number) for kind, number in self.further if kind == "npwp"}
        return others | ({self.columns["npwp_core"]} if self.columns["npwp_core"] else set())


@dataclass(frozen=True)
class Choice:
    """What somebody decided about a row: it means `known`, or a new company, or (neither) is left out."""

    known: Known | None = None
    new: bool = False


@dataclass(frozen=True)
class RowReport:
    """What became of a row. `differs` are the columns in which the registry knows something else.

    `added` is what the row gave the registry: a new company's columns, or fields filled; aliases and further NPWPs.
    `candidates` are the companies that a row to decide may mean.
    """

    row: Row
    outcome: Outcome
    known: Known | None = None
    differs: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    added: Mapping[str, Any] | None = None
    candidates: tuple[Known, ...] = ()

    @property
    def company_id(self) -> int | None:
        return self.known.id if self.known else None
