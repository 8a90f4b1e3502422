"""The blueprint of letters. The modules beside this one add their addresses to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("letters", __name__)
