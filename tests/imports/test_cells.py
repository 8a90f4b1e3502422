"""Numbers as Excel shows them, cells that are neither text nor number, and our own files read again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.imports.reading.cells import carries_noughts, shown
from compliance.imports.reading.spreadsheet import read
from tests.browser import Browser
from tests.factories import a_case, a_company
from tests.imports.conftest import Run
from tests.imports.importer import Desk, names, tick
from tests.imports.test_spreadsheet import SHEET, rewritten

HEADER = ("Nama", "Kabupaten", "NIB", "NPWP", "NPP", "KBLI", "Jumlah TK", "Telepon")


def a_book(*rows: Sequence[Any], from_column: int = 0) -> bytes:
    """A workbook under the usual header. A cell may be (number, format) or ("=…", result)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Daftar & lain")
        for at, row in enumerate((HEADER, *rows)):
            for column, cell in enumerate(row, from_column):
                match cell:
                    case (str() as formula, result):
                        sheet.write_formula(at, column, formula, None, result)
                    case (number, code):
                        sheet.write_number(
                            at, column, number, book.add_format({"num_format": code})
                        )
                    case date():
                        day = book.add_format({"num_format": "yyyy-mm-dd"})
                        sheet.write_datetime(at, column, cell, day)
                    case _:
                        sheet.write(at, column, cell)
    return file.getvalue()


def imported(
    run: Run, tmp_path: Path, book: bytes, *options: str
) -> tuple[list[Company], list[str]]:
    """The companies that the command makes of a workbook, and the remarks on each row."""
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(book)
    ran = run(file, *options)
    companies = list(db.session.scalars(sa.select(Company).order_by(Company.id)))
    return companies, [line["remarks"] for line in ran.lines]


def test_the_noughts_that_a_number_format_shows_are_read(run: Run, tmp_path: Path) -> None:
    row = (
        "PT Contoh",
        "Ende",
        (220001234567, "0000000000000"),
        (12345674911000, r"00\.000\.000\.0\-000\.000"),
        (5070955, "00000000"),
        (3111, "00000"),
        (7, "000"),
        (81234567890, "0000-0000-0000"),
    )
    [company], remarks = imported(run, tmp_path, a_book(row))
    assert (company.nib, company.npwp, company.npp, company.kbli) == (
        "0220001234567",
        "0012345674911000",
        "05070955",
        "03111",
    )
    assert (company.workers_total, company.phone, remarks) == (7, "0812-3456-7890", [""])


def test_a_table_that_does_not_begin_in_the_first_column_keeps_its_noughts() -> None:
    book = a_book(("PT Contoh", "Ende", (220001234567, "0000000000000")), from_column=2)
    [(_, row)] = read(book, filename="x.xlsx").rows
    assert row["NIB"] == "0220001234567"


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("00000", 3111, "03111"),
        ("[$-421]00000;-00000", 3111, "03111"),
        ('"0"#', 81234567890, "081234567890"),
        (r"\0#", 81234567890, "081234567890"),
        ('"+62 "000-0000-0000', 81234567890, "+62 812-3456-7890"),
        ('00 "orang"', 5, "05"),
        ("000 000", 12345678, "12345 678"),
        ("00000", 0, "00000"),
        ("00000", 3111.5, "3111.5"),
        ("00000", -3111, "-3111"),
        ("0", 5, "5"),
        ("#,##0", 1250, "1250"),
        ("0.00", 5, "5"),
        ("General", 5, "5"),
        ("# ?/?", 5, "5"),
        ("0.00E+00", 5, "5"),
        ("[h]:mm", 5, "5"),
        ("00000", 5371011203850007, "5.37101E+15"),
    ],
)
def test_a_number_is_written_in_the_places_of_its_format(
    code: str, number: float, seen: str
) -> None:
    assert shown(number, carries_noughts(code)) == seen


def test_a_number_that_excel_has_rounded_is_left_out(desk: Desk) -> None:
    book = a_book(("PT Contoh", "Ende", "", 5371011203850007, "", "", 7, ""))
    page = desk.rehearse(book, "daftar.xlsx")
    assert desk.outcomes == ["new"]
    assert "NPWP: NPWP ini sudah dibulatkan oleh Excel" in page.text
    desk.act("start")
    tick()
    assert db.session.scalars(sa.select(Company.npwp)).all() == [None]


