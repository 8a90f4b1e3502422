"""How alike two companies are: a table of invented pairs, after what real pairs of records look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.companies.rules import CompanyFacts
from compliance.companies.search.queries import traits_of_facts
from compliance.companies.search.rules import (
    ASK_FROM,
    SHOW_FROM,
    SUSPECT_FROM,
    Traits,
    likeness,
    name_likeness,
)
from compliance.companies.search.spelling import words_that_say_little

pytestmark = pytest.mark.one_store
KUPANG, ENDE = "53.71", "53.08"
LITTLE = words_that_say_little("53")


def traits(
    name: str, *, region_code: str = KUPANG, former: tuple[str, ...] = (), **facts: str
) -> Traits:
    return traits_of_facts(
        CompanyFacts(name=name, region_code=region_code, aliases=former, **facts)
    )  # type: ignore[arg-type]


PAIRS = {
    # the same name, as it is written here and there
    "legal form and dots": (traits("PT. Contoh Bahari (Persero), Tbk"),
        traits("P.T. CONTOH  BAHARI"), 90, "nama sama, kabupaten/kota sama"),
    "Tbk Tbk": (traits("PT Contoh Bahari Tbk Tbk"), traits("Contoh Bahari"), 90,
        "nama sama, kabupaten/kota sama"),
    "cut at 30 characters": (traits("PT Perkebunan Contoh Nusantara"),
        traits("PT Perkebunan Contoh Nusantara Timur Raya"), 88, "nama sama sampai huruf terakhir"),
    "cut within a word": (traits("CV Perkebunan Contoh Nusantara Ti"),
        traits("CV Perkebunan Contoh Nusantara Timur"), 88, "nama sama sampai"),
    "a letter slipped": (traits("PT Contoh Bahari"), traits("PT Contho Bahari"), 82,
        "nama 91% mirip, kabupaten/kota sama"),
    "words joined": (traits("PT Wira Karya Contoh"), traits("PT Wirakarya Contoh"), 89, "nama 99% mirip"),
    "words turned": (traits("PT Bahari Contoh"), traits("PT Contoh Bahari"), 89, "nama 99% mirip"),
    "words joined, and one more": (traits("PT Wira Karya Contoh"),
        traits("PT Wirakarya Contoh Pusat"), 86, "nama 95% mirip"),
    "words joined the other way, where a letter falls together": (traits("UD Sinar Ruteng Misal"),
        traits("UD Rutengsinar Misal Cabang"), 83, "nama 92% mirip"),
    "a word missing": (traits("PT Contohan Bahari Misalan"), traits("PT Contohan Misalan"), 80,
        "nama yang satu memuat nama yang lain"),
    "one line of business in two words": (traits("BPR Contohan"), traits("Bank Perkreditan Rakyat Contohan"),
        89, "nama 99% mirip, kabupaten/kota sama"),
    "another regency": (traits("PT Contoh Bahari"), traits("PT Contoh Bahari", region_code=ENDE),
        70, "nama sama, kabupaten/kota lain"),
    # renamed
    "a former name": (traits("PT Misal Baru", former=("PT Contoh Lama",)), traits("PT Contoh Lama"),
        90, "sama dengan nama lama atau nama lain, kabupaten/kota sama"),
    "a former name, misspelt": (traits("PT Misal Baru", former=("PT Contoh Bahari",)),
        traits("PT Contho Bahari"), 82, "91% mirip dengan nama lama"),
    "renamed, another NIB": (traits("PT Misal Baru", npwp="01.234.567.4-901.000",
        nib="9120000000011"), traits("PT Contoh Lama", npwp="01.234.567.4-922.000",
        nib="9120000000022"), 75, "pokok NPWP sama · kabupaten/kota sama · tetapi NIB berbeda"),
    # numbers
    "15 digits and 16": (traits("PT Misal", npwp="012345674901000"), traits("CV Umpama",
        npwp="0012345674901000", region_code=ENDE), 99, "NPWP sama"),
    "branch of a taxpayer": (traits("PT Misal", npwp="01.234.567.4-901.000"), traits("CV Umpama",
        npwp="01.234.567.4-922.000", region_code=ENDE), 82, "pokok NPWP sama"),
    "branch, same name": (traits("PT Misal", npwp="01.234.567.4-901.000"), traits("PT Misal",
        npwp="01.234.567.4-922.000", region_code=ENDE), 92,
        "pokok NPWP sama · nama sama, kabupaten/kota lain"),
    "NIB whatever the name": (traits("PT Misal", nib="9120-0000.00 011"), traits("CV Umpama",
        nib="9120000000011", region_code=ENDE), 100, "NIB sama"),
    "NPP whatever the name": (traits("PT Misal", npp="JJ-012345"), traits("CV Umpama",
        npp="jj012345"), 100, "NPP sama · kabupaten/kota sama"),
    # what speaks against it
    "another NIB": (traits("PT Contoh Bahari", nib="9120000000011"), traits("PT Contoh Bahari",
        nib="9120000000022"), 77, "tetapi NIB berbeda"),
    "another taxpayer": (traits("PT Contoh Bahari", npwp="01.234.567.4-901.000"),
        traits("PT Contoh Bahari", npwp="02.234.567.2-901.000"), 65, "tetapi pokok NPWP berbeda"),
    "a NIK beside an old NPWP": (traits("UD Contoh Bahari", npwp="5371014107800001"),
        traits("UD Contoh Bahari", npwp="02.234.567.2-901.000"), 90, "nama sama"),
    # hints
    "telephone": (traits("PT Contoh Bahari", phone="(0380) 111-222"), traits("PT Contoh Bahari",
        phone="+62 380 111222", region_code=ENDE), 76, "telepon sama"),
    "address in another order": (traits("PT Contoh Bahari", address="Jl. Misal No. 1\nKel. Contoh"),
        traits("PT Contoh Bahari", address="Jalan Misal 1, Kelurahan Contoh", region_code=ENDE), 76,
        "alamat mirip"),
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_score_and_its_reasons(pair: tuple[Traits, Traits, int, str]) -> None:
    one, other, score, said = pair
    found = likeness(one, other, LITTLE)
    assert (found.score, said in " · ".join(map(str, found.reasons))) == (score, True), found
    assert likeness(other, one, LITTLE).score == found.score


OTHERS = [
    ("PT Contoh Bahari", "PT Contoh Bahana"), ("UD Sinar Contoh", "UD Sinar Misal"),
    ("SMA Contoh 1", "SMA Contoh 2"),
    ("PT Contoh Karya II", "PT Contoh Karya III"), ("PT Contoh", "PT Contoh Bahari Nusantara"),
    ("PT Tri Misal", "PT Tra Misal"),
    ("PT Sinar Jaya", "PT Sinar Abadi Jaya"), ("PT Contohan Misalan", "CV Contohan Bahari Misalan"),
    ("CV Contoh Jaya", "CV Misal Jaya"), ("PT Jaya", "PT Raya"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_are_not_suspected(one: str, other: str) -> None:
    assert likeness(traits(one), traits(other), LITTLE).score < SUSPECT_FROM


def test_an_address_or_a_telephone_alone_means_nothing() -> None:
    one = traits("PT Contoh", address="Jl. Misal 1", phone="0380-111222")
    other = traits("CV Umpama", address="Jl. Misal 1", phone="0380-111222")
    assert likeness(one, other, LITTLE) == likeness(traits("A"), traits("B"), LITTLE)


def test_a_regency_that_is_not_known_yet_is_not_held_against_anybody() -> None:
    found = likeness(traits("Contoh Bahari", region_code=""), traits("PT Contoh Bahari"), LITTLE)
    assert (found.score, [str(each) for each in found.reasons]) == (80, ["nama sama"])


def test_the_thresholds_stand_in_their_order() -> None:
    assert 0 < SHOW_FROM < ASK_FROM < SUSPECT_FROM < 100


KEYS = st.lists(st.text("abi1x", min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)


@given(KEYS, KEYS)
def test_a_name_is_like_itself_and_likeness_has_no_direction(one: str, other: str) -> None:
    assert name_likeness(one, one, LITTLE) == 100
    assert name_likeness(one, other, LITTLE) == name_likeness(other, one, LITTLE)
    assert 0 <= name_likeness(one, other, LITTLE) <= 100
