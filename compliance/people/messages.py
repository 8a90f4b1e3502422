"""Telling people and offices: who gets an inbox message, who a mail, in which language. Writes outbox rows only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.outbox import gather, post
from compliance.office.queries import licensing_offices
from compliance.people.models import User
from compliance.policy import system_only


@system_only
def tell_user(
    user: User, kind: str, *, key: str, case_id: int | None = None, mail: bool = True, **facts: Any
) -> bool:
    """Put a message into a person's inbox and, if they want mails, into their mailbox; answers whether it was new.

    The role in which it is read goes along as the fact `reader`: it decides where the letter's link leads.
    """
    if not user.active:
        return False
    facts["reader"] = user.role
    new = post(
        kind, key=key, channel="inbox", user_id=user.id, language=user.language, case_id=case_id, data=facts
    )
    if mail and user.wants_email:
        post(
            kind, key=key, channel="email", user_id=user.id, address=user.email, language=user.language,
            case_id=case_id, data=facts,
        )  # fmt: skip
    return new


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
    """Tell a person of a case. What one act tells them of many, in the same words, is one message and not one each.

    `about` are the facts of the case, `facts` those of the act.
    """
    if not user.active:
        return
    facts["reader"] = user.role
    for channel, address in (("inbox", None), ("email", user.email)):
        if channel == "inbox" or (mail and user.wants_email):
            gather(
                kind, key=key, channel=channel, case_id=case_id, about=about, user_id=user.id, address=address,
                language=user.language, data=facts,
            )  # fmt: skip


@system_only
def tell_licensing(region_code: str, kind: str, *, key: str, case_id: int, **facts: Any) -> list[str]:
    """Tell the licensing offices of a region: each officer's inbox, and the office's mailbox where it has one.

    An office without a mailbox is reached through its officers' own. Answers the names of the offices told.
    """
    offices = licensing_offices(region_code)
    officers = db.session.scalars(
        sa.select(User).where(
            User.active, User.role == "licensing", User.office_id.in_([each.id for each in offices])
        )
    ).all()
    for office in offices:
        for officer in officers:
            if officer.office_id == office.id:
                tell_user(officer, kind, key=key, case_id=case_id, mail=office.email is None, **facts)
        if office.email is not None:
            data = {**facts, "reader": "licensing"}
            post(kind, key=key, channel="email", address=office.email, case_id=case_id, data=data)
    return [office.name for office in offices]
