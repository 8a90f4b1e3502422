"""/metrics: who may read it, what it counts, and what it says of a store that is away."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.outbox import post_message
from tests.browser import Browser
from tests.factories import a_case
from tests.house.source import ROOT

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(answer: TestResponse | str) -> Samples:
    text = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def ask(app: Flask, *, address: str = "127.0.0.1", **headers: str) -> TestResponse:
    db.session.remove()
    answer = app.test_client().get(
        "/metrics",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        environ_overrides={"REMOTE_ADDR": address},
    )
    db.session.remove()
    return answer


def test_this_machine_reads_the_figures_and_a_proxy_or_another_machine_does_not(app: Flask) -> None:
    assert ask(app).status_code == 200
    assert ask(app, address="::1").status_code == 200
    assert ask(app, address="192.0.2.7").status_code == 403
    assert ask(app, X_Forwarded_For="192.0.2.7").status_code == 403
    assert ask(app, Forwarded="for=192.0.2.7").status_code == 403


def test_a_program_reads_them_with_the_token_and_with_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PATUH_METRICS_TOKEN", "a token for the tests")
    for given, status in (("a token for the tests", 200), ("another", 403), ("", 403)):
        answer = ask(app, address="192.0.2.7", Authorization=f"Bearer {given}")
        assert answer.status_code == status, given


def test_requests_are_counted_by_route_and_status_and_what_strangers_type_makes_no_series(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    before = read(ask(app))
    ina = browser("ina")
    ina.get("/field")
    for path in ("/no-such-page", "/nor-this-one"):
        ina.get(path)
    after = read(ask(app))

    def more(name: str, **labels: str) -> float:
        key = (name, frozenset(labels.items()))
        return after[key] - before.get(key, 0)

    assert more("patuh_requests_total", route="/field", method="GET", status="200") == 1
    assert more("patuh_requests_total", route="none", method="GET", status="404") == 2
    assert more("patuh_request_seconds_count", route="/field") == 1
    assert more("patuh_store_statements_total", route="/field") >= 2
    assert not any("no-such-page" in str(key) for key in after)


def test_the_store_says_what_waits_and_how_old_the_beat_is(
    app: Flask, at: Callable[[str], None]
) -> None:
    a_case()
    jobs.beat()
    with transaction():
        post_message("contoh", key="1", channel="email", address="x@contoh.example", data={})
    at("2027-03-02 09:00")
    samples = read(ask(app))
    assert figure(samples, "patuh_store_up") == 1
    assert figure(samples, "patuh_steps_due") == 1
    assert figure(samples, "patuh_mails_waiting") >= 1
    assert figure(samples, "patuh_mails_oldest_seconds") == 92 * 86400
    assert figure(samples, "patuh_beat_age_seconds") == 92 * 86400
    assert ("patuh_backup_age_seconds", frozenset()) not in samples


def test_a_store_that_is_away_is_a_figure_and_no_error(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.remove()
    monkeypatch.setattr(db.engine, "connect", _away)
    monkeypatch.setattr(db.engine, "raw_connection", _away)
    monkeypatch.setattr(db.session, "scalar", _away)
    answer = ask(app)
    assert answer.status_code == 200
    assert figure(read(answer), "patuh_store_up") == 0


def _away(*_arguments: object, **_more: object) -> None:
    import sqlalchemy as sa

    raise sa.exc.OperationalError("SELECT 1", {}, Exception("away"))


def answers(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until a server answers there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None
        try:
            urllib.request.urlopen(address, timeout=30).read()
            return
        except OSError:
            continue
    pytest.fail(f"nothing answers at {address}")


def counted(base: str) -> float:
    text = urllib.request.urlopen(f"{base}/metrics", timeout=20).read().decode()
    labels = {"route": "/healthz", "method": "GET", "status": "200"}
    return figure(read(text), "patuh_requests_total", **labels)


@pytest.mark.one_store
def test_the_alert_rules_ask_for_figures_that_there_are(app: Flask, tmp_path: Path) -> None:
    jobs.beat()
    assert app.test_cli_runner().invoke(args=["backup", str(tmp_path)]).exit_code == 0
    app.test_client().get("/healthz")
    known = {name for name, _labels in read(ask(app))}
    rules = (ROOT / "deploy" / "prometheus-alerts.yml").read_text()
    wanted = set(re.findall(r"\bpatuh_\w+", rules))
    assert len(wanted) >= 8
    assert wanted <= known


@pytest.mark.one_store
@pytest.mark.processes
def test_the_workers_of_gunicorn_count_together(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'store.sqlite3'}",
        "PATUH_SEALS_FILE": str(tmp_path / "seals.txt"),
    }
    environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--log-level", "error", "wsgi:app"], cwd=ROOT, env=environ)
    try:
        base = f"http://127.0.0.1:{port}"
        answers(server, f"{base}/healthz")
        before = counted(base)
        for _ in range(20):
            urllib.request.urlopen(f"{base}/healthz", timeout=20).read()
        assert counted(base) - before == 20
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
