"""`flask companies import`: what becomes of each row, that nothing known is overwritten, and that
again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import render_template

from compliance.companies.models import Company
from compliance.companies.queries import find_companies
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.walk import verify
from compliance.imports.commands.job import CHUNK
from tests.factories import a_company
from tests.imports.conftest import HEADER, Run, a_list
from tests.queries import queries

LIST = f"""{HEADER}
PT Contoh Bahari;9120000000001;01.234.567.4-901.000;;Kota Kupang;"Jl. Misal 1
Kel. Contoh";0380-1;1.250;Warung Contoh
UD Misal;;;15070955;Kab. Ende;;;;
"""


def companies() -> list[Company]:
    return list(db.session.scalars(sa.select(Company).order_by(Company.id)))


def imported() -> list[Event]:
    return list(
        db.session.scalars(
            sa.select(Event).where(Event.kind == "companies.imported").order_by(Event.id)
        )
    )


def test_a_list_is_imported_with_a_report_of_one_line_per_row(run: Run) -> None:
    ran = run(LIST)
    assert ran.exit_code == 0
    assert "2 new, 0 updated, 0 same, 0 refused" in ran.output
    bahari, misal = companies()
    assert (bahari.name, bahari.nib, bahari.npwp, bahari.npwp_core) == (
        "PT Contoh Bahari",
        "9120000000001",
        "0012345674901000",
        "012345674",
    )
    assert (bahari.region_code, bahari.address, bahari.workers_total) == (
        "53.71",
        "Jl. Misal 1\nKel. Contoh",
        1250,
    )
    assert (bahari.aliases, bahari.former_names, bahari.version) == (["Warung Contoh"], [], 1)
    assert (misal.npp, misal.region_code) == ("15070955", "53.08")
    assert [
        (line["row"], line["outcome"], line["company"], line["name"]) for line in ran.lines
    ] == [
        ("2", "new", str(bahari.id), "PT Contoh Bahari"),
        ("3", "new", str(misal.id), "UD Misal"),
    ]


def test_an_imported_company_is_found_like_any_other(run: Run) -> None:
    run(LIST)
    assert [each.name for each in find_companies("ahari")] == ["PT Contoh Bahari"]
    assert [each.name for each in find_companies("warung")] == ["PT Contoh Bahari"]
    assert [each.name for each in find_companies("15-07-0955")] == ["UD Misal"]


def test_importing_again_changes_nothing(run: Run) -> None:
    run(LIST)
    before = [(each.id, each.version) for each in companies()]
    ran = run(LIST)
    assert ran.outcomes == ["same", "same"]
    assert "0 new, 0 updated, 2 same, 0 refused" in ran.output
    assert [(each.id, each.version) for each in companies()] == before
    assert len(imported()) == 1


def test_a_dry_run_answers_the_same_and_writes_nothing(run: Run) -> None:
    content = a_list(
        "PT Contoh;9120000000001;;;Ende;;;;", "PT Contoh;;;;Ende;Jl. Misal;;;", "X;;;;Kupang;;;;"
    )
    dry = run(content, "--dry-run")
    assert "dry run: nothing was written" in dry.output
    assert (companies(), imported()) == ([], [])
    wet = run(content)
    assert wet.outcomes == dry.outcomes == ["new", "updated", "refused"]


def test_an_xlsx_list_with_a_title_above_it_is_imported_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "daftar.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["DAFTAR PERUSAHAAN 2026"])
        sheet.write_row(
            2, 0, ["No", "Nama Perusahaan", "No. NIB", "Kabupaten", "Skala Usaha", "KBLI"]
        )
        sheet.write_row(
            3, 0, [1, "PT Contoh", 9120000000001, "Kab. Sikka", "Usaha Mikro", "10311 - Pengolahan"]
        )
    ran = run(file)
    assert ran.outcomes == ["new"]
    [company] = companies()
    assert (
        company.nib,
        company.region_code,
        company.scale,
        company.kbli,
        company.kbli_version,
    ) == (
        "9120000000001",
        "53.07",
        "micro",
        "10311",
        2025,
    )
    assert ran.lines[0]["row"] == "4"


def test_what_was_empty_is_filled_and_what_is_known_otherwise_is_only_told(run: Run) -> None:
    company = a_company(
        "PT Contoh Lama", nib="9120000000001", phone="0380-1", region_code="53.08", workers_total=0
    )
    seen = company.version
    ran = run(
        a_list(
            "PT Contoh Baru;9120000000001;01.234.567.4-901.000;;Kota Kupang;Jl."
            " Misal;0380-2;7;Umpama"
        )
    )
    assert ran.outcomes == ["updated"]
    [company] = companies()
    assert (company.name, company.region_code, company.phone, company.workers_total) == (
        "PT Contoh Lama",
        "53.08",
        "0380-1",
        0,
    )
    assert (company.npwp, company.npwp_core, company.address) == (
        "0012345674901000",
        "012345674",
        "Jl. Misal",
    )
    assert company.aliases == [
        "Umpama",
        "PT Contoh Baru",
    ]  # found by either name, and printed as before
    assert company.version == seen + 1
    assert ran.lines[0]["differs"] == "Telepon, Jumlah Pekerja, Kabupaten/Kota, Nama Perusahaan"
    assert "Telepon: Tercatat lain dan tidak diubah: 0380-1" in ran.lines[0]["remarks"]
    assert "Tercatat sebagai PT Contoh Lama; nama di baris ini disimpan" in ran.lines[0]["remarks"]


def test_another_spelling_of_the_same_name_is_no_difference(run: Run) -> None:
    a_company("PT. CONTOH  (Persero)", nib="9120000000001")
    assert run(a_list("Contoh, PT;9120000000001;;;Kota Kupang;;;;")).lines[0]["differs"] == ""


def test_a_company_with_an_unreadable_number_is_neither_lost_nor_doubled(run: Run) -> None:
    content = a_list("PT Contoh;123;01.234;!;Kota Kupang;;;;")
    ran = run(content)
    assert ran.outcomes == ["new"]
    for told in (
        "NIB: NIB terdiri dari 13 angka; yang diketik 3",
        "NPWP: NPWP terdiri dari",
        "NPP: Nomor ini memuat",
    ):
        assert told in ran.lines[0]["remarks"]
    assert run(content).outcomes == ["same"]
    assert [(each.name, each.nib, each.npwp, each.npp) for each in companies()] == [
        ("PT Contoh", None, None, None)
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (";;;;;Jl. Misal;0380;33.73;", "Jumlah Pekerja: Tulis bilangan bulat"),
        (f";;;;;{'Jl. Misal ' * 60};0380;7;", "Alamat: Paling panjang 500 huruf"),
        (f";;;;;Jl. Misal;{'1' * 61};7;", "Telepon: Paling panjang 60 huruf"),
    ],
)
def test_a_cell_that_will_not_do_is_left_out_and_told_of(run: Run, cells: str, told: str) -> None:
    ran = run(a_list("PT Contoh" + cells), "--region", "53.71")
    assert ran.outcomes == ["new"]
    assert told in ran.lines[0]["remarks"]
    kept = {
        field: getattr(companies()[0], field) for field in ("address", "phone", "workers_total")
    }
    assert [field for field, value in kept.items() if value is None] == [
        {"Jumlah Pekerja": "workers_total", "Alamat": "address", "Telepon": "phone"}[
            told.partition(":")[0]
        ]
    ]


def test_of_several_npwps_in_a_cell_the_first_is_the_main_one_and_the_company_is_found_by_all(
    run: Run,
) -> None:
    cell = "01.234.567.4-901.000 / 0022345674901000"
    run(a_list(f"PT Contoh;;{cell};;Ende;;;;"))
    (company,) = companies()
    assert (company.npwp, company.other_npwps) == ("0012345674901000", ["0022345674901000"])
    assert find_companies("02.234.567.4-901.000") == [company]
    assert run(a_list(f"PT Contoh;;{cell};;Ende;;;;")).outcomes == ["same"]


def test_a_company_that_is_known_gains_the_further_npwps_of_a_cell(run: Run) -> None:
    a_company("PT Contoh", npwp="01.234.567.4-901.000")
    ran = run(a_list("PT Contoh;;01.234.567.4-901.000, 02.234.567.4-901.000;;Kota Kupang;;;;"))
    assert ran.outcomes == ["updated"]
    assert companies()[0].other_npwps == ["0022345674901000"]


def test_a_company_is_known_by_a_further_npwp_of_a_cell_when_nothing_else_tells_it(
    run: Run,
) -> None:
    a_company("PT Contoh", npwp="02.234.567.4-901.000")
    ran = run(
        a_list("PT Contoh Cabang;;01.234.567.4-901.000 02.234.567.4-901.000;;Kota Kupang;;;;")
    )
    assert ran.outcomes == ["updated"]
    assert companies()[0].other_npwps == ["0012345674901000"]


def test_a_further_npwp_that_another_company_bears_stays_there_and_is_told_of(run: Run) -> None:
    other = a_company("UD Misal", npwp="02.234.567.4-901.000")
    a_company("PT Contoh", npwp="01.234.567.4-901.000")
    ran = run(a_list("PT Contoh;;01.234.567.4-901.000 02.234.567.4-901.000;;Kota Kupang;;;;"))
    assert ran.outcomes == ["same"]
    assert f"NPWP: Nomor ini milik {other.name}" in ran.lines[0]["remarks"]


def test_a_row_without_a_regency_takes_the_one_of_the_command(run: Run) -> None:
    run(a_list("PT Contoh;;;;;;;;", "PT Misal;;;;53.08;;;;"), "--region", "53.71")
    assert [each.region_code for each in companies()] == ["53.71", "53.08"]


def test_rows_are_refused_with_column_and_reason_and_the_others_imported(run: Run) -> None:
    ran = run(
        a_list(
            "PT Contoh Satu;;;;Kupang;;;;",
            ";9120000000001;;;Ende;;;;",
            "PT Contoh Dua;;;;;;;;",
            "UD Misal;;;;Ende;;;;",
        )
    )
    assert ran.exit_code == 0
    assert ran.outcomes == ["refused", "refused", "refused", "new"]
    assert (
        "Kabupaten/Kota: Kabupaten atau kota Kupang tidak dikenal, atau berarti lebih dari satu"
        in ran.lines[0]["remarks"]
    )
    assert "Nama Perusahaan: Isi nama perusahaan" in ran.lines[1]["remarks"]
    assert "Kabupaten/Kota: Kabupaten atau kota tidak diisi" in ran.lines[2]["remarks"]
    assert [each.name for each in companies()] == ["UD Misal"]


def test_without_a_report_the_refused_rows_are_shown(run: Run) -> None:
    ran = run(a_list("PT Contoh Satu;;;;Kupang;;;;"), report=False)
    assert "row 2: Kabupaten/Kota: Kabupaten atau kota Kupang" in ran.output


def test_a_long_list_is_written_in_chunks_each_with_its_event(run: Run) -> None:
    rows = [f"PT Contoh {number};91{number:011};;;Ende;;;;" for number in range(CHUNK + 10)]
    repeated = [f"PT Contoh {number};91{number:011};;;Ende;Jl. Misal;;;" for number in range(10)]
    told = run(a_list(*rows, *repeated), "--dry-run")
    ran = run(a_list(*rows, *repeated))
    assert told.outcomes == ran.outcomes
    assert ran.outcomes == ["new"] * len(rows) + ["updated"] * 10
    first, second = imported()
    assert (first.data["rows"], len(first.data["new"]), first.data["updated"]) == (
        [2, CHUNK + 1],
        CHUNK,
        [],
    )
    assert (len(second.data["new"]), len(second.data["updated"])) == (10, 10)
    assert (first.actor_name, first.data["file"]) == ("sistem", "daftar.csv")
    assert list(verify()) == []
    assert (
        render_template("events/companies/imported.html", event=second).strip()
        == "Perusahaan diimpor dari daftar.csv: 10 baru, 10 dilengkapi"
    )


def test_a_row_of_a_known_company_costs_no_query_and_a_new_one_its_search_only(run: Run) -> None:
    counts: dict[str, list[int]] = {"new": [], "known": []}
    for number in (10, CHUNK):
        content = a_list(
            *(f"PT {number}{at:03} Contoh;91{number}{at:09};;;Ende;;;;" for at in range(number))
        )
        for outcome, seen_of in counts.items():
            with queries() as seen:
                assert set(run(content).outcomes) == {"same" if outcome == "known" else "new"}
            seen_of.append(len(seen))
    assert counts["known"][0] == counts["known"][1]
    assert counts["new"][1] - counts["new"][0] <= 2 * (CHUNK - 10)


def test_a_report_runs_nothing_that_a_company_typed(run: Run) -> None:
    ran = run(a_list('"=cmd|x!A1";;;;Ende;;;;'))
    assert ran.lines[0]["name"] == "'=cmd|x!A1"


@pytest.mark.parametrize(
    ("content", "options", "reason"),
    [
        ("", (), "kosong"),
        ("%PDF-1.4", (), "bukan csv, xlsx, xls, atau ods"),
        ("NIB;Kota\n9120000000001;Ende", (), "tidak punya kolom nama perusahaan"),
        ("Nama;NIB\nPT Contoh;9120000000001", (), "pakai --region, misalnya --region 53.71"),
        (LIST, ("--region", "53"), "Pilih kabupaten atau kota"),
        (LIST, ("--region", "11.01"), "Pilih kabupaten atau kota"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    run: Run, content: str, options: Sequence[str], reason: str
) -> None:
    ran = run(content, *options)
    assert ran.exit_code == 1
    assert reason in ran.output
    assert "Traceback" not in ran.output
    assert companies() == []


def test_a_report_that_cannot_be_written_stops_before_anything_is(run: Run, tmp_path: Path) -> None:
    ran = run(LIST, "--report", str(tmp_path / "nowhere" / "x.csv"), report=False)
    assert ran.exit_code == 1
    assert companies() == []


def test_rows_of_a_list_with_the_same_fillers_are_firms_of_their_own(run: Run) -> None:
    ran = run(
        a_list(
            "PT Contoh Bahari;1111111111111;00.000.000.0-000.000;;Kota Kupang;;;;",
            "CV Umpama Jaya;1111111111111;00.000.000.0-000.000;11111111;Kota Kupang;;;;",
        )
    )
    assert ran.outcomes == ["new", "new"]
    assert [(each.nib, each.npwp, each.npp) for each in companies()] == [(None, None, None)] * 2
    assert "ini angka pengisi, bukan nomor siapa pun; tidak disimpan" in ran.lines[1]["remarks"]


def test_a_row_is_the_company_whose_number_is_only_a_filler(run: Run) -> None:
    company = a_company("PT Contoh Lama")
    company.nib, company.npwp, company.npp = "1111111111111", "0000000000000000", "11111111"
    company.npwp_core = "000000000"
    db.session.commit()
    ran = run(a_list("PT Contoh Lama;9120001234567;01.234.567.4-901.000;JJ012345;Kota Kupang;;;;"))
    assert ran.outcomes == ["same"]
    assert len(companies()) == 1


def test_of_several_nibs_or_npps_in_a_cell_the_first_is_used_with_a_remark(run: Run) -> None:
    ran = run(
        a_list("PT Contoh;9120001234567 / 9120001234568;;NPP: AB123456 / CD654321;Kota Kupang;;;;")
    )
    (company,) = companies()
    assert (company.nib, company.npp) == ("9120001234567", "AB123456")
    assert "NIB: Ada beberapa NIB; yang pertama dipakai" in ran.lines[0]["remarks"]
    assert "NPP: Ada beberapa NPP; yang pertama dipakai" in ran.lines[0]["remarks"]
