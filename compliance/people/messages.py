"""Messages to users and offices: who gets an inbox message, who a mail, in which language.

Writes outbox rows only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from compliance.core.channels import channel_words
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.outbox import gather, post_message
from compliance.people.models import User
from compliance.people.queries import licensing_officers
from compliance.policy import system_only
from compliance.reference.regions import province_of


@system_only
def tell_user(
    user: User, kind: str, *, key: str, case_id: int | None = None, mail: bool = True, **facts: Any
) -> None:
    """Put a message into a person's inbox and, if they want mails, into their mailbox.

    The role in which it is read goes along as the fact `reader`: it decides where the letter's link leads.
    """
    if not user.active:
        return
    facts["reader"] = user.role
    post_message(
        kind,
        key=key,
        channel="inbox",
        user_id=user.id,
        language=user.language,
        case_id=case_id,
        data=facts,
    )
    if mail and user.wants_email:
        post_message(
            kind,
            key=key,
            channel="email",
            user_id=user.id,
            address=user.email,
            language=user.language,
            case_id=case_id,
            data=facts,
        )


@system_only
def tell_of_case(
    user: User,
    kind: str,
    *,
    key: str,
    case_id: int,
    about: Mapping[str, Any],
    mail: bool = True,
    **facts: Any,
) -> None:
    """Send a user a message about a case. When one act sends equal messages about many cases, the user gets
    one message that lists them.

    `about` are the facts of the case, `facts` those of the act.
    """
    if not user.active:
        return
    facts["reader"] = user.role
    for channel, address in (("inbox", None), ("email", user.email)):
        if channel == "inbox" or (mail and user.wants_email):
            gather(
                kind,
                key=key,
                channel=channel,
                case_id=case_id,
                about=about,
                user_id=user.id,
                address=address,
                language=user.language,
                data=facts,
            )


@system_only
def tell_owner_of_account(event: Event) -> None:
    """Mail somebody that their account can be used otherwise than before, whoever did it. When the address is
    another one, the old one is told as well.

    It is mailed whatever mails they want: if it was not them, they must know.
    """
    before, after = event.fact("before") or {}, event.fact("after") or {}
    if event.kind == "user.changed" and not after.keys() & ACCESS_FACTS:
        return
    user = db.session.get_one(User, event.about.id)
    label = event.fact("label")
    addresses = dict.fromkeys((user.email, before.get("email", user.email)))
    for number, address in enumerate(addresses):
        post_message(
            "account.changed",
            key=f"{event.kind}:{user.id}:{number}:{event.at.isoformat()}:{label or ''}"[:120],
            channel="email",
            user_id=user.id,
            address=address,
            language=user.language,
            data={
                "change": event.kind,
                "label": label,
                "old_email": before.get("email"),
                "new_email": after.get("email"),
                "access": bool(after.keys() & (ACCESS_FACTS - {"email"})),
                "by": None if event.actor_id is None else event.actor_name,
                "channel": channel_words(event),
                "at": event.at,
                "name": user.name,
                "reader": user.role,
                "always": True,
            },
        )


ACCESS_FACTS = frozenset({"role", "office", "active", "email"})
"""What of a user decides who may do what with the account."""


class LicensingOffices:
    """The licensing offices of some regions and their officers, read once, so that many messages
    can be written.
    """

    def __init__(self, region_codes: Collection[str]) -> None:
        self.staffed = licensing_officers(region_codes)

    @system_only
    def tell(
        self, region_code: str, kind: str, *, key: str, case_id: int | None, **facts: Any
    ) -> list[str]:
        """Tell the offices of a region and its province: each officer's inbox, and the office's
        mailbox if it has one.

        An office without a mailbox is reached through its officers' own. Answers the names of the
        offices told.
        """
        names = []
        for office, officers in self.staffed:
            if office.region_code not in (region_code, province_of(region_code)):
                continue
            names.append(office.name)
            for officer in officers:
                tell_user(
                    officer, kind, key=key, case_id=case_id, mail=office.email is None, **facts
                )
            if office.email is not None:
                data = {**facts, "reader": "licensing"}
                post_message(
                    kind, key=key, channel="email", address=office.email, case_id=case_id, data=data
                )
        return names


@system_only
def tell_licensing(
    region_code: str, kind: str, *, key: str, case_id: int | None, **facts: Any
) -> list[str]:
    """Tell the licensing offices of one region, as `LicensingOffices.tell` does."""
    return LicensingOffices([region_code]).tell(
        region_code, kind, key=key, case_id=case_id, **facts
    )
