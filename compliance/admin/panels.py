"""What the admin's pages add to pages of all: people in the search of everything."""

from __future__ import annotations

from flask import url_for

from compliance.admin.queries import list_users
from compliance.policy import ROLES, Actor
from compliance.web.search import Hit


def people_called(by: Actor, typed: str, limit: int) -> list[Hit]:
    """People for the search of everything: by a part of their name or mail address."""
    return [
        Hit(user.name, url_for("admin.user", id=user.id), (ROLES[user.role], user.email))
        for user in list_users(by, typed=typed, role="", after=None, size=limit - 1)
    ]
