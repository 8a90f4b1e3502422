"""Mails on a real SMTP server: they leave after the commit, are tried again, given up in sight, and
never twice.
"""

from __future__ import annotations

import email
import email.policy
import os
import smtplib
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from compliance.cases.commands.team import remind_inspector
from compliance.cases.models import Case
from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.mail import OutgoingMail, compose
from compliance.core.outbox import PAUSES, Message, deliver_due, post_message
from compliance.office.models import Office
from compliance.people.jobs import deliver_messages
from compliance.team.jobs import send_morning_digests
from compliance.web.mailroom import outgoing_mail, send_message
from tests.browser import Browser
from tests.factories import a_case, a_company, user
from tests.people.mailserver import MailServer, running, words

NOTHING = {"sent": 0, "retried": 0, "given_up": 0}
INA, LIA, EDA = "ina@contoh.example", "lia@contoh.example", "eda@contoh.example"
At = Callable[[str], None]


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server, and the application told to use it."""
    with running() as (server, address):
        app.config["MAIL_URL"] = address
        yield server
        app.config["MAIL_URL"] = ""


def remind(case: Case, note: str = "Mohon segera") -> None:
    remind_inspector(db.session.get_one(Case, case.id), by=user("tika"), note=note)


@pytest.fixture
def reminded(server: MailServer) -> Case:
    """A case whose inspector has just been reminded: one mail is waiting, to ina."""
    case = a_case()
    deliver_messages()
    server.arrived.clear()
    server.asked = 0
    with transaction():
        remind(case)
    return case


def the_mail() -> Message:
    """The mail that `reminded` left waiting, as the outbox sees it now."""
    db.session.rollback()
    return db.session.query(Message).filter_by(kind="case.reminded", channel="email").one()


def test_a_mail_leaves_after_the_commit(server: MailServer) -> None:
    a_case()
    assert server.arrived == []
    assert deliver_messages() == {**NOTHING, "sent": 2}
    assert server.recipients() == [EDA, LIA]


def test_what_was_rolled_back_is_never_mailed(server: MailServer) -> None:
    case = a_case()
    deliver_messages()
    server.arrived.clear()

    def fail_after_reminding() -> None:
        with transaction():
            remind(case)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_reminding()
    assert deliver_messages() == NOTHING
    assert server.arrived == []


def test_a_mail_says_which_company_what_is_needed_by_when_and_where(server: MailServer) -> None:
    case = a_case(company=a_company("PT Contoh & Rekan <Maju>"), nota_number="560/001-NP/XI/2026")
    deliver_messages()
    mail = server.to(LIA)
    assert mail["Subject"] == f"Nota pemeriksaan disampaikan: {case.number}"
    assert mail["From"] == "patuh@localhost"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (
        words(mail)
        == f"Perusahaan: PT Contoh & Rekan <Maju>\nNomor kasus: {case.number}\nNomor nota:"
        " 560/001-NP/XI/2026\nTerbit: 30 November 2026\nPekerja terdaftar: 28 dari"
        " 40\nKewajiban menurut nota: paling lambat 14 hari setelah nota diterima; pengecekan kembali 1 Maret"
        " 2027.\n\nPermohonan izin dapat diproses. Ingatkan pemohon agar memenuhi kewajibannya dalam waktu"
        " yang diberikan nota.\n\nIsi nota bersifat"
        " rahasia dan tidak disertakan di"
        f" sini.\n\nhttp://127.0.0.1:8000/cases/{case.number}\n\n-- \nSurel ini dikirim otomatis"
        " oleh Patuh untuk Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara"
        " Timur dan tidak perlu dibalas. Bila tidak ingin menerima surel, ubah di halaman"
        " Akun.\n"
    )


def test_a_mail_is_written_in_its_readers_language(
    server: MailServer, browser: Callable[..., Browser]
) -> None:
    browser("eda", "en")
    a_case()
    deliver_messages()
    assert (server.to(EDA)["Content-Language"], server.to(LIA)["Content-Language"]) == ("en", "id")
    assert "1 March 2027" in words(server.to(EDA))
    assert "1 Maret 2027" in words(server.to(LIA))


def test_an_office_with_a_mailbox_gets_one_mail_and_its_officers_their_inbox(
    server: MailServer,
) -> None:
    with transaction():
        db.session.query(Office).filter_by(code="ptsp-53.71").one().email = "loket@contoh.example"
    a_case()
    deliver_messages()
    assert server.recipients() == [EDA, "loket@contoh.example"]
    assert "halaman Akun" not in words(server.to("loket@contoh.example"))
    inboxes = db.session.query(Message).filter_by(kind="nota.conveyed", channel="inbox")
    assert sorted(message.user_id for message in inboxes) == sorted(
        (user("lia").id, user("eda").id)
    )


def test_who_wants_no_mail_has_it_in_the_inbox_alone(server: MailServer) -> None:
    case = a_case()
    deliver_messages()
    server.arrived.clear()
    with transaction():
        user("ina").wants_email = False
    with transaction():
        remind(case)
    assert deliver_messages() == NOTHING
    assert server.arrived == []
    assert db.session.query(Message).filter_by(kind="case.reminded").one().channel == "inbox"


def test_a_refused_mail_is_tried_again_after_growing_pauses_and_given_up_in_sight(
    server: MailServer, reminded: Case, at: At
) -> None:
    server.refusal = "451 try again later"
    moment = datetime(2026, 11, 30, 9)
    assert deliver_messages() == {**NOTHING, "retried": 1}
    assert list(PAUSES) == sorted(set(PAUSES))
    for number, pause in enumerate(PAUSES, start=1):
        at(f"{moment + pause - timedelta(minutes=1):%Y-%m-%d %H:%M}")
        assert deliver_messages() == NOTHING, f"{pause} are not over"
        moment += pause
        at(f"{moment:%Y-%m-%d %H:%M}")
        last = number == len(PAUSES)
        done = jobs.run("deliver_messages", deliver_messages)
        assert done.did == {"given_up" if last else "retried": 1}
    assert server.asked == len(PAUSES) + 1
    mail = the_mail()
    assert (mail.sent_at, mail.next_try_at) == (None, None)
    assert mail.given_up_at is not None
    assert "451" in (mail.error or "")
    at("2027-06-01")
    assert deliver_messages() == NOTHING


def test_a_mail_refused_once_arrives_when_the_server_has_recovered(
    server: MailServer, reminded: Case, at: At
) -> None:
    server.refusal = "451 try again later"
    deliver_messages()
    server.refusal = ""
    at("2026-11-30 09:01")
    assert deliver_messages() == {**NOTHING, "sent": 1}
    assert server.recipients() == [INA]
    mail = the_mail()
    assert (mail.error, mail.next_try_at, mail.attempts) == (None, None, 2)


def test_a_server_that_is_down_is_a_refusal_like_any_other(app: Flask, at: At) -> None:
    with running() as (server, address):
        app.config["MAIL_URL"] = address
    a_case()
    try:
        assert deliver_messages() == {**NOTHING, "retried": 2}
        with running() as (server, address):
            app.config["MAIL_URL"] = address
            at("2026-11-30 09:01")
            assert deliver_messages() == {**NOTHING, "sent": 2}
            assert server.recipients() == [EDA, LIA]
    finally:
        app.config["MAIL_URL"] = ""


def test_a_letter_that_cannot_be_written_stops_no_other(server: MailServer, reminded: Case) -> None:
    with transaction():
        post_message("no.such", key="odd", channel="email", address="siapa@contoh.example", data={})
    assert deliver_messages() == {**NOTHING, "sent": 1, "retried": 1}
    assert server.recipients() == [INA]


def test_the_same_fact_told_twice_is_one_mail(server: MailServer, at: At) -> None:
    a_case()
    at("2027-02-15 07:30")
    deliver_messages()
    server.arrived.clear()
    assert send_morning_digests() == {"digests": 1}
    send_morning_digests()
    deliver_messages()
    deliver_messages()
    assert server.recipients() == [INA]


def test_a_mail_on_its_way_is_not_sent_by_another_and_holds_up_nobody(
    app: Flask, server: MailServer, reminded: Case
) -> None:
    meanwhile: list[dict[str, int]] = []

    def ponder() -> None:
        with app.app_context():
            meanwhile.append(deliver_messages())
            with transaction():
                user("budi").phone = "0380-111-111"

    server.ponder = ponder
    assert deliver_messages() == {**NOTHING, "sent": 1}
    assert meanwhile == [NOTHING]
    assert server.recipients() == [INA]
    db.session.rollback()
    assert user("budi").phone == "0380-111-111", (
        "somebody could write while the mail was on its way"
    )


def test_two_deliveries_at_once_send_each_mail_once(app: Flask, server: MailServer) -> None:
    for _ in range(6):
        a_case()
    db.session.remove()
    start, sent = threading.Barrier(2), []

    def deliver() -> None:
        with app.app_context():
            start.wait()
            sent.append(deliver_messages()["sent"])

    both = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sum(sent) == 12
    ids = [mail["Message-ID"] for mail in server.arrived]
    assert len(ids) == len(set(ids)) == 12


def test_a_delivery_that_died_on_the_way_is_made_good_under_the_same_message_id(
    server: MailServer, reminded: Case, at: At
) -> None:
    def send_and_die(message: Message) -> None:
        with outgoing_mail() as out:
            send_message(message, office="Dinas Contoh", out=out)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(send_and_die)
    assert deliver_messages() == NOTHING, "the lease still holds"
    at("2026-11-30 09:06")
    assert deliver_messages() == {**NOTHING, "sent": 1}
    first, second = server.arrived
    assert first["Message-ID"] == second["Message-ID"]


def test_without_a_server_a_mail_becomes_a_file(app: Flask) -> None:
    a_case()
    assert deliver_messages() == {**NOTHING, "sent": 2}
    files = sorted(app.config["MAIL_DIR"].glob("*.eml"))
    mails = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files
    ]
    assert sorted(str(mail["To"]) for mail in mails) == [EDA, LIA]
    assert {str(mail["Subject"]) for mail in mails} == {
        "Nota pemeriksaan disampaikan: NTT-2026-0001"
    }


def test_a_mail_in_a_file_is_for_its_owner_alone(app: Flask) -> None:
    """Whoever starts Patuh by another way than wsgi.py has another umask."""
    a_case()
    before = os.umask(0o022)
    try:
        deliver_messages()
    finally:
        os.umask(before)
    folder: Path = app.config["MAIL_DIR"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_sender_may_have_a_name(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_FROM", "Patuh <patuh@contoh.example>")
    a_case()
    deliver_messages()
    mail = server.to(LIA)
    assert str(mail["From"]) == "Patuh <patuh@contoh.example>"
    assert str(mail["Message-ID"]).endswith("@contoh.example>")


def test_no_mail_leaves_this_machine_unencrypted(app: Flask, server: MailServer) -> None:
    """The server of the tests offers no TLS; under this address it is none of this machine."""
    port = urlsplit(app.config["MAIL_URL"]).port
    mail = compose(sender="a@b.example", to=LIA, subject="x", body="x", key="x", language="id")
    abroad = OutgoingMail(f"smtp://0.0.0.0:{port}", Path("mail"))
    with pytest.raises(smtplib.SMTPException, match="offers no TLS"), abroad:
        abroad.send(mail)
    assert server.asked == 0
    with OutgoingMail(f"smtp://localhost:{port}", Path("mail")) as near:
        near.send(mail)
    assert server.asked == 1
