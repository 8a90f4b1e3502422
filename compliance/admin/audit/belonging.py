"""Whose a case or a flag is by the events: the company of its own events, followed through merges and undone
merges, which move rows without an event for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from compliance.core.events import Event, Subject

MERGE_KINDS = ("company.merged", "company.merge_undone")


@dataclass(frozen=True)
class ToldMerge:
    """A merge as the events tell of it: the event, both companies, and the event that took it back."""

    event: int
    kept: int
    gone: int
    undone: int | None


@dataclass
class Belonging:
    """The company of a case or a flag, as far as the events up to `at` say it; None while they do not."""

    company: int | None = None
    at: int = 0
    is_settled: bool = False
    """Whether no more than a merge can change it: a draft's company is a choice, and no event."""
    moved: list[ToldMerge] = field(default_factory=list)
    """The merges that it moved with, and goes back with."""
    perhaps: list[ToldMerge] = field(default_factory=list)
    """Those that it may have moved with, while it was a draft."""


class ToldMerges:
    """Every merge of which the log tells, read once."""

    def __init__(self, connection: sa.Connection) -> None:
        undone: dict[int, int] = {}
        merged: list[tuple[int, int, int, int]] = []
        rows = connection.execute(
            sa.select(Event.id, Event.kind, Event.company_id, Event.subject, Event.data)
            .where(Event.kind.in_(MERGE_KINDS))
            .order_by(Event.id)
        )
        for row in rows:
            try:
                merge_id = Subject.parse(row.subject).id
                if row.kind == "company.merged":
                    merged.append((merge_id, row.id, row.company_id, int(row.data["other_id"])))
                else:
                    undone.setdefault(merge_id, row.id)
            except (AttributeError, KeyError, TypeError) as error:
                raise ValueError(f"the facts of event {row.id}") from error
        self._into: dict[int, list[ToldMerge]] = {}
        self._away: dict[int, list[ToldMerge]] = {}
        for merge_id, event, kept, gone in merged:
            merge = ToldMerge(event, kept, gone, undone.get(merge_id))
            self._into.setdefault(kept, []).append(merge)
            self._away.setdefault(gone, []).append(merge)

    def hear(self, one: Belonging, event_id: int, company: int, *, is_draft: bool = False) -> None:
        """An event of its own says whose it is now."""
        before = one.at
        self.follow(one, up_to=event_id)
        if not one.is_settled and before:
            one.perhaps = [
                merge
                for merge in self._into.get(company, ())
                if before < merge.event < event_id and merge not in one.moved
            ]
        one.company, one.at, one.is_settled = company, event_id, not is_draft

    def follow(self, one: Belonging, *, up_to: int | None = None) -> Belonging:
        """Whose it is after the merges up to an event, or up to the end of the log."""
        while one.company is not None:
            steps = [*self._steps(one, up_to)]
            if not steps:
                break
            one.at, merge = min(steps, key=lambda step: step[0])
            if one.at == merge.event:
                one.company = merge.kept
                one.moved.append(merge)
            elif merge in one.moved:
                one.company = merge.gone
                one.moved.remove(merge)
            else:
                one.company = None
        return one

    def _steps(self, one: Belonging, up_to: int | None) -> Iterable[tuple[int, ToldMerge]]:
        """The merges and undone merges that lie ahead and may concern it."""
        for merge in self._away.get(one.company or 0, ()):
            if one.at < merge.event and (up_to is None or merge.event < up_to):
                yield merge.event, merge
        for merge in (*one.moved, *one.perhaps):
            at = merge.undone
            if at is not None and one.at < at and (up_to is None or at < up_to):
                yield at, merge
