"""A nota quotes the articles whose text an administrator recorded; the others it only names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.approvals.models import Submission
from compliance.cases.commands.nota import record_receipt
from compliance.cases.models import Case, Violation
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.events import Event
from compliance.letters.articles.commands import save_article_text, stop_quoting
from compliance.letters.articles.models import ArticleText
from compliance.letters.articles.rules import LONGEST_ARTICLE
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from tests.browser import Page
from tests.cases.walk import begin, fill
from tests.factories import a_case, a_company, user
from tests.letters.conftest import words_of
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.usefixtures("head")
OF_JS_02 = (
    "UU 24/2011 pasal 15 ayat (2); PP 86/2013 pasal 3 ayat (1) huruf b dan pasal 3 ayat (2) huruf a"
)
OF_JS_04 = "PP 86/2013 pasal 3 ayat (2) huruf c; Perpres 109/2013 pasal 6 ayat (3)"
TYPED = {
    "text": "(1) Bunyi contoh yang pertama.\n(2) Bunyi contoh yang kedua.",
    "source": "Lembaran Negara contoh nomor 1",
    "read_on": "30-11-2026",
    "valid_from": "1-1-2020",
}
FIRST = "UU 24/2011 pasal 15 ayat (2)"
"""The first provision that JS-02 names: the text of its field is printed under it."""
KEPT = f"{FIRST}\n{TYPED['text']}"
MISSING = "Bunyi ketentuan berikut belum tercatat"


def the_entry(code: str) -> Violation:
    query = sa.select(Violation).where(Violation.code == code).order_by(Violation.id.desc())
    return db.session.scalars(query.limit(1)).one()


def page_of(code: str, end: str = "") -> str:
    db.session.rollback()
    return f"/admin/articles/{the_entry(code).id}{end}"


def recorded(browser: Open, code: str = "JS-02", **changed: str) -> Page:
    page = browser("adi").submit(page_of(code), {**TYPED, **changed})
    assert page.status == 200, page.text
    return page


def recorded_by_hand(text: str, valid_from: date = date(2020, 1, 1), code: str = "JS-02") -> None:
    with transaction():
        save_article_text(
            the_entry(code),
            by=user("adi"),
            text=text,
            source="Lembaran Negara contoh nomor 2",
            read_on=date(2026, 11, 30),
            valid_from=valid_from,
        )


def latest_letter() -> Letter:
    db.session.rollback()
    return db.session.scalars(sa.select(Letter).order_by(Letter.id.desc()).limit(1)).one()


def said_by(browser: Open, letter: Letter) -> str:
    set_letters()
    return words_of(browser("sari").get(f"/letters/{letter.id}.pdf").response.data)


def quotes_in(letter: Letter) -> dict[str, str | None]:
    [findings] = [block["findings"] for block in letter.facts["blocks"] if "findings" in block]
    return {one["rule"]: one.get("quote") for one in findings}


def test_the_list_says_which_articles_have_no_text_and_a_text_takes_one_off(
    browser: Open,
) -> None:
    adi = browser("adi")
    before = adi.get("/admin/articles?missing=1")
    assert "/admin/articles" in adi.get("/admin/settings").links()
    assert (OF_JS_02 in before.text, "HK-02" in before.text) == (True, False)
    assert "Bunyi ketentuan versi 1 disimpan" in recorded(browser).text
    after = adi.get("/admin/articles?missing=1")
    assert (OF_JS_02 in after.text, OF_JS_04 in after.text) == (False, True)
    everything = adi.get("/admin/articles")
    assert "versi 1 · dibaca 30 November 2026" in everything.text
    assert "Belum ada" in everything.text


def test_a_nota_quotes_what_is_recorded_and_only_names_the_rest(browser: Open) -> None:
    recorded(browser)
    a_case(violations=("JS-02", "JS-04"))
    assert quotes_in(latest_letter()) == {OF_JS_02: KEPT, OF_JS_04: None}
    said = said_by(browser, latest_letter())
    assert f"{OF_JS_02} {FIRST} (1) Bunyi contoh yang pertama. (2) Bunyi contoh yang kedua." in said
    assert said.count("Bunyi contoh") == 2


@pytest.mark.one_store
def test_a_letter_keeps_what_it_quoted_and_the_next_one_quotes_the_new_text(
    browser: Open,
) -> None:
    recorded(browser)
    a_case()
    old = latest_letter().id
    page = recorded(browser, text="Bunyi yang diperbaiki.")
    assert all(words in page.text for words in ("versi 2", "versi 1", "Bunyi contoh yang pertama."))
    a_case()
    assert quotes_in(latest_letter()) == {OF_JS_02: f"{FIRST}\nBunyi yang diperbaiki."}
    letter = db.session.get_one(Letter, old)
    assert quotes_in(letter) == {OF_JS_02: KEPT}
    assert "Bunyi contoh yang pertama" in said_by(browser, letter)
    kinds = sa.select(Event.kind).where(Event.kind.startswith("article."))
    assert list(db.session.scalars(kinds)) == ["article.saved", "article.saved"]
    audit = browser("adi").get("/admin/audit?kind=article.saved").text
    assert f"Bunyi ketentuan disimpan: {OF_JS_02}, versi 2" in audit


@pytest.mark.one_store
def test_a_nota_quotes_the_text_that_holds_on_its_own_day() -> None:
    recorded_by_hand("Bunyi lama.", date(2020, 1, 1))
    recorded_by_hand("Bunyi baru.", date(2026, 11, 30))
    recorded_by_hand("Bunyi lama, diperbaiki.", date(2020, 1, 1))
    for day, quote in (
        (date(2026, 11, 29), "Bunyi lama, diperbaiki."),
        (date(2026, 11, 30), "Bunyi baru."),
    ):
        a_case(issued_on=day)
        assert quotes_in(latest_letter()) == {OF_JS_02: quote}
    with transaction():
        stop_quoting(the_entry("JS-02"), by=user("adi"), valid_from=date(2026, 11, 30))
    a_case()
    assert quotes_in(latest_letter()) == {OF_JS_02: None}


def test_nota_ii_quotes_the_articles_that_are_still_open(browser: Open, at: Clock) -> None:
    recorded(browser)
    number = a_case(violations=("JS-02", "JS-04")).number
    page = lapsed(browser, at)
    assert (OF_JS_04 in page.text.split(MISSING)[1], OF_JS_02 in page.text) == (True, False)
    assert browser("ina").submit(f"/cases/{number}/second-nota").status == 200
    assert latest_letter().kind == "nota_2"
    said = said_by(browser, latest_letter())
    assert f"{OF_JS_02} {FIRST} (1) Bunyi contoh yang pertama." in said
    assert OF_JS_04 in said


@pytest.mark.one_store
def test_nota_ii_names_an_article_and_quotes_nothing_where_nothing_is_recorded(
    browser: Open, at: Clock
) -> None:
    number = a_case().number
    lapsed(browser, at)
    browser("ina").submit(f"/cases/{number}/second-nota")
    blocks = latest_letter().facts["blocks"]
    [order] = next(block["orders"] for block in blocks if "orders" in block)
    assert (order["rule"], "quote" in order) == (OF_JS_02, False)
    assert OF_JS_02 in said_by(browser, latest_letter())


@pytest.mark.one_store
def test_the_draft_of_a_new_nota_ii_follows_too(browser: Open, at: Clock) -> None:
    number = a_case().number
    lapsed(browser, at)
    sari = browser("sari")
    browser("ina").submit(f"/cases/{number}/second-nota")
    sari.post(f"/letters/{latest_letter().id}/replace", reason="Alamat keliru")
    draft = latest_letter().id
    assert OF_JS_02 in sari.get(f"/letters/{draft}").text.split(MISSING)[1]
    recorded(browser)
    assert MISSING not in sari.get(f"/letters/{draft}").text
    preview = words_of(sari.get(f"/letters/{draft}/preview.pdf").response.data)
    assert f"{OF_JS_02} {FIRST} (1) Bunyi contoh yang pertama." in preview


def lapsed(browser: Open, at: Clock) -> Page:
    """The page that issues Nota II of the one case, after the time of Nota I."""
    with transaction():
        case = db.session.scalars(sa.select(Case)).one()
        number = case.number
        record_receipt(
            case,
            by=user("ina"),
            received_on=date(2026, 11, 30),
            received_by="Ani Contoh, HRD",
        )
    at("2026-12-17 08:00")
    return browser("ina").get(f"/cases/{number}/second-nota")


def test_who_issues_a_nota_reads_which_articles_have_no_text(browser: Open) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Bahari Timur"))
    page = fill(ina, key, findings=["JS-02", "JS-04", "HK-02"])
    told = page.text.split(MISSING)[1].split("Tanggal dan catatan")[0]
    assert (OF_JS_02 in told, OF_JS_04 in told, "pasal 61A" in told) == (True, True, False)
    assert "Admin mencatatnya di Setelan, Bunyi ketentuan" in told
    recorded(browser)
    told = ina.get(f"/notas/{key}/review").text.split(MISSING)[1].split("Tanggal dan catatan")[0]
    assert (OF_JS_02 in told, OF_JS_04 in told) == (False, True)
    recorded(browser, "JS-04")
    assert MISSING not in ina.get(f"/notas/{key}/review").text


@pytest.mark.one_store
def test_who_approves_a_nota_reads_it_too(browser: Open) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Bahari Timur"))
    fill(ina, key)
    ina.submit(f"/notas/{key}/review")
    db.session.rollback()
    id = db.session.scalars(sa.select(Submission.id)).one()
    assert OF_JS_02 in browser("sari").get(f"/approvals/{id}").text.split(MISSING)[1]
    recorded(browser)
    assert MISSING not in browser("sari").get(f"/approvals/{id}").text


def test_the_draft_of_a_new_version_follows_and_who_read_it_is_told(browser: Open) -> None:
    a_case()
    nota, sari = latest_letter().id, browser("sari")
    sari.post(f"/letters/{nota}/replace", reason="Alamat keliru")
    draft = latest_letter().id
    page = sari.get(f"/letters/{draft}")
    assert OF_JS_02 in page.text.split(MISSING)[1]
    seen = sari.get(f"/letters/{draft}/number").value("version")
    recorded(browser)
    assert quotes_in(latest_letter()) == {OF_JS_02: KEPT}
    assert MISSING not in sari.get(f"/letters/{draft}").text
    late = sari.post(f"/letters/{draft}/number", version=seen)
    assert (late.status, latest_letter().status) == (412, "draft"), late.text
    assert sari.submit(f"/letters/{draft}/number").status == 200
    assert quotes_in(db.session.get_one(Letter, nota)) == {OF_JS_02: None}
    recorded(browser, text="Bunyi yang datang kemudian.")
    assert quotes_in(latest_letter()) == {OF_JS_02: KEPT}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text": " \u200f\n "}, "Isi bunyi ketentuannya."),
        ({"text": "a" * (LONGEST_ARTICLE + 1)}, "Paling panjang 4.000 huruf."),
        ({"text": "Bunyi 漢 contoh"}, "(U+6F22) tidak dapat dicetak"),
        ({"source": ""}, "Isi sumbernya"),
        ({"source": "s" * 201}, "Paling panjang 200 huruf."),
        ({"read_on": ""}, "Isi tanggal, misalnya"),
        ({"read_on": "1-12-2026"}, "Isi tanggal antara 17 Agustus 1945 dan hari ini."),
        ({"valid_from": ""}, "Isi tanggal, misalnya"),
        ({"valid_from": "kemarin"}, "Tulis tanggal seperti"),
        ({"valid_from": "1-1-1900"}, "Isi tanggal antara 17 Agustus 1945 dan"),
    ],
)
@pytest.mark.one_store
def test_a_text_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    browser: Open, changed: dict[str, str], why: str
) -> None:
    typed = {**TYPED, **changed}
    page = browser("adi").submit(page_of("JS-02"), typed)
    assert (page.status, why in page.text) == (422, True), page.text
    kept = {name: page.value(name) for name in TYPED}
    assert {**kept, "text": ""} == {**typed, "text": ""}
    assert (
        kept["text"] == "".join(filter(str.isprintable, typed["text"])).strip()
        or "\n" in (typed["text"])
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ArticleText)) == 0


@pytest.mark.one_store
def test_the_second_of_two_administrators_is_told_and_the_same_text_is_not_saved_twice(
    browser: Open,
) -> None:
    adi, address = browser("adi"), page_of("JS-02")
    seen = adi.get(address).value("version")
    recorded(browser)
    late = adi.post(address, {**TYPED, "text": "Bunyi lain.", "version": seen})
    assert (late.status, late.value("text")) == (412, "Bunyi lain."), late.text
    again = adi.submit(address)
    assert (again.status, "Sama dengan versi 1" in again.text) == (422, True), again.text


@pytest.mark.one_store
def test_an_article_that_is_quoted_no_more_is_only_named(browser: Open) -> None:
    adi = browser("adi")
    refused = adi.submit(page_of("JS-02", "/drop"))
    assert (refused.status, "memang tidak dikutip" in refused.text) == (409, True)
    recorded(browser)
    page = adi.submit(page_of("JS-02", "/drop"))
    assert all(
        words in page.text for words in ("Tidak dikutip lagi", "hanya menyebut ketentuan ini")
    )
    a_case()
    assert quotes_in(latest_letter()) == {OF_JS_02: None}
    assert OF_JS_02 in adi.get("/admin/articles?missing=1").text
    assert "Bunyi ketentuan versi 3 disimpan" in recorded(browser).text


@pytest.mark.one_store
def test_only_an_administrator_records_texts_and_an_entry_of_a_nota_khusus_has_none(
    browser: Open,
) -> None:
    for who in ("ina", "sari", "tika", "lia"):
        for address in ("/admin/articles", page_of("JS-02"), page_of("JS-02", "/drop")):
            assert browser(who).get(address).status == 403, (who, address)
        assert browser(who).post(page_of("JS-02"), TYPED).status == 403
    assert browser("adi").get(page_of("HK-02")).status == 404


@pytest.mark.one_store
def test_the_example_beside_the_form_quotes_what_is_typed_and_keeps_nothing(
    browser: Open,
) -> None:
    adi, address = browser("adi"), page_of("JS-02", "/preview")
    shown = adi.post(address, {**TYPED, "text": "Bunyi yang sedang diketik."}).response
    assert shown.mimetype == "application/pdf"
    assert f"{OF_JS_02} {FIRST} Bunyi yang sedang diketik." in words_of(shown.data)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ArticleText)) == 0
    assert f"{OF_JS_02} Perintah" in words_of(adi.get(address).response.data)
    long = adi.post(address, {**TYPED, "text": "a" * (LONGEST_ARTICLE + 1)})
    assert (long.status, "Paling panjang 4.000 huruf" in long.text) == (422, True)
    recorded(browser)
    assert "Bunyi contoh yang pertama" in words_of(adi.get(address).response.data)
    wording = adi.get("/admin/wording/nota_1/preview").response.data
    assert words_of(wording).count("(1) Bunyi contoh, yang tidak ada dalam aturan mana pun") == 12


def test_no_licensing_office_reads_a_quotation(browser: Open, api: Any) -> None:
    recorded(browser)
    case = a_case(company=a_company(nib="9120001234567"))
    id, number = case.id, case.number
    answer = api("sari").post(f"/cases/{id}/letters", kind="cover_ptsp", cover="information")
    assert answer.status_code == 201, answer.text
    assert "Bunyi contoh" not in json.dumps(latest_letter().facts)
    assert "Bunyi contoh" not in browser("lia").get(f"/cases/{number}").html


@pytest.mark.one_store
def test_the_verb_refuses_what_the_page_refuses() -> None:
    check: Callable[..., Any] = save_article_text
    with pytest.raises(Refusal), transaction():
        check(
            the_entry("JS-02"),
            by=user("sari"),
            text="Bunyi.",
            source="Sumber",
            read_on=date(2026, 11, 30),
            valid_from=date(2026, 11, 30),
        )


def test_two_refused_days_are_told_apart_by_their_fields(browser: Open) -> None:
    adi = browser("adi")
    page = adi.get("/admin/articles")
    [way, *_more] = [link for link in page.links() if link.startswith("/admin/articles/")]
    page = adi.submit(way, text="Bunyi", source="LN 1", read_on="", valid_from="")
    said = [item.get_text(" ", strip=True) for item in page.soup.select("#problems li")]
    assert [words.partition(":")[0] for words in said] == [
        "Dibaca dan dicocokkan pada",
        "Bunyi ini berlaku sejak",
    ]
