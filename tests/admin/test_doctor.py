"""`flask doctor`: what is well, what is not, what to do, and an exit code for monitors."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from compliance import create_app
from compliance.admin.doctor import surroundings
from compliance.admin.doctor.rules import (
    BAD,
    WARNING,
    WELL,
    address_findings,
    certificate_finding,
    clock_finding,
    room_finding,
    secret_finding,
    some_of,
    worst,
)
from compliance.core import clock, jobs
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.outbox import Message, post_message
from compliance.office.commands import change_settings
from compliance.office.models import Office
from compliance.people.jobs import deliver_messages
from tests.conftest import a_config
from tests.factories import user
from tests.people.mailserver import running

At = Callable[[str], None]


def asked(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["doctor", *words])


def findings(app: Flask) -> dict[str, dict[str, str]]:
    answer = json.loads(asked(app, "--json").stdout)
    return {each["name"]: each for each in answer["findings"]}


def one(app: Flask, name: str) -> tuple[str, str]:
    """The state of one finding, and what it says."""
    found = findings(app)[name]
    return found["state"], found["says"]


@pytest.fixture
def real_time(app: Flask) -> Iterator[None]:
    """The clock of the application goes as that of the server does."""
    now = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with time_machine.travel(now):
        yield


def well_but_for_what_no_test_has(app: Flask) -> None:
    with transaction():
        jobs.beat()
        db.session.execute(
            sa.update(Office).values(legal_basis="Pergub contoh", email="x@y.example")
        )
        user("tika").role = "admin"


@pytest.mark.usefixtures("real_time")
def test_an_installation_that_lives_says_what_is_well_and_warns(app: Flask) -> None:
    well_but_for_what_no_test_has(app)
    said = asked(app)
    assert said.exit_code == 1, said.output
    assert "\nwarn  backup: no backup is set up\n      -> see docs/running.md" in said.output
    assert "ok    store: " in said.output
    assert said.output.splitlines()[-1].endswith(" well, 2 warning, 0 bad")


@pytest.mark.usefixtures("real_time")
def test_a_monitor_reads_the_exit_code_and_the_json(app: Flask) -> None:
    well_but_for_what_no_test_has(app)
    said = asked(app, "--json")
    assert (said.exit_code, json.loads(said.stdout)["state"]) == (1, WARNING)
    with transaction():
        db.session.execute(sa.text("DELETE FROM beats"))
    said = asked(app, "--json")
    assert (said.exit_code, json.loads(said.stdout)["state"]) == (2, BAD)


@pytest.mark.usefixtures("real_time")
def test_who_must_have_a_second_factor_and_has_none_is_named(app: Flask) -> None:
    assert one(app, "second factor") == (WARNING, "nobody must have one")
    with transaction():
        change_settings({"second_factor_for": "admin"}, by=user("adi"))
    said = one(app, "second factor")
    assert said == (WARNING, "people who must have one and have none: adi@contoh.example")
    with transaction():
        user("adi").factor_since = clock.now()
    assert one(app, "second factor") == (WELL, "everybody who must have one has one")


@pytest.mark.one_store
def test_the_age_of_the_last_good_backup_is_told(
    app: Flask, at: Callable[[str], None], tmp_path: Path
) -> None:
    assert one(app, "backup")[0] == WARNING
    assert app.test_cli_runner().invoke(args=["backup", str(tmp_path)]).exit_code == 0
    assert one(app, "backup") == (WELL, "made 2026-11-30 01:00Z")
    at("2026-12-01 11:01")
    assert one(app, "backup") == (BAD, "the last good one was made 2026-11-30 01:00Z")


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("url", "name", "said"),
    [
        ("postgresql://127.0.0.1:9/patuh", "store", "cannot be reached: connection failed"),
        ("sqlite:///{}/new.sqlite3", "migrations", "no tables of Patuh yet: run flask db upgrade"),
    ],
)
def test_a_store_that_does_not_work_is_a_finding_and_the_rest_is_looked_at(
    tmp_path: Path, url: str, name: str, said: str
) -> None:
    app = create_app(a_config(url.format(tmp_path), tmp_path), pages=False)
    with app.app_context():
        result = asked(app, "--json")
        assert result.exit_code == 2
        found = {each["name"]: each for each in json.loads(result.stdout)["findings"]}
    assert found[name]["state"] == BAD
    assert said in found[name]["says"]
    assert "disk" in found
    assert "scheduler" not in found


def test_the_clocks_of_store_and_host_are_compared(app: Flask, at: At) -> None:
    """The host of the tests lives on another day than the server."""
    state, says = one(app, "clocks")
    assert (state, "differ" in says) == ((BAD, True) if is_postgresql() else (WELL, False))
    assert "scheduler's clock" not in findings(app)
    jobs.beat()
    at("2026-11-30 08:00")
    assert one(app, "scheduler's clock") == (BAD, "the clocks differ by 3600 seconds")


def test_a_scheduler_that_is_silent_and_jobs_that_failed_are_told(app: Flask, at: At) -> None:
    def fail() -> dict[str, int]:
        raise RuntimeError("contoh")

    assert one(app, "scheduler") == (BAD, "no scheduler has beaten")
    jobs.beat()
    assert one(app, "scheduler")[0] == WELL
    assert one(app, "jobs")[0] == WELL
    jobs.run("contoh", fail)
    assert one(app, "jobs") == (WARNING, "failed when they ran last: contoh")
    at("2026-11-30 10:00")
    assert one(app, "scheduler") == (BAD, "no scheduler has beaten since 2026-11-30 01:00Z")


def test_mail_that_waits_or_was_refused_is_told_with_the_office_of_the_address(
    app: Flask, at: At
) -> None:
    with transaction():
        db.session.query(Office).filter_by(code="ptsp-53.71").one().email = "salah@contoh.example"
        for number in range(2):
            address = "salah@contoh.example"
            post_message("contoh", key=f"{number}", channel="email", address=address, data={})
    assert one(app, "waiting mail") == (WELL, "2 wait, none for long")
    at("2026-11-30 10:01")
    assert one(app, "waiting mail") == (
        WARNING,
        "2 mails wait, the oldest since 2026-11-30 01:00Z",
    )
    assert one(app, "addresses")[0] == WELL
    with transaction():
        gone = sa.update(Message).values(next_try_at=None, given_up_at=clock.now())
        db.session.execute(gone)
    says = "mails could not be delivered to salah@contoh.example (ptsp-53.71)"
    assert one(app, "addresses") == (WARNING, says)
    at("2027-01-02")
    assert one(app, "addresses")[0] == WELL, "what is long over is no news"


def test_a_mail_server_is_asked_without_sending_anything(app: Flask) -> None:
    with running() as (server, address):
        app.config["MAIL_URL"] = address
        try:
            assert one(app, "mail") == (WELL, "127.0.0.1 lets Patuh in")
            app.config["MAIL_URL"] = address.replace("smtp://", "smtp://patuh:rahasia@")
            state, says = one(app, "mail")
            assert (state, "takes no mail" in says, "rahasia" in says) == (BAD, True, False)
        finally:
            app.config["MAIL_URL"] = ""
    assert server.asked == 0
    assert deliver_messages()["sent"] == 0


def test_patterns_offices_zone_and_admins_are_looked_at(app: Flask) -> None:
    assert one(app, "numbers")[0] == one(app, "zone")[0] == WELL
    state, says = one(app, "legal basis")
    assert (state, "ptsp-53" in says, "more" in says) == (WARNING, True, True)
    assert one(app, "offices")[0] == WARNING
    assert one(app, "admins") == (WARNING, "only one admin can sign in")
    with transaction():
        user("adi").active = False
    assert one(app, "admins") == (BAD, "no admin can sign in")


@pytest.mark.one_store
def test_how_bad_it_is_follows_from_the_facts() -> None:
    apart = [clock_finding("x", timedelta(seconds=each)).state for each in (2, -15, -31)]
    assert apart == [WELL, WARNING, BAD]
    gb = 1_000_000_000
    sizes = ((20 * gb, 100 * gb), (4 * gb, 100 * gb), (4 * gb, 20 * gb), (gb // 4, gb))
    assert [room_finding("/", *each).state for each in sizes] == [WELL, WARNING, WELL, BAD]
    days = (timedelta(days=60), timedelta(days=13), timedelta(days=-1))
    assert [certificate_finding("x", each).state for each in days] == [WELL, WARNING, BAD]
    secrets = ("a" * 64, "kq8Zr2Wm0xN5tYvB7cLpD3hJ6gFsA9eU", "kq8Zr2Wm")
    told = [secret_finding(each, given=True, production=True).state for each in secrets]
    assert told == [BAD, WELL, BAD]
    assert secret_finding("", given=False, production=True).state == BAD
    assert secret_finding("", given=False, production=False).state == WELL
    assert worst([]) == WELL
    assert some_of("abcdefg") == "a, b, c, d, e and 2 more"


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("url", "proxies", "states"),
    [
        ("https://patuh.contoh.example", 1, [WELL, WELL]),
        ("https://patuh.contoh.example", 0, [WELL, WARNING]),
        ("http://patuh.contoh.example", 1, [BAD, WELL]),
        ("https://localhost", 1, [BAD, WELL]),
    ],
)
def test_the_address_that_people_open_is_encrypted_and_no_loopback(
    url: str, proxies: int, states: list[str]
) -> None:
    found = address_findings(url, proxies=proxies, production=True)
    assert [each.state for each in found] == states


@contextmanager
def served(folder: Path, *, days: int) -> Iterator[int]:
    """A TLS server whose certificate holds for so many days; its port. `ca.pem` is what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "ca.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                while True:
                    client, _ = listening.accept()
                    try:
                        context.wrap_socket(client, server_side=True).close()
                    except OSError:
                        client.close()
            except OSError:
                return  # it is closed

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.one_store
def test_the_certificate_is_looked_at_as_a_browser_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look: Any = surroundings._certificate
    with served(tmp_path, days=30) as port:
        untrusted = look("localhost", port)
        assert (untrusted.state, "cannot be opened" in untrusted.says) == (BAD, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        trusted = look("localhost", port)
        assert trusted.state == WELL, trusted
        assert trusted.says == "the certificate of localhost holds for 30 more days"
        assert look("127.0.0.1", port).state == BAD, "it is for another name"
    assert look("localhost", port).state == BAD, "nobody is there"
