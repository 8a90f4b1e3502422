"""The public page that says whether a receipt is genuine, and nothing else of it.

Open to strangers: number, time and verdict word are what the paper in their hand says already. Company,
officer and
decision are never told. Codes that do not exist are counted, so that nobody finds one by trying.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from compliance.core.text import Text, say
from compliance.licensing.checks.queries import genuine_check
from compliance.licensing.checks.rules import word_of
from compliance.licensing.codes import read_code, shown_code
from compliance.people.commands.access import ATTEMPT_WINDOW, count_guess, too_many_guesses
from compliance.web.answering import go, show

blueprint = Blueprint("verify", __name__)
NO_CODE = say("Kode terdiri dari 10 huruf dan angka, misalnya 7K3QF-9X2MD. Periksa ketikannya.")
TOO_MANY = say("Terlalu banyak kode yang tidak dikenal. Tunggu 15 menit, lalu coba lagi.")


@blueprint.get("/verify")
def ask() -> Response:
    """The box for a code; a code typed into it leads to its own address."""
    typed = request.args.get("code")
    code = read_code(typed or "")
    if code is not None:
        return go(".show", code=shown_code(code))
    return _page(
        200 if typed is None else 422,
        typed=typed or "",
        error=NO_CODE if typed is not None else None,
    )


@blueprint.get("/verify/<code>", endpoint="show")
def verify(code: str) -> Response:
    """Whether a receipt with this code was ever given."""
    read = read_code(code)
    if read is None:
        return _page(404, typed=code, error=NO_CODE)
    came_from = request.remote_addr or "?"
    if too_many_guesses(came_from=came_from):
        response = _page(429, typed=code, error=TOO_MANY)
        response.headers["Retry-After"] = str(int(ATTEMPT_WINDOW.total_seconds()))
        return response
    check = genuine_check(read)
    if check is None:
        count_guess(came_from=came_from)
        return _page(404, unknown=shown_code(read))
    return _page(200, check=check, word=word_of(check.answer), code=shown_code(read))


def _page(status: int, *, typed: str = "", error: Text | None = None, **shown: Any) -> Response:
    response = show("licensing/verify.html", status=status, typed=typed, error=error, **shown)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
