"""TABLE: when the security log raises an alarm: what is counted, and from how many within an hour on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

WATCHED = timedelta(hours=1)


@dataclass(frozen=True)
class Threshold:
    """So many entries of these kinds by one person or from one address are an alarm."""

    name: str
    kinds: tuple[str, ...]
    by_person: bool
    count: int


THRESHOLDS = (
    Threshold(
        "account",
        ("sign_in.failed", "slowed", "password.wrong", "factor.wrong"),
        by_person=True,
        count=20,
    ),
    Threshold("address", ("sign_in.failed", "slowed"), by_person=False, count=50),
    Threshold("tokens", ("token.wrong", "token.ended"), by_person=False, count=20),
    Threshold("refusals", ("refused.role", "refused.scope"), by_person=True, count=30),
    Threshold("forms", ("refused.csrf",), by_person=False, count=50),
)


@dataclass(frozen=True)
class Counted:
    """How often something was refused within the hour, to one person from one address."""

    kind: str
    address: str
    user_id: int | None
    count: int


@dataclass(frozen=True)
class Alarm:
    """A threshold that was passed, by a person or (None) from an address."""

    threshold: str
    user_id: int | None
    address: str
    count: int

    @property
    def key(self) -> str:
        return f"{self.threshold} {self.address if self.user_id is None else self.user_id}"


def alarms_of(counted: Iterable[Counted]) -> list[Alarm]:
    """The thresholds that were passed: what is about an account first, for addresses can be had in any
    number; then the most often.
    """
    rows, alarms = list(counted), []
    for threshold in THRESHOLDS:
        totals: Counter[tuple[int | None, str]] = Counter()
        for row in rows:
            if row.kind not in threshold.kinds:
                continue
            if not threshold.by_person:
                totals[None, row.address] += row.count
            elif row.user_id is not None:
                totals[row.user_id, ""] += row.count
        alarms += [
            Alarm(threshold.name, *who, count)
            for who, count in totals.items()
            if count >= threshold.count
        ]
    return sorted(alarms, key=lambda alarm: (alarm.user_id is None, -alarm.count))
