"""Whether the process lives (/healthz) and whether it can serve (/readyz).

Open to strangers, says nothing else.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify

from compliance.core import migrations
from compliance.core.availability import writing_problem
from compliance.core.db import db
from compliance.core.jobs import beat_is_old
from compliance.core.read_only import read_only_mode

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when all is well, 503 otherwise, naming what is not."""
    checks = {"database": "ok", "writing": "ok", "migrations": "ok", "scheduler": "ok"}
    try:
        db.session.execute(sa.text("SELECT 1"))
        if not migrations.are_current():
            checks["migrations"] = "not current: run flask db upgrade"
        elif beat_is_old() and read_only_mode() is None:
            checks["scheduler"] = "no beat for five minutes: is flask scheduler running?"
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        checks["database"] = "does not answer"
    db.session.rollback()
    checks["writing"] = writing_problem(db.engine) or "ok"
    ready = set(checks.values()) == {"ok"}
    return jsonify(status="ready" if ready else "not ready", checks=checks), 200 if ready else 503
