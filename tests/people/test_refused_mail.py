"""A mail that a server refuses for good is given up at once; admins and the case's holder hear of it."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from flask import Flask

from compliance.admin.jobs import tell_of_undelivered_mail
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.mail import is_final
from compliance.core.outbox import Message
from compliance.people.jobs import deliver_messages
from tests.browser import Browser
from tests.factories import a_case, user
from tests.people.mailserver import MailServer, running, words

NOTHING = {"sent": 0, "retried": 0, "given_up": 0}
INA, LIA, EDA, ADI = (f"{name}@contoh.example" for name in ("ina", "lia", "eda", "adi"))
NO_SUCH_BOX = "550 5.1.1 no such mailbox"


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with running() as (server, address):
        app.config["MAIL_URL"] = address
        yield server
        app.config["MAIL_URL"] = ""


def given_up() -> list[str | None]:
    db.session.rollback()
    query = db.session.query(Message).filter(Message.given_up_at.is_not(None))
    return [message.address for message in query.order_by(Message.id)]


def told(kind: str) -> list[Message]:
    """The messages in inboxes."""
    db.session.rollback()
    return db.session.query(Message).filter_by(kind=kind, channel="inbox").all()


def test_an_address_that_does_not_exist_is_given_up_at_once(server: MailServer) -> None:
    server.unknown[LIA] = NO_SUCH_BOX
    a_case()
    assert deliver_messages() == {**NOTHING, "sent": 1, "given_up": 1}
    assert server.recipients() == [EDA]
    assert given_up() == [LIA]


def test_a_mail_whose_text_is_refused_for_good_is_given_up_at_once(server: MailServer) -> None:
    server.refusal = "554 5.7.1 this looks like advertising"
    a_case()
    assert deliver_messages() == {**NOTHING, "given_up": 2}


def test_a_full_mailbox_is_tried_again(server: MailServer) -> None:
    server.unknown[LIA] = "452 4.2.2 mailbox full"
    a_case()
    assert deliver_messages() == {**NOTHING, "sent": 1, "retried": 1}
    assert given_up() == []


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("failure", "final"),
    [
        (smtplib.SMTPRecipientsRefused({LIA: (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({LIA: (450, b"later")}), False),
        (smtplib.SMTPDataError(554, "no"), True),
        (smtplib.SMTPDataError(451, "later"), False),
        (smtplib.SMTPAuthenticationError(535, "who are you"), False),
        (smtplib.SMTPSenderRefused(553, "not yours", ADI), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (ConnectionRefusedError(), False),
    ],
)
def test_what_a_setting_mends_is_no_fault_of_the_mail(failure: Exception, final: bool) -> None:
    assert is_final(failure) is final


def test_admins_and_the_holder_of_the_case_hear_of_it_once(
    server: MailServer, browser: Callable[..., Browser]
) -> None:
    server.unknown[LIA] = NO_SUCH_BOX
    case = a_case()
    deliver_messages()
    assert tell_of_undelivered_mail() == {"told": 1}
    assert tell_of_undelivered_mail() == {}
    (to_holder,) = told("message.refused")
    (to_admin,) = told("mail.refused")
    assert (to_holder.user_id, to_admin.user_id) == (user("ina").id, user("adi").id)
    server.arrived.clear()
    deliver_messages()
    assert server.recipients() == [ADI, INA]
    assert f"- {LIA}: Server surel menolak alamat tujuan." in words(server.to(ADI))
    assert "http://127.0.0.1:8000/admin/jobs" in words(server.to(ADI))
    to_ina = words(server.to(INA))
    assert f"Surel tentang kasus ini ke {LIA} tidak dapat dikirim." in to_ina
    assert f"http://127.0.0.1:8000/cases/{case.number}" in to_ina
    page = browser("ina").get(f"/cases/{case.number}").text
    assert f"Surel ke {LIA} tidak dapat dikirim" in page


def test_a_mail_about_a_refused_mail_that_is_refused_too_goes_round_no_circle(
    server: MailServer,
) -> None:
    server.unknown = dict.fromkeys((LIA, INA, ADI), NO_SUCH_BOX)
    a_case()
    for said in ({"told": 1}, {"told": 1}, {"told": 0}, {}, {}):
        deliver_messages()
        assert tell_of_undelivered_mail() == said
    assert len(told("message.refused")) == 1, "ina hears of lia's; not of her own"
    assert len(told("mail.refused")) == 2, "adi hears of lia's and of ina's; not of his own"
    assert db.session.query(Event).filter_by(kind="message.refused").count() == 1


def test_what_is_tried_again_and_refused_again_is_told_again(
    server: MailServer, browser: Callable[..., Browser]
) -> None:
    server.unknown[LIA] = NO_SUCH_BOX
    a_case()
    deliver_messages()
    tell_of_undelivered_mail()
    mail = db.session.query(Message).filter_by(address=LIA).one()
    browser("adi").post(f"/admin/jobs/messages/{mail.id}/retry")
    deliver_messages()
    assert tell_of_undelivered_mail() == {"told": 1}


def test_many_mails_leave_over_one_connection(server: MailServer) -> None:
    server.unknown[LIA] = NO_SUCH_BOX
    for _ in range(3):
        a_case()
    assert deliver_messages() == {**NOTHING, "sent": 3, "given_up": 3}
    assert len(server.connections) == 1


def test_a_connection_that_the_server_closed_is_opened_again(server: MailServer) -> None:
    a_case()
    server.refusal = "421 4.3.2 the service closes"
    assert deliver_messages() == {**NOTHING, "retried": 2}
    assert len(server.connections) == 2


def test_a_server_that_lets_nobody_in_is_asked_once_for_many_mails(app: Flask) -> None:
    """Or each mail would wait for it, and a wrong password of Patuh's would lock its account."""
    asked: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def turn_away() -> None:
            with suppress(OSError):
                while True:
                    client, _ = door.accept()
                    asked.append(1)
                    client.sendall(b"554 nobody comes in\r\n")
                    client.close()

        threading.Thread(target=turn_away, daemon=True).start()
        for _ in range(3):
            a_case()
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{door.getsockname()[1]}"
        try:
            assert deliver_messages() == {**NOTHING, "retried": 6}
        finally:
            app.config["MAIL_URL"] = ""
            door.shutdown(socket.SHUT_RDWR)
    assert len(asked) == 1


