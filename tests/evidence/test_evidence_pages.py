"""Evidence at the pages of a case: added, seen, withdrawn, never deleted."""

from __future__ import annotations

import errno
import io
import os
from typing import Any

import PIL.Image
import pytest

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.outbox import Message
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from compliance.files.storage import storage
from tests.browser import Browser, Page
from tests.factories import a_case, a_company
from tests.files.pictures import BAD_FILES, broken_picture, pdf, picture
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def number() -> str:
    """The number of a case of Ina's."""
    return a_case(company=a_company("PT Contoh Bahari Timur")).number or ""


def send(
    who: Browser, number: str, content: bytes, name: str = "IMG_0001.jpg", **fields: Any
) -> Page:
    """One file through the form, about the whole case unless `about` says otherwise."""
    case = db.session.query(Case).filter_by(number=number).one()
    facts = {"about": f"case:{case.id}", "class": "normal", **fields}
    return who.post(f"/cases/{number}/files", {**facts, "file": (io.BytesIO(content), name)})


def the_evidence() -> Evidence:
    db.session.rollback()
    return db.session.query(Evidence).one()


def test_a_photo_is_seen_by_its_clean_copy_and_its_original_stays(
    browser: Open, number: str
) -> None:
    ina, content = browser("ina"), picture(size=(3000, 2000))
    page = send(ina, number, content, note="Papan nama kantor")
    assert "Bukti disimpan." in page.text
    assert "sedang diperiksa" in page.text
    id = the_evidence().id
    waiting = ina.get(f"/evidence/{id}")
    assert (waiting.status, waiting.response.headers["Retry-After"]) == (202, "5")

    assert make_clean_copies() == {"cleaned": 1, "unreadable": 0}
    assert make_clean_copies() == {"cleaned": 0, "unreadable": 0}
    shown = ina.get(f"/evidence/{id}")
    assert (shown.response.mimetype, shown.response.headers["ETag"].strip('"')) == (
        "image/jpeg",
        the_evidence().clean.sha256,
    )
    copy = PIL.Image.open(io.BytesIO(shown.response.data))
    assert (copy.size, dict(copy.getexif())) == ((2560, 1707), {})
    small = PIL.Image.open(io.BytesIO(ina.get(f"/evidence/{id}/small").response.data))
    assert max(small.size) == 320
    saved = ina.get(f"/evidence/{id}/original")
    assert saved.response.data == content
    assert saved.response.headers["Content-Disposition"] == "attachment; filename=IMG_0001.jpg"
    assert "sandbox" in saved.response.headers["Content-Security-Policy"]
    page = ina.get(f"/cases/{number}/files")
    assert "Papan nama kantor" in page.text
    assert "menurut perangkat diambil 30 November 2026, 08.41" in page.text


@pytest.mark.one_store
def test_a_year_that_a_device_cannot_mean_does_not_break_the_page_of_its_case(
    browser: Open, number: str
) -> None:
    ina = browser("ina")
    send(ina, number, picture(taken="9999:12:31 23:59:59", offset="-12:00"))
    the_evidence().taken_at = "9999-12-31T23:59:59-12:00"  # as rows of before may say
    db.session.commit()
    page = ina.get(f"/cases/{number}/files")
    assert (page.status, "menurut perangkat" in page.text) == (200, False)


@pytest.mark.one_store
def test_the_same_photo_about_a_finding_is_kept_and_said(browser: Open, number: str) -> None:
    ina = browser("ina")
    assert "sudah menjadi bukti" not in send(ina, number, pdf(), "slip.pdf").text
    finding = db.session.query(Case).filter_by(number=number).one().findings[0].id
    page = send(ina, number, pdf(), "slip.pdf", about=f"finding:{finding}")
    assert "Berkas yang sama sudah menjadi bukti di sini: Seluruh kasus" in page.text
    assert len(list(storage().names())) == 1


@pytest.mark.one_store
def test_what_the_reader_has_is_not_sent_again(browser: Open, number: str) -> None:
    ina = browser("ina")
    send(ina, number, pdf(), "slip.pdf")
    address = f"/evidence/{the_evidence().id}"
    seen = ina.get(address)
    again = ina.get(address, headers={"If-None-Match": seen.response.headers["ETag"]})
    assert (again.status, again.response.data) == (304, b"")


@pytest.mark.one_store
def test_a_photo_that_cannot_be_decoded_is_kept_and_its_sender_is_told(
    browser: Open, number: str
) -> None:
    broken = broken_picture()
    ina = browser("ina")
    assert "Bukti disimpan." in send(ina, number, broken, "a.png").text
    assert make_clean_copies() == {"cleaned": 0, "unreadable": 1}
    assert "tidak terbaca" in ina.get(f"/cases/{number}/files").text
    for copy in ("", "/small"):
        page = ina.get(f"/evidence/{the_evidence().id}{copy}")
        assert (page.status, "a.png tidak terbaca" in page.text) == (409, True)
    assert ina.get(f"/evidence/{the_evidence().id}/original").response.data == broken
    told = db.session.query(Message).filter_by(kind="evidence.unreadable", channel="inbox").all()
    assert [message.user_id for message in told] == [the_evidence().by_id]
    assert "a.png sudah tersimpan, tetapi tidak dapat dibuka" in ina.get("/inbox").text


