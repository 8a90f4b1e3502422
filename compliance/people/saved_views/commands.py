"""The verbs about saved views: save, change, delete. They record no event.

A view is a convenience of its owner and nothing of the office's work depends on it: it changes
neither what another user may see nor what they may do, and a shared view is only a link on the list
of colleagues. The event log is kept for what an auditor would ask about.
"""

from __future__ import annotations

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Refusal, Taken
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import say
from compliance.office.settings import served_province
from compliance.people.models import SavedView, User
from compliance.people.saved_views.queries import (
    LONGEST_VIEW_QUERY,
    MOST_VIEWS,
    load_own_view,
    saved_lists,
    what_counts,
)
from compliance.policy import OWN, command, require

LONGEST_VIEW_NAME = 60


@command(OWN, about=None)
def save_view(*, by: User, list: str, query: str, name: str, shared: bool) -> SavedView:
    """Keep the list as `query` narrows it. Saying it twice keeps it once.

    Raises NotFound for a list that has no views, Invalid, Taken for a name that another view of
    theirs on this list bears, Refusal when there are ten already.
    """
    if list not in saved_lists():
        raise NotFound()
    require(by, saved_lists()[list].action)
    name, query = _checked_name(name), what_counts(list, query)
    if len(query) > LONGEST_VIEW_QUERY:
        raise Invalid({"": say("Saringan ini terlalu panjang untuk disimpan.")})
    _wait_for_ones_turn(by)
    mine = db.session.scalars(
        sa.select(SavedView).where(SavedView.owner_id == by.id, SavedView.list == list)
    ).all()
    namesake = next((view for view in mine if _same(view.name, name)), None)
    if namesake is not None and (namesake.query, namesake.shared) == (query, shared):
        return namesake
    if namesake is not None:
        raise _taken(namesake)
    if len(mine) >= MOST_VIEWS:
        raise Refusal(
            say(
                "Anda sudah menyimpan {count} tampilan di daftar ini, dan lebih dari itu tidak"
                " bisa. Hapus satu dulu.",
                count=MOST_VIEWS,
            )
        )
    view = SavedView(owner_id=by.id, list=list, name=name, query=query, shared=shared)
    db.session.add(view)
    db.session.flush()
    return view


@command(OWN, owner="owner_id")
def change_view(view: SavedView, *, by: User, name: str, shared: bool) -> None:
    """Give one's own view another name, share it or keep it to oneself. Raises Invalid, Taken."""
    require(by, saved_lists()[view.list].action)
    name = _checked_name(name)
    _wait_for_ones_turn(by)
    others = db.session.scalars(
        sa.select(SavedView).where(
            SavedView.owner_id == view.owner_id,
            SavedView.list == view.list,
            SavedView.id != view.id,
        )
    )
    for other in others:
        if _same(other.name, name):
            raise _taken(other)
    view.name, view.shared = name, shared
    db.session.flush()


@command(OWN, about=None)
def delete_view(id: int, *, by: User) -> None:
    """Delete a view of `by`. Does nothing when it was already deleted or belongs to another user."""
    try:
        db.session.delete(load_own_view(by, id))
    except NotFound:
        return
    db.session.flush()


def _checked_name(typed: str) -> str:
    name = clean_line(typed)
    if name is None:
        raise Invalid(
            {
                "name": say(
                    "Isi nama tampilan, misalnya {place} bulan ini", place=served_province().capital
                )
            }
        )
    if reason := too_long(name, LONGEST_VIEW_NAME):
        raise Invalid({"name": reason})
    return name


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _taken(namesake: SavedView) -> Taken:
    return Taken(
        say(
            "Anda sudah punya tampilan bernama “{name}” di daftar ini. Pakai nama lain, atau hapus"
            " yang lama.",
            name=namesake.name,
        ),
        field="name",
    )


def _wait_for_ones_turn(by: User) -> None:
    """Two windows of one person keep views one after the other, so that ten stay ten."""
    db.session.scalar(sa.select(User.id).where(User.id == by.id).with_for_update(of=User))
