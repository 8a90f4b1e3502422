"""The counter: the one box, whom a question means, and what is no question."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.companies.commands import change_company
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.licensing.checks.commands import make_check
from compliance.licensing.clearance import clean_question, find_company_asked
from compliance.licensing.sanctions import record_sanction
from tests.browser import Browser, Page, as_a_request_of_its_own
from tests.factories import a_case, a_company, user
from tests.licensing.desk import NIB, Open, ask, checks
from tests.queries import queries


def test_the_box_has_the_focus_before_and_after_the_answer(browser: Open) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    lia = browser("lia")
    for page in (lia.get("/"), ask(lia, NIB)):
        box = page.soup.find("input", attrs={"name": "asked"})
        assert box is not None
        assert box.has_attr("autofocus")
        assert box["value"] == ""


@pytest.mark.parametrize(
    "typed",
    [
        "9120001234567",
        "9120 0012 3456 7",
        "9120-0012-34567",
        "NIB: 9120001234567",
        "\u200b９１２０００１２３４５６７ ",
    ],
)
def test_a_nib_in_any_shape_gives_the_word_at_once(browser: Open, typed: str) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    page = ask(browser("lia"), typed)
    assert page.path == "/check/CK-2026-000001"
    assert page.soup.h1 is not None
    assert "HIJAU – TIDAK ADA CATATAN" in page.soup.h1.get_text()
    assert "PT Contoh Bahari , Kota Kupang" in page.text
    assert (
        "Dicek 30 November 2026 pukul 09.00 WITA oleh Lia Misal · bukti CK-2026-000001" in page.text
    )
    assert "bukan bukti kepesertaan" in page.text


@pytest.mark.parametrize(
    "typed",
    [
        "01.221.127.2-054.000",
        "0012211272054000",
        "NPWP 01.221.127.2-054.000",
        "JJ012345",
        "npp jj-012345",
    ],
)
def test_an_npwp_or_an_npp_will_do_as_well(browser: Open, typed: str) -> None:
    a_company("PT Contoh Bahari", npwp="01.221.127.2-054.000", npp="JJ012345")
    page = ask(browser("lia"), typed)
    assert (page.path, checks()[0].verdict) == ("/check/CK-2026-000001", "clear")


def test_a_number_nobody_bears_is_grey_and_recorded(browser: Open) -> None:
    page = ask(browser("lia"), "9120009999999")
    assert "ABU – TIDAK DITEMUKAN" in page.text
    assert "Tidak ditemukan untuk '9120009999999'. Ini bukan bukti kepatuhan." in page.text
    assert "dapat diwajibkan hanya bila kantor Anda punya dasar hukumnya" in page.text
    assert "mintalah bukti" not in page.text, "no office may ask for it without a legal basis"
    assert "Izin dapat diproses" not in page.text
    (check,) = checks()
    assert (check.verdict, check.company_id, check.asked) == ("unknown", None, "9120009999999")


def test_what_was_typed_is_repeated_as_words_never_as_markup(browser: Open) -> None:
    page = ask(browser("lia"), "<b>{Tanpa}</b> %s '\"&")
    assert (
        "Tidak ditemukan untuk '<b>{Tanpa}</b> %s '\"&'"
        in page.soup.select_one(".verdict").get_text()
    )  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Isi NIB, NPWP, NPP, atau nama perusahaan"),
        ("  \u200b ", "Isi NIB, NPWP, NPP, atau nama perusahaan"),
        ("PT Ab", "Ketik sedikitnya 3 huruf"),
        ("---", "Ketik sedikitnya 3 huruf"),
        ("91200012345678", "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik 14"),
        ("a" * 201, "Paling panjang 200 huruf"),
    ],
)
def test_what_is_no_question_is_answered_with_what_to_type(
    browser: Open, typed: str, said: str
) -> None:
    page = ask(browser("lia"), typed)
    assert (page.status, page.path) == (422, "/check")
    assert said in page.text
    assert page.value("asked").strip() == typed.strip()
    assert checks() == []


def test_the_very_name_of_the_only_match_gives_its_verdict(browser: Open) -> None:
    a_company("PT. Contoh Bahari Timur, Tbk")
    page = ask(browser("lia"), "pt contoh  BAHARI timur")
    assert page.path == "/check/CK-2026-000001"


def test_part_of_a_name_is_never_guessed_not_even_with_one_match(browser: Open) -> None:
    company = a_company(
        "PT Contoh Bahari Timur",
        nib=NIB,
        npwp="01.221.127.2-054.000",
        npp="JJ012345",
        aliases=("Bahari Jaya",),
    )
    company_id = company.id
    lia = browser("lia")
    page = ask(lia, "bahari")
    assert page.path == "/check/choose"
    assert "Pilih salah satu" in page.text
    for words in (
        "PT Contoh Bahari Timur",
        "juga disebut Bahari Jaya",
        "Kota Kupang",
        "NIB …4567",
        "NPWP …1272-054.000",
        "NPP …2345",
    ):
        assert words in page.text, words
    assert NIB not in page.html
    assert checks() == []
    chosen = ask(
        lia, "", among=page.value("among"), rows=page.value("rows"), company=str(company_id)
    )
    assert chosen.path == "/check/CK-2026-000001"
    assert checks()[0].asked == "bahari"


def three_bahari(browser: Open) -> tuple[Browser, Page, list[str]]:
    """The choice between three companies, before lia; and their names in the order shown."""
    for name in ("PT Contoh Bahari Timur", "CV Contoh Bahari", "UD Contoh Bahari Sejahtera"):
        a_company(name)
    lia = browser("lia")
    page = ask(lia, "bahari")
    return lia, page, [button.get_text() for button in page.soup.select("button.title")]


def choose(lia: Browser, page: Page, typed: str) -> Page:
    return ask(lia, typed, among=page.value("among"), rows=page.value("rows"))


@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_row_is_chosen_by_its_number(browser: Open, row: int) -> None:
    lia, page, names = three_bahari(browser)
    assert [int(cell.get_text()) for cell in page.soup.select("tbody td:first-child")] == [1, 2, 3]
    assert page.value("asked") == ""
    chosen = choose(lia, page, f" {row} ")
    assert chosen.path == "/check/CK-2026-000001"
    assert names[row - 1] in chosen.text
    assert checks()[0].asked == "bahari"


def test_the_number_means_the_row_that_was_shown_though_others_came_since(browser: Open) -> None:
    lia, page, names = three_bahari(browser)
    a_company("PT Bahari")  # would come first now
    assert names[0] in choose(lia, page, "1").text


@pytest.mark.parametrize("typed", ["0", "4", "25", "99", ""])
def test_the_number_of_no_row_chooses_nobody(browser: Open, typed: str) -> None:
    lia, page, names = three_bahari(browser)
    again = choose(lia, page, typed)
    assert again.status == 422
    assert "Ketik nomor baris, 1 sampai 3, atau nomor perusahaan." in again.text
    assert [button.get_text() for button in again.soup.select("button.title")] == names
    assert again.value("among") == "bahari"
    assert checks() == []


def test_while_a_choice_stands_another_question_may_be_asked(browser: Open) -> None:
    a_company("PT Contoh Lain", nib=NIB)
    lia, page, _names = three_bahari(browser)
    assert "PT Contoh Lain" in choose(lia, page, NIB).text
    assert "Yang diketik: “timur”." in choose(lia, page, "timur").text
    assert checks()[0].asked == NIB


def test_rows_that_were_never_shown_choose_nobody(browser: Open) -> None:
    lia, _page, _names = three_bahari(browser)
    for rows in ("x", "999999", "-1"):
        assert ask(lia, "1", among="bahari", rows=rows).status in (404, 422)
    assert checks() == []


def test_a_name_that_others_contain_is_listed_with_the_very_one_first(browser: Open) -> None:
    for name in ("PT Contoh Bahari Timur", "CV Contoh Bahari", "UD Contoh Bahari Sejahtera"):
        a_company(name)
    page = ask(browser("lia"), "PT Contoh Bahari")
    assert page.path == "/check/choose"
    titles = [button.get_text() for button in page.soup.select("button.title")]
    assert titles[0] == "CV Contoh Bahari"
    assert len(titles) == 3


def test_an_npwp_core_borne_by_several_is_listed(browser: Open) -> None:
    a_company("PT Contoh Pusat", npwp="01.221.127.2-054.000")
    a_company("PT Contoh Cabang", npwp="01.221.127.2-922.001")
    page = ask(browser("lia"), "01.221.127.2-054.000")
    assert page.path == "/check/choose"
    assert "PT Contoh Pusat" in page.text
    assert "PT Contoh Cabang" in page.text


def test_a_former_name_finds_the_company_too(browser: Open) -> None:
    company = a_company("PT Contoh Lama")
    with transaction():
        change_company(
            company,
            CompanyFacts(name="PT Misal Baru", region_code="53.71"),
            by=user("tika"),
            renamed=True,
        )
    page = ask(browser("lia"), "Contoh Lama")
    assert "PT Misal Baru , Kota Kupang (dahulu bernama PT Contoh Lama)" in page.text


def test_a_choice_that_is_no_company_is_not_found(browser: Open) -> None:
    lia = browser("lia")
    for company in ("99", "0", "9999999999"):
        assert ask(lia, "bahari", company=company).status == 404
    assert checks() == []


def test_choosing_among_nobody_leads_back_to_the_box(browser: Open) -> None:
    lia = browser("lia")
    for asked in ("", "ab", "tidakada"):
        assert lia.get(f"/check/choose?asked={asked}").path == "/check"


def test_a_check_may_be_made_on_a_company_anywhere(browser: Open) -> None:
    a_company("PT Contoh Ende", nib=NIB, region_code="53.08")
    assert "HIJAU" in ask(browser("lia"), NIB).text


@pytest.mark.parametrize("who", ["ina", "tika", "sari", "adi"])
def test_only_a_licensing_officer_stands_at_the_counter(browser: Open, who: str) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    other = browser(who)
    assert other.get("/check").status == 403
    assert ask(other, NIB).status == 403
    assert checks() == []


def test_numbers_of_receipts_run_without_gaps_even_when_a_question_fails(browser: Open) -> None:
    lia = browser("lia")
    ask(lia, "9120009999999")
    ask(lia, "ab")
    ask(lia, "bahari", company="99")
    ask(lia, "9120009999999")
    assert [each.receipt for each in checks()] == ["CK-2026-000001", "CK-2026-000002"]


def test_a_check_and_its_receipt_take_few_queries_however_much_there_is_to_say(
    browser: Open,
) -> None:
    company = a_company("PT Contoh Bahari", nib=NIB)
    a_case(company=company)
    lia = browser("lia")
    ask(lia, NIB)

    def counted(asked: str) -> tuple[int, int]:
        with queries() as asking:
            sent = as_a_request_of_its_own(
                lia.client.post, "/check", data={"asked": asked, "csrf_token": lia.token}
            )
        with queries() as reading:
            as_a_request_of_its_own(lia.client.get, sent.headers["Location"])
        assert len(asking) <= 10, str(asking)
        assert len(reading) <= 10, str(reading)
        return len(asking), len(reading)

    db.session.rollback()
    one = counted(NIB)
    for who in ("ina", "budi", "budi"):
        case = a_case(who, company=company, violations=("JS-02", "UP-01"))
        with transaction():
            record_sanction(
                case, by=user("tika"), letter_number="B/1", letter_on=date(2026, 11, 27)
            )
    assert counted(NIB) == one
    counted("contoh bahari")


@pytest.mark.usefixtures("app")
def test_a_question_is_kept_without_what_no_screen_can_show() -> None:
    assert clean_question(" PT\tContoh\x00\ud800  Baru\u202e ") == "PT Contoh Baru"
    with transaction():
        check = make_check("PT\x00 Contoh\ud800", None, by=user("lia"), application="A\x00 1")
        assert (check.asked, check.application) == ("PT Contoh", "A 1")
    with pytest.raises(Invalid):
        find_company_asked("a b")


# Slips, and what stands inside words


@pytest.mark.parametrize(
    ("typed", "question", "button"),
    [
        ("91200O1234567", "NIB 9120 0012 3456 7", "Ya, cek NIB 9120 0012 3456 7"),
        ("UD Lain, NIB 91200O1234567", "NIB 9120 0012 3456 7", "Ya, cek NIB 9120 0012 3456 7"),
        ("02.345.678.5-922.00O", "NPWP 02.345.678.5-922.000", "Ya, cek NPWP 02.345.678.5-922.000"),
        ("12345674922000", "NPWP 01.234.567.4-922.000", "Ya, cek NPWP 01.234.567.4-922.000"),
        ("JJO12345", "NPP JJ012345", "Ya, cek NPP JJ012345"),
        ("JJO12345", "NPP JJO12345", "Nomornya benar, cek NPP JJO12345"),
        ("912000123456", "NPP 912000123456", "Nomornya benar, cek NPP 912000123456"),
    ],
)
def test_a_slip_is_asked_about_before_anything_is_recorded(
    browser: Open, typed: str, question: str, button: str
) -> None:
    a_company("PT Contoh Bahari", nib=NIB, npp="JJ012345")
    lia = browser("lia")
    page = ask(lia, typed)
    assert (page.status, page.path, checks()) == (422, "/check", [])
    offered = page.soup.find("button", attrs={"name": "meant", "value": question})
    assert offered is not None
    assert " ".join(offered.get_text().split()) == button
    page = ask(lia, typed, meant=question)
    assert page.path == "/check/CK-2026-000001"
    assert checks()[0].asked == question


def test_an_npp_that_only_looks_like_a_slip_is_answered(browser: Open) -> None:
    page = ask(browser("lia"), "JJO12345")
    assert "ABU – TIDAK DITEMUKAN" in page.text


@pytest.mark.parametrize("typed", ["12211272054000", "UD Contoh, NPWP 01.221.127.2-054.000"])
def test_a_known_npwp_is_found_without_its_zero_or_inside_words(browser: Open, typed: str) -> None:
    a_company("PT Contoh Bahari", npwp="01.221.127.2-054.000")
    assert "HIJAU" in ask(browser("lia"), typed).text


def test_an_unknown_number_inside_words_offers_the_companies_of_the_words(browser: Open) -> None:
    a_company("UD Contoh Bahari", nib=NIB)
    page = ask(browser("lia"), "UD Contoh Bahari, NIB 9120 0000 0033 4")
    assert page.path.startswith("/check/choose")
    assert "UD Contoh Bahari" in page.text
    assert checks() == []
    page = ask(browser("lia"), "UD Umpama, NIB 9120 0000 0033 4")
    assert "ABU – TIDAK DITEMUKAN" in page.text
