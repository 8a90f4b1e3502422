"""A form that is sent after its session ended: nothing that was typed is lost, and nobody else ever
sees it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from wtforms import PasswordField

from compliance.cases.models import Case, Visit
from compliance.core.db import db, transaction
from compliance.licensing.models import LicenceCheck
from compliance.people.jobs import purge_sign_ins
from compliance.people.models import SavedForm
from compliance.people.saved_forms import MOST_BYTES, MOST_FORMS, SECRET, save_form
from compliance.web.forms import Form
from tests.browser import PASSWORD, Browser, Page, as_a_request_of_its_own
from tests.cases.walk import begin
from tests.factories import a_case, a_company, a_visit, user

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
At = Callable[[str], None]
SAFE = "Yang Anda tulis aman"
BACK = "Isian Anda dipulihkan. Periksa, lalu kirim."
LATER = "2026-12-01 09:00"


def held() -> list[SavedForm]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(SavedForm).order_by(SavedForm.id)))


def sent_too_late(browser: Browser, path: str, at: At, when: str = LATER, **fields: Any) -> Page:
    """Open the form at `path`, let the session end, send the form; answers the page to sign in."""
    opened = browser.get(path)
    assert opened.status == 200, path
    if opened.soup.find("input", attrs={"name": "version"}):
        fields.setdefault("version", opened.value("version"))
    at(when)
    return browser.post(path, fields)


def signed_in_again(browser: Browser, page: Page, who: str) -> Page:
    """Sign in on the page that asks for it; answers where that leads."""
    assert page.path == "/login", page.text
    address = f"/login?{page.response.request.query_string.decode()}"
    return browser.post(address, email=f"{who}@contoh.example", password=PASSWORD)


def checked(page: Page, name: str) -> list[str]:
    return [str(each["value"]) for each in page.soup.select(f"input[name='{name}'][checked]")]


def test_a_recheck_comes_back_with_its_content_and_is_saved_once(browser: Open, at: At) -> None:
    case = a_case(violations=("JS-02", "WL-02"))
    number, fixed = case.number, [str(case.findings[0].id)]
    where, ina = f"/cases/{number}/recheck", browser("ina")
    asked = sent_too_late(
        ina,
        where,
        at,
        outcome="partly_complied",
        workers_registered="3O",
        visited_on="30-11-2026",
        note="Ruang tunggu <b>penuh</b>",
        fixed=fixed,
    )
    assert SAFE in asked.text
    page = signed_in_again(ina, asked, "ina")
    assert (page.path, page.status) == (where, 200)
    assert BACK in page.text
    assert checked(page, "outcome") == ["partly_complied"]
    assert checked(page, "fixed") == fixed
    assert page.value("workers_registered") == "3O"
    assert page.value("visited_on") == "30-11-2026"
    assert page.value("note") == "Ruang tunggu <b>penuh</b>"
    again = f"{where}?{page.response.request.query_string.decode()}"
    assert BACK in ina.get(again).text, "looking twice takes nothing away"
    done = ina.submit(again, outcome="partly_complied", workers_registered="30")
    assert done.path == f"/cases/{number}"
    assert db.session.scalars(sa.select(Visit.note)).all() == ["Ruang tunggu <b>penuh</b>"]
    assert held() == []
    assert BACK not in ina.get(again).text


def test_a_form_that_others_overtook_is_still_caught(browser: Open, at: At) -> None:
    case = a_case()
    id, where, ina = case.id, f"/cases/{case.number}/recheck", browser("ina")
    asked = sent_too_late(ina, where, at, outcome="partly_complied", workers_registered="30")
    a_visit(db.session.get_one(Case, id), "not_met", by="sari")
    page = signed_in_again(ina, asked, "ina")
    stale = ina.submit(
        f"{where}?{page.response.request.query_string.decode()}", outcome="partly_complied"
    )
    assert stale.status == 412
    assert stale.value("workers_registered") == "30"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1


def test_a_step_of_the_nota_comes_back_with_its_content(browser: Open, at: At) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    where = f"/notas/{key}/findings"
    asked = sent_too_late(
        ina,
        where,
        at,
        findings=["JS-02", "JS-04"],
        **{"about-JS-04-programmes": ["JKK"], "about-JS-02-note": "Dua orang"},
    )
    page = signed_in_again(ina, asked, "ina")
    assert page.path == where
    assert BACK in page.text
    assert checked(page, "findings") == ["JS-02", "JS-04"]
    assert checked(page, "about-JS-04-programmes") == ["JKK"]
    assert page.value("about-JS-02-note") == "Dua orang"
    assert "findings" not in (db.session.scalars(sa.select(Case)).one().draft or {}), (
        "a GET never writes"
    )
    assert (
        ina.submit(f"{where}?{page.response.request.query_string.decode()}").path
        == f"/notas/{key}/notes"
    )
    assert db.session.scalars(sa.select(Case)).one().draft["findings"]["findings"] == [
        "JS-02",
        "JS-04",
    ]


def test_a_step_of_the_nota_changed_elsewhere_is_still_caught(browser: Open, at: At) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    where = f"/notas/{key}/place"
    asked = sent_too_late(ina, where, at, place="Jalan Misal 1")
    browser("ina").submit(where, place="Jalan Lain 2")
    page = signed_in_again(ina, asked, "ina")
    assert page.value("place") == "Jalan Misal 1"
    stale = ina.submit(f"{where}?{page.response.request.query_string.decode()}")
    assert stale.status == 412
    assert "Jalan Lain 2" in stale.text


def test_the_company_chosen_for_a_nota_comes_back_and_begins_one_draft(
    browser: Open, at: At
) -> None:
    first, second = (str(a_company(name).id) for name in ("PT Contoh Satu", "PT Contoh Dua"))
    where, ina = "/notas/new?q=PT+Contoh", browser("ina")
    key = ina.get(where).value("draft_key")
    asked = sent_too_late(ina, where, at, company=second, draft_key=key)
    page = signed_in_again(ina, asked, "ina")
    assert checked(page, "company") == [second] != [first]
    assert page.value("draft_key") == key
    assert BACK in page.text


@pytest.mark.parametrize(
    ("who", "path", "fields"),
    [
        ("sari", "/cases/{case}/withdraw", {"reason": "Salah\r\nalamat"}),
        ("ina", "/companies/{company}/edit", {"name": "PT Contoh Ejaan Baru", "naming": "spelling",
            "nib": "", "workers_total": "dua"}),
        ("ina", "/companies/new?name=Lama", {"name": "PT Contoh Baru", "region_code": "53.71",
            "aliases": "Toko Misal"}),
        ("adi", "/admin/settings", {"office_name": "Dinas Contoh", "recheck_months": "4",
            "missed_recheck": "nothing"}),
        ("adi", "/admin/users/{user}", {"name": "Budi Baru", "role": "supervisor"}),
        ("tika", "/cases/{case}/extend", {"until": "9-4-2027", "reason": "Sedang pindah"}),
        ("ina", "/cases/{case}/receipt", {"received_on": "1-12-2026", "received_by": "Ani Contoh"}),
        ("ina", "/account", {"language": "en", "wants_email": []}),
    ],
)  # fmt: skip
def test_any_form_of_the_house_comes_back_with_its_content(
    browser: Open, at: At, who: str, path: str, fields: dict[str, Any]
) -> None:
    case = a_case()
    path = path.format(case=case.number, company=case.company_id, user=user("budi").id)
    opened = browser(who)
    page = signed_in_again(opened, sent_too_late(opened, path, at, **fields), who)
    assert page.path == path.partition("?")[0]
    assert BACK in page.text
    for name, value in fields.items():
        kind = page.soup.find(attrs={"name": name}).get("type")
        if kind in ("radio", "checkbox"):
            assert checked(page, name) == ([value] if value else []), name
        else:
            assert page.value(name).replace("\r\n", "\n") == str(value).replace("\r\n", "\n"), name
    assert "Ada yang perlu diperbaiki" not in page.text, "nothing is wrong before it is sent"


def test_cases_picked_from_the_queue_come_back_with_their_versions(browser: Open, at: At) -> None:
    chosen = "&".join(f"case={a_case().id}" for _ in range(2))
    at("2027-03-02 08:00")
    tika = browser("tika")
    page = tika.get(f"/queue/confirm?act=reassign&{chosen}")
    picked = [str(each["value"]) for each in page.soup.select("input[name=case]")]
    at("2027-03-02 21:00")
    to = str(user("budi").id)
    asked = tika.post(
        "/queue/confirm?act=reassign", {"case": picked, "to": to, "reason": "Ina cuti"}
    )
    again = signed_in_again(tika, asked, "tika")
    assert again.response.request.args["act"] == "reassign"
    assert [str(each["value"]) for each in again.soup.select("input[name=case]")] == picked
    assert checked(again, "to") == [to]
    assert again.value("reason") == "Ina cuti"


def test_a_decision_comes_back_on_the_page_it_was_typed_on(browser: Open, at: At) -> None:
    a_company("PT Contoh Loket", nib="9120000000017")
    lia = browser("lia")
    receipt = lia.post("/check", asked="9120000000017").path
    at(LATER)
    response = as_a_request_of_its_own(
        lia.client.post,
        f"{receipt}/decision",
        headers={"Referer": f"http://localhost{receipt}"},
        data={"decision": "refused", "note": "Belum lengkap", "csrf_token": lia.token},
        follow_redirects=True,
    )
    page = signed_in_again(lia, Page(response), "lia")
    assert page.path == receipt
    assert checked(page, "decision") == ["refused"]
    assert page.value("note") == "Belum lengkap"
    assert db.session.scalars(sa.select(LicenceCheck.decision)).all() == [None]


def test_a_question_at_the_counter_comes_back_in_the_box(browser: Open, at: At) -> None:
    lia = browser("lia")
    page = signed_in_again(lia, sent_too_late(lia, "/check", at, asked="Contoh Bahari"), "lia")
    assert (page.path, page.value("asked")) == ("/check", "Contoh Bahari")


def test_nobody_else_sees_what_is_held(browser: Open, at: At) -> None:
    where, shared = f"/cases/{a_case().number}/recheck", browser("ina")
    asked = sent_too_late(shared, where, at, outcome="not_met", note="Rahasia Ina")
    (kept,) = held()
    page = signed_in_again(shared, asked, "sari")
    assert (page.path, page.status) == (where, 200), "she may open the page, and finds it empty"
    assert page.value("note") == ""
    assert BACK not in page.text
    shared.post(f"{where}?held={kept.id}", outcome="nonsense")
    shared.submit(f"{where}?held={kept.id}", outcome="not_met")
    assert [each.id for each in held()] == [kept.id], "nor does what she sends make it go away"
    assert browser("ina").get(f"{where}?held={kept.id}").value("note") == "Rahasia Ina"


def test_what_is_held_shows_on_its_own_page_only(browser: Open, at: At) -> None:
    one, other = a_case().number, a_case().number
    sari = browser("sari")
    sent_too_late(sari, f"/cases/{one}/withdraw", at, reason="Untuk yang pertama")
    (kept,) = held()
    sari = browser("sari")
    for path in (f"/cases/{other}/withdraw", f"/cases/{one}", "/account"):
        assert "Untuk yang pertama" not in sari.get(f"{path}?held={kept.id}").html
    for nonsense in ("0", "-1", "99999999999999", "satu", str(kept.id + 1)):
        assert sari.get(f"/cases/{one}/withdraw?held={nonsense}").status == 200


def test_it_is_held_too_when_the_session_was_ended_elsewhere(browser: Open) -> None:
    case = a_case()
    sari = browser("sari")
    version = sari.get(f"/cases/{case.number}/withdraw").value("version")
    browser("sari").post("/account/sessions/end-others")
    asked = sari.post(f"/cases/{case.number}/withdraw", reason="Salah alamat", version=version)
    assert SAFE in asked.text
    assert signed_in_again(sari, asked, "sari").value("reason") == "Salah alamat"


def test_when_only_the_token_is_gone_the_form_opens_again_at_once(browser: Open) -> None:
    case = a_case()
    sari = browser("sari")
    sari.get(f"/cases/{case.number}/withdraw")
    sari.client.delete_cookie("session")
    page = sari.post(f"/cases/{case.number}/withdraw", reason="Salah alamat")
    assert (page.path, page.value("reason")) == (f"/cases/{case.number}/withdraw", "Salah alamat")
    assert BACK in page.text
    assert sari.submit(f"{page.path}?{page.response.request.query_string.decode()}").status == 200
    assert db.session.get_one(Case, case.id, populate_existing=True).status == "withdrawn"


def test_when_session_and_token_are_both_gone_it_is_held_all_the_same(
    browser: Open, at: At
) -> None:
    where, sari = f"/cases/{a_case().number}/withdraw", browser("sari")
    sari.get(where)
    at(LATER)
    sari.client.delete_cookie("session")
    asked = sari.post(where, reason="Salah alamat")
    assert SAFE in asked.text
    assert signed_in_again(sari, asked, "sari").value("reason") == "Salah alamat"


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"reason": "Dari luar"}, {}),
        ({"reason": "Dari luar", "csrf_token": "palsu"}, {"Sec-Fetch-Site": "cross-site"}),
        ({"reason": "Dari luar", "csrf_token": "palsu"}, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_another_site_puts_no_words_into_a_form(
    browser: Open, at: At, fields: dict[str, str], headers: dict[str, str]
) -> None:
    where, sari = f"/cases/{a_case().number}/withdraw", browser("sari")
    for _ in range(2):
        response = as_a_request_of_its_own(sari.client.post, where, data=fields, headers=headers)
        assert response.status_code == 400
        at(LATER)
    assert held() == []


def test_the_cookie_never_travels_with_another_sites_form(browser: Open) -> None:
    opened = browser()
    opened.sign_in("sari@contoh.example")
    cookie = opened.client.get_cookie("patuh_session")
    assert cookie is not None
    assert (cookie.same_site, cookie.http_only) == ("Lax", True)


def test_of_a_stranger_nothing_is_held(browser: Open) -> None:
    case = a_case()
    page = browser().post(f"/cases/{case.number}/withdraw", reason="Siapa ini")
    assert page.path == "/login"
    assert SAFE not in page.text
    assert held() == []


def test_of_somebody_who_lost_access_nothing_is_held(browser: Open) -> None:
    case = a_case()
    sari = browser("sari")
    with transaction():
        user("sari").active = False
    assert SAFE not in sari.post(f"/cases/{case.number}/withdraw", reason="Masih saya").text
    assert held() == []


def test_a_password_is_never_held(browser: Open, at: At) -> None:
    ina = browser("ina")
    asked = sent_too_late(
        ina, "/account/password", at, current=PASSWORD, password="kata yang baru", again="kata"
    )
    assert asked.path == "/login"
    assert held() == []
    adi = browser("adi")
    at("2026-12-02")
    adi.post("/account/tokens/new", name="Orang Baru", password="sandi pertama sekali")
    (kept,) = held()
    assert kept.typed == {"name": ["Orang Baru"]}


@pytest.mark.usefixtures("app")
def test_every_password_field_of_the_house_is_known_as_one() -> None:
    def forms(kind: type[Form]) -> set[type[Form]]:
        return {kind}.union(*(forms(each) for each in kind.__subclasses__()))

    names = {
        name
        for form in forms(Form)
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is PasswordField
    }
    assert names == SECRET


def test_a_file_and_far_too_much_text_are_not_held(browser: Open, at: At) -> None:
    case = a_case()
    where, sari = f"/cases/{case.number}/withdraw", browser("sari")
    assert SAFE not in sent_too_late(sari, where, at, reason="x" * MOST_BYTES).text
    upload = {"reason": "Dengan berkas", "file": (io.BytesIO(b"isi"), "foto.jpg")}
    assert SAFE not in sari.post(where, upload).text
    assert SAFE not in sari.post(where, reason="a\0b").text
    assert SAFE not in sari.post(where, version="1").text, "nothing was typed"
    assert held() == []


def test_only_the_latest_few_are_held_for_one_person(app: Flask) -> None:
    with transaction():
        save_form(user("budi"), page="/account", typed={"note": ["milik Budi"]})
        for number in range(MOST_FORMS + 2):
            save_form(user("ina"), page="/account", typed={"note": [str(number)]})
    notes = [each.typed["note"][0] for each in held()]
    assert notes == ["milik Budi", *map(str, range(2, MOST_FORMS + 2))]


def test_what_nobody_came_back_for_is_gone_after_a_day(app: Flask, at: At) -> None:
    with transaction():
        save_form(user("ina"), page="/account", typed={"note": ["x"]})
    at("2026-12-01 08:59")
    assert "held" not in {name for name, count in purge_sign_ins().items() if count}
    at("2026-12-01 09:01")
    assert purge_sign_ins()["held"] == 1
    assert held() == []
