"""Lists of companies as offices send them, and files that only look like one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from compliance.imports.reading.headers import LONGEST_HEADER, guess_columns
from compliance.imports.reading.limits import LARGEST_UNZIPPED, BadSheet
from compliance.imports.reading.spreadsheet import Sheet, read
from tests.imports.books import compound, ods, xls

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: Sequence[Any], hidden_first: bool = False) -> bytes:
    """A workbook as Excel would save it; with `hidden_first` behind a sheet that nobody sees."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        if hidden_first:
            hidden = book.add_worksheet("Rumus")
            hidden.write(0, 0, "jangan dibaca")
            hidden.hide()
        sheet = book.add_worksheet("Daftar")
        if hidden_first:
            sheet.activate()
            sheet.set_first_sheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell, *([day] if isinstance(cell, date) else []))
    return file.getvalue()


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed behind Excel's back."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def names(sheet: Sheet) -> list[str]:
    return [row["nama"] for _, row in sheet.rows]


def refusal(data: bytes) -> str:
    with pytest.raises(BadSheet) as refused:
        read(data, filename="daftar.xlsx")
    return str(refused.value.reason)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_is_read_whatever_its_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    text = 'nama,nib,alamat\r\nUD Misál,9120001234567,"Jl. Contoh 1, RT 2; RW 3\nKupang"\r\n'
    if delimiter != ",":
        text = text.replace("nama,nib,", f"nama{delimiter}nib{delimiter}").replace(
            "l,9120001234567,", f"l{delimiter}9120001234567{delimiter}"
        )
    sheet = read(text.encode(encoding), filename="daftar.csv")
    assert sheet.headers == ("nama", "nib", "alamat")
    assert list(sheet.rows) == [
        (
            2,
            {
                "nama": "UD Misál",
                "nib": "9120001234567",
                "alamat": "Jl. Contoh 1, RT 2; RW 3\nKupang",
            },
        )
    ]


def test_rows_can_be_walked_again_and_carry_the_number_excel_shows() -> None:
    sheet = read(b"nama,nib\n\nUD Misal,\n,\nCV Contoh,1\n", filename="daftar.csv")
    assert sheet.count == 2
    assert [number for number, _ in sheet.rows] == [3, 5]
    assert names(sheet) == names(sheet) == ["UD Misal", "CV Contoh"]


def test_a_file_on_disk_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("nama\nUD Misal\n")
    assert (
        names(read(path, filename=path.name))
        == names(read(str(path), filename=path.name))
        == ["UD Misal"]
    )


def test_numbers_in_an_xlsx_are_read_as_people_see_them() -> None:
    rows: list[list[Any]] = [
        ["nama", "nib", "pekerja", "upah", "sejak"],
        ["UD Misal", 9120001234567.0, 25, 1.5, date(2024, 2, 29)],
    ]
    ((number, row),) = read(xlsx(*rows), filename="daftar.xlsx").rows
    assert number == 2
    assert row == {
        "nama": "UD Misal",
        "nib": "9120001234567",
        "pekerja": "25",
        "upah": "1.5",
        "sejak": "2024-02-29",
    }


def test_titles_above_the_table_are_passed_over() -> None:
    rows: list[list[Any]] = [
        ["DAFTAR PERUSAHAAN"],
        ["Kab. Misal", "", "2024"],
        [],
        ["No", "Nama Perusahaan", "NIB"],
        [1, "UD Misal", 9],
    ]
    for data in (xlsx(*rows), "\n".join(";".join(map(str, row)) for row in rows).encode()):
        sheet = read(data, filename="daftar")
        assert sheet.headers == ("No", "Nama Perusahaan", "NIB")
        assert list(sheet.rows) == [(5, {"No": "1", "Nama Perusahaan": "UD Misal", "NIB": "9"})]


def test_a_hidden_sheet_is_not_taken_for_the_list() -> None:
    assert names(read(xlsx(["nama"], ["UD Misal"], hidden_first=True), filename="daftar.xlsx")) == [
        "UD Misal"
    ]


