"""Reassign, extend, remind, escalate: one page that says what will happen, to one case or to many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from compliance.team.queries import MOST_AT_ONCE
from tests.browser import Browser, Page, as_a_request_of_its_own
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries
from tests.team.crowd import FIRST_ID, Row, a_crowd
from tests.team.team import banners, case_of, chosen, events_of, late_cases

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]
ACTS = ("reassign", "extend", "remind", "escalate")
FILLED: dict[str, dict[str, Any]] = {
    "reassign": {"reason": "Cuti"}, "extend": {"until": "31-12-2026", "reason": "Sedang mendaftar"},
    "remind": {},
    "escalate": {"reason": "Tidak ada kabar"},
}  # fmt: skip


def filled(act: str) -> dict[str, Any]:
    return {**FILLED[act], **({"to": str(user("budi").id)} if act == "reassign" else {})}


def row_of(page: Page, name: str) -> str:
    return next(
        text
        for row in page.soup.select("#to tbody tr")
        if (text := " ".join(row.get_text(" ").split())).startswith(name)
    )


@pytest.mark.parametrize("who", ["ina", "lia", "adi"])
@pytest.mark.parametrize("act", ACTS)
def test_other_roles_may_not(browser: Open, who: str, act: str) -> None:
    late_cases(1)
    opened = browser(who)
    for address in (
        chosen(act, [FIRST_ID]),
        f"/queue/confirm?act={act}&all=1",
        f"/cases/NTT-2026-{FIRST_ID}/{act}",
    ):
        assert opened.get(address).status == 403
        assert opened.post(address, case=f"{FIRST_ID}.1", **filled(act)).status == 403
    assert case_of(FIRST_ID).version == 1


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
    act = click(page, ".justify-content-between > .team-acts button", "Alihkan")
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
def test_one_case_goes_through_the_same_page(browser: Open, act: str) -> None:
    late_cases(1)
    tika, address = browser("tika"), f"/cases/NTT-2026-{FIRST_ID}/{act}"
    assert "terlambat 10 hari" in tika.get(address).text
    page = tika.submit(address, **filled(act))
    assert page.path == f"/cases/NTT-2026-{FIRST_ID}"
    assert len(banners(page)) == 1
    kind = {
        "reassign": "reassigned",
        "extend": "extended",
        "remind": "reminded",
        "escalate": "escalated",
    }[act]
    assert [event.actor_name for event in events_of(f"case.{kind}")] == ["Tika Andai"]


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


def test_what_the_state_refuses_is_left_out_and_named_before(browser: Open) -> None:
    first, second, third = late_cases(3)
    with transaction():
        db.session.get_one(Case, second).extended_on = case_of(second).effective_on
    page = browser("tika").get(chosen("extend", [first, second, third]))
    assert page.soup.h1 and page.soup.h1.get_text() == "Perpanjang 2 kasus"
    assert (
        "1 kasus tidak dapat diperpanjang PT Contoh Usaha 10001 NTT-2026-10001 : Sudah pernah"
        " diperpanjang" in page.text
    )
    assert [field["value"] for field in page.soup.select("input[name=case]")] == [
        f"{third}.1",
        f"{first}.1",
    ]
    assert "Paling lama sampai 2 Maret 2027." in page.text


def test_a_case_that_changed_meanwhile_is_left_out_and_named_and_the_rest_is_done(
    browser: Open,
) -> None:
    first, second, third = late_cases(3)
    tika = browser("tika")
    page = tika.get(chosen("reassign", [first, second, third]))
    held = [field["value"] for field in page.soup.select("input[name=case]")]
    browser("sari").submit(f"/cases/NTT-2026-{second}/remind")
    page = tika.post(
        "/queue/confirm?act=reassign&region=53.71",
        case=held,
        to=str(user("budi").id),
        reason="Cuti",
    )
    assert page.response.request.query_string == b"region=53.71"
    assert banners(page) == [
        "2 kasus dialihkan ke Budi Misal.",
        "1 kasus tidak ikut: NTT-2026-10001 (sudah diubah Sari Umpama)",
    ]
    assert [case_of(id).inspector_id for id in (first, second, third)] == [
        user(who).id for who in ("budi", "ina", "budi")
    ]


def test_a_stale_form_is_refused_with_what_changed_and_keeps_what_was_typed(browser: Open) -> None:
    (id,) = late_cases(1)
    tika, address = browser("tika"), f"/cases/NTT-2026-{id}/reassign"
    page = tika.get(address)
    held = page.value("case")
    browser("sari").submit(
        f"/cases/NTT-2026-{id}/extend", until="31-12-2026", reason="Sedang mendaftar"
    )
    page = tika.post(address, case=held, to=str(user("budi").id), reason="Cuti melahirkan")
    assert page.status == 412
    assert "Belum ada yang disimpan" in page.text
    assert "Sedang mendaftar" in page.text
    assert page.value("reason") == "Cuti melahirkan"
    assert page.soup.select_one(f"#to input[value='{user('budi').id}'][checked]")
    assert case_of(id).inspector_id == user("ina").id
    page = tika.post(
        address, case=page.value("case"), to=str(user("budi").id), reason="Cuti melahirkan"
    )
    assert banners(page) == ["1 kasus dialihkan ke Budi Misal."]


def test_a_post_without_the_version_seen_changes_nothing(browser: Open) -> None:
    (id,) = late_cases(1)
    tika = browser("tika")
    assert tika.post(f"/cases/NTT-2026-{id}/remind").status == 412
    assert tika.post(f"/cases/NTT-2026-{id}/remind", case=f"{id}.x").status == 412
    assert tika.post("/queue/confirm?act=remind", case=f"{id}.999").status == 412
    assert case_of(id).version == 1


def test_nothing_chosen_is_said_and_the_filters_stay(browser: Open) -> None:
    late_cases(2)
    tika = browser("tika")
    for page in (
        tika.get("/queue/confirm?act=extend&region=53.71"),
        tika.post("/queue/confirm?act=extend&region=53.71"),
        tika.get("/queue/confirm?act=extend&region=53.71&case=x&case=99999999999"),
    ):
        assert banners(page) == ["Pilih minimal satu kasus."]
        assert (page.path, page.response.request.query_string) == ("/queue", b"region=53.71")
    assert tika.get("/queue/confirm?act=dance&all=1").status == 404
    assert tika.get("/cases/NTT-2026-99/remind").status == 404


@pytest.mark.parametrize(
    ("act", "wrong", "said"),
    [
        ("reassign", {"to": "", "reason": "Cuti"}, "Pilih pengawas yang menerima kasus"),
        ("reassign", {"to": "99999", "reason": "Cuti"}, "Pilih pengawas yang aktif."),
        ("reassign", {"reason": " "}, "Tuliskan alasannya"),
        ("reassign", {"reason": "x" * 1001}, "Paling panjang 1.000 huruf"),
        ("extend", {"until": "", "reason": "Mendaftar"}, "Isi tanggal baru, misalnya 18-3-2027"),
        (
            "extend",
            {"until": "31-2-2027", "reason": "Mendaftar"},
            "Tulis tanggal seperti 18-3-2026",
        ),
        ("extend", {"until": "31-12-2026", "reason": ""}, "Tuliskan alasannya"),
        ("escalate", {"reason": ""}, "Tuliskan alasannya"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_done(
    browser: Open, act: str, wrong: dict[str, str], said: str
) -> None:
    ids = late_cases(2)
    page = browser("tika").submit(chosen(act, ids), **{**filled(act), **wrong})
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert any(said in error.get_text() for error in page.soup.select("p.error"))
    assert len(page.soup.select("input[name=case]")) == 2
    assert {case_of(id).version for id in ids} == {1}


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("30-11-2026", "Tanggal baru harus sesudah"),
        ("3-3-2027", "Perpanjangan paling lama 92 hari."),
    ],
)
def test_a_day_that_suits_no_case_is_refused_with_the_reason(
    browser: Open, until: str, said: str
) -> None:
    ids = late_cases(2)
    page = browser("tika").submit(chosen("extend", ids), until=until, reason="Mendaftar")
    assert page.status == 409
    assert page.text.count(said) == 2
    assert (page.value("until"), page.value("reason")) == (until, "Mendaftar")


def test_a_day_off_becomes_the_next_working_day_and_lifts_warning_and_escalation(
    browser: Open, at: Callable[[str], None]
) -> None:
    id = a_case(company=a_company("PT Contoh Bahari")).id
    at("2027-03-09")
    sweep_due_rechecks()
    tika, address = browser("tika"), f"/cases/{case_of(id).number}"
    tika.submit(f"{address}/escalate", reason="Tidak ada kabar")
    assert tika.get("/queue").text.count("Dieskalasi") == 1
    page = tika.submit(f"{address}/extend", until="4-4-2027", reason="Sedang mendaftar")
    assert banners(page) == ["1 kasus diperpanjang sampai 5 April 2027."]
    case = case_of(id)
    assert (case.status, case.escalated_on, str(case.due_on)) == ("in_remedy", None, "2027-04-04")
    assert db.session.scalars(sa.select(Flag.lifted_at)).one() is not None
    assert (
        "Tidak ada kasus terlambat. Cek ulang berikutnya: 5 April 2027" in tika.get("/queue").text
    )


def test_one_who_left_cannot_be_reminded_nor_receive_but_can_be_relieved(browser: Open) -> None:
    ids = late_cases(2)
    with transaction():
        user("ina").active = False
    tika = browser("tika")
    page = tika.get(chosen("remind", ids))
    assert page.status == 409
    assert "Pengingat untuk 2 kasus tidak dapat dikirim" in page.text
    assert "Ina Contoh tidak bekerja lagi di sini. Alihkan dulu kasus ini." in page.text
    assert not page.soup.select("main form")
    page = tika.get(chosen("reassign", ids))
    assert row_of(page, "Ina Contoh").startswith(
        "Ina Contoh tidak bekerja lagi memegang 2 di antaranya 2 → menjadi 0"
    )
    assert not page.soup.select(f"#to input[value='{user('ina').id}']")


def test_a_case_is_escalated_once_and_only_when_late(browser: Open) -> None:
    late, to_come = a_crowd(
        [Row(late=1, inspector_id=user("ina").id), Row(late=0, inspector_id=user("ina").id)]
    )
    tika = browser("tika")
    assert (
        "Jatuh tempo 30 November 2026 belum lewat."
        in tika.get(f"/cases/NTT-2026-{to_come}/escalate").text
    )
    tika.submit(f"/cases/NTT-2026-{late}/escalate", reason="Tidak ada kabar")
    assert (
        "Sudah dieskalasi pada 30 November 2026."
        in tika.get(f"/cases/NTT-2026-{late}/escalate").text
    )
    told = db.session.scalars(
        sa.select(Message.user_id).where(
            Message.kind == "case.escalated", Message.channel == "inbox"
        )
    )
    assert set(told) == {user("sari").id, user("ina").id}
    assert db.session.scalars(sa.select(Flag)).all() == []


def test_only_whose_case_it_is_not_receives_it(browser: Open) -> None:
    mine, yours = a_crowd(
        [Row(late=1, inspector_id=user("ina").id), Row(late=2, inspector_id=user("budi").id)]
    )
    page = browser("tika").submit(
        chosen("reassign", [mine, yours]), to=str(user("budi").id), reason="Cuti"
    )
    assert banners(page) == [
        "1 kasus dialihkan ke Budi Misal.",
        f"1 kasus tidak ikut: NTT-2026-{yours} (Kasus ini sudah dipegang pengawas itu.)",
    ]


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


def test_a_closed_case_is_not_for_the_team(browser: Open, at: Callable[[str], None]) -> None:
    id = a_case(company=a_company("PT Contoh Bahari")).id
    at("2027-03-09")
    a_visit(case_of(id), "complied")
    page = browser("tika").get(f"/cases/{case_of(id).number}/extend")
    assert page.status == 409
    assert "Langkah ini tidak dapat dilakukan: status kasus Patuh." in page.text


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
