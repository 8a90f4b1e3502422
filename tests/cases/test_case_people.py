"""The page of a case: whom it names and how they are reached, what is next, what licensing hears,
the way on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from compliance.cases.commands.team import extend_deadline, reassign_case
from compliance.cases.jobs import sweep_due_rechecks
from compliance.core.db import transaction
from compliance.office.commands import change_office
from compliance.office.queries import find_office
from tests.browser import Browser
from tests.cases.known import a_known_case, a_telling_case, on
from tests.factories import a_company, a_visit, user

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def test_the_next_act_stands_right_under_the_name(browser: OpenBrowser) -> None:
    case = a_telling_case()
    for who in ("ina", "sari", "tika", "lia"):
        page = on(case, who, browser)
        assert page.soup.h1.find_next("section")["class"] == ["panel", "next", "mb-3"]
        assert len(page.soup.select(".btn-go")) <= 1


def test_both_numbers_can_be_copied(browser: OpenBrowser) -> None:
    page = on(a_telling_case(), "ina", browser)
    assert [each["data-copy"] for each in page.soup.select("[data-copy]")] == [
        "560/014-NP/XI/2026",
        "NTT-2026-0001",
    ]


def test_everybody_who_has_to_do_with_the_case_can_be_reached(browser: OpenBrowser) -> None:
    company = a_company(
        "PT Contoh Telepon",
        address="Jalan Misal 1",
        phone="(0380) 123-456 Ibu Ani",
        email="hrd@misal.example",
    )
    with transaction():
        office = find_office("ptsp-53.71")
        assert office is not None
        change_office(office, by=user("adi"), name=office.name, phone="0380-765432")
    page = on(a_known_case(company=company), "ina", browser)
    for link in (
        "tel:0380123456",
        "mailto:hrd@misal.example",
        "tel:0380000000",
        "mailto:ina@contoh.example",
        "tel:0380765432",
    ):
        assert link in page.links(), link
    assert "Jalan Misal 1" in page.text
    assert f"/notas/new?company={company.id}" in page.links()
    assert "tel:0380123456" not in on(a_known_case(company=company), "lia", browser).links()


def test_a_case_that_was_passed_on_says_who_wrote_the_nota(browser: OpenBrowser) -> None:
    case = a_known_case()
    with transaction():
        reassign_case(case.again(), by=user("tika"), to=user("budi"), reason="cuti")
    page = on(case, "budi", browser)
    assert "Pengawas Budi Misal" in page.text
    assert "nota ditulis Ina Contoh" in page.text
    assert on(case, "ina", browser).status == 404


def test_the_workers_of_the_nota_stay_told_when_the_count_changes(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_known_case()
    assert "saat nota terbit" not in on(case, "ina", browser).text
    at("2027-01-18")
    a_visit(case.again(), "partly_complied", registered=31)
    assert (
        "40 orang, 31 terdaftar, 9 belum saat nota terbit: 28 terdaftar"
        in on(case, "ina", browser).text
    )


def test_licensing_reads_of_the_history_what_it_was_told_and_no_reasons(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_known_case()
    with transaction():
        extend_deadline(
            case.again(), by=user("tika"), until=date(2027, 4, 30), reason="gudang terbakar"
        )
    at("2027-04-30")
    sweep_due_rechecks()
    a_visit(case.again(), "not_complied", note="Perusahaan berjanji")
    page = on(case, "lia", browser)
    told = [(each.b or each).get_text(" ", strip=True) for each in page.soup.select(".timeline li")]
    assert told == [
        "Kasus belum selesai: kewajiban belum dipenuhi pada cek ulang 30 April 2027",
        (
            "Catatan hasil cek ulang mulai berlaku: Cek ulang 30 April 2027 menemukan kewajiban belum"
            " dipenuhi."
        ),
        "Cek ulang jatuh tempo",
        "Jatuh tempo diperpanjang dari 1 Maret 2027 ke 30 April 2027",
        "Nota disampaikan ke DPMPTSP Provinsi Nusa Tenggara Timur, DPMPTSP Kota Kupang",
    ]
    assert "gudang terbakar" not in page.html
    assert "gudang terbakar" in on(case, "ina", browser).text


def test_a_step_that_cannot_be_made_leads_to_those_that_can(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_known_case()
    at("2027-03-01")
    a_visit(case.again(), "complied")
    page = on(case, "sari", browser, "/recheck")
    assert (page.status, page.soup.h1.get_text()) == (409, "Tidak dapat dilakukan")
    assert "Yang dapat dilakukan sekarang" in page.text
    assert f"/cases/{case.number}/reopen" in page.links()
    page = on(case, "ina", browser, "/recheck")
    assert "dapat dibuka kembali oleh kepala pengawas" in page.text
    assert f"/cases/{case.number}" in page.links()
