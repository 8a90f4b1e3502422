"""Every event says through which channel the act came and, for the API, with which token."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.channels import current_origin
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import GENESIS, Event, seal
from compliance.people.models import ApiToken
from tests.cast import Cast
from tests.factories import a_case
from tests.imports.importer import Desk, tick

LIST = "Nama Perusahaan;Kabupaten/Kota\nPT Contoh Lewat Impor;Kota Kupang\n"


def origins(kind: str) -> list[tuple[str | None, int | None, str | None]]:
    """Where the events of this kind came from, the newest last."""
    db.session.rollback()
    told = sa.select(Event.channel, Event.token_id, Event.token_name).where(Event.kind == kind)
    return [tuple(row) for row in db.session.execute(told.order_by(Event.id))]  # type: ignore[misc]


def verified(app: Flask) -> tuple[int, str]:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    return result.exit_code, result.output


def behind_the_back(statement: str) -> None:
    unlock = (
        "ALTER TABLE events DISABLE TRIGGER USER"
        if is_postgresql()
        else "DROP TRIGGER events_are_never_changed"
    )
    with transaction():
        db.session.execute(sa.text(unlock))
        db.session.execute(sa.text(statement))
    db.session.remove()


def receipt_by_token(app: Flask, email: str = "ina@contoh.example") -> str:
    """A receipt recorded by a program with a new token of that person; answers the token's secret."""
    case_id = a_case().id
    db.session.remove()
    run = app.test_cli_runner().invoke(args=["token", "add", email, "--name", "Loket Kupang"])
    secret = run.output.strip()
    answer = app.test_client().post(
        f"/api/v1/cases/{case_id}/receipt",
        json={"received_on": "2026-11-30", "received_by": "Ani Contoh"},
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 200, answer.text
    return secret


def test_a_page_the_api_the_shell_a_job_and_an_import_are_told_apart(
    app: Flask, browser, cast: Cast, at
) -> None:
    browser("adi").submit(f"/admin/users/{cast.ids['budi']}", phone="0380-1")
    assert origins("user.changed") == [("web", None, None)]
    secret = receipt_by_token(app)
    db.session.rollback()
    token = db.session.scalars(sa.select(ApiToken)).one()
    assert origins("nota.received") == [("api", token.id, "Loket Kupang")]
    assert secret not in str(db.session.execute(sa.select(*Event.__table__.c)).all())
    assert origins("token.added") == [("console", None, None)]
    at("2027-03-02")
    app.test_cli_runner().invoke(args=["jobs", "run", "sweep_due_rechecks"])
    assert origins("recheck.due") == [("job", None, None)]
    Desk(browser("tika")).whole(LIST)
    assert origins("companies.imported")[-1] == ("import", None, None)
    assert current_origin().channel is None, "what comes next does not come from the last request"


def test_what_follows_from_an_act_names_its_token_as_well(app: Flask) -> None:
    receipt_by_token(app)
    db.session.rollback()
    of_the_act = sa.select(Event.kind).where(Event.channel == "api", Event.token_name.is_not(None))
    assert "nota.received" in db.session.scalars(of_the_act).all()


@pytest.mark.one_store
def test_an_event_of_before_keeps_the_seal_it_has(app: Flask) -> None:
    """The seal was made by the release before, which knew no channel."""
    event = Event(
        id=7,
        at=datetime(2026, 11, 30, 1, 0, tzinfo=UTC),
        kind="case.reminded",
        actor_id=3,
        actor_name="Tika Andai",
        case_id=5,
        company_id=9,
        reason="Sudah lewat",
        data={"due_on": "2027-02-28"},
        seen_version=2,
    )
    of_before = "6d8ea2293da11173dac5c3506cc5326fef0c7abcedc43118ed6facb47425f628"
    assert seal(GENESIS, event) == of_before
    event.channel = "web"
    assert seal(GENESIS, event) != of_before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET channel = 'web' WHERE kind = 'nota.received'",
        "UPDATE events SET channel = NULL, token_id = NULL, token_name = NULL WHERE kind = 'nota.received'",
        "UPDATE events SET token_name = 'Lain' WHERE kind = 'nota.received'",
        "UPDATE events SET token_id = 1 WHERE id = 1",
        "UPDATE events SET channel = 'api' WHERE id = 1",
    ],
)
def test_who_changes_where_an_act_came_from_is_found_out(app: Flask, change: str) -> None:
    receipt_by_token(app)
    assert verified(app)[0] == 0
    behind_the_back(change)
    code, text = verified(app)
    assert code == 1
    assert "altered" in text


def test_the_audit_shows_narrows_and_exports_by_channel(app: Flask, browser) -> None:
    receipt_by_token(app)
    adi = browser("adi")
    page = adi.get("/admin/audit?channel=api")
    shown = [each.get_text(" ") for each in page.soup.select(".timeline > li")]
    assert shown
    assert all("API · token Loket Kupang" in " ".join(each.split()) for each in shown)
    assert "Lewat: API" in page.text or page.value("channel") == "api"
    token = db.session.scalars(sa.select(ApiToken)).one()
    db.session.rollback()
    link = f"/admin/audit?token={token.id}"
    assert link in adi.get(f"/admin/users/{token.user_id}").links()
    assert len(adi.get(link).soup.select(".timeline > li")) == len(shown)
    assert adi.get("/admin/audit?token=999").soup.select(".timeline > li") == []
    assert "token nomor x" in adi.get("/admin/audit?token=x").text
    rows = csv.DictReader(
        io.StringIO(adi.get("/admin/audit.csv?channel=api").response.text.lstrip("\ufeff")),
        delimiter=";",
    )
    assert {row["Lewat"] for row in rows} == {"API · token Loket Kupang"}
    assert "Server console" in browser("adi", "en").get("/admin/audit?channel=console").text


def test_the_timeline_says_so_only_where_it_is_not_a_page(app: Flask, browser) -> None:
    receipt_by_token(app)
    ina = browser("ina")
    case = str(ina.get("/cases").soup.select_one("td a[href^='/cases/']")["href"])
    page = ina.get(f"{case}/history")
    assert "oleh Ina Contoh, lewat API · token Loket Kupang" in page.text
    assert (
        "by Ina Contoh, via the API · token Loket Kupang"
        in browser("ina", "en").get(f"{case}/history").text
    )
    assert "lewat halaman" not in page.text.lower()


@pytest.mark.one_store
def test_an_import_acts_for_whoever_started_it_and_not_for_whoever_brought_the_list(
    app: Flask, browser
) -> None:
    tika, sari = Desk(browser("tika")), Desk(browser("sari"))
    tika.rehearse(LIST)
    sari.id = tika.id
    sari.act("start")
    tick()
    db.session.rollback()
    imported = sa.select(Event.actor_name).where(Event.kind == "companies.imported")
    assert set(db.session.scalars(imported)) == {"Sari Umpama"}
    assert "Tika Andai · dimulai oleh Sari Umpama" in sari.look().text
