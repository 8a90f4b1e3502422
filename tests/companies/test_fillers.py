"""Fillers: two firms that typed 1111111111111 have nothing in common, at no door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compliance.companies.models import Company, CompanyNumber
from compliance.companies.search.queries import alike_to, facts_in, how_alike
from compliance.core.db import db
from tests.browser import Browser
from tests.factories import a_case, a_company

Open = Callable[[str], Browser]
FILLER = "1111111111111"
NO_NPWP = "00.000.000.0-000.000"


def bearing(**numbers: str) -> Company:
    """A company that was stored with a filler, as could be done before."""
    company = a_company("PT Contoh Lama")
    for kind, number in numbers.items():
        setattr(company, kind, number)
    if "npwp" in numbers:
        company.npwp_core = numbers["npwp"][1:10]
    db.session.commit()
    return company


def named(name: str) -> Company:
    return db.session.query(Company).filter_by(name=name).one()


def test_the_form_registers_two_firms_with_the_same_fillers_and_says_that_they_are_none(
    browser: Open,
) -> None:
    tika = browser("tika")
    for name in ("PT Contoh Bahari", "CV Umpama Jaya"):
        page = tika.post(
            "/companies/new", name=name, region_code="53.71", nib=FILLER, npwp=NO_NPWP, seen=""
        )
        assert f"{name} sudah ditambahkan" in page.text
        assert f"NIB {FILLER} ini angka pengisi, bukan nomor siapa pun; tidak disimpan" in page.text
        assert f"NPWP {NO_NPWP} ini angka pengisi" in page.text
        stored = named(name)
        assert (stored.nib, stored.npwp, stored.npwp_core) == (None, None, None)
    assert FILLER not in page.text.replace(f"NIB {FILLER} ini angka", "")


def test_further_npwps_leave_fillers_out(browser: Open) -> None:
    page = browser("tika").post(
        "/companies/new",
        name="PT Contoh",
        region_code="53.71",
        other_npwps=f"{NO_NPWP}\n02.234.567.2-901.000",
    )
    assert f"NPWP {NO_NPWP} ini angka pengisi" in page.text
    assert named("PT Contoh").other_npwps == ["0022345672901000"]


def test_a_company_that_is_edited_gives_its_filler_up_with_a_remark(browser: Open) -> None:
    company = bearing(nib=FILLER)
    tika = browser("tika")
    assert (
        "NIB ini angka pengisi, bukan nomor siapa pun" in tika.get(f"/companies/{company.id}").text
    )
    page = tika.submit(f"/companies/{company.id}/edit", phone="0380-1")
    assert "ini angka pengisi, bukan nomor siapa pun; tidak disimpan" in page.text
    assert named("PT Contoh Lama").nib is None


@pytest.mark.parametrize("typed", [FILLER, NO_NPWP, f"NIB {FILLER}", f"UD Contoh, NIB {FILLER}"])
def test_the_counter_answers_nothing_about_a_filler_even_when_it_is_stored(
    browser: Open, typed: str
) -> None:
    a_case(company=bearing(nib=FILLER, npwp="0000000000000000"))
    page = browser("lia").post("/check", asked=typed)
    assert (page.status, page.path) == (422, "/check")
    assert "Ini angka pengisi, bukan nomor siapa pun" in page.text


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("tika", "/companies?q={}"),
        ("tika", "/queue?q={}"),
        ("tika", "/cases?view=all&q={}"),
        ("lia", "/check/history?q={}"),
        ("adi", "/admin/audit?q={}"),
        ("ina", "/notas/new?q={}"),
    ],
)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (FILLER, "Ini angka pengisi, bukan nomor siapa pun"),
        ("91200O1234567", "Maksud Anda NIB 9120 0012 3456 7?"),
    ],
)
def test_a_list_in_which_a_filler_or_a_slip_finds_nothing_says_why(
    browser: Open, who: str, address: str, typed: str, said: str
) -> None:
    a_case(company=bearing(nib=FILLER))
    assert said in browser(who).get(address.format(typed)).text


def test_fillers_make_no_two_companies_alike(app: Flask) -> None:
    one = bearing(nib=FILLER, npwp="0000000000000000")
    other = a_company("CV Umpama Jaya", region_code="53.08")
    db.session.add(
        CompanyNumber(
            company_id=other.id,
            kind="npwp",
            number="0000000000922000",
            core="000000000",
            since=one.created_at,
        )
    )
    db.session.commit()
    assert how_alike(one, other).score == 0
    assert alike_to(facts_in(FILLER)) == []
    assert alike_to(facts_in("", npwp=NO_NPWP)) == []
