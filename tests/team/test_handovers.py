"""One message for each inspector of an act on many cases; a reassignment undone within ten minutes,
honestly.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.cases.commands.team import remind_inspector
from compliance.core.db import db, transaction
from compliance.people.commands.users import add_user
from compliance.policy import SYSTEM
from tests.browser import PASSWORD, Browser, Page
from tests.factories import user
from tests.team.crowd import Row, a_crowd
from tests.team.team import banners, case_of, chosen, events_of, late_cases, told

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]


def reassigned(team: Browser, ids: list[int], to: str = "budi") -> Page:
    """The page after reassigning all of these cases in one act."""
    return team.submit(chosen("reassign", ids), to=str(user(to).id), reason="Cuti melahirkan")


def undo_of(page: Page) -> str:
    """Where the banner's button leads."""
    (form,) = page.soup.select("main > .notice form")
    assert form.button and form.button.get_text(" ", strip=True) == "Urungkan pengalihan ini"
    return str(form["action"])


def holders(ids: list[int]) -> list[int]:
    return [case_of(id).inspector_id for id in ids]


def test_many_cases_are_one_message_for_each_inspector_and_it_lists_them(browser: Open) -> None:
    ina, budi, sari = (user(who).id for who in ("ina", "budi", "sari"))
    ids = a_crowd(
        Row(late=10 + number, inspector_id=ina if number % 2 else budi) for number in range(6)
    )
    reassigned(browser("tika"), ids, to="sari")
    assert holders(ids) == [sari] * 6
    assert (told("case.reassigned"), told("case.reassigned", "email")) == (["sari"], ["sari"])
    assert (told("case.handed_over"), told("case.handed_over", "email")) == (["budi", "ina"], [])
    letter = browser("sari").get("/inbox")
    assert "Kasus dialihkan kepada Anda: 6 kasus" in letter.text
    assert letter.text.count("- PT Contoh Usaha 1000") == 6
    assert "NTT-2026-10000: jatuh tempo 20 November 2026" in letter.text
    assert "Alasan dari Tika Andai: Cuti melahirkan" in letter.text
    assert browser("ina").get("/inbox").text.count("- PT Contoh Usaha 1000") == 3


def test_a_message_names_fifty_cases_and_counts_the_rest(browser: Open) -> None:
    reassigned(browser("tika"), late_cases(60))
    text = browser("budi").get("/inbox").text
    assert (text.count("- PT Contoh Usaha"), "Dan 10 kasus lain." in text) == (50, True)


@pytest.mark.parametrize(
    ("act", "kind", "filled"),
    [
        ("remind", "case.reminded", {}),
        ("extend", "case.extended", {"until": "31-12-2026", "reason": "Sedang mendaftar"}),
        ("escalate", "case.escalated", {"reason": "Tidak ada kabar"}),
    ],
)
def test_no_act_on_many_cases_mails_once_for_each(
    browser: Open, act: str, kind: str, filled: dict[str, str]
) -> None:
    ids = late_cases(4) + a_crowd([Row(late=5, inspector_id=user("budi").id)], first_id=20_000)
    browser("tika").submit(chosen(act, ids), **filled)
    others = ["sari"] if act == "escalate" else []
    assert told(kind, "email") == sorted(["budi", "ina", *others])
    page = browser("ina").get("/inbox")
    assert "4 kasus" in page.text
    form = page.soup.select_one("article form")
    assert form is not None
    assert browser("ina").post(str(form["action"]), then="open").path == "/field"


def test_a_single_case_is_told_with_its_numbers_and_leads_to_it(browser: Open) -> None:
    (id,) = late_cases(1)
    browser("tika").submit(f"/cases/NTT-2026-{id}/reassign", to=str(user("budi").id), reason="Cuti")
    budi = browser("budi")
    page = budi.get("/inbox")
    assert f"Kasus dialihkan kepada Anda: PT Contoh Usaha {id}" in page.text
    assert f"Nomor nota: 560/{id}-NP/2026" in page.text
    assert "Cek ulang paling lambat: 20 November 2026" in page.text
    form = page.soup.select_one("article form")
    assert form is not None
    assert budi.post(str(form["action"]), then="open").path == f"/cases/NTT-2026-{id}"


