"""Figures for Prometheus at /metrics: requests, their time and their questions to the store, and what rooms
measure in the store.

Open to a program with PATUH_METRICS_TOKEN, and to this machine itself; a request that a proxy passed on
needs the token. Several workers count together where PROMETHEUS_MULTIPROC_DIR names a folder
(gunicorn.conf.py makes one).
"""

from __future__ import annotations

import hmac
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, g, has_request_context, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from compliance.core.availability import line_for_operator
from compliance.core.db import db
from compliance.core.slots import Slot

blueprint = Blueprint("metrics", __name__)
REQUESTS = Counter("patuh_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "patuh_request_seconds",
    "Time from request to answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
QUESTIONS = Counter("patuh_store_statements", "Statements sent to the store.", ["route"])
NO_ROUTE = "none"
"""The route of an address that is no page: what strangers type makes no series of its own."""


FIGURE_MEANINGS = {
    "patuh_store_up": "Whether the store answers.",
    "patuh_beat_age_seconds": "Since when the scheduler gave no sign of life.",
    "patuh_jobs_failed": "Jobs that failed when they ran last.",
    "patuh_mails_waiting": "Mails that wait to be sent.",
    "patuh_mails_oldest_seconds": "Age of the oldest mail that waits.",
    "patuh_mails_given_up": "Mails given up.",
    "patuh_steps_due": "Cases whose next step is due and was not made yet.",
    "patuh_steps_failed": "Cases set aside because their step failed.",
    "patuh_backup_age_seconds": "Age of the last good backup.",
}
"""TABLE: what each figure of the store means."""


@dataclass(frozen=True)
class Figure:
    """A figure of the store as it is now; its name is one of FIGURE_MEANINGS."""

    name: str
    value: float


MEASURES: Slot[Callable[[], Iterator[Figure]]] = Slot()
"""What rooms measure in the store, with few reads each."""


class StoreFigures:
    """Asks the store when Prometheus asks. A store that is away is itself a figure."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures: list[Figure] = []
        try:
            for measure in MEASURES:
                figures += measure()
            answers = 1
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            db.session.rollback()
            if line_for_operator(error) is None:
                raise
            answers = 0
        figures.append(Figure("patuh_store_up", answers))
        for figure in figures:
            yield GaugeMetricFamily(figure.name, FIGURE_MEANINGS[figure.name], value=figure.value)


@blueprint.get("/metrics")
def show() -> Response:
    if not _may_read():
        abort(403)
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest(REGISTRY)
    own = CollectorRegistry()
    own.register(StoreFigures())
    return Response(text + generate_latest(own), mimetype=None, content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    wanted = str(current_app.config["PATUH_METRICS_TOKEN"])
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and wanted:
        return hmac.compare_digest(given.encode(), wanted.encode())
    passed_on = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    try:
        return not passed_on and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def install(app: Flask) -> None:
    """Count every request, and the statements that it sends."""

    @app.before_request
    def begin() -> None:
        g.measured_from = time.perf_counter()
        g.statements = 0

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else NO_ROUTE
        REQUESTS.labels(route, request.method, response.status_code).inc()
        if (begun := g.get("measured_from")) is not None:
            SECONDS.labels(route).observe(time.perf_counter() - begun)
            QUESTIONS.labels(route).inc(g.get("statements", 0))
        return response

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", _count)


def _count(*_statement: object) -> None:
    if has_request_context() and "statements" in g:
        g.statements += 1
