"""The places of Nusa Tenggara Timur and their offices are all there, once, under their own names."""

from __future__ import annotations

import pytest

from compliance.reference.regions import (
    INSPECTORATE,
    LICENSING_OFFICES,
    PROVINCE,
    REGENCIES,
    REGION_NAMES,
    find_region,
    province_of,
    regency_called,
    region_name,
)


def test_the_province_has_21_regencies_and_one_city() -> None:
    assert len(REGENCIES) == 22
    assert sum(p.long_name.startswith("Kabupaten ") for p in REGENCIES) == 21
    assert [p.name for p in REGENCIES if p.long_name.startswith("Kota ")] == ["Kota Kupang"]


def test_codes_and_names_are_unique_and_in_order() -> None:
    codes = [p.code for p in REGENCIES]
    assert codes == sorted(set(codes))
    assert codes[:-1] == [f"53.{n:02}" for n in range(1, 22)]
    assert codes[-1] == "53.71"
    assert len({p.name for p in REGENCIES}) == len({p.long_name for p in REGENCIES}) == 22


def test_the_regency_and_the_city_of_kupang_are_two_places() -> None:
    regency, city = find_region("53.01"), find_region("53.71")
    assert regency is not None
    assert (regency.name, regency.long_name) == ("Kab. Kupang", "Kabupaten Kupang")
    assert city is not None
    assert (city.name, city.long_name) == ("Kota Kupang", "Kota Kupang")


def test_a_family_of_names_is_told_apart_by_code() -> None:
    manggarai = {p.code: p.name for p in REGENCIES if "Manggarai" in p.name}
    assert manggarai == {
        "53.10": "Kab. Manggarai",
        "53.15": "Kab. Manggarai Barat",
        "53.19": "Kab. Manggarai Timur",
    }


def test_the_province_is_a_place_too_and_an_unknown_code_is_none() -> None:
    assert find_region("53") == PROVINCE
    assert PROVINCE.name == "Nusa Tenggara Timur"
    assert find_region("53.22") is None
    assert find_region("") is None


def test_the_province_of_a_place_is_read_from_its_code() -> None:
    assert {province_of(p.code) for p in REGENCIES} == {"53"}
    assert province_of("53") == "53"
    assert province_of("11.01") == "11"


def test_there_is_one_licensing_office_for_the_province_and_one_for_each_regency_and_the_city() -> (
    None
):
    assert len(LICENSING_OFFICES) == 23
    assert {office.kind for office in LICENSING_OFFICES} == {"licensing"}
    assert [office.region_code for office in LICENSING_OFFICES] == [
        "53",
        *(p.code for p in REGENCIES),
    ]
    assert len({office.code for office in LICENSING_OFFICES}) == 23


def test_licensing_offices_bear_the_full_name_of_their_region() -> None:
    names = {office.code: office.name for office in LICENSING_OFFICES}
    assert names["ptsp-53"] == "DPMPTSP Provinsi Nusa Tenggara Timur"
    assert names["ptsp-53.01"] == "DPMPTSP Kabupaten Kupang"
    assert names["ptsp-53.71"] == "DPMPTSP Kota Kupang"


def test_there_is_one_inspectorate_and_it_is_the_provinces() -> None:
    assert (INSPECTORATE.code, INSPECTORATE.kind, INSPECTORATE.region_code) == (
        "disnaker-53",
        "inspectorate",
        PROVINCE.code,
    )
    assert (
        INSPECTORATE.name
        == "Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur"
    )


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
    ],
)  # fmt: skip
def test_a_regency_is_known_by_its_code_or_name_as_lists_write_them(typed: str, code: str) -> None:
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
        "",
        "-",
        "531",
        "kab",
        "٥٣٧١",
    ],
)
def test_a_regency_is_never_guessed(typed: str) -> None:
    assert regency_called(typed) is None


def test_a_name_is_shown_for_every_region_and_the_code_of_an_unknown_one() -> None:
    assert [region_name(code) for code in ("53", "53.71", "54.71")] == [
        "Nusa Tenggara Timur",
        "Kota Kupang",
        "54.71",
    ]
    assert list(REGION_NAMES.items()) == [(region.code, region.name) for region in REGENCIES]