@pytest.mark.parametrize(
    ("content", "reason"),
    [*BAD_FILES.values(), (None, "Pilih foto atau PDF.")],
    ids=[*BAD_FILES, "no file at all"],
)
@pytest.mark.one_store
def test_a_file_that_is_refused_leaves_nothing_and_the_note_stays_typed(
    browser: Open, number: str, content: bytes | None, reason: str
) -> None:
    ina = browser("ina")
    page = send(ina, number, content or b"", "" if content is None else "a.jpg", note="Papan nama")
    assert page.status == 422
    assert reason in page.text
    assert page.value("note") == "Papan nama"
    assert db.session.query(Evidence).count() == 0
    assert list(storage().names()) == []


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("trouble", "said"), [(errno.ENOSPC, "penuh"), (errno.EIO, "tidak terjangkau")]
)
def test_a_storage_that_is_full_or_away_is_said_and_leaves_nothing(
    browser: Open, number: str, monkeypatch: pytest.MonkeyPatch, trouble: int, said: str
) -> None:
    def fail(_number: int) -> None:
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr(os, "fsync", fail)
    page = send(browser("ina"), number, picture())
    assert (page.status, said in page.text) == (503, True)
    monkeypatch.undo()
    assert db.session.query(Evidence).count() == 0
    assert list(storage().names()) == list(storage().workshop().iterdir()) == []


@pytest.mark.one_store
def test_the_same_bytes_twice_are_said_to_be_there(browser: Open, number: str) -> None:
    ina = browser("ina")
    send(ina, number, picture())
    page = send(ina, number, picture(), "lagi.jpg")
    assert "Berkas ini sudah ada: IMG_0001.jpg" in page.text
    assert the_evidence().name == "IMG_0001.jpg"


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("sli\u202egnp.exe", "slignp.jpg"),
        ("\u0000", "berkas.jpg"),
        ("x" * 300 + ".jpg", "x" * 112 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(browser: Open, number: str, name: str, kept: str) -> None:
    send(browser("ina"), number, picture(), name)
    assert the_evidence().name == kept


@pytest.mark.one_store
def test_a_restricted_file_is_for_the_inspector_and_the_supervisors(
    browser: Open, number: str
) -> None:
    ina = browser("ina")
    send(ina, number, pdf(), "pekerja.pdf", **{"class": "restricted"})
    page, id = f"/cases/{number}/files", the_evidence().id
    for who, seen in {"ina": True, "sari": True, "tika": False}.items():
        reader = browser(who)
        assert ("pekerja.pdf" in reader.get(page).text) == seen, who
        assert reader.get(f"/evidence/{id}").status == (200 if seen else 404), who
    for who in ("budi", "lia", "adi"):
        reader = browser(who)
        assert reader.get(page).status in (403, 404), who
        assert reader.get(f"/evidence/{id}/original").status in (403, 404), who


@pytest.mark.one_store
def test_withdrawn_evidence_stays_with_its_reason(browser: Open, number: str, at: Clock) -> None:
    ina = browser("ina")
    send(ina, number, picture())
    address = f"/evidence/{the_evidence().id}/withdraw"
    assert "Tuliskan alasannya." in ina.submit(address).text
    page = ina.submit(address, reason="Foto perusahaan lain")
    assert "ditarik" in page.text
    assert "Foto perusahaan lain" in page.text
    assert ina.get(f"/evidence/{the_evidence().id}/original").response.data == picture()
    assert "Bukti ini sudah ditarik." in ina.submit(address, reason="Lagi").text
    assert "Foto perusahaan lain" in ina.get(f"/cases/{number}/history").text
    assert browser("tika").get(address).status in (403, 404)


@pytest.mark.one_store
def test_evidence_is_about_a_finding_and_only_of_its_own_case(browser: Open, number: str) -> None:
    ina, other = browser("ina"), a_case()
    case = db.session.query(Case).filter_by(number=number).one()
    about = f"finding:{case.findings[0].id}"
    foreign = f"finding:{other.findings[0].id}"
    page = send(ina, number, picture(), about=foreign)
    assert "Pilih bukti ini tentang apa." in page.text
    send(ina, number, picture(), about=about)
    assert f"{the_evidence().about_kind}:{the_evidence().about_id}" == about
    assert "Temuan JS-02" in ina.get(f"/cases/{number}/files").text
