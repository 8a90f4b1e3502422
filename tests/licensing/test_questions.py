"""A counter asks the inspector about a case, and gets an answer; nobody else's counter reads either."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.licensing.commands import answer_question, ask_inspector
from compliance.licensing.models import Flag
from tests.browser import Page
from tests.factories import a_case, a_company, user
from tests.licensing.desk import NIB, Clock, Open, a_held_company, ask

QUESTION = "Pemohon membawa sertifikat tertanggal kemarin.\nApakah cukup?"
ANSWER = "Cukup, bila bukti iuran bulan ini juga ada."
CASE = "/cases/NTT-2026-0001"


def told(kind: str) -> list[tuple[str | None, str]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id))
    return [(each.address, each.channel) for each in rows]


def question_id() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Event.id).where(Event.kind == "case.asked")).one()


def asked_from_a_receipt(browser: Open, at: Clock) -> str:
    """The address of lia's receipt, from which she asked."""
    a_held_company(at)
    lia = browser("lia")
    receipt = ask(lia, NIB).path
    page = lia.submit(f"{receipt}/ask/NTT-2026-0001", question=QUESTION)
    assert (page.status, page.path) == (200, receipt)
    return receipt


def answered(browser: Open) -> Page:
    return browser("ina").submit(f"{CASE}/questions/{question_id()}", answer=ANSWER)


def test_the_inspector_is_told_at_once_and_reads_the_question_on_the_case(
    browser: Open, at: Clock
) -> None:
    receipt = asked_from_a_receipt(browser, at)
    assert told("case.asked") == [(None, "inbox"), ("ina@contoh.example", "email")]
    ina = browser("ina")
    assert "Pertanyaan dari DPMPTSP Kota Kupang: PT Contoh Bahari" in ina.get("/inbox").text
    page = ina.get(CASE)
    assert "Apakah cukup?" in page.text
    assert f"{CASE}/questions/{question_id()}" in page.links()
    waiting = browser("lia").get(receipt)
    assert "Apakah cukup?" in waiting.text
    assert "belum dijawab" in waiting.text


def test_the_answer_comes_back_to_the_officer_and_stands_where_it_was_asked(
    browser: Open, at: Clock
) -> None:
    receipt = asked_from_a_receipt(browser, at)
    page = answered(browser)
    assert (page.status, page.path) == (200, CASE)
    assert "Jawaban dikirim ke Lia Misal." in page.text
    assert told("case.answered") == [(None, "inbox"), ("lia@contoh.example", "email")]
    lia = browser("lia")
    assert ANSWER in lia.get("/inbox").text
    for address in (
        receipt,
        CASE,
        f"/flags/{db.session.scalars(sa.select(Flag.id).where(Flag.level == 'hold')).one()}",
    ):
        assert ANSWER in lia.get(address).text, address
    assert ANSWER in browser("tika").get(f"{CASE}/history").text
    assert f"{CASE}/questions/{question_id()}" not in browser("ina").get(CASE).links()


def test_another_office_reads_neither_question_nor_answer(browser: Open, at: Clock) -> None:
    asked_from_a_receipt(browser, at)
    answered(browser)
    eda = browser("eda")  # the province, in whose scope the case lies too
    for address in (CASE, ask(eda, NIB).path):
        page = eda.get(address)
        assert page.status == 200
        assert "Apakah cukup?" not in page.html
        assert ANSWER not in page.html


def test_a_question_may_be_asked_from_a_flag(browser: Open, at: Clock) -> None:
    a_held_company(at)
    flag = f"/flags/{db.session.scalars(sa.select(Flag.id).where(Flag.level == 'hold')).one()}"
    lia = browser("lia")
    assert f"{flag}/ask" in lia.get(flag).links()
    page = lia.submit(f"{flag}/ask", question=QUESTION)
    assert page.path == flag
    assert "Pertanyaan dikirim ke Ina Contoh." in page.text
    assert "Apakah cukup?" in page.text
    assert "Apakah cukup?" in browser("ina").get(flag).text


def test_a_company_of_another_regency_may_be_asked_about_from_ones_own_receipt(
    browser: Open,
) -> None:
    number = a_case(
        "budi", company=a_company("PT Contoh Ende", nib=NIB, region_code="53.08")
    ).number
    lia, yos = browser("lia"), browser("yos")
    receipt = ask(lia, NIB).path
    assert lia.submit(f"{receipt}/ask/{number}", question=QUESTION).path == receipt
    assert lia.get(f"/cases/{number}").status == 404
    browser("budi").submit(f"/cases/{number}/questions/{question_id()}", answer=ANSWER)
    inbox = lia.get("/inbox")
    assert "Buka hasil cek" in inbox.text
    assert ANSWER in lia.get(receipt).text
    assert yos.get(f"{receipt}/ask/{number}").status == 404
    assert lia.get(f"{receipt}/ask/NTT-2026-9999").status == 404


def test_the_same_question_sent_twice_is_one_question(browser: Open, at: Clock) -> None:
    receipt = asked_from_a_receipt(browser, at)
    assert browser("lia").post(f"{receipt}/ask/NTT-2026-0001", question=QUESTION).status == 200
    assert question_id()
    assert len(told("case.asked")) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [("  \u200b ", "Tuliskan pertanyaan Anda."), ("x" * 1001, "Paling panjang 1.000 huruf.")],
)
def test_an_empty_or_endless_question_is_refused_and_what_was_typed_stays(
    browser: Open, at: Clock, typed: str, said: str
) -> None:
    a_held_company(at)
    lia = browser("lia")
    page = lia.post(f"{ask(lia, NIB).path}/ask/NTT-2026-0001", question=typed)
    assert page.status == 422
    assert said in page.text
    assert page.value("question") == typed.strip("\r\n")
    assert told("case.asked") == []


def test_a_question_is_answered_once(browser: Open, at: Clock) -> None:
    asked_from_a_receipt(browser, at)
    assert browser("ina").post(f"{CASE}/questions/{question_id()}", answer=" ").status == 422
    assert answered(browser).status == 200
    page = browser("sari").post(f"{CASE}/questions/{question_id()}", answer="Tidak cukup")
    assert page.status == 409
    assert "Pertanyaan ini sudah dijawab Ina Contoh." in page.text
    assert ANSWER in browser("sari").get(f"{CASE}/questions/{question_id()}").text


@pytest.mark.parametrize(
    ("who", "asking", "answering"),
    [
        ("lia", 200, 403),
        ("yos", 404, 404),
        ("ina", 403, 200),
        ("budi", 403, 404),
        ("tika", 403, 200),
        ("sari", 403, 200),
        ("adi", 403, 403),
    ],
)
def test_who_may_ask_and_who_may_answer(
    browser: Open, at: Clock, who: str, asking: int, answering: int
) -> None:
    receipt = asked_from_a_receipt(browser, at)
    somebody = browser(who)
    assert somebody.get(f"{receipt}/ask/NTT-2026-0001").status == asking
    assert somebody.get(f"{CASE}/questions/{question_id()}").status == answering
    assert somebody.get(f"{CASE}/questions/9999").status in (403, 404)


def test_when_the_inspector_has_left_the_supervisors_are_asked(at: Clock) -> None:
    case = a_case()
    with transaction():
        user("ina").active = False
    with transaction():
        ask_inspector(case, by=user("lia"), question=QUESTION, page="/check")
    assert told("case.asked") == [(None, "inbox"), ("sari@contoh.example", "email")]
    with transaction():
        answer_question(case, question_id=question_id(), by=user("sari"), answer=ANSWER)
    assert told("case.answered") == [(None, "inbox"), ("lia@contoh.example", "email")]
