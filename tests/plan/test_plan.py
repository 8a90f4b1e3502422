"""The inspection plan: listed companies wait, one click begins their nota, the same list again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.plan.commands import Listed, forget_list, plan_inspections
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from tests.browser import Browser
from tests.factories import a_case, a_company
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]
SOURCE = "Daftar contoh BPJS"


def listed(
    company: Company,
    *categories: str,
    workers: tuple[int, int] | None = None,
    batch: int = 1,
    on: int = 1,
) -> str:
    """What became of a company named by the list of that day of November."""
    total, registered = workers or (None, None)
    row = Listed(company.id, company.region_code, categories, total, registered)
    with transaction():
        return plan_inspections(
            [row], by=SYSTEM, source=SOURCE, listed_on=date(2026, 11, on), batch=batch
        )[company.id]


def entries() -> list[PlanEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(PlanEntry).order_by(PlanEntry.id)))


def begin(
    somebody: Browser, entry: PlanEntry, key: str = "1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0001"
) -> None:
    page = somebody.post(f"/plan/{entry.id}/start", draft_key=key)
    assert page.status == 200, page.text


def test_a_listed_company_waits_with_its_categories_source_and_date(browser: Open) -> None:
    company = a_company("PT Contoh Tercatat")
    assert listed(company, "PWBD", "arrears", workers=(40, 12)) == "new"
    page = browser("ina").get("/plan")
    assert "PT Contoh Tercatat" in page.text
    assert "PWBD Tunggakan" in page.text
    assert "Daftar contoh BPJS, 1 November 2026" in page.text
    assert "12 dari 40" in page.text


def test_the_same_list_again_changes_nothing_even_after_the_inspection() -> None:
    company = a_company()
    assert listed(company, "PWBD") == "new"
    assert listed(company, "PWBD") == "same"
    assert listed(company, "PWBD", "arrears") == "added"
    a_case(company=company)
    assert listed(company, "PWBD", "arrears") == "same"
    assert len(entries()) == 1


def test_a_later_list_brings_a_company_back() -> None:
    company = a_company()
    listed(company, "PWBD")
    a_case(company=company)
    assert listed(company, "PWBD", on=20) == "new"
    assert len(entries()) == 2


def test_one_click_begins_the_nota_with_the_company_and_the_findings_filled_in(
    browser: Open,
) -> None:
    listed(a_company("PT Contoh Rencana"), "PDS-TK", "PDS-Program", workers=(40, 28))
    ina = browser("ina")
    begin(ina, entries()[0])
    draft = db.session.scalars(sa.select(Case)).one()
    assert draft.company.name == "PT Contoh Rencana"
    findings = ina.get(f"/notas/{draft.draft_key}/findings").soup
    assert [each["value"] for each in findings.select("input[name=findings][checked]")] == [
        "JS-02",
        "JS-04",
    ]
    workers = ina.get(f"/notas/{draft.draft_key}/workers")
    assert (workers.value("workers_total"), workers.value("workers_registered")) == ("40", "28")


def test_a_click_sent_twice_begins_one_draft_and_a_colleague_is_told(browser: Open) -> None:
    listed(a_company("PT Contoh Berdua"), "PWBD")
    ina, entry = browser("ina"), entries()[0]
    begin(ina, entry)
    begin(ina, entry)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    page = browser("budi").post(
        f"/plan/{entry.id}/start", draft_key="1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0002"
    )
    assert page.status == 409
    assert "PT Contoh Berdua sudah dikerjakan Ina Contoh" in page.text


def test_a_company_waits_again_when_the_draft_is_thrown_away(browser: Open) -> None:
    listed(a_company("PT Contoh Kembali"), "PWBD")
    ina = browser("ina")
    begin(ina, entries()[0])
    assert "PT Contoh Kembali" not in ina.get("/plan").text
    ina.submit("/drafts/1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0001/delete")
    assert "PT Contoh Kembali" in ina.get("/plan").text


def test_any_nota_takes_its_company_off_the_plan(browser: Open) -> None:
    company = a_company("PT Contoh Sudah")
    listed(company, "PWBD")
    case = a_case(company=company)
    assert "PT Contoh Sudah" not in browser("ina").get("/plan").text
    shown = browser("tika").get(f"/companies/{company.id}").text
    assert f"Diperiksa: {case.number}" in shown


def test_the_team_takes_a_company_off_with_a_reason(browser: Open) -> None:
    company = a_company("PT Contoh Tutup")
    listed(company, "PWBD")
    entry, tika = entries()[0], browser("tika")
    assert tika.submit(f"/plan/{entry.id}/drop").status == 422
    page = tika.submit(f"/plan/{entry.id}/drop", reason="Perusahaan sudah tutup")
    assert "PT Contoh Tutup dikeluarkan dari rencana." in page.html
    assert "Perusahaan sudah tutup" in tika.get(f"/companies/{company.id}").text
    assert tika.submit(f"/plan/{entry.id}/drop", reason="lagi").status == 409
    assert browser("ina").get(f"/plan/{entry.id}/drop").status == 403


def test_what_an_import_put_on_the_plan_can_be_taken_back_where_nobody_began(browser: Open) -> None:
    begun, waits, both = (a_company(f"PT Contoh {name}") for name in ("Mulai", "Tunggu", "Dua"))
    for each in (begun, waits, both):
        listed(each, "PWBD")
    listed(both, "arrears", batch=2, on=2)
    begin(browser("ina"), entries()[0])
    with transaction():
        assert forget_list(1, {begun.id, waits.id, both.id}, by=SYSTEM) == {begun.id}
    assert [(each.company_id, each.categories) for each in entries()] == [
        (begun.id, ["PWBD"]),
        (both.id, ["arrears"]),
    ]


def test_the_plan_is_narrowed_by_regency_category_and_name(browser: Open) -> None:
    listed(a_company("PT Contoh Kupang"), "PWBD")
    listed(a_company("PT Misal Ende", region_code="53.08"), "arrears")
    ina = browser("ina")
    for query in ("region=53.08", "category=arrears", "q=misal"):
        page = ina.get(f"/plan?{query}")
        assert "PT Misal Ende" in page.text
        assert "PT Contoh Kupang" not in page.text
    assert "Tidak ada perusahaan yang cocok" in ina.get("/plan?region=53.08&category=PWBD").text
    assert "PT Misal Ende" in ina.get("/plan.csv?region=53.08").html


def test_the_plan_is_offered_where_an_inspectors_day_and_a_nota_begin(browser: Open) -> None:
    listed(a_company("PT Contoh Hari Ini"), "PWBD")
    ina = browser("ina")
    assert "PT Contoh Hari Ini" in ina.get("/field").text
    assert "PT Contoh Hari Ini" in ina.get("/notas/new").text


def test_licensing_does_not_see_the_plan(browser: Open) -> None:
    company = a_company("PT Contoh Rahasia")
    listed(company, "PWBD")
    lia = browser("lia")
    assert lia.get("/plan").status == 403
    assert "PWBD" not in lia.get(f"/companies/{company.id}").text


def test_the_number_of_queries_does_not_grow_with_the_plan(browser: Open) -> None:
    ina = browser("ina")
    counted = []
    for crowd in (2, 20):
        for _ in range(crowd):
            listed(a_company(), "PWBD", "arrears")
        with queries() as statements:
            ina.get("/plan")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 10
