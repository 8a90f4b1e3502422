"""Read-only mode: people read and check, nothing is written, in no process, on either store."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from compliance.admin.audit.verifying import Verification
from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.events import Event, last_sealed
from compliance.core.jobs import JobRun, JobState
from compliance.core.outbox import Message
from compliance.licensing.checks.commands import make_check
from compliance.licensing.models import LicenceCheck
from compliance.people.commands.accounts import add_token_at_console
from compliance.people.models import SignInAttempt
from compliance.store.commands import put_up_read_only, take_off_read_only, wait_for_writers
from tests.api.conftest import Program
from tests.factories import a_case, a_company, user
from tests.house.source import ROOT
from tests.journeys.processes import environment


def run(app: Flask, *words: str) -> Result:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=list(words))
    db.session.remove()
    assert "Traceback" not in result.output, result.output
    return result


def rows() -> dict[str, int]:
    """How many rows each table has."""
    count = sa.select(sa.func.count())
    found = {
        name: db.session.scalar(count.select_from(table)) or 0
        for name, table in db.metadata.tables.items()
    }
    db.session.rollback()
    return found


def test_the_mode_is_put_up_and_taken_off_and_both_are_in_the_log(app: Flask) -> None:
    on = run(app, "store", "read-only", "on", "--because", "Pindah server")
    assert on.exit_code == 0 and "nobody is writing any more" in on.stdout
    assert run(app, "store", "read-only", "on").exit_code == 0, "twice is as once"
    assert run(app, "store", "read-only", "off").stdout == "people may write again\n"
    assert run(app, "store", "read-only", "off").stdout == "people may write already\n"
    told = db.session.execute(
        sa.select(Event.kind, Event.reason, Event.channel).order_by(Event.id.desc()).limit(2)
    ).all()
    assert [tuple(row) for row in told] == [
        ("store.writable", None, "console"),
        ("store.read_only", "Pindah server", "console"),
    ]
    assert list(Verification().faults()) == []
    a_company()


def test_every_page_says_so_in_both_languages_and_nothing_is_written(app: Flask, browser) -> None:
    case = a_case()
    ina, english = browser("ina"), browser("sari", language="en")
    put_up_read_only("Pindah server")
    before = rows()
    for path in ("/field", f"/cases/{case.number}", "/account"):
        page = ina.get(path)
        assert page.status == 200
        assert "Untuk sementara Patuh hanya dapat dibaca, sejak" in page.html
        assert "Pindah server." in page.html
    assert "Patuh can only be read for now, since" in english.get("/queue").html
    assert "hanya dapat dibaca" in browser().get("/login").html
    assert "Penjadwal tidak berjalan" not in ina.get("/field").html
    refused = ina.post("/companies/new", name="PT Contoh Baru", region_code="53.71")
    assert (refused.status, refused.response.headers["Retry-After"]) == (503, "60")
    assert "Untuk sementara Patuh hanya dapat dibaca (Pindah server)" in refused.text
    stranger = browser().post("/login", email="ina@contoh.example", password="kata sandi contoh")
    assert stranger.status == 503
    app.extensions["patuh_after"].write()
    assert rows() == before
    take_off_read_only()
    assert "hanya dapat dibaca" not in ina.get("/field").html


def test_a_check_is_answered_and_says_that_it_is_not_kept(app: Flask, browser) -> None:
    case = a_case()
    lia = browser("lia")
    put_up_read_only()
    before = rows()
    page = lia.post("/check", asked=str(case.company.nib))
    assert page.status == 200
    assert "Cek ini tidak dicatat dan tidak punya nomor bukti." in page.text
    assert case.company.name in page.text and "KUNING" in page.text
    assert "CK-" not in page.html
    unknown = lia.post("/check", asked="9120099999991")
    assert "tidak dicatat" in unknown.text
    assert rows() == before
    make_check("1", None, by=user("lia"))
    with pytest.raises(Refusal):
        db.session.commit()
    db.session.rollback()


def test_the_api_reads_and_answers_503_where_it_would_write(app: Flask) -> None:
    company = a_company(nib="new")
    with transaction():
        secret = add_token_at_console(user("lia"), label="loket")
    program = Program(app, secret)
    nib = company.nib
    put_up_read_only("Pindah server")
    before = rows()
    response = app.test_client().post(
        "/api/v1/clearance", json={"nib": nib}, headers=program.headers
    )
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert response.mimetype == "application/problem+json"
    assert "Pindah server" in response.json["detail"]
    assert program.get("/companies", nib=nib).json["items"]
    wrong = app.test_client().get(
        "/api/v1/companies?q=contoh", headers={"Authorization": "Bearer wrong"}
    )
    assert wrong.status_code == 401
    db.session.rollback()
    assert rows() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_jobs_pause_and_the_clock_that_they_silence_is_no_fault(app: Flask, at, browser) -> None:
    ran = []
    jobs.beat()
    put_up_read_only()
    state = jobs.run("contoh", lambda: {"did": len(ran) or ran.append(1) or 1})
    assert ran == [] and state.error is not None and state.error.startswith("WritesPaused")
    jobs.beat()
    at("2026-11-30 10:00")
    assert browser().get("/beatz").response.json["checks"]["scheduler"] == "ok"
    run(app, "jobs", "run", "deliver_messages")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(JobState)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 0
    take_off_read_only()
    assert jobs.run("contoh", lambda: {"did": 1}).did == {"did": 1}


def test_a_job_that_was_writing_when_the_mode_came_keeps_nothing_more(app: Flask) -> None:
    def work() -> dict[str, int]:
        put_up_read_only()
        with transaction():
            db.session.add(SignInAttempt(who="contoh", at=sa.func.now()))
        return {}

    state = jobs.run("contoh", work)
    assert state.error is not None and "WritesPaused" in state.error
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_strangers_verify_papers_all_the_same(app: Flask, browser) -> None:
    put_up_read_only()
    before = rows()
    stranger = browser()
    assert stranger.get("/verify?code=x").status == 422
    answer = stranger.post("/verify", file=(io.BytesIO(b"no pdf"), "surat.pdf"))
    assert answer.status == 422 and "hanya dapat dibaca" not in answer.text
    assert stranger.post("/language/en", next="/help").status == 200
    assert rows() == before


def test_signing_out_forgets_the_session_in_this_browser(app: Flask, browser) -> None:
    ina = browser("ina")
    put_up_read_only()
    assert ina.post("/logout").path == "/login"
    assert ina.get("/field").path == "/login"


@pytest.mark.processes
def test_the_mode_that_one_process_puts_up_holds_in_another(app: Flask, database, tmp_path) -> None:
    case = a_case()
    number, before = case.company.nib, last_sealed()
    db.session.remove()
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "store", "read-only", "on"],
        cwd=ROOT,
        env=environment(database, tmp_path),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert last_sealed() == before + 1
    refused = run(app, "user", "add", "x@contoh.example", "--name", "X", "--role", "admin")
    assert refused.exit_code == 1 and "hanya dapat dibaca" in refused.output
    assert run(app, "check", str(number)).exit_code == 3, "asking writes nothing"


def test_putting_it_up_waits_for_whoever_began_before(app: Flask, store) -> None:
    if store.name == "sqlite":
        pytest.skip("writers of SQLite come one by one")
    with db.engine.connect() as writing:
        writing.execute(sa.insert(SignInAttempt).values(who="x", at=sa.func.now()))
        put_up_read_only()
        db.session.remove()
        assert wait_for_writers(seconds=0.3) == 1
        writing.rollback()
    assert wait_for_writers(seconds=5) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LicenceCheck)) == 0
