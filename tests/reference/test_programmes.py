"""Who owes which programme: the scale decides, and nobody is asked for more than that."""

from __future__ import annotations

import pytest

from compliance.reference.programmes import PROGRAMMES, SCALE_CODES, jkp_applies, missing, owed


def test_there_are_five_programmes_named_in_both_languages() -> None:
    assert list(PROGRAMMES) == ["JKK", "JKM", "JHT", "JP", "JKP"]
    for indonesian, english in PROGRAMMES.values():
        assert indonesian.startswith("Jaminan ") and english.endswith(" Programme")


@pytest.mark.parametrize(
    ("scale", "programmes"),
    [
        ("micro", {"JKK", "JKM"}),
        ("small", {"JKK", "JKM", "JHT"}),
        ("medium", {"JKK", "JKM", "JHT", "JP"}),
        ("large", {"JKK", "JKM", "JHT", "JP"}),
        (None, {"JKK", "JKM"}),
    ],
)
def test_the_scale_decides_what_is_owed(scale: str | None, programmes: set[str]) -> None:
    assert owed(scale) == programmes


@pytest.mark.parametrize("scale", [*SCALE_CODES, None])
def test_construction_and_casual_work_owes_the_same_two_at_any_scale(scale: str | None) -> None:
    assert owed(scale, construction_or_casual=True) == {"JKK", "JKM"}
    assert missing(scale, ["JKK"], construction_or_casual=True) == {"JKM"}


def test_a_micro_company_with_jkk_and_jkm_misses_nothing() -> None:
    assert missing("micro", ["JKK", "JKM"]) == frozenset()


def test_a_small_company_is_not_asked_for_a_pension() -> None:
    assert missing("small", ["JKK", "JKM", "JHT"]) == frozenset()


def test_a_medium_company_with_three_programmes_misses_the_pension() -> None:
    assert missing("medium", ["JKK", "JKM", "JHT"]) == {"JP"}


def test_a_company_of_unknown_scale_is_accused_only_of_what_everybody_owes() -> None:
    assert missing(None, []) == {"JKK", "JKM"}
    assert missing(None, ["JKK", "JKM"]) == frozenset()


def test_more_than_is_owed_is_no_breach() -> None:
    assert missing("micro", PROGRAMMES) == frozenset()


@pytest.mark.parametrize("scale", [*SCALE_CODES, None])
def test_the_job_loss_programme_is_never_owed_by_scale_alone(scale: str | None) -> None:
    assert "JKP" not in owed(scale)


@pytest.mark.parametrize(
    ("scale", "applies"),
    [("large", True), ("medium", True), ("small", True), ("micro", False), (None, False)],
)
def test_what_the_scale_owes_opens_the_job_loss_programme_to_all_but_micro(
    scale: str | None, applies: bool
) -> None:
    assert jkp_applies(scale) is applies


def test_a_micro_company_comes_under_the_job_loss_programme_once_it_has_old_age() -> None:
    assert not jkp_applies("micro", enrolled=["JKK", "JKM"])
    assert jkp_applies("micro", enrolled=["JKK", "JKM", "JHT"])


def test_a_large_company_without_pension_does_not_meet_the_condition_yet() -> None:
    assert not jkp_applies("large", enrolled=["JKK", "JKM", "JHT"])


def test_of_an_unknown_scale_the_strictest_condition_is_asked() -> None:
    assert not jkp_applies(None, enrolled=["JKK", "JKM", "JHT"])
    assert jkp_applies(None, enrolled=["JKK", "JKM", "JHT", "JP"])


def test_a_scale_nobody_knows_is_refused_by_name() -> None:
    for question in (owed, jkp_applies, lambda scale: missing(scale, [])):
        with pytest.raises(ValueError, match="'raksasa'"):
            question("raksasa")
    with pytest.raises(ValueError, match="'raksasa'"):
        owed("raksasa", construction_or_casual=True)
