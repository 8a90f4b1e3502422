"""The steps of a case as pages: what they say before, what they do, how they refuse, and two people
at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Visit
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.office.commands import change_settings
from compliance.policy import SYSTEM
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")
OFFICES = "DPMPTSP Provinsi Nusa Tenggara Timur, DPMPTSP Kota Kupang"


@pytest.fixture
def number() -> str:
    """The number of a case of Ina's in Kota Kupang, due on 1 March 2027, with two findings."""
    return (
        a_case(company=a_company("PT Contoh Bahari Timur"), violations=("JS-02", "JS-04")).number
        or ""
    )


def reread(number: str) -> Case:
    db.session.rollback()
    return db.session.scalars(sa.select(Case).where(Case.number == number)).one()


def visits() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) or 0


def notice(page: Page) -> str:
    found = page.soup.select_one("main > .notice[role=status]")
    return found.get_text() if found else ""


def problems(page: Page) -> list[str]:
    return [each.get_text() for each in page.soup.select(".problems li")]


IN_VAIN = (
    "Kunjungan dicatat: tidak dapat ditemui. Kasus tetap seperti semula. Atur kunjungan berikutnya."
)


def hidden(page: Page) -> dict[str, str]:
    """What the page of a visit sends along when it is sent once more."""
    return {name: page.value(name) for name in ("version", "visited_on", "sure")}


