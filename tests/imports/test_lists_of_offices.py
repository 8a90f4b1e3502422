"""Lists as offices make them, each through the command and through the page: what is a company, and what is
only paper around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from compliance.imports.exports import remarks_as_text
from tests.imports.books import Rows, ods, rewritten, xls, xlsx
from tests.imports.conftest import Run
from tests.imports.importer import Desk, tick

REGION = "53.08"
BOTH = ["Nama Perusahaan", "Kabupaten"]


@dataclass(frozen=True)
class OfficeList:
    """A list, what becomes of its rows, and which columns are guessed.

    `rows` are (number, name, outcome), where "asked" is refused by the command and decided on the page; a
    fourth part is what the remark says.
    """

    what: str
    content: bytes | str
    rows: Sequence[tuple[int | str, ...]]
    fields: dict[str, str] | None = None
    region: str | None = None
    name: str = "daftar.csv"


def csv(*rows: str) -> str:
    return "".join(f"{row}\r\n" for row in rows)


def signed(name: str) -> Rows:
    return [
        ["No", "Nama Perusahaan", "NIB", "Tenaga Kerja"],
        [1, "PT Contoh Timur", "9120000000101", 4],
        ["", "JUMLAH", "", 4],
        ["", "", "", "Larantuka,    Mei 2026"],
        ["Mengetahui,", "", "", "Kepala Dinas,"],
        [name, "", "", "Dra. CONTOH UMPAMA, M.Si."],
        ["NIP. 19700101 199503 1 001", "", "", "NIP. 19710101 199603 2 001"],
    ]


LISTS = [
    OfficeList(
        "furniture around rows of which the file names no regency",
        csv(
            "DAFTAR PERUSAHAAN;;", "No;Nama Perusahaan;Jumlah TK", "(1);(2);(3)", "1;PT Total Jaya;4",
            "2;UD Jumlah Rejeki;3", ";SUB TOTAL;7", "Kab. Ende;;", "3;Kepala Gading Motor;9",
            ";GRAND TOTAL;16",
            ";Larantuka, 2 Mei 2026;", ";Mengetahui;", ";Kepala Dinas Koperasi;", ";Contoh Umpama;",
            ";NIP 197001011995031001;",
        ),
        [
            (3, "(2)", "asked", "Nomor kolom"), (4, "PT Total Jaya", "new"), (5, "UD Jumlah Rejeki", "new"),
            (6, "SUB TOTAL", "asked", "Baris jumlah"), (7, "Kab. Ende", "refused", "Judul di antara baris"),
            (8, "Kepala Gading Motor", "new"), (9, "GRAND TOTAL", "asked", "Baris jumlah"),
            (10, "Larantuka, 2 Mei 2026", "asked", "Tempat dan tanggal"),
            (11, "Mengetahui", "asked", "tanda tangan"), (12, "Kepala Dinas Koperasi", "asked",
                "tanda tangan"),
            (13, "Contoh Umpama", "asked", "Di bawah tempat tanda tangan"),
            (14, "NIP 197001011995031001", "asked", "NIP seorang pegawai"),
        ],
        region=REGION,
    ),
    OfficeList(
        "names of which nothing but a list of names is given",
        csv("Nama", "Total Jaya", "Drs. Contoh, M.M.", "Toko Mei", "Misal Mandiri", "Jumlah Rejeki", "TOTAL"),
        [
            (2, "Total Jaya", "new"), (3, "Drs. Contoh, M.M.", "asked", "gelar"), (4, "Toko Mei", "new"),
            (5, "Misal Mandiri", "new"), (6, "Jumlah Rejeki", "new"), (7, "TOTAL", "asked", "Baris jumlah"),
        ],
        region=REGION,
    ),
    OfficeList(
        "signatures side by side, outside the column of names",
        xlsx(signed("CONTOH MISAL, S.H., M.Hum.")),
        [
            (2, "PT Contoh Timur", "new"), (3, "JUMLAH", "asked"),
            *((row, None, "refused", "bukan perusahaan") for row in (4, 5, 6, 7)),
        ],
        region=REGION,
        name="daftar.xlsx",
    ),
    OfficeList(
        "a header in two rows, with the numbers of the columns below",
        xlsx(
            [
                ["DAFTAR PERUSAHAAN WAJIB BELUM DAFTAR"],
                ["NO", "NAMA PERUSAHAAN", "ALAMAT", "", "JUMLAH TENAGA KERJA", "", "", "NIB"],
                ["", "", "JALAN", "KABUPATEN", "L", "P", "JUMLAH"],
                [1, 2, 3, 4, 5, 6, 7, 8],
                [1, "PT Contoh Barat", "Jl. Misal 1", "Kab. Sikka", 10, 5, 15, "9120000000102"],
                ["", "JUMLAH", "", "", 10, 5, 15],
            ],
            merged=("A2:A3", "B2:B3", "C2:D2", "E2:G2", "H2:H3"),
        ),
        [
            (4, "2", "refused", "Nomor kolom"), (5, "PT Contoh Barat", "new"),
            (6, "JUMLAH", "refused", "Baris jumlah"),
        ],
        {
            "NAMA PERUSAHAAN": "name", "ALAMAT JALAN": "address", "ALAMAT KABUPATEN": "region_code",
            "JUMLAH TENAGA KERJA JUMLAH": "workers_total", "NIB": "nib",
        },
        name="daftar.xlsx",
    ),
    OfficeList(
        "only men and women are counted: their sum is nobody's to guess",
        csv("Nama Perusahaan;Kabupaten;Jumlah Tenaga Kerja;", ";;L;P", "PT Contoh;Ende;3;4"),
        [(3, "PT Contoh", "new")],
        {"Nama Perusahaan": "name", "Kabupaten": "region_code"},
    ),
    OfficeList(
        "men and women in brackets",
        csv("Nama;Kota;Jumlah TK (L);Jumlah TK (P);Jumlah TK (L+P)", "PT Contoh;Ende;3;4;7"),
        [(2, "PT Contoh", "new")],
        {"Nama": "name", "Kota": "region_code", "Jumlah TK (L+P)": "workers_total"},
    ),
    OfficeList(
        "a group that stands above each of its parts, and numbers with their days",
        csv(
            "NO;NAMA BADAN USAHA;TENAGA KERJA;TENAGA KERJA;TENAGA KERJA;NIB;", ";;L;P;JML;NOMOR;TANGGAL",
            "1;PT Contoh;1;2;3;9120000000103;2-5-2024",
        ),
        [(3, "PT Contoh", "new")],
        {"NAMA BADAN USAHA": "name", "TENAGA KERJA JML": "workers_total", "NIB NOMOR": "nib"},
        region=REGION,
    ),
    OfficeList(
        "a header in three rows, and what belongs to the owner",
        csv(
            "No;PERUSAHAAN;;PEMILIK;;TENAGA KERJA;;;", ";;;;;TERDAFTAR;;BELUM;",
            ";NAMA;KABUPATEN;NAMA;ALAMAT;L;P;L;P", "1;PT Contoh;Ende;Budi Contoh;Jl. Rumah;1;2;3;4",
        ),
        [(4, "PT Contoh", "new")],
        {"PERUSAHAAN NAMA": "name", "PERUSAHAAN KABUPATEN": "region_code"},
    ),
    OfficeList(
        "the header again on every page, and titles between the rows",
        csv(
            "No;Nama Perusahaan;Alamat", "1;PT Contoh Satu;Jl. A", "No;Nama Perusahaan;Alamat",
            "2;PT Contoh Dua;Jl. B",
            ";A. SEKTOR PERIKANAN;", ";Kecamatan Contoh Timur;", "3;PT Contoh Tiga;Jl. C", "Sumber: Dinas;;",
        ),
        [
            (2, "PT Contoh Satu", "new"), (3, "Nama Perusahaan", "asked", "Nama kolom yang diulang"),
            (4, "PT Contoh Dua", "new"), (5, "A. SEKTOR PERIKANAN", "asked", "Judul"),
            (6, "Kecamatan Contoh Timur", "asked", "Judul"), (7, "PT Contoh Tiga", "new"),
            (8, "Sumber: Dinas", "refused", "Catatan"),
        ],
        region=REGION,
    ),
    OfficeList(
        "parts of a list under Roman numbers, and the signature below the regencies",
        csv(
            "No;Nama;Kabupaten;Upah", "I;KABUPATEN ENDE;;", "1;PT Contoh Satu;Ende;1.000.000",
            ";Total;Ende;Rp 1.000.000",
            "II.;Sektor Tambang;;", "1;PT Contoh Dua;Sikka;2.000.000", ";JUMLAH;;2 perusahaan",
            ";;Ende, 2 Mei 2026;",
            ";;Kepala Dinas;", ";;Contoh Umpama;", "Halaman 1 dari 3;;;",
        ),
        [
            (2, "KABUPATEN ENDE", "refused", "Judul"), (3, "PT Contoh Satu", "new"),
            (4, "Total", "asked", "Baris jumlah"), (5, "Sektor Tambang", "refused", "Judul"),
            (6, "PT Contoh Dua", "new"), (7, "JUMLAH", "refused", "Baris jumlah"),
            (8, "Ende, 2 Mei 2026", "refused", "Tempat dan tanggal"), (9, "Kepala Dinas", "refused",
                "tanda tangan"),
            (10, "Contoh Umpama", "refused", "Di bawah"), (11, "Halaman 1 dari 3", "refused", "Catatan"),
        ],
    ),
    OfficeList(
        "a regency that is merged over its rows and the empty ones below",
        xlsx(
            [
                ["No", *BOTH], [1, "PT Gabung Satu", "Kab. Ende"], [2, "PT Gabung Dua"], [], [3,
                    "PT Gabung Tiga"],
                [4, "PT Gabung Empat", "Kab. Sikka"],
            ],
            merged=("C2:C5",),
        ),
        [
            (2, "PT Gabung Satu", "new"), (3, "PT Gabung Dua", "new"), (5, "PT Gabung Tiga", "new"),
            (6, "PT Gabung Empat", "new"),
        ],
        name="daftar.xlsx",
    ),
    OfficeList(
        "the legal form in a column of its own, under a name that may be the company's",
        csv("Badan Usaha;Nama Perusahaan;Kabupaten", "PT;Contoh Sejahtera;Ende", "CV;Contoh Bersama;Ende"),
        [(2, "Contoh Sejahtera", "new"), (3, "Contoh Bersama", "new")],
        {"Nama Perusahaan": "name", "Kabupaten": "region_code"},
    ),
    OfficeList(
        "the director before the company",
        csv("Nama;Jabatan;Nama PT;Kabupaten", "Budi Contoh;Direktur;Contoh Abadi;Ende",
            "Ani Misal;Direktur;Misal;Ende"),
        [(2, "Contoh Abadi", "new"), (3, "Misal", "new")],
        {"Nama PT": "name", "Kabupaten": "region_code"},
    ),
    OfficeList(
        "a region that is none of ours beside the regency, and words beside the count",
        csv("Nama;Wilayah;Kabupaten;Pekerja;Jumlah TK;Alamat (Pemilik);Alamat",
            "PT Contoh;Bali Nusra;Ende;L;12;Jl. A;Jl. B"),
        [(2, "PT Contoh", "new")],
        {"Nama": "name", "Kabupaten": "region_code", "Jumlah TK": "workers_total", "Alamat": "address"},
    ),
    OfficeList(
        "an instruction on the first sheet, and a hidden list",
        xlsx([["Nama", "Kota"], ["PT Lama", "Ende"]], [["Petunjuk"], ["Isi lembar Data"]], [BOTH,
            ["PT Contoh", "Ende"]], hidden=0),
        [(2, "PT Contoh", "new")],
        name="daftar.xlsx",
    ),
    OfficeList(
        "UTF-8 in one line and Windows-1252 in the other",
        b"Nama;Kota\r\n" + "PT Café;Ende\r\n".encode() + "PT Misál;Ende\r\n".encode("cp1252"),
        [(2, "PT Café", "new"), (3, "PT Misál", "new")],
    ),
    OfficeList(
        "what Excel calls Unicode text",
        "Nama\tKota\r\nPT Café\tEnde\r\n".encode("utf-16"),
        [(2, "PT Café", "new")],
        name="daftar.txt",
    ),
    OfficeList(
        "a quote that is closed too early",
        csv("Nama;Kota;NIB", "PT Contoh;Ende;", '"SINAR" TOKO;Ende;', "PT Misal;Ende;"),
        [(2, "PT Contoh", "new"), (3, '"SINAR" TOKO', "refused", "Tanda kutip di baris 3"), (4, "PT Misal",
            "new")],
    ),
    OfficeList(
        "a quote that is never closed, after a cell of two lines",
        csv("Nama;Kota;Alamat", '"PT Contoh\r\nJaya";Ende;Jl. A', '"PT Misal;Ende;', "PT Umpama;Ende;",
            "PT Andai;Ende;"),
        [
            (2, "PT Contoh Jaya", "new"), (3, '"PT Misal', "refused", "Tanda kutip di baris 4"),
            (4, "PT Umpama", "new"), (5, "PT Andai", "new"),
        ],
    ),
    OfficeList(
        "a quote that another row closes",
        csv("Nama;Kota;Alamat", '"PT Contoh;Ende;Jl. A', "PT Misal;Ende;Jl. B", 'PT Umpama;Ende";Jl. C',
            "PT Andai;Ende;"),
        [
            (2, '"PT Contoh', "refused", "Tanda kutip di baris 2"), (3, "PT Misal", "new"),
            (4, "PT Umpama", "new"), (5, "PT Andai", "new"),
        ],
    ),
    OfficeList(
        "thousands of rows of nothing but separators",
        csv("Nama;Kota;;;", "PT Contoh;Ende;;;", *[";;;;"] * 5000),
        [(2, "PT Contoh", "new")],
    ),
    OfficeList(
        "parts named with backslashes",
        rewritten(xlsx([BOTH, ["PT Contoh", "Ende"]]), name=lambda part: part.replace("/", "\\")),
        [(2, "PT Contoh", "new")],
        name="daftar.xlsx",
    ),
    OfficeList(
        "a workbook at the root of its package",
        rewritten(
            xlsx([BOTH, ["PT Contoh", "Ende"]]),
            change={
                "[Content_Types].xml": lambda xml: xml.replace(b"/xl/", b"/"),
                "_rels/.rels": lambda xml: xml.replace(b'"xl/', b'"'),
            },
            name=lambda part: part.removeprefix("xl/"),
        ),
        [(2, "PT Contoh", "new")],
        name="daftar.xlsx",
    ),
    OfficeList(
        "a blank in the last row that a sheet has",
        xlsx([BOTH, ["PT Contoh", "Ende"], *[[]] * 1_048_573, [" "]]),
        [(2, "PT Contoh", "new")],
        name="daftar.xlsx",
    ),
    OfficeList(
        "a text that looks like markup and like a count",
        xlsx([BOTH, ["Toko \"Count='12345678'\" <b>Jaya</b>", "Ende"]]),
        [(2, "Toko \"Count='12345678'\" <b>Jaya</b>", "new")],
        name="daftar.xlsx",
    ),
    OfficeList(
        "counts that no sheet holds",
        rewritten(
            xlsx([BOTH, ["PT Contoh", "Ende"]]),
            change={"xl/sharedStrings.xml": lambda xml: xml.replace(b'ount="4"', b'ount="4294967295"')},
        ),
        [(2, "PT Contoh", "new")],
        name="daftar.xlsx",
    ),
    OfficeList("ods", ods([BOTH, ["PT Contoh", "Ende"]]), [(2, "PT Contoh", "new")], name="daftar.ods"),
    OfficeList("xls", xls([BOTH, ["PT Contoh", "Ende"]]), [(2, "PT Contoh", "new")], name="daftar.xls"),
]  # fmt: skip


@pytest.mark.parametrize("of_office", LISTS, ids=lambda of_office: of_office.what)
def test_a_list_of_an_office_is_read_alike_by_command_and_page(
    run: Run, desk: Desk, tmp_path: Path, of_office: OfficeList
) -> None:
    content = of_office.content
    file = tmp_path / of_office.name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    options = ("--region", of_office.region) if of_office.region else ()
    ran = run(file, "--dry-run", *options)
    assert ran.exit_code == 0, ran.output
    by_command = [
        (int(line["row"]), line["name"], line["outcome"], line["remarks"]) for line in ran.lines
    ]
    assert_rows(by_command, of_office, asked="refused")

    page = desk.upload(file.read_bytes(), of_office.name, region_code=of_office.region or "")
    assert page.status == 200, page.text
    if of_office.fields is not None:
        assert desk.batch.mapping == of_office.fields
    page = desk.browser.submit(f"/imports/{desk.id}", form_to="/mapping")
    assert page.status == 200, page.text
    tick()
    by_page = [
        (row.number, row.name, row.outcome, remarks_as_text(row.remarks)) for row in desk.rows
    ]
    assert_rows(by_page, of_office, asked="to_decide")


def assert_rows(
    found: list[tuple[int, str, str, str]], of_office: OfficeList, *, asked: str
) -> None:
    """That the rows are those expected. What is asked about may be refused: a number is nobody's name."""
    assert [row[0] for row in found] == [row[0] for row in of_office.rows]
    for (number, name, outcome, remarks), expected in zip(found, of_office.rows, strict=True):
        _number, wanted_name, wanted, *reason = expected
        assert wanted_name in (None, name), number
        allowed = (asked, "refused") if wanted == "asked" else (wanted,)
        assert outcome in allowed, (number, name, remarks)
        assert all(str(part) in remarks for part in reason), (number, remarks)


