"""Which sheet of a workbook is read, and the columns in it that have no name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.imports.books import ods, xls, xlsx
from tests.imports.conftest import Run
from tests.imports.importer import Desk, tick
from tests.imports.test_lists_of_offices import BOTH, csv

TWO_SHEETS = xlsx(
    [["Nama", "Kota", "NIB"], ["PT Satu", "Ende", ""]], [["Nama", "Kota"], ["PT Dua", "Ende"], ["PT Tiga",
        "Ende"]]
)  # fmt: skip


def test_the_sheet_that_is_read_is_named_and_another_can_be_chosen(desk: Desk) -> None:
    page = desk.upload(TWO_SHEETS, "daftar.xlsx")
    assert "Lembar yang dibaca: Lembar1" in page.text
    assert [option.text for option in page.soup.select("#sheet option")] == ["Lembar2"]
    page = desk.browser.submit(f"/imports/{desk.id}", form_to="/sheet", sheet="Lembar2")
    assert "Lembar Lembar2 dibaca" in page.text
    assert "Lembar yang dibaca: Lembar2" in page.text
    assert (desk.batch.total_rows, desk.batch.headers) == (2, ["Nama", "Kota"])
    desk.browser.submit(f"/imports/{desk.id}", form_to="/mapping")
    tick()
    assert [row.name for row in desk.rows] == ["PT Dua", "PT Tiga"]


def test_another_sheet_can_be_chosen_after_the_trial_and_its_rows_are_tried_anew(
    desk: Desk,
) -> None:
    desk.rehearse(TWO_SHEETS, "daftar.xlsx")
    page = desk.act("sheet", sheet="Lembar2")
    assert (desk.batch.status, desk.rows) == ("mapping", [])
    assert "Lembar yang dibaca: Lembar2" in page.text
    desk.browser.submit(f"/imports/{desk.id}", form_to="/mapping")
    tick()
    desk.act("start")
    tick()
    assert [row.name for row in desk.rows] == ["PT Dua", "PT Tiga"]
    assert desk.act("sheet", sheet="Lembar1").status == 409  # by now it is written


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ("Rahasia", "tidak punya lembar Rahasia"),
        ("", "Pilih lembar yang akan dibaca"),
        ("Lembar1", "hanya berisi nama kolom"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_told_beside_the_choice(
    desk: Desk, sheet: str, told: str
) -> None:
    desk.upload(
        xlsx([["Nama", "Kota"]], [["Nama", "Kota", "NIB"], ["PT Dua", "Ende", ""]]), "daftar.xlsx"
    )
    page = desk.act("sheet", sheet=sheet)
    assert page.status == 422
    assert told in page.text
    assert desk.batch.sheet == "Lembar2"


def test_a_csv_has_no_sheets(desk: Desk, run: Run) -> None:
    """There is nothing to choose, on either door."""
    assert "Lembar yang dibaca" not in desk.upload("Nama;Kota\nPT Contoh;Ende\n").text
    assert desk.act("sheet", sheet="Data").status == 404
    ran = run("Nama;Kota\nPT Contoh;Ende\n", "--sheet", "Data")
    assert (ran.exit_code, "hapus --sheet" in ran.output) == (1, True)


def test_the_command_names_the_sheet_and_reads_the_one_asked_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(TWO_SHEETS)
    assert "sheet read: Lembar1 (not read: Lembar2)" in run(file, "--dry-run").output
    ran = run(file, "--dry-run", "--sheet", "Lembar2")
    assert "sheet read: Lembar2 (not read: Lembar1)" in ran.output
    assert [line["name"] for line in ran.lines] == ["PT Dua", "PT Tiga"]
    ran = run(file, "--dry-run", "--sheet", "Lembar3")
    assert ran.exit_code == 1
    assert "tidak punya lembar Lembar3. Lembarnya: Lembar1, Lembar2" in ran.output


def test_a_column_without_a_name_is_offered_by_its_letter(desk: Desk) -> None:
    page = desk.upload(csv("Nama;;Kota", "PT Contoh;0380-1;Ende"))
    assert [label.text for label in page.soup.select("label.title")] == ["Nama", "kolom B", "Kota"]
    desk.browser.post("/language/en")
    assert "column B" in desk.look().text
    desk.browser.submit(f"/imports/{desk.id}", column_1="phone")
    assert desk.batch.mapping["kolom B"] == "phone"


def test_a_mapping_kept_before_fits_a_file_with_one_more_column_without_a_name(desk: Desk) -> None:
    desk.upload(csv("A;B", "PT Contoh;Ende"))
    desk.browser.submit(
        f"/imports/{desk.id}", column_0="name", column_1="region_code", name="Bulanan"
    )
    page = desk.upload(csv("A;B;", "PT Contoh;Ende;x"))
    assert (page.value("column_0"), page.value("column_1")) == ("name", "region_code")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (xlsx([BOTH, ["PT Contoh", "Ende"], *[[]] * 900_000, ["x"]]),
            "berisi sel A900003 jauh di bawah tabelnya"),
        (xls([BOTH], locked=True), "terkunci kata sandi"),
        (ods([BOTH], manifest="<m:encryption-data/>"), "terkunci kata sandi"),
    ],
)  # fmt: skip
def test_a_file_that_must_be_put_right_is_refused_with_how(
    desk: Desk, content: bytes, told: str
) -> None:
    page = desk.upload(content, "daftar.xlsx")
    assert (page.status, told in page.text) == (422, True)
