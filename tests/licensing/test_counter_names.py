"""Names at the counter: never certain beside another that is near, never grey while the right one is."""

from __future__ import annotations

import pytest

from tests.factories import a_company
from tests.licensing.desk import NIB, Open, ask, checks
from tests.merges.twins import stand

NEAR = "CV Maju dan Lancar Abadi"


@pytest.mark.parametrize(
    "typed",
    ["CV Maju & Lancar Abadi", "CV Maju and Lancar-Abadi", "cv. maju dan lancarabadi",
     "Máju dan Lancar Abadi"],
)  # fmt: skip
def test_an_exact_name_without_a_rival_is_certain_however_its_marks_are_typed(
    browser: Open, typed: str
) -> None:
    a_company(NEAR)
    assert "HIJAU" in ask(browser("lia"), typed).text


@pytest.mark.parametrize(
    "twin",
    ["CV Maju & Lancar Abadi", "CV Madjoe dan Lantjar Abadi", "CV Maju dan Lancr Abadi",
     "CV Maju dan Lancar Abadi Jaya"],
)  # fmt: skip
def test_beside_a_twin_that_is_held_a_name_is_never_green(browser: Open, twin: str) -> None:
    held = a_company(twin)
    stand(held.id, "hold")
    a_company(NEAR)
    page = ask(browser("lia"), NEAR)
    assert page.path == "/check/choose"
    assert page.soup.select("table.choices button.title")[0].get_text() == twin
    assert checks() == []


def test_a_number_stays_certain_and_names_the_held_twin_below(browser: Open) -> None:
    held = a_company("CV Maju dan Lancar Abadi")
    stand(held.id, "hold")
    a_company("CV Madjoe dan Lantjar Abadi", nib=NIB)
    page = ask(browser("lia"), NIB)
    assert "HIJAU" in page.text
    assert "Ada nama yang mirip dan punya catatan: CV Maju dan Lancar Abadi." in page.text


def test_a_held_namesake_is_the_first_of_many_and_named_below_a_number(browser: Open) -> None:
    for _ in range(30):
        a_company("PT Karya Umpama", region_code="53.08")
    a_company("PT Karya Umpama", nib=NIB)
    held = a_company("PT Karya Umpama", address="Jalan Misal 1")
    stand(held.id, "hold")
    held_id = held.id
    page = ask(browser("lia"), "PT Karya Umpama")
    assert page.soup.select("table.choices button.title")[0]["value"] == str(held_id)
    assert "punya catatan: PT Karya Umpama." in ask(browser("lia"), NIB).text


def test_another_legal_form_is_another_firm(browser: Open) -> None:
    a_company("Koperasi Maju Lancar")
    page = ask(browser("lia"), "PT Maju Lancar")
    assert page.path == "/check/choose"
    assert "Koperasi Maju Lancar" in page.text
    a_company("PT Maju Lancar")
    page = ask(browser("lia"), "Maju Lancar")
    assert page.path == "/check/choose"
    assert {"PT Maju Lancar", "Koperasi Maju Lancar"} <= {
        each.get_text() for each in page.soup.select("table.choices button.title")
    }


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Koperasi Contoh Tani", "Kop. Contoh Tani"),
        ("Koperasi Serba Usaha Contoh", "KSU Contoh"),
        ("Rumah Sakit Santo Misal", "RS St. Misal"),
        ("RS Umpama", "Rumah Sakit Umpama"),
        ("UD Contoh Andai", "UD Contoh Andai (cabang Ende)"),
        ("UD Contoh Andai", "UD Contoh Andai Sejahtera"),
        ("Apotek K-24 Oebobo", "apotik K24 Oebobo"),
        ("Toko 88", "toko 88"),
        ("PT Bina Karya Contoh", "BKC"),
        ("PT Soekarno Djaja", "Sukarno Jaya"),
        ("PT Contoh Sejahtera", "PT Contho Sejahtra"),
        ("PT Contoh Eastern Shipping", "Pelayaran Contoh Timur"),
        ("PT Umpama", "Perusahaan PT Umpama"),
        ("PT Mekar", "PT Mear"),
        ("UD Maju", "UD Maeju"),
        ("CV Timur", "CV Tiumr"),
        ("CV Nusa", "Nuna"),
        ("CV Niaga", "Ntaga"),
        ("CV Flores", "CV Flores (cabang Ende)"),
        ("CV Flores", "CV Flores Indah"),
        ("UD Umpama", "NPWP: 01.234.567.4-901.000 a.n. UD Umpama"),
    ],
)
def test_the_closest_names_are_offered_before_the_answer_is_grey(
    browser: Open, name: str, typed: str
) -> None:
    a_company("UD Lain Sekali")
    a_company(name)
    page = ask(browser("lia"), typed)
    assert name in page.text
    assert "ABU" not in page.text


