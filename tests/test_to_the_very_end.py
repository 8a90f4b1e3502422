"""Stories to their very end: on no day is an open case, or a record that stands, in nobody's list."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.licensing.models import Flag
from tests.factories import a_case, a_company
from tests.licensing.desk import Clock, Open

NAME = "PT Contoh Bahari Timur"
WORK = {
    "ina": ("/field", "/cases?view=revisit"),
    "tika": ("/queue", "/cases?view=revisit", "/flags?state=review", "/flags"),
    "sari": ("/cases",),
    "lia": ("/flags",),
}
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


class Story:
    """One company's road, walked by its people at their pages."""

    def __init__(self, browser: Open, at: Clock) -> None:
        self.people = {who: browser(who) for who in WORK}
        self.at = at
        case = a_case(company=a_company(NAME))
        self.number, self.company = case.number, case.company_id

    def come_back_on(self, day: str) -> None:
        """Sessions have ended; everybody signs in again."""
        self.at(day)
        sweep_due_rechecks()
        for who, browser in self.people.items():
            browser.come_in(f"{who}@contoh.example")

    def lists_on(self, day: str) -> dict[str, set[str]]:
        """In whose lists the company stands on that day."""
        self.come_back_on(day)
        return {
            who: {path for path in paths if NAME in self.people[who].get(path).text}
            for who, paths in WORK.items()
        }

    def visit(self, outcome: str, **fields: str) -> None:
        """The recheck's page, and once more where it asks whether one is sure."""
        ina, address = self.people["ina"], f"/cases/{self.number}/recheck"
        form = ina.get(address)
        boxes = form.soup.select("input[name=fixed]") if outcome == "complied" else []
        facts = {**fields, "outcome": outcome, "fixed": [str(box["value"]) for box in boxes]}
        page = ina.submit(address, facts)
        if page.status == 422:
            typed = {name: page.value(name) for name in ("version", "visited_on", "sure")}
            page = ina.post(address, {**facts, **typed})
        offered = f"/companies/{self.company}/circumstance"
        assert page.path == (offered if fields.get("not_met_reason") == "moved" else address[:-8])

    def status(self) -> str:
        return db.session.scalars(sa.select(Case.status).where(Case.number == self.number)).one()

    def standing(self) -> list[str]:
        return list(db.session.scalars(sa.select(Flag.level).where(Flag.lifted_at.is_(None))))


@pytest.fixture
def story(browser: Open, at: Clock) -> Story:
    return Story(browser, at)


def test_a_company_that_complies_after_two_years(story: Story) -> None:
    for day in ("2026-12-01", "2027-03-01"):
        lists = story.lists_on(day)
        assert lists["ina"] == {"/field"}, day
        assert lists["sari"] == {"/cases"}, day
    lists = story.lists_on("2027-03-02")
    assert lists["tika"] >= {"/queue"}
    assert lists["lia"] == {"/flags"}

    story.come_back_on("2027-03-20")
    story.visit("not_complied", workers_registered="30")
    for day in ("2027-03-21", "2028-09-01", "2029-03-02"):
        lists = story.lists_on(day)
        assert lists["ina"] == {"/field", "/cases?view=revisit"}, day
        assert "/cases?view=revisit" in lists["tika"], day
        assert ("/flags?state=review" in lists["tika"]) == (day >= "2028"), day
        assert lists["lia"] == {"/flags"}, day

    story.visit("complied", workers_registered="40", proof="Sertifikat 1, iuran Februari 2029")
    assert (story.status(), story.standing()) == ("resolved", [])
    lists = story.lists_on("2029-03-03")
    assert (lists["ina"], lists["tika"], lists["lia"]) == (set(), set(), set())


def test_a_company_whose_sanction_is_withdrawn_by_bpjs(story: Story) -> None:
    tika = story.people["tika"]
    letter = {"letter_number": "B/12/2026", "letter_on": "30-11-2026", "services": "tender"}
    page = tika.submit(f"/cases/{story.number}/sanction", letter)
    assert page.status == 200, page.text
    story.come_back_on("2027-03-01")
    story.visit("complied", workers_registered="40", proof="Sertifikat 1, iuran Februari 2027")
    assert (story.status(), story.standing()) == ("resolved", ["sanction"])
    for day in ("2027-03-02", "2031-03-03"):
        lists = story.lists_on(day)
        assert lists["lia"] == {"/flags"}, f"{day}: the record outlives its case"
        assert "/flags" in lists["tika"], day
        assert ("/flags?state=review" in lists["tika"]) == (day >= "2028-03-02"), day

    flag = db.session.scalars(sa.select(Flag.id).where(Flag.lifted_at.is_(None))).one()
    end = {"letter_number": "B/99/2031", "letter_on": "3-3-2031"}
    page = tika.submit(f"/flags/{flag}/lift", reason="BPJS mencabut", proof="Pindaian", **end)
    assert (page.status, story.standing()) == (200, [])
    lists = story.lists_on("2031-03-04")
    assert (lists["ina"], lists["tika"], lists["lia"]) == (set(), set(), set())


def test_a_company_that_is_never_found(story: Story) -> None:
    for year in range(2027, 2030):
        day = f"{year}-03-02"
        lists = story.lists_on(day)
        assert "/field" in lists["ina"], day
        assert "/queue" in lists["tika"], day
        assert lists["lia"] == {"/flags"}, day
        story.visit("not_met", not_met_reason="moved", note="Kantor kosong")
    assert story.status() == "recheck_due"
    assert story.standing() == ["warning"]


@pytest.mark.parametrize("kind", ["closed", "bankrupt", "moved"])
def test_a_company_that_closed_went_bankrupt_or_moved(story: Story, kind: str) -> None:
    story.come_back_on("2027-03-02")
    place = {"region_code": "outside", "address": "Surabaya"} if kind == "moved" else {}
    said = {"kind": kind, "since_on": "1-2-2027", "proof": "Surat 7/2027", **place}
    page = story.people["ina"].submit(f"/companies/{story.company}/circumstance", said)
    assert page.status == 200, page.text
    for day in ("2027-03-03", "2028-03-02", "2031-03-03"):
        lists = story.lists_on(day)
        assert "/field" in lists["ina"], day
        assert "/queue" in lists["tika"], day
        assert lists["lia"] == {"/flags"}, day
    story.visit("not_complied", workers_registered="30")
    assert (story.status(), story.standing()) == ("unresolved", ["hold"])
    lists = story.lists_on("2032-03-02")
    assert lists["ina"] == {"/field", "/cases?view=revisit"}
    assert "/cases?view=revisit" in lists["tika"]
    assert lists["lia"] == {"/flags"}