def test_a_row_that_is_a_company_after_all_is_decided_to_be_one(desk: Desk) -> None:
    desk.rehearse(csv("Nama;Jumlah TK", "Drs. Contoh, M.M.;", "Mengetahui,;"), region_code=REGION)
    assert desk.outcomes == ["to_decide", "to_decide"]
    desk.act("decide", **{"row-2": "new", "row-3": "out"})
    desk.act("start")
    tick()
    assert desk.outcomes == ["new", "left_out"]


def test_nobody_is_asked_twice_whether_a_row_of_the_same_list_is_a_company(desk: Desk) -> None:
    content = csv("Nama;Jumlah TK", "Drs. Contoh, M.M.;", "Mengetahui,;")
    desk.rehearse(content, region_code=REGION)
    desk.act("decide", **{"row-2": "new", "row-3": "out"})
    desk.act("start")
    tick()
    desk.rehearse(content + "Hormat kami,;\n", region_code=REGION)
    assert desk.outcomes == ["same", "left_out", "to_decide"]
    before = "Seperti diputuskan pada impor sebelumnya"
    assert f"{before}: Drs. Contoh, M.M." in desk.look("?outcome=same").text
    assert before in desk.look("?outcome=left_out").text


def test_what_is_not_decided_is_not_written(desk: Desk) -> None:
    desk.whole(csv("Nama;Kota", "PT Contoh;Ende", "JUMLAH TENAGA KERJA;Ende"))
    assert desk.outcomes == ["new", "to_decide"]
