"""After a merge, the numbers of the record that went lead to the company that stays, at every door."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import a_case
from tests.imports.conftest import Run, a_list
from tests.merges.twins import company, merged, stand, twins

pytestmark = pytest.mark.usefixtures("app")


def test_the_counter_finds_the_one_that_stays_by_the_old_number(browser) -> None:
    kept, gone = twins()
    stand(gone, "hold")
    merged(kept, gone)
    page = browser("lia").post("/check", asked="9120 0000 0002 2")
    assert "MERAH" in page.text
    assert "PT Contoh Bahari" in page.text


def test_the_command_line_finds_the_one_that_stays_by_the_old_number(app: Flask) -> None:
    kept, gone = twins()
    stand(gone, "hold")
    merged(kept, gone)
    ran = app.test_cli_runner().invoke(args=["check", "JJ012345"])
    assert ran.exit_code == 4
    assert "PT Contoh Bahari" in ran.output


def test_the_queue_and_the_audit_find_what_was_done_by_the_old_number(browser, at) -> None:
    kept, gone = twins()
    number = a_case("ina", company=company(gone)).number
    merged(kept, gone)
    at("2027-03-10")
    assert number in browser("tika").get("/queue?q=9120000000022").text
    assert "Perusahaan didaftarkan" in browser("adi").get("/admin/audit?words=9120000000022").text


def test_an_import_knows_a_company_by_the_number_and_by_the_name_and_regency_of_its_old_record(
    run: Run,
) -> None:
    kept, gone = twins(region_code="53.08")
    merged(kept, gone)
    ran = run(
        a_list(
            "PT Contoh Bahari;9120000000022;;;Kota Kupang;;;;",
            "PT Conto Bahari;;;;Kab. Ende;;;;",
            "PT Contoh Bahari;;02.234.567.2-901.000;;Kota Kupang;;;;",
        )
    )
    assert ran.outcomes == ["same", "same", "same"]
    assert {line["company"] for line in ran.lines} == {str(kept)}
    assert {line["differs"] for line in ran.lines} == {""}
