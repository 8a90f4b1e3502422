"""What the tests of the team's acts share: late cases, the address of the confirm page, what came
of an act.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.outbox import Message
from tests.browser import Page
from tests.factories import user
from tests.team.crowd import Row, a_crowd


def late_cases(count: int, who: str = "ina", **facts: Any) -> list[int]:
    return a_crowd(
        Row(late=10 + number, inspector_id=user(who).id, **facts) for number in range(count)
    )


def chosen(act: str, ids: list[int]) -> str:
    return f"/queue/confirm?act={act}&" + "&".join(f"case={id}" for id in ids)


def case_of(id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, id)


def events_of(kind: str) -> list[Event]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Event).where(Event.kind == kind).order_by(Event.id)))


def banners(page: Page) -> list[str]:
    """What the banners say, without what their buttons say."""
    said = [
        each.find_all(string=lambda words: not words.find_parent("form"))
        for each in page.soup.select("main > .notice")
    ]
    return [" ".join(" ".join(words).split()) for words in said]


def told(kind: str, channel: str = "inbox") -> list[str]:
    """Who got a message of this kind, once for each message."""
    db.session.rollback()
    names = {user(who).id: who for who in ("ina", "budi", "sari", "tika")}
    query = sa.select(Message.user_id).where(Message.kind == kind, Message.channel == channel)
    return sorted(names.get(id or 0, "?") for id in db.session.scalars(query))


ACTS = ("reassign", "extend", "remind", "escalate")


FILLED: dict[str, dict[str, Any]] = {
    "reassign": {"reason": "Cuti"}, "extend": {"until": "31-12-2026", "reason": "Sedang mendaftar"},
    "remind": {},
    "escalate": {"reason": "Tidak ada kabar"},
}  # fmt: skip


def filled(act: str) -> dict[str, Any]:
    return {**FILLED[act], **({"to": str(user("budi").id)} if act == "reassign" else {})}


def row_of(page: Page, name: str) -> str:
    return next(
        text
        for row in page.soup.select("#to tbody tr")
        if (text := " ".join(row.get_text(" ").split())).startswith(name)
    )
