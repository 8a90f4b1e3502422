"""The doors to a signed letter: ink, ink and scan, a PDF signed elsewhere, the signing service."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.files.storage import hash_of, storage
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.signing import verifying
from compliance.people.commands.accounts import add_token
from compliance.people.models import SavedForm
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, user
from tests.files.pictures import pdf, picture
from tests.letters.signing.papers import authority, head, issue, sign
from tests.letters.signing.stand_in import NIK, PASSPHRASE, StandIn, running
from tests.letters.signing.test_public_page import trust
from tests.licensing.desk import Clock, Open

TODAY = "30-11-2026"


def a_numbered_letter() -> tuple[int, bytes]:
    a_case(company=a_company("PT Contoh Bahari Timur"))
    set_letters()
    letter = the_letter()
    assert letter.file is not None
    return letter.id, storage().get(letter.file.sha256)


def the_letter() -> Letter:
    db.session.rollback()
    return db.session.scalars(sa.select(Letter)).one()


def send(browser: Browser, id: int, door: str, content: bytes | None = None, **typed: str) -> Page:
    browser.get(f"/letters/{id}/sign")
    name = "scan" if door == "ink" else "file"
    file: dict[str, Any] = {name: (io.BytesIO(content), "surat.pdf")} if content else {}
    address = f"/letters/{id}/sign" + ("" if door == "ink" else f"/{door}")
    return browser.post(address, **file, **typed)


def is_as_it_was() -> bool:
    letter = the_letter()
    return (letter.status, letter.signed_how, letter.signed_file_id) == ("numbered", None, None)


def test_ink_is_recorded_by_its_day(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    page = send(browser("ina"), id, "ink", signed_on=TODAY)
    letter = the_letter()
    assert (letter.status, letter.signed_how, letter.signed_file_id) == ("signed", "wet_ink", None)
    assert "Tanda tangan basah" in page.text
    stranger = browser().get(f"/verify/{letter.code}")
    assert "dengan tinta, 30 November 2026" in stranger.text


def test_a_scan_is_kept_as_it_came(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    ina, scan = browser("ina"), picture()
    page = send(ina, id, "ink", scan, signed_on=TODAY)
    letter = the_letter()
    assert (letter.signed_how, letter.signature) == ("scan", None)
    answer = ina.get(f"/letters/{id}/signed").response
    assert (answer.data, answer.headers["ETag"].strip('"')) == (scan, hash_of(scan))
    assert hash_of(scan) in page.text
    event = db.session.scalars(sa.select(Event).where(Event.kind == "letter.signed")).one()
    assert (event.fact("how"), event.fact("sha256")) == ("scan", hash_of(scan))


def test_a_pdf_signed_elsewhere_is_verified_and_shown_for_what_it_is(browser: Open) -> None:
    id, ours = a_numbered_letter()
    trust(authority().pem)
    ina, signed = browser("ina"), sign(ours, issue("INA CONTOH", by=authority()))
    page = send(ina, id, "pdf", signed)
    letter = the_letter()
    assert (letter.status, letter.signed_how) == ("signed", "certified")
    for said in (
        "Tanda tangan elektronik tersertifikasi",
        "bita demi bita",
        "INA CONTOH (tersertifikasi, penerbit Induk Contoh)",
        hash_of(ours),
        hash_of(signed),
    ):
        assert said in page.text, said
    assert "tidak disebut di surat ini" not in page.text
    assert ina.get(f"/letters/{id}/signed").response.data == signed
    assert ina.get(f"/letters/{id}.pdf").response.data == ours
    stranger = browser().get(f"/verify/{letter.code}")
    assert "elektronik, tersertifikasi: INA CONTOH" in stranger.text
    assert hash_of(signed) in stranger.text
    assert "Bahari" not in stranger.html


@pytest.mark.one_store
def test_a_certificate_of_ones_own_is_shown_as_not_certified(browser: Open) -> None:
    id, ours = a_numbered_letter()
    page = send(browser("ina"), id, "pdf", sign(ours, issue("Ina Contoh")))
    assert the_letter().signed_how == "uncertified"
    assert "Tanda tangan elektronik tidak tersertifikasi" in page.text
    assert "sertifikat buatan sendiri" in page.text


@pytest.mark.one_store
def test_another_document_and_another_signer_are_never_hidden(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    trust(authority().pem)
    page = send(browser("ina"), id, "pdf", sign(pdf(), issue("Orang Lain", by=authority())))
    assert the_letter().signed_how == "certified"
    assert "Berbeda dari surat yang disusun di sini" in page.text
    assert "Orang Lain menandatangani, tetapi tidak disebut di surat ini" in page.text


REFUSED = {
    "changed": (lambda ours: sign(ours, head())[:40] + b"!" + sign(ours, head())[41:], "berubah"),
    "extended": (lambda ours: sign(ours, head()) + b"\n%%EOF\n", "ditambahkan|rusak"),
    "ours": (lambda ours: ours, "belum ditandatangani"),
    "unsigned": (lambda ours: pdf(), "tidak memuat tanda tangan elektronik"),
    "locked": (lambda ours: pdf(password="rahasia"), "dikunci"),
    "a script": (lambda ours: pdf(script=True), "memuat program"),
    "cut": (lambda ours: sign(ours, head())[:-20], "terpotong"),
    "nothing": (lambda ours: b"", "Pilih berkas PDF"),
}


@pytest.mark.one_store
@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_sign_the_letter_is_refused(browser: Open, make: Any, reason: str) -> None:
    import re

    id, ours = a_numbered_letter()
    page = send(browser("ina"), id, "pdf", make(ours))
    assert page.status == 422
    assert re.search(reason, page.text), page.text
    assert is_as_it_was()


@pytest.mark.one_store
def test_without_the_extra_a_signed_pdf_is_kept_as_a_scan_and_that_is_said(
    browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, ours = a_numbered_letter()
    monkeypatch.setattr(verifying, "find_spec", lambda _name: None)
    ina = browser("ina")
    assert "tidak terpasang di server ini" in ina.get(f"/letters/{id}/sign").text
    page = send(ina, id, "pdf", sign(ours, head()))
    assert the_letter().signed_how == "scan"
    assert "belum diperiksa" in page.text


@pytest.mark.one_store
def test_a_letter_is_signed_once_and_a_day_before_it_is_none(browser: Open) -> None:
    id, ours = a_numbered_letter()
    ina = browser("ina")
    assert send(ina, id, "ink", signed_on="29-11-2026").status == 422
    assert send(ina, id, "ink", picture()).status == 422, "a scan says no day"
    assert is_as_it_was()
    send(ina, id, "ink", signed_on=TODAY)
    for again in (send(ina, id, "ink", signed_on=TODAY), send(ina, id, "pdf", sign(ours, head()))):
        assert again.status == 409
    assert the_letter().signed_how == "wet_ink"


@pytest.mark.one_store
def test_one_file_signs_one_letter(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    a_case(company=a_company("PT Misal Kedua"))
    set_letters()
    ina, scan = browser("ina"), picture()
    other = db.session.scalars(sa.select(Letter.id).where(Letter.id != id)).one()
    assert send(ina, id, "ink", scan, signed_on=TODAY).status == 200
    page = send(ina, other, "ink", scan, signed_on=TODAY)
    assert (page.status, "sudah dipakai untuk surat" in page.text) == (409, True)


@pytest.mark.one_store
def test_who_may_not_sign_finds_no_door(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    for who, status in {"budi": 404, "tika": 403, "lia": 403, "adi": 403}.items():
        assert browser(who).get(f"/letters/{id}/sign").status == status, who


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    with running() as stand_in:
        yield stand_in


@pytest.fixture
def configured(service: StandIn, app: Flask, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    monkeypatch.setitem(app.config, "PATUH_SIGNING_URL", service.address)
    service.answers = "pdf"
    return service


def by_service(browser: Browser, id: int, **typed: str) -> Page:
    return send(browser, id, "service", **{"nik": NIK, "passphrase": PASSPHRASE, **typed})


@pytest.mark.usefixtures("configured")
def test_the_service_signs_by_a_passphrase_that_is_kept_nowhere(
    browser: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    id, ours = a_numbered_letter()
    trust(authority().pem)
    sari = browser("sari")
    assert "Patuh tidak menyimpannya" in sari.get(f"/letters/{id}/sign").text
    page = by_service(sari, id)
    letter = the_letter()
    assert (letter.status, letter.signed_how) == ("signed", "certified")
    assert storage().get(letter.signed_file.sha256).startswith(ours)
    assert "bita demi bita" in page.text
    assert kept_anywhere(PASSPHRASE) == []
    assert kept_anywhere(NIK) == []
    assert PASSPHRASE not in page.html + "".join(capsys.readouterr())


def kept_anywhere(words: str) -> list[str]:
    """The tables in which a row holds these words."""
    db.session.rollback()
    return [
        table.name
        for table in db.metadata.sorted_tables
        if any(words in str(tuple(row)) for row in db.session.execute(sa.select(table)))
    ]


WRONG = {
    "a wrong passphrase": ("pdf", {"passphrase": "salah"}, 422, "Passphrase tidak cocok"),
    "no NIK": ("pdf", {"nik": "12"}, 422, "NIK terdiri dari 16 angka"),
    "a web page": ("web", {}, 502, "bukan PDF"),
    "away": ("broken", {}, 502, "tidak menjawab"),
}


@pytest.mark.one_store
@pytest.mark.parametrize(("answers", "typed", "status", "reason"), WRONG.values(), ids=WRONG)
def test_whatever_the_service_refuses_leaves_the_letter_as_it_was(
    browser: Open,
    configured: StandIn,
    answers: str,
    typed: dict[str, str],
    status: int,
    reason: str,
) -> None:
    id, _ours = a_numbered_letter()
    configured.answers = answers
    page = by_service(browser("sari"), id, **typed)
    assert (page.status, reason in page.text) == (status, True), page.text
    assert PASSPHRASE not in page.html
    assert is_as_it_was()


@pytest.mark.one_store
@pytest.mark.usefixtures("configured")
def test_only_the_supervisor_reaches_the_service(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    ina = browser("ina")
    assert "Passphrase" not in ina.get(f"/letters/{id}/sign").text
    assert by_service(ina, id).status == 403
    assert is_as_it_was()


@pytest.mark.one_store
def test_without_a_service_its_door_is_closed(browser: Open) -> None:
    id, _ours = a_numbered_letter()
    sari = browser("sari")
    assert "Passphrase" not in sari.get(f"/letters/{id}/sign").text
    assert by_service(sari, id).status == 404


@pytest.mark.one_store
@pytest.mark.usefixtures("configured")
def test_passphrases_are_not_guessed_through_us(browser: Open, at: Clock) -> None:
    id, _ours = a_numbered_letter()
    sari = browser("sari")
    statuses = [by_service(sari, id, passphrase="salah").status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.one_store
@pytest.mark.usefixtures("configured")
def test_a_form_that_comes_after_the_session_ended_is_kept_without_the_passphrase(
    browser: Open, at: Clock
) -> None:
    id, _ours = a_numbered_letter()
    sari = browser("sari")
    sari.get(f"/letters/{id}/sign")
    at("2026-12-02")
    sari.post(f"/letters/{id}/sign/service", nik=NIK, passphrase=PASSPHRASE)
    db.session.rollback()
    for saved in db.session.scalars(sa.select(SavedForm)):
        assert PASSPHRASE not in str(saved.typed)
    assert kept_anywhere(PASSPHRASE) == []


class Program:
    """A program with a person's token."""

    def __init__(self, app: Flask, who: str = "ina") -> None:
        with transaction():
            secret = add_token(user(who), by=user(who), label="uji coba")
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.client = app.test_client()

    def sign(self, id: int, *, key: str | None = None, **body: Any) -> Any:
        db.session.rollback()
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1/letters/{id}/signature", headers=headers, **body)

    def get(self, address: str) -> Any:
        db.session.rollback()
        return self.client.get(f"/api/v1{address}", headers=self.headers)