def test_a_nik_that_ends_in_noughts_is_doubted(run: Run) -> None:
    ran = run(
        "Nama;Kabupaten;NPWP\nPT Contoh;Ende;5371011203850000\nPT Misal;Ende;5371011203850007\n"
    )
    assert ran.outcomes == ["new", "new"]
    assert "NPWP: NIK ini berakhiran 0000" in ran.lines[0]["remarks"]
    assert ran.lines[1]["remarks"] == ""


@pytest.mark.parametrize(
    ("typed", "kbli", "remark"),
    [
        (3111, "03111", ""),
        ("3111", "03111", ""),
        ("0311 1", "03111", ""),
        ("3111 Penangkapan ikan", "03111", ""),
        ("5610", None, "KBLI: KBLI terdiri dari 5 angka"),
        (3211, None, "KBLI: KBLI 3211 dapat berarti 03211 (03 Perikanan) atau kelompok 3211"),
    ],
)
def test_a_kbli_gets_its_lost_nought_only_where_nothing_else_is_meant(
    run: Run, tmp_path: Path, typed: Any, kbli: str | None, remark: str
) -> None:
    row = ("PT Contoh", "Ende", "", "", "", typed, 7, "")
    [company], remarks = imported(run, tmp_path, a_book(row))
    assert company.kbli == kbli
    assert remarks[0].startswith(remark) and bool(remarks[0]) == bool(remark)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        (81234567890, "081234567890"),
        (380822222, "0380822222"),
        (6281234567890, "6281234567890"),
        (822222, "822222"),
        ("81234567890 / 0380-822222", "081234567890 / 0380-822222"),
        ("+62 81234567890", "+62 81234567890"),
    ],
)
def test_a_telephone_gets_the_nought_that_it_lost(
    run: Run, tmp_path: Path, typed: Any, phone: str
) -> None:
    row = ("PT Contoh", "Ende", "", "", "", "", 7, typed)
    [company], remarks = imported(run, tmp_path, a_book(row))
    assert (company.phone, remarks) == (phone, [""])


def test_what_is_neither_text_nor_number_is_left_out_with_its_reason(
    run: Run, tmp_path: Path
) -> None:
    rows = [
        ("PT Tanggal", "Ende", "", "", date(2026, 5, 17), "", date(2026, 12, 10), ""),
        ("PT Benar", "Ende", "", "", "", "", True, ""),
        ("PT Galat", "Ende", ("=NA()", "#N/A"), "", "", "", ("=1/0", "#DIV/0!"), "#REF!"),
        ("PT Hasil", "Ende", ('="0220001234567"', "0220001234567"), "", "", "", 7, ""),
    ]
    companies, remarks = imported(run, tmp_path, a_book(*rows))
    assert [each.workers_total for each in companies] == [None, None, None, 7]
    assert [each.npp or each.phone for each in companies] == [None] * 4
    assert companies[3].nib == "0220001234567"
    assert remarks[0].count("Sel ini berisi tanggal atau jam") == 2
    assert "Jumlah TK: Sel ini berisi TRUE atau FALSE" in remarks[1]
    assert "NIB: Sel ini berisi kesalahan rumus (#N/A)" in remarks[2]
    assert "Jumlah TK: Sel ini berisi kesalahan rumus (#DIV/0!)" in remarks[2]
    assert "Telepon: Sel ini berisi kesalahan rumus (#REF!)" in remarks[2]
    assert remarks[3] == ""


def test_a_row_without_a_readable_name_or_regency_is_refused_with_the_reason(desk: Desk) -> None:
    rows = [
        (date(2026, 5, 17), "Ende"),
        ("PT Contoh", ("=NA()", "#N/A")),
        ("PT Misal", "Ende"),
    ]
    page = desk.rehearse(a_book(*rows), "daftar.xlsx", region_code="53.08")
    assert desk.outcomes == ["refused", "refused", "new"]
    assert "Nama: Sel ini berisi tanggal" in page.text
    assert "Kabupaten: Sel ini berisi kesalahan rumus (#N/A)" in page.text


