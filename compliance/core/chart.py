"""A state chart as a table: who may make which step, from where to where, under which guards.

Knows no labour law. `Chart.move` is the only code that sets a status; a refused step names its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from compliance.core.errors import Refusal
from compliance.core.text import Text, say


class HasStatus(Protocol):
    status: Any


Guard = Callable[[Any, Any], Text | None]
"""A guard gets the record and the facts of the step; it answers None, or why the step is refused."""


@dataclass(frozen=True)
class Step:
    """One line of a chart. `to=None` keeps the status; `by` is the policy action, or "system"."""

    name: str
    by: str
    source: frozenset[str]
    to: str | None
    guards: tuple[Guard, ...] = ()


def step(name: str, by: str, source: str, to: str | None, *guards: Guard) -> Step:
    """A line of a chart, written for reading: sources separated by spaces."""
    return Step(name, by, frozenset(source.split()), to, guards)


def _refused(status: Text) -> Text:
    return say("Langkah ini tidak dapat dilakukan: status kasus {status}.", status=status)


class Chart:
    """All steps of one kind of record."""

    def __init__(
        self,
        statuses: dict[str, Text],
        steps: Iterable[Step],
        *,
        refused: Callable[[Text], Text] = _refused,
        never: Callable[[Any, str], Text | None] = lambda record, step: None,
    ) -> None:
        """`refused` says that a step cannot be made from a status; `never`, why a record never makes a step,
        whatever its status.
        """
        self.statuses = statuses
        self.refused, self.never = refused, never
        self.steps = {step.name: step for step in steps}
        used = {
            status for step in self.steps.values() for status in (*step.source, step.to) if status
        }
        if used - set(statuses):
            raise ValueError(f"unknown statuses in the chart: {sorted(used - set(statuses))}")

    def refusal(self, record: HasStatus, name: str, facts: Any = None) -> Text | None:
        """Why `record` cannot make the step `name` now, or None when it can."""
        step = self.steps[name]
        if (unknown := self.never(record, name)) is not None:
            return unknown
        if record.status not in step.source:
            return self.refused(self.statuses[record.status])
        for guard in step.guards:
            reason = guard(record, facts)
            if reason is not None:
                return reason
        return None

    def move(self, record: HasStatus, name: str, facts: Any = None) -> None:
        """Make the step, or raise Refusal with the reason."""
        reason = self.refusal(record, name, facts)
        if reason is not None:
            raise Refusal(reason)
        target = self.steps[name].to
        if target is not None:
            record.status = target

    def move_all(
        self, records: Sequence[HasStatus], name: str, facts: Any = None
    ) -> dict[str, str]:
        """Make the step for all `records`, or raise Refusal; answers the column that one UPDATE of
        them must set.
        """
        for record in records:
            self.move(record, name, facts)
        target = self.steps[name].to
        return {} if target is None else {"status": target}
