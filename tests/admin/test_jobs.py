"""The admin's page of the clock: what runs when, how it went, running it now, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from compliance.admin.failures import UNEXPECTED, meaning_of
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core import clock, jobs
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message, post_message
from compliance.schedule import JOBS
from tests.browser import Page
from tests.factories import a_case
from tests.intruder import behind_the_back
from tests.queries import queries

WHERE = "/admin/jobs"


def a_broken_case() -> int:
    """A case that was set aside; its id."""
    case = a_case()
    with transaction():
        db.session.execute(
            sa.update(Case)
            .where(Case.id == case.id)
            .values(step_error="ValueError: contoh kesalahan")
        )
    return case.id


def a_mail_given_up(number: int = 1) -> int:
    """A mail that no server took; its id."""
    with transaction():
        post_message(
            "digest",
            key=f"contoh:{number}",
            channel="email",
            address="hilang@contoh.example",
            data={},
        )
    with transaction():
        db.session.execute(
            sa.update(Message).values(
                next_try_at=None, given_up_at=clock.now(), attempts=8, error="SMTPError: 550 contoh"
            )
        )
    return db.session.scalars(sa.select(Message.id).order_by(Message.id.desc())).first() or 0


def rows(page: Page) -> dict[str, str]:
    """The jobs of the page, each by its own name with all that is said of it."""
    found = page.soup.select("section[aria-labelledby=jobs] tbody tr")
    return {
        row.find(attrs={"data-name": True}).get_text(): " ".join(row.get_text(" ").split())
        for row in found
    }  # type: ignore[union-attr]


def test_every_job_says_in_words_what_it_is_for_and_how_it_last_ran(browser) -> None:
    jobs.run("purge_sign_ins", JOBS["purge_sign_ins"].work)
    page = browser("adi").get(WHERE)
    told = rows(page)
    assert set(told) == set(JOBS)
    assert told["sweep_due_rechecks"].startswith(
        "Memeriksa jatuh tempo cek ulang Memindahkan setiap cek ulang"
    )
    assert "setiap menit" in told["sweep_due_rechecks"]
    assert "setiap 20 detik" in told["deliver_messages"]
    assert "setiap hari pukul 02.20 WITA" in told["purge_sign_ins"]
    assert (
        "30 November 2026 pukul 09.00 WITA selama kurang dari satu detik" in told["purge_sign_ins"]
    )
    assert "tidak ada yang perlu dikerjakan" in told["purge_sign_ins"]
    assert "belum pernah" in told["discard_old_drafts"]
    assert "Penjadwal belum pernah berjalan." in page.text


@pytest.mark.parametrize(
    ("language", "weekly", "did"),
    [
        ("id", "setiap Minggu pukul 03.30 WITA",
         "1.200 dugaan ganda ditemukan, 2 dugaan ganda gugur"),
        ("en", "every Sunday at 03.30 WITA",
         "1,200 suspected duplicates found, 2 suspected duplicates dropped"),
    ],
)  # fmt: skip
def test_what_runs_weekly_and_what_was_found_is_said_in_the_readers_language(
    browser, language: str, weekly: str, did: str
) -> None:
    jobs.run("find_duplicates", lambda: {"found": 1200, "dropped": 2})
    told = rows(browser("adi", language).get(WHERE))
    assert weekly in told["verify_whole_event_log"]
    assert did in told["find_duplicates"]
    assert [name for name, row in told.items() if "[" in row] == []


def test_the_next_run_follows_from_the_last_one_and_is_unknown_while_the_scheduler_is_silent(
    browser, at: Callable[[str], None]
) -> None:
    adi = browser("adi")
    assert all("menunggu penjadwal" in row for row in rows(adi.get(WHERE)).values())
    for name in ("purge_sign_ins", "send_morning_digests", "deliver_messages"):
        jobs.run(name, dict)
    at("2026-11-30 09:03")
    jobs.beat()
    told = rows(browser("adi").get(WHERE))
    assert "1 Desember 2026 pukul 02.20 WITA" in told["purge_sign_ins"]
    assert "30 November 2026 pukul 09.10 WITA" in told["send_morning_digests"]
    assert "dalam satu menit" in told["deliver_messages"], "its twenty seconds are over"
    assert "dalam satu menit" in told["discard_old_drafts"], (
        "it never ran, so a living scheduler begins with it"
    )
    at("2026-12-01 09:00")
    assert "menunggu penjadwal" in rows(browser("adi").get(WHERE))["purge_sign_ins"]


def test_a_run_that_took_long_says_how_long(browser) -> None:
    for name, seconds in (("deliver_messages", 42), ("purge_sign_ins", 170)):
        jobs.run(name, dict)
        state = db.session.get_one(jobs.JobState, name)
        with transaction():
            state.started_at -= timedelta(seconds=seconds)
    told = rows(browser("adi").get(WHERE))
    assert "selama 42 detik" in told["deliver_messages"]
    assert "selama 3 menit" in told["purge_sign_ins"]


def test_the_beat_shows_who_leads_and_since_when_it_is_silent(
    browser, at: Callable[[str], None]
) -> None:
    jobs.beat()
    assert (
        "berjalan Terakhir diketahui berjalan 30 November 2026 pukul 09.00 WITA"
        in browser("adi").get(WHERE).text
    )
    at("2026-11-30 09:10")
    assert (
        "tidak berjalan Terakhir diketahui berjalan 30 November 2026 pukul 09.00 WITA"
        in browser("adi").get(WHERE).text
    )


def test_a_job_run_by_hand_does_its_work_and_is_told(browser, at: Callable[[str], None]) -> None:
    case_id = a_case().id
    at("2027-03-01 08:00")
    page = browser("adi").post(f"{WHERE}/sweep_due_rechecks/run")
    assert page.path == WHERE
    assert "“Memeriksa jatuh tempo cek ulang” sudah dijalankan: 1 jatuh tempo." in page.text
    assert "1 jatuh tempo" in page.soup.find(attrs={"aria-labelledby": "runs"}).get_text()
    assert db.session.get_one(Case, case_id).status == "recheck_due"
    asked, due = db.session.scalars(
        sa.select(Event)
        .where(Event.kind.in_(("job.run_by_hand", "recheck.due")))
        .order_by(Event.id)
    )
    assert (asked.kind, asked.actor_name, asked.fact("name")) == (
        "job.run_by_hand",
        "Adi Andai",
        "sweep_due_rechecks",
    )
    assert due.actor_id is None
    assert browser("adi").post(f"{WHERE}/make_coffee/run").status == 404


def test_a_job_that_fails_says_why_and_breaks_nothing(browser, app, monkeypatch) -> None:
    def fail() -> dict[str, int]:
        raise RuntimeError("contoh kegagalan")

    monkeypatch.setitem(
        app.extensions["patuh_jobs"], "purge_sign_ins", replace(JOBS["purge_sign_ins"], work=fail)
    )
    page = browser("adi").post(f"{WHERE}/purge_sign_ins/run")
    assert page.status == 200
    assert db.session.query(Event).filter_by(kind="job.run_by_hand").count() == 1
    notice = page.soup.find(class_="notice hold").get_text()
    assert notice == "“Menghapus jejak masuk yang lama” gagal. " + str(UNEXPECTED)
    history = page.soup.find(attrs={"aria-labelledby": "runs"})
    assert "gagal" in history.get_text()
    assert history.find("details").span.get_text() == "RuntimeError: contoh kegagalan"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SMTPRecipientsRefused: {'x@contoh.example': (550, b'no')}", "menolak alamat tujuan"),
        ("SMTPAuthenticationError: (535, b'no')", "menolak Patuh sebagai pengirim"),
        ("ConnectionRefusedError: [Errno 111]", "tidak dapat dihubungi"),
        ("gaierror: [Errno -2]", "tidak dapat dihubungi"),
        ("OSError: [Errno 101] Network is unreachable", "Server surel tidak dapat dihubungi"),
        ("OSError: [Errno 28] No space left on device", "Ruang penyimpanan server penuh"),
        ("OSError: [Errno 122] Disk quota exceeded", "Ruang penyimpanan server penuh"),
        ("OSError: [Errno 5] Input/output error", "Penyimpanan berkas tidak terjangkau"),
        ("OSError: [Errno 30] Read-only file system", "Penyimpanan berkas tidak terjangkau"),
        ("OperationalError: (sqlite3.OperationalError) database or disk is full", "server penuh"),
        ("OperationalError: (psycopg.errors.DiskFull) could not extend file", "server penuh"),
        ("SMTPDataError: (554, b'spam')", "menolak surel ini"),
        ("OperationalError: database is locked", "Basis data tidak menjawab"),
        ("ValueError: contoh", "Kesalahan yang tidak terduga"),
    ],
)
def test_an_error_is_told_in_words_that_say_what_to_do(error: str, words: str) -> None:
    assert words in str(meaning_of(error))


def test_the_log_is_verified_at_night_and_a_forged_event_is_told(browser) -> None:
    a_case()
    job = JOBS["verify_event_log"]
    count = jobs.run(job.name, job.work).did["verified"]
    adi = browser("adi")
    assert f"{count} peristiwa sesuai segelnya" in rows(adi.get(WHERE))["verify_event_log"]
    assert "Terakhir diperiksa 30 November 2026 pukul 09.00 WITA" in adi.get("/admin/audit").text
    behind_the_back("UPDATE events SET reason = 'lain' WHERE id = 1")
    weekly = JOBS["verify_whole_event_log"]
    assert jobs.run(weekly.name, weekly.work).error.startswith("LogAltered: event 1: altered")
    assert "Log atau data tidak lagi sama dengan segelnya" in adi.get(WHERE).text
    assert "Log atau data tidak lagi sama dengan segelnya" in adi.get("/admin/audit").text
    assert jobs.run(job.name, job.work).error is None, "the night looks at what is new only"
    assert "Log atau data tidak lagi sama dengan segelnya" in adi.get("/admin/audit").text, (
        "the fault stands"
    )


def test_a_case_that_was_set_aside_is_shown_and_tried_again(
    browser, at: Callable[[str], None]
) -> None:
    case_id = a_broken_case()
    at("2027-03-01 08:00")
    sweep_due_rechecks()
    assert db.session.get_one(Case, case_id).status == "in_remedy"
    adi = browser("adi")
    page = adi.get(WHERE)
    assert "Kasus yang disisihkan: 1" in page.text
    assert "ValueError: contoh kesalahan" in page.text
    page = adi.post(f"{WHERE}/cases/{case_id}/release")
    assert "akan dicoba lagi dalam satu menit" in page.text
    assert "Kasus yang disisihkan" not in page.text
    assert sweep_due_rechecks()["due"] == 1
    assert db.session.query(Event).filter_by(kind="step.released", case_id=case_id).count() == 1
    assert adi.post(f"{WHERE}/cases/{case_id}/release").status == 404


def test_a_mail_that_was_given_up_is_shown_and_tried_again(browser) -> None:
    message_id = a_mail_given_up()
    adi = browser("adi")
    assert "hilang@contoh.example" in adi.get(WHERE).text
    assert "SMTPError: 550 contoh" in adi.get(WHERE).text
    assert "Server surel menolak surel ini." in adi.get(WHERE).text
    assert "Ringkasan pagi" in adi.get(WHERE).text
    page = adi.post(f"{WHERE}/messages/{message_id}/retry")
    assert "Surel ke hilang@contoh.example akan dicoba lagi sekarang." in page.text
    message = db.session.get_one(Message, message_id)
    assert (message.given_up_at, message.attempts, message.next_try_at) == (None, 0, clock.now())
    assert (
        db.session.query(Event).filter_by(kind="message.retried").one().fact("address")
        == "hilang@contoh.example"
    )
    assert adi.post(f"{WHERE}/messages/{message_id}/retry").status == 404


def test_the_page_asks_the_store_no_more_for_more_rows(browser) -> None:
    adi = browser("adi")
    jobs.beat()
    with queries() as few:
        adi.get(WHERE)
    for number in range(5):
        a_broken_case()
        a_mail_given_up(number)
        jobs.run(f"contoh_{number}", lambda: {"contoh": 1})
    with queries() as many:
        page = adi.get(WHERE)
    assert "Kasus yang disisihkan: 5" in page.text
    assert "1 contoh" in page.text
    assert len(many) == len(few) <= 10, many
