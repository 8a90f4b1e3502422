"""Nota II: issued when the time of Nota I is over, with a time of its own, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.admin.audit.recomputing import table_faults
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.second_nota import issue_second_nota
from compliance.cases.models import Case, Finding
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.office.commands import change_settings
from compliance.team.jobs import send_morning_digests
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def again(id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, id, populate_existing=True)


def received(id: int, on: date, kind: str = "I") -> None:
    with transaction():
        record_receipt(
            db.session.get_one(Case, id),
            by=user("ina"),
            received_on=on,
            received_by="Ani Contoh, HRD",
            kind=kind,
        )


def a_lapsed_case(at: Clock, **facts: Any) -> int:
    """A case of Ina's on 17 December, some days after the time of its nota ended."""
    id = a_case(company=a_company("PT Contoh Bahari Timur"), **facts).id
    received(id, date(2026, 11, 30))
    at("2026-12-17 08:00")
    return id


def second(id: int, **facts: Any) -> Case:
    with transaction():
        issue_second_nota(
            db.session.get_one(Case, id),
            by=user("ina"),
            issued_on=facts.pop("issued_on", date(2026, 12, 17)),
            **facts,
        )
    return again(id)


def kinds(id: int) -> list[str]:
    return list(
        db.session.scalars(sa.select(Event.kind).where(Event.case_id == id).order_by(Event.id))
    )


def test_on_the_page_from_the_lapsed_limit_to_the_next_step(
    browser: OpenBrowser, at: Clock
) -> None:
    id = a_lapsed_case(at, violations=("JS-02", "JS-04"))
    ina, address = browser("ina"), f"/cases/{again(id).number}"
    assert "Batas waktu nota lewat (1)" in ina.get("/field").text
    page = ina.get(address)
    assert "Batas waktu Nota I, 14 Desember 2026, sudah lewat." in page.text
    form = ina.get(page.soup.select_one(".next .btn-go")["href"])
    assert "Belum selesai (2)" in form.text
    page = ina.submit(form.path)
    assert "Nota II 560/002-NP/XII/2026 terbit." in page.text
    assert "Tanda terimanya belum dicatat" in page.text
    page = ina.submit(
        f"{address}/second-receipt", received_by="Ani Contoh, HRD", received_on="17-12-2026"
    )
    assert "Batas waktu Nota II 24 Desember 2026." in page.text
    assert "Batas waktu nota lewat" not in ina.get("/field").text
    at("2026-12-28 08:00")
    ina = browser("ina")
    page = ina.get(address)
    assert "laporan ketidakpatuhan" in page.text
    assert "terlambat 4 hari" in page.text
    assert "laporan ketidakpatuhan" in ina.get("/field").text
    assert again(id).effective_on == date(2027, 3, 1), "the recheck is neither delayed nor replaced"


def test_nothing_of_nota_i_happens_twice(at: Clock) -> None:
    id = a_lapsed_case(at)
    case = again(id)
    before = (case.effective_on, case.next_step_at, case.nota.id, case.number)
    told = db.session.scalar(sa.select(sa.func.count()).select_from(Message))
    second(id)
    received(id, date(2026, 12, 17), "II")
    case = again(id)
    assert (case.effective_on, case.next_step_at, case.nota.id, case.number) == before
    assert case.second_nota is not None and case.second_nota.deadline_on == date(2026, 12, 24)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == told
    assert kinds(id).count("nota.issued") == kinds(id).count("nota.conveyed") == 1
    assert {finding.deadline_on for finding in case.findings} == {date(2026, 12, 14)}
    assert list(table_faults(db.session.connection(), [id])) == []


def test_a_changed_second_nota_is_named_by_the_audit(at: Clock) -> None:
    id = a_lapsed_case(at)
    second(id)
    db.session.execute(sa.text("UPDATE notas SET number = '9/9' WHERE kind = 'II'"))
    faults = list(table_faults(db.session.connection(), [id]))
    assert faults == [
        f"letter 2 of case {id}: its number is 560/002-NP/XII/2026, by its nota 9/9",
        "nota 9/9: number is 9/9, by the events 560/002-NP/XII/2026",
    ]


