"""The page or problem of a refusal or an error: the reason, what is safe, and where to go next."""

from __future__ import annotations

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from compliance.core.db import db
from compliance.core.errors import Refusal, Stale
from compliance.core.text import Text, say
from compliance.web.problems import problem, problem_of

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
        if for_program():
            return problem_of(error)
        return page(
            error.status, error.reason, changes=error.changes if isinstance(error, Stale) else ()
        )

    app.register_error_handler(HTTPException, http_error)

    @app.errorhandler(Exception)
    def failure(error: Exception) -> Response:
        log.exception("request failed", path=request.path, method=request.method)
        db.session.rollback()
        return problem(500, SENTENCES[500]) if for_program() else page(500, SENTENCES[500])


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
    response = page(status, sentence)
    response.headers.update(headers)
    return response


def page(status: int, reason: Text, **more: object) -> Response:
    """A page that explains."""
    return make_response(
        render_template("errors/refused.html", status=status, reason=reason, **more), status
    )
