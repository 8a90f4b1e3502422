"""How much a request may send: little, except on the pages that take a file.

The limit is set before anything reads the body, the CSRF check included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

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


def install(app: Flask) -> None:
    """Keep bodies small but for the views that take a file."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM

    @app.url_value_preprocessor
    def limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        largest = getattr(current_app.view_functions.get(endpoint or ""), "largest_body", None)
        if largest is not None:
            request.max_content_length = largest
