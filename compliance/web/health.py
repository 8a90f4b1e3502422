"""Whether the process lives (/healthz), can serve (/readyz), and whether the scheduler runs (/beatz).

Open to strangers, says nothing else. A balancer asks /readyz: a silent scheduler, and a newer version that
was pulled and not yet started, turn nobody out.
"""

from __future__ import annotations

import mmap
import sqlite3

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify

from compliance.core.availability import line_for_operator, writing_problem
from compliance.core.db import db
from compliance.core.jobs import beat_is_old
from compliance.core.read_only import read_only_mode
from compliance.core.schema import schema_of

blueprint = Blueprint("health", __name__)
DRAINING = mmap.mmap(-1, 1)
"""One byte that a server shares with its workers: not 0 as soon as they are about to end."""
Checks = dict[str, str]


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok", version=current_app.config["VERSION"])


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when this process can serve, 503 otherwise, naming what is not well."""
    checks = {"database": "ok", "writing": "ok", "migrations": "ok", "process": "ok"}
    try:
        schema = schema_of(db.engine)
        if not schema.serves:
            checks["migrations"] = schema.problem or "not those of this process"
    except (sa.exc.SQLAlchemyError, sqlite3.Error):
        checks["database"] = "does not answer"
    checks["writing"] = writing_problem(db.engine) or "ok"
    if DRAINING[0]:
        checks["process"] = "is about to end"
    return _answer(checks, well="ready")


@blueprint.get("/beatz")
def beatz() -> tuple[Response, int]:
    """200 when a scheduler beats, 503 otherwise."""
    checks = {"scheduler": "ok"}
    try:
        if beat_is_old() and read_only_mode() is None:
            checks["scheduler"] = "no beat for five minutes: is flask scheduler running?"
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        checks["scheduler"] = "not known: the database does not answer"
        if line_for_operator(error) is None:
            raise
    db.session.rollback()
    return _answer(checks, well="beating")


def _answer(checks: Checks, *, well: str) -> tuple[Response, int]:
    is_well = set(checks.values()) == {"ok"}
    status = well if is_well else f"not {well}"
    return jsonify(status=status, checks=checks), 200 if is_well else 503
