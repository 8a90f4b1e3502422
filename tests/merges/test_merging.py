"""Two records become one company: all that hangs on either stays, everything leads to it, and all
of it can be undone.
"""

from __future__ import annotations

import itertools
import re
import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.drafts import start_draft
from compliance.cases.models import Case
from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.identity import read_number
from compliance.companies.models import Company
from compliance.companies.queries import companies_bearing, find_companies
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.core.errors import NotAllowed, NotFound, Refusal, Taken
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.core.walk import verify
from compliance.licensing.checks.commands import make_check
from compliance.licensing.models import Flag, LicenceCheck
from compliance.merges.commands import merge_companies
from compliance.merges.moving import Choices, referrers
from compliance.merges.queries import load_two
from compliance.policy import SYSTEM
from compliance.web.formatting import in_language
from compliance.web.mailroom import write_message
from tests.factories import a_case, a_company, a_visit, user
from tests.merges.twins import GRAVITY, STANDS, company, merged, stand, twins, undone, verdict_on

pytestmark = pytest.mark.usefixtures("app")


def names_of(id: int) -> tuple[str, list[str], list[str]]:
    found = company(id)
    return found.name, found.former_names, found.aliases


def ids(found: object) -> list[int]:
    return [each.id for each in found]  # type: ignore[attr-defined]


# What becomes of names and numbers


@pytest.mark.parametrize(
    "typed",
    ["9120000000011", "9120000000022", "01.234.567.4-901.000", "01.234.567.4-922.000", "01.234.567.4-955.000",
     "02.234.567.2-901.000", "JJ012345"],
)  # fmt: skip
def test_every_number_of_both_leads_to_the_one_that_stays(typed: str) -> None:
    kept, gone = twins()
    merged(kept, gone)
    assert ids(find_companies(typed)) == [kept]


@pytest.mark.parametrize("typed", ["contoh bahari", "conto bahari", "warung umpama"])
def test_every_name_of_both_leads_to_the_one_that_stays(typed: str) -> None:
    kept, gone = twins()
    merged(kept, gone)
    assert ids(find_companies(typed))[0] == kept
    assert gone not in ids(find_companies(typed))


def test_the_main_name_and_the_main_numbers_are_a_persons_choice() -> None:
    kept, gone = twins()
    merged(kept, gone, name_of=gone, other_name="former", main={"nib": gone, "npwp": kept})
    assert names_of(kept) == ("PT. Conto Bahari", ["PT Contoh Bahari"], ["Warung Umpama"])
    found = company(kept)
    assert (found.nib, found.npwp, found.npp) == ("9120000000022", "0012345674901000", "JJ012345")
    assert found.further("nib") == ["9120000000011"]
    assert sorted(found.other_npwps) == ["0012345674922000", "0022345672901000"]


def test_what_the_one_that_stays_does_not_know_it_learns_from_the_other() -> None:
    kept, gone = twins(phone="0380-999888")
    merged(kept, gone)
    found = company(kept)
    assert (found.workers_total, found.address, found.phone) == (40, "Jl. Misal 1", "0380-111222")


def test_a_name_that_both_bear_is_told_once() -> None:
    one = a_company("PT Contoh Kembar", aliases=("Toko Kembar",)).id
    other = a_company("PT Contoh Kembar", aliases=("Toko Kembar", "Kios Kembar")).id
    merged(one, other)
    assert names_of(one) == ("PT Contoh Kembar", [], ["Toko Kembar", "Kios Kembar"])


def test_a_number_of_either_is_taken_for_everybody_else() -> None:
    kept, gone = twins()
    merged(kept, gone)
    for facts in (
        {"nib": "9120000000022"},
        {"npp": "JJ012345"},
        {"npwp": "02.234.567.2-901.000"},
        {"other_npwps": ("01.234.567.4-922.000",)},
    ):
        with pytest.raises(Taken) as refused:
            register_company(
                CompanyFacts(name="PT Lain Sekali", region_code="53.71", **facts), by=SYSTEM
            )
        assert ids(refused.value.candidates) == [kept]
        db.session.rollback()


# Further numbers without a merge


def test_a_company_bears_the_npwps_of_its_branches(browser) -> None:
    tika = browser("tika")
    tika.post(
        "/companies/new",
        name="PT Contoh Cabang",
        region_code="53.71",
        npwp="01.234.567.4-901.000",
        other_npwps="02.234.567.2-901.000\n03.234.567.0-901.000\n",
    )
    found = find_companies("03.234.567.0-955.000")
    assert [each.name for each in found] == ["PT Contoh Cabang"]
    page = tika.get(f"/companies/{found[0].id}")
    assert "02.234.567.2-901.000 juga menuju ke sini" in page.text
    page = tika.submit(f"/companies/{found[0].id}/edit", other_npwps="03.234.567.0-901.000")
    assert "NPWP lain" in page.text
    assert find_companies("02.234.567.2-901.000") == []


