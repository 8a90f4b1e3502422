"""The blueprint that all pages of the admin share, under /admin."""

from __future__ import annotations

from flask import Blueprint

from compliance.office.settings import office_settings

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.context_processor
def what_is_missing() -> dict[str, bool]:
    """What an admin is reminded of on each page until it is filled in."""
    return {"without_contact": not office_settings().office_contact}
