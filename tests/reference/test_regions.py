"""The regions of the country are all there, once, under their own names, with the offices of a province."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.reference.provinces import Province, find_province, province_called, provinces
from compliance.reference.regions import DATA, RegionTable, find_region, province_of, region_name
from compliance.reference.typed_regencies import regency_called


def province(code: str) -> Province:
    found = find_province(code)
    assert found is not None
    return found


NTT = province("53")


def test_the_country_has_38_provinces_with_514_regencies_and_cities() -> None:
    assert len(provinces()) == 38
    everywhere = [region for each in provinces() for region in each.regencies]
    assert len(everywhere) == len({region.code for region in everywhere}) == 514
    assert sum(region.long_name.startswith("Kota ") for region in everywhere) == 98
    for each in provinces():
        codes = [region.code for region in each.regencies]
        assert codes == sorted(codes), each.name
        assert {province_of(code) for code in codes} == {each.code}
        assert len(set(each.region_names.values())) == len(codes), each.name


def test_the_first_province_has_21_regencies_and_one_city() -> None:
    codes = [region.code for region in NTT.regencies]
    assert codes[:-1] == [f"53.{number:02}" for number in range(1, 22)]
    assert [region.name for region in NTT.regencies if region.long_name.startswith("Kota ")] == [
        "Kota Kupang"
    ]
    assert NTT.example.code == codes[-1] == "53.71"


@pytest.mark.parametrize(
    ("code", "name", "long_name"),
    [
        ("53", "Nusa Tenggara Timur", "Provinsi Nusa Tenggara Timur"),
        ("53.01", "Kab. Kupang", "Kabupaten Kupang"),
        ("53.71", "Kota Kupang", "Kota Kupang"),
        ("16.71", "Kota Palembang", "Kota Palembang"),
        ("36.74", "Kota Tangerang Selatan", "Kota Tangerang Selatan"),
        ("31.71", "Kota Adm. Jakarta Pusat", "Kota Administrasi Jakarta Pusat"),
        ("31.01", "Kab. Adm. Kepulauan Seribu", "Kabupaten Administrasi Kepulauan Seribu"),
        ("11.01.02", "Kec. Kluet Utara", "Kecamatan Kluet Utara"),
    ],
)
def test_a_region_of_the_country_is_found_by_its_code(code: str, name: str, long_name: str) -> None:
    region = find_region(code)
    assert region is not None
    assert (region.name, region.long_name) == (name, long_name)
    assert region_name(code) == name


def test_an_unknown_code_is_no_region_and_is_shown_as_it_is() -> None:
    assert [find_region(code) for code in ("", "54", "53.22", "53.71.99", "53.71.01.2001")] == [
        None
    ] * 5
    assert region_name("54.71") == "54.71"
    assert find_province("54") is find_province("") is None


def test_the_districts_are_read_when_one_is_asked_for_and_not_before() -> None:
    table = RegionTable(DATA)
    assert table.find("11.01") is not None
    assert "_districts" not in vars(table)
    assert table.find("11.01.02") is not None
    assert len(vars(table)["_districts"]) == 7285


def write(folder: Path, **files: str) -> None:
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")


def test_a_later_decree_is_offered_and_a_code_of_before_still_leads_to_its_name(
    tmp_path: Path,
) -> None:
    write(
        tmp_path / "2025",
        provinces="code,name,zone\n90,Contoh,WIB\n",
        regencies="code,name\n90.01,Kabupaten Lama\n90.02,Kabupaten Tetap\n",
        districts="code,name\n90.01.01,Hulu\n",
    )
    write(
        tmp_path / "2027",
        provinces="code,name,zone\n89,Baru,WIT\n90,Contoh Raya,WITA\n",
        regencies="code,name\n89.01,Kota Anyar\n90.02,Kabupaten Tetap Jaya\n",
    )
    table = RegionTable(tmp_path)
    offered = {code: [region.name for region in found] for code, found in table.regencies.items()}
    assert offered == {"89": ["Kota Anyar"], "90": ["Kab. Tetap Jaya"]}
    assert table.zones == {"89": "Asia/Jayapura", "90": "Asia/Makassar"}
    names = {
        code: found.name
        for code in ("90", "90.01", "90.02", "90.01.01")
        if (found := table.find(code))
    }
    assert names == {
        "90": "Contoh Raya",
        "90.01": "Kab. Lama",
        "90.02": "Kab. Tetap Jaya",
        "90.01.01": "Kec. Hulu",
    }


def test_the_province_of_a_place_is_read_from_its_code() -> None:
    assert [province_of(code) for code in ("53", "53.71", "11.01.02")] == ["53", "53", "11"]


def test_a_province_knows_its_own_regencies_and_no_others() -> None:
    sumsel = province("16")
    assert sumsel.known_regency("16.71") == "16.71"
    assert [sumsel.known_regency(code) for code in ("53.71", "16", "", None)] == [None] * 4
    known = [
        code
        for code in ("16", "16.71", "53.71", "53", "16.71.01", "16.99")
        if sumsel.has_region(code)
    ]
    assert known == ["16", "16.71"]


@pytest.mark.parametrize("each", provinces(), ids=lambda each: each.code)
def test_a_province_has_one_inspectorate_and_a_licensing_office_for_itself_and_each_regency(
    each: Province,
) -> None:
    offices = each.licensing_offices
    assert [office.region_code for office in offices] == [
        each.code,
        *(region.code for region in each.regencies),
    ]
    assert {office.kind for office in offices} == {"licensing"}
    assert offices[0].name == f"DPMPTSP {each.long_name}"
    assert len({office.code for office in offices}) == len(offices)
    inspectorate = each.inspectorate
    assert (inspectorate.code, inspectorate.kind) == (f"disnaker-{each.code}", "inspectorate")
    assert inspectorate.name.endswith(each.long_name)


def test_the_words_of_the_first_province_are_those_that_its_papers_bear() -> None:
    assert NTT.inspectorate.name == (
        "Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur"
    )
    said = (NTT.case_word, NTT.government, NTT.capital, NTT.zone)
    assert said == ("NTT", "Pemerintah Provinsi Nusa Tenggara Timur", "Kupang", "Asia/Makassar")


@pytest.mark.parametrize(
    ("code", "word", "capital", "zone"),
    [
        ("16", "SUMSEL", "Palembang", "Asia/Jakarta"), ("36", "BANTEN", "Serang", "Asia/Jakarta"),
        ("31", "DKI", "Jakarta", "Asia/Jakarta"), ("92", "PAPUA-BARAT", "Manokwari", "Asia/Jayapura"),
    ],
)  # fmt: skip
def test_a_province_brings_its_word_its_capital_and_its_zone(
    code: str, word: str, capital: str, zone: str
) -> None:
    each = province(code)
    assert (each.case_word, each.capital, each.zone) == (word, capital, zone)
    assert len({other.case_word for other in provinces()}) == 38


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("16", "16"), ("Sumatera Selatan", "16"), ("provinsi SUMATERA  selatan", "16"), ("Sumsel", "16"),
        ("dki jakarta", "31"), ("D.I. Yogyakarta", "34"), ("papua", "91"), ("Papua Barat", "92"),
        ("Sumatera", None), ("", None), ("16.71", None), ("Atlantis", None),
    ],
)  # fmt: skip
def test_a_province_is_known_by_its_code_its_name_or_what_people_call_it(
    typed: str, code: str | None
) -> None:
    found = province_called(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("53.71", "53.71"), ("5371", "53.71"), ("53,71", "53.71"), (" 53.01 ", "53.01"), ("53.1",
            "53.10"), ("53,2", "53.20"),
        ("Kota Kupang", "53.71"), ("KOTAMADYA KUPANG", "53.71"), ("Kab. Kupang", "53.01"),
        ("kabupaten  kupang", "53.01"),
        ("Ende", "53.08"), ("Kab.Ende", "53.08"), ("KAB ENDE", "53.08"), ("Manggarai", "53.10"),
        ("Manggarai Barat", "53.15"),
        ("53.71 - Kota Kupang", "53.71"), ("Kab. Timor Tengah Selatan", "53.02"),
        ("16.71", "16.71"), ("Kota Tangerang", "36.71"), ("Jakarta Pusat", "31.71"), ("Surabaya", "35.78"),
    ],
)  # fmt: skip
def test_a_regency_of_the_country_is_known_by_its_code_or_name_as_lists_write_them(
    typed: str, code: str
) -> None:
    found = regency_called(typed)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "typed",
    [
        "Kupang",
        "Sumba",
        "Kota Ende",
        "53",
        "5301.2",
        "53.22",
        "Nusa Tenggara Timur",
        "Jakarta",
        "Tangerang",
        "",
        "-",
        "531",
        "kab",
        "٥٣٧١",
    ],
)
def test_a_regency_is_never_guessed(typed: str) -> None:
    assert regency_called(typed) is None
