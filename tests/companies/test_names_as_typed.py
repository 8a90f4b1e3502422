"""What a typed name says beside the name: former names, another firm in between, a foreign legal form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.companies.models import Company
from compliance.companies.names import BadName, clean_name, doubts_of_name, parted_name
from compliance.core.db import db
from tests.browser import Browser
from tests.factories import a_company
from tests.imports.conftest import Run, a_list, run

__all__ = ["run"]
Open = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("typed", "name", "former"),
    [
        ("PT Baru (dahulu CV Lama)", "PT Baru", ("CV Lama",)),
        ("PT Baru (dahulu bernama CV Lama)", "PT Baru", ("CV Lama",)),
        ("PT Baru (d/h PT Lama)", "PT Baru", ("PT Lama",)),
        ("PT Baru, d/h PT Lama", "PT Baru", ("PT Lama",)),
        ("PT Baru (eks. PT Lama", "PT Baru", ("PT Lama",)),
        ("PT Baru (ex PT Lama) Tbk", "PT Baru Tbk", ("PT Lama",)),
        ("PT Baru d.h. PT Lama", "PT Baru", ("PT Lama",)),
        ("PT Baru, dahulu CV Lama", "PT Baru", ("CV Lama",)),
        ("PT Baru Tbk eks P.T. Lama", "PT Baru Tbk", ("P.T. Lama",)),
        ("UD Baru ex. CV Lama dahulu bernama Toko Kuno", "UD Baru", ("CV Lama", "Toko Kuno")),
        ("PT Baru eks CV Lama (dahulu UD Kuno)", "PT Baru", ("CV Lama", "UD Kuno")),
        ("PT Ex Jaya eks CV Dulu Kala", "PT Ex Jaya", ("CV Dulu Kala",)),
        ("PT Eks Jaya", "PT Eks Jaya", ()),
        ("CV Dulu Kala", "CV Dulu Kala", ()),
        ("CV Dahulu PT", "CV Dahulu PT", ()),
        ("PT Maju Ex Jaya Tbk", "PT Maju Ex Jaya Tbk", ()),
        ("CV Karya D.H. Putra", "CV Karya D.H. Putra", ()),
        ("Gudang eks PT Lama", "Gudang eks PT Lama", ()),
        ("ex CV Lama", "ex CV Lama", ()),
        ("PT Ekspor (Persero)", "PT Ekspor (Persero)", ()),
        ("PT Baru (ex)", "PT Baru (ex)", ()),
        ("PT Baru (dahulu -)", "PT Baru (dahulu -)", ()),
        ("(dahulu PT Lama)", "(dahulu PT Lama)", ()),
    ],
)
def test_a_former_name_is_parted_from_the_name_when_both_are_names(
    typed: str, name: str, former: tuple[str, ...]
) -> None:
    parted = parted_name(typed)
    assert (parted.name, parted.former) == (name, former)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("PT Contoh (melalui PT Agen)", "(melalui PT Agen)"),
        ("PT Contoh (c/o PT Agen)", "(c/o PT Agen)"),
        ("Contoh Holdings Pte. Ltd.", "Pte Ltd"),
        ("Contoh Sdn. Bhd.", "Sdn. Bhd"),
        ("Contoh B.V.", "B.V"),
        ("Contoh GmbH", "GmbH"),
        ("Contoh, Inc.", "Inc"),
        ("Contoh LLC", "LLC"),
        ("PT Cоntoh", "huruf yang tampak"),  # a Cyrillic о
    ],
)
def test_what_is_odd_about_a_name_is_said(name: str, said: str) -> None:
    [doubt] = doubts_of_name(name)
    assert said in str(doubt)


@pytest.mark.parametrize("name", ["PT Incas Jaya", "CV Limitid", "PT Misal Tbk", "UD Lewat Jaya"])
def test_nothing_is_said_about_a_usual_name(name: str) -> None:
    assert doubts_of_name(name) == []


@pytest.mark.parametrize(
    "name",
    ["PT XXX", "XXX XXX", "CV N/A", "UD tidak ada", "tdk ada", "tidak ada data", "PT. (kosong)"],
)
def test_what_offices_write_for_nothing_is_no_name_behind_a_legal_form_either(name: str) -> None:
    with pytest.raises(BadName):
        clean_name(name)


@pytest.mark.parametrize("name", ["PT Total", "UD Tes", "PT AAA", "UD Ada", "PT X Jaya", "CV XL"])
def test_a_name_that_only_sounds_like_nothing_is_one(name: str) -> None:
    assert clean_name(name) == name


def the_only_one() -> Company:
    db.session.expire_all()
    return db.session.query(Company).one()


def test_the_form_keeps_a_former_name_and_says_so(app, browser: Open) -> None:
    page = browser("tika").post(
        "/companies/new", name="PT Baru (dahulu CV Lama)", region_code="53.71", seen=""
    )
    assert "Nama terdahulu CV Lama ikut disimpan" in page.text
    assert (the_only_one().name, the_only_one().former_names) == ("PT Baru", ["CV Lama"])
    assert "dahulu bernama CV Lama" in browser("tika").get("/companies?q=cv+lama").text


def test_a_former_name_that_is_too_long_is_refused(app, browser: Open) -> None:
    page = browser("tika").post(
        "/companies/new", name=f"PT Baru (dahulu CV {'Lama ' * 60})", region_code="53.71", seen=""
    )
    assert page.status == 422
    assert "Paling panjang 200" in page.text


def test_the_form_remarks_on_a_foreign_form_when_the_name_is_new(app, browser: Open) -> None:
    tika = browser("tika")
    page = tika.post("/companies/new", name="Contoh Pte. Ltd.", region_code="53.71")
    assert "Bentuk hukum asing (Pte Ltd)" in page.text
    id = the_only_one().id
    assert "Bentuk hukum asing" not in tika.submit(f"/companies/{id}/edit", phone="1").text
    page = tika.submit(f"/companies/{id}/edit", name="Contoh Sdn Bhd", naming="renamed")
    assert "Bentuk hukum asing (Sdn Bhd)" in page.text


def test_editing_keeps_former_names_and_adds_a_stated_one(app, browser: Open) -> None:
    id = a_company("PT Contoh", former_names=("CV Contoh",)).id
    page = browser("tika").submit(
        f"/companies/{id}/edit", name="PT Contoh (eks UD Misal)", naming="spelling"
    )
    assert "Nama terdahulu UD Misal ikut disimpan" in page.text
    assert the_only_one().former_names == ["CV Contoh", "UD Misal"]
    changed = browser("tika").get(f"/companies/{id}").text
    assert "nama terdahulu" in changed


def test_an_import_finds_by_the_name_without_the_former_one_and_keeps_that(run: Run) -> None:
    known = a_company("PT Baru").id
    ran = run(a_list("PT Baru (dahulu CV Lama);;;;Kota Kupang;;;;"))
    assert ran.outcomes == ["updated"]
    assert "Nama terdahulu CV Lama ikut disimpan" in ran.lines[0]["remarks"]
    assert the_only_one().id == known
    assert (the_only_one().former_names, the_only_one().aliases) == (["CV Lama"], [])


def test_a_firm_that_is_known_by_its_former_name_is_shown_before_a_second_is_registered(
    app, browser: Open
) -> None:
    a_company("CV Umpama Lama", nib="new")
    page = browser("tika").post(
        "/companies/new", name="PT Contoh Baru (dahulu CV Umpama Lama)", region_code="53.71"
    )
    assert page.status == 409
    assert "CV Umpama Lama" in page.text
    typed = "/companies/alike?name=PT+Contoh+Baru+(d/h+CV+Umpama+Lama)&region_code=53.71"
    assert "CV Umpama Lama" in browser("tika").get(typed).soup.select_one("main").get_text()
