"""The page of findings: the law behind each, and no accusation of what the scale does not owe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from compliance.cases.nota.forms import FINDING_FIELDS, FindingField, further_facts
from compliance.cases.rules import FindingFacts
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.text import say
from tests.browser import Browser
from tests.cases.walk import begin, fill, the_case
from tests.factories import a_company

OpenBrowser = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def test_a_micro_company_is_not_accused_of_missing_old_age(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("UD Misal Mikro", scale="micro"))
    fill(ina, key)
    page = ina.get(f"/notas/{key}/findings")
    offered = [
        str(each["value"])
        for each in page.soup.find_all("input", attrs={"name": "about-JS-04-programmes"})
    ]
    assert offered == ["JKK", "JKM"]
    accusation = {"findings": ["JS-04", "JS-08"], "about-JS-04-programmes": ["JHT"]}
    page = ina.submit(f"/notas/{key}/findings", accusation)
    assert page.status == 422
    assert (
        "JS-04: Skala usaha ini tidak wajib mengikuti JHT (Perpres 109/2013 pasal 6)." in page.text
    )
    assert "JS-08: Skala usaha ini tidak wajib mengikuti JHT" in page.text
    assert ina.post(f"/notas/{key}/review").status == 422
    assert the_case().status == "draft"


@pytest.mark.parametrize(
    ("scale", "offered"), [("small", "JKK JKM JHT"), ("large", "JKK JKM JHT JP")]
)
def test_a_company_is_offered_the_programmes_its_scale_owes(
    browser: OpenBrowser, scale: str, offered: str
) -> None:
    ina = browser("ina")
    page = ina.get(f"/notas/{begin(ina, a_company(scale=scale))}/findings")
    boxes = page.soup.find_all("input", attrs={"name": "about-JS-04-programmes"})
    assert [str(each["value"]) for each in boxes] == offered.split()


def test_an_unknown_scale_is_said_asked_and_kept_with_the_company(browser: OpenBrowser) -> None:
    ina, company = browser("ina"), a_company()
    key = begin(ina, company)
    page = ina.get(f"/notas/{key}/findings")
    assert "Skala usaha belum diketahui" in page.text
    assert page.soup.find("input", id="about-JS-04-programmes-JHT") is None
    page = ina.submit(
        f"/notas/{key}/workers", workers_total="40", workers_registered="28", scale="small"
    )
    assert page.soup.find("input", id="about-JS-04-programmes-JHT") is not None
    ina.submit(page.path, {"findings": ["JS-04"], "about-JS-04-programmes": ["JHT"]})
    ina.submit(f"/notas/{key}/notes")
    assert db.session.get_one(Company, company.id).scale is None
    assert ina.submit(f"/notas/{key}/review").path.endswith("/done")
    db.session.rollback()
    known = db.session.get_one(Company, company.id)
    assert (known.scale, known.scale_evidence) == ("small", "Pemeriksaan 30-11-2026")


def test_a_violation_whose_code_nobody_knows_is_named(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key)
    page = ina.submit(f"/notas/{key}/findings", findings=["XX-99"])
    assert page.status == 422
    assert "XX-99: Kode pelanggaran XX-99 tidak berlaku pada tanggal nota." in page.text


def test_the_law_behind_a_finding_is_on_the_page(browser: OpenBrowser) -> None:
    ina = browser("ina")
    page = ina.get(f"/notas/{begin(ina, a_company())}/findings")
    assert "UU 24/2011 pasal 15 ayat (2)" in page.text
    assert "Mendaftarkan seluruh pekerja yang belum terdaftar" in page.text
    assert page.soup.find("input", id="findings-JS-01").find_parent("details") is None
    assert (
        page.soup.find("input", id="findings-UP-01").find_parent("details", class_="group")
        is not None
    )
    assert (
        len(page.soup.select("details.law"))
        == len(page.soup.find_all("input", attrs={"name": "findings"}))
        > 30
    )
    assert len(page.html.encode()) < 120_000


@dataclass(frozen=True)
class _OfAMonth(FindingFacts):
    wage_month: str | None = None


def test_a_new_fact_is_shown_by_its_name_without_a_sentence_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field = FindingField(say("Upah bulan"), shown=lambda month: f"bulan {month}")
    monkeypatch.setitem(FINDING_FIELDS, "wage_month", field)
    known = _OfAMonth("UP-01", workers_affected=3, note="Misal", wage_month="10-2026")
    assert further_facts(known) == [(say("Upah bulan"), "bulan 10-2026")]
    assert further_facts(_OfAMonth("UP-01", workers_affected=3)) == []


@pytest.mark.parametrize(
    ("registered", "code", "affected"), [("28", "JS-02", "12"), ("0", "JS-01", "40")]
)
def test_what_the_numbers_of_workers_imply_is_proposed_and_nothing_is_filled_in_for_good(
    browser: OpenBrowser, registered: str, code: str, affected: str
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    ina.submit(f"/notas/{key}/workers", workers_total="40", workers_registered=registered)
    page = ina.get(f"/notas/{key}/findings")
    assert [box["value"] for box in page.soup.select("input[name=findings][checked]")] == [code]
    assert page.value(f"about-{code}-workers_affected") == affected
    [why] = page.soup.select(f"#findings-{code}-hint")
    assert f"karena {affected} dari 40 pekerja belum terdaftar" in why.get_text()
    [box] = page.soup.select(f"#findings-{code}")
    assert box["aria-describedby"] == why["id"]
    assert "Pilih sedikitnya satu temuan" in ina.get(f"/notas/{key}/review").text
    ina.submit(f"/notas/{key}/findings", {"findings": ["JS-04"]})
    page = ina.get(f"/notas/{key}/findings")
    assert [box["value"] for box in page.soup.select("input[name=findings][checked]")] == ["JS-04"]
    assert "Ditandai oleh Patuh" not in page.text


def test_when_all_workers_are_registered_no_finding_is_proposed(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    ina.submit(f"/notas/{key}/workers", workers_total="40", workers_registered="40")
    page = ina.get(f"/notas/{key}/findings")
    assert page.soup.select("input[name=findings][checked]") == []


def test_a_count_that_was_computed_follows_the_corrected_numbers_of_workers(
    browser: OpenBrowser,
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    page = fill(ina, key, total="40", registered="28")
    field, workers, findings = (
        "about-JS-02-workers_affected",
        f"/notas/{key}/workers",
        f"/notas/{key}/findings",
    )
    assert ina.get(findings).value(field) == "12"
    ina.submit(workers, workers_total="50", workers_registered="28")
    assert ina.get(findings).value(field) == "22"
    page = ina.get(f"/notas/{key}/review")
    assert "22 pekerja terdampak" in page.text
    ina.submit(findings, {"findings": ["JS-02"], field: "9"})
    ina.submit(workers, workers_total="60", workers_registered="28")
    assert ina.get(findings).value(field) == "9", "it was typed by hand"