def test_its_guards_have_their_sentences(at: Clock) -> None:
    id = a_case().id
    with pytest.raises(Refusal, match="tanda terima Nota I"):
        second(id, issued_on=date(2026, 11, 30))
    received(id, date(2026, 11, 30))
    with pytest.raises(Refusal, match="belum lewat"):
        second(id, issued_on=date(2026, 11, 30))
    at("2026-12-17")
    with pytest.raises(Invalid) as refused:
        second(id, issued_on=date(2026, 12, 14), days=0)
    assert set(refused.value.errors) == {"issued_on", "days"}
    with pytest.raises(Taken):
        second(id, number=again(id).nota.number)
    with pytest.raises(Refusal, match="belum terbit"):
        received(id, date(2026, 12, 17), "II")
    second(id)
    with pytest.raises(Refusal, match="sudah terbit"):
        second(id)


def test_a_finding_fixed_meanwhile_is_not_warned_of(at: Clock) -> None:
    id = a_lapsed_case(at)
    with transaction():
        for finding in db.session.scalars(sa.select(Finding)):
            finding.fixed_on = date(2026, 12, 16)
    with pytest.raises(Refusal, match="sudah selesai"):
        second(id)


def test_a_finding_for_a_nota_khusus_is_kept_out_and_says_why(
    browser: OpenBrowser, at: Clock
) -> None:
    case = again(a_lapsed_case(at, violations=("JS-02", "HK-02")))
    number = case.number
    assert [finding.violation.code for finding in case.warned_of] == ["JS-02"]
    assert [finding.deadline_on is None for finding in case.findings] == [False, True]
    page = browser("ina").get(f"/cases/{number}")
    assert "karena itu tidak ada dalam Nota I" in page.text
    assert "menurut Nota Khusus" in page.text
    assert "karena ditulis dalam Nota Pemeriksaan Khusus: HK-02" in page.text


def test_the_office_says_how_long_nota_ii_runs(at: Clock) -> None:
    id = a_lapsed_case(at)
    with transaction():
        change_settings({"second_nota_days": 3, "finding_day_type": "working"}, by=user("adi"))
    case = second(id)
    assert case.second_nota is not None
    assert (case.second_nota.deadline_days, case.second_nota.deadline_day_type) == (3, "working")


def test_the_digest_names_what_lapsed_and_the_queue_counts_it(
    browser: OpenBrowser, at: Clock
) -> None:
    id = a_lapsed_case(at)
    number = again(id).number
    at("2026-12-15 08:00")
    send_morning_digests()
    [told] = db.session.scalars(
        sa.select(Message).where(Message.kind == "digest", Message.channel == "inbox")
    )
    assert [line["case_number"] for line in told.fact("lapsed")] == [number]
    db.session.rollback()
    tika = browser("tika")
    page = tika.get("/queue")
    assert "Batas waktu nota lewat pada 1 kasus" in page.text
    assert number in tika.get("/cases?view=lapsed").text
    assert "lapsed" not in browser("lia").get("/cases").text
    a_visit(again(id), "complied")
    assert "Batas waktu nota lewat pada" not in tika.get("/queue").text


def test_licensing_reads_the_limit_that_nota_ii_granted(browser: OpenBrowser, at: Clock) -> None:
    id = a_lapsed_case(at)
    address, lia = f"/cases/{again(id).number}", browser("lia")
    assert "paling lambat 14 Desember 2026" in lia.get(address).text
    second(id)
    assert "paling lambat 7 hari setelah Nota II diterima" in lia.get(address).text
    received(id, date(2026, 12, 17), "II")
    page = lia.get(address)
    assert "paling lambat 24 Desember 2026" in page.text
    assert "14 Desember" not in page.text
    page = lia.submit("/check", asked="PT Contoh Bahari Timur")
    assert "paling lambat 24 Desember 2026" in page.text
    assert "14 Desember" not in page.text


def test_the_way_to_the_check_brings_the_company_along(browser: OpenBrowser) -> None:
    company = a_company("PT Contoh Bahari Timur", nib="9120001234567")
    case, lia = a_case(company=company), browser("lia")
    page = lia.get(f"/cases/{case.number}")
    [way] = [
        link["href"]
        for link in page.soup.select("main a")
        if link.get_text() == "Cek perusahaan ini untuk pemohon"
    ]
    page = lia.get(way)
    assert page.value("asked") == "9120001234567"
    page = lia.submit(page.path, asked=page.value("asked"))
    assert "PT Contoh Bahari Timur" in page.text
    assert page.path.startswith("/check/CK-")
