"""The page or problem of a refusal or an error: the reason, what is safe, and where to go next."""

from __future__ import annotations

from contextlib import suppress

import structlog
from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from compliance.core.availability import Unavailable, being_updated, unavailable
from compliance.core.db import db
from compliance.core.errors import NotAllowed, OutOfScope, Refusal, Stale
from compliance.core.schema import is_missing, schema_of
from compliance.core.text import LANGUAGES, Text, say
from compliance.web.answering import go
from compliance.web.formatting import in_language
from compliance.web.problems import problem, problem_of
from compliance.web.security_log import asked_path, note_refusal, request_id

log = structlog.get_logger()
SENTENCES = {
    400: say("Permintaan ini tidak lengkap. Muat ulang halaman, lalu coba lagi."),
    401: say("Anda belum masuk."),
    403: say("Peran Anda tidak mengizinkan tindakan ini."),
    404: say(
        "Halaman atau data ini tidak ada, atau tidak terbuka bagi Anda. Periksa alamat atau nomornya."
    ),
    405: say("Halaman ini tidak dapat dibuka dengan cara itu. Kembali, lalu coba lagi."),
    412: say("Data ini sudah diubah orang lain sejak Anda membukanya. Tidak ada yang ditimpa."),
    413: say(
        "Yang Anda kirim terlalu besar: daftar untuk diimpor paling besar 30 MB, isian lain 4 MB."
    ),
    429: say("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi."),
    500: say(
        "Ada kesalahan pada Patuh, bukan pada Anda. Tidak ada data yang berubah. Coba lagi sebentar lagi."
    ),
}


def for_program() -> bool:
    """Whether a program asks, who reads problem+json, and not a person, who reads a page."""
    return request.path.startswith("/api/")


def install(app: Flask) -> None:
    """Answer every refusal and error in the form the asker reads."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        if isinstance(error, NotAllowed):
            note_refusal("refused.role")
        elif isinstance(error, OutOfScope):
            note_refusal("refused.scope")
        if for_program():
            return problem_of(error)
        return page(
            error.status, error.reason, changes=error.changes if isinstance(error, Stale) else ()
        )

    app.register_error_handler(HTTPException, http_error)

    @app.errorhandler(Unavailable)
    def try_later(error: Unavailable) -> Response:
        wait = {"Retry-After": str(int(error.pause.total_seconds()))}
        if for_program():
            return problem(error.status, error.reason, headers=wait)
        response = _page_without_store(error)
        response.headers.update(wait)
        return response

    @app.errorhandler(Exception)
    def failure(error: Exception) -> Response:
        passing = being_updated() if is_missing(error) and _is_updated() else unavailable(error)
        if passing is not None:
            log.warning("store unavailable", path=asked_path(), error=str(error))
            drop_transaction()
            return try_later(passing)
        log.exception(
            "request failed",
            path=asked_path(),
            method=request.method,
            request_id=request_id(),
        )
        db.session.rollback()
        return problem(500, SENTENCES[500]) if for_program() else page(500, SENTENCES[500])


def _is_updated() -> bool:
    """Whether a newer version of Patuh took away from the store what this one uses."""
    drop_transaction()
    try:
        return not schema_of(db.engine).serves
    except DBAPIError:
        return True


def http_error(error: HTTPException) -> Response:
    """The answer to what Flask itself refuses."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    if isinstance(error, CSRFError):
        sentence = say(
            "Halaman ini terbuka terlalu lama. Yang Anda tulis belum disimpan: kembali, lalu kirim lagi."
        )
    headers = {
        name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    }
    if for_program():
        return problem(status, sentence, headers=headers)
    if status == 405 and request.method == "GET":
        return go(_page_above())
    response = page(status, sentence)
    response.headers.update(headers)
    return response


def drop_transaction() -> None:
    """Let go of a transaction whose store may be gone; the next request gets a new connection."""
    with suppress(Exception):
        db.session.rollback()
    db.session.remove()


def _page_without_store(error: Unavailable) -> Response:
    """A page that asks the store for nothing, not even for who is reading it (as `render_template` would)."""
    chosen = request.cookies.get("language", "id")
    with in_language(chosen if chosen in LANGUAGES else "id"):
        template = current_app.jinja_env.get_template("errors/unavailable.html")
        return make_response(template.render(reason=error.reason), error.status)


def _page_above() -> str:
    """The page to which an address belongs that only takes what is sent: the nearest one above it."""
    addresses, path = current_app.create_url_adapter(request), request.path
    while addresses is not None and (path := path.rpartition("/")[0]):
        if addresses.test(path, method="GET"):
            return path
    return "/"


def page(status: int, reason: Text, **more: object) -> Response:
    """A page that explains."""
    return make_response(
        render_template("errors/refused.html", status=status, reason=reason, **more), status
    )
