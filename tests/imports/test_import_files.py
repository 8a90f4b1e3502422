"""Files nobody vouches for, on the page: each is refused in one sentence beside the field, and
nothing is lost.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import Flask

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.imports.models import Import
from compliance.imports.reading.limits import LARGEST_FILE, LARGEST_UNZIPPED
from tests.browser import Browser
from tests.imports.importer import Desk

Fill = Callable[[xlsxwriter.worksheet.Worksheet, xlsxwriter.Workbook], None]


def workbook(fill: Fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book.add_worksheet(), book)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of some kilobytes that would unpack to more than a small server has."""
    source, out = (
        io.BytesIO(workbook(lambda sheet, _book: sheet.write_row(0, 0, ["Nama", "Kota"]))),
        io.BytesIO(),
    )
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in packed.namelist():
            kept.writestr(name, packed.read(name))
        kept.writestr("xl/media/x.xml", b" " * (LARGEST_UNZIPPED + 1))
    return out.getvalue()


def wide() -> bytes:
    return workbook(
        lambda sheet, _book: sheet.write_row(0, 0, [f"Kolom {at}" for at in range(201)])
    )


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "kosong.csv", "Berkas kosong.csv kosong"),
        (b" \r\n \r\n", "kosong.csv", "Berkas kosong.csv kosong"),
        (b"Nama;Kota\n", "judul.csv", "Berkas judul.csv hanya berisi nama kolom"),
        (b"%PDF-1.4 x", "surat.pdf", "Berkas surat.pdf bukan csv, xlsx, xls, atau ods. Buka di "
                                     "Excel, lalu simpan sebagai xlsx"),
        (b"<html><table>", "daftar.xls", "bukan csv, xlsx, xls, atau ods"),
        (b"PK\x03\x04 broken", "rusak.xlsx", "Berkas rusak.xlsx rusak"),
        (b"9120000000001;PT Contoh\n9120000000002;UD Misal\n", "a.csv", "harus berisi nama kolom"),
        (bomb, "bom.xlsx", "Isi berkas bom.xlsx lebih besar dari 300 MB"),
        (wide, "lebar.xlsx", "lebih dari 200 kolom"),
        (b"N" * (LARGEST_FILE + 1), "besar.csv", "Berkas besar.csv lebih besar dari 30 MB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_beside_its_field(
    desk: Desk, content: bytes | Callable[[], bytes], name: str, told: str
) -> None:
    page = desk.upload(content() if callable(content) else content, name, region_code="53.08")
    assert page.status == 422
    assert told in page.text
    assert page.soup.select_one(".wrong input[type=file]") is not None
    assert page.value("region_code") == "53.08"  # what else was chosen is kept
    assert list(db.session.scalars(sa.select(Import))) == []


def test_no_file_at_all_is_told(desk: Desk) -> None:
    page = desk.browser.post("/imports", region_code="53.08")
    assert (page.status, "Pilih berkas csv, xlsx, xls, atau ods" in page.text) == (422, True)


def test_only_this_page_may_be_sent_a_large_file(desk: Desk, app: Flask) -> None:
    five = b"x" * (5 * 1024 * 1024)
    assert desk.browser.post("/companies/new", file=(io.BytesIO(five), "a.csv")).status == 413
    assert desk.browser.post("/imports/1/mapping", file=(io.BytesIO(five), "a.csv")).status == 413
    page = desk.upload(b"x" * (LARGEST_FILE + 2 * 1024 * 1024))
    assert (page.status, "paling besar 30 MB" in page.text) == (413, True)
    assert app.config["MAX_CONTENT_LENGTH"] < len(five)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_usual_encodings_are_read(desk: Desk, encoding: str) -> None:
    desk.whole("Nama;Kota\nPT Café Misal – Ende;Ende\n".encode(encoding))
    assert list(db.session.scalars(sa.select(Company.name))) == ["PT Café Misal – Ende"]


