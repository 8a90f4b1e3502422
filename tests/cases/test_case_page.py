"""The page of a case and its history: what each role reads there, and what nobody but the
inspectorate does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.team import extend_deadline
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.panels import CASE_FACTS
from compliance.core.db import db, transaction
from compliance.core.events import recorded_kinds
from compliance.licensing.commands import acknowledge_flag
from compliance.licensing.models import Flag
from tests.browser import Browser, Page
from tests.cases.known import a_known_case, a_telling_case, on
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]

SECRET = (
    "Gaji dibayar tunai tanpa slip",
    "Kata Contoh pekerja",
    "Perusahaan berjanji",
    "JS-02",
    "PP 86/2013 pasal 3",
    "OS-",
)


def button(page: Page) -> str | None:
    found = page.soup.select_one(".next .btn-go")
    return found.get_text() if found else None


def test_an_inspector_reads_who_what_when_and_why(browser: OpenBrowser) -> None:
    page = on(a_telling_case(), "ina", browser)
    assert page.soup.h1.get_text() == "PT Contoh Bahari Timur"
    for words in (
        "NTT-2026-0001",
        "Nota I 560/014-NP/XI/2026",
        "Kota Kupang",
        "Pengawas Ina Contoh",
        "Nota terbuka",
        "27 November 2026",
        "28 Februari 2027 (Minggu), berlaku Senin, 1 Maret 2027",
        "40 orang, 28 terdaftar, 12 belum",
        "JHT JP",
        "Temuan (2)",
        "UU 24/2011 pasal 15 ayat (2)",
        "12 pekerja",
        "Gaji dibayar tunai tanpa slip",
        "14 hari setelah nota diterima",
        "Belum ada kunjungan sesudah nota",
        "Ani Contoh, staf HRD",
        "Kata Contoh pekerja di gudang",
        "DPMPTSP Provinsi Nusa Tenggara Timur DPMPTSP Kota Kupang",
    ):
        assert words in page.text, words


def test_the_due_date_can_be_asked_why(browser: OpenBrowser) -> None:
    page = on(a_telling_case(), "ina", browser)
    reasons = [each.get_text() for each in page.soup.select("details.why li")]
    assert reasons == [
        "Nota diterbitkan 30 November 2026.",
        "Ditambah 3 bulan kalender: 28 Februari 2027.",
        "28 Februari 2027 bukan hari kerja (Minggu).",
        "Berlaku pada hari kerja berikutnya: 1 Maret 2027.",
    ]


def test_an_extension_is_told_among_the_reasons(browser: OpenBrowser) -> None:
    case = a_known_case()
    with transaction():
        extend_deadline(
            case.again(), by=user("tika"), until=date(2027, 4, 30), reason="gudang terbakar"
        )
    page = on(case, "ina", browser)
    assert "Diperpanjang sampai 30 April 2027 oleh Tika Andai: gudang terbakar" in page.text
    assert "diperpanjang 30 November 2026" in page.text


def test_the_order_and_the_sanction_stand_under_their_finding(browser: OpenBrowser) -> None:
    page = on(a_telling_case(), "ina", browser)
    [first, second] = page.soup.select("table.list details")
    assert "Sanksi administratif" in first.get_text()
    assert "Mengikutsertakan seluruh pekerja pada program wajib" in second.get_text()


def test_a_receipt_gives_each_finding_its_day(browser: OpenBrowser, at: Clock) -> None:
    case = a_known_case()
    with transaction():
        record_receipt(
            case.again(), by=user("ina"), received_on=date(2026, 11, 30), received_by="Ani Contoh"
        )
    assert "14 Desember 2026 14 hari lagi" in on(case, "ina", browser).text
    at("2026-12-20")
    assert "14 Desember 2026 terlambat 6 hari" in on(case, "ina", browser).text


def test_the_road_shows_where_the_case_stands(browser: OpenBrowser, at: Clock) -> None:
    case = a_known_case()
    steps = on(case, "ina", browser).soup.select(".steps li")
    assert [step.get("class", [""])[0] for step in steps] == ["done", "now", "", ""]
    assert steps[1]["aria-current"] == "step"
    at("2027-03-01")
    steps = on(case, "ina", browser).soup.select(".steps li")
    assert [step.get("class", [""])[0] for step in steps] == ["done", "done", "now", ""]


def test_a_late_case_says_so_by_its_date_also_when_no_clock_was_ticking(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_known_case()
    at("2027-03-13")
    page = on(case, "tika", browser)
    assert "Terlambat 12 hari" in page.text
    assert "Cek ulang jatuh tempo 1 Maret 2027 dan terlambat 12 hari. Belum ada hasil." in page.text
    assert button(page) == "Alihkan"
    assert button(on(case, "ina", browser)) == "Catat hasil cek ulang"


def test_every_step_that_is_offered_opens(browser: OpenBrowser, at: Clock, app: Flask) -> None:
    case = a_known_case()
    at("2027-03-13")
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    for who in ("ina", "sari", "tika"):
        page = on(case, who, browser)
        links = [link["href"] for link in page.soup.select(".next a")]
        assert links
        for link in links:
            known = f"/cases/<number>/{link.rsplit('/', 1)[1]}" in routes
            assert not known or browser(who).get(link).status == 200, link


def test_flags_are_shown_with_why_and_the_way_there(browser: OpenBrowser, at: Clock) -> None:
    case = a_known_case()
    at("2027-03-01")
    a_visit(case.again(), "not_complied")
    page = on(case, "ina", browser)
    assert [tag.get_text() for tag in page.soup.select("h1 ~ .tag")] == [
        "Belum selesai",
        "Catatan hasil cek ulang",
    ]
    assert "Cek ulang 1 Maret 2027 menemukan kewajiban belum dipenuhi." in page.text
    flag = db.session.scalars(sa.select(Flag)).one()
    assert f"/flags/{flag.id}" in page.links()


def test_visits_are_listed_with_their_notes(browser: OpenBrowser, at: Clock) -> None:
    case = a_known_case()
    at("2027-01-18")
    a_visit(case.again(), "partly_complied", registered=31, note="Perusahaan berjanji\nbulan depan")
    page = on(case, "tika", browser)
    assert "Kunjungan (1)" in page.text
    for words in (
        "18 Januari 2027",
        "Patuh sebagian",
        "31",
        "Perusahaan berjanji bulan depan",
        "Ina Contoh",
    ):
        assert words in page.text


def test_the_page_shows_the_last_five_events_and_the_history_all_of_them(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_known_case()
    for day in ("2026-12-03", "2026-12-10", "2026-12-17", "2027-01-07", "2027-01-14"):
        at(day)
        a_visit(case.again(), "not_met")
    page = on(case, "ina", browser)
    assert len(page.soup.select(".timeline li")) == 5
    assert "Disampaikan ke DPMPTSP Provinsi" in page.text, "also when the event itself is older"
    history = on(case, "ina", browser, "/history")
    assert len(history.soup.select(".timeline li")) == 9
    assert (
        "Kunjungan 14 Januari 2027: tidak dapat ditemui"
        in history.soup.select(".timeline li")[0].get_text()
    )
    assert "oleh Ina Contoh" in history.text


@pytest.mark.parametrize(("who", "part", "status"), [
    ("budi", "", 404), ("budi", "/history", 404), ("budi", "/recheck", 404), ("budi", "/receipt",
        404), ("budi", "/withdraw", 404),
    ("yos", "", 404), ("yos", "/history", 404), ("lia", "/history", 403), ("lia", "/recheck", 403),
    ("lia", "/withdraw", 403),
    ("adi", "", 403), ("adi", "/history", 403), ("tika", "/recheck", 403), ("tika", "/withdraw",
        403), ("ina", "/reopen", 403),
])  # fmt: skip
def test_what_is_not_theirs_reads_as_not_found_and_what_is_not_for_them_as_not_allowed(
    browser: OpenBrowser, who: str, part: str, status: int
) -> None:
    case = a_known_case("ina")
    assert on(case, who, browser, part).status == status
    assert browser(who).post(f"/cases/{case.number}{part}").status in (status, 405)


@pytest.mark.parametrize("number", ["NTT-2026-9999", "x", "%20", "NTT-2026-0001%00", "…"])
def test_a_number_that_no_case_bears_is_not_found(browser: OpenBrowser, number: str) -> None:
    a_case()
    assert browser("tika").get(f"/cases/{number}").status in (400, 404)


def test_a_licensing_officer_reads_what_the_counter_needs(browser: OpenBrowser, at: Clock) -> None:
    case = a_telling_case()
    at("2027-03-01")
    a_visit(case.again(), "not_complied", registered=30)
    for who in ("lia", "eda"):
        page = on(case, who, browser)
        for words in (
            "PT Contoh Bahari Timur",
            "9120 0012 3456 7",
            "560/014-NP/XI/2026",
            "30 November 2026",
            "1 Maret 2027",
            "40 orang, 30 terdaftar",
            "Belum selesai",
            "Catatan perizinan",
            "Jaminan sosial ketenagakerjaan",
            "Ina Contoh",
            "0380-000-000",
            "Sertifikat kepesertaan dan bukti iuran terakhir",
            "Pemohon dapat menunjukkan buktinya",
        ):
            assert words in page.text, words


@pytest.mark.parametrize("outcome", [None, "not_complied", "complied"])
def test_a_licensing_officer_reads_nothing_of_what_was_found(
    browser: OpenBrowser, at: Clock, outcome: str | None
) -> None:
    case = a_telling_case()
    at("2027-03-01")
    if outcome:
        a_visit(case.again(), outcome, registered=30, note="Perusahaan berjanji bulan depan")
    page = on(case, "lia", browser)
    assert page.status == 200
    for secret in (
        *SECRET,
        "Jalan Misal 1",
        "Ani Contoh",
        f"/cases/{case.number}/",
        "Temuan",
        "Kunjungan",
    ):
        assert secret not in page.html.replace(f"/cases/{case.number}/packet", ""), secret
    assert page.soup.select(".next .btn") == []


def test_which_other_norm_was_broken_stays_the_inspectorates_secret(browser: OpenBrowser) -> None:
    case = a_known_case(violations=("PA-01",) if _is_known("PA-01") else ("WL-02",))
    page = on(case, "lia", browser)
    assert "Norma ketenagakerjaan lain" in page.text
    assert "Hasil cek ulang pengawas" in page.text
    assert "anak" not in page.text
    assert "lapor" not in page.text


def _is_known(code: str) -> bool:
    from compliance.cases.queries import violations_on

    return code in violations_on(date(2026, 11, 30))


def test_a_draft_is_no_case_page(browser: OpenBrowser) -> None:
    browser("ina").post(
        "/notas/new", company=a_company().id, draft_key="0b2c9ff4-8a3a-4b0e-9f7e-3d1f6f0f9a11"
    )
    assert browser("ina").get("/cases/None").status == 404


def test_every_kind_of_event_of_a_case_has_its_sentence() -> None:
    folder = Path(__file__).parents[2] / "templates" / "events"
    of_cases = [
        kind
        for kind in recorded_kinds()
        if kind.split(".")[0] in ("case", "recheck", "visit", "nota", "draft", "flag")
    ]
    assert [
        kind for kind in of_cases if not (folder / f"{kind.replace('.', '/')}.html").exists()
    ] == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("part", ["", "/history", "/recheck", "/receipt", "/withdraw"])
def test_the_pages_read_in_both_languages(browser: OpenBrowser, part: str, language: str) -> None:
    page = on(a_telling_case(), "sari", browser, part, language)
    assert (page.status, page.soup.html["lang"]) == (200, language)
    assert json.dumps(page.text).count("None") == 0


def test_the_page_of_a_case_asks_at_most_ten_questions_however_much_happened(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_telling_case()
    at("2027-03-03")
    for _ in range(2):
        sweep_due_rechecks()
    a_visit(case.again(), "not_complied")
    with transaction():
        flag = db.session.scalars(sa.select(Flag).where(Flag.lifted_at.is_(None))).one()
        acknowledge_flag(flag, by=user("lia"))

    def asked(who: str, part: str = "") -> int:
        opened = browser(who)
        with queries() as seen:
            assert opened.get(f"/cases/{case.number}{part}").status == 200
        assert len(seen) <= 10, seen
        return len(seen)

    pages = [
        ("ina", ""),
        ("sari", ""),
        ("tika", ""),
        ("lia", ""),
        ("ina", "/history"),
        ("ina", "/recheck"),
    ]
    few = [asked(*page) for page in pages]
    for day in range(4, 20):
        at(f"2027-03-{day:02}")
        a_visit(case.again(), "not_met", by="sari")
    assert [asked(*page) for page in pages] == few


def test_licensing_and_disputes_hang_their_part_on_once_however_often_the_app_is_made() -> None:
    assert len(CASE_FACTS) == 4
