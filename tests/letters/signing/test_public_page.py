"""The public page takes a PDF, says whether it is ours and which signatures it bears, and keeps nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from compliance.core.db import db, transaction
from compliance.files.models import StoredFile
from compliance.files.rules import LARGEST_UPLOAD
from compliance.files.storage import storage
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.signing.certificates import read_certificates
from compliance.letters.signing.commands import add_trust_roots
from compliance.licensing.views.verify import FILES_AT_ONCE
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, user
from tests.files.pictures import pdf, picture
from tests.letters.signing.papers import NOW, authority, head, sign
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.one_store


def a_letter() -> tuple[Letter, bytes]:
    a_case(company=a_company("PT Contoh Bahari Timur"))
    set_letters()
    letter = db.session.scalars(sa.select(Letter)).one()
    assert letter.file is not None
    return letter, storage().get(letter.file.sha256)


def trust(*certificates: bytes) -> None:
    with transaction():
        add_trust_roots(read_certificates(b"\n".join(certificates), at=NOW), by=user("adi"))


def send(stranger: Browser, content: bytes | None, name: str = "surat.pdf") -> Page:
    stranger.get("/verify")
    file: Any = (io.BytesIO(content), name) if content is not None else ""
    return stranger.post("/verify", file=file)


def test_the_letter_itself_is_known_by_its_bytes(browser: Open) -> None:
    letter, content = a_letter()
    page = send(browser(), content)
    assert (page.status, page.soup.h1.get_text()) == (200, "Berkas ini asli")  # type: ignore[union-attr]
    for said in ("Nota Pemeriksaan I", letter.number, "tidak memuat tanda tangan elektronik"):
        assert said in page.text, said
    assert "Bahari" not in page.html


def test_a_signature_of_a_year_that_nobody_can_mean_says_no_time(browser: Open) -> None:
    _letter, content = a_letter()
    with time_machine.travel(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), tick=False):
        made = sign(content, head())
    assert b"99991231235959" in made
    page = send(browser(), made)
    assert (page.status, "waktu tidak disebut" in page.text) == (200, True)


def test_a_signed_copy_from_elsewhere_begins_with_our_letter(browser: Open) -> None:
    _letter, content = a_letter()
    trust(authority().pem)
    page = send(browser(), sign(content, head()))
    assert "Berkas ini berbeda dari surat kami" in page.text
    assert "tersertifikasi: utuh, sah" in page.text
    assert "Rosa Umpama, M.Si. (tersertifikasi" in page.text
    assert "Bahari" not in page.html


def test_a_pdf_of_others_is_not_ours_and_its_signature_is_named(browser: Open) -> None:
    page = send(browser(), sign(pdf(), head()))
    assert "Berkas ini bukan dari kami" in page.text
    assert "tidak tersertifikasi" in page.text


def test_nothing_that_was_sent_is_kept(browser: Open) -> None:
    a_letter()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile))
    send(browser(), sign(pdf(), head()))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == before


REFUSED = {
    "nothing": (None, 422, "Pilih berkas PDF"),
    "a photo": (picture(), 422, "hanya memeriksa PDF"),
    "a cut one": (pdf()[:-30], 422, "terpotong"),
    "a broken signed one": (sign(pdf(), head()).replace(b"startxref", b"startyref"), 422, "rusak"),
    "a large one": (pdf() + b"x" * LARGEST_UPLOAD, 422, "15 MB"),
}


@pytest.mark.parametrize(("content", "status", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_looked_at_is_refused_with_its_reason(
    browser: Open, content: bytes | None, status: int, reason: str
) -> None:
    page = send(browser(), content)
    assert (page.status, page.soup.select_one("#file-error") is not None) == (status, True)
    assert reason in page.text


def test_many_files_from_one_address_are_slowed_down(browser: Open, at: Clock) -> None:
    at("2026-11-30 10:00")
    stranger = browser()
    statuses = {send(stranger, pdf()).status for _ in range(FILES_AT_ONCE)}
    assert statuses == {200}
    page = send(stranger, pdf())
    assert (page.status, page.response.headers["Retry-After"]) == (429, "1")
    assert "Terlalu banyak" in page.text
    at("2026-11-30 10:02")
    assert send(stranger, pdf()).status == 200
