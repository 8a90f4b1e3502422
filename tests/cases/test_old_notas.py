"""Old notas come along from an office's list: as cases with their days and results, and without noise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.audit.recomputing import table_faults
from compliance.cases.commands.team import remind_inspector
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Nota
from compliance.cases.old_notas.import_kind import day_in
from compliance.cases.old_notas.rules import findings_in, result_in
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.numbering import serial_in
from compliance.core.outbox import Message
from compliance.imports.exports import remarks_as_text
from compliance.imports.models import ImportRow
from compliance.licensing.models import Flag
from compliance.office.commands import change_settings
from compliance.team.jobs import send_morning_digests
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user
from tests.imports.importer import Desk, tick

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]
HEADER = (
    "Nama Perusahaan;Kabupaten/Kota;Nomor Nota;Tanggal Nota;Temuan;Jumlah Pekerja;Pekerja Terdaftar;"
    "Tanggal Diterima;Penerima;Tanggal Cek Ulang;Hasil;Pengawas\n"
)
DONE = (
    "PT Contoh Patuh;Kota Kupang;560/001/2021;12-1-2021;JS-01;40;0;14-1-2021;Ani Contoh, HRD;20/4/2021;"
    "Sudah patuh;\n"
)
FAILED = "CV Contoh Gagal;Ende;560/002/2021;5 Februari 2021;JS-02;;;;;2021-06-01;Patuh sebagian;Budi Misal\n"
LATE = "UD Contoh Lama;Ende;560/003/2021;05/03/21;PDS TK;12;9;;;;belum dicek;\n"
LIST = HEADER + DONE + FAILED + LATE


@pytest.fixture
def desk(browser: Open) -> Desk:
    return Desk(browser("sari"))


def said(**more: str) -> dict[str, str]:
    return {"holder": str(user("ina").id), "counts_from": "1-3-2027", **more}


def tried(desk: Desk, content: str = LIST, **more: str) -> Page:
    desk.upload(content, kind="old_notas")
    page = desk.browser.submit(f"/imports/{desk.id}", **said(**more))
    assert page.status == 200, page.text
    tick()
    return desk.look()


def imported(desk: Desk, content: str = LIST, **more: str) -> Page:
    tried(desk, content, **more)
    desk.act("start")
    tick()
    return desk.look()


def cases() -> dict[str, Case]:
    """The cases by the number of their nota."""
    db.session.rollback()
    db.session.expire_all()
    return {
        case.nota.number or "": case for case in db.session.scalars(sa.select(Case)) if case.nota
    }


def remarks(number: int) -> str:
    db.session.rollback()
    row = db.session.scalars(sa.select(ImportRow).where(ImportRow.number == number)).one()
    return remarks_as_text(row.remarks)


def faults() -> list[str]:
    return list(table_faults(db.session.connection(), None))


def test_a_list_becomes_cases_with_the_days_and_results_that_it_tells(desk: Desk) -> None:
    page = imported(desk)
    assert "Impor selesai" in page.text
    done, failed, late = (cases()[f"560/00{at}/2021"] for at in (1, 2, 3))
    assert (done.status, done.resolved_on) == ("resolved", date(2021, 4, 20))
    assert done.nota and (done.nota.received_on, done.nota.received_by) == (
        date(2021, 1, 14),
        "Ani Contoh, HRD",
    )
    assert [finding.fixed_on for finding in done.findings] == [date(2021, 4, 20)]
    assert done.inspector.name == "Ina Contoh" and done.number == "NTT-2021-0001"
    assert (failed.status, failed.unresolved_on) == ("unresolved", date(2021, 6, 1))
    assert (failed.next_visit_on, failed.inspector.name) == (date(2027, 3, 1), "Budi Misal")
    assert failed.nota and failed.nota.workers_total is None, "nobody was counted"
    assert (late.status, late.effective_on) == ("in_remedy", date(2027, 3, 1))
    assert "Nota lama: hari itu sudah lewat" in " ".join(map(str, late.why))
    assert late.nota and late.nota.inspected_on == late.nota.issued_on == date(2021, 3, 5)
    assert faults() == []


def test_what_is_past_makes_no_mail_no_flag_and_no_escalation(desk: Desk, at) -> None:
    imported(desk)
    sweep_due_rechecks()
    at("2026-12-01 08:00")
    sweep_due_rechecks()
    send_morning_digests()
    assert db.session.scalars(sa.select(Message.kind)).all() == []
    assert db.session.scalars(sa.select(Flag)).all() == []
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    kinds = set(db.session.scalars(sa.select(Event.kind).where(Event.case_id.is_not(None))))
    assert kinds == {"nota.taken_over", "recheck.due", "recheck.missed", "flag.raised"}, (
        "its own day"
    )


def test_a_recheck_that_is_still_to_come_keeps_its_day(desk: Desk) -> None:
    imported(desk, HEADER + LATE.replace("05/03/21", "15-10-2026"))
    assert cases()["560/003/2021"].effective_on == date(2027, 1, 15)


def test_a_visit_that_failed_before_its_day_leaves_the_recheck_to_come(desk: Desk) -> None:
    imported(desk, HEADER + FAILED.replace("2021-06-01", "2021-03-01"))
    case = cases()["560/002/2021"]
    assert (case.status, case.effective_on) == ("in_remedy", date(2027, 3, 1))
    assert [visit.outcome for visit in case.visits] == ["partly_complied"]


def test_the_trial_says_what_will_become_of_every_row(desk: Desk) -> None:
    page = tried(desk)
    assert "patuh sejak 20 April 2021" in page.text
    assert "belum selesai sejak 1 Juni 2021, kunjungan berikutnya 1 Maret 2027" in page.text
    assert "cek ulang jatuh tempo 1 Maret 2027" in page.text
    assert "Cek ulang yang sudah lewat jatuh tempo 1 Maret 2027" in page.text
    assert cases() == {}
    assert "patuh sejak" in desk.browser.get(f"/imports/{desk.id}.csv").html


def test_the_same_list_again_makes_no_case_twice(desk: Desk) -> None:
    imported(desk)
    page = imported(desk)
    assert len(cases()) == 3 and "sudah tercatat" in page.text


def test_an_undone_import_takes_its_cases_back_and_may_come_again(desk: Desk) -> None:
    imported(desk)
    desk.act("undo", sure="yes")
    tick()
    assert cases() == {} and faults() == []
    assert "Tidak ada yang tersisa." in desk.look().text
    imported(desk)
    assert len(cases()) == 3 and faults() == []


def test_a_case_that_went_on_stays_when_its_import_is_undone(desk: Desk) -> None:
    imported(desk)
    with transaction():
        remind_inspector(cases()["560/003/2021"], by=user("tika"), note="Mohon dicek")
    desk.act("undo", sure="yes")
    tick()
    assert list(cases()) == ["560/003/2021"] and faults() == []
    assert "Kasus dari nota ini sudah berlanjut, jadi tidak dihapus" in desk.look().text


def test_an_old_number_is_never_given_again(desk: Desk) -> None:
    with transaction():
        change_settings({"nota_number_template": "560/{serial:03}/{year}"}, by=user("adi"))
    row = LATE.replace("560/003/2021", "560/7/2026").replace("05/03/21", "15-10-2026")
    imported(desk, HEADER + row)
    assert "560/7/2026" in cases(), "as it was written"
    nota = a_case(issued_on=date(2026, 11, 20)).nota
    assert nota is not None and nota.number == "560/008/2026"


def test_a_number_that_is_taken_is_refused_with_whose_it_is(desk: Desk) -> None:
    a_case(company=a_company("PT Lain Sekali"), nota_number="560/001/2021")
    page = tried(desk, HEADER + DONE + LATE + LATE.replace("Lama", "Baru"))
    assert "sudah dipakai untuk PT Lain Sekali" in remarks(2)
    assert "Nomor ini sudah ada di baris 3" in remarks(4)
    assert "Ditolak" in page.text


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("560/003/2021", "", "Nomor nota tidak diisi"),
        ("05/03/21", "kemarin", "kemarin bukan tanggal"),
        ("05/03/21", "", "Tanggal nota tidak diisi"),
        ("05/03/21", "1-1-2030", "belum tiba"),
        ("PDS TK", "entah", "Temuan entah tidak dikenal"),
        ("PDS TK", "", "Temuan tidak diisi"),
        ("12;9", "12;13", "tidak dapat lebih banyak"),
        ("belum dicek", "entah", "Hasil entah tidak dikenal"),
        ("belum dicek", "patuh", "Isi tanggal cek ulang"),
        (";;belum dicek", ";1-2-2021;patuh", "sebelum nota terbit"),
        (";;belum dicek", ";1-7-2021;", "Isi hasil cek ulang tanggal"),
        ("belum dicek;", "belum dicek;Orang Asing", "Pengawas Orang Asing tidak dikenal"),
    ],
)
def test_a_bad_row_gets_a_sentence_and_no_case(
    desk: Desk, before: str, after: str, sentence: str
) -> None:
    assert before in LATE
    imported(desk, HEADER + LATE.replace(before, after))
    assert sentence in remarks(2), remarks(2)
    assert cases() == {}


def test_who_holds_and_from_when_must_be_said(desk: Desk) -> None:
    desk.upload(LIST, kind="old_notas")
    page = desk.browser.submit(f"/imports/{desk.id}", holder="", counts_from="1-1-2020")
    assert page.status == 422
    assert "Pilih pengawas yang memegang kasus" in page.text
    assert "Isi tanggal sesudah hari ini" in page.text
    assert desk.browser.get(f"/imports/{desk.id}").value("counts_from") == "28-2-2027"


def test_a_case_that_failed_before_bears_its_hold_since_the_next_visit_that_fails(
    desk: Desk, at
) -> None:
    imported(desk)
    at("2027-03-01 10:00")
    a_visit(cases()["560/002/2021"], "not_complied", by="budi")
    flag = db.session.scalars(sa.select(Flag)).one()
    assert (flag.level, flag.since_on) == ("hold", date(2027, 3, 1))


def test_every_page_of_an_old_case_can_be_read(desk: Desk, browser: Open, at) -> None:
    imported(desk)
    numbers = [case.number for case in cases().values()]
    for who in ("sari", "ina", "budi"):
        reader = browser(who, "en" if who == "budi" else "id")
        for number in numbers:
            page = reader.get(f"/cases/{number}")
            assert page.status in (200, 404)
        assert reader.get("/cases").status == 200
    assert "Nota lama 560/002/2021" in browser("sari").get(f"/cases/{numbers[1]}").text
    lia = browser("lia")
    assert lia.post("/check", asked="PT Contoh Patuh").status == 200
    yos = browser("yos")
    assert "belum dihitung" in yos.post("/check", asked="CV Contoh Gagal").text
    assert browser("budi").get(f"/cases/{numbers[1]}/recheck").status == 200


def test_nota_ii_waits_until_somebody_has_counted(desk: Desk) -> None:
    imported(desk)
    page = desk.browser.get(f"/cases/{cases()['560/002/2021'].number}/second-nota")
    assert "belum dihitung" in page.text


def test_the_console_takes_old_notas_over_and_tells_who_may_hold_them(
    app: Flask, tmp_path: Path
) -> None:
    file, run = tmp_path / "nota.csv", app.test_cli_runner().invoke
    file.write_text(LIST)
    args = ["notas", "import", str(file), "--holder", "ina@contoh.example"]
    tried = run(args=[*args, "--dry-run"])
    assert "3 new" in tried.output and "nothing was written" in tried.output, tried.output
    assert cases() == {}
    done = run(args=[*args, "--counts-from", "2027-04-01"])
    assert "3 new" in done.output, done.output
    assert cases()["560/003/2021"].effective_on == date(2027, 4, 1)
    assert "3 same" in run(args=args).output and len(cases()) == 3
    refused = run(args=["notas", "import", str(file), "--holder", "adi@contoh.example"])
    assert refused.exit_code == 1 and "holder" in refused.output


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_template_has_a_header_that_is_understood(browser: Open, language: str) -> None:
    reader = browser("sari", language)
    for kind in ("companies", "compliance_list", "old_notas"):
        answer = reader.get(f"/imports/template/{kind}.csv")
        desk = Desk(reader)
        header = answer.html.lstrip("\ufeff").strip()
        desk.upload(f"{header}\n" + ";".join("PT Contoh" for _ in header.split(";")), kind=kind)
        page = desk.browser.get(f"/imports/{desk.id}")
        assert page.tree.xpath("//table//select/option[@selected and @value='']") == [], page.path
    assert reader.get("/imports/template/lain.csv").status == 404


@pytest.mark.parametrize(
    ("cell", "has_day", "outcome"),
    [
        ("Sudah patuh", True, "complied"), ("PATUH", True, "complied"), ("selesai", True, "complied"),
        ("sudah ditindaklanjuti", True, "complied"), ("Telah dipenuhi", True, "complied"),
        ("patuh sebagian", True, "partly_complied"), ("sebagian", True, "partly_complied"),
        ("belum patuh", True, "not_complied"), ("tidak", True, "not_complied"),
        ("tdk ditindaklanjuti", True, "not_complied"), ("Belum", True, "not_complied"),
        ("belum", False, "not_checked"), ("belum dicek", False, "not_checked"),
        ("Belum dilakukan pengecekan", False, "not_checked"), ("-", False, "not_checked"),
        ("", False, "not_checked"), ("proses", False, "not_checked"),
        ("tidak dapat ditemui", True, "not_met"), ("tutup", True, "not_met"),
        ("partly complied", True, "partly_complied"), ("not complied", True, "not_complied"),
        ("dicabut", True, None), ("?", True, None), ("ya mungkin", True, None),
    ],
)  # fmt: skip
def test_results_are_read_as_offices_write_them(cell: str, has_day: bool, outcome: str) -> None:
    assert result_in(cell, has_day=has_day) == outcome


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("JS-02", ("JS-02",)), ("js 2; wl-01", ("JS-02", "WL-01")), ("JS01,JS04", ("JS-01", "JS-04")),
        ("PWBD", ("JS-01",)), ("belum mendaftarkan diri", ("JS-01",)),
        ("PDS Upah dan tunggakan", ("JS-03", "JS-06")), ("upah di bawah UMP", ("UP-01",)),
        ("Belum memiliki Peraturan Perusahaan", ("PP-01",)), ("XX-99", ()), ("lain-lain", ()), ("", ()),
    ],
)  # fmt: skip
def test_findings_are_read_by_code_or_in_words(cell: str, codes: tuple[str, ...]) -> None:
    assert findings_in(cell) == codes


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12-1-2021", date(2021, 1, 12)), ("12/01/21", date(2021, 1, 12)),
        ("2021-01-12", date(2021, 1, 12)), ("12 Januari 2021", date(2021, 1, 12)),
        ("2021-01-12 00:00:00", date(2021, 1, 12)), ("44208", date(2021, 1, 12)),
        ("12 Jan 21", date(2021, 1, 12)),
        ("31-2-2021", None), ("2021", None), ("12", None), ("99999", None),
    ],
)  # fmt: skip
def test_days_are_read_as_offices_and_spreadsheets_write_them(cell: str, day: date | None) -> None:
    assert day_in(cell) == day


def test_a_serial_is_known_in_the_number_that_its_template_makes() -> None:
    day = date(2026, 11, 30)
    assert serial_in("560/{serial:03}/{month_roman}/{year}", "560 / 7 / xi / 2026", day) == 7
    assert serial_in("560/{serial:03}/{year}", "560/0012/2026", day) == 12
    assert serial_in("560/{serial:03}/{year}", "560/12/2025", day) is None
    assert serial_in("560/{serial:03}/{year}", "lain", day) is None


def test_notas_without_a_list_are_as_they_were() -> None:
    nota = a_case().nota
    assert isinstance(nota, Nota) and nota.workers_total == 40
