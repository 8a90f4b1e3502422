"""What moves, backups and restores are refused for; which backups are kept; where counters go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

NOT_READ_ONLY, NOT_EMPTY, OTHER_MIGRATION, OUT_OF_REACH, NOT_EQUAL = 3, 4, 5, 6, 7


class CannotMove(Exception):
    """The store cannot be moved so; the message is the line that an operator reads, `code` the exit code."""

    def __init__(self, line: str, *, code: int = 1) -> None:
        super().__init__(line)
        self.code = code


NUMBERED_ALWAYS = ("case", "check", "nota")
"""Counters that every office uses, also those that gave no number before the backup."""
NUMBERS_LEFT_OUT = 1000
BACKUP_IS_OLD = timedelta(hours=26)
"""A night, and two hours for the backup itself."""
_NAME = re.compile(r"patuh-(\d{8}T\d{6}Z)\.tar(\.enc)?")
_INSTANT = "%Y%m%dT%H%M%SZ"
_SPAN = re.compile(r"([1-9]\d{0,3})([dwm])")
_AFTER = re.compile(r"(?:([a-z][a-z0-9_.]{0,59})=)?([0-9]{1,6})")


def backup_name(made_at: datetime, *, encrypted: bool) -> str:
    """What the file of a backup is called."""
    return f"patuh-{made_at.astimezone(UTC):{_INSTANT}}.tar" + (".enc" if encrypted else "")


def made_at_of(name: str) -> datetime | None:
    """When the backup with this name was made; None for any other file."""
    match = _NAME.fullmatch(name)
    return datetime.strptime(match[1], _INSTANT).replace(tzinfo=UTC) if match else None


@dataclass(frozen=True)
class Keep:
    """Of so many days, weeks and months that have a backup, the last one of each is kept."""

    days: int = 0
    weeks: int = 0
    months: int = 0

    @classmethod
    def read(cls, text: str) -> Keep:
        """From "7d,5w,12m". Raises ValueError."""
        names, given = {"d": "days", "w": "weeks", "m": "months"}, dict[str, int]()
        for part in text.split(","):
            match = _SPAN.fullmatch(part.strip())
            if match is None or names[match[2]] in given:
                raise ValueError(f"{text!r} does not look like 7d,5w,12m")
            given[names[match[2]]] = int(match[1])
        return cls(**given)


def kept_of(made: Iterable[datetime], keep: Keep, zone: tzinfo) -> set[datetime]:
    """Which backups stay, the newest one always. Days, weeks (from Monday) and months are those of `zone`."""
    newest_first = sorted(made, reverse=True)
    kept = set(newest_first[:1])
    for most, form in ((keep.days, "%Y-%m-%d"), (keep.weeks, "%G-%V"), (keep.months, "%Y-%m")):
        last_of = dict[str, datetime]()
        for instant in newest_first:
            last_of.setdefault(f"{instant.astimezone(zone):{form}}", instant)
        kept.update(list(last_of.values())[:most])
    return kept


@dataclass(frozen=True)
class NumbersAfter:
    """Where counters go on after a restore: so many numbers later, or behind the last one seen on paper."""

    left_out: int = NUMBERS_LEFT_OUT
    last: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, typed: Iterable[str]) -> NumbersAfter:
        """From "500" and "nota=123", as an operator types them. Raises ValueError."""
        left_out, last = NUMBERS_LEFT_OUT, dict[str, int]()
        for text in typed:
            match = _AFTER.fullmatch(text)
            if match is None:
                raise ValueError(f"{text!r} is neither a number nor NAME=LAST, such as nota=123")
            if match[1] is not None:
                last[match[1]] = int(match[2])
            else:
                left_out = int(match[2])
        return cls(left_out, last)

    def go_on_behind(self, name: str, last: int) -> int:
        """The last number of a counter that counts as given, when the backup says `last`."""
        if name in self.last:
            return max(last, self.last[name])
        return last + self.left_out


def is_old_backup(made_at: datetime | None, now: datetime) -> bool:
    """Whether the last good backup is older than a night, or there is none."""
    return made_at is None or now - made_at > BACKUP_IS_OLD
