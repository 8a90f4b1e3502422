"""Regencies as people write them: read for sure, only likely, or ambiguous, and never guessed."""

from __future__ import annotations

import pytest

from compliance.reference.regions import REGENCIES, Region, read_regency, regency_called


def _spellings(region: Region) -> list[str]:
    """What offices write for a regency whose name is plain: as it is, shouted, dotted, with its province."""
    kind, _, name = region.long_name.partition(" ")
    short = {"Kabupaten": "Kab.", "Kota": "Kota"}[kind]
    return [
        region.long_name,
        region.long_name.upper(),
        f"{short}{name}" if short.endswith(".") else region.name,
        f"{short} {name.replace(' ', '-')}",
        f"{short} {name.replace(' ', '. ')}.",
        f"{short} {name.replace(' ', '')}",
        f"{name}, {short}",
        f"{name} ({kind})",
        f"{short} {name}, NTT",
        f"{short.upper()} {name.upper()} - NTT",
        f"{short} {name} Prov. Nusa Tenggara Timur",
        f"Provinsi NTT, {short} {name}",
        f"{kind} Dati II {name}",
        region.code,
        region.code.replace(".", ""),
        f"{region.code} {region.name}",
        f"{region.name} ({region.code})",
        f"Kec. Misal, {region.name}",
    ]


@pytest.mark.parametrize("region", REGENCIES, ids=lambda region: region.code)
def test_every_regency_is_read_in_all_its_spellings(region: Region) -> None:
    read = {spelling: regency_called(spelling) for spelling in _spellings(region)}
    assert [spelling for spelling, found in read.items() if found != region] == []


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
    found = regency_called(typed)
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
