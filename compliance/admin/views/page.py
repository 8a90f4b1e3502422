"""What all pages of the admin share: one blueprint under /admin, one way to answer a form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for

from compliance.core.errors import Invalid, Taken
from compliance.core.text import Text
from compliance.web.formatting import render_text
from compliance.web.forms import Form

MOVES_SHOWN = 200
"""How many moved cases a preview names; the rest are counted."""

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("")
def front() -> Response:
    return go("admin.users")


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """What a command refuses in here is put beside the fields it speaks of."""
    try:
        yield
    except (Invalid, Taken) as refusal:
        form.refuse(refusal)


def show(template: str, form: Form | None = None, **facts: Any) -> Response:
    """The page; 422 when it comes back with a form that was sent and refused."""
    status = 422 if form is not None and form.problems else 200
    return make_response(render_template(f"admin/{template}.html", form=form, **facts), status)


def told(sentence: Text, endpoint: str, **place: Any) -> Response:
    """Say what was done, on the next page."""
    flash(render_text(sentence), "success")
    return go(endpoint, **place)


def go(endpoint: str, **place: Any) -> Response:
    """On to the next page, by GET."""
    return make_response(redirect(url_for(endpoint, **place), 303))
