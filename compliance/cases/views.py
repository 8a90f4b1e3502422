"""Pages of the case: field, drafts and the nota form, the case itself, its steps."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cases", __name__)
