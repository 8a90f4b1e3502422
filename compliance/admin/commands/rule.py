"""The verbs on the office's rule of due dates: after how many months a recheck is due, and counted from when.

A new rule counts for new notas. If the office wants, it also counts for open cases: then all moves
are shown first, approved together and logged. A date that is over or was extended is never moved,
and no date is moved into the past.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from compliance.admin.commands.rescheduling import ScheduledCase, approved, move_due_dates
from compliance.cases import rules
from compliance.cases.models import Case
from compliance.cases.rules import DueDate
from compliance.core.calendar import load_calendar
from compliance.core.db import hold_table
from compliance.core.stamp import forget_stamp
from compliance.core.text import Text, say
from compliance.office.commands import change_settings
from compliance.office.models import Setting
from compliance.office.setting_names import value_of
from compliance.office.settings import changed_settings, office_settings
from compliance.policy import Actor, command

RULE = ("recheck_months", "recheck_anchor")
"""The settings that a due date is made from."""


@dataclass(frozen=True)
class RuleChange:
    """Settings that are to change: as they are and as they would be; `months` and `anchor` as they
    would be then.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    months: int
    anchor: str

    @property
    def moves_dates(self) -> bool:
        """Whether due dates are made from any of it."""
        return any(name in self.after for name in RULE)

    @property
    def action(self) -> str:
        return "settings.manage"

    @property
    def cause(self) -> Text:
        return say(
            "Aturan jatuh tempo diubah: {months} bulan kalender, dihitung dari: {anchor}.",
            months=self.months,
            anchor=value_of("recheck_anchor", self.anchor),
        )

    @property
    def facts(self) -> list[Any]:
        return [dict(self.before), dict(self.after)]

    def concerns(self, day: date) -> sa.ColumnElement[bool]:
        """The cases whose date is still to come and was never extended."""
        if not self.moves_dates:
            return sa.false()
        return sa.and_(Case.effective_on >= day, Case.extended_on.is_(None))

    def dating(self) -> Callable[[ScheduledCase], DueDate]:
        calendar = load_calendar()

        def due(case: ScheduledCase) -> DueDate:
            reopened_on = rules.reopened_on(case.why)
            if reopened_on is not None:
                return rules.recheck_due(
                    reopened_on, anchor="reopened", months=self.months, calendar=calendar
                )
            known = {
                "issued": case.issued_on,
                "received": case.received_on,
                "conveyed": case.conveyed_on,
            }
            return rules.due_by_rule(
                known,
                issued_on=case.issued_on,
                anchor=self.anchor,
                months=self.months,
                calendar=calendar,
            )

        return due


def change_to(values: Mapping[str, Any]) -> RuleChange:
    """What `values` would change in the settings in force. Raises Invalid."""
    before, after = changed_settings(values)
    now = office_settings()
    return RuleChange(
        before,
        after,
        months=after.get("recheck_months", now.recheck_months),
        anchor=after.get("recheck_anchor", now.recheck_anchor),
    )


@command("settings.manage", about=None)
def change_rule(values: Mapping[str, Any], *, by: Actor, seen: str) -> int:
    """Change the settings and give the open cases their dates by the new rule; answers how many moved.

    Exactly as it was previewed under the seal `seen`: raises Stale when by now it would move something else.
    """
    hold_table(Setting)
    forget_stamp()
    plan = approved(change_to(values), by=by, seen=seen)
    change_settings(values, by=by, cases=len(plan.moves))
    move_due_dates(plan, by=by)
    return len(plan.moves)
