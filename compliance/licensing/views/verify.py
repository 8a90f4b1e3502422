"""The public page that says whether a receipt, a letter or a PDF is genuine, and nothing else of it.

Open to strangers: number, time and verdict word are what the paper in their hand says already. Company,
officer and
decision are never told. Codes that do not exist are counted, so that nobody finds one by trying.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from compliance.core.text import Text, say
from compliance.files.rules import LARGEST_UPLOAD, BadFile
from compliance.licensing.checks.queries import genuine_check
from compliance.licensing.checks.rules import word_of
from compliance.licensing.codes import read_code, shown_code
from compliance.licensing.panels import VERIFIED_FILES, VERIFIED_PAPERS
from compliance.people.commands.access import (
    ATTEMPT_WINDOW,
    LONG_PAUSES,
    TooOften,
    count_guess,
    reserve_tries,
    too_many_guesses,
)
from compliance.web.addresses import came_from
from compliance.web.answering import go, show
from compliance.web.security_log import note_refusal
from compliance.web.uploads import takes_file

blueprint = Blueprint("verify", __name__)
NO_CODE = say("Kode terdiri dari 10 huruf dan angka, misalnya 7K3QF-9X2MD. Periksa ketikannya.")
NO_FILE = say("Pilih berkas PDF.")
FILES_AT_ONCE = 10
"""So many PDFs may come from one network address before there are pauses between them."""
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


@blueprint.post("/verify")
@takes_file(largest=LARGEST_UPLOAD)
def check_file() -> Response:
    """Whether a PDF is ours, or which signatures it bears. It is looked at in memory and not kept."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    try:
        reserve_tries({f"file:{came_from()}": (FILES_AT_ONCE, LONG_PAUSES)})
        if not content:
            raise BadFile(NO_FILE)
        (look,) = VERIFIED_FILES
        return _page(200, file=look(content))
    except TooOften as refusal:
        note_refusal("slowed")
        response = _page(refusal.status, file_error=refusal.reason)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response
    except BadFile as refusal:
        return _page(refusal.status, file_error=refusal.reason)


@blueprint.get("/verify/<code>", endpoint="show")
def verify(code: str) -> Response:
    """Whether a receipt or a letter with this code was ever given."""
    read = read_code(code)
    if read is None:
        return _page(404, typed=code, error=NO_CODE)
    if too_many_guesses(came_from=came_from()):
        note_refusal("slowed")
        response = _page(429, typed=code, error=TOO_MANY)
        response.headers["Retry-After"] = str(int(ATTEMPT_WINDOW.total_seconds()))
        return response
    check = genuine_check(read)
    if check is None:
        for find in VERIFIED_PAPERS:
            if letter := find(read):
                return _page(200, letter=letter)
        count_guess(came_from=came_from())
        return _page(404, unknown=shown_code(read))
    return _page(200, check=check, word=word_of(check.answer), code=shown_code(read))


def _page(status: int, *, typed: str = "", error: Text | None = None, **shown: Any) -> Response:
    response = show("licensing/verify.html", status=status, typed=typed, error=error, **shown)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
