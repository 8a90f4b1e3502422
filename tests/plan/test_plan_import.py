"""BPJS's lists of companies that owe registration are imported as any list, and put their companies
on the plan.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.plan.import_kind import categories_in
from compliance.plan.models import PlanEntry
from tests.browser import Browser, Page
from tests.factories import a_company
from tests.imports.importer import Desk, registry, tick

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]
LIST = (
    "Nama Perusahaan;NPWP;Kota;Kategori;Jumlah TK;TK Terdaftar\n"
    "PT Contoh Bahari;01.234.567.4-901.000;Kota Kupang;PWBD;40;0\n"
    "UD Misal Laut;;Ende;PDS Program dan Piutang;12;9\n"
    "CV Umpama;;Ende;entah;3;1\n"
)
SAID = {"source": "BPJS contoh, surat 1/2026", "listed_on": "1-11-2026"}


@pytest.fixture
def desk(browser: Open) -> Desk:
    return Desk(browser("tika"))


def imported(desk: Desk, content: str = LIST, **said: str) -> Page:
    """The list taken as it was guessed, with whose it is and of which day, rehearsed and imported."""
    desk.upload(content, kind="compliance_list")
    page = desk.browser.submit(f"/imports/{desk.id}", **{**SAID, **said})
    assert page.status == 200, page.text
    tick()
    desk.act("start")
    tick()
    return desk.look()


def plan() -> dict[str, list[str]]:
    db.session.rollback()
    return {each.company.name: each.categories for each in db.session.scalars(sa.select(PlanEntry))}


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("PWBD", ("PWBD",)), ("Perusahaan Wajib Belum Daftar", ("PWBD",)), ("pds tk", ("PDS-TK",)),
        ("PDS-Tenaga Kerja", ("PDS-TK",)), ("PDS Upah", ("PDS-Upah",)), ("PDS_PROGRAM", ("PDS-Program",)),
        ("PDS Program dan Piutang", ("PDS-Program", "arrears")), ("Menunggak iuran", ("arrears",)),
        ("PDS", ()), ("patuh", ()), ("", ()),
    ],
)  # fmt: skip
def test_a_category_is_read_as_offices_write_it(cell: str, codes: tuple[str, ...]) -> None:
    assert categories_in(cell) == codes


def test_a_list_creates_or_finds_its_companies_and_puts_them_on_the_plan(desk: Desk) -> None:
    a_company("PT Contoh Bahari Lama", npwp="012345674901000")
    page = imported(desk)
    assert desk.outcomes == ["updated", "new", "refused"]
    assert plan() == {
        "PT Contoh Bahari Lama": ["PWBD"],
        "UD Misal Laut": ["PDS-Program", "arrears"],
    }
    assert "/plan" in page.links()
    shown = desk.browser.get("/plan").text
    assert "BPJS contoh, surat 1/2026, 1 November 2026" in shown
    assert "9 dari 12" in shown


def test_a_category_that_nobody_knows_is_refused_with_its_column(desk: Desk) -> None:
    imported(desk)
    assert "Kategori entah tidak dikenal" in desk.look("?outcome=refused").text
    assert "CV Umpama" not in plan()


def test_the_same_list_again_changes_nothing(desk: Desk) -> None:
    imported(desk)
    before = (
        registry(),
        plan(),
        db.session.scalar(sa.select(sa.func.count()).select_from(PlanEntry)),
    )
    imported(desk)
    assert (
        registry(),
        plan(),
        db.session.scalar(sa.select(sa.func.count()).select_from(PlanEntry)),
    ) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"source": ""}, "Tulis dari siapa daftar ini"),
        ({"listed_on": ""}, "Tulis tanggal daftar ini"),
        ({"listed_on": "besok"}, "Tulis tanggal daftar ini"),
        ({"listed_on": "1-12-2026"}, "Tanggal daftar tidak mungkin sesudah hari ini"),
    ],
)
def test_a_list_says_whose_it_is_and_of_which_day(
    desk: Desk, said: dict[str, str], told: str
) -> None:
    desk.upload(LIST, kind="compliance_list")
    page = desk.browser.submit(f"/imports/{desk.id}", **{**SAID, **said})
    assert page.status == 422
    assert told in page.text


def test_undoing_the_import_takes_its_companies_off_the_plan_but_not_what_was_begun(
    desk: Desk, browser: Open
) -> None:
    imported(desk)
    [begun, _waits] = db.session.scalars(sa.select(PlanEntry).order_by(PlanEntry.id)).all()
    browser("ina").post(f"/plan/{begun.id}/start")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    desk.act("undo", sure="yes")
    tick()
    assert plan() == {"PT Contoh Bahari": ["PWBD"]}
    assert "Nota untuk perusahaan ini sudah dimulai dari rencana" in desk.look().text
