"""An open letter is signed by who is in office when it gets its number; what is issued never changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from compliance.core.db import db, transaction
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from compliance.office.signatories.commands import add_signatory, end_signatory
from compliance.office.signatories.models import Signatory
from tests.factories import user
from tests.letters.conftest import words_of
from tests.letters.test_road_on_paper import drafted, the_letters
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.one_store


def acting(name: str, *, first: str, last: str | None = None) -> None:
    """Somebody acts for the head from a day on."""
    with transaction():
        add_signatory(
            by=user("adi"),
            name=name,
            title="Kepala Dinas",
            rank=None,
            nip=None,
            from_on=date.fromisoformat(first),
            until_on=date.fromisoformat(last) if last else None,
            capacity="plh",
        )


def signers(letter: dict[str, Any]) -> list[str]:
    db.session.rollback()
    facts = db.session.get_one(Letter, letter["id"]).facts
    return [signer["name"] for signer in facts["signers"]]


def used(name: str) -> bool:
    db.session.rollback()
    return db.session.query(Signatory).filter_by(name=name).one().used


def test_who_acts_for_the_head_since_the_draft_signs_it(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    letter, sari = drafted(api, case_id, "recheck_notice"), api("sari")
    address = f"/letters/{letter['id']}"
    assert "Rosa Umpama, M.Si., Kepala Dinas." in browser("ina").get(address).text
    acting("Tono Misal", first="2026-11-30", last="2026-12-05")
    for page in (address, f"{address}/approve"):
        shown = browser("sari").get(page).text
        assert "Penanda tangan pada 30 November 2026: Tono Misal, Plh. Kepala Dinas." in shown
        assert "Sesuaikan tanggal" not in shown
    assert "Tono Misal" in words_of(browser("ina").client.get(f"{address}/preview.pdf").data)
    db.session.rollback()
    assert sari.post(f"{address}/approval").status_code == 200
    at("2026-12-02 09:00")
    assert "pada 2 Desember 2026: Tono Misal" in browser("sari").get(f"{address}/number").text
    assert not used("Tono Misal"), "no letter bears the name yet"
    assert sari.post(f"{address}/number").status_code == 200
    assert signers(letter) == ["Tono Misal"]
    assert used("Tono Misal")
    set_letters()
    said = words_of(sari.get(f"{address}/pdf").data)
    assert "Plh. Kepala Dinas, Tono Misal" in said
    assert "Rosa" not in said
    assert "Penanda tangan pada" not in browser("ina").get(address).text


def test_an_acting_head_whose_time_is_over_signs_nothing_any_more(
    api: Any, case_id: int, at: Clock
) -> None:
    acting("Tono Misal", first="2026-11-30", last="2026-12-01")
    letter = drafted(api, case_id, "recheck_notice")
    assert signers(letter) == ["Tono Misal"]
    at("2026-12-02 09:00")
    assert api("sari").post(f"/letters/{letter['id']}/number").status_code == 200
    assert signers(letter) == ["Rosa Umpama, M.Si."]


def test_a_date_before_the_signatory_began_is_pointed_out(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    letter = drafted(api, case_id, "recheck_notice")
    acting("Tono Misal", first="2026-12-01", last="2026-12-05")
    at("2026-12-02 09:00")
    page = browser("sari").get(f"/letters/{letter['id']}").text
    assert "bertanggal 30 November 2026, sebelum Tono Misal mulai menandatangani" in page
    edit = browser("ina").post(
        f"/letters/{letter['id']}/edit", issued_on="2-12-2026", visit_on="1-3-2027"
    )
    assert "Sesuaikan tanggal" not in edit.text
    assert "pada 2 Desember 2026: Tono Misal" in edit.text


def test_a_letter_dated_later_shows_who_signs_on_its_day(
    browser: Open, api: Any, case_id: int
) -> None:
    acting("Tono Misal", first="2026-12-01", last="2026-12-05")
    letter = drafted(api, case_id, "recheck_notice", issued_on="2026-12-03")
    page = browser("sari").get(f"/letters/{letter['id']}").text
    assert "Penanda tangan pada 3 Desember 2026: Tono Misal" in page


def test_a_new_version_of_a_nota_bears_who_is_in_office_then_and_the_old_one_stays(
    api: Any, case_id: int, at: Clock
) -> None:
    old = the_letters()[0]
    at("2026-12-02 09:00")
    new = api("sari").post(f"/letters/{old.id}/replacement", reason="Alamat keliru").json
    acting("Tono Misal", first="2026-12-02")
    assert api("sari").post(f"/letters/{new['id']}/number").status_code == 200
    assert signers(new) == ["Tono Misal", "Ina Contoh"]
    assert signers({"id": old.id}) == ["Rosa Umpama, M.Si.", "Ina Contoh"]


def test_without_anybody_who_signs_no_letter_of_the_head_is_issued(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    letter = drafted(api, case_id, "recheck_notice")
    with transaction():
        one = db.session.query(Signatory).one()
        end_signatory(one, by=user("adi"), until_on=date(2026, 11, 30))
    at("2026-12-02 09:00")
    assert "Belum ada penanda tangan" in browser("ina").get(f"/letters/{letter['id']}").text
    refused = api("sari").post(f"/letters/{letter['id']}/number")
    assert (refused.status_code, "2 Desember 2026" in refused.json["detail"]) == (409, True)
