"""The admin's pages of a letterhead: kept from a day on, shown on a letter before it is kept."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.files.models import StoredFile
from compliance.files.storage import Folder, storage
from compliance.letters.jobs import LettersRefused, set_letters
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from compliance.office.letterheads.models import Letterhead
from tests.browser import Page
from tests.factories import a_case, user
from tests.intruder import verified
from tests.letters.test_nota_letter import pages
from tests.licensing.desk import Clock, Open
from tests.office.test_crests import png, svg

pytestmark = pytest.mark.one_store
PAGE = "/admin/offices/disnaker-53/letterhead"
PREVIEW = f"{PAGE}/preview"
POINTS = 72 / 25.4
TYPED = {
    "government": "Pemerintah Misal", "office": "Dinas #panic() " * 8, "paper": "f4", "font_size": "11",
    "font": "", "from_on": "1-12-2026",
    "margin_top": "20", "margin_right": "20", "margin_bottom": "20", "margin_left": "20",
}  # fmt: skip


def kept() -> list[Letterhead]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letterhead).order_by(Letterhead.from_on)))


def keep(browser: Open, **typed: Any) -> Page:
    return browser("adi").submit(PAGE, **typed)


def crest(content: bytes, name: str = "lambang.svg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def a_letter() -> Letter:
    """The letter of a nota that is issued now, set."""
    a_case()
    set_letters()
    db.session.rollback()
    letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    return letter


def paper_of(content: bytes) -> tuple[int, int]:
    """Width and height of the first page in millimetres."""
    box = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
    return round(float(box.width) / POINTS), round(float(box.height) / POINTS)


def pictures_in(content: bytes) -> int:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return len(reader.pages[0].images)


def test_without_a_letterhead_of_its_own_letters_bear_what_the_settings_say(browser: Open) -> None:
    page = browser("adi").get(PAGE)
    assert page.value("government") == "Pemerintah Provinsi Nusa Tenggara Timur"
    assert "Belum ada kepala surat yang disimpan" in page.text
    head = a_letter().facts["letterhead"]
    assert (head["paper"], head["fonts"], head["size"], head["crest"]) == ("a4", [], 11, None)
    assert head["margins"] == [17, 22, 22, 25]
    assert head["office"].startswith("Dinas Koperasi")


def test_a_letter_bears_the_letterhead_of_its_day(browser: Open) -> None:
    page = keep(
        browser,
        government="Pemerintah Provinsi Misal",
        office="Dinas Tenaga Kerja Misal\n\nUPT Pengawasan Wilayah I ",
        details="Jalan Misal 1\nSurel misal@contoh.example",
        paper="f4",
        font="DejaVu Sans Mono",
        font_size="10",
        margin_left="30",
        crest=crest(svg()),
    )
    assert page.status == 200
    assert "Kepala surat disimpan; surat mulai 30 November 2026 memakainya." in page.text
    letter = a_letter()
    head = letter.facts["letterhead"]
    assert head["office"] == "Dinas Tenaga Kerja Misal\nUPT Pengawasan Wilayah I"
    assert head["margins"] == [17, 22, 22, 30]
    (file,) = (row.crest for row in kept())
    assert file is not None
    assert head["crest"] == {"format": "png", "sha256": file.sha256}
    content = storage().get(letter.file.sha256)
    assert paper_of(content) == (210, 330)
    assert pictures_in(content) == 1
    said = pages(content)
    for words in ("PEMERINTAH PROVINSI MISAL", "UPT PENGAWASAN WILAYAH I", "Surel misal@"):
        assert words in said, words


def test_a_change_is_planned_and_the_letters_of_before_keep_theirs(
    browser: Open, at: Clock
) -> None:
    keep(browser, office="Dinas Lama", crest=crest(png(), "lambang.png"))
    keep(browser, office="Dinas Baru", from_on="7-12-2026")
    before, after = kept()
    assert (before.office, after.office) == ("Dinas Lama", "Dinas Baru")
    assert after.crest_id == before.crest_id
    assert a_letter().facts["letterhead"]["office"] == "Dinas Lama"
    adi = browser("adi")
    page = adi.get(PAGE)
    assert (page.value("office"), "direncanakan" in page.text) == ("Dinas Lama", True)
    assert adi.get(f"{PAGE}?version={after.id}").value("from_on") == "7-12-2026"
    events = db.session.scalars(sa.select(Event).where(Event.kind == "office.letterhead_changed"))
    assert [event.fact("after")["office"] for event in events] == ["Dinas Lama", "Dinas Baru"]
    at("2026-12-07 09:00")
    assert a_letter().facts["letterhead"]["office"] == "Dinas Baru"
    assert browser("adi").get(PAGE).value("office") == "Dinas Baru"


def test_a_planned_letterhead_can_be_dropped_and_one_in_force_cannot(browser: Open) -> None:
    keep(browser, office="Dinas Lama")
    keep(browser, office="Dinas Baru", from_on="7-12-2026")
    before, after = kept()
    assert browser("adi").post(f"{PAGE}/{before.id}/drop").status == 409
    page = browser("adi").post(f"{PAGE}/{after.id}/drop")
    assert "Kepala surat yang direncanakan dihapus." in page.text
    assert [row.office for row in kept()] == ["Dinas Lama"]


def test_what_is_saved_again_without_a_change_leaves_nothing(browser: Open) -> None:
    keep(browser, office="Dinas Misal")
    keep(browser)
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.kind.like("office.%")))
    assert list(kinds) == ["office.letterhead_changed"]


def test_a_crest_that_is_gone_keeps_no_other_letter_from_its_pdf(app: Flask, browser: Open) -> None:
    keep(browser, crest=crest(svg()))
    waiting = a_case().nota.number
    (file,) = (row.crest for row in kept())
    assert file is not None
    sha256, content = file.sha256, storage().get(file.sha256)
    folder = storage()
    assert isinstance(folder, Folder)
    path = folder.folder / sha256[:2] / sha256[2:4] / sha256
    path.unlink()
    assert f"file {sha256}: its bytes are gone (letterhead 1)" in verified(app)[1]
    keep(browser, no_crest="y")
    other = a_case().nota.number
    with pytest.raises(LettersRefused, match=sha256):
        set_letters()
    unset = sa.select(Letter.number).where(Letter.file_id.is_(None))
    assert (list(db.session.scalars(unset)), other != waiting) == ([waiting], True)
    path.write_bytes(content)
    assert set_letters() == {"letters": 1}


def test_the_crest_is_taken_away_when_that_is_ticked(browser: Open) -> None:
    keep(browser, crest=crest(svg()))
    keep(browser, no_crest="y")
    assert [row.crest_id for row in kept()] == [None]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"government": " "}, "Isi pemerintah daerahnya"),
        ({"office": ""}, "Isi nama kantor."),
        ({"office": "a\nb\nc\nd"}, "Paling banyak 3 baris."),
        ({"office": "x" * 301}, "Paling panjang 300 huruf."),
        ({"details": "a\nb\nc\nd\ne"}, "Paling banyak 4 baris."),
        ({"paper": "a3"}, "Pilih salah satu."),
        ({"font": "Huruf Rekaan"}, "Huruf ini tidak terpasang."),
        ({"font_size": "30"}, "Isi bilangan antara 9 dan 14."),
        ({"font_size": "besar"}, "angka"),
        ({"margin_left": "90"}, "Isi bilangan antara 10 dan 40."),
        ({"margin_top": ""}, "Isi bilangan antara 8 dan 60."),
        ({"from_on": "1-1-2206"}, "Isi tanggal paling lama setahun dari sekarang."),
        ({"crest": crest(svg("<script/>"))}, "memuat program"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    browser: Open, typed: dict[str, Any], said: str
) -> None:
    page = keep(browser, **typed)
    assert page.status == 422
    assert said in page.text
    assert ("Pilih lagi berkas lambangnya" in page.text) == ("crest" in typed)
    assert kept() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_a_letter_is_shown_under_what_is_typed_and_nothing_is_kept(browser: Open) -> None:
    adi = browser("adi")
    seen = adi.get(PREVIEW).response
    assert (seen.mimetype, paper_of(seen.data)) == ("application/pdf", (210, 297))
    typed = {**TYPED, "crest": crest(png(), "l.png")}
    answer = adi.post(PREVIEW, **typed).response
    assert answer.mimetype == "application/pdf"
    assert paper_of(answer.data) == (210, 330)
    assert pictures_in(answer.data) == 1
    said = pages(answer.data)
    assert "DINAS #PANIC()" in said
    assert said.count("Perbaiki keadaan ini.") == 12
    assert "Contoh Perusahaan Bernama Sangat Panjang" in said
    for response in (seen, answer):
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert kept() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_what_makes_no_letter_says_why_in_place_of_the_letter(browser: Open) -> None:
    page = browser("adi").post(PREVIEW, government="Misal", office="Misal", paper="a4")
    assert page.status == 422
    assert "Ukuran huruf, dalam poin: Isi bilangan antara 9 dan 14." in page.text
    assert "frame-ancestors 'self'" in page.response.headers["Content-Security-Policy"]


def test_only_this_page_may_show_a_frame(browser: Open) -> None:
    adi = browser("adi")
    for address, frames in {PAGE: True, "/admin/settings": False}.items():
        policy = adi.get(address).response.headers["Content-Security-Policy"]
        assert ("frame-src 'self'" in policy) == frames
        assert "frame-ancestors 'none'" in policy


def test_a_form_of_before_another_change_is_refused(browser: Open) -> None:
    adi = browser("adi")
    seen = adi.get(PAGE).value("version")
    keep(browser, office="Dinas Baru")
    assert adi.post(PAGE, office="Dinas Lain", version=seen).status == 412


def test_only_the_admin_and_only_inspectorates_have_letterheads(browser: Open) -> None:
    keep(browser, office="Dinas Misal", from_on="7-12-2026")
    for who in ("ina", "sari", "tika", "lia"):
        assert browser(who).get(PAGE).status == 403
        assert browser(who).post(PREVIEW, office="Lain").status == 403
    assert browser("adi").get("/admin/offices/ptsp-53.71/letterhead").status == 404
    assert PAGE in browser("adi").get("/admin/offices/disnaker-53").links()
    assert browser("adi").get(f"{PAGE}?version=9999").status == 404


@pytest.mark.parametrize(("size", "status"), [(10, 422), (2 * 1024 * 1024, 422)])
def test_a_photo_as_crest_is_told_both_what_it_must_be_and_how_large(
    browser: Open, size: int, status: int
) -> None:
    page = keep(browser, crest=crest(b"\xff\xd8\xff\xe0" + bytes(size), "lambang.jpg"))
    assert page.status == status
    assert "Lambang harus berupa SVG atau PNG, paling besar 1 MB." in page.text


def test_the_way_to_the_contact_leads_to_its_field_and_not_from_its_own_page(browser: Open) -> None:
    adi = browser("adi")
    with transaction():
        change_settings({"office_contact": ""}, by=user("adi"))
    assert "/admin/settings#office_contact" in adi.get("/admin/offices").links()
    page = adi.get("/admin/settings")
    assert "Kontak kantor belum diisi" not in page.text
    assert page.soup.find(id="office_contact") is not None
    assert page.soup.find(id="anything")["placeholder"] == "Cari"
