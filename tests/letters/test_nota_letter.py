"""Nota I is made when it is issued: once, kept byte for byte, known again by its code and its bytes."""

from __future__ import annotations

import io
import json
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.ending import reopen_case, withdraw_case
from compliance.cases.models import Case
from compliance.core.db import PatuhSession, db, transaction
from compliance.core.events import Event
from compliance.files.storage import hash_of, storage
from compliance.letters.commands.issuing import set_letter
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.rules import counted, nip_doubt, number_in_words, written_nip
from compliance.office.signatories.commands import add_signatory
from compliance.people.commands.users import change_titles
from tests.factories import a_case, a_company, user
from tests.licensing.desk import Clock, Open

NIP = "198501012010012001"


def the_letter() -> Letter:
    db.session.rollback()
    return db.session.scalars(sa.select(Letter)).one()


def pages(content: bytes) -> str:
    """All words of a PDF, folded."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def a_signed_case(**facts: Any) -> str:
    """The number of a case whose papers bear a head of office and an inspector with rank and NIP."""
    with transaction():
        change_titles(
            user("ina"),
            by=user("adi"),
            nip=NIP,
            rank="Penata",
            position="Pengawas Contoh Ahli Muda",
        )
        add_signatory(
            by=user("adi"),
            name="Rosa Umpama, M.Si.",
            title="Plt. Kepala Dinas",
            rank="Pembina",
            nip=None,
            from_on=a_day("2026-01-05"),
            until_on=None,
        )
    facts.setdefault("company", a_company("PT Contoh Bahari Timur", address="Jalan Contoh 12"))
    return a_case(**facts).number or ""


def a_day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


@pytest.mark.usefixtures("app")
def test_the_nota_is_on_paper_as_it_was_issued(browser: Open) -> None:
    number = a_signed_case(workers=(40, 28), violations=("JS-02", "JS-04"))
    assert set_letters() == {"letters": 1}
    assert set_letters() == {"letters": 0}
    ina = browser("ina")
    assert f"/letters/{the_letter().id}.pdf" in ina.get(f"/cases/{number}").links()
    answer = ina.get(f"/letters/{the_letter().id}.pdf").response
    assert (answer.mimetype, answer.headers["ETag"].strip('"')) == (
        "application/pdf",
        hash_of(answer.data),
    )
    said = pages(answer.data)
    for words in (
        "560/001-NP/XI/2026",
        "Rahasia",
        "Kupang, 30 November 2026",
        "Yth. Pimpinan PT Contoh Bahari Timur",
        "kami temukan 2 (dua) hal yang wajib Saudara perbaiki",
        "14 (empat belas) hari setelah diterimanya Nota ini",
        "secara tertulis",
        "Nota Pemeriksaan I (Pertama)",
        "Rosa Umpama, M.Si.",
        "Plt. Kepala Dinas,",
        "Pengawas Contoh Ahli Muda,",
        "NIP 19850101 201001 2 001",
        "Tanda terima",
        "Halaman 1 dari",
    ):
        assert words in said, words


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_the_pdf_is_archivable_accessible_and_holds_its_facts() -> None:
    a_signed_case()
    set_letters()
    reader = pypdf.PdfReader(io.BytesIO(storage().get(the_letter().file.sha256)))
    meta = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in meta
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in meta
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    assert reader.root_object["/Lang"] == "id-ID"
    (attached,) = reader.attachments.values()
    facts = json.loads(attached[0])
    assert facts["number"] == "560/001-NP/XI/2026"
    assert facts["blocks"] == the_letter().facts["blocks"]


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_the_letter_is_set_at_once_where_nobody_tests_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PatuhSession, "follows_up", True)
    a_signed_case()
    letter = the_letter()
    assert letter.file is not None
    first = storage().get(letter.file.sha256)
    set_letter(letter.id)
    assert hash_of(first) == the_letter().file.sha256
    kinds = db.session.scalars(
        sa.select(Event.kind).where(Event.subject == f"letter:{letter.id}").order_by(Event.id)
    )
    assert list(kinds) == ["letter.numbered", "letter.set"]


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_long_names_many_findings_and_markup_are_set_as_they_are(browser: Open) -> None:
    name = "PT " + "Contoh Sangat Panjang " * 8 + "#panic() $x$ *tebal* <b> \\ é"
    number = a_signed_case(company=a_company(name[:200]), violations=("JS-02", "JS-04", "JS-05"))
    case = db.session.query(Case).filter_by(number=number).one()
    with transaction():
        for finding in case.findings:
            finding.note = "Fakta #sys.inputs dan @rujukan. " * 60
    letter = the_letter()
    with transaction():
        words, found = letter.facts["blocks"]
        many = {"findings": found["findings"] * 14}
        letter.facts = {**letter.facts, "blocks": [words, many]}
    set_letters()
    content = storage().get(the_letter().file.sha256)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 5
    assert "#panic() $x$ *tebal*" in pages(content)


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_who_may_not_read_findings_gets_no_nota(browser: Open) -> None:
    number = a_signed_case()
    set_letters()
    address = f"/letters/{the_letter().id}.pdf"
    for who, status in {
        "ina": 200,
        "sari": 200,
        "tika": 200,
        "budi": 404,
        "lia": 404,
        "adi": 403,
    }.items():
        assert browser(who).get(address).status == status, who
    assert "Surat" not in browser("lia").get(f"/cases/{number}").text


@pytest.mark.one_store
def test_the_code_says_genuine_and_later_that_it_no_longer_holds(browser: Open, at: Clock) -> None:
    number = a_signed_case()
    set_letters()
    letter = the_letter()
    stranger, address = browser(), f"/verify/{letter.code}"
    page = stranger.get(address)
    assert "Surat ini asli" in page.text
    for said in (
        "Nota Pemeriksaan I",
        "560/001-NP/XI/2026",
        "30 November 2026",
        letter.file.sha256,
    ):
        assert said in page.text, said
    assert "Contoh Bahari" not in page.html
    case = db.session.query(Case).filter_by(number=number).one()
    with transaction():
        withdraw_case(case, by=user("sari"), reason="Salah alamat")
    page = stranger.get(address)
    assert "Surat ini tidak berlaku lagi" in page.text
    with transaction():
        reopen_case(db.session.get_one(Case, case.id), by=user("sari"), reason="Ternyata benar")
    assert "Surat ini asli" in stranger.get(address).text


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_a_file_is_known_again_by_its_bytes(app: Flask, tmp_path: Any) -> None:
    number = a_signed_case()
    set_letters()
    content = storage().get(the_letter().file.sha256)
    ours, changed = tmp_path / "nota.pdf", tmp_path / "lain.pdf"
    ours.write_bytes(content)
    changed.write_bytes(content.replace(b"%%EOF", b"%%EOG"))
    case_id = db.session.query(Case.id).filter_by(number=number).scalar()

    def check(file: Any) -> int:
        db.session.rollback()
        return int(app.test_cli_runner().invoke(args=["letters", "check", str(file)]).exit_code)

    assert (check(ours), check(changed), check("/dev/zero"), check(tmp_path)) == (0, 4, 4, 2)
    with transaction():
        case = db.session.get_one(Case, case_id)
        withdraw_case(case, by=user("sari"), reason="Salah alamat")
    assert check(ours) == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (14, "empat belas"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (1_000, "seribu"),
        (1_500, "seribu lima ratus"),
        (12_345, "dua belas ribu tiga ratus empat puluh lima"),
        (1_000_000, "satu juta"),
    ],
)
def test_counts_are_written_number_in_words(number: int, words: str) -> None:
    assert number_in_words(number) == words
    assert counted(12_345) == "12.345 (dua belas ribu tiga ratus empat puluh lima)"


@pytest.mark.parametrize(
    ("nip", "doubt"),
    [
        (NIP, None),
        ("19850101 201001 2 001", None),
        ("", None),
        ("123", "bukan 18 angka"),
        ("198513012010012001", "tanggal yang tidak ada"),
        ("198501012010013001", "janggal"),
        ("200501012010012001", "janggal"),
    ],
)
def test_an_odd_nip_is_told_and_never_refused(nip: str, doubt: str | None) -> None:
    found = nip_doubt(nip)
    assert (found is None) if doubt is None else (found is not None and doubt in str(found))
    assert written_nip(NIP) == "19850101 201001 2 001"