def test_a_formula_without_a_result_is_told_from_an_empty_cell(desk: Desk) -> None:
    rows = [(('="PT "&"Contoh"', 987654), "Ende"), ("PT Misal", "Ende", ("=A1", 987654))]
    book = rewritten(a_book(*rows), SHEET, lambda part: part.replace(b"<v>987654</v>", b"<v />"))
    page = desk.rehearse(book, "daftar.xlsx")
    assert desk.outcomes == ["refused", "new"]
    assert "Nama: Sel ini berisi rumus tanpa hasil" in page.text
    assert "NIB: Sel ini berisi rumus tanpa hasil" in page.text


@pytest.mark.parametrize("value", ["NaN", "inf", "-inf", "1e999"])
def test_what_no_spreadsheet_program_writes_for_a_number_is_left_out(
    desk: Desk, value: str
) -> None:
    book = a_book(("PT Contoh", "Ende", 987654))
    odd = rewritten(
        book, SHEET, lambda part: part.replace(b"<v>987654</v>", b"<v>%b</v>" % value.encode())
    )
    page = desk.rehearse(odd, "daftar.xlsx")
    assert desk.outcomes == ["new"]
    assert "jadi tidak dipakai" in page.text


def test_a_count_may_name_the_people_and_a_dash_is_none(run: Run) -> None:
    rows = [
        "PT Contoh;Ende;25 orang",
        "PT Misal;Ende;1.250 Pekerja",
        "PT Umpama;Ende;-",
        "PT Andai;Ende;5-10",
    ]
    ran = run("\n".join(["Nama;Kabupaten;Jumlah TK", *rows]))
    query = sa.select(Company.workers_total).order_by(Company.id)
    assert list(db.session.scalars(query)) == [25, 1250, None, None]
    assert [bool(line["remarks"]) for line in ran.lines] == [False, False, False, True]


def test_errors_are_known_in_a_csv_too(run: Run) -> None:
    ran = run("Nama;Kabupaten;NIB\nPT Contoh;Ende;#N/A\n#REF!;Ende;\n")
    assert ran.outcomes == ["new", "refused"]
    assert "kesalahan rumus (#N/A)" in ran.lines[0]["remarks"]
    assert names() == ["PT Contoh"]


def _rows(answer: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.decode("utf-8-sig")), delimiter=";"))


def _opened_in_excel(answer: bytes) -> bytes:
    """The csv file as Excel keeps it once somebody has opened and saved it: short digits are numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(_rows(answer)):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell) if "'" in cell else sheet.write(
                    at, column, cell
                )
    return file.getvalue()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kept", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["/companies.csv", "/cases.csv"])
def test_our_own_lists_can_be_imported_again_and_change_nothing(
    browser: Callable[..., Browser], path: str, kept: str, language: str
) -> None:
    desk = Desk(browser("tika", language))
    one = a_company(
        "=PT Contoh",
        nib="0220001234567",
        npwp="01.234.567.4-911.000",
        npp="05070955",
        kbli="03111",
        scale="micro",
        address="-",
        phone="081234567890",
        email="a@contoh.example",
        workers_total=1250,
    )
    a_case(company=one, workers=(1250, 28))
    a_case(company=a_company("UD Misal", nib="new", phone="0380-822222", workers_total=40))
    answer = desk.browser.get(path).response.get_data()
    assert ("Perusahaan" if language == "id" else "Company") in _rows(answer)[0]
    desk.rehearse(answer if kept == "csv" else _opened_in_excel(answer), f"daftar.{kept}")
    assert [(row.outcome, row.differs, row.remarks) for row in desk.rows] == [
        ("same", None, None)
    ] * 2


@pytest.mark.parametrize("kept", ["csv", "xlsx"])
def test_the_report_of_an_import_can_be_imported_again(desk: Desk, kept: str) -> None:
    desk.whole("Nama;Kabupaten;NIB\nPT Contoh;Ende;0220001234567\nUD Misal;Ende;\n")
    answer = desk.browser.client.get(f"/imports/{desk.id}.csv").get_data()
    content = answer if kept == "csv" else _opened_in_excel(answer)
    desk.rehearse(content, f"laporan.{kept}", region_code="53.08")
    assert desk.outcomes == ["same", "same"]
