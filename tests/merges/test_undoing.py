"""A merge undone leaves the database as it was, proven by comparing it; what stands in the way is said."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases.commands.drafts import start_draft
from compliance.cases.models import Case
from compliance.companies.commands import change_company, facts_of
from compliance.companies.queries import load_company
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.licensing.checks.commands import make_check
from compliance.licensing.commands import raise_flag
from compliance.merges.commands import obstacles
from compliance.office.settings import today
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company, user
from tests.merges.twins import company, merged, store, the_merge, twins, undone, verdict_on

pytestmark = pytest.mark.usefixtures("app")


def lively(kept: int, gone: int, at) -> None:
    """Cases in several states, a flag, a draft, checks: on both."""
    for id in (kept, gone):
        case = a_case("ina", company=company(id))
        a_case("budi", company=company(id))
        with transaction():
            start_draft(
                company(id), by=user("ina"), draft_key=f"b0a1c2d3-0000-4000-8000-00000000{id:04}"
            )
            make_check("x", company(id), by=user("lia"))
            raise_flag(case, level="hold", reason=say("Contoh."), since_on=date(2026, 11, 30))


@pytest.mark.parametrize(
    "choices", [{}, {"name_of": 1, "other_name": "former", "main": {"nib": 1, "npwp": 1}}]
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_merge_undone_leaves_the_database_as_it_was(at, choices: dict, turned: bool) -> None:
    kept, gone = twins()
    if turned:
        kept, gone = gone, kept
    lively(kept, gone, at)
    with transaction():
        change_company(
            company(gone), facts_of(company(gone), name="PT Contoh Baru"), by=SYSTEM, renamed=True
        )
    before = store()
    chosen = {
        name: gone if value == 1 else value for name, value in choices.items() if name != "main"
    }
    main = dict.fromkeys(choices.get("main", ()), gone)
    merge = merged(kept, gone, **chosen, main=main)
    assert store() != before
    undone(merge)
    assert store() == before


def test_a_chain_of_merges_is_undone_from_its_end(at) -> None:
    kept, gone = twins()
    third = a_company("PT Contoh Ketiga", nib="9120000000033").id
    lively(kept, gone, at)
    before = store()
    first = merged(kept, gone)
    second = merged(third, kept)
    assert company(gone).merged_into_id == third
    assert load_company(user("tika"), gone).id == third
    with pytest.raises(Refusal, match="Urungkan dulu penggabungan itu"):
        undone(first)
    db.session.rollback()
    undone(second)
    undone(first)
    assert store() == before


def test_what_is_new_since_stays_and_a_flag_raised_on_a_moved_case_goes_back_with_it(at) -> None:
    kept, gone = twins()
    moved = a_case("ina", company=company(gone)).id
    merge = merged(kept, gone)
    new = a_case("ina", company=company(kept)).id
    at("2026-12-10")
    with transaction():
        raise_flag(
            db.session.get_one(Case, moved), level="hold", reason=say("Contoh."), since_on=today()
        )
    assert verdict_on(kept) == "hold"
    undone(merge)
    assert [db.session.get_one(Case, id).company_id for id in (moved, new)] == [gone, kept]
    assert (verdict_on(kept), verdict_on(gone)) == ("caution", "hold")


def test_what_people_changed_since_stays_as_they_left_it(browser) -> None:
    kept, gone = twins()
    merge = merged(kept, gone)
    with transaction():
        one = load_company(user("tika"), kept, for_update=True)
        change_company(
            one, facts_of(one, address="Jl. Baru 2", email="x@contoh.example"), by=user("tika")
        )
    page = browser("tika").get(f"/companies/merges/{merge}")
    assert "Alamat diubah sesudah penggabungan dan tetap seperti sekarang" in page.text
    version = company(kept).version
    undone(merge)
    found = company(kept)
    assert (found.address, found.email, found.workers_total, found.version) == (
        "Jl. Baru 2",
        "x@contoh.example",
        None,
        version + 1,
    )
    assert company(gone).address == "Jl. Misal 1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "PT Contoh Lagi"}, "Kembalikan dulu menjadi PT. Conto Bahari"),
        ({"nib": "9120000000077"}, "NIB utama sudah diubah sesudah penggabungan"),
        (
            {"npwp": "02.234.567.2-901.000"},
            "NPWP utama PT. Conto Bahari sekarang nomor milik PT. Conto Bahari",
        ),
    ],
)
def test_a_merge_whose_name_or_number_was_changed_again_is_not_undone_and_says_why(
    browser, change: dict[str, str], said: str
) -> None:
    kept, gone = twins()
    merge = merged(kept, gone, name_of=gone, main={"nib": gone})
    with transaction():
        one = load_company(user("tika"), kept, for_update=True)
        change_company(one, facts_of(one, **change), by=user("tika"))
    page = browser("tika").get(f"/companies/merges/{merge}")
    assert said in page.text
    assert "Urungkan penggabungan" not in page.text
    assert browser("tika").post(f"/companies/merges/{merge}").status == 409


def test_a_number_that_somebody_else_was_given_stands_in_the_way() -> None:
    kept, gone = twins()
    merge = merged(kept, gone)
    with transaction():
        one = load_company(user("tika"), kept, for_update=True)
        change_company(one, facts_of(one, other_npwps=()), by=user("tika"))
    other = a_company("PT Misal Lain", npwp="02.234.567.2-901.000").name
    assert [str(each) for each in obstacles(the_merge(merge))] == [
        f"NPWP yang akan kembali sekarang dipakai {other}. Perbaiki dulu nomor perusahaan itu."
    ]


def test_a_merge_can_be_undone_for_thirty_days(at, browser) -> None:
    kept, gone = twins()
    merge = merged(kept, gone)
    at("2026-12-30 08:59")
    assert "Urungkan penggabungan" in browser("tika").get(f"/companies/merges/{merge}").text
    at("2026-12-30 09:01")
    page = browser("tika").post(f"/companies/merges/{merge}")
    assert page.status == 409
    assert "dalam 30 hari" in page.text
    assert company(gone).merged_into_id == kept


def test_it_is_undone_once() -> None:
    kept, gone = twins()
    merge = merged(kept, gone)
    undone(merge)
    with pytest.raises(Refusal, match="sudah diurungkan"):
        undone(merge)
