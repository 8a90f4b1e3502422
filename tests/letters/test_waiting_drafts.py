"""Drafts that only the head's side can issue wait in its list, whether the office wants approval or not."""

from __future__ import annotations

from typing import Any

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from tests.factories import a_company, user
from tests.letters.conftest import FILLED
from tests.licensing.desk import Open
from tests.queries import queries


def some_drafts(api: Any, case_id: int) -> dict[str, int]:
    """An order, a cover letter, a recheck notice and, for the inspectors alone, a record. Ids by kind."""
    company = a_company("CV Misal").id
    order = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": "2026-12-03"}
    asked = {kind: FILLED[kind] for kind in ("cover_ptsp", "recheck_notice", "ba")}
    answers = [api("ina").post(f"/companies/{company}/letters", **order)] + [
        api("ina").post(f"/cases/{case_id}/letters", kind=kind, **facts)
        for kind, facts in asked.items()
    ]
    assert [answer.status_code for answer in answers] == [201] * 4, [one.text for one in answers]
    return {answer.json["kind"]: answer.json["id"] for answer in answers}


def test_a_draft_that_only_the_head_issues_is_in_the_list_without_any_approval(
    browser: Open, api: Any, case_id: int
) -> None:
    drafts, sari = some_drafts(api, case_id), browser("sari")
    page = sari.get("/approvals")
    links = [link["href"] for link in page.soup.select("main ol a")]
    wanted = ("spt", "cover_ptsp", "recheck_notice")
    assert links == [f"/letters/{drafts[kind]}/number" for kind in wanted]
    assert "3 surat" in page.text
    assert page.text.count("menunggu diterbitkan · Ina Contoh") == 3
    assert "3" in page.soup.select_one("nav a[href='/approvals']").text.split()
    assert sari.submit(links[0]).status == 200
    assert "2 surat" in sari.get("/approvals").text


def test_the_page_of_a_draft_says_who_issues_it(browser: Open, api: Any, case_id: int) -> None:
    drafts = some_drafts(api, case_id)
    address = f"/letters/{drafts['recheck_notice']}"
    page = browser("ina").get(address)
    assert "Kepala pengawas menerbitkan surat ini." in page.text
    assert "Kepala pengawas menerbitkan" not in browser("ina").get(f"/letters/{drafts['ba']}").text
    page = browser("sari").get(address)
    assert "Kepala pengawas menerbitkan" not in page.text
    assert page.soup.select_one("a.btn-go[href$='/number']") is not None


def test_an_approved_letter_waits_for_its_number(browser: Open, api: Any, case_id: int) -> None:
    drafts = some_drafts(api, case_id)
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    address = f"/letters/{drafts['recheck_notice']}"
    assert "menyetujui surat ini" in browser("ina").get(address).text
    page = browser("sari").submit(f"{address}/approve", next="yes")
    assert "Surat disetujui." in page.text
    assert page.path == f"/letters/{drafts['spt']}/approve"
    page = browser("sari").get("/approvals")
    assert f"{address}/number" in page.links()
    assert "Kepala pengawas menerbitkan surat ini." in browser("ina").get(address).text


def test_the_list_asks_no_more_with_more_drafts(browser: Open, api: Any, case_id: int) -> None:
    sari, asked = browser("sari"), []
    for _twice in range(2):
        some_drafts(api, case_id)
        with queries() as seen:
            assert sari.get("/approvals").status == 200
        asked.append(len(seen))
        assert len(seen) <= 10, seen
    assert asked[0] == asked[1]