def as_file(content: bytes, **fields: str) -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(content), "surat.pdf"), **fields}}


def test_a_program_signs_by_ink(app: Flask) -> None:
    id, _ours = a_numbered_letter()
    answer = Program(app).sign(id, json={"how": "wet_ink", "signed_on": "2026-11-30"})
    said = answer.get_json()
    assert (answer.status_code, said["state"], said["signed_how"]) == (200, "signed", "wet_ink")
    assert (said["signed"], said["signature"]) == (None, None)


def test_a_program_sends_the_signed_pdf_and_reads_it_back(app: Flask) -> None:
    id, ours = a_numbered_letter()
    trust(authority().pem)
    program, signed = Program(app), sign(ours, head())
    said = program.sign(id, **as_file(signed)).get_json()
    assert (said["signed_how"], said["signed_sha256"]) == ("certified", hash_of(signed))
    verified = said["signature"]
    assert (verified["verdict"], verified["contains_letter"]) == ("certified", True)
    assert verified["strangers"] == ["Rosa Umpama, M.Si."]
    assert verified["signatures"][0]["covers"] == "file"
    answer = program.get(f"/letters/{id}/signed")
    assert (answer.data, answer.headers["ETag"].strip('"')) == (signed, hash_of(signed))


@pytest.mark.one_store
def test_the_same_request_twice_is_one_act(app: Flask) -> None:
    id, ours = a_numbered_letter()
    program, signed = Program(app), sign(ours, head())
    first = program.sign(id, key="k-1", **as_file(signed))
    again = program.sign(id, key="k-1", **as_file(signed))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json() == again.get_json()
    assert program.sign(id, **as_file(signed)).status_code == 409


