"""Records that may be one company: found at night, looked at by a person, and remembered."""

from __future__ import annotations

import re
from itertools import product

import pytest
import sqlalchemy as sa

from compliance.companies.commands import change_company, facts_of
from compliance.companies.workplaces.commands import WorkplaceFacts, add_workplace
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.merges import jobs
from compliance.merges.commands import tell_apart
from compliance.merges.jobs import find_duplicates
from compliance.merges.models import DuplicatePair
from compliance.merges.queries import load_two
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company, user
from tests.imports.conftest import Run, a_list
from tests.merges.twins import company, merged, stand, twins, undone
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("app")


def pairs(state: str = "suspected") -> set[tuple[int, int]]:
    db.session.rollback()
    rows = sa.select(DuplicatePair.low_id, DuplicatePair.high_id).where(
        DuplicatePair.state == state
    )
    return {(row.low_id, row.high_id) for row in db.session.execute(rows)}


def apart(one: int, other: int, note: str | None = None) -> None:
    with transaction():
        tell_apart(*load_two(user("tika"), one, other, for_update=True), by=user("tika"), note=note)


# The night


def test_the_night_finds_pairs_of_one_name_of_one_taxpayer_and_of_a_slip_of_the_pen() -> None:
    same = a_company("PT Contoh Bahari").id, a_company("P.T. CONTOH BAHARI").id
    branch = (
        a_company("PT Misal", npwp="01.234.567.4-901.000").id,
        a_company("CV Umpama", npwp="01.234.567.4-922.000", region_code="53.08").id,
    )
    slip = a_company("UD Andai Sejahtera").id, a_company("UD Andai Sejahterra").id
    a_company("PT Lain Sekali")
    assert find_duplicates() == {"found": 3, "dropped": 0}
    assert pairs() == {same, branch, slip}
    pair = db.session.scalars(
        sa.select(DuplicatePair).where(DuplicatePair.low_id == branch[0])
    ).one()
    assert (pair.score, [str(each) for each in pair.why]) == (82, ["pokok NPWP sama"])


def test_another_night_finds_nothing_new() -> None:
    twins()
    assert find_duplicates()["found"] == 1
    assert find_duplicates() == {"found": 0, "dropped": 0}


def test_an_imported_list_is_compared_as_well(run: Run) -> None:
    a_company("PT Andai Sejahtera", nib="9120457812302")
    find_duplicates()
    run(a_list("PT Andai Sejahterra;9120000000001;;;Kota Kupang;;;;"))
    assert find_duplicates()["found"] == 1


def test_the_night_looks_at_so_many_and_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "MOST_A_NIGHT", 4)
    monkeypatch.setattr(jobs, "COMPANIES_AT_ONCE", 2)
    for word in ("Sejahtera", "Gemilang", "Nusantara", "Pelangi", "Mutiara"):
        a_company(f"PT {word} {word[::-1]}")
        a_company(f"PT {word} {word[::-1]}x")
    found = [find_duplicates()["found"] for _night in range(4)]
    assert sum(found) == 5
    assert found[-1] == 0
    assert max(found) < 5


def test_a_chain_with_many_branches_is_not_asked_about_two_by_two() -> None:
    for number in range(jobs.MOST_OF_ONE_GROUP + 1):
        a_company(f"{chr(97 + number) * 9} Contoh", npwp=f"01.234.567.4-9{number:02}.000")
    assert len(jobs.same_taxpayer().subquery().c) == 2
    assert db.session.execute(jobs.same_taxpayer()).all() == []


def test_a_pair_that_turns_out_different_is_dropped() -> None:
    kept, gone = twins()
    find_duplicates()
    with transaction():
        one = company(gone)
        change_company(one, facts_of(one, name="CV Misal Lain", npwp=None), by=SYSTEM)
    assert find_duplicates() == {"found": 0, "dropped": 1}
    assert pairs() == set()
    assert kept


def test_who_was_told_apart_is_not_asked_about_again() -> None:
    kept, gone = twins()
    find_duplicates()
    apart(kept, gone, "Pemilik berbeda")
    with transaction():
        change_company(company(gone), facts_of(company(gone), phone="0380-111222"), by=SYSTEM)
    assert find_duplicates() == {"found": 0, "dropped": 0}
    assert (pairs(), pairs("distinct")) == (set(), {(kept, gone)})
    assert [
        each.reason for each in db.session.query(Event).filter_by(kind="company.told_apart")
    ] == ["Pemilik berbeda"]


