"""An escalation waits for an answer: in a list, on the case, every morning; and ends with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case, Escalation
from compliance.core.db import db
from compliance.core.outbox import Message
from compliance.team.jobs import send_morning_digests
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit

pytestmark = pytest.mark.usefixtures("app")
OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]


@pytest.fixture
def number(browser: OpenBrowser, at: Clock) -> str:
    """A case of Ina's, late since 2 March 2027, that Tika escalated."""
    number = a_case(company=a_company("PT Contoh Bahari")).number or ""
    at("2027-03-16 10:00")
    browser("tika").submit(f"/cases/{number}/escalate", reason="Tiga kali diingatkan")
    return number


def escalation() -> Escalation:
    db.session.rollback()
    return db.session.scalars(sa.select(Escalation)).one()


def informed(kind: str) -> set[str]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(Message).where(Message.kind == kind))
    return {message.address or "" for message in rows} - {""}


def test_it_waits_in_the_supervisors_list_and_on_the_page_of_the_case(
    browser: OpenBrowser, number: str
) -> None:
    for who in ("sari", "tika"):
        page = browser(who).get("/escalations")
        assert "Menunggu jawaban (1)" in page.text
        assert "Tiga kali diingatkan" in page.text
    page = browser("sari").get(f"/cases/{number}")
    assert "Eskalasi menunggu jawaban" in page.text
    assert page.soup.select_one(".next .btn-go")["href"].endswith(f"/cases/{number}/escalation")


def test_only_a_supervisor_answers(browser: OpenBrowser, number: str) -> None:
    assert browser("tika").get(f"/cases/{number}/escalation").status == 403
    assert "Jawab" not in [
        link.get_text() for link in browser("tika").get("/escalations").soup.select("main a")
    ]
    assert browser("ina").get("/escalations").status == 403


def test_the_answer_closes_it_and_who_asked_and_the_inspector_hear(
    browser: OpenBrowser, number: str
) -> None:
    sari = browser("sari")
    page = sari.submit(f"/cases/{number}/escalation", reason="Budi berkunjung besok pagi")
    assert "Jawaban dikirim dan eskalasi ditutup." in page.text
    closed = escalation()
    assert (closed.answer, closed.closed_by) == ("Budi berkunjung besok pagi", "Sari Umpama")
    assert informed("case.escalation_answered") == {"tika@contoh.example", "ina@contoh.example"}
    page = browser("tika").get("/escalations")
    assert "Menunggu jawaban (0)" in page.text
    assert "Budi berkunjung besok pagi" in page.text
    assert "Budi berkunjung besok pagi" in sari.get(f"/cases/{number}/history").text
    assert "tidak sedang dieskalasi" in sari.get(f"/cases/{number}/escalation").text


def test_an_empty_answer_is_refused_and_it_stays_open(browser: OpenBrowser, number: str) -> None:
    page = browser("sari").submit(f"/cases/{number}/escalation", reason=" ")
    assert page.status == 422
    assert escalation().closed_at is None


def test_after_the_answer_it_can_be_escalated_again(browser: OpenBrowser, number: str) -> None:
    browser("sari").submit(f"/cases/{number}/escalation", reason="Besok")
    page = browser("tika").submit(f"/cases/{number}/escalate", reason="Masih belum")
    assert page.path == f"/cases/{number}"
    db.session.rollback()
    reasons = sa.select(Escalation.reason).where(Escalation.closed_at.is_(None))
    assert db.session.scalars(reasons).all() == ["Masih belum"]


@pytest.mark.parametrize("end", ["complied", "not_complied", "extend", "withdraw"])
def test_what_settles_the_case_closes_it_without_an_answer(
    browser: OpenBrowser, number: str, end: str
) -> None:
    if end == "extend":
        browser("tika").submit(f"/cases/{number}/extend", until="30-4-2027", reason="proses")
    elif end == "withdraw":
        browser("sari").submit(f"/cases/{number}/withdraw", reason="nota ganda")
    else:
        a_visit(db.session.scalars(sa.select(Case).where(Case.number == number)).one(), end)
    closed = escalation()
    assert closed.closed_at is not None
    assert closed.answer is None
    assert "selesai tanpa jawaban" in browser("tika").get("/escalations").text


def test_the_supervisor_is_reminded_each_working_morning_until_there_is_an_answer(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    send_morning_digests()
    assert informed("escalations") == set(), "asked today"
    at("2027-03-17 08:00")
    send_morning_digests()
    send_morning_digests()
    assert informed("escalations") == {"sari@contoh.example"}
    at("2027-03-18 08:00")
    send_morning_digests()
    assert (
        len(list(db.session.scalars(sa.select(Message.id).where(Message.kind == "escalations"))))
        == 4
    )
    browser("sari").submit(f"/cases/{number}/escalation", reason="Besok")
    at("2027-03-22 08:00")
    send_morning_digests()
    db.session.rollback()
    assert (
        len(list(db.session.scalars(sa.select(Message.id).where(Message.kind == "escalations"))))
        == 4
    )


def test_a_visit_that_is_taken_back_leaves_the_escalation_waiting_again(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    at("2027-03-16 11:00")
    a_visit(db.session.scalars(sa.select(Case).where(Case.number == number)).one(), "complied")
    assert escalation().closed_at is not None
    browser("ina").post(f"/cases/{number}/recheck/undo")
    assert escalation().closed_at is None
    assert "Menunggu jawaban (1)" in browser("sari").get("/escalations").text
