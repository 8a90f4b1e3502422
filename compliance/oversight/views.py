"""Pages of the compliance team: the overdue queue."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("oversight", __name__)