# What moves


def test_cases_flags_checks_and_drafts_follow(at) -> None:
    kept, gone = twins()
    case = a_case("ina", company=company(gone))
    with transaction():
        draft = start_draft(
            company(gone), by=user("ina"), draft_key="b0a1c2d3-0000-4000-8000-000000000002"
        )
        check = make_check("JJ012345", company(gone), by=user("lia"))
    ids_ = (case.id, draft.id, check.id)
    at("2027-03-04")
    a_visit(db.session.get_one(Case, ids_[0]), "not_complied", registered=30)
    flag = db.session.scalars(sa.select(Flag)).one().id
    frozen = db.session.get_one(LicenceCheck, ids_[2]).answer
    merged(kept, gone)
    assert {db.session.get_one(Case, id).company_id for id in ids_[:2]} == {kept}
    assert db.session.get_one(Flag, flag).company_id == kept
    check = db.session.get_one(LicenceCheck, ids_[2])
    assert (check.company_id, check.answer) == (kept, frozen)


def test_no_table_that_refers_to_a_company_is_forgotten() -> None:
    assert {str(each) for each in referrers()} >= {
        "cases.company_id",
        "flags.company_id",
        "licence_checks.company_id",
    }


@pytest.mark.parametrize(("one", "other"), [*itertools.product(STANDS, STANDS)])
def test_a_verdict_is_never_weaker_than_either_was_before(one: str, other: str) -> None:
    kept, gone = twins()
    stand(kept, one)
    stand(gone, other)
    before = [verdict_on(kept), verdict_on(gone)]
    assert before == [one, other]
    merge = merged(kept, gone)
    assert GRAVITY[verdict_on(kept)] == max(GRAVITY[each] for each in before)
    undone(merge)
    assert [verdict_on(kept), verdict_on(gone)] == before


def test_offices_with_a_flag_that_stands_read_of_the_merge_and_of_its_undoing() -> None:
    kept, gone = twins()
    stand(gone, "hold")
    merge = merged(kept, gone)
    undone(merge)
    told = db.session.execute(
        sa.select(Message.kind, Message.user_id).where(
            Message.channel == "inbox", Message.kind.like("company.%")
        )
    ).all()
    readers = {user("lia").id, user("eda").id}
    assert {
        kind: {row.user_id for row in told if row.kind == kind}
        for kind in {row.kind for row in told}
    } == {
        "company.merged": readers,
        "company.merge_undone": readers,
    }
    for message in db.session.scalars(sa.select(Message).where(Message.kind.like("company.%"))):
        for language in ("id", "en"):
            with in_language(language):
                letter = write_message(message)
            assert 10 < len(letter.subject) < 160, letter.subject
            assert "Conto Bahari" in letter.subject + letter.body, letter.body
            assert not re.search(r"None|%\(|[{}]|&amp;", letter.body), letter.body


# Doors


def test_the_page_of_a_company_that_was_merged_leads_on(browser) -> None:
    kept, gone = twins()
    merged(kept, gone)
    page = browser("ina").get(f"/companies/{gone}")
    assert page.path == f"/companies/{kept}"
    assert "PT. Conto Bahari sudah digabungkan ke PT Contoh Bahari" in page.text
    assert "Gabungan beberapa data" in page.text
    assert browser("tika").get(f"/companies/{gone}/edit").path == f"/companies/{kept}"


def test_a_form_that_was_opened_before_the_merge_changes_nothing(browser) -> None:
    kept, gone = twins()
    tika = browser("tika")
    version = tika.get(f"/companies/{kept}/edit").value("version")
    merged(kept, gone)
    page = tika.post(
        f"/companies/{kept}/edit",
        name="PT Lain",
        region_code="53.71",
        naming="renamed",
        version=version,
    )
    assert page.status == 412
    page = tika.post(
        f"/companies/{gone}/edit",
        name="PT Lain",
        region_code="53.71",
        naming="renamed",
        version="1",
    )
    assert page.path == f"/companies/{kept}"
    assert company(kept).name == "PT Contoh Bahari"


def test_a_nota_begun_for_the_old_record_is_about_the_one_that_stays(browser) -> None:
    kept, gone = twins()
    merged(kept, gone)
    browser("ina").post(
        "/notas/new", company=str(gone), draft_key="b0a1c2d3-0000-4000-8000-000000000003"
    )
    assert db.session.scalars(sa.select(Case.company_id)).all() == [kept]


def test_the_list_and_its_count_show_a_merged_company_no_more(browser) -> None:
    kept, gone = twins()
    merged(kept, gone)
    page = browser("tika").get("/companies")
    assert "1 perusahaan" in page.text
    assert f"/companies/{gone}" not in page.links()
    lines = browser("tika").client.get("/companies.csv").get_data(as_text=True).strip().splitlines()
    assert len(lines) == 2


# Events


