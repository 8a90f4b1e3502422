"""The public page that says whether a receipt is genuine, and nothing else of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from compliance.core.db import db
from compliance.licensing.codes import shown_code
from compliance.licensing.models import LicenceCheck
from compliance.people.commands.access import GUESSES
from tests.browser import Browser, Page
from tests.intruder import as_before_channels_and_keys
from tests.licensing.desk import NIB, Clock, Open, a_held_company, ask, checks

pytestmark = pytest.mark.one_store


def a_receipt(browser: Open, at: Clock) -> LicenceCheck:
    a_held_company(at)
    ask(browser("lia"), NIB)
    return checks()[0]


def test_a_stranger_learns_number_time_and_word_and_nothing_more(browser: Open, at: Clock) -> None:
    check = a_receipt(browser, at)
    lia = browser("lia")
    lia.post(
        f"/check/{check.receipt}/decision",
        decision="refused",
        note="Alasan rahasia",
        application="PMH-12",
    )
    page = browser().get(f"/verify/{shown_code(check.code)}")
    assert (page.status, page.soup.h1.get_text()) == (200, "Bukti ini asli")  # type: ignore[union-attr]
    for words in (
        check.receipt,
        "2 Maret 2027 pukul 09.00 WITA",
        "MERAH – ADA CATATAN",
        "mungkin sudah berubah",
    ):
        assert words in page.text, words
    for secret in (
        "Bahari",
        NIB,
        "Lia",
        "Ina",
        "DPMPTSP",
        "NTT-2026",
        "560/",
        "PMH-12",
        "rahasia",
        "Ditolak",
    ):
        assert secret not in page.html, secret


def test_the_word_is_the_one_given_then_in_the_readers_language(browser: Open, at: Clock) -> None:
    check = a_receipt(browser, at)
    at("2031-06-12")
    page = browser(language="en").get(f"/verify/{check.code}")
    assert "RED – RECORD EXISTS" in page.text
    assert "2 March 2027 at 09:00 WITA" in page.text


def test_the_box_takes_the_code_however_it_is_typed(browser: Open, at: Clock) -> None:
    check = a_receipt(browser, at)
    stranger = browser()
    for typed in (
        shown_code(check.code),
        check.code.lower(),
        f" {check.code[:3]} {check.code[3:]} ",
    ):
        page = stranger.get("/verify", query_string={"code": typed})
        assert (page.status, page.path) == (200, f"/verify/{shown_code(check.code)}")
        assert check.receipt in page.text


def test_a_code_we_never_gave_is_plainly_not_ours(browser: Open) -> None:
    page = browser().get("/verify/22222-22222")
    assert page.status == 404
    assert "Bukti ini bukan dari kami" in page.text
    assert "tidak pernah memberi bukti dengan kode 22222-22222" in page.text


@pytest.mark.parametrize(
    ("address", "status"),
    [("/verify?code=CK-2026-000001", 422), ("/verify?code=", 422), ("/verify/1", 404)],
)
def test_what_cannot_be_a_code_is_answered_with_what_one_looks_like(
    browser: Open, address: str, status: int
) -> None:
    page = browser().get(address)
    assert page.status == status
    assert page.soup.select_one("#code-error"), page.text
    assert "10 huruf dan angka, misalnya 7K3QF-9X2MD" in page.text


def test_whoever_guesses_is_slowed_down_and_a_quarter_of_an_hour_later_is_not(
    browser: Open, at: Clock
) -> None:
    check = a_receipt(browser, at)
    code, receipt = check.code, check.receipt
    stranger = browser()

    def guess(number: int) -> Page:
        return stranger.get(f"/verify/{number:010}")

    assert {guess(number).status for number in range(GUESSES)} == {404}
    for page in (guess(99), stranger.get(f"/verify/{code}")):
        assert page.status == 429
        assert page.response.headers["Retry-After"] == "900"
        assert "Tunggu 15 menit" in page.text
        assert receipt not in page.text
    elsewhere = Browser(stranger.client.application)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert elsewhere.get(f"/verify/{code}").status == 200, "others are not slowed down"
    at("2027-03-02 09:16")
    assert stranger.get(f"/verify/{code}").status == 200


def test_right_codes_are_never_counted(browser: Open, at: Clock) -> None:
    check = a_receipt(browser, at)
    stranger = browser()
    assert {stranger.get(f"/verify/{check.code}").status for _ in range(GUESSES + 1)} == {200}


def test_no_search_engine_keeps_the_page(browser: Open) -> None:
    for address in ("/verify", "/verify/22222-22222"):
        assert "noindex" in browser().get(address).response.headers["X-Robots-Tag"]


def test_the_receipt_prints_its_code_as_words_and_as_a_square(browser: Open, at: Clock) -> None:
    check = a_receipt(browser, at)
    lia = browser("lia")
    page = lia.get(f"/check/{check.receipt}/print")
    assert shown_code(check.code) in page.text
    square = page.soup.select_one("svg.qr")
    assert square is not None
    assert page.soup.select_one("[role=img][aria-label]")
    assert shown_code(check.code) in lia.get(f"/check/{check.receipt}").text


def test_receipts_of_before_get_a_code_each_and_the_rest_of_them_stays(
    browser: Open, at: Clock
) -> None:
    a_receipt(browser, at)
    for number in range(3):
        ask(browser("lia"), f"912000999999{number}")
    before = [(each.receipt, each.asked, each.verdict, each.answer) for each in checks()]
    as_before_channels_and_keys()
    downgrade(revision="0003")
    assert "code" not in {
        each["name"] for each in sa.inspect(db.engine).get_columns("licence_checks")
    }
    upgrade()
    assert [(each.receipt, each.asked, each.verdict, each.answer) for each in checks()] == before
    codes = {each.code for each in checks()}
    assert len(codes) == 4
    assert browser().get(f"/verify/{min(codes)}").status == 200
