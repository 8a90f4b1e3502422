"""`flask audit verify` names one changed byte of a file, of a letter, and a row that names other bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.audit.jobs import LogAltered, verify_event_log, verify_whole_event_log
from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence, withdraw_evidence
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.files.models import StoredFile
from compliance.files.storage import Folder, storage
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.packets.commands import ask_for_packet
from compliance.letters.packets.jobs import make_packets
from compliance.letters.packets.models import Packet
from compliance.letters.signing.checking import check_signed_file
from compliance.letters.signing.commands import sign_with_file
from compliance.letters.signing.queries import letter_to_sign
from tests.factories import a_case, user
from tests.files.pictures import pdf, picture
from tests.intruder import behind_the_back, verified
from tests.letters.signing.papers import issue, sign

Change = Callable[[], str]


@pytest.fixture(autouse=True)
def filed(app: Flask) -> None:
    """A case with a letter, a photo, a PDF that was withdrawn, and a packet."""
    id = a_case().id
    set_letters()
    for content, name in ((picture(), "a.jpg"), (pdf(), "b.pdf")):
        examined = examine(content)
        kept = keep_bytes(content, kind=examined.kind)
        with transaction():
            subject = about_case(db.session.get_one(Case, id), "case", id)
            facts = {"examined": examined, "kept": kept, "name": name}
            added = add_evidence(subject, by=user("ina"), **facts)
    make_clean_copies()
    with transaction():
        added = db.session.get_one(Evidence, 2)
        subject = about_case(db.session.get_one(Case, id), "case", id)
        withdraw_evidence(added, subject=subject, by=user("ina"), reason="Salah berkas")
    with transaction():
        ask_for_packet(db.session.get_one(Case, id), by=user("ina"), kind="full")
    make_packets()


def path_of(sha256: str) -> Path:
    folder = storage()
    assert isinstance(folder, Folder)
    return folder.folder / sha256[:2] / sha256[2:4] / sha256


def the_file(kind: str) -> StoredFile:
    owner = {
        "photo": lambda: db.session.get_one(Evidence, 1).file,
        "clean copy": lambda: db.session.get_one(Evidence, 1).clean,
        "small copy": lambda: db.session.get_one(Evidence, 1).small,
        "letter": lambda: db.session.get_one(Letter, 1).file,
        "signed letter": lambda: db.session.get_one(Letter, 1).signed_file,
        "packet": lambda: db.session.get_one(Packet, 1).file,
    }[kind]
    file = owner()
    assert file is not None
    return file


def test_what_is_as_it_was_kept_is_said_to_be_so(app: Flask) -> None:
    code, text = verified(app)
    assert code == 0, text
    assert "letters, evidence, packets and stored files are as the events say" in text


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("photo", "evidence 1"),
        ("clean copy", "evidence 1"),
        ("small copy", "evidence 1"),
        ("letter", "letter 1"),
        ("packet", "packet 1"),
    ],
)
def test_one_changed_byte_of_a_file_is_named_and_so_is_one_that_is_gone(
    app: Flask, kind: str, named: str
) -> None:
    expect_change_and_loss_named(app, the_file(kind).sha256, named)


def expect_change_and_loss_named(app: Flask, sha256: str, named: str) -> None:
    path = path_of(sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    code, text = verified(app)
    assert (code, f"file {sha256}: its bytes were changed ({named}" in text) == (1, True), text
    path.unlink()
    code, text = verified(app)
    assert (code, f"file {sha256}: its bytes are gone ({named}" in text) == (1, True), text


@pytest.fixture
def signed_letter() -> str:
    """The SHA-256 of the PDF with which the letter was signed."""
    letter = db.session.get_one(Letter, 1)
    assert letter.file is not None
    content = sign(storage().get(letter.file.sha256), issue("Ina Contoh"))
    signed = check_signed_file(content, letter_to_sign(letter))
    with transaction():
        sign_with_file(db.session.get_one(Letter, 1), by=user("ina"), signed=signed)
    return the_file("signed letter").sha256


@pytest.mark.one_store
def test_one_changed_byte_of_a_signed_pdf_is_named_and_so_is_one_that_is_gone(
    app: Flask, signed_letter: str
) -> None:
    expect_change_and_loss_named(app, signed_letter, "letter 1")


@pytest.mark.usefixtures("signed_letter")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("signed_file_id = file_id", "sha256 is "),
        ("signed_on = '2026-11-29'", "on is 2026-11-29, by event"),
        ("signed_how = 'certified'", "how is certified, by event"),
        ("signed_on = NULL, signed_how = NULL, signed_file_id = NULL", "sha256 is None, by event"),
    ],
)
def test_a_signature_that_is_not_as_its_event_says_is_named(
    app: Flask, change: str, fault: str
) -> None:
    with transaction():
        db.session.execute(sa.text(f"UPDATE letters SET {change}"))
    code, text = verified(app)
    assert (code, f"letter 1: {fault}" in text) == (1, True), text


ALTERED = {
    "UPDATE files SET sha256 = 'z' || substr(sha256, 2) WHERE id = (SELECT file_id FROM letters)": (
        "letter 1: sha256 is z"
    ),
    "UPDATE letters SET file_id = (SELECT file_id FROM evidence WHERE id = 2)": "letter 1: sha256 is ",
    "UPDATE letters SET number = '560/002-NP/XI/2026'": "letter 1: number is 560/002-NP/XI/2026, by event",
    "UPDATE evidence SET file_id = clean_id WHERE id = 1": "evidence 1: sha256 is ",
    "UPDATE evidence SET class = 'restricted' WHERE id = 1": "evidence_class is restricted, by event",
    "UPDATE evidence SET about_kind = 'finding' WHERE id = 1": "about is finding:1, by event",
    "UPDATE evidence SET withdrawn_at = NULL, withdrawn_because = NULL": "evidence 2: reason is None, by",
    "UPDATE evidence SET withdrawn_because = 'Rahasia' WHERE id = 2": "reason is Rahasia, by event",
    "DELETE FROM evidence WHERE id = 1": "evidence 1: gone, and event",
    "UPDATE packets SET file_id = (SELECT file_id FROM letters)": "packet 1: sha256 is ",
    "UPDATE files SET size = size + 1 WHERE id = 1": "and its row says",
    "UPDATE evidence SET withdrawn_at = added_at, withdrawn_because = 'x' WHERE id = 1": (
        "evidence 1: no event evidence.withdrawn tells of it"
    ),
}


@pytest.mark.parametrize(("statement", "fault"), ALTERED.items(), ids=range(len(ALTERED)))
def test_a_row_that_names_other_bytes_than_its_event_is_named(
    app: Flask, statement: str, fault: str
) -> None:
    with transaction():
        db.session.execute(sa.text(statement))
    code, text = verified(app)
    assert (code, fault in text) == (1, True), text


def test_one_changed_letter_of_an_event_is_named(app: Flask) -> None:
    behind_the_back("UPDATE events SET reason = 'Salah berkaz' WHERE kind = 'evidence.withdrawn'")
    code, text = verified(app)
    assert (code, "altered" in text, "evidence 2: reason is Salah berkas" in text) == (
        1,
        True,
        True,
    ), text


@pytest.mark.one_store
def test_the_jobs_of_the_night_and_of_sunday_compare_the_rows_too(app: Flask) -> None:
    verify_whole_event_log()
    examined = examine(picture(colour="navy"))
    kept = keep_bytes(examined.content, kind=examined.kind)
    with transaction():
        subject = about_case(db.session.get_one(Case, 1), "case", 1)
        add_evidence(subject, by=user("ina"), examined=examined, kept=kept, name="c.jpg")
    with transaction():
        db.session.execute(sa.text("UPDATE evidence SET class = 'restricted' WHERE id = 3"))
    for look in (verify_event_log, verify_whole_event_log):
        with pytest.raises(LogAltered, match="evidence 3: evidence_class is restricted"):
            look()


@pytest.mark.one_store
def test_bytes_that_no_row_names_are_told_a_day_later_and_are_no_fault(
    app: Flask, at: Callable[[str], None]
) -> None:
    lost = storage().put(b"sisa unggahan")
    assert "no row names it" not in verified(app)[1]
    at("2099-01-01")
    code, text = verified(app)
    assert (code, f"file {lost}: stored, and no row names it" in text) == (0, True), text


@pytest.mark.one_store
def test_a_storage_that_is_away_is_no_proof(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: Folder, _sha256: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Folder, "pieces", away)
    code, text = verified(app)
    assert (code, "the stored files cannot be read: [Errno 5]" in text) == (1, True), text
