"""A flag that is to be looked at again stands in a list until somebody says that it stands, or lifts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from compliance.team.jobs import send_morning_digests
from tests.browser import Browser
from tests.licensing.desk import a_held_company

pytestmark = pytest.mark.usefixtures("app")
OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]


def the_flag() -> Flag:
    db.session.rollback()
    return db.session.scalars(sa.select(Flag).where(Flag.level == "hold")).one()


def test_a_flag_stands_in_the_list_of_reviews_from_its_day_on_until_it_was_reviewed(
    browser: OpenBrowser, at: Clock
) -> None:
    a_held_company(at)
    at("2028-02-29 09:00")
    assert "Untuk ditinjau" in browser("tika").get("/flags").text
    assert "PT Contoh Bahari" not in browser("tika").get("/flags?state=review").text
    at("2028-03-01 09:00")
    for who in ("tika", "sari", "ina"):
        assert "PT Contoh Bahari" in browser(who).get("/flags?state=review").text, who
    flag = the_flag().id
    tika = browser("tika")
    assert "Tetap berlaku" in tika.get(f"/flags/{flag}").text
    page = tika.post(f"/flags/{flag}/review", note="Belum ada bukti; dikunjungi Februari")
    assert "ditinjau lagi 1 Maret 2029" in page.text
    assert "Belum ada bukti; dikunjungi Februari" in page.text
    assert "PT Contoh Bahari" not in tika.get("/flags?state=review").text
    assert the_flag().is_active


def test_a_review_says_why_and_is_the_inspectorates(browser: OpenBrowser, at: Clock) -> None:
    a_held_company(at)
    at("2028-03-01 09:00")
    flag = the_flag().id
    page = browser("tika").post(f"/flags/{flag}/review", note=" ")
    assert page.status == 422
    assert "Tuliskan mengapa catatan ini tetap berlaku." in page.text
    for who in ("ina", "lia"):
        assert browser(who).post(f"/flags/{flag}/review", note="x").status in (403, 404), who


def test_the_team_reads_in_the_morning_how_many_flags_are_to_be_reviewed(at: Clock) -> None:
    a_held_company(at)
    at("2028-03-02 08:00")
    send_morning_digests()
    db.session.rollback()
    digests = db.session.scalars(
        sa.select(Message).where(Message.kind == "digest", Message.channel == "inbox")
    )
    assert {
        message.data["reviews"] for message in digests if message.data["reader"] == "compliance"
    } == {1}
