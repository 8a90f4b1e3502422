"""The number of workers grows old: offered from a newer list, never taken unasked, undone exactly."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.walk import verify
from compliance.imports.commands.job import CHUNK
from tests.factories import a_company
from tests.imports.conftest import Run
from tests.imports.importer import Desk, registry, tick


def a_list(*rows: str) -> str:
    return "\n".join(["Nama;NIB;Kabupaten;Jumlah Pekerja;Alamat", *rows])


def workers() -> list[int | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Company.workers_total).order_by(Company.id)))


def changes() -> list[tuple[int | None, str, object]]:
    events = db.session.scalars(
        sa.select(Event).where(Event.kind == "company.changed").order_by(Event.id)
    )
    return [(each.company_id, each.actor_name, each.data["changes"]) for each in events]


@pytest.fixture
def known(app: object) -> Company:
    return a_company("PT Contoh", nib="9120000000001", region_code="53.08", workers_total=12)


LIST = a_list("PT Contoh;9120000000001;Ende;15;", "UD Misal;;Ende;3;")


def test_another_number_of_workers_is_counted_and_offered(desk: Desk, known: Company) -> None:
    page = desk.rehearse(LIST)
    assert desk.outcomes == ["same", "new"]
    assert "Jumlah Pekerja: Tercatat lain dan tidak diubah: 12; di daftar ini 15" in page.text
    assert "Pakai jumlah pekerja dari daftar ini" in page.text
    assert "1 baris menyebut jumlah lain daripada yang tercatat" in page.text
    assert desk.batch.workers_differ == 1


def test_it_is_not_taken_unasked(desk: Desk, known: Company) -> None:
    desk.whole(LIST)
    assert (workers(), desk.outcomes, changes()) == ([12, 3], ["same", "new"], [])


def test_with_the_box_ticked_it_is_taken_logged_and_shown(desk: Desk, known: Company) -> None:
    desk.rehearse(LIST)
    desk.act("start", workers="yes")
    tick()
    assert (workers(), desk.outcomes) == ([15, 3], ["updated", "new"])
    assert changes() == [(known.id, "Tika Andai", {"workers_total": [12, 15]})]
    assert "Jumlah Pekerja: Diperbarui dari 12 menjadi 15" in desk.look("?outcome=updated").text
    assert "jumlah pekerja" in desk.browser.get(f"/companies/{known.id}").text
    assert list(verify()) == []
    desk.rehearse(LIST)
    assert desk.outcomes == ["same", "same"]
    assert "Pakai jumlah pekerja" not in desk.look().text


def test_undoing_puts_the_number_back_and_says_so_in_the_log(desk: Desk, known: Company) -> None:
    before = registry()
    desk.rehearse(a_list("PT Contoh;9120000000001;Ende;15;Jl. Misal"))
    desk.act("start", workers="yes")
    tick()
    assert "Jumlah pekerja yang diperbarui dikembalikan" in desk.look().text
    desk.act("undo", sure="yes")
    tick()
    assert registry() == before
    assert [change for _, _, change in changes()] == [
        {"workers_total": [12, 15]},
        {"workers_total": [15, 12]},
    ]
    assert list(verify()) == []


def test_a_number_that_was_changed_since_stays_when_the_import_is_undone(
    desk: Desk, known: Company
) -> None:
    desk.rehearse(LIST)
    desk.act("start", workers="yes")
    tick()
    first = desk.id
    desk.rehearse(LIST.replace(";15;", ";20;"))
    desk.act("start", workers="yes")
    tick()
    desk.id = first
    desk.act("undo", sure="yes")
    tick()
    assert workers()[0] == 20
    assert "Jumlah pekerja sudah diubah sejak diimpor, jadi tidak dikembalikan" in desk.look().text


def test_the_first_row_of_a_company_speaks_for_its_workers(desk: Desk, known: Company) -> None:
    between = [f"PT Contoh {at};91{at:011};Ende;1;" for at in range(CHUNK * 11)]
    content = a_list(
        "PT Contoh;9120000000001;Ende;15;", *between, "PT Contoh;9120000000001;Ende;18;"
    )
    desk.rehearse(content)
    assert desk.batch.workers_differ == 1
    desk.act("start", workers="yes")
    while tick().get("rows"):
        pass
    assert workers()[0] == 15
    assert [desk.rows[0].outcome, desk.rows[-1].outcome] == ["updated", "same"]


def test_a_row_that_somebody_decided_about_brings_its_workers_too(
    desk: Desk, known: Company
) -> None:
    desk.rehearse(a_list("PT Contoh;;Sikka;15;", "PT Contoh;9120000000001;Ende;16;"))
    assert desk.outcomes == ["to_decide", "same"]
    desk.act("decide", **{"row-2": f"company:{known.id}"})
    desk.act("start", workers="yes")
    tick()
    assert workers() == [16]  # the clear row comes first


def test_the_command_takes_the_workers_only_when_told(run: Run, known: Company) -> None:
    ran = run(LIST)
    assert workers() == [12, 3]
    assert "1 rows name another number of workers; --workers takes it from the list" in ran.output
    assert "1 updated" in run(LIST, "--workers", "--dry-run").output
    assert workers() == [12, 3]
    ran = run(LIST, "--workers")
    assert (workers(), ran.outcomes) == ([15, 3], ["updated", "same"])
    assert "name another number" not in ran.output
