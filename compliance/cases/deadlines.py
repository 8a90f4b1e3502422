"""The time that a nota grants: the deadlines of its findings, as they are told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.core.text import Text, say, say_many


@dataclass(frozen=True)
class FindingDeadline:
    """Until when one finding must be fixed: the day is known once the nota was received, the days before."""

    on: date | None
    days: int
    day_type: str


def deadline_of(finding: Any) -> FindingDeadline:
    """The deadline of a finding or of Nota II: of an entity, or of a row with its columns."""
    return FindingDeadline(finding.deadline_on, finding.deadline_days, finding.deadline_day_type)


def case_deadline(case: Any) -> date | Text | None:
    """Until when the open obligations of a case must be met, behind "paling lambat"; None for none."""
    second = case.second_nota
    return deadline_in_force(
        [deadline_of(finding) for finding in case.warned_of],
        deadline_of(second) if second is not None else None,
    )


def deadline_in_force(
    findings: Sequence[FindingDeadline], second: FindingDeadline | None
) -> date | Text | None:
    """The same once Nota II (None: there is none) granted a new time for what is still open: its limit, or
    how long it grants from its receipt.
    """
    if second is None or not findings or not second.days:
        return nota_deadline(findings)
    if second.on is not None:
        return second.on
    if second.day_type == "working":
        return say_many("{days} hari kerja setelah Nota II diterima", days=second.days)
    return say_many("{days} hari setelah Nota II diterima", days=second.days)


def nota_deadline(findings: Sequence[FindingDeadline]) -> date | Text | None:
    """Until when these obligations of a nota must be met, to stand behind "paling lambat"; None for none.

    This is the time that a nota grants. The recheck is the office's clock and no time of the company.
    """
    if not findings:
        return None
    days_known = [finding.on for finding in findings if finding.on is not None]
    if days_known:
        first, last = min(days_known), max(days_known)
        if first == last:
            return first
        if len(set(days_known)) == 2:
            return say("{first} atau {last}, menurut temuannya", first=first, last=last)
        return say("antara {first} dan {last}, menurut temuannya", first=first, last=last)
    shortest = min(finding.days for finding in findings)
    longest = max(finding.days for finding in findings)
    working = findings[0].day_type == "working"
    if shortest < longest:
        between = {"shortest": shortest, "longest": longest}
        if working:
            return say("{shortest} sampai {longest} hari kerja setelah nota diterima", **between)
        return say("{shortest} sampai {longest} hari setelah nota diterima", **between)
    if working:
        return say_many("{days} hari kerja setelah nota diterima", days=longest)
    return say_many("{days} hari setelah nota diterima", days=longest)


def dates_of_nota(deadline: date | Text | None, *, recheck_on: date) -> Text:
    """What leaves the office about the dates of a nota."""
    if deadline is None:
        return say("Pengecekan kembali {day}.", day=recheck_on)
    return say(
        "Kewajiban menurut nota: paling lambat {deadline}; pengecekan kembali {day}.",
        deadline=deadline,
        day=recheck_on,
    )