@pytest.mark.one_store
def test_a_program_is_refused_with_the_same_sentences(app: Flask) -> None:
    id, ours = a_numbered_letter()
    program, other = Program(app), Program(app, "budi")
    for body, status in (
        ({"json": {"how": "wet_ink", "signed_on": "2026-11-01"}}, 422),
        ({"json": {"how": "scan", "signed_on": "2026-11-30"}}, 422),
        (as_file(picture()), 422),
        (as_file(ours), 422),
        (as_file(sign(ours, head()) + b"x"), 422),
        ({"data": b"x", "content_type": "text/plain"}, 415),
    ):
        answer = program.sign(id, **body)
        assert answer.status_code == status, answer.get_data(as_text=True)
    assert is_as_it_was()
    assert program.get(f"/letters/{id}/signed").status_code == 404
    assert other.sign(id, **as_file(picture())).status_code == 404


@pytest.mark.one_store
def test_a_signed_copy_is_known_again_at_the_console(
    browser: Open, app: Flask, tmp_path: Any
) -> None:
    id, ours = a_numbered_letter()
    signed = sign(ours, head())
    send(browser("ina"), id, "pdf", signed)

    def check(content: bytes) -> tuple[int, str]:
        db.session.rollback()
        (tmp_path / "surat.pdf").write_bytes(content)
        told = app.test_cli_runner().invoke(args=["letters", "check", str(tmp_path / "surat.pdf")])
        return told.exit_code, told.output

    assert check(signed)[0] == 0
    assert "signed copy (uncertified" in check(signed)[1]
    assert check(ours)[0] == 0
    code, said = check(sign(ours, issue("Orang Lain")))
    assert (code, "Begins with" in said) == (4, True)
