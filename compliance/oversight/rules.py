"""Pure rules of the queue: how lateness is sorted into buckets. Functions of facts and a `today`."""

from __future__ import annotations

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
