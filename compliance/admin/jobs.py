"""What time does for the admins: they read what was done to the accounts of others, of broken files, and of
mails that cannot be delivered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from compliance.admin.access.queries import access_facts_of, changed_by_others
from compliance.admin.audit.queries import kind_name
from compliance.admin.failures import meaning_of
from compliance.admin.messages import (
    OF_REFUSED_MAIL,
    tell_of_broken_files,
    tell_of_refused_mails,
)
from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.channels import channel_words
from compliance.core.db import db, reading, transaction
from compliance.core.events import Event, Subject, last_sealed, record
from compliance.core.outbox import UNTOLD, Message
from compliance.core.text import Text, to_json
from compliance.files.jobs import FilesBroken, check_files
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.queries import in_role
from compliance.policy import SYSTEM, system_only

MOST_PEOPLE_IN_A_LINE = 10
"""So many people are named in one line; all of them are counted, and stand in the list that it links to."""
LOOKED_BACK = timedelta(days=7)
"""So far the first digest of all looks back."""
TOLD_AT_ONCE = 200


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


@system_only
def tell_of_undelivered_mail() -> dict[str, int]:
    """Tell the admins, and the holder of a case, of mails that were given up since the last time.

    A mail about a mail that was given up is not told again, but for the admins to read who does not get any.
    """
    untold = sa.select(Message).where(sa.text(UNTOLD)).order_by(Message.id).limit(TOLD_AT_ONCE)
    with reading():
        if db.session.scalar(untold.with_only_columns(Message.id).limit(1)) is None:
            return {}
    with transaction():
        mails = db.session.scalars(untold.with_for_update()).all()
        for mail in mails:
            mail.refusal_told_at = clock.now()
            if mail.kind != "message.refused":
                _tell_of_case(mail)
        news = [mail for mail in mails if mail.kind != OF_REFUSED_MAIL]
        if news:
            tell_of_refused_mails(news)
    return {"told": len(news)}


def _tell_of_case(mail: Message) -> None:
    """Write down, on the case that a mail is about, that it did not arrive."""
    case = db.session.get(Case, mail.case_id) if mail.case_id is not None else None
    if case is not None:
        record(
            "message.refused",
            by=SYSTEM,
            case=case,
            subject=Subject("message", mail.id),
            address=mail.address,
            why=meaning_of(mail.error or ""),
            message_kind=mail.kind,
        )
