"""A form that asks for several days says at its top and beside the field which of them is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.browser import Page
from tests.cases.walk import begin
from tests.factories import a_case, a_company, a_visit
from tests.licensing.desk import Clock, Open
from tests.licensing.flagged import a_warned_case, flag_of, the_case

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]
BAD = "31-2-2027"
FILTERS = {"first_on": "Sejak tanggal", "last_on": "Sampai tanggal"}
LETTER = "/cases/{number}/letters/new/"
PAGES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "the audit": ("adi", "/admin/audit", FILTERS),
    "changes of access": ("adi", "/admin/access", FILTERS),
    "the security log": ("adi", "/admin/security", FILTERS),
    "a signatory": (
        "adi",
        "/admin/signatories",
        {"from_on": "Mulai tanggal", "until_on": "Sampai tanggal"},
    ),
    "a visit": (
        "ina",
        "/cases/{number}/recheck",
        {
            "visited_on": "Tanggal kunjungan",
            "next_visit_on": "Kunjungan berikutnya, bila belum selesai",
            "proof_checked_on": "Dicek di BPJS tanggal",
            "proof_certificate_on": "Tanggal sertifikat",
        },
    ),
    "a recheck notice": (
        "ina",
        LETTER + "recheck_notice",
        {"issued_on": "Tanggal surat", "visit_on": "Tanggal kunjungan"},
    ),
    "a cover letter": (
        "ina",
        LETTER + "cover_ptsp",
        {"issued_on": "Tanggal surat", "bpjs_on": "Tanggal surat BPJS"},
    ),
}


def expect_named(page: Page, labels: Mapping[str, str]) -> None:
    """The top of the page names each field that is wrong and leads to it, and the field tells its error."""
    told = {str(link["href"]): link.get_text() for link in page.soup.select("#problems a")}
    for name, label in labels.items():
        assert told[f"#{name}"].startswith(f"{label}: Tulis tanggal"), (name, told)
        field = page.soup.find(id=name)
        assert field is not None
        assert f"{name}-error" in str(field["aria-describedby"]).split()
        assert field["aria-invalid"] == "true"
        [shown] = page.soup.select(f'label[for="{name}"]')
        assert shown.get_text().replace("(opsional)", "").strip() == label


@pytest.mark.parametrize(("who", "address", "labels"), PAGES.values(), ids=PAGES)
def test_an_error_names_its_day(
    browser: Open, who: str, address: str, labels: Mapping[str, str]
) -> None:
    here, typed = address.format(number=a_case().number), dict.fromkeys(labels, BAD)
    somebody = browser(who)
    filters = labels is FILTERS
    page = somebody.get(here, query_string=typed) if filters else somebody.post(here, typed)
    expect_named(page, labels)


def test_an_error_of_a_nota_names_its_day(browser: Open) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Bahari"))
    page = ina.post(f"/notas/{key}/notes", inspected_on=BAD, issued_on=BAD, go="next")
    days = {"inspected_on": "Tanggal pemeriksaan", "issued_on": "Tanggal terbit nota"}
    expect_named(page, days)


def test_an_error_of_a_proof_names_its_day(browser: Open, at: Clock) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    page = browser("tika").post(
        f"/flags/{flag_of(case_id, 'hold')}/lift", proof_checked_on=BAD, proof_certificate_on=BAD
    )
    days = {
        "proof_checked_on": "Dicek di BPJS tanggal",
        "proof_certificate_on": "Tanggal sertifikat",
    }
    expect_named(page, days)
