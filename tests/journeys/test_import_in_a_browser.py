"""A list from the file to the registry, and back, in a real browser on a narrow phone; axe looks at
every page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compliance.core.db import db
from tests.factories import a_company
from tests.imports.books import xlsx
from tests.imports.conftest import a_list
from tests.imports.importer import names, tick
from tests.journeys.test_everybody_can_use_it import faults

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]


def known() -> list[str]:
    found = names()
    db.session.rollback()  # a reader in this thread would keep the server from writing
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_list_is_imported_and_undone_on_a_phone(
    person: Callable[..., Page], tmp_path: Path, language: str
) -> None:
    a_company("UD Misal", region_code="53.08")
    file = tmp_path / "daftar bulanan.csv"
    file.write_text(
        a_list(
            "PT Contoh;9120000000001;;;Ende;;;7;",
            "UD Misal;;;;Sikka;;;;",
            "PT Umpama;;;;Kupang;;;;",
        )
    )
    page, seen = person("tika", width=360, language=language), dict[str, list[str]]()

    def look(name: str) -> None:
        if found := faults(page):
            seen[name] = found

    page.goto("/companies")
    page.click("a[href='/imports']")
    look("upload")
    page.click("main form[enctype] button")
    look("no file")
    page.set_input_files("#file", file)
    page.click("main form[enctype] button")
    page.wait_for_url("**/imports/1")
    look("columns")
    page.click("form[action$=mapping] button")
    expect(page.locator("#progress")).to_be_visible()
    look("progress")
    tick()
    expect(page.locator("#row-3")).to_be_visible()  # the page has found out by itself
    look("rows to decide")
    page.click("label[for=row-3-new]")
    page.click("form[action*=decide] .btn-go")
    expect(page.locator("#row-3-new")).to_be_checked()
    page.click("form[action$=start] button")
    expect(page.locator("#progress")).to_be_visible()
    tick()
    expect(page.locator("details summary")).to_be_visible()
    look("done")
    assert known() == ["UD Misal", "PT Contoh", "UD Misal"]
    page.click("details summary")
    page.click("details .btn-danger")
    look("not sure")
    page.check("#sure")
    page.click("details .btn-danger")
    expect(page.locator("#progress")).to_be_visible()
    tick()
    expect(page.locator("#progress")).to_have_count(0)
    look("undone")
    assert known() == ["UD Misal"]
    page.goto("/imports")
    look("list")
    assert seen == {}


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    person: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "besar.csv"
    with file.open("wb") as out:
        out.truncate(31 * 1024 * 1024)
    page, sent = person("tika"), list[str]()
    page.goto("/imports")
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("#file", file)
    page.click("main form[enctype] button")
    told = page.eval_on_selector("#file", "each => each.validationMessage")
    assert "lebih besar dari 30 MB" in told
    assert "POST" not in sent


@pytest.mark.parametrize(("width", "language"), [(360, "id"), (1280, "en")])
def test_another_sheet_of_a_workbook_is_chosen(
    person: Callable[..., Page], tmp_path: Path, width: int, language: str
) -> None:
    file = tmp_path / "daftar dinas.xlsx"
    file.write_bytes(
        xlsx(
            [["Petunjuk"], ["Isi lembar berikut"]],
            [
                ["NO", "NAMA PERUSAHAAN", "JUMLAH TENAGA KERJA", "", ""],
                ["", "", "L", "P", "JUMLAH"],
                [1, "PT Contoh", 1, 2, 3, "tanpa nama"],
            ],
            [["Nama", "Kota", "NIB"], ["PT Misal", "Ende", ""]],
        )
    )
    page = person("tika", width=width, language=language)
    page.goto("/imports")
    page.set_input_files("#file", file)
    page.click("main form[enctype] button")
    expect(page.locator("#read")).to_contain_text("Lembar3")  # it names most of our fields
    page.select_option("#sheet", "Lembar2")
    page.click("form[action$=sheet] button")
    expect(page.locator("#read")).to_contain_text("Lembar2")
    expect(page.locator("label.title").last).to_have_text(
        "kolom F" if language == "id" else "column F"
    )
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
