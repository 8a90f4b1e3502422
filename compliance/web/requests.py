"""The life of a request's transaction: a GET reads only, a write is kept for 2xx and 3xx, else all
is dropped.
"""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, request
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from compliance.core.availability import Unavailable, being_updated, unavailable
from compliance.core.channels import Origin, come_from
from compliance.core.db import db, finish
from compliance.core.errors import Refusal, Stale
from compliance.core.read_only import read_only_mode, refuse_writing
from compliance.core.schema import Gate
from compliance.core.slots import Slot
from compliance.core.text import say

WITHOUT_STORE = ("health", "metrics", "assets", "offline")
"""Blueprints whose pages are answered whatever the store is like."""
READING_POSTS: Slot[str] = Slot()
"""Endpoints that take what is sent also while nothing may be written: they ask, or say what is not kept."""


def install(app: Flask) -> None:
    """Begin and end the transaction of each request."""
    app.jinja_env.globals["given_back"] = given_back
    gate = app.extensions["patuh_gate"] = Gate()

    @app.before_request
    def look_at_schema() -> None:
        if not (gate.is_open or request.blueprint in WITHOUT_STORE or gate.try_to_open(db.engine)):
            raise being_updated()

    @app.before_request
    def begin() -> None:
        come_from(Origin("web"))  # the API says more as soon as it knows the token
        if request.method in ("GET", "HEAD", "OPTIONS"):
            db.session.info["read_only"] = True
        if request.path.startswith("/api/"):
            return  # the API's schemas refuse every control character, and name the field
        typed = (*request.args.listvalues(), *request.form.listvalues())
        if "\0" in request.path or any("\0" in value for values in typed for value in values):
            abort(400)  # no keyboard sends it, and PostgreSQL cannot store it

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        come_from()

    @app.after_request
    def end(response: Response) -> Response:
        try:
            finish(keep=response.status_code < 400 or g.get("keep_writes", False))
        except (IntegrityError, StaleDataError) as error:
            return _refused(error)
        except Unavailable as refusal:  # nothing may be written any more, since this very moment
            db.session.rollback()
            return _answer_of(refusal)
        except (DBAPIError, OSError) as error:  # the store took the statements and not the commit
            if (passing := unavailable(error)) is None:
                raise
            db.session.rollback()
            return _answer_of(passing)
        return response

    @app.errorhandler(IntegrityError)
    @app.errorhandler(StaleDataError)
    def lost_the_race(error: Exception) -> Response:
        return _refused(error)


def write_or_refuse() -> None:
    """Refuse what would write while nothing may be written, but for READING_POSTS, of which nothing is kept.

    Asked when it is known who asks. Raises WritesPaused.
    """
    if db.session.info.get("read_only"):
        return
    if request.endpoint not in READING_POSTS:
        refuse_writing()
    only_reads()


def only_reads() -> bool:
    """Whether nothing may be written now; then nothing of this request is kept."""
    if read_only_mode() is None:
        return False
    db.session.info["read_only"] = True
    return True


def _refused(error: Exception) -> Response:
    """Two people at the same instant: the second one is told, nothing is overwritten."""
    db.session.rollback()
    refusal = (
        Stale()
        if isinstance(error, StaleDataError)
        else Refusal(
            say("Data yang sama baru saja disimpan orang lain. Muat ulang halaman, lalu periksa.")
        )
    )
    return _answer_of(refusal)


def _answer_of(refusal: Refusal) -> Response:
    return current_app.make_response(current_app.handle_user_exception(refusal))


def given_back() -> MultiDict[str, str] | None:
    """The saved values of this page's form when it is shown again after sign-in; else None."""
    form: MultiDict[str, str] | None = g.get("given_back")
    return form


def typed() -> MultiDict[str, str]:
    """What was typed into the form: sent now or, on a GET, given back to be looked at.

    For fields made by hand.
    """
    return given_back() or request.form


def keep_writes() -> None:
    """Keep what this request writes although it is refused: a failed sign-in must be counted."""
    g.keep_writes = True
