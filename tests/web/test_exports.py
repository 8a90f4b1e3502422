"""Lists as files: what Excel at an Indonesian desk opens, whole, of one moment, in a memory that
does not grow.
"""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.licensing.checks.commands import decide_check, make_check
from compliance.licensing.models import LicenceCheck
from tests.browser import Browser, as_a_request_of_its_own
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries
from tests.team.crowd import Row, a_crowd

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")
FILES = ("/cases.csv", "/flags.csv", "/companies.csv", "/check/history.csv", "/queue.csv")


def rows_of(reader: Browser, path: str) -> list[dict[str, str]]:
    page = reader.get(path)
    assert page.status == 200, page.text
    assert page.response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = page.response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("ina", {"/cases.csv", "/flags.csv", "/companies.csv"}),
        ("sari", set(FILES)),
        ("tika", set(FILES)),
        ("lia", {"/cases.csv", "/flags.csv", "/companies.csv", "/check/history.csv"}),
        ("adi", set()),
    ],
)
def test_each_role_takes_along_the_lists_it_may_open_and_admins_none(
    browser: OpenBrowser, who: str, allowed: set[str]
) -> None:
    reader = browser(who)
    assert {path for path in FILES if reader.get(path).status == 200} == allowed
    assert {path for path in FILES if reader.get(path).status == 403} == set(FILES) - allowed


def test_a_link_above_the_rows_leads_to_the_file_of_this_very_list(
    browser: OpenBrowser, at: Clock
) -> None:
    for name, region in (
        ("PT Contoh Satu", "53.71"),
        ("PT Contoh Dua", "53.08"),
        ("PT Contoh Tiga", "53.71"),
    ):
        a_case(company=a_company(name, region_code=region))
    at("2027-03-10")
    for _ in range(2):
        sweep_due_rechecks()
    tika = browser("tika")
    for path, file in (
        (
            "/cases?view=late&region=53.71&order=name&size=50&after=x",
            "/cases.csv?view=late&region=53.71&order=name",
        ),
        ("/flags?region=53.71&order=name", "/flags.csv?region=53.71&order=name"),
        ("/companies?region=53.71", "/companies.csv?region=53.71"),
        ("/queue?region=53.71", "/queue.csv?region=53.71"),
    ):
        page = tika.get(path)
        assert file in page.links(), path
        listed = [link.get_text() for link in page.soup.select("table.list tbody a.title")]
        assert [row["Perusahaan"] for row in rows_of(tika, file)] == listed, path
        assert sorted(listed) == ["PT Contoh Satu", "PT Contoh Tiga"], path


def test_excel_opens_it_with_days_as_days_and_no_digit_lost(
    browser: OpenBrowser, at: Clock
) -> None:
    a_case(
        company=a_company("PT Contoh Kopi Sumber", nib="9120001234567", kbli="01270"),
        issued_on=date(2026, 11, 30),
    )
    at("2027-03-10")
    tika = browser("tika")
    page = tika.get("/cases.csv")
    assert page.response.get_data().startswith(b"\xef\xbb\xbfNomor kasus;Perusahaan;NIB;")
    assert (
        page.response.headers["Content-Disposition"]
        == "attachment; filename=patuh-kasus-2027-03-10.csv"
    )
    assert rows_of(tika, "/cases.csv") == [
        {
            "Nomor kasus": "NTT-2026-0001",
            "Perusahaan": "PT Contoh Kopi Sumber",
            "NIB": "9120 0012 3456 7",
            "Sektor KBLI": "01 Pertanian, peternakan, perburuan",
            "Kab/kota": "Kota Kupang",
            "Keadaan perusahaan": "",
            "Status": "Nota terbuka",
            "Catatan perizinan": "",
            "Nomor nota": "560/001-NP/XI/2026",
            "Nota terbit": "2026-11-30",
            "Jatuh tempo": "2027-02-28",
            "Jatuh tempo (hari kerja)": "2027-03-01",
            "Hari terlambat": "9",
            "Pekerja": "40",
            "Pekerja terdaftar": "28",
            "Pekerja belum terdaftar": "12",
            "Pengawas": "Ina Contoh",
        }
    ]
    [company] = rows_of(tika, "/companies.csv")
    assert (company["KBLI"], company["NIB"]) == (
        "0127 0",
        "9120 0012 3456 7",
    ), "a leading nought stays"


def test_the_headings_and_words_are_the_readers(browser: OpenBrowser) -> None:
    a_case(company=a_company("PT Contoh", kbli="47111"))
    tika = browser("tika", "en")
    page = tika.get("/cases.csv")
    assert page.response.headers["Content-Disposition"].endswith(
        "filename=patuh-cases-2026-11-30.csv"
    )
    [row] = rows_of(tika, "/cases.csv")
    assert (row["Company"], row["Status"], row["KBLI sector"]) == (
        "PT Contoh",
        "Open nota",
        "47 Retail trade",
    )


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+62 Contoh", "@SUM Misal"])
def test_what_a_company_calls_itself_is_never_run(browser: OpenBrowser, name: str) -> None:
    a_case(company=a_company(name))
    tika = browser("tika")
    for path in ("/cases.csv", "/companies.csv"):
        assert [row["Perusahaan"] for row in rows_of(tika, path)] == [f"'{name}"]


