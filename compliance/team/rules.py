"""Pure rules of the team: buckets of lateness, what was tried, of which due days a morning tells.

Functions of facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from compliance.core.text import Text, say

BUCKETS: dict[str, tuple[int, int | None, Text]] = {
    "1-7": (1, 7, say("1–7 hari")),
    "8-30": (8, 30, say("8–30 hari")),
    "31-90": (31, 90, say("31–90 hari")),
    "91": (91, None, say("lebih dari 90 hari")),
}
"""Days late, from and to, both included, and what the bucket is called."""


def bucket_days(late: str, *, today: date) -> tuple[date | None, date]:
    """The first and the last effective due day of a bucket; an open bucket has no first day."""
    fewest, most, _name = BUCKETS[late]
    return (today - timedelta(days=most) if most else None), today - timedelta(days=fewest)


TRIED: dict[str, Text] = {
    "case.reminded": say("Pengingat: {count}, terakhir {day}"),
    "case.reassigned": say("Pengalihan: {count}, terakhir {day}"),
    "case.extended": say("Perpanjangan: {count}, terakhir {day}"),
    "case.escalated": say("Eskalasi: {count}, terakhir {day}"),
}
"""What the team can try with a late case, by its event, and how it is told."""


def tried(acts: Iterable[tuple[str, date]]) -> list[Text]:
    """What was tried so far, how often and when last, from the events of a case: kind and day, the
    newest first.

    A reassignment that was undone was not tried.
    """
    days: dict[str, list[date]] = {kind: [] for kind in TRIED}
    undone = 0
    for kind, day in acts:
        if kind == "case.given_back":
            undone += 1
        elif kind == "case.reassigned" and undone:
            undone -= 1
        elif kind in days:
            days[kind].append(day)
    return [
        Text(line.sentence, {"count": len(days[kind]), "day": days[kind][0]})
        for kind, line in TRIED.items()
        if days[kind]
    ]


def days_to_tell(since: date, day: date, *, offsets: Iterable[int], earliest: date) -> list[date]:
    """The effective due days that the digest of `day` tells of, when the last one was written on `since`.

    A morning tells of a due day that is `offsets` days away, that was yesterday, and every seven
    days after that, back to `earliest`. Mornings without a digest are made good.
    """
    days: set[date] = set()
    for number in range(1, (day - since).days + 1):
        morning = since + timedelta(days=number)
        days |= {morning + timedelta(days=offset) for offset in offsets}
        days.add(morning - timedelta(days=1))
        days |= {
            morning - timedelta(days=late) for late in range(7, (morning - earliest).days + 1, 7)
        }
    return sorted(days)
