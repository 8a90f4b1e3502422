"""A host that vanishes ends no connection. It is noticed, what it held is freed, and another one leads."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core import scheduler as clock_of
from compliance.core.db import db, engine_options, is_postgresql
from compliance.core.scheduler import AdvisoryLeadership
from tests.house.source import ROOT
from tests.journeys.processes import until
from tests.stores import own_server

WANTED = {
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "statement_timeout": "30s",
}


@pytest.fixture
def leaders(app: Flask) -> Iterator[list[AdvisoryLeadership]]:
    """Three processes that would lead; none on SQLite, where no other host is."""
    made = [AdvisoryLeadership(db.engine) for _ in range(3)] if is_postgresql() else []
    db.session.remove()
    yield made
    for each in made:
        each.release()


def test_a_connection_waits_seconds_for_locks_and_ends_what_does_nothing(app: Flask) -> None:
    if is_postgresql():
        connection = db.session.connection()
        assert {name: connection.scalar(sa.text(f"SHOW {name}")) for name in WANTED} == WANTED


def test_whoever_says_in_the_address_how_long_to_wait_means_it() -> None:
    url = "postgresql+psycopg://x/y?connect_timeout=2&keepalives_idle=60"
    given = engine_options(url)["connect_args"]
    assert {"connect_timeout", "keepalives_idle"} & set(given) == set()
    assert given["tcp_user_timeout"] == 11_000
    assert "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2" in given["options"]


def test_who_renews_its_lease_is_left_alone(
    leaders: list[AdvisoryLeadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_of, "RENEWAL_SECONDS", 0.0)
    monkeypatch.setattr(clock_of, "LEASE_SECONDS", 0.2)
    for first, second in [leaders[:2]] if leaders else []:
        assert first.acquire()
        until(second.acquire, seconds=0.5, meanwhile=first.is_held)
        assert first.is_held()
        assert not second.is_held()


def test_who_is_silent_leads_no_more_though_its_lock_lives(
    leaders: list[AdvisoryLeadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_of, "LEASE_SECONDS", 0.1)
    for hung, second, third in [leaders] if leaders else []:
        assert hung.acquire()
        assert not second.acquire()
        assert until(second.acquire, seconds=5)
        monkeypatch.setattr(clock_of, "RENEWAL_SECONDS", 0.0)
        assert second.is_held()
        assert not hung.is_held(), "it wakes up, and sees that another one leads"
        hung.release()
        assert second.is_held(), "and takes the lock that is free now"
        monkeypatch.setattr(clock_of, "LEASE_SECONDS", 60.0)
        assert not third.acquire()
        second.release()
        assert third.acquire(), "who ends well is followed at once"


LEAD = """
import sys
import sqlalchemy as sa
from compliance.core.db import engine_options
from compliance.core.scheduler import AdvisoryLeadership
import threading
url = sys.argv[1]
engine = sa.create_engine(url, **engine_options(url))
writes = engine.connect()
writes.execute(sa.text("LOCK TABLE held IN EXCLUSIVE MODE"))
leads = AdvisoryLeadership(engine)
print(leads.acquire(), flush=True)
while leads.is_held():
    threading.Event().wait(0.5)
print("leads no more", flush=True)
"""
SERVER, HOST = "10.213.7.1", "10.213.7.2"
ROOM, CABLE, OTHER_END = "patuh-test", "patuh-cable", "patuh-end"


def can_write(engine: sa.Engine) -> bool:
    """Whether nobody holds what the other host is writing."""
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL lock_timeout = 50"))
            connection.execute(sa.text("INSERT INTO held VALUES (1)"))
    except sa.exc.OperationalError:
        return False
    return True


def ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True).returncode == 0


@pytest.fixture
def other_host() -> Iterator[list[str]]:
    """How to run a program on another host, which one cable joins to this one."""
    if shutil.which("ip") is None or not ip("netns", "add", ROOM):
        pytest.skip("no network namespaces here")
    try:
        ip("link", "add", CABLE, "type", "veth", "peer", "name", OTHER_END, "netns", ROOM)
        ip("addr", "add", f"{SERVER}/30", "dev", CABLE)
        ip("link", "set", CABLE, "up")
        ip("-n", ROOM, "addr", "add", f"{HOST}/30", "dev", OTHER_END)
        ip("-n", ROOM, "link", "set", OTHER_END, "up")
        yield ["ip", "netns", "exec", ROOM]
    finally:
        ip("netns", "del", ROOM)
        ip("link", "del", CABLE)


@pytest.mark.one_store
@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_leader_whose_cable_is_pulled_is_followed_within_half_a_minute(
    other_host: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the keepalives alone: the lease would follow after twenty seconds at the latest. What the host was
    writing is free sooner.
    """
    monkeypatch.setattr(clock_of, "LEASE_SECONDS", 600.0)
    with ExitStack() as stack:
        address = stack.enter_context(own_server(listens_on=SERVER))
        near = sa.make_url(address).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(near)
        clock_of.SchedulerLease.__table__.create(engine)  # type: ignore[attr-defined]
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE held (id integer)"))
        far = near.set(host=SERVER, query={}).render_as_string(False)
        leader = subprocess.Popen(
            [*other_host, sys.executable, "-c", LEAD, far],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(leader.wait)
        stack.callback(leader.kill)
        assert leader.stdout is not None
        assert leader.stdout.readline() == "True\n"
        second = AdvisoryLeadership(engine)
        stack.callback(engine.dispose)
        stack.callback(second.release)
        assert not second.acquire()
        assert not can_write(engine)
        ip("-n", ROOM, "link", "set", OTHER_END, "down")
        pulled = time.monotonic()
        assert until(lambda: can_write(engine), seconds=30), "nobody can write"
        assert time.monotonic() - pulled < 15
        assert until(second.acquire, seconds=30), "nobody follows"
        assert time.monotonic() - pulled < 20
        assert leader.stdout.readline() == "leads no more\n"
        assert time.monotonic() - pulled < 25
