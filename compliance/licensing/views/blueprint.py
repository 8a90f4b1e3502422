"""The blueprint that the pages of the counter and of the flags share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("licensing", __name__)
