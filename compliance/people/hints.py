"""First-use hints: one or two sentences on how to use a page, shown until the user closes them.

A closed hint stays closed on every device until the user brings the hints back on their account page.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask_login import current_user

from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.people.models import User
from compliance.policy import OWN, command

HINTS: Slot[tuple[str, Text]] = Slot()
"""The name of each page that has a hint, and what the hint says."""


def hints() -> dict[str, Text]:
    """What each page's hint says, by the name of the page."""
    return dict(HINTS)


def hint_for(name: str) -> Text | None:
    """The hint of a page, unless the reader has put it away or is nobody."""
    if not current_user.is_authenticated or name in current_user.hints_seen:
        return None
    return hints()[name]


@command(OWN, about=None)
def put_away(name: str, *, by: User) -> None:
    """The reader needs this hint no more. Raises NotFound for a hint that there is not."""
    if name not in hints():
        raise NotFound()
    if name not in by.hints_seen:
        _keep(by, [*by.hints_seen, name])


@command(OWN, about=None)
def bring_back(*, by: User) -> None:
    """The reader wants to see every hint again."""
    _keep(by, [])


def _keep(by: User, seen: list[str]) -> None:
    """Written beside the person's version: a hint put away must not make another form of theirs stale."""
    db.session.execute(sa.update(User).where(User.id == by.id).values(hints_seen=seen))
