"""The papers of the demo: what a letter says is what happened in its case, and a newcomer finds all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import demo
from compliance.cases.models import Case, Visit
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.evidence.models import Evidence
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.models import Letter
from compliance.letters.packets.models import Packet
from compliance.licensing.models import Flag
from compliance.office.settings import office_settings, today
from tests.browser import Browser

pytestmark = [pytest.mark.processes, pytest.mark.one_store, pytest.mark.xdist_group("province")]
ON_THE_ROAD = {"spt", "ba", "nota_1", "receipt", "cover_ptsp", "recheck_notice"}


@pytest.fixture
def told(province: Flask) -> Iterator[dict[int, list[Letter]]]:
    """The letters of the cases that have more than notas, by case, in the order in which they were made."""
    with province.app_context():
        query = sa.select(Letter).order_by(Letter.id)
        letters = list(db.session.scalars(query))
        cases = {one.case_id for one in letters if one.case_id and one.kind != "nota_1"}
        companies = {one.case.company_id: one.case_id for one in letters if one.case_id in cases}
        yield {
            case_id: [one for one in letters if one.company_id == company]
            for company, case_id in companies.items()
        }
        db.session.rollback()


def of(letters: list[Letter], kind: str) -> Letter:
    """The letter of this kind in force."""
    return next(one for one in reversed(letters) if one.kind == kind)


def test_three_companies_have_all_papers_of_the_road_and_one_each_the_papers_of_its_end(
    told: dict[int, list[Letter]],
) -> None:
    kinds = [{one.kind for one in letters} for letters in told.values()]
    assert len(kinds) == 3
    assert all(found >= ON_THE_ROAD for found in kinds)
    ends = [sorted(found - ON_THE_ROAD) for found in kinds]
    assert sorted(ends) == [[], ["clearance_letter"], ["noncompliance_report", "nota_2"]]


def test_every_paper_is_dated_on_a_working_day_and_signed_by_whom_it_names(
    told: dict[int, list[Letter]],
) -> None:
    calendar, letters = load_calendar(), [one for each in told.values() for one in each]
    for letter in letters:
        assert calendar.is_working(letter.issued_on), (letter.kind, letter.issued_on)
        assert letter.issued_on <= today()
        assert letter.file is not None
        names = [signer["name"] for signer in letter.facts["signers"]]
        if letter.kind == "receipt":
            assert letter.signed_on is None and letter.number is None
            continue
        assert letter.number
        assert letter.signed_on == letter.issued_on, letter.kind
        assert ("Rosa Umpama Contoh, S.H., M.Si." in names) == letter.by_the_head, letter.kind
        if LETTER_KINDS[letter.kind].signed_by != "head":
            assert "Ina Contoh" in names, letter.kind


def test_what_a_paper_says_is_what_happened_in_its_case(told: dict[int, list[Letter]]) -> None:
    for case_id, letters in told.items():
        case = db.session.get_one(Case, case_id)
        nota = case.nota
        assert nota is not None and case.effective_on is not None
        order, record, notice = (of(letters, kind) for kind in ("spt", "ba", "recheck_notice"))
        assert order.issued_on < nota.inspected_on == nota.issued_on
        assert order.options["visit_on"] == record.options["held_on"] == str(nota.inspected_on)
        assert order.number in str(of(letters, "nota_1").facts["blocks"][0])
        assert notice.options["visit_on"] == str(case.effective_on)
        assert of(letters, "receipt").options["about_letter"] == of(letters, "nota_1").id
        assert nota.received_on == of(letters, "nota_1").deliveries[0].served_on > nota.issued_on
        visited = [visit.visited_on for visit in case.visits]
        assert visited[:1] == [case.effective_on][: len(visited)]


def test_nota_2_and_its_report_come_after_the_time_of_the_nota_before(
    told: dict[int, list[Letter]],
) -> None:
    letters = next(each for each in told.values() if any(one.kind == "nota_2" for one in each))
    case = of(letters, "nota_1").case
    assert case is not None and case.second_nota is not None
    limits = [finding.deadline_on for finding in case.findings]
    second = case.second_nota
    assert max(limit for limit in limits if limit) < second.issued_on
    assert second.deadline_on is not None
    assert second.deadline_on < of(letters, "noncompliance_report").issued_on
    assert case.is_open
    packet = db.session.scalars(sa.select(Packet).where(Packet.case_id == case.id)).one()
    assert packet.file is not None and packet.kind == "full"


def test_the_clearance_letter_is_written_when_the_record_has_ended(
    told: dict[int, list[Letter]],
) -> None:
    letters = next(
        each for each in told.values() if any(one.kind == "clearance_letter" for one in each)
    )
    case, cleared = letters[-1].case, of(letters, "clearance_letter")
    assert case is not None and not case.is_open
    flags = list(db.session.scalars(sa.select(Flag).where(Flag.case_id == case.id)))
    assert flags, "there was a record to end"
    zone = office_settings().zone
    for flag in flags:
        assert flag.lifted_at is not None
        assert clock.day_of(flag.lifted_at, zone) < cleared.issued_on
    proof = case.visits[-1].membership
    assert proof is not None
    assert f"Nomor {proof.certificate}" in cleared.options["proof"][0]
    assert f"{proof.workers} pekerja" in cleared.options["proof"][1]


def test_one_announcement_was_replaced_by_a_second_version_that_says_why(
    told: dict[int, list[Letter]],
) -> None:
    replaced = [one for each in told.values() for one in each if one.status == "replaced"]
    assert [one.kind for one in replaced] == ["recheck_notice"]
    new = next(one for each in told.values() for one in each if one.replaces_id == replaced[0].id)
    assert (new.version, new.number) == (2, f"{replaced[0].number}.A")
    assert new.replaced_why
    assert new.facts["replaces"]["number"] == replaced[0].number


def test_photos_of_the_nota_and_of_the_recheck_are_there_and_some_files_are_restricted(
    told: dict[int, list[Letter]],
) -> None:
    visits = dict(db.session.execute(sa.select(Visit.id, Visit.visited_on)).all())
    notas = {id: db.session.get_one(Case, id).nota for id in told}
    kept = list(db.session.scalars(sa.select(Evidence)))
    about: dict[str, set[str]] = {}
    for item in kept:
        about.setdefault(item.about_kind, set()).add(item.class_)
        assert item.clean_id is not None, "no photo waits for its copy"
        if item.taken_at is not None:
            nota = notas.get(item.about_id) if item.about_kind == "case" else None
            day = nota.inspected_on if nota else visits[item.about_id]
            assert date.fromisoformat(item.taken_at[:10]) == day
    assert about == {
        "case": {"normal", "restricted"},
        "visit": {"normal", "restricted"},
        "letter": {"normal"},
    }


def test_the_inspector_sees_photos_and_letters_and_the_counter_what_was_sent_to_it(
    province: Flask, told: dict[int, list[Letter]]
) -> None:
    case = next(iter(told.values()))[-1].case
    assert case is not None
    number = case.number
    ina, lia = Browser(province), Browser(province)
    ina.sign_in(demo.ACCOUNTS["inspector"][0], demo.PASSWORD)
    files = ina.get(f"/cases/{number}/files")
    assert "Papan nama perusahaan" in files.text
    assert "Terbatas" in files.text
    page = ina.get(f"/cases/{number}")
    for words in ("Berita acara pemeriksaan", "Tanda terima", "Surat pengantar ke PTSP"):
        assert words in page.text
    lia.sign_in(demo.ACCOUNTS["licensing"][0], demo.PASSWORD)
    seen = lia.get(f"/cases/{number}")
    assert "Surat pengantar ke PTSP" in seen.text
    assert "Berita acara" not in seen.text
    assert lia.get(f"/cases/{number}/files").status in (403, 404)


def test_the_audit_finds_nothing_to_object_to(province: Flask) -> None:
    result = province.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output
    assert "letters, evidence, packets and stored files are as the events say" in result.output


def test_the_office_of_the_demo_can_be_asked(province: Flask) -> None:
    with province.app_context():
        assert "demo.example" in office_settings().office_contact
        adi = Browser(province)
        adi.sign_in(demo.ACCOUNTS["admin"][0], demo.PASSWORD)
        assert "Isi di Setelan" not in adi.get("/admin/offices").text
