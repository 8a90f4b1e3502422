"""Regencies as people write them: read for sure, only likely, or ambiguous, and never guessed."""

from __future__ import annotations

import pytest

from compliance.reference.provinces import Province, find_province, provinces
from compliance.reference.regions import Region
from compliance.reference.typed_regencies import RegencyReading, regency_called

NTT = find_province("53")
assert NTT is not None
REGENCIES = NTT.regencies


def read_regency(typed: str, code: str = "53") -> RegencyReading:
    province = find_province(code)
    assert province is not None
    return province.read_regency(typed)


def _spellings(region: Region, province: Province) -> list[str]:
    """What offices write for a regency whose name is plain: as it is, shouted, dotted, with its province."""
    kind, _, name = region.long_name.replace("Administrasi ", "").partition(" ")
    called = province.short_name
    short = {"Kabupaten": "Kab.", "Kota": "Kota"}[kind]
    return [
        region.long_name,
        region.long_name.upper(),
        region.name,
        f"{short}{name}" if short.endswith(".") else region.name,
        f"{short} {name.replace(' ', '-')}",
        f"{short} {name.replace(' ', '. ')}.",
        f"{short} {name.replace(' ', '')}",
        f"{name}, {short}",
        f"{name} ({kind})",
        f"{short} {name}, {called}",
        f"{short.upper()} {name.upper()} - {called}",
        f"{short} {name} Prov. {province.name}",
        f"Provinsi {called}, {short} {name}",
        f"{short} {name}, {province.name}, Indonesia",
        f"{kind} Dati II {name}",
        region.code,
        region.code.replace(".", ""),
        f"{region.code} {region.name}",
        f"{region.name} ({region.code})",
        f"Kec. Misal, {region.name}",
    ]


@pytest.mark.parametrize("province", provinces(), ids=lambda province: province.code)
def test_every_regency_is_read_in_all_its_spellings(province: Province) -> None:
    """By the province that it lies in, and by whoever knows the whole country."""
    for region in province.regencies:
        for spelling in _spellings(region, province):
            assert province.read_regency(spelling).certain == region, spelling
            assert regency_called(spelling) == region, spelling


@pytest.mark.parametrize("region", REGENCIES, ids=lambda region: region.code)
def test_a_name_with_one_slip_is_only_likely(region: Region) -> None:
    swapped = region.name[:-2] + region.name[-1] + region.name[-2]
    for slip in (region.name[:-1], f"{region.name}x", f"{region.name[:-1]}q", swapped):
        reading = read_regency(slip)
        assert (reading.certain, reading.possible) == (None, (region,)), slip


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("TTS", "53.02"), ("Kab. TTS", "53.02"), ("T.T.S.", "53.02"), ("ttu", "53.03"), ("SBD", "53.18"),
        ("S B D", "53.18"), ("Flotim", "53.06"), ("Mabar", "53.15"), ("MATIM", "53.19"),
        ("Kab Sumba Brt Daya", "53.18"), ("Kab. Manggarai Tmr", "53.19"), ("Timor Tengah Utr.", "53.03"),
        ("Kota Madya Kupang", "53.71"), ("Kodya Kupang", "53.71"), ("kota administratif kupang", "53.71"),
        ("Kupang, Kota", "53.71"), ("Kupang Kota", "53.71"), ("Pemkab Ngada", "53.09"),
        ("Kab. Manggarai Barat (Labuan Bajo)", "53.15"), ("Larantuka, Flores Timur", "53.06"),
        ("Kab/Kota Ende", "53.08"), ("53 71", "53.71"),
    ],
)  # fmt: skip
def test_short_forms_and_kinds_anywhere_are_read_for_sure(typed: str, code: str) -> None:
    found = read_regency(typed).certain
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Larantuka", ["53.06"]), ("Bajawa", ["53.09"]), ("Labuhan Bajo", ["53.15"]), ("So'e", ["53.02"]),
        ("SO\N{RIGHT SINGLE QUOTATION MARK}E", ["53.02"]), ("Ba\N{MODIFIER LETTER APOSTROPHE}a", ["53.14"]),
        ("Kota Larantuka", ["53.06"]), ("Kota Ende", ["53.08"]), ("Lrantuka", ["53.06"]),
        ("Alak, Kota Kupang", ["53.71"]), ("Kab. Ende, Jawa Timur", ["53.08"]), ("Kab. Kupnag", ["53.01"]),
        ("Kupang", ["53.01", "53.71"]), ("Kab/Kota Kupang", ["53.01", "53.71"]),
        ("Kupng", ["53.01", "53.71"]),
        ("53.01 - Kota Kupang", ["53.01", "53.71"]), ("Kab. Ende / Kab. Sikka", ["53.07", "53.08"]),
        ("Sumba", ["53.11", "53.12", "53.17", "53.18"]), ("Timor Tengah", ["53.02", "53.03"]),
        ("Kota Surabaya", []), ("Flores", []), ("NTT", []), ("Provinsi", []), ("Ngawi", []), ("tt", []),
    ],
)  # fmt: skip
def test_what_only_might_be_a_regency_is_named_and_not_taken(typed: str, codes: list[str]) -> None:
    reading = read_regency(typed)
    assert reading.certain is None
    assert [region.code for region in reading.possible] == codes


@pytest.mark.parametrize(
    ("province", "typed", "codes"),
    [
        ("15", "Jambi", ["15.71"]), ("18", "Lampung", ["18.01", "18.02", "18.03", "18.04", "18.07"]),
        ("75", "Gorontalo", ["75.01", "75.71"]), ("36", "Tangerang", ["36.03", "36.71"]),
        ("16", "Palembng", ["16.71"]), ("16", "Kab. Ende", []), ("16", "Kota Kupang", []),
        ("16", "Sumsel", []), ("31", "DKI Jakarta", []), ("34", "Jogja", []),
    ],
)  # fmt: skip
def test_a_name_of_the_province_or_of_another_one_is_no_regency_for_sure(
    province: str, typed: str, codes: list[str]
) -> None:
    reading = read_regency(typed, province)
    assert reading.certain is None
    assert [region.code for region in reading.possible] == codes


@pytest.mark.parametrize(
    ("province", "typed", "code"),
    [
        ("15", "Kota Jambi", "15.71"), ("15", "Jambi, Kota", "15.71"), ("15", "Muaro Jambi, Jambi", "15.05"),
        ("18", "Bandar Lampung Lampung", "18.71"), ("18", "Tulang Bawang, Lampung", "18.05"),
        ("11", "Aceh Besar Aceh", "11.06"), ("13", "Lima Puluh Kota", "13.07"), ("63", "Kota Baru", "63.02"),
        ("71", "Kepulauan Siau Tagulandang Biaro", "71.09"), ("72", "Tolitoli", "72.04"),
        ("31", "Kota Jakarta Pusat, DKI Jakarta", "31.71"), ("62", "Palangka Raya", "62.71"),
        ("92", "Kab. Manokwari, Papua Barat", "92.02"), ("34", "Kota Yogyakarta, DIY", "34.71"),
    ],
)  # fmt: skip
def test_a_regency_that_bears_the_name_of_its_province_is_told_from_it(
    province: str, typed: str, code: str
) -> None:
    found = read_regency(typed, province).certain
    assert found is not None
    assert found.code == code
