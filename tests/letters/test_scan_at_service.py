"""The scan of a receipt comes with the service of a letter, by page and API, and proves it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.events import Event
from compliance.evidence.models import Evidence
from compliance.letters.models import Delivery, Letter
from tests.evidence.known import add, all_evidence
from tests.files.pictures import BAD_FILES, pdf, picture
from tests.licensing.desk import Clock, Open

TYPED = {"how": "post", "served_on": "30-11-2026", "receiver": "Rina Umpama"}
SENT = {"how": "post", "served_on": "2026-11-30", "receiver": "Rina Umpama"}


def a_file(content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), "strip.jpg"


@pytest.fixture
def nota(api: Any, case_id: int) -> int:
    """The letter of Nota I, signed."""
    (letter,) = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    signed = {"how": "wet_ink", "signed_on": "2026-11-30"}
    assert api("ina").post(f"/letters/{letter['id']}/signature", **signed).status_code == 200
    return int(letter["id"])


def nothing_was_kept() -> bool:
    db.session.rollback()
    counts = [db.session.scalar(sa.select(sa.func.count(one.id))) for one in (Evidence, Delivery)]
    return counts == [0, 0] and db.session.scalars(sa.select(Letter.status)).all() == ["signed"]


def test_a_scan_that_comes_with_a_service_is_shown_beside_it(browser: Open, nota: int) -> None:
    ina = browser("ina")
    form = ina.get(f"/letters/{nota}/serve").soup.select_one("main form[enctype]")
    assert form is not None
    assert form["enctype"] == "multipart/form-data"
    page = ina.submit(f"/letters/{nota}/serve", **TYPED, scan=a_file(picture()))
    assert (page.path, "Penyampaian dicatat." in page.text) == (f"/letters/{nota}", True)
    [scan] = all_evidence()
    assert (scan.about_kind, scan.about_id, scan.class_) == ("letter", nota, "normal")
    row = page.soup.select_one("table.list tbody tr")
    assert row is not None
    assert "Bukti penyampaian 30 November 2026" in row.get_text()
    kinds = db.session.scalars(sa.select(Event.kind).order_by(Event.id)).all()
    assert {"evidence.added", "letter.served", "nota.received"} <= set(kinds)
    ina.submit(f"/evidence/{scan.id}/withdraw", reason="Foto surat lain")
    assert "ditarik Foto surat lain" in ina.get(f"/letters/{nota}").text


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.one_store
def test_a_bad_scan_brings_the_whole_form_back(
    browser: Open, nota: int, content: bytes, reason: str
) -> None:
    page = browser("ina").submit(f"/letters/{nota}/serve", **TYPED, scan=a_file(content))
    assert page.status in (413, 422)
    if page.status == 422:
        assert reason in page.text
        assert (page.value("receiver"), page.value("served_on")) == ("Rina Umpama", "30-11-2026")
    assert nothing_was_kept()


@pytest.mark.one_store
def test_a_scan_is_not_sent_twice_because_of_another_mistake(browser: Open, nota: int) -> None:
    ina, address = browser("ina"), f"/letters/{nota}/serve"
    page = ina.submit(address, {**TYPED, "served_on": "1-12-2026"}, scan=a_file(picture()))
    assert (page.status, "Sudah diterima: strip.jpg" in page.text) == (422, True)
    assert nothing_was_kept()
    ina.submit(address, **TYPED, scan_kept=page.value("scan_kept"))
    assert [one.name for one in all_evidence()] == ["strip.jpg"]


@pytest.mark.one_store
def test_a_scan_that_is_there_already_is_said_and_may_be_left_out(
    browser: Open, case_id: int, nota: int
) -> None:
    add(case_id, picture(), kind="letter", id=nota, name="dulu.jpg")
    ina, address = browser("ina"), f"/letters/{nota}/serve"
    page = ina.submit(address, **TYPED, scan=a_file(picture()))
    assert (page.status, "Berkas ini sudah ada: dulu.jpg" in page.text) == (422, True)
    assert "Bernomor" not in page.text
    assert (page.value("receiver"), page.value("scan_kept")) == ("Rina Umpama", "")
    db.session.rollback()
    assert db.session.get_one(Letter, nota).status == "signed"
    assert ina.submit(address, **TYPED).path == f"/letters/{nota}"


@pytest.mark.parametrize("kind", ["I", "II"])
@pytest.mark.one_store
def test_the_receipt_of_a_nota_takes_a_scan_too(
    browser: Open, api: Any, case_id: int, at: Clock, kind: str
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    ina, address = browser("ina"), f"/cases/{number}/receipt"
    if kind == "II":
        ina.post(address, received_on="30-11-2026", received_by="Rina, HRD")
        at("2026-12-20 09:00")
        api("ina").post(f"/cases/{case_id}/second-nota", issued_on="2026-12-20")
        ina, address = browser("ina"), f"/cases/{number}/second-receipt"
    typed = {"received_on": "30-11-2026" if kind == "I" else "20-12-2026", "received_by": "Rina"}
    bad = ina.submit(address, **typed, scan=a_file(BAD_FILES["a zip"][0]))
    assert (bad.status, "zip, Word, atau Excel" in bad.text) == (422, True)
    assert (bad.value("received_by"), all_evidence()) == ("Rina", [])
    page = ina.submit(address, **typed, scan=a_file(pdf()))
    assert (page.status, "Tanda terima dicatat." in page.text) == (200, True)
    [scan] = all_evidence()
    scan_id, about, note = scan.id, (scan.about_kind, scan.about_id), scan.note or ""
    letters = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    [letter] = [one for one in letters if one["kind"] == ("nota_1" if kind == "I" else "nota_2")]
    assert letter["deliveries"][-1]["evidence_id"] == scan_id
    assert about == ("letter", letter["id"])
    assert note in ina.get(f"/letters/{letter['id']}").text


@pytest.mark.one_store
def test_a_receipt_whose_scan_is_there_already_can_be_sent_again(
    browser: Open, api: Any, case_id: int
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    (letter,) = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    add(case_id, pdf(), kind="letter", id=letter["id"], name="dulu.pdf")
    ina, typed = browser("ina"), {"received_on": "30-11-2026", "received_by": "Rina"}
    page = ina.submit(f"/cases/{number}/receipt", **typed, scan=a_file(pdf()))
    assert (page.status, "sudah ada: dulu.pdf" in page.text) == (422, True)
    assert api("ina").get(f"/cases/{case_id}").json["nota"]["received_on"] is None
    again = ina.post(f"/cases/{number}/receipt", **typed, version=page.value("version"))
    assert "Tanda terima dicatat." in again.text


def send(program: Any, letter: int, content: bytes | None, **fields: Any) -> Any:
    file = {"file": a_file(content)} if content is not None else {}
    form = {"data": {**SENT, **fields, **file}, "content_type": "multipart/form-data"}
    return program.send("POST", f"/letters/{letter}/service", **form)


def test_the_api_takes_a_service_as_json_and_with_a_scan(api: Any, nota: int) -> None:
    ina = api("ina")
    sent = send(ina, nota, picture(), delivered="false", why_not="Kantor tutup")
    assert sent.status_code == 201, sent.text
    again = ina.post(f"/letters/{nota}/service", **SENT)
    assert again.status_code == 201, again.text
    [scan_id] = [one.id for one in all_evidence()]
    kept = [(one["counts"], one["evidence_id"]) for one in again.json["deliveries"]]
    assert kept == [(False, scan_id), (True, None)]


@pytest.mark.one_store
def test_the_api_refuses_a_bad_scan_and_keeps_nothing(api: Any, case_id: int, nota: int) -> None:
    ina = api("ina")
    for content, reason in (BAD_FILES["a PDF with a script"], BAD_FILES["an SVG"]):
        answer = send(ina, nota, content)
        assert (answer.status_code, reason in answer.json["detail"]) == (422, True), answer.text
    assert send(ina, nota, picture(), served_on="2026-12-01").status_code == 422
    assert send(ina, nota, None).status_code == 422
    assert send(api("budi"), nota, picture()).status_code == 404
    assert send(api("lia"), nota, picture()).status_code == 403
    assert nothing_was_kept()
    add(case_id, picture(), kind="letter", id=nota)
    answer = send(ina, nota, picture())
    assert (answer.status_code, "sudah ada" in answer.json["detail"]) == (409, True)


@pytest.mark.one_store
def test_the_same_key_records_one_service_with_its_scan(api: Any, nota: int) -> None:
    ina, key = api("ina"), {"Idempotency-Key": "antar-1"}
    data = {"content_type": "multipart/form-data", "headers": key}
    first, again = (
        ina.send("POST", f"/letters/{nota}/service", data={**SENT, "file": a_file(pdf())}, **data)
        for _ in range(2)
    )
    assert (first.status_code, again.json) == (201, first.json)
    assert (len(first.json["deliveries"]), len(all_evidence())) == (1, 1)
