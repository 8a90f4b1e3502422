"""Which company a row of a list means, and that a second run of any list writes nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection, Engine

from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company
from compliance.core.db import db, is_postgresql, transaction
from compliance.imports.commands.run import import_companies
from compliance.imports.deciding.decisions import RowReport
from compliance.imports.reading import spreadsheet
from compliance.policy import SYSTEM
from tests.factories import a_company
from tests.imports.conftest import Run, a_list
from tests.imports.importer import Desk


def companies() -> list[Company]:
    return list(db.session.scalars(sa.select(Company).order_by(Company.id)))


def test_numbers_of_two_companies_in_one_row_are_refused(run: Run) -> None:
    a_company("PT Contoh Satu", nib="9120000000001")
    a_company("PT Contoh Dua", npp="15070955")
    ran = run(a_list("PT Contoh;9120000000001;;15070955;Ende;Jl. Misal;;;"))
    assert ran.outcomes == ["refused"]
    assert (
        "NPP: NIB milik PT Contoh Satu, tetapi NPP milik PT Contoh Dua" in ran.lines[0]["remarks"]
    )


def test_a_row_without_numbers_is_known_by_any_name_and_its_regency(run: Run) -> None:
    company = a_company("UD Misal", region_code="53.08")
    a_company("UD Misal", region_code="53.71")
    with transaction():
        change_company(company, facts_of(company, name="PT Umpama"), by=SYSTEM, renamed=True)
    assert run(
        a_list("misal;;;;Ende;;;;", "Umpama, PT;;;;Ende;;;;", "Misal;;;;Sikka;;;;")
    ).outcomes == [
        "same",
        "same",
        "refused",
    ]


def test_a_row_that_may_be_either_of_two_companies_is_refused(run: Run) -> None:
    a_company("UD Misal", nib="9120000000001")
    a_company("UD Misal", nib="9120000000002")
    ran = run(a_list("UD Misal;;;;Kota Kupang;;;;"))
    assert ran.outcomes == ["refused"]
    assert "Ada 2 perusahaan bernama ini di Kota Kupang" in ran.lines[0]["remarks"]


def test_a_number_fills_the_one_company_of_that_name_unless_it_bears_another(run: Run) -> None:
    a_company("UD Misal")
    a_company("UD Umpama", nib="9120000000001")
    ran = run(
        a_list(
            "UD Misal;9120000000002;;;Kota Kupang;;;;", "UD Umpama;9120457812303;;;Kota Kupang;;;;"
        )
    )
    assert ran.outcomes == ["updated", "refused"]
    assert "Di Kota Kupang sudah ada UD Umpama dengan nomor lain" in ran.lines[1]["remarks"]


def test_another_branch_digit_of_the_same_npwp_means_the_same_company_here_and_maybe_a_branch_elsewhere(
    run: Run,
) -> None:
    a_company("PT Contoh", npwp="01.234.567.4-901.000")
    ran = run(
        a_list(
            "PT Contoh;;01.234.567.4-922.000;;Kota Kupang;;;;",
            "PT Contoh;;01.234.567.4-922.001;;Ende;;;;",
        )
    )
    assert ran.outcomes == ["same", "refused"]
    assert ran.lines[0]["differs"] == "NPWP"
    assert "Pokok NPWP sama dengan PT Contoh di daerah lain" in ran.lines[1]["remarks"]


def test_a_row_that_fits_two_branches_of_one_taxpayer_means_the_older_one_each_time(
    run: Run,
) -> None:
    content = a_list(
        "PT Contoh;9120000000001;01.234.567.4-901.000;;Ende;;;;",
        "PT Contoh;;01.234.567.4-901.001;;Ende;;;;",
        "PT Contoh;9120457812302;01.234.567.4-901.002;;Ende;;;;",
    )
    assert run(content).outcomes == ["new", "same", "refused"]
    assert run(content).outcomes == ["same", "same", "refused"]


@pytest.mark.parametrize(
    "numbers",
    ["9120000000012;;", ";01.234.567.9-901.000;", ";01.234.576.4-901.000;"],
    ids=["a slip in the NIB", "an NPWP whose check digit fails", "two digits of the NPWP swapped"],
)
def test_a_number_with_a_slip_speaks_against_no_equal_name(run: Run, numbers: str) -> None:
    a_company("PT Contoh", nib="9120000000021", npwp="01.234.567.4-901.000")
    assert run(a_list(f"PT Contoh;{numbers};Kota Kupang;;;;")).outcomes == ["same"]


FORMS = ("PT", "CV", "Koperasi", "Yayasan", "UD", "Perum", "Fa.")


def test_firms_of_one_name_and_different_legal_forms_are_different_firms(run: Run) -> None:
    ran = run(a_list(*(f"{form} Contoh Jaya;;;;Ende;;;;" for form in FORMS)))
    assert ran.outcomes == ["new"] * len(FORMS)
    assert "dengan bentuk hukum lain" in ran.lines[1]["remarks"]
    assert run(a_list("Toko Contoh Jaya;;;;Ende;;;;")).outcomes == ["same"]  # a UD, PD or Toko
    without = run(a_list("Contoh Jaya;;;;Ende;;;;"))
    assert without.outcomes == ["refused"]
    assert f"Ada {len(FORMS)} perusahaan bernama ini" in without.lines[0]["remarks"]


def test_a_name_without_a_legal_form_means_the_only_firm_of_that_name(run: Run) -> None:
    a_company("CV Contoh Jaya", region_code="53.08")
    assert run(a_list("Contoh Jaya;;;;Ende;;;;")).outcomes == ["same"]


@pytest.mark.parametrize(
    "spelt",
    ["CV Maju & Lancar Abadi", "CV Maju and Lancar-Abadi", "C.V. MAJU DAN LANCARABADI",
     "CV Máju dan Lancar Abadi", "CV Ma\u2018ju dan Lan\u02bccar Abadi"],
)  # fmt: skip
def test_accents_ampersands_hyphens_and_apostrophes_make_no_other_name(
    run: Run, spelt: str
) -> None:
    a_company("CV Maju dan Lancar Abadi")
    assert run(a_list(f"{spelt};;;;Kota Kupang;;;;")).outcomes == ["same"]


@pytest.mark.parametrize("spelt", ["CV Sukarno Jaya", "CV Soekarno Djajah", "CV Sukarno Jayaa"])
def test_a_row_that_only_resembles_a_firm_is_not_written_by_the_command(
    run: Run, spelt: str
) -> None:
    a_company("CV Soekarno Djaja")
    ran = run(a_list(f"{spelt};;;;Kota Kupang;;;;"))
    assert ran.outcomes == ["refused"]
    assert "Mirip dengan CV Soekarno Djaja" in ran.lines[0]["remarks"]


def test_a_telephone_in_another_regency_is_asked_about_with_a_name_somewhat_like_it(
    run: Run, desk: Desk
) -> None:
    a_company("PT Contohan Bahari", phone="0380 123456", nib="9120000000001", region_code="53.71")
    content = a_list(
        "Toko Contohan Elektronik;;;;Ende;;+62 380 123-456;;",
        "UD Andai Makmur;;;;Ende;;0380123456;;",
    )
    desk.rehearse(content)
    assert desk.outcomes == ["to_decide", "new"]
    assert "Perusahaan ini: PT Contohan Bahari" in desk.look("?outcome=to_decide").text
    ran = run(content)
    assert ran.outcomes == ["refused", "new"]
    said = "Telepon sama dengan PT Contohan Bahari di Kota Kupang"
    assert f"Telepon: {said}, dan namanya mirip" in ran.lines[0]["remarks"]
    assert said in ran.lines[1]["remarks"]


def test_a_telephone_of_many_in_another_regency_says_nothing(run: Run) -> None:
    for family in ("Andai", "Misal", "Umpama", "Seandai", "Semisal", "Contohan"):
        a_company(f"UD {family}", phone="0380 123456", region_code="53.71")
    ran = run(a_list("Toko Contohan Elektronik;;;;Ende;;0380123456;;"))
    assert ran.outcomes == ["new"]
    assert "Telepon" not in ran.lines[0]["remarks"]


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        ("Jl. Misal Raya No. 12", "Jalan Misal Raya 12, RT 03/RW 02, Kel. Contoh, Kec. Andai"),
        ("Jl. Misal Raya No. 12 RT.03 Kelurahan Contoh", "Jln. Misal Raya Nomor 12"),
    ],
)
def test_an_address_is_the_same_with_and_without_its_kelurahan(
    run: Run, known: str, listed: str
) -> None:
    a_company("PT Contohan Bahari", address=known)
    ran = run(a_list(f"UD Andai Makmur;;;;Kota Kupang;{listed};;;"))
    assert ran.outcomes == ["refused"]
    assert "Alamat sama dengan PT Contohan Bahari" in ran.lines[0]["remarks"]


def test_a_firm_of_another_legal_form_is_named_however_it_is_spelt(run: Run) -> None:
    a_company("CV Contoh Jaya")
    ran = run(a_list("PT Tjontoh Djaja;;;;Kota Kupang;;;;"))
    assert ran.outcomes == ["new"]
    assert (
        "Di Kota Kupang sudah ada CV Contoh Jaya, dengan bentuk hukum lain"
        in (ran.lines[0]["remarks"])
    )


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ("UD Andai Makmur;;01.234.567.4-901.000;;Ende;;;;", "refused"),
        ("UD Andai Makmur;;01.234.567.4-901.000 / 02.234.567.2-901.000;;Ende;;;;", "refused"),
        ("PT Contohan Bahary;;01.234.567.4-901.000;;Ende;;;;", "updated"),
        ("UD Andai Makmur;;01.234.567.4-901.000;15070955;Ende;;;;", "updated"),
        ("UD Andai Makmur;;01.234.567.4-901.000;;Kota Kupang;;;;", "updated"),
    ],
)
def test_an_npwp_alone_does_not_make_another_name_of_another_regency_the_same_firm(
    run: Run, row: str, outcome: str
) -> None:
    a_company("PT Contohan Bahari", npwp="01.234.567.4-901.000", npp="15070955")
    ran = run(a_list(row))
    assert ran.outcomes == [outcome]
    said = "NPWP: NPWP milik PT Contohan Bahari di Kota Kupang, tetapi nama dan daerahnya lain"
    assert (said in ran.lines[0]["remarks"]) == (outcome == "refused")


def test_two_unlike_names_with_one_number_in_one_list_are_asked_about(run: Run) -> None:
    content = a_list(
        "PT Contoh Bahari;9120000000001;;;Ende;;;;", "Koperasi Andai Tani;9120000000001;;;Ende;;;;"
    )
    ran = run(content)
    assert ran.outcomes == ["new", "refused"]
    assert "NIB yang sama ada di baris 2: PT Contoh Bahari" in ran.lines[1]["remarks"]


def test_somebody_registering_the_same_company_at_that_moment_wins(run: Run, app: Flask) -> None:
    if not is_postgresql():
        pytest.skip("SQLite has one writer at a time")
    other, waiting = sa.create_engine(db.engine.url), [True]

    def register(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO companies") and waiting:
            waiting.clear()
            with other.begin() as connection:
                connection.exec_driver_sql(
                    "INSERT INTO companies (name, name_key, region_code, nib, created_at, version)"
                    " VALUES ('PT Lebih Dulu', 'lebih dulu', '53.71', '9120000000001', '2026-11-30', 1)"
                )

    sa.event.listen(Engine, "before_cursor_execute", register)
    try:
        ran = run(
            a_list("PT Contoh;9120000000001;;;Ende;Jl. Misal;;;", "UD Misal;;;15070955;Ende;;;;")
        )
    finally:
        sa.event.remove(Engine, "before_cursor_execute", register)
        other.dispose()
    assert ran.outcomes == ["updated", "new"]
    assert [each.name for each in companies()] == ["PT Lebih Dulu", "UD Misal"]


NAMES = st.sampled_from(["PT Contoh", "CV Contoh", "UD Misal", ""])
NUMBERS = st.sampled_from(["", "", "1", "2"])
PLACES = st.sampled_from(["Ende", "Sikka", "Kupang"])
CORES = st.sampled_from(
    ["", "", "01.234.567.4-901.000", "01.234.567.4-901.001", "02.234.567.4-901.000", "x"]
)
ROWS = st.lists(
    st.tuples(NAMES, NUMBERS, CORES, NUMBERS, PLACES, st.sampled_from(["", "A", "B"])), max_size=8
)


def outcomes(content: str, *, dry_run: bool = False) -> list[RowReport]:
    sheet = spreadsheet.read(content.encode(), filename="x.csv")
    return list(import_companies(sheet, by=SYSTEM, filename="x.csv", dry_run=dry_run))


@pytest.mark.usefixtures("app")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_whatever_is_in_a_list_it_soon_writes_nothing_more_and_a_dry_run_tells_the_truth(
    rows: list[tuple[str, ...]],
) -> None:
    with transaction():
        for table in ("company_names", "companies"):
            db.session.execute(sa.text(f"DELETE FROM {table}"))
    lines = [
        ";".join(
            [
                name,
                nib and f"912000000000{nib}",
                npwp,
                npp and f"1507095{npp}",
                place,
                address,
                "",
                "",
                "",
            ]
        )
        for name, nib, npwp, npp, place, address in rows
    ]
    content = a_list(*lines)
    told = [(each.outcome, each.differs) for each in outcomes(content, dry_run=True)]
    done = [(each.outcome, each.differs) for each in outcomes(content)]
    assert told == done
    outcomes(content)  # a row that only resembled may mean a company that a later row brought
    before = [facts_of(each) for each in companies()]
    assert {each.outcome for each in outcomes(content)} <= {"same", "refused"}
    db.session.expire_all()
    assert [facts_of(each) for each in companies()] == before


def test_a_row_whose_other_name_is_a_known_one_is_not_written_by_the_command(run: Run) -> None:
    a_company("CV Lama")
    ran = run(a_list("PT Andai Baru (dahulu CV Lama);;;;Kota Kupang;;;;"))
    assert ran.outcomes == ["refused"]
    assert "CV Lama adalah nama CV Lama" in ran.lines[0]["remarks"]
