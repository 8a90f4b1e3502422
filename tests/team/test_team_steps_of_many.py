"""The steps of the team on many cases at once: how many, in one commit, by few statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.outbox import Message
from compliance.team.queries import MOST_AT_ONCE
from tests.browser import Browser, Page, as_a_request_of_its_own
from tests.factories import user
from tests.queries import queries
from tests.team.crowd import FIRST_ID, Row, a_crowd
from tests.team.team import ACTS, banners, case_of, chosen, events_of, filled, late_cases, row_of

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]


@pytest.mark.parametrize("who", ["tika", "sari"])
def test_25_cases_of_one_inspector_change_hands_in_7_clicks(browser: Open, who: str) -> None:
    late_cases(25)
    a_crowd([Row(late=400, inspector_id=user("budi").id)], first_id=20_000)
    opened, clicks = browser(who), 0

    def click(page: Page, selector: str, words: str = "") -> Any:
        nonlocal clicks
        clicks += 1
        (found,) = [
            each
            for each in page.soup.select(selector)
            if words in " ".join(each.get_text(" ").split())
        ]
        return found

    page = opened.get("/")
    page = opened.get(click(page, "main a", "Beban per pengawas")["href"])
    page = opened.get(click(page, "#load a.title", "Ina Contoh")["href"])
    everything = click(page, "#all")
    act = click(page, ".dock button", "Alihkan")
    form = act.find_parent("form")
    asked = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    page = opened.get(
        form["action"],
        query_string={**asked, everything["name"]: everything["value"], act["name"]: act["value"]},
    )
    assert page.soup.h1 and page.soup.h1.get_text() == "Alihkan 25 kasus"
    assert row_of(page, "Budi Misal") == "Budi Misal 1 → menjadi 26 1 → menjadi 26 0 dari 5"
    assert (
        row_of(page, "Ina Contoh")
        == "Ina Contoh memegang 25 di antaranya 25 → menjadi 0 25 → menjadi 0 0 dari 5"
    )
    assert not page.soup.select(f"#to input[value='{user('ina').id}']")
    to, _reason_box = click(page, f"#to input[value='{user('budi').id}']"), click(page, "textarea")
    button = click(page, "form button.btn-go")
    held = [field["value"] for field in button.find_parent("form").select("input[name=case]")]
    page = opened.post(
        button.find_parent("form")["action"], case=held, to=to["value"], reason="Cuti melahirkan"
    )
    assert clicks == 7
    assert (page.path, page.response.request.query_string) == (
        "/queue",
        f"inspector={user('ina').id}".encode(),
    )
    assert banners(page) == ["25 kasus dialihkan ke Budi Misal."]
    assert {case_of(id).inspector_id for id in range(FIRST_ID, FIRST_ID + 25)} == {user("budi").id}
    assert [event.reason for event in events_of("case.reassigned")] == ["Cuti melahirkan"] * 25
    told = db.session.scalars(
        sa.select(Message.user_id).where(
            Message.kind == "case.reassigned", Message.channel == "inbox"
        )
    )
    assert list(told) == [user("budi").id], "one message, not one for each case"


@pytest.mark.parametrize("act", ACTS)
def test_many_cases_are_done_in_one_go(browser: Open, act: str) -> None:
    ids = late_cases(3)
    page = browser("tika").submit(chosen(act, ids), **filled(act))
    assert page.path == "/queue"
    assert banners(page) == [
        {
            "reassign": "3 kasus dialihkan ke Budi Misal.",
            "extend": "3 kasus diperpanjang sampai 31 Desember 2026.",
            "remind": "Ina Contoh diingatkan untuk 3 kasus.",
            "escalate": "3 kasus dieskalasi ke kepala pengawas.",
        }[act]
    ]
    assert {case_of(id).version for id in ids} == {2}


def test_all_of_a_list_means_the_filtered_one_and_stops_at_500(browser: Open) -> None:
    a_crowd(
        Row(
            late=number % 50 + 1,
            inspector_id=user("ina").id,
            region="53.71" if number % 50 else "53.08",
        )
        for number in range(560)
    )
    tika = browser("tika")
    page = tika.get("/queue/confirm?act=remind&all=1&region=53.08")
    assert len(page.soup.select("input[name=case]")) == 12
    assert "lebih dari 500" not in page.text
    page = tika.get("/queue/confirm?act=remind&all=1")
    assert (
        "Daftar ini memuat lebih dari 500 kasus. Yang ikut sekarang 500 yang paling lama terlambat"
        in page.text
    )
    held = [str(field["value"]) for field in page.soup.select("input[name=case]")]
    assert len(held) == MOST_AT_ONCE
    page = tika.post("/queue/confirm?act=remind", case=[*held, "99.1"])
    assert (page.status, "Paling banyak 500 kasus sekaligus." in page.text) == (409, True)
    assert banners(tika.post("/queue/confirm?act=remind", case=held)) == [
        "Ina Contoh diingatkan untuk 500 kasus."
    ]


def test_many_left_out_do_not_overflow_the_banner(browser: Open) -> None:
    ids = late_cases(40)
    tika = browser("tika")
    held = [f"{id}.{9 if number else 1}" for number, id in enumerate(ids)]
    page = tika.post("/queue/confirm?act=remind", case=held)
    done, left_out = banners(page)
    assert done == "Ina Contoh diingatkan untuk 1 kasus."
    assert left_out.startswith("39 kasus tidak ikut: NTT-2026-1")
    assert left_out.count("NTT-2026-") == 10
    assert left_out.endswith("; dan 29 kasus lain")


@pytest.mark.parametrize("act", ACTS)
def test_one_commit_keeps_all_of_an_act(browser: Open, act: str) -> None:
    ids, commits = late_cases(5), []
    tika = browser("tika")
    page = tika.get(chosen(act, ids))
    held = [field["value"] for field in page.soup.select("input[name=case]")]

    def note(connection: Any) -> None:
        commits.append(connection)

    sa.event.listen(db.engine, "commit", note)
    try:
        content = {**filled(act), "case": held, "csrf_token": tika.token}
        answer = as_a_request_of_its_own(
            tika.client.post, f"/queue/confirm?act={act}", data=content
        )
    finally:
        sa.event.remove(db.engine, "commit", note)
    assert answer.status_code == 303
    assert len(commits) == 1


def test_the_statements_of_an_act_are_few_for_each_case(browser: Open) -> None:
    sent = []
    tika = browser("tika")
    for first_id, count in ((10_000, 5), (20_000, 25)):
        ids = a_crowd(
            (Row(late=9, inspector_id=user("ina").id) for _ in range(count)), first_id=first_id
        )
        page = tika.get(chosen("reassign", ids))
        held = [field["value"] for field in page.soup.select("input[name=case]")]
        with queries() as seen:
            tika.post(
                "/queue/confirm?act=reassign", case=held, to=str(user("budi").id), reason="Cuti"
            )
        sent.append(len(seen))
    assert (sent[1] - sent[0]) / 20 <= 8, sent