def test_among_several_the_own_regency_comes_first_and_the_endings_tell_them_apart(
    browser: Open,
) -> None:
    a_company(
        "PT Contoh Bahari", region_code="53.08", nib="9120000014321", npwp="01.234.567.4-901.000"
    )
    a_company(
        "PT Contoh Bahari", region_code="53.71", nib="9120000024321", npwp="02.234.567.2-901.000"
    )
    page = ask(browser("lia"), "PT Contoh Bahari")
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("table.choices tbody tr")]
    assert "Kota Kupang" in rows[0]
    assert "NIB …24321" in rows[0]
    assert "NIB …14321" in rows[1]
    assert rows[0].split("NPWP")[1] != rows[1].split("NPWP")[1]


@pytest.mark.parametrize(
    ("held", "asked"),
    [("Toko 88", "Toko 88A"), ("PT Mekar", "PT Mekas"), ("CV Nusa", "CV Nuas")],
)
def test_beside_a_held_name_one_slip_away_a_short_name_is_not_certain(
    browser: Open, held: str, asked: str
) -> None:
    stand(a_company(held).id, "hold")
    a_company(asked)
    page = ask(browser("lia"), asked)
    assert page.path == "/check/choose"
    assert page.soup.select("table.choices button.title")[0].get_text() == held


@pytest.mark.parametrize(
    "typed", ["12", "-12", "1234567", "AB12345", "tidak ada", "xxx", "ABCDEFGHIJK123456789012345"]
)
def test_what_is_neither_a_name_nor_a_number_is_refused_and_nothing_is_kept(
    browser: Open, typed: str
) -> None:
    page = ask(browser("lia"), typed)
    assert page.soup.select_one("#asked-error")
    assert checks() == []


@pytest.mark.parametrize("typed", ["9120001234561", "9120 0021 3456 7", "NIB 9120001234568"])
def test_a_nib_one_slip_from_a_known_one_is_offered_before_the_answer_is_grey(
    browser: Open, typed: str
) -> None:
    a_company("UD Lain Sekali", nib="9120009999999")
    a_company("PT Contoh Bahari", nib=NIB)
    page = ask(browser("lia"), typed)
    assert page.path == "/check/choose"
    assert [b.get_text() for b in page.soup.select("table.choices button.title")] == [
        "PT Contoh Bahari"
    ]
    assert "beda satu tanda" in page.text


def test_when_it_is_none_of_those_that_are_near_the_officer_says_so_and_gets_a_receipt(
    browser: Open,
) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    lia = browser("lia")
    for typed in ("9120001234561", "PT Contoh Bahar"):
        ask(lia, typed)
        page = ask(lia, "", none="1", among=typed)
        assert "ABU – TIDAK DITEMUKAN" in page.text
        assert checks()[-1].asked == typed


def test_whose_very_name_is_among_those_near_is_not_answered_as_nobody(browser: Open) -> None:
    a_company("PT Contoh Bahari")
    a_company("PT Contoh Bahari", region_code="53.08")
    lia = browser("lia")
    page = ask(lia, "PT Contoh Bahari")
    assert not page.soup.select("button[name=none]")
    assert ask(lia, "", none="1", among="PT Contoh Bahari").path == "/check/choose"
    assert checks() == []