def test_an_undone_reassignment_gives_every_case_back_to_whom_it_came_from(browser: Open) -> None:
    ina, budi, sari = (user(who).id for who in ("ina", "budi", "sari"))
    ids = a_crowd(
        Row(late=10 + number, inspector_id=ina if number % 2 else budi) for number in range(4)
    )
    tika = browser("tika")
    page = reassigned(tika, ids, to="sari")
    assert holders(ids) == [sari] * 4
    page = tika.post(undo_of(page), next="/queue?region=53.71")
    assert (page.path, page.response.request.query_string) == ("/queue", b"region=53.71")
    assert banners(page) == ["Pengalihan diurungkan: 4 kasus kembali ke Budi Misal, Ina Contoh."]
    assert holders(ids) == [budi, ina, budi, ina]
    events = events_of("case.given_back")
    assert [(each.actor_name, each.fact("from_id"), each.fact("to_id")) for each in events] == [
        ("Tika Andai", sari, each) for each in (ina, budi, ina, budi)
    ]
    assert (told("case.taken_back"), told("case.taken_back", "email")) == (["sari"], ["sari"])
    assert (told("case.given_back"), told("case.given_back", "email")) == (["budi", "ina"], [])
    assert "Kembali kepada Anda: 2 kasus" in browser("ina").get("/inbox").text
    assert "Pengalihan diurungkan: 4 kasus" in browser("sari").get("/inbox").text
    assert (
        "Pengalihan diurungkan: kasus kembali ke Ina Contoh"
        in tika.get("/cases/NTT-2026-10001").text
    )


def test_one_who_left_gets_back_what_was_wrongly_given_away(browser: Open) -> None:
    ids, tika = late_cases(2), browser("tika")
    with transaction():
        user("ina").active = False
    tika.post(undo_of(reassigned(tika, ids)))
    assert holders(ids) == [user("ina").id] * 2
    assert told("case.given_back") == []


def test_a_case_that_changed_since_stays_and_is_named_and_the_rest_goes_back(
    browser: Open, at: Callable[[str], None]
) -> None:
    first, second, third = ids = late_cases(3)
    tika = browser("tika")
    undo = undo_of(reassigned(tika, ids))
    at("2026-11-30 09:02")
    browser("sari").submit(f"/cases/NTT-2026-{second}/remind")
    page = tika.post(undo)
    assert banners(page) == [
        "Pengalihan diurungkan: 2 kasus kembali ke Ina Contoh.",
        f"1 kasus tidak ikut: NTT-2026-{second} (sudah diubah Sari Umpama)",
    ]
    assert holders([first, second, third]) == [user(who).id for who in ("ina", "budi", "ina")]


def test_when_every_case_changed_since_nothing_is_undone_and_a_page_says_why(browser: Open) -> None:
    (id,) = late_cases(1)
    tika = browser("tika")
    undo = undo_of(reassigned(tika, [id]))
    browser("sari").submit(
        f"/cases/NTT-2026-{id}/extend", until="31-12-2026", reason="Sedang mendaftar"
    )
    page = tika.post(undo)
    assert page.status == 412
    assert "Semua kasusnya sudah berubah sejak dialihkan." in page.text
    assert "Sedang mendaftar" in page.text
    assert holders([id]) == [user("budi").id]


