"""Saved views: the filters and the order of a list, kept by a user under a name, private or shared with
their team.

A team is all active users of one role at one office. They may see the same rows, so a shared view
shows all of them the same. A user who moves to another role or office keeps their views. A view
holds an address and no rows: which rows it shows depends on the user who opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from compliance.core.db import db, read_rows
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.people.models import SavedView, User
from compliance.policy import may

MOST_VIEWS = 10
"""Views of one's own on one list."""
MOST_SHARED = 10
"""Views of colleagues that a list shows; the page of all views shows the rest."""
LONGEST_VIEW_QUERY = 1000


@dataclass(frozen=True)
class SavedList:
    """A list whose views can be kept: where it is, who may open it, and which of its address
    counts, in this order.
    """

    code: str
    path: str
    action: str
    name: Text
    parameters: tuple[str, ...]


SAVED_LISTS: Slot[SavedList] = Slot()
"""The lists whose views can be kept."""


def saved_lists() -> dict[str, SavedList]:
    """The lists whose views can be kept, by their code."""
    return {kept.code: kept for kept in SAVED_LISTS}


def what_counts(list: str, query: str) -> str:
    """The part of an address's query that makes a view of the list: known parameters, each once,
    never a page.
    """
    given = {name: value for name, value in reversed(parse_qsl(query)) if value.isprintable()}
    return urlencode(
        [(name, given[name]) for name in saved_lists()[list].parameters if name in given]
    )


@dataclass(frozen=True)
class ShownView:
    """A view as a list offers it to one reader; `owner` is nobody when it is the reader's own."""

    id: int
    list: str
    name: str
    query: str
    shared: bool
    owner: str | None

    @property
    def address(self) -> str:
        return saved_lists()[self.list].path + (f"?{self.query}" if self.query else "")

    @property
    def asked(self) -> MultiDict[str, str]:
        """The query as a request for the list would carry it."""
        return MultiDict(parse_qsl(self.query))


_VIEWS = (
    sa.select(
        SavedView.id,
        SavedView.list,
        SavedView.name,
        SavedView.query,
        SavedView.shared,
        SavedView.owner_id,
        User.name.label("owner"),
    )
    .join(User, User.id == SavedView.owner_id)
    .where(
        sa.or_(
            SavedView.owner_id == sa.bindparam("id"),
            sa.and_(
                SavedView.shared,
                User.active,
                User.role == sa.bindparam("role"),
                User.office_id.is_not_distinct_from(sa.bindparam("office_id", type_=sa.Integer)),
            ),
        ),
        SavedView.list.in_(sa.bindparam("opened", expanding=True)),
    )
    .order_by(SavedView.owner_id != sa.bindparam("id"), SavedView.name, SavedView.id)
)
_VIEWS_OF_LIST = _VIEWS.limit(MOST_VIEWS + MOST_SHARED)


def saved_views_for(by: User, list: str | None = None) -> Sequence[ShownView]:
    """The views that `by` may open, on one list or on all: their own by name, then those the team shares."""
    opened = [
        kind
        for kind, saved_list in saved_lists().items()
        if list in (None, kind) and may(by, saved_list.action)
    ]
    return [
        ShownView(
            row.id,
            row.list,
            row.name,
            row.query,
            row.shared,
            None if row.owner_id == by.id else row.owner,
        )
        for row in read_rows(
            _VIEWS if list is None else _VIEWS_OF_LIST,
            id=by.id,
            role=by.role,
            office_id=by.office_id,
            opened=opened,
        )
    ]


def load_own_view(by: User, id: int) -> SavedView:
    """One view of the asker's own. Raises NotFound."""
    view = db.session.get(SavedView, id) if is_id(id) else None
    if view is None or view.owner_id != by.id:
        raise NotFound()
    return view