def test_columns_with_one_name_stay_apart_and_columns_without_are_called_by_their_letter() -> None:
    sheet = read(b"nama,alamat,,,alamat\nUD Misal,Kupang,x,,Ende,y\n", filename="daftar.csv")
    [(_number, row)] = sheet.rows
    assert row == {
        "nama": "UD Misal",
        "alamat": "Kupang",
        "kolom C": "x",
        "alamat (2)": "Ende",
        "kolom F": "y",
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf", "kosong"),
        (b" \r\n;;\r\n", "kosong"),
        (b"UD Misal,9120001234567\n", "harus berisi nama kolom"),
        (b"%PDF-1.7\n", "bukan csv, xlsx, xls, atau ods"),
        (b"<html><table></table></html>", "bukan csv, xlsx, xls, atau ods"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "rusak"),
        ("nama\nUD Misal".encode("utf-16-le"), "bukan csv, xlsx, xls, atau ods"),
        ("nama\nUD Misal".encode("utf-16")[:-1], "bukan csv, xlsx, xls, atau ods"),
        (b"nama\n\x81\x8d\n", "bukan csv, xlsx, xls, atau ods"),
        (b"nama" + b",x" * 200 + b"\n", "lebih dari 200 kolom"),
        (b"nama\n" + b"x\n" * 200_001, "lebih dari 200000 baris"),
        (b"nama\nx\n" + b"\n" * 1_100_000 + b"x\n", "lebih dari 200000 baris"),
        (b"x" * (30 * 1024 * 1024 + 1), "lebih besar dari 30 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(data: bytes, reason: str) -> None:
    assert reason in refusal(data)


def test_as_many_rows_and_columns_as_promised_are_read() -> None:
    assert read(b"nama\n" + b"x\n" * 200_000, filename="daftar.csv").count == 200_000
    assert len(read(b"nama" + b",x" * 199, filename="daftar.csv").headers) == 200
    far = rewritten(xlsx(["nama"], ["UD Misal"]), SHEET, lambda xml: xml.replace(b"A2", b"A200001"))
    assert list(read(far, filename="daftar.xlsx").rows) == [(200_001, {"nama": "UD Misal"})]


def test_a_cell_that_is_too_long_costs_its_row_only() -> None:
    sheet = read(b"nama\nUD " + b"x" * 200_000 + b"\nUD Misal\n", filename="daftar.csv")
    assert [number for number, _cells in sheet.rows] == [2, 3]
    assert "Satu sel di baris 2" in str(sheet.problems[2])


def test_a_column_name_longer_than_any_is_cut_and_stays_apart_from_its_like() -> None:
    long = b"k" * 100_000
    sheet = read(b"nama," + long + b"," + long + b"\nUD Misal,a,b\n", filename="daftar.csv")
    cut = "k" * LONGEST_HEADER
    assert list(sheet.rows) == [(2, {"nama": "UD Misal", cut: "a", f"{cut} (2)": "b"})]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert "bukan csv, xlsx, xls, atau ods" in refusal(file.getvalue())


def test_a_workbook_that_unpacks_beyond_measure_is_refused_unread() -> None:
    grown = rewritten(xlsx(["nama"]), "docProps/app.xml", lambda xml: xml + b" " * LARGEST_UNZIPPED)
    assert len(grown) < 1024 * 1024
    assert "lebih besar dari 300 MB" in refusal(grown)


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(rewritten(xlsx(["nama"]), SHEET, lambda xml: xml + b" " * 100_000))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert "rusak" in refusal(bytes(data))


@pytest.mark.parametrize(
    "address",
    [b'r="XFD1048576"', b'r="A1048576"', b'r="GS2"', b'r="ZZZZ2"', b'r="A99999999999"', b'r="2A"'],
)
def test_a_cell_at_the_end_of_the_world_is_refused_before_room_is_made_for_it(
    address: bytes,
) -> None:
    far = rewritten(
        xlsx(["nama"], ["UD Misal"]), SHEET, lambda xml: xml.replace(b'r="A2"', address)
    )
    assert refusal(far)


def test_cells_without_an_address_are_counted_from_their_row() -> None:
    def move(xml: bytes) -> bytes:
        return xml.replace(b'<row r="2"', b'<row r="1048576"').replace(b' r="A2"', b"")

    assert "berisi sel A1048576 jauh di bawah tabelnya" in refusal(
        rewritten(xlsx(["nama"], ["UD Misal"]), SHEET, move)
    )


def test_text_written_in_its_cell_counts_as_a_value() -> None:
    def add(xml: bytes) -> bytes:
        cell = b'<c r="A1048576" t="inlineStr"><is><t>UD Misal</t></is></c>'
        return xml.replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>")

    told = refusal(rewritten(xlsx(["nama"]), SHEET, add))
    assert "berisi sel A1048576 jauh di bawah tabelnya. Kosongkan sel itu" in told


@pytest.mark.parametrize("cell", [b"<c><v>1</v></c>", b'<c t="inlineStr"><is><t>x</t></is></c>'])
def test_cells_without_an_address_are_counted_along_their_row(cell: bytes) -> None:
    wide = rewritten(
        xlsx(["nama"]), SHEET, lambda xml: xml.replace(b"</row>", b"<c/>" * 199 + cell + b"</row>")
    )
    assert "lebih dari 200 kolom" in refusal(wide)


def test_an_empty_last_row_as_some_programs_write_it_does_no_harm() -> None:
    def add(xml: bytes) -> bytes:
        return xml.replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
        )

    assert names(read(rewritten(xlsx(["nama"], ["UD Misal"]), SHEET, add), filename="d.xlsx")) == [
        "UD Misal"
    ]


def test_no_room_is_made_for_a_declared_count_beyond_reason() -> None:
    """Such a file could ask for all memory; the count says nothing that the cells do not."""

    def boast(xml: bytes) -> bytes:
        return xml.replace(b'uniqueCount="2"', b'a="&gt;>" uniqueCount="99999999999"')

    book = rewritten(xlsx(["nama"], ["UD Misal"]), "xl/sharedStrings.xml", boast)
    assert names(read(book, filename="daftar.xlsx")) == ["UD Misal"]


PARTS = {xlsx: SHEET, ods: "content.xml", xls: None}


@pytest.mark.parametrize("make", PARTS)
@given(noise=st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_sheet_is_read_or_refused_never_worse(
    make: Callable[..., bytes], noise: list[tuple[int, int]]
) -> None:
    def damage(content: bytes) -> bytes:
        damaged = bytearray(content)
        for at, byte in noise:
            damaged[at % len(damaged)] = byte
        return bytes(damaged)

    rows: list[list[Any]] = [["nama", "nib"], ["UD Misal", 9120001234567]]
    data, part = make(*rows) if make is xlsx else make(rows), PARTS[make]
    data = damage(data) if part is None else rewritten(data, part, damage)
    try:
        list(read(data, filename="daftar").rows)
    except BadSheet:
        return


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: xls([["nama"]], far=(65_535, 199)), "lebih dari 200000 baris atau 10000000 sel"),
        (lambda: xls([["nama"]], far=(9, 255)), "lebih dari 200 kolom"),
        (lambda: ods([["nama"]], more=repeated("rows", 300_000)), "lebih dari 200000 baris"),
        (lambda: ods([["nama"]], more=repeated("columns", 300)), "lebih dari 200 kolom"),
        (lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "kata sandi"),
        (lambda: compound({"WordDocument": b"x"}), "bukan csv, xlsx, xls, atau ods"),
    ],
)
def test_an_old_or_open_workbook_is_measured_before_room_is_made_for_it(
    data: Callable[[], bytes], reason: str
) -> None:
    assert reason in refusal(data())


