"""Pages of the admin: users, offices, calendar, settings, jobs, audit."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
