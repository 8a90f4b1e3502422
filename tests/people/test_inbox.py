"""The inbox: the unread first, read one by one or all at once, and never anybody else's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from compliance.cases.commands.team import remind_inspector
from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, user

Open = Callable[..., Browser]
seconds = itertools.count()


def remind(case: Case, times: int = 1) -> None:
    """So many reminders to the case's inspector, each at a second of its own."""
    for number in range(1, times + 1):
        moment = clock.now() + timedelta(seconds=next(seconds))
        with time_machine.travel(moment, tick=False), transaction():
            remind_inspector(
                db.session.get_one(Case, case.id), by=user("tika"), note=f"Pesan ke-{number}"
            )


@pytest.fixture
def case(app: Flask) -> Case:
    return a_case(company=a_company("PT Contoh & Rekan"))


def notes(page: Page) -> list[str]:
    """The notes of the reminders on the page, in order."""
    return [
        note.group()
        for each in page.soup.select("article")
        if (note := re.search(r"Pesan ke-\d+", each.get_text()))
    ]


def unread(page: Page) -> int:
    return len(page.soup.select("article .tag"))


def test_an_empty_inbox_says_what_will_come(browser: Open) -> None:
    page = browser("ina").get("/inbox")
    assert "Belum ada pesan" in page.text
    assert "Tandai semua" not in page.text


def test_a_message_says_what_is_needed_and_leads_to_the_case(browser: Open, case: Case) -> None:
    number = case.number
    remind(case)
    ina = browser("ina")
    page = ina.get("/inbox")
    assert (
        page.soup.select_one("article h2").get_text(" ", strip=True)
        == "baru Pengingat cek ulang: PT Contoh & Rekan"
    )
    for words in ("Tika Andai mengingatkan Anda", "1 Maret 2027", str(number), "Buka kasus"):
        assert words in page.text
    assert "1 belum dibaca" in page.soup.header.get_text(" ", strip=True)
    opened = ina.post(page.soup.select_one("article form")["action"], then="open")
    assert opened.path == f"/cases/{number}"
    after = ina.get("/inbox")
    assert unread(after) == 0
    assert "belum dibaca" not in after.soup.header.get_text()
    assert f"/cases/{number}" in after.links()


def test_one_message_is_marked_as_read_and_moves_below_the_unread(
    browser: Open, case: Case
) -> None:
    remind(case, times=3)
    ina = browser("ina")
    page = ina.get("/inbox")
    assert notes(page) == ["Pesan ke-3", "Pesan ke-2", "Pesan ke-1"]
    after = ina.post(page.soup.select("article form")[1]["action"])
    assert after.path == "/inbox"
    assert notes(after) == ["Pesan ke-3", "Pesan ke-1", "Pesan ke-2"]
    assert unread(after) == 2


def test_reading_twice_keeps_the_first_time(
    browser: Open, case: Case, at: Callable[[str], None]
) -> None:
    remind(case)
    message = db.session.query(Message).filter_by(channel="inbox", user_id=user("ina").id).one().id
    browser("ina").post(f"/inbox/{message}/read")
    at("2026-11-30 10:00")
    browser("ina").post(f"/inbox/{message}/read")
    assert f"{db.session.get_one(Message, message).read_at:%H:%M}" == "01:00"


def test_all_are_marked_as_read_but_not_what_came_meanwhile(browser: Open, case: Case) -> None:
    remind(case, times=2)
    ina, tika = browser("ina"), browser("tika")
    page = ina.get("/inbox")
    newest = page.value("up_to")
    remind(case)
    after = ina.post("/inbox/read", up_to=newest)
    assert (after.path, unread(after)) == ("/inbox", 1)
    assert "1 belum dibaca" in after.soup.header.get_text(" ", strip=True)
    assert tika.get("/inbox").status == 200


@pytest.mark.parametrize("up_to", ["", "abc", "-1", "99999999999999999999999", "١٢"])
def test_nonsense_marks_nothing_and_breaks_nothing(browser: Open, case: Case, up_to: str) -> None:
    remind(case)
    page = browser("ina").post("/inbox/read", up_to=up_to)
    assert page.status == 200


def test_nobody_reads_or_marks_anothers_message(browser: Open, case: Case) -> None:
    remind(case)
    ina, budi = browser("ina"), browser("budi")
    assert "Belum ada pesan" in budi.get("/inbox").text
    for message in db.session.query(Message.id).all():
        assert budi.post(f"/inbox/{message.id}/read").status == 404
    budi.post("/inbox/read", up_to="2000000000")
    assert unread(ina.get("/inbox")) == 1
    for number in (0, 2**31, 10**30):
        assert ina.post(f"/inbox/{number}/read").status == 404


def test_a_mail_is_not_a_message_of_the_inbox(browser: Open, case: Case) -> None:
    remind(case)
    mail = db.session.query(Message).filter_by(channel="email", user_id=user("ina").id).one().id
    ina = browser("ina")
    assert ina.post(f"/inbox/{mail}/read").status == 404
    assert len(ina.get("/inbox").soup.select("article")) == 1


def test_pages_turn_without_losing_or_repeating_a_message(browser: Open, case: Case) -> None:
    remind(case, times=60)
    ina = browser("ina")
    for article in ina.get("/inbox?size=50").soup.select("article form")[:40:2]:
        ina.post(article["action"])
    seen: list[str] = []
    tags: list[int] = []
    page = ina.get("/inbox")
    for _ in range(4):
        seen += [article["aria-labelledby"] for article in page.soup.select("article")]
        tags.append(unread(page))
        further = page.soup.select_one("a[rel=next]")
        if further is None:
            break
        page = ina.get(further["href"])
        assert "Tandai semua" not in page.text
    assert len(seen) == len(set(seen)) == 60
    assert tags == [25, 15, 0]


@pytest.mark.parametrize(
    "after", ["x", "unread.", "read.abc", "unread.99999999999999999999999", ".", "unread.²", "é"]
)
def test_a_page_that_never_was_is_no_failure(browser: Open, case: Case, after: str) -> None:
    remind(case)
    assert browser("ina").get(f"/inbox?after={after}").status == 200


def test_marking_on_a_later_page_comes_back_to_that_page(browser: Open, case: Case) -> None:
    remind(case, times=27)
    ina = browser("ina")
    later = ina.get(ina.get("/inbox").soup.select_one("a[rel=next]")["href"])
    form = later.soup.select_one("article form")
    back = ina.post(form["action"], next=form.select_one("[name=next]")["value"])
    assert back.response.request.args["after"] == later.response.request.args["after"]


def test_the_number_of_queries_does_not_grow_with_the_messages(
    app: Flask, browser: Open, case: Case
) -> None:
    ina, asked = browser("ina"), []

    def count(*args: object) -> None:
        asked.append(args[2])

    def questions() -> int:
        asked.clear()
        sa.event.listen(db.engine, "before_cursor_execute", count)
        ina.get("/inbox")
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return len(
            [
                statement
                for statement in asked
                if str(statement).lstrip().upper().startswith("SELECT")
            ]
        )

    remind(case, times=2)
    few = questions()
    remind(case, times=20)
    assert few == questions() <= 10