def test_a_line_break_or_semicolon_in_a_cell_stays_in_it(browser: OpenBrowser) -> None:
    a_company("PT Contoh; Misal", address="Jl. Umpama 1\nKupang")
    [row] = rows_of(browser("tika"), "/companies.csv")
    assert (row["Perusahaan"], row["Alamat"]) == ("PT Contoh; Misal", "Jl. Umpama 1\nKupang")


def test_licensing_reads_no_finding_and_no_note_and_only_its_own_office(
    browser: OpenBrowser, at: Clock
) -> None:
    kupang = a_case(company=a_company("PT Contoh Kupang"), violations=("JS-02",))
    title = kupang.findings[0].violation.title
    a_visit(kupang, "not_met", note="Catatan internal pengawas")
    a_case(company=a_company("PT Contoh Ende", region_code="53.08"))
    at("2027-03-10")
    for _ in range(2):
        sweep_due_rechecks()
    lia = browser("lia")
    for path in ("/cases.csv", "/flags.csv", "/companies.csv"):
        text = lia.get(path).response.get_data(as_text=True)
        assert "PT Contoh Kupang" in text, path
        assert "PT Contoh Ende" not in text, path
        for secret in ("JS-02", "Catatan internal", title):
            assert secret not in text, path


def test_an_inspector_takes_along_only_what_is_theirs(browser: OpenBrowser) -> None:
    a_case("ina", company=a_company("PT Contoh Ina"))
    a_case("budi", company=a_company("PT Contoh Budi"))
    a_company("PT Contoh Tanpa Kasus")
    ina = browser("ina")
    for path in ("/cases.csv", "/companies.csv", "/companies.csv?q=contoh"):
        assert [row["Perusahaan"] for row in rows_of(ina, path)] == ["PT Contoh Ina"], path


def test_the_history_of_checks_goes_along_as_it_was_answered(browser: OpenBrowser) -> None:
    company = a_company("PT Contoh Kopi", nib="9120001234567")
    with transaction():
        made = make_check("9120001234567", company, by=user("lia"))
        check = db.session.get_one(LicenceCheck, made.id)
        decide_check(
            check, by=user("lia"), decision="issued", application="PMH-1", note="Rahasia loket"
        )
        make_check("0812345678", None, by=user("yos"))
    [own] = rows_of(browser("lia"), "/check/history.csv")
    assert own == {
        "Nomor bukti": "CK-2026-000001",
        "Waktu": "2026-11-30 09:00",
        "Yang dicek": "9120 0012 3456 7",
        "Perusahaan": "PT Contoh Kopi",
        "Hasil": "HIJAU – TIDAK ADA CATATAN",
        "Petugas": "Lia Misal",
        "Kantor": "DPMPTSP Kota Kupang",
        "Nomor permohonan": "PMH-1",
        "Keputusan": "Diterbitkan",
        "Diputuskan": "2026-11-30 09:00",
    }
    everybody = rows_of(browser("tika"), "/check/history.csv")
    assert [row["Yang dicek"] for row in everybody] == ["0812 3456 78", "9120 0012 3456 7"]


@pytest.fixture
def crowd(app: Flask) -> None:
    """2,400 late cases."""
    ina = user("ina").id
    a_crowd(
        Row(late=1 + number % 200, inspector_id=ina, level="warning") for number in range(2_400)
    )


def streamed(reader: Browser, path: str) -> Iterator[bytes]:
    """The file as it comes, piece by piece."""
    response = as_a_request_of_its_own(reader.client.get, path, buffered=False)
    assert response.status_code == 200
    return iter(response.response)


@pytest.mark.usefixtures("crowd")
def test_a_long_file_takes_no_more_questions_and_no_more_memory_than_a_short_one(
    browser: OpenBrowser,
) -> None:
    tika = browser("tika")
    for path in ("/cases.csv", "/flags.csv", "/companies.csv", "/queue.csv"):
        with queries() as short:
            assert len(rows_of(tika, f"{path}?region=53.08")) == 0
        with queries() as long:
            assert len(rows_of(tika, path)) == 2_400, path
        assert len(long) == len(short) <= 6, long
    whole, most = 0, 0
    tracemalloc.start()
    try:
        for piece in streamed(tika, "/queue.csv"):
            whole += len(piece)
            most = max(most, len(piece))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert whole > 200_000
    assert most < whole / 4, "it comes in pieces"
    assert peak < 3_000_000, f"{peak:,} bytes at once"


@pytest.mark.usefixtures("crowd")
def test_a_file_tells_of_one_moment_and_nobody_waits_for_its_reader(browser: OpenBrowser) -> None:
    tika = browser("tika")
    pieces = streamed(tika, "/cases.csv?view=late&order=latest")
    begun = next(pieces) + next(pieces)
    with transaction():  # while somebody reads, another writes
        db.session.execute(sa.update(Company).values(name="PT Misal Berubah"))
        db.session.execute(sa.delete(Case).where(Case.id == -1))
    text = (begun + b"".join(pieces)).decode()
    assert text.count("PT Contoh Usaha") == 2_400
    assert "PT Misal Berubah" not in text
    assert rows_of(tika, "/cases.csv?view=late")[0]["Perusahaan"] == "PT Misal Berubah"


@pytest.mark.usefixtures("crowd")
def test_who_hangs_up_leaves_no_transaction_open(browser: OpenBrowser, app: Flask) -> None:
    tika = browser("tika")
    response = as_a_request_of_its_own(tika.client.get, "/cases.csv?view=late", buffered=False)
    next(iter(response.response))
    response.close()
    db.session.rollback()
    assert db.engine.pool.checkedout() == 0