def test_mails_that_cannot_be_delivered_go_back_to_the_address_for_them(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_FROM", "Patuh <patuh@contoh.example>")
    monkeypatch.setitem(app.config, "MAIL_BOUNCES", "kembali@contoh.example")
    a_case()
    deliver_messages()
    assert set(server.senders) == {"kembali@contoh.example"}
    assert {str(mail["From"]) for mail in server.arrived} == {"Patuh <patuh@contoh.example>"}


def test_an_admin_tries_whether_mails_leave(
    server: MailServer, browser: Callable[..., Browser]
) -> None:
    adi = browser("adi")
    page = adi.post("/admin/jobs/test-mail")
    assert f"Surel uji ke {ADI} sudah diterima server surel." in page.text
    assert server.to(ADI)["Subject"] == "Surel uji dari Patuh"
    server.unknown[ADI] = NO_SUCH_BOX
    page = adi.post("/admin/jobs/test-mail")
    assert f"Surel uji ke {ADI} gagal. Server surel menolak alamat tujuan." in page.text
    assert "no such mailbox" in page.text
    assert browser("ina").post("/admin/jobs/test-mail").status == 403


def test_so_does_whoever_runs_the_server(app: Flask, server: MailServer) -> None:
    sent = app.test_cli_runner().invoke(args=["mail", "test", "siapa@contoh.example"])
    assert sent.exit_code == 0
    assert sent.output == "a mail to siapa@contoh.example was taken by 127.0.0.1\n"
    server.unknown["siapa@contoh.example"] = NO_SUCH_BOX
    refused = app.test_cli_runner().invoke(args=["mail", "test", "siapa@contoh.example"])
    assert refused.exit_code == 1
    assert "550" in refused.output
    assert "Server surel menolak alamat tujuan." in refused.output