def test_undoing_twice_is_undoing_once(browser: Open) -> None:
    ids, tika = late_cases(3), browser("tika")
    undo = undo_of(reassigned(tika, ids))
    tika.post(undo)
    assert banners(tika.post(undo)) == ["Pengalihan ini sudah diurungkan."]
    assert len(events_of("case.given_back")) == 3
    assert told("case.taken_back") == ["budi"]
    assert "Pengalihan ini sudah diurungkan." in tika.get(undo).text
    assert not tika.get(undo).soup.select("main form")


def test_after_ten_minutes_it_is_too_late_and_a_page_explains(
    browser: Open, at: Callable[[str], None]
) -> None:
    ids, tika = late_cases(2), browser("tika")
    undo = undo_of(reassigned(tika, ids))
    at("2026-11-30 09:10")
    assert tika.get(undo).soup.select("main form")
    at("2026-11-30 09:11")
    page = tika.post(undo)
    assert page.status == 409
    assert "Sudah lewat 30 November 2026 pukul 09.10 WITA." in page.text
    assert "Alihkan kasusnya lagi bila memang keliru." in page.text
    assert not page.soup.select("main form")
    assert tika.get(undo).status == 200
    assert holders(ids) == [user("budi").id] * 2
    assert "Urungkan" not in tika.get("/queue").text


def test_up_to_the_tenth_minute_it_can_be_undone(browser: Open, at: Callable[[str], None]) -> None:
    ids, tika = late_cases(2), browser("tika")
    undo = undo_of(reassigned(tika, ids))
    at("2026-11-30 09:10")
    tika.post(undo)
    assert holders(ids) == [user("ina").id] * 2


def test_only_who_did_it_or_a_supervisor_undoes_it(browser: Open) -> None:
    ids = late_cases(2)
    with transaction():
        add_user(
            by=SYSTEM,
            email="tono@contoh.example",
            name="Tono Andai",
            role="compliance",
            password=PASSWORD,
        )
    undo = undo_of(reassigned(browser("tika"), ids))
    for who, status in (("tono", 404), ("ina", 403), ("budi", 403), ("lia", 403), ("adi", 403)):
        opened = browser(who)
        assert (opened.get(undo).status, opened.post(undo).status) == (status, status), who
    assert "Urungkan" not in browser("tono").get("/queue").text
    sari = browser("sari")
    page = sari.get("/queue")
    assert (
        "2 kasus dialihkan ke Budi Misal oleh Tika Andai, 30 November 2026 pukul 09.00 WITA."
        in page.text
    )
    sari.post(undo_of(page))
    assert holders(ids) == [user("ina").id] * 2
    assert sari.post("/queue/handovers/6f1f3a52-6f0e-4f5e-9f50-6a3f1a2b3c4d").status == 404


def test_the_button_waits_in_the_queue_for_who_comes_back(browser: Open) -> None:
    ids, tika = late_cases(2), browser("tika")
    assert len(reassigned(tika, ids).soup.select("main > .notice")) == 1, (
        "its own banner, and no second one"
    )
    page = tika.get("/queue")
    tika.post(undo_of(page), next="//elsewhere.example/queue")
    assert holders(ids) == [user("ina").id] * 2
    assert "Urungkan" not in tika.get("/queue").text


def test_a_case_reassigned_from_its_own_page_comes_back_there(browser: Open) -> None:
    (id,) = late_cases(1)
    tika, case = browser("tika"), f"/cases/NTT-2026-{id}"
    page = tika.submit(f"{case}/reassign", to=str(user("budi").id), reason="Cuti")
    assert page.path == case
    (form,) = page.soup.select("main > .notice form")
    assert tika.post(str(form["action"]), next=form.select("[name=next]")[0]["value"]).path == case
    assert holders([id]) == [user("ina").id]


def test_what_was_gathered_for_an_act_that_fails_leaves_with_no_other(browser: Open) -> None:
    (id,) = late_cases(1)
    remind_inspector(case_of(id), by=user("tika"))
    db.session.rollback()
    with transaction():
        user("ina").phone = "0380-1"
    assert told("case.reminded") == []
