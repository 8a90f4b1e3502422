"""The hours of the schedule are those of the office, wherever it is, also when it moves."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from compliance import schedule
from compliance.core.db import transaction
from compliance.core.scheduler import Clockwork
from compliance.office.commands import change_settings
from compliance.office.settings import zone_of_office
from tests.factories import user


def move_to(zone: str) -> None:
    with transaction():
        change_settings({"time_zone": zone}, by=user("adi"))


def hours_of(scheduler: BackgroundScheduler) -> str:
    return str(scheduler.get_job("purge_sign_ins").trigger.timezone)


def test_a_job_of_the_night_runs_in_the_night_of_the_office(app: Flask, browser) -> None:
    job = schedule.JOBS["purge_sign_ins"]  # at 02.20
    yesterday = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
    runs = [job.next_run(yesterday, ZoneInfo(f"Asia/{city}")) for city in ("Jayapura", "Jakarta")]
    assert [f"{each.astimezone(UTC):%d %H:%M}" for each in runs] == ["30 17:20", "30 19:20"]
    assert "pukul 02.20 WITA" in browser("adi").get("/admin/jobs").text
    move_to("Asia/Jakarta")
    assert "pukul 02.20 WIB" in browser("adi").get("/admin/jobs").text


def test_a_scheduler_that_leads_follows_the_office_to_another_zone(app: Flask) -> None:
    clockwork = Clockwork(app, schedule.TABLE, zone=zone_of_office)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start(paused=True)
    try:
        clockwork.plan(scheduler)
        assert hours_of(scheduler) == "Asia/Makassar"
        clockwork.follow_zone(scheduler)
        assert hours_of(scheduler) == "Asia/Makassar"
        move_to("Asia/Jayapura")
        clockwork.follow_zone(scheduler)
        assert hours_of(scheduler) == "Asia/Jayapura"
    finally:
        scheduler.shutdown(wait=False)
