"""How a view answers: with a page, or, when something was done, with a sentence on the page that comes next.

Every view returns one kind of `Response`, made here. A page whose form was not taken says so in its status.
"""

from __future__ import annotations

from typing import Any, Literal

from flask import Response, flash, make_response, redirect, render_template, url_for
from markupsafe import Markup

from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.text import Text
from compliance.web.formatting import page_template, render_text
from compliance.web.forms import Form


def show(
    template: str, form: Form | None = None, status: int | None = None, **facts: Any
) -> Response:
    """The page that `template` makes of `facts`, with `form` when it has one.

    The status is 200; when the form has problems it is that of the refusal they came from, else 422. `status`
    overrules both.
    """
    if status is None:
        status = (form.refused_with or 422) if form is not None and form.problems else 200
    return make_response(render_template(page_template(template), form=form, **facts), status)


def done(sentence: Text, target: str, **values: Any) -> Response:
    """Say on the next page that something was done. `target` and `values` are those of `go`."""
    tell(sentence)
    return go(target, **values)


def go(target: str, **values: Any) -> Response:
    """On to another page by GET: `target` is an address of ours, or an endpoint with its `values`."""
    address = target if target.startswith("/") else url_for(target, **values)
    return make_response(redirect(address, 303))


def tell(sentence: Text | Markup, kind: Literal["success", "caution", "error"] = "success") -> None:
    """Put a sentence at the top of the next page; what is no Text is in the reader's language already."""
    flash(render_text(sentence) if isinstance(sentence, Text) else sentence, kind)


class refusals_on:  # in lower case as other context managers are
    """Put a refusal that is raised in this block on `form`, beside the field that it is about.

    Catches Invalid, Taken and the `others` named. Any other refusal becomes an error page (web/errors).
    """

    def __init__(self, form: Form, *others: type[Refusal]) -> None:
        self.form = form
        self.kinds = (Invalid, Taken, *others)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Refusal) and isinstance(error, self.kinds):
            self.form.refuse(error)
            return True
        return False
