"""What time does for the admins: they read what was done to the accounts of others, and of broken files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from compliance.admin.access.queries import access_facts_of, changed_by_others
from compliance.admin.audit.queries import kind_name
from compliance.admin.messages import tell_of_broken_files
from compliance.core import clock
from compliance.core.channels import channel_words
from compliance.core.db import db, reading, transaction
from compliance.core.events import Event, last_sealed
from compliance.core.outbox import Message
from compliance.core.text import Text, to_json
from compliance.files.jobs import FilesBroken, check_files
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.queries import in_role
from compliance.policy import system_only

MOST_PEOPLE_IN_A_LINE = 10
"""So many people are named in one line; all of them are counted, and stand in the list that it links to."""
LOOKED_BACK = timedelta(days=7)
"""So far the first digest of all looks back."""


@dataclass
class Acts:
    """What somebody did of one kind, by one channel, and to whom: one line of the digest."""

    actor_id: int | None
    by: str | None
    what: Text
    channel: Text | None
    count: int = 0
    last_at: datetime | None = None
    names: dict[str, None] = field(default_factory=dict)  # a set in the order in which they came

    def add(self, event: Event) -> None:
        self.count, self.last_at = self.count + 1, event.at
        if len(self.names) <= MOST_PEOPLE_IN_A_LINE:
            self.names[str(event.fact("name") or event.fact("email"))] = None

    @property
    def line(self) -> dict[str, object]:
        names = [*self.names][:MOST_PEOPLE_IN_A_LINE] + ["…"] * (
            len(self.names) > MOST_PEOPLE_IN_A_LINE
        )
        return {
            "at": to_json(self.last_at),
            "what": to_json(self.what),
            "whose": ", ".join(names),
            "by": self.by,
            "channel": to_json(self.channel),
            "count": self.count,
        }


@system_only
def send_access_digests() -> dict[str, int]:
    """Tell admins and supervisors, once every morning, what others did to accounts that are not their own.

    Supervisors always: an admin can make another admin, but not the head of inspection. Every day: the
    calendar is the admin's, too. Goes on behind the last event of which a digest spoke.
    """
    settings, day = office_settings(), today()
    morning = clock.start_of(day, settings.zone) + timedelta(hours=settings.digest_hour)
    if clock.now() < morning:
        return {}
    with reading():
        last = db.session.scalar(
            sa.select(Message)
            .where(Message.kind == "access.digest")
            .order_by(Message.id.desc())
            .limit(1)
        )
        if last is not None and last.created_at >= morning:
            return {}
        told_to = last.fact("up_to") if last is not None else None
        since = last.created_at if last is not None else clock.now() - LOOKED_BACK
        up_to = last_sealed()
        acts = _acts(changed_by_others(since if told_to is None else told_to, up_to=up_to))
    return {"digests": _tell(acts, str(day), up_to)} if acts else {}


def _acts(events: Iterable[Event]) -> list[Acts]:
    """What was done, by who did it, how, and what it was: many of the one do not hide one of the other."""
    found: dict[object, Acts] = {}
    for event in events:
        alike = (event.actor_id, event.channel, event.token_id, event.kind, access_facts_of(event))
        if alike not in found:
            by = event.actor_name if event.actor_id is not None else None
            what, channel = kind_name(event.kind), channel_words(event)
            found[alike] = Acts(event.actor_id, by, what, channel)
        found[alike].add(event)
    return list(found.values())


def _tell(acts: list[Acts], day: str, up_to: int) -> int:
    told = 0
    with transaction():
        for reader in in_role("admin", "supervisor"):
            news = [each for each in acts if each.actor_id != reader.id]
            if news:
                key, count = f"access:{reader.id}:{day}", sum(each.count for each in news)
                lines = [each.line for each in news]
                tell_user(reader, "access.digest", key=key, lines=lines, count=count, up_to=up_to)
                told += 1
    return told


@system_only
def check_stored_files() -> dict[str, int]:
    """Hash tonight's share of the stored files, and tell the admins what is newly broken.

    Raises FilesBroken.
    """
    try:
        return check_files()
    except FilesBroken as broken:
        if broken.newly:
            with transaction():
                tell_of_broken_files(broken.newly)
        raise
