"""One line of log for each request in production: what was asked, by whom, about which case, how it ended and
how long it took. A slow one is told everywhere.

Nothing of what was typed is in it: no query, no body, no secret of an address.
"""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, current_app, g, request

from compliance.core import logs
from compliance.web.security_log import asked_path, request_id

log = structlog.get_logger()
SLOW_SECONDS = 1.0
OF_MACHINES = ("health", "assets")
"""Blueprints whose answers fill no log while they are well."""


def install(app: Flask) -> None:
    """Measure from here on: what is registered before this is not counted, such as reading a slow body."""
    app.jinja_env.globals["version"] = app.config["VERSION"]

    @app.before_request
    def begin() -> None:
        g.begun_at = time.perf_counter()
        logs.begin(request_id=request_id())

    @app.after_request
    def end(response: Response) -> Response:
        took = time.perf_counter() - g.get("begun_at", time.perf_counter())
        of_machine = request.blueprint in OF_MACHINES and response.status_code < 500
        facts = {
            "method": request.method,
            "path": asked_path(),
            "answered": response.status_code,
            "ms": round(took * 1000),
        }
        if (user := g.get("asker_id")) is not None:
            facts["user"] = user
        if took >= SLOW_SECONDS:
            log.warning("slow request", **facts)
        elif current_app.config["PATUH_ENV"] == "production" and not of_machine:
            log.info("request", **facts)
        return response
