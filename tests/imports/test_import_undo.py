"""Undoing an import: all goes that nothing stands on, and what stays says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import render_template

from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company
from compliance.companies.queries import find_companies
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.walk import verify
from compliance.imports.commands.job import CHUNK
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company
from tests.imports.conftest import a_list
from tests.imports.importer import Desk, names, registry, tick


def undo(desk: Desk) -> str:
    desk.act("undo", sure="yes")
    tick()
    return desk.look().text


def test_undoing_puts_the_registry_back_as_it_was(desk: Desk) -> None:
    a_company("PT Contoh Lama", nib="9120000000001", phone="0380-1")
    a_company("UD Misal", region_code="53.08")
    before = registry()
    desk.whole(
        a_list(
            "PT Contoh Lama;9120000000001;01.234.567.4-901.000;;Kota Kupang;Jl. Misal;0380-2;7;Umpama",
            "UD Misal (dahulu CV Kuno);;;15070955;Ende;;;;",
            "PT Baru;9120000000002;;;Ende;;;;Nama Lain",
            "PT Baru;9120000000002;;;Ende;Jl. Contoh;;;Nama Ketiga",
            "UD Misal;;02.234.567.4-901.000 03.234.567.4-901.000;;Ende;;;;",
            "PT Cabang (eks UD Cabang);;04.234.567.4-901.000 05.234.567.4-901.000;;Ende;;;;",
            "X;;;;Kupang;;;;",
        )
    )
    assert registry() != before
    text = undo(desk)
    assert registry() == before
    assert "2 perusahaan dihapus dan 2 dikembalikan seperti sebelumnya" in text
    assert "Diurungkan oleh Tika Andai" in text
    assert "Tidak ada yang tersisa" in text
    assert find_companies("Nama Lain") == []


def test_undoing_takes_back_what_a_later_chunk_added_to_a_company_of_an_earlier_one(
    desk: Desk,
) -> None:
    before = registry()
    rows = [f"PT Contoh {at};91{at:011};;;Ende;;;;" for at in range(CHUNK + 5)]
    desk.whole(a_list(*rows, "PT Contoh 0;9100000000000;;;Ende;Jl. Misal;;;Nama Lain"))
    undo(desk)
    assert registry() == before


def test_what_somebody_relies_on_by_now_stays_and_says_why(desk: Desk) -> None:
    filled = a_company("PT Contoh Lama", nib="9120000000001")
    desk.whole(
        a_list(
            "PT Contoh Lama;9120000000001;;;Kota Kupang;Jl. Misal;0380-2;;",
            "PT Dipakai;9120000000002;;;Ende;;;;",
            "PT Diubah;9120000000003;;;Ende;;;;",
            "PT Bebas;9120000000004;;;Ende;;;;",
        )
    )
    used, changed, _free = (db.session.get_one(Company, each.company_id) for each in desk.rows[1:])
    a_case(company=used)
    with transaction():
        change_company(changed, facts_of(changed, phone="0380-9"), by=SYSTEM)
        known = db.session.get_one(Company, filled.id)
        change_company(known, facts_of(known, phone="0380-8"), by=SYSTEM)
    text = undo(desk)
    assert names() == ["PT Contoh Lama", "PT Dipakai", "PT Diubah"]
    db.session.expire_all()
    known = db.session.get_one(Company, filled.id)
    assert (known.address, known.phone) == (None, "0380-8")
    assert "Tidak dapat diurungkan: 3 baris" in text
    assert "Baris 2, PT Contoh Lama: Telepon sudah diubah sejak diimpor" in text
    assert "Baris 3, PT Dipakai: Perusahaan ini sudah dipakai" in text
    assert "Baris 4, PT Diubah: Data perusahaan ini sudah diubah" in text
    assert "diurungkan sebagian" in text


def test_a_company_that_a_later_import_completed_is_not_removed(desk: Desk) -> None:
    desk.whole(a_list("PT Contoh;9120000000001;;;Ende;;;;"))
    first = desk.id
    desk.whole(a_list("PT Contoh;9120000000001;;;Ende;Jl. Misal;;;"))
    second, desk.id = desk.id, first
    assert "Data perusahaan ini sudah diubah" in undo(desk)
    assert names() == ["PT Contoh"]
    desk.id = second
    assert "Tidak ada yang tersisa" in undo(desk)


def test_the_log_keeps_the_import_and_tells_of_the_undo(desk: Desk) -> None:
    desk.whole(a_list("PT Contoh;9120000000001;;;Ende;;;;"))
    undo(desk)
    first, second = db.session.scalars(
        sa.select(Event).where(Event.kind.like("companies.%")).order_by(Event.id)
    )
    assert (first.kind, second.kind) == ("companies.imported", "companies.import_undone")
    assert second.data["removed"] == first.data["new"]
    assert (first.actor_name, second.actor_name) == ("Tika Andai", "Tika Andai")
    assert render_template("events/companies/import_undone.html", event=second).strip() == (
        "Impor dari daftar.csv diurungkan: 1 perusahaan dihapus, 0 dikosongkan lagi"
    )
    assert list(verify()) == []


def test_undoing_must_be_confirmed_and_is_done_once(desk: Desk) -> None:
    desk.whole(a_list("PT Contoh;;;;Ende;;;;"))
    page = desk.act("undo")
    assert page.status == 422
    assert "Centang dulu bahwa Anda yakin" in page.text
    assert names() == ["PT Contoh"]
    undo(desk)
    assert desk.act("undo", sure="yes").status == 409
    assert desk.act("start").status == 409


def test_an_import_can_be_undone_for_thirty_days(desk: Desk, at: Callable[[str], None]) -> None:
    desk.whole(a_list("PT Contoh;;;;Ende;;;;"))
    at("2026-12-29 08:00")
    assert "Urungkan impor ini" in Desk(_again(desk), desk.id).look().text
    at("2026-12-31 09:00")
    late = Desk(_again(desk), desk.id)
    assert "Urungkan impor ini" not in late.look().text
    page = late.act("undo", sure="yes")
    assert (page.status, "dalam 30 hari" in page.text) == (409, True)
    assert names() == ["PT Contoh"]


def _again(desk: Desk):  # type: ignore[no-untyped-def]
    """The same person, whose session ended meanwhile."""
    desk.browser.sign_in("tika@contoh.example")
    return desk.browser


@pytest.mark.parametrize("decision", ["company", "new"])
def test_what_was_decided_is_undone_like_the_rest(desk: Desk, decision: str) -> None:
    known = a_company("UD Misal", region_code="53.08")
    before = registry()
    desk.rehearse(a_list("UD Misal;;;;Sikka;;0380-7;;"))
    desk.act("decide", **{"row-2": f"company:{known.id}" if decision == "company" else "new"})
    desk.act("start")
    tick()
    assert registry() != before
    undo(desk)
    assert registry() == before
