"""A scheduler leads only on a store with the schema of its process, and says once why it waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest
import sqlalchemy as sa
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from structlog.testing import capture_logs

from compliance.core import scheduler as clock_of
from compliance.core.db import db, transaction
from compliance.core.scheduler import Clockwork, Job
from compliance.core.schema import REVISIONS
from compliance.core.text import Text
from tests.journeys.processes import until


@pytest.fixture
def runs() -> list[str]:
    return []


@pytest.fixture
def clockwork(app: Flask, runs: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Clockwork]:
    """A scheduler of one job, which looks again and again without a pause."""
    for name in ("POLL_SECONDS", "PAUSE_AFTER_TROUBLE_SECONDS"):
        monkeypatch.setattr(clock_of, name, 0.01)
    monkeypatch.setattr(clock_of, "SCHEMA_LOOK_SECONDS", 0.0)

    def work() -> dict[str, int]:
        runs.append("ran")
        return {}

    words = Text("contoh")
    job = Job("contoh", work, lambda _: IntervalTrigger(hours=1), words, words)
    db.session.remove()
    made = Clockwork(app, [job], zone=lambda: UTC)
    yield made
    made.stop()
    assert until(lambda: not made.leadership.is_held(), seconds=10)


def at_migration(revision: str) -> None:
    with transaction():
        db.session.execute(
            sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision}
        )
    db.session.remove()


@pytest.mark.parametrize("other", ["0031", "9999"])
def test_it_waits_for_its_schema_and_stops_when_another_comes(
    clockwork: Clockwork, runs: list[str], other: str
) -> None:
    at_migration(other)
    with capture_logs() as log:
        clockwork.serve_in_background()
        assert until(lambda: clockwork.problem is not None, seconds=10)
        assert not until(lambda: runs != [], seconds=0.2)
        assert [line["event"] for line in log] == ["scheduler waits"], "once, however long it waits"
        at_migration(REVISIONS[-1])
        assert until(lambda: runs == ["ran"], seconds=10)
        at_migration(other)
        assert until(lambda: clockwork.problem is not None, seconds=10)
        assert until(lambda: not clockwork.leadership.is_held(), seconds=10)
    told = [line["event"] for line in log]
    assert told == ["scheduler waits", "scheduler leads", "scheduler waits"]
