"""What a request sends: how much it may be, and that all of it is here before the store is asked anything.

The limit is set before anything reads the body, the CSRF check included. Then the body is read at once: on
SQLite a transaction that waits for the rest of a slow client's body would keep the whole office from saving.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

_MB = 1024 * 1024
LARGEST_FORM = 4 * _MB
FORM_AROUND_A_FILE = _MB
_View = TypeVar("_View", bound=Callable[..., Any])


def takes_file(*, largest: int) -> Callable[[_View], _View]:
    """A view to which a file of `largest` bytes may be sent."""

    def mark(view: _View) -> _View:
        view.largest_body = largest + FORM_AROUND_A_FILE  # type: ignore[attr-defined]
        return view

    return mark


def takes_body(view: _View, *, largest: int) -> _View:
    """A view for programs, to which `largest` bytes may be sent; it refuses more in its own words."""
    view.largest_body = largest + 1  # type: ignore[attr-defined]
    view.refuses_by_itself = True  # type: ignore[attr-defined]
    return view


def read_body() -> None:
    """Read all that was sent, before anything else looks at the request. Raises RequestEntityTooLarge."""
    if request.endpoint is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "refuses_by_itself", False):
        with suppress(RequestEntityTooLarge):  # raised again when the view asks for the body
            request.get_data()
    else:
        request.get_data(parse_form_data=True)


def install(app: Flask) -> None:
    """Keep bodies small but for the views that take a file, and read them first."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM

    @app.url_value_preprocessor
    def limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        largest = getattr(current_app.view_functions.get(endpoint or ""), "largest_body", None)
        if largest is not None:
            request.max_content_length = largest

    app.before_request(read_body)
