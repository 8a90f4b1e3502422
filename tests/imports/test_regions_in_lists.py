"""Regencies in lists: what is surely meant is taken, what is only likely is asked about or refused."""

from __future__ import annotations

import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core.db import db
from tests.factories import a_company
from tests.imports.conftest import Run
from tests.imports.importer import Desk, names, tick

HEADER = "Nama Perusahaan;NIB;Kabupaten/Kota"


def a_list(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


def regions() -> dict[str, str]:
    query = sa.select(Company.name, Company.region_code)
    return {company.name: company.region_code for company in db.session.execute(query)}


def test_regencies_are_read_as_people_write_them(run: Run) -> None:
    run(
        a_list(
            "PT Contoh;;TTS",
            "PT Misal;;Kab. Flores Timur, NTT",
            'PT Umpama;;"Kupang, Kota"',
            "PT Andai;;Kab Sumba Brt Daya",
        )
    )
    assert regions() == {
        "PT Contoh": "53.02",
        "PT Misal": "53.06",
        "PT Umpama": "53.71",
        "PT Andai": "53.18",
    }


def test_a_code_that_is_another_regency_to_bps_is_remarked_on(run: Run) -> None:
    ran = run(a_list("PT Contoh;;5301", "PT Misal;;53.01", "PT Umpama;;5371", "PT Andai;;Ende"))
    assert ran.outcomes == ["new"] * 4
    said = "Kabupaten/Kota: Dibaca sebagai Kab. Kupang; menurut kode BPS Kab. Sumba Barat"
    assert [said in line["remarks"] for line in ran.lines] == [True, False, False, False]


def test_the_seat_of_a_regency_is_asked_about_on_the_page(desk: Desk) -> None:
    page = desk.rehearse(a_list("PT Contoh;;Larantuka", "PT Misal;;Kab. Flores Tmur"))
    assert desk.outcomes == ["to_decide", "to_decide"]
    assert "Kabupaten/Kota: Larantuka mungkin berarti Kab. Flores Timur" in page.text
    desk.act("decide", **{"row-2": "new", "row-3": "out"})
    desk.act("start")
    tick()
    assert regions() == {"PT Contoh": "53.06"}
    assert [row.outcome for row in desk.rows] == ["new", "left_out"]
    assert (
        "mungkin berarti" in desk.look("?outcome=new").text
    )  # the report still says how it was read


def test_a_company_that_the_likely_regency_has_is_offered(desk: Desk) -> None:
    known = a_company(name="PT Contoh", region_code="53.06")
    desk.rehearse(a_list("PT Contoh;;Larantuka"))
    desk.act("decide", **{"row-2": f"company:{known.id}"})
    desk.act("start")
    tick()
    assert (desk.outcomes, names()) == (["same"], ["PT Contoh"])
    desk.rehearse(a_list("PT Contoh;;Larantuka"))
    assert desk.outcomes == ["same"]  # as it was decided before


def test_a_number_of_a_company_there_confirms_the_likely_regency(run: Run) -> None:
    a_company(name="PT Contoh", nib="9120000000001", region_code="53.06")
    ran = run(a_list("PT Contoh;9120000000001;Larantuka", "PT Contoh;9120000000001;Maumere"))
    assert ran.outcomes == ["same", "refused"]


def test_the_command_refuses_a_regency_that_is_only_likely_and_names_it(run: Run) -> None:
    ran = run(a_list("PT Contoh;;Bajawa", "PT Misal;;Manggrai", "PT Umpama;;Sumba"))
    assert ran.outcomes == ["refused", "refused", "refused"]
    assert names() == []
    assert [line["remarks"] for line in ran.lines] == [
        "Kabupaten/Kota: Bajawa mungkin berarti Kab. Ngada, tetapi tidak tertulis begitu. "
        "Tulis nama kabupaten atau kotanya",
        "Kabupaten/Kota: Manggrai mungkin berarti Kab. Manggarai, tetapi tidak tertulis begitu. "
        "Tulis nama kabupaten atau kotanya",
        "Kabupaten/Kota: Kabupaten atau kota Sumba tidak dikenal, atau berarti lebih dari satu: "
        "Kab. Sumba Timur, Kab. Sumba Barat, Kab. Sumba Tengah, Kab. Sumba Barat Daya. "
        "Tulis salah satunya, atau kodenya",
    ]
