"""Where tata usaha numbers by hand: one number on one paper, and the same on a nota and its letter."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from compliance.admin.audit.recomputing import table_faults
from compliance.cases.commands.nota import record_nota_number
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal, Taken
from compliance.letters.commands.drafting import replace_letter
from compliance.letters.commands.issuing import record_letter_number
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from tests.core.test_numbering import at_once
from tests.factories import a_case, user
from tests.intruder import behind_the_back
from tests.letters.test_road_on_paper import drafted, the_letters
from tests.licensing.desk import Open

NO_NUMBER = "Surat yang diganti belum bernomor. Catat dulu nomornya, lalu buat versi barunya."


def numbering(how: str) -> None:
    with transaction():
        change_settings({"letter_numbering": how}, by=user("adi"))


@pytest.fixture
def by_hand(head: None) -> None:
    numbering("by_hand")


def issued(api: Any, case_id: int, kind: str, number: str | None = None) -> int:
    id: int = drafted(api, case_id, kind)["id"]
    answer = api("sari").post(f"/letters/{id}/number", number=number)
    assert answer.status_code == 200, answer.text
    return id


def test_a_nota_without_a_number_is_replaced_at_no_door_until_it_has_one(
    browser: Open, api: Any, by_hand: None
) -> None:
    case_id = a_case().id
    nota = the_letters()[0].id
    sari, page = api("sari"), browser("sari")
    assert f"/letters/{nota}/replace" not in page.get(f"/letters/{nota}").links()
    refused = sari.post(f"/letters/{nota}/replacement", reason="Alamat keliru")
    assert (refused.status_code, refused.json["detail"]) == (409, NO_NUMBER)
    shown = page.post(f"/letters/{nota}/replace", reason="Alamat keliru")
    assert (shown.status, NO_NUMBER in shown.text) == (409, True)
    letter = db.session.get_one(Letter, nota)
    with pytest.raises(Refusal, match=NO_NUMBER):
        replace_letter(letter, by=user("ina"), reason="Alamat keliru", options={})
    db.session.rollback()
    assert sari.post(f"/letters/{nota}/number", number="560/7").status_code == 200
    new = sari.post(f"/letters/{nota}/replacement", reason="Alamat keliru").json["id"]
    numbering("patuh")
    assert sari.post(f"/letters/{new}/number").json["number"] == "560/7.A"
    assert sari.get(f"/cases/{case_id}").json["nota"]["number"] == "560/7"
    db.session.rollback()
    assert list(table_faults(db.session.connection(), [case_id])) == []


@pytest.mark.one_store
def test_a_version_that_was_drafted_before_waits_for_the_number_of_the_old_one(
    api: Any, by_hand: None
) -> None:
    a_case()
    nota = the_letters()[0].id
    assert api("sari").post(f"/letters/{nota}/number", number="560/7").status_code == 200
    new = api("sari").post(f"/letters/{nota}/replacement", reason="Alamat keliru").json["id"]
    with transaction():
        db.session.get_one(Letter, nota).number = None
    numbering("patuh")
    refused = api("sari").post(f"/letters/{new}/number")
    assert (refused.status_code, refused.json["detail"]) == (409, NO_NUMBER)
    assert [one.number for one in the_letters()] == [None, None]


@pytest.mark.one_store
def test_a_letter_that_bears_no_number_at_all_is_replaced_as_ever(api: Any, case_id: int) -> None:
    nota = the_letters()[0].id
    ina = api("ina")
    receipt = ina.post(f"/cases/{case_id}/letters", kind="receipt", about_letter=nota).json["id"]
    assert ina.post(f"/letters/{receipt}/number").status_code == 200
    new = ina.post(f"/letters/{receipt}/replacement", reason="Jumlah lembar keliru")
    assert new.status_code == 201, new.text
    assert ina.post(f"/letters/{new.json['id']}/number").json["number"] is None


@pytest.mark.one_store
def test_a_number_that_another_paper_bears_is_refused_whatever_its_kind(
    browser: Open, api: Any, by_hand: None
) -> None:
    case_id = a_case(nota_number="560/14").id
    without = a_case().id
    issued(api, case_id, "ba", "094/7")
    notice = issued(api, case_id, "recheck_notice")
    sari = api("sari")
    for number, said in (
        ("560/14", "Nomor nota 560/14 sudah dipakai untuk"),
        ("094/7", "Nomor 094/7 sudah dipakai surat tanggal"),
    ):
        refused = sari.post(f"/letters/{notice}/number", number=number)
        assert (refused.status_code, said in refused.json["detail"]) == (409, True), refused.text
        assert refused.json["errors"][0]["field"] == "number"
        page = browser("sari").post(f"/letters/{notice}/record-number", number=number)
        assert (page.status, said in page.text) == (409, True)
    nota = db.session.get_one(Case, without).nota
    assert nota is not None
    with pytest.raises(Taken, match="Nomor 094/7 sudah dipakai surat"):
        record_nota_number(nota, by=user("ina"), number="094/7")
    db.session.rollback()
    with pytest.raises(Taken, match="sudah dipakai surat"):
        a_case(nota_number="094/7")
    assert sari.post(f"/letters/{notice}/number", number="094/8").json["number"] == "094/8"


@pytest.mark.one_store
def test_a_number_that_patuh_gives_goes_past_those_that_were_typed(api: Any, head: None) -> None:
    case_id = a_case().id
    issued(api, case_id, "ba", "560/002-NP/XI/2026")
    issued(api, case_id, "recheck_notice", "560/001-BA/XI/2026")
    a_case()
    id = drafted(api, case_id, "ba_refusal")["id"]
    assert api("ina").post(f"/letters/{id}/number").json["number"] == "560/002-BA/XI/2026"
    assert "560/003-NP/XI/2026" in {letter.number for letter in the_letters()}


def test_of_two_recordings_of_one_number_at_once_one_is_refused(
    app: Flask, api: Any, by_hand: None
) -> None:
    case_id = a_case().id
    kinds = ("ba", "recheck_notice", "certificate")
    ids = [issued(api, case_id, kind) for kind in kinds] + [the_letters()[0].id]

    def record(place: int) -> str:
        try:
            with transaction():
                letter = db.session.get_one(Letter, ids[place])
                record_letter_number(letter, by=user("sari"), number="094/9")
        except Taken:
            return "taken"
        return "recorded"

    assert sorted(at_once(app, record, times=4)) == ["recorded", *["taken"] * 3]
    assert sorted(letter.number or "" for letter in the_letters()) == ["", "", "", "094/9"]


@pytest.mark.parametrize("table", ["letters", "notas"])
@pytest.mark.one_store
def test_one_changed_byte_of_a_nota_s_number_is_found_beside_its_letter(
    app: Flask, head: None, table: str
) -> None:
    id = a_case(nota_number="560/14").id
    db.session.rollback()
    assert list(table_faults(db.session.connection(), [id])) == []
    db.session.rollback()
    behind_the_back(f"UPDATE {table} SET number = '560/15'")
    letter, nota = ("560/15", "560/14") if table == "letters" else ("560/14", "560/15")
    said = f"letter 1 of case {id}: its number is {letter}, by its nota {nota}"
    assert said in list(table_faults(db.session.connection(), None))