def test_who_was_told_apart_is_not_asked_about_under_the_name_of_what_was_merged_into_it() -> None:
    kept, gone = twins()
    third = a_company("CV Misal Lain").id
    apart(kept, gone)
    merge = merged(third, kept)
    find_duplicates()
    assert (gone, third) not in pairs()
    undone(merge)
    find_duplicates()
    assert (kept, gone) not in pairs()


def test_a_pair_waits_hidden_while_one_of_them_is_part_of_another(browser) -> None:
    kept, gone = twins()
    third = a_company("PT Contoh Bahari Utama", npwp="01.234.567.4-933.000").id
    find_duplicates()
    assert len(pairs()) == 3
    merge = merged(kept, gone)
    tika = browser("tika")
    rows = tika.get("/companies/duplicates").soup.select("tbody tr")
    assert len(rows) == 1
    assert "PT Contoh Bahari Utama" in rows[0].get_text()
    undone(merge)
    assert len(tika.get("/companies/duplicates").soup.select("tbody tr")) == 3
    assert third


# The queue


def test_the_queue_shows_the_likeliest_first_with_score_and_reasons(browser) -> None:
    a_company("PT Andai Sejahtera", region_code="53.08")
    a_company("PT Andai Sejahterra", region_code="53.08")
    twins()
    find_duplicates()
    tika = browser("tika")
    page = tika.get("/companies/duplicates")
    scores = [int(each) for each in re.findall(r"(\d+)% mirip (?:pokok|nama)", page.text)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2
    assert "pokok NPWP sama · nama 95% mirip, kabupaten/kota sama · tetapi NIB berbeda" in page.text
    page = tika.get("/companies/duplicates?region=53.08")
    assert "PT Andai Sejahterra" in page.text
    assert "Conto Bahari" not in page.text
    assert (
        "Tidak ada pasangan di kabupaten/kota ini"
        in tika.get("/companies/duplicates?region=53.01").text
    )


def test_an_empty_queue_says_how_it_fills(browser) -> None:
    assert "Tidak ada dugaan ganda" in browser("tika").get("/companies/duplicates").text
    assert "Belum ada pasangan" in browser("tika").get("/companies/duplicates?state=distinct").text


def test_the_list_of_companies_says_how_many_wait(browser) -> None:
    twins()
    find_duplicates()
    assert "1 Dugaan ganda" in browser("tika").get("/companies").text
    assert "Dugaan ganda" not in browser("ina").get("/companies").text


def test_pages_follow_each_other_by_score(browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for parts in product(
        ("bora", "kelu", "mita"), ("sando", "wiru", "gatel"), ("nik", "pal", "dor")
    ):
        for spelling in ("Sejahtera", "Sejahterra"):
            a_company(f"PT {''.join(parts)} {spelling}")
    find_duplicates()
    tika = browser("tika")
    page = tika.get("/companies/duplicates")
    more = page.soup.select_one("a[rel=next]")["href"]
    seen = page.soup.select("tbody tr") + tika.get(more).soup.select("tbody tr")
    assert len({each.get_text() for each in seen}) == len(seen) == 27


def test_telling_apart_is_remembered_and_can_be_taken_back(browser) -> None:
    kept, gone = twins()
    find_duplicates()
    tika = browser("tika")
    page = tika.post(f"/companies/{kept}/apart/{gone}", note="Pemilik berbeda")
    assert "bukan perusahaan yang sama" in page.text
    assert "Pemilik berbeda" in tika.get("/companies/duplicates?state=distinct").text
    page = tika.get(f"/companies/{kept}/merge/{gone}")
    assert "Dinyatakan berbeda" in page.text
    pair = db.session.scalars(sa.select(DuplicatePair.id)).one()
    page = tika.post(f"/companies/duplicates/{pair}/reconsider")
    assert "kembali ke daftar dugaan ganda" in page.text
    assert pairs() == {(kept, gone)}
    assert tika.post(f"/companies/duplicates/{pair}/reconsider").status == 409
    assert (
        "Pernyataan bahwa PT Contoh Bahari dan PT. Conto Bahari berbeda dicabut"
        in tika.get(f"/companies/{kept}").text
    )


def test_after_one_pair_is_decided_the_next_one_that_waits_is_shown(browser) -> None:
    first, second = twins()
    for spelling in ("Sejahtera", "Sejahterra"):
        a_company(f"PT Borasando {spelling}")
    find_duplicates()
    low, high = (pairs() - {(first, second)}).pop()
    tika = browser("tika")
    page = tika.post(f"/companies/{first}/apart/{second}", note="Pemilik berbeda")
    assert page.path == f"/companies/{low}/merge/{high}"
    page = tika.post(f"/companies/{low}/apart/{high}", note="Pemilik berbeda")
    assert page.path == "/companies/duplicates"


# Side by side


def test_two_records_are_laid_side_by_side_with_what_moves(browser) -> None:
    kept, gone = twins()
    a_case("ina", company=company(gone))
    page = browser("tika").get(f"/companies/{gone}/merge/{kept}")
    for said in (
        "85% mirip",
        "Kasus: 1, terbuka: 1",
        "Belum ada kasus",
        "pokok sama, cabang berbeda",
    ):
        assert said in page.text, said


def test_the_result_is_shown_before_anything_is_done_and_then_done_as_shown(browser) -> None:
    kept, gone = twins()
    tika = browser("tika")
    address = f"/companies/{kept}/merge/{gone}?check=1&keep={gone}&name={kept}&other_name=alias&nib={kept}"
    page = tika.get(address)
    for said in (
        "PT Contoh Bahari menjadi bagian dari PT. Conto Bahari",
        "9120 0000 0001 1",
        "9120 0000 0002 2 juga menuju ke sini",
    ):
        assert said in page.text, said
    form = page.soup.select_one("main form")
    fields = {each["name"]: each["value"] for each in form.select("input")}
    page = tika.post(form["action"], fields)
    assert page.path == f"/companies/{gone}"
    assert (
        "Digabung menjadi PT Contoh Bahari. Dapat diurungkan sampai 30 Desember 2026" in page.text
    )
    found = company(gone)
    assert (found.name, found.nib, found.further("nib")) == (
        "PT Contoh Bahari",
        "9120000000011",
        ["9120000000022"],
    )
    link = next(each for each in page.links() if "/merges/" in each)
    page = tika.post(link)
    assert page.path == f"/companies/{kept}"
    assert "berdiri sendiri lagi" in page.text
    assert "sudah diurungkan" in tika.post(link).text
    assert "Kedua perusahaan berdiri sendiri lagi" in tika.get(link).text


def test_the_other_record_is_found_by_hand(browser) -> None:
    kept, gone = twins()
    tika = browser("tika")
    assert f"/companies/{kept}/merge" in tika.get(f"/companies/{kept}").links()
    assert f"/companies/{kept}/merge/{gone}" in tika.get(f"/companies/{kept}/merge").links()
    other = a_company("PT Misal Lain").id
    assert (
        f"/companies/{kept}/merge/{other}" in tika.get(f"/companies/{kept}/merge?q=misal").links()
    )
    nothing = tika.get(f"/companies/{kept}/merge?q=sandalwood").text
    assert "Tidak ada perusahaan lain" in nothing


@pytest.mark.parametrize("other", [0, 999, 99999999999])
def test_nobody_is_merged_with_nobody(browser, other: int) -> None:
    kept, _gone = twins()
    assert browser("tika").get(f"/companies/{kept}/merge/{other}").status == 404
    assert browser("tika").get(f"/companies/{kept}/merge/{kept}").status == 404


# Cheap


def test_the_pages_take_few_queries_however_many_pairs_and_cases(browser) -> None:
    kept, gone = twins()
    tika, counts = browser("tika"), []
    addresses = (
        "/companies/duplicates",
        f"/companies/{kept}/merge",
        f"/companies/{kept}/merge/{gone}",
        f"/companies/{kept}/merge/{gone}?check=1",
    )
    for number in (1, 6):
        for at in range(number):
            a_case("ina", company=company(gone))
            a_company(
                f"PT Contoh Bahari {chr(97 + at)}{number}", npwp=f"01.234.567.4-9{number}{at}.000"
            )
        find_duplicates()
        for address in addresses:
            with queries() as seen:
                assert tika.get(address).status == 200
            counts.append(len(seen))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 10, counts


def test_the_page_of_a_company_into_which_another_was_merged_takes_few_queries(browser) -> None:
    kept, gone = twins()
    stand(kept, "hold")
    stand(gone, "caution")
    merged(kept, gone)
    with transaction():
        add_workplace(company(kept), WorkplaceFacts("Cabang Ende", "53.08"), by=user("tika"))
    tika = browser("tika")
    with queries() as seen:
        assert "PT. Conto Bahari" in tika.get(f"/companies/{kept}").text
    assert len(seen) <= 10, seen
