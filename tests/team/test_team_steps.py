"""Reassign, extend, remind, escalate: one page that says what will happen, to one case or to many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user
from tests.team.crowd import FIRST_ID, Row, a_crowd
from tests.team.team import ACTS, banners, case_of, chosen, events_of, filled, late_cases, row_of

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]


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


def test_a_closed_case_is_not_for_the_team(browser: Open, at: Callable[[str], None]) -> None:
    id = a_case(company=a_company("PT Contoh Bahari")).id
    at("2027-03-09")
    a_visit(case_of(id), "complied")
    page = browser("tika").get(f"/cases/{case_of(id).number}/extend")
    assert page.status == 409
    assert "Langkah ini tidak dapat dilakukan: status kasus Patuh." in page.text