def test_from_the_field_to_a_recorded_patuh_in_eight_taps_and_one_number(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    at("2027-03-01 08:00")
    sweep_due_rechecks()
    ina, taps = browser("ina"), 0
    page = ina.get("/")
    taps += 1  # Lapangan, where an inspector is after signing in
    assert page.path == "/field"
    page = ina.get(next(link for link in page.links() if link.endswith(number)))
    taps += 1
    page = ina.get(page.soup.select_one(".next .btn-go")["href"])
    taps += 1
    [patuh] = page.soup.select("input[name=outcome][value=complied]")
    taps += 1
    fixed = [box["value"] for box in page.soup.select("input[name=fixed]")]
    taps += len(fixed)
    seen = {"outcome": patuh["value"], "workers_registered": "40", "fixed": fixed}
    page = ina.submit(page.path, seen)
    taps += 1
    assert "Kasus akan ditutup" in page.text
    page = ina.post(page.path, {**seen, **hidden(page)})
    taps += 1
    assert taps == 6 + len(fixed)
    assert notice(page) == f"Dicatat: patuh. Kasus selesai; {OFFICES} diberi tahu."
    case = reread(number)
    assert (case.status, case.resolved_on, case.workers_registered) == (
        "resolved",
        date(2027, 3, 1),
        40,
    )
    assert all(finding.fixed_on for finding in case.findings)


@pytest.mark.parametrize(
    ("day", "outcome", "said", "status"),
    [
        ("2027-02-01", "not_complied", "Kunjungan dicatat. Hari pengecekan kembali belum tiba: 1 Maret 2027.",
         "in_remedy"),
        ("2027-02-01", "not_met", IN_VAIN, "in_remedy"),
        ("2027-03-01", "partly_complied", f"Dicatat: belum selesai. Catatan perizinan dikirim ke {OFFICES}.",
         "unresolved"),
        ("2027-03-20", "not_met", IN_VAIN, "recheck_due"),
    ],
)  # fmt: skip
def test_a_visit_says_what_became_of_the_case(
    browser: OpenBrowser, at: Clock, number: str, day: str, outcome: str, said: str, status: str
) -> None:
    at(day)
    sweep_due_rechecks()
    page = browser("ina").submit(
        f"/cases/{number}/recheck",
        outcome=outcome,
        not_met_reason="other" if outcome == "not_met" else "",
    )
    assert (page.path, notice(page)) == (f"/cases/{number}", said)
    assert reread(number).status == status


def test_a_visit_to_an_unresolved_case_says_that_the_flag_stands(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    at("2027-03-01")
    a_visit(reread(number), "not_complied")
    page = browser("ina").submit(f"/cases/{number}/recheck", outcome="not_complied")
    assert notice(page) == (
        "Kunjungan dicatat. Catatan perizinan tetap berlaku. Kunjungan berikutnya 31 Maret 2027."
    )


def test_findings_are_ticked_off_and_the_next_visit_asks_only_for_the_rest(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    at("2027-02-01")
    ina, first = browser("ina"), reread(number).findings[0].id
    ina.submit(
        f"/cases/{number}/recheck",
        outcome="partly_complied",
        workers_registered="31",
        fixed=[first],
        note="Sudah mulai",
    )
    page = ina.get(f"/cases/{number}/recheck")
    assert len(page.soup.select("input[name=fixed]")) == 1
    case = reread(number)
    assert case.findings[0].fixed_on == date(2027, 2, 1)
    assert (case.workers_registered, case.visits[0].note) == (31, "Sudah mulai")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": ""}, "Pilih hasil cek ulang."),
        ({"outcome": "fine"}, "Pilih hasil cek ulang."),
        ({"outcome": "complied"}, "Isi jumlah pekerja yang kini terdaftar."),
        (
            {"outcome": "not_complied", "workers_registered": "41"},
            "Isi angka antara 0 dan 40, jumlah seluruh pekerja.",
        ),
        ({"outcome": "not_met", "workers_registered": "empat"}, "Tulis bilangan bulat"),
        ({"outcome": "not_met", "visited_on": ""}, "Isi tanggal kunjungan"),
        ({"outcome": "not_met", "visited_on": "31-2-2027"}, "Tulis tanggal seperti"),
        (
            {"outcome": "not_complied", "visited_on": "1-1-2030"},
            "Isi tanggal kunjungan antara 30 November 2026 dan hari ini.",
        ),
        ({"outcome": "not_complied", "fixed": ["999999"]}, "bukan dari kasus ini"),
        ({"outcome": "not_complied", "fixed": ["x' OR 1"]}, "bukan dari kasus ini"),
        ({"outcome": "not_met", "note": "x" * 5001}, "Paling panjang"),
        ({"outcome": "not_met"}, "Pilih sebabnya."),
        ({"outcome": "complied", "workers_registered": "40"}, "Tandai satu per satu"),
        ({"outcome": "not_complied", "other_findings": "ZZ-99"}, "Kode pelanggaran ZZ-99"),
        ({"outcome": "not_complied", "next_visit_on": "30-11-2026"}, "harus sesudah hari ini"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    browser: OpenBrowser, number: str, fields: dict[str, object], words: str
) -> None:
    page = browser("ina").submit(
        f"/cases/{number}/recheck", **{"note": "kata yang sudah ditulis", **fields}
    )
    assert page.status == 422
    assert any(words in problem for problem in problems(page)), page.text
    assert page.title.startswith("Kesalahan:")
    assert page.value("note") == fields.get("note", "kata yang sudah ditulis")
    assert visits() == 0


def test_complied_with_a_finding_left_out_is_refused_and_the_ticks_stay(
    browser: OpenBrowser, number: str
) -> None:
    first, second = (finding.id for finding in reread(number).findings)
    page = browser("ina").submit(
        f"/cases/{number}/recheck", outcome="complied", workers_registered="40", fixed=[first]
    )
    assert page.status == 422
    assert problems(page) == ["Tandai satu per satu yang sudah diperbaiki; patuh berarti semuanya."]
    ticked = {int(box["value"]) for box in page.soup.select("input[name=fixed][checked]")}
    assert ticked == {first}
    assert second not in ticked
    assert page.soup.select_one("input[name=outcome][checked]")["value"] == "complied"
    assert reread(number).status == "in_remedy"


def test_numbers_and_dates_are_read_as_people_write_them(browser: OpenBrowser, at: Clock) -> None:
    number = a_case(workers=(1500, 28)).number
    at("2027-01-20")
    browser("ina").submit(
        f"/cases/{number}/recheck",
        outcome="not_complied",
        workers_registered="1.250",
        visited_on="18 Januari 2027",
    )
    case = reread(number or "")
    assert (case.workers_registered, case.visits[0].visited_on) == (1250, date(2027, 1, 18))


def test_a_receipt_says_what_it_started_and_that_the_recheck_stays(
    browser: OpenBrowser, number: str
) -> None:
    ina = browser("ina")
    assert "Tanggal cek ulang tidak berubah." in ina.get(f"/cases/{number}/receipt").text
    page = ina.submit(f"/cases/{number}/receipt", received_by="Ani Contoh, staf HRD")
    assert (
        notice(page)
        == "Tanda terima dicatat. Batas waktu temuan 14 Desember 2026; tanggal cek ulang tetap."
    )
    assert "30 November 2026, Ani Contoh, staf HRD" in page.text
    assert page.soup.select_one(f"a[href='/cases/{number}/receipt']") is None


def test_a_receipt_says_what_it_moved_from_when_to_when(browser: OpenBrowser, at: Clock) -> None:
    with transaction():
        change_settings({"recheck_anchor": "received"}, by=SYSTEM)
    number = a_case().number
    at("2026-12-21")
    ina = browser("ina")
    assert "Jatuh tempo cek ulang juga dihitung ulang" in ina.get(f"/cases/{number}/receipt").text
    page = ina.submit(
        f"/cases/{number}/receipt", received_on="18-12-2026", received_by="Ani Contoh"
    )
    assert "cek ulang bergeser dari 1 Maret 2027 ke 18 Maret 2027." in notice(page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"received_by": ""}, "Isi nama dan jabatan penerima"),
        ({"received_on": "", "received_by": "Ani"}, "Isi tanggal terima"),
        (
            {"received_on": "29-11-2026", "received_by": "Ani"},
            "Isi tanggal terima antara 30 November 2026 dan hari ini.",
        ),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_at_its_field(
    browser: OpenBrowser, number: str, fields: dict[str, str], words: str
) -> None:
    page = browser("ina").submit(f"/cases/{number}/receipt", **fields)
    assert page.status == 422
    assert any(words in problem for problem in problems(page))


def test_a_supervisor_withdraws_with_a_reason_and_the_offices_hear(
    browser: OpenBrowser, number: str
) -> None:
    sari = browser("sari")
    page = sari.get(f"/cases/{number}/withdraw")
    assert f"Diberi tahu: {OFFICES}." in page.text
    page = sari.submit(f"/cases/{number}/withdraw", reason="   ")
    assert (page.status, problems(page)) == (422, ["Tuliskan alasannya."])
    page = sari.submit(
        f"/cases/{number}/withdraw", reason="Nota ganda\x01 untuk perusahaan yang sama"
    )
    assert notice(page) == f"Nota ditarik dan kasus ditutup. {OFFICES} diberi tahu."
    assert "Nota ganda untuk perusahaan yang sama" in page.text
    assert reread(number).status == "withdrawn"


def test_a_withdrawn_case_is_reopened_with_its_own_day_a_resolved_one_with_a_new_one(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    sari = browser("sari")
    sari.submit(f"/cases/{number}/withdraw", reason="nota ganda")
    assert "Cek ulang jatuh tempo 1 Maret 2027." in sari.get(f"/cases/{number}/reopen").text
    page = sari.submit(f"/cases/{number}/reopen", reason="ternyata bukan ganda")
    assert notice(page) == "Kasus dibuka kembali. Cek ulang jatuh tempo 1 Maret 2027."
    at("2026-12-18")
    a_visit(reread(number), "complied")
    sari = browser("sari")
    page = sari.submit(f"/cases/{number}/reopen", reason="bukti palsu")
    assert notice(page) == "Kasus dibuka kembali. Cek ulang jatuh tempo 18 Maret 2027."


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("end", "part", "words"),
    [
        (None, "reopen", "status kasus Nota terbuka"),
        ("complied", "recheck", "status kasus Patuh"),
        ("complied", "receipt", "status kasus Patuh"),
        ("complied", "withdraw", "status kasus Patuh"),
    ],
)
def test_a_step_that_the_state_refuses_is_a_page_that_explains(
    browser: OpenBrowser, number: str, end: str | None, part: str, words: str, method: str
) -> None:
    if end:
        a_visit(reread(number), end)
    sari = browser("sari")
    page = getattr(sari, method)(f"/cases/{number}/{part}")
    assert page.status == 409
    assert words in page.text
    assert f"/cases/{number}" in page.links()
    assert page.soup.select("main form") == []
    assert page.soup.select_one(f"a[href$='/{part}']") is None


def test_a_second_receipt_is_refused_with_the_day_of_the_first(
    browser: OpenBrowser, number: str
) -> None:
    ina = browser("ina")
    ina.submit(f"/cases/{number}/receipt", received_by="Ani Contoh")
    page = ina.get(f"/cases/{number}/receipt")
    assert (page.status, "Tanda terima sudah dicatat: 30 November 2026." in page.text) == (
        409,
        True,
    )


def test_two_browsers_one_case_the_second_is_told_what_changed_and_overwrites_nothing(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    ina, sari = browser("ina"), browser("sari")
    form = sari.get(f"/cases/{number}/recheck")
    at("2026-11-30 10:00")
    ina.submit(f"/cases/{number}/receipt", received_by="Ani Contoh")
    page = sari.post(
        f"/cases/{number}/recheck",
        version=form.value("version"),
        outcome="not_met",
        not_met_reason="other",
        visited_on="30-11-2026",
        note="Pintu terkunci",
    )
    assert page.status == 412
    assert "Kasus ini berubah sejak Anda membukanya" in page.text
    assert "Nota diterima Ani Contoh pada 30 November 2026" in page.text
    assert "oleh Ina Contoh" in page.text
    assert page.value("note") == "Pintu terkunci"
    assert page.soup.select_one("input[name=outcome][checked]")["value"] == "not_met"
    assert visits() == 0
    page = sari.post(
        f"/cases/{number}/recheck",
        version=page.value("version"),
        outcome="not_met",
        not_met_reason="other",
        visited_on="30-11-2026",
        note="Pintu terkunci",
    )
    assert (page.path, visits()) == (f"/cases/{number}", 1)


def test_a_stale_form_whose_step_is_no_longer_possible_says_why_and_what_changed(
    browser: OpenBrowser, number: str
) -> None:
    ina, sari = browser("ina"), browser("sari")
    form = ina.get(f"/cases/{number}/recheck")
    sari.submit(f"/cases/{number}/withdraw", reason="nota ganda")
    page = ina.post(
        f"/cases/{number}/recheck",
        version=form.value("version"),
        outcome="complied",
        visited_on="30-11-2026",
        workers_registered="40",
    )
    assert page.status == 409
    assert "status kasus Ditarik" in page.text
    assert "Nota ditarik dan kasus ditutup" in page.text
    assert "nota ganda" in page.text
    assert (visits(), reread(number).status) == (0, "withdrawn")


def test_a_step_is_recorded_in_the_name_of_who_made_it(browser: OpenBrowser, number: str) -> None:
    browser("sari").submit(f"/cases/{number}/recheck", outcome="not_complied")
    event = db.session.scalars(sa.select(Event).where(Event.kind == "visit.recorded")).one()
    assert (event.actor_id, event.actor_name) == (user("sari").id, "Sari Umpama")
