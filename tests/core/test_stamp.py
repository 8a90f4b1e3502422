"""Settings and calendar are kept in the memory of every process, and never older than the last change."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.admin.commands.calendar import add_day, change_calendar
from compliance.admin.commands.rescheduling import preview
from compliance.core.calendar import Holiday, load_calendar
from compliance.core.db import db, transaction
from compliance.core.stamp import Stamp
from compliance.office.commands import change_settings
from compliance.office.settings import office_settings
from compliance.people.commands.accounts import add_token
from tests.factories import user
from tests.house.source import ROOT
from tests.journeys.processes import environment
from tests.queries import queries

DAY = date(2026, 12, 1)
OTHER_PROCESS = """
import json, os, sys
from datetime import date
from compliance import create_app
from compliance.core import jobs
from compliance.core.calendar import load_calendar
from compliance.office.settings import office_settings

app = create_app()
client, seen = app.test_client(), {}

def look():
    seen["job"] = [office_settings().office_contact, load_calendar().is_working(date(2026, 12, 1))]
    return {}

for line in sys.stdin:
    bearer = {"Authorization": "Bearer " + line.strip()}
    answer = client.post("/api/v1/clearance", json={"nib": "9120009999999"}, headers=bearer)
    seen["request"] = answer.get_json()["contact"]["reached_by"]
    with app.app_context():
        jobs.run("look", look)
    print("seen " + json.dumps(seen), flush=True)
"""


def decide_contact(contact: str) -> None:
    with transaction():
        change_settings({"office_contact": contact}, by=user("adi"))


def strike_out_a_working_day() -> None:
    with transaction():
        change = add_day(DAY, name="Libur contoh", name_en="Example day", kind="office")
        change_calendar(change, by=user("adi"), seen=preview(change, by=user("adi")).seal)


@contextmanager
def another_process(url: str, mail: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS],
        cwd=ROOT,
        env=environment(url, mail),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def asked(process: subprocess.Popen[str], secret: str) -> dict[str, Any]:
    """What the other process sees in a request and in a job, now."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(secret + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("seen "):
            return dict(json.loads(line.removeprefix("seen ")))
    raise AssertionError("the other process ended")


def test_what_one_process_changes_the_other_sees_at_its_next_request_and_job(
    app, database, tmp_path
) -> None:
    with transaction():
        secret = add_token(user("lia"), by=user("lia"), label="uji coba")
    with another_process(database, tmp_path) as other:
        assert asked(other, secret) == {"request": "", "job": ["", True]}
        decide_contact("0380-111-111")
        assert asked(other, secret) == {"request": "0380-111-111", "job": ["0380-111-111", True]}
        strike_out_a_working_day()
        assert asked(other, secret) == {"request": "0380-111-111", "job": ["0380-111-111", False]}


def test_a_process_reads_once_and_then_only_the_stamp(app) -> None:
    office_settings(), load_calendar()
    db.session.remove()
    with queries() as seen:
        office_settings(), load_calendar(), office_settings()
    assert len(seen.about("stamps")) == len(seen) == 1, seen


def test_the_new_values_hold_within_the_transaction_that_changes_them(app) -> None:
    assert load_calendar().is_working(DAY)
    change_settings({"office_contact": "0380-222-222"}, by=user("adi"))
    assert office_settings().office_contact == "0380-222-222"
    change = add_day(DAY, name="Libur contoh", name_en="Example day", kind="office")
    change_calendar(change, by=user("adi"), seen=preview(change, by=user("adi")).seal)
    assert not load_calendar().is_working(DAY)


def test_a_change_that_is_rolled_back_leaves_nothing_in_memory(app) -> None:
    decide_contact("0380-333-333")
    change_settings({"office_contact": "0380-444-444"}, by=user("adi"))
    assert office_settings().office_contact == "0380-444-444"
    db.session.rollback()
    assert office_settings().office_contact == "0380-333-333"
    decide_contact("0380-555-555")
    assert office_settings().office_contact == "0380-555-555"


def test_every_change_has_a_stamp_of_its_own(app) -> None:
    def stamp() -> str:
        return db.session.scalars(sa.select(Stamp.value)).one()

    stamps = [stamp()]
    for contact in ("0380-666-666", "0380-777-777", "0380-666-666"):
        decide_contact(contact)
        stamps.append(stamp())
    assert len(set(stamps)) == 4


@pytest.mark.one_store
def test_the_reference_data_of_a_new_year_is_a_change_too(app) -> None:
    from compliance.admin.commands.reference_data import fill_reference_data

    assert not load_calendar().is_working(date(2028, 12, 25))
    with transaction():
        db.session.execute(sa.delete(Holiday).where(Holiday.day >= date(2028, 1, 1)))
        fill_reference_data(db.session())
    before = db.session.scalars(sa.select(Stamp.value)).one()
    with transaction():
        fill_reference_data(db.session())
    assert db.session.scalars(sa.select(Stamp.value)).one() == before, "nothing was missing"
    assert not load_calendar().is_working(date(2028, 12, 25))