def repeated(what: str, count: int) -> str:
    """A row of one cell that LibreOffice would show `count` times, down or along."""
    row, cell = (
        f' table:number-{what}-repeated="{count}"' if what == of else ""
        for of in ("rows", "columns")
    )
    text = "<text:p>x</text:p>"
    return (
        f'<table:table-row{row}><table:table-cell{cell} office:value-type="string">{text}'
        "</table:table-cell></table:table-row>"
    )


@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(alphabet="na;,\t\"\r\n'=é", max_size=80).map(str.encode)
    )
)
def test_any_bytes_are_read_or_refused_never_worse(data: bytes) -> None:
    try:
        sheet = read(data, filename="daftar.csv")
    except BadSheet:
        return
    assert len(list(sheet.rows)) == sheet.count


def test_columns_are_recognised_in_indonesian_and_english() -> None:
    headers = [
        "No",
        "Nama Perusahaan",
        "No. NIB",
        "NPWP (15/16 digit)",
        "Nomor NPP*",
        "Kab/Kota",
        "KODE_KBLI",
    ]
    headers += [
        "Skala Usaha",
        "Alamat",
        "No. Telp",
        "E-mail",
        "Jumlah\nTenaga Kerja",
        "Nama Dahulu",
        "Catatan",
    ]
    assert list(guess_columns(headers).values()) == [
        *("name", "nib", "npwp", "npp", "region_code", "kbli"),
        *("scale", "address", "phone", "email", "workers_total", "aliases"),
    ]
    fields = [
        "name",
        "nib",
        "npwp",
        "npp",
        "region_code",
        "kbli",
        "scale",
        "address",
        "phone",
        "email",
    ]
    fields += ["workers_total", "aliases"]
    assert guess_columns(fields) == {field: field for field in fields}


def test_a_field_is_taken_from_the_first_column_that_names_it() -> None:
    assert guess_columns(["NPWP", "NPWP16", "Nama pemilik"]) == {"NPWP": "npwp"}