def test_the_timeline_of_the_one_that_stays_holds_what_was_done_to_both(browser) -> None:
    kept, gone = twins()
    merge = merged(kept, gone)
    page = browser("tika").get(f"/companies/{kept}")
    assert "PT. Conto Bahari didaftarkan" in page.text
    assert "PT Contoh Bahari dan PT. Conto Bahari digabung menjadi PT Contoh Bahari" in page.text
    undone(merge)
    kinds = db.session.execute(
        sa.select(Event.kind, Event.company_id).where(Event.kind.like("company.merge%"))
    ).all()
    assert sorted(map(tuple, kinds)) == [
        ("company.merge_undone", kept),
        ("company.merge_undone", gone),
        ("company.merged", kept),
    ]
    assert list(verify()) == []


# Who, and only once


def test_only_the_team_merges(browser) -> None:
    kept, gone = twins()
    with pytest.raises(NotAllowed):
        load_two(user("ina"), kept, gone, for_update=True)
    addresses = [
        f"/companies/{kept}/merge",
        f"/companies/{kept}/merge/{gone}",
        "/companies/duplicates",
    ]
    seen = {
        who: [browser(who).get(each).status for each in addresses]
        for who in ("ina", "lia", "adi", "sari", "tika")
    }
    assert seen == {who: [200 if who in ("sari", "tika") else 403] * 3 for who in seen}
    for who in ("ina", "lia", "adi"):
        assert browser(who).post(f"/companies/{kept}/merge/{gone}").status == 403
        assert browser(who).post(f"/companies/{kept}/apart/{gone}").status == 403


def test_the_second_of_two_merges_of_the_same_company_is_refused(browser) -> None:
    kept, gone = twins()
    third = a_company("PT Contoh Ketiga").id
    sari, tika = browser("sari"), browser("tika")
    seen = sari.get(f"/companies/{third}/merge/{gone}?check=1").value("seen")
    with transaction():
        one, two = load_two(user("tika"), kept, gone, for_update=True)
        merge_companies(one, two, by=user("tika"), choices=Choices(kept_id=kept, name_of=kept))
    page = sari.post(f"/companies/{third}/merge/{gone}", keep=str(third), seen=seen)
    assert page.status == 409
    assert "PT. Conto Bahari sudah digabungkan ke PT Contoh Bahari." in page.text
    assert tika.post(f"/companies/{kept}/merge/{gone}", seen="x").status == 409
    assert (
        db.session.scalars(sa.select(Company.merged_into_id).where(Company.id == gone)).one()
        == kept
    )


def test_a_preview_of_a_record_that_was_changed_meanwhile_is_refused(browser) -> None:
    kept, gone = twins()
    tika = browser("tika")
    seen = tika.get(f"/companies/{kept}/merge/{gone}?check=1").value("seen")
    with transaction():
        change_company(company(gone), facts_of(company(gone), nib="9120000000099"), by=SYSTEM)
    assert tika.post(f"/companies/{kept}/merge/{gone}", keep=str(kept), seen=seen).status == 412


def test_a_number_tells_a_company_once() -> None:
    kept, gone = twins()
    merged(kept, gone)
    assert ids(companies_bearing(read_number("01.234.567.4-901.000", "npwp"))) == [kept]


# Two at once


def test_of_two_who_merge_the_same_records_at_once_one_succeeds_and_the_other_is_told(
    app: Flask,
) -> None:
    one, other = twins()
    a_case("ina", company=company(other))
    db.session.rollback()
    together, done, refused = threading.Barrier(2), [], []

    def merge(kept: int, gone: int, by: str) -> None:
        with app.app_context():
            together.wait(10)
            try:
                done.append(merged(kept, gone, by=by))
            except (Refusal, NotFound) as refusal:
                refused.append(refusal)

    threads = [
        threading.Thread(target=merge, args=each)
        for each in ((one, other, "tika"), (other, one, "sari"))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(done), len(refused)) == (1, 1)
    assert "sudah digabungkan ke" in str(refused[0].reason)
    assert list(verify()) == []


def test_a_merge_leaves_fillers_behind_and_its_undoing_brings_them_back(browser) -> None:
    kept, gone = a_company("PT Contoh Lama"), a_company("PT Contoh Lamaa", nib="9120001234567")
    kept.nib = "1111111111111"
    db.session.commit()
    kept_id, gone_id = kept.id, gone.id
    page = browser("tika").get(
        f"/companies/{kept_id}/merge/{gone_id}?keep={kept_id}&name={kept_id}&check=1"
    )
    assert "ini angka pengisi, bukan nomor siapa pun; tidak ikut" in page.text
    merge_id = merged(kept_id, gone_id)
    company = db.session.get_one(Company, kept_id)
    assert (company.nib, company.further("nib")) == ("9120001234567", [])
    undone(merge_id)
    db.session.expire_all()
    assert db.session.get_one(Company, kept_id).nib == "1111111111111"
    assert db.session.get_one(Company, gone_id).nib == "9120001234567"