def test_a_sheet_of_two_hundred_columns_is_mapped(desk: Desk) -> None:
    headers = [f"Kolom {at}" for at in range(198)]
    page = desk.rehearse(
        ";".join(["Nama", "Kota", *headers])
        + "\n"
        + ";".join(["PT Contoh", "Ende", *["x"] * 198])
        + "\n"
    )
    assert page.status == 200
    assert desk.outcomes == ["new"]


def test_merged_cells_lose_nothing(desk: Desk) -> None:
    """A merged title stands above; a name merged over two rows is that of both."""

    def fill(sheet: xlsxwriter.worksheet.Worksheet, book: xlsxwriter.Workbook) -> None:
        sheet.merge_range(0, 0, 0, 2, "DAFTAR PERUSAHAAN", book.add_format())
        sheet.write_row(1, 0, ["Nama Perusahaan", "Kabupaten", "Telepon"])
        sheet.merge_range(2, 0, 3, 0, "PT Contoh", book.add_format())
        sheet.write_row(2, 1, ["Ende", "0381-1"])
        sheet.write_row(3, 1, ["Ende", "0381-2"])
        sheet.write_row(4, 0, ["UD Misal", "Ende", "0381-3"])

    page = desk.rehearse(workbook(fill), "gabung.xlsx")
    assert [(each.number, each.name, each.outcome) for each in desk.rows] == [
        (3, "PT Contoh", "new"),
        (4, "PT Contoh", "same"),
        (5, "UD Misal", "new"),
    ]
    assert "Telepon: Tercatat lain dan tidak diubah" in page.text


def test_a_cell_that_is_a_formula_stays_text_on_its_way_out(desk: Desk, tmp_path: Path) -> None:
    desk.whole("Nama;Kota;Alamat\n=AB+5;Ende;@x\n")
    text = desk.browser.client.get(f"/imports/{desk.id}.csv").get_data(as_text=True)
    assert ";'=AB+5;" in text
    assert "'@x" in desk.browser.client.get("/companies.csv").get_data(as_text=True)


def test_a_file_whose_name_is_an_address_or_a_script_is_only_a_name(desk: Desk) -> None:
    desk.upload("Nama;Kota\nPT Contoh;Ende\n", "../../etc/<b>x</b>\u202e.csv")
    assert desk.batch.filename == "b>.csv"


def test_reading_a_file_keeps_nobody_waiting(
    desk: Desk, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is read, the request holds no transaction: somebody else saves meanwhile."""
    from compliance.imports import views

    read, seen = views.read_in_child, []

    def reading(*args: object, **kwargs: object) -> object:
        seen.append(db.session.registry().in_transaction())
        return read(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(views, "read_in_child", reading)
    desk.upload("Nama;Kota\nPT Contoh;Ende\n")
    assert seen == [False]


def test_a_nul_in_a_workbook_is_left_out_wherever_it_stands(desk: Desk) -> None:
    """Excel cannot write it, other programs can; PostgreSQL cannot keep it."""

    def fill(sheet: xlsxwriter.worksheet.Worksheet, _book: xlsxwriter.Workbook) -> None:
        sheet.write_row(0, 0, ["Nama", "Kota", "Cata\0tan"])
        sheet.write_row(1, 0, ["PT Con\0toh", "En\0de", "a\0b"])
        sheet.write_row(2, 0, ["UD Misal", "Entah\0lah", "c"])

    page = desk.rehearse(workbook(fill), "nol.xlsx")
    assert [(each.name, each.outcome) for each in desk.rows] == [
        ("PT Contoh", "new"),
        ("UD Misal", "refused"),
    ]
    assert "Kabupaten atau kota Entahlah tidak dikenal" in page.text


def test_a_remark_repeats_only_the_beginning_of_a_cell(desk: Desk) -> None:
    page = desk.rehearse(f"Nama;Kota\nPT Contoh;{'x' * 100_000}\n")
    assert f"Kabupaten atau kota {'x' * 60} tidak dikenal" in page.text
