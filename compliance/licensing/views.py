"""Pages of the counter: check, receipt, flags."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("licensing", __name__)
