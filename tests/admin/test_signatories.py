"""The admin's pages of who signs letters: in which capacity, for which office, from when to when."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.office.models import Office
from compliance.office.signatories.models import Signatory
from compliance.office.signatories.queries import signatory_on
from tests.factories import a_case
from tests.letters.conftest import words_of
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.one_store
PAGE = "/admin/signatories"


def sign(browser: Open, *, confirmed: str = "yes", **typed: Any) -> Any:
    """Add a person who signs; what is not given is that of the head of the office."""
    head = {"name": "Rosa Umpama", "title": "Kepala Dinas", "from_on": "1-1-2026"}
    return browser("adi").submit(PAGE, **{**head, **typed}, confirmed=confirmed)


def named(name: str) -> Signatory:
    db.session.rollback()
    return db.session.scalars(sa.select(Signatory).where(Signatory.name == name)).one()


def signers_of_a_letter() -> list[list[str]]:
    """The lines above the signatures and the name, of the letter of a nota that is issued now."""
    a_case()
    set_letters()
    db.session.rollback()
    letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    return [[*signer["titles"], signer["name"]] for signer in letter.facts["signers"]]


def test_who_acts_for_the_head_signs_before_the_head(browser: Open, at: Clock) -> None:
    assert "belum ada; surat hanya memuat nama pengawas" in browser("adi").get(PAGE).text
    sign(browser)
    page = sign(
        browser,
        name="Tono Misal",
        capacity="plh",
        from_on="1-11-2026",
        until_on="5-12-2026",
    )
    assert "Tono Misal, Plh. Kepala Dinas" in page.text
    assert signers_of_a_letter()[0] == ["Mengetahui", "Plh. Kepala Dinas,", "Tono Misal"]
    sign(browser, name="Nona Contoh", from_on="30-11-2026")
    assert "Tono Misal, Plh. Kepala Dinas" in browser("adi").get(PAGE).text
    at("2026-12-07 09:00")
    assert "Nona Contoh, Kepala Dinas" in browser("adi").get(PAGE).text
    assert signers_of_a_letter()[0] == ["Mengetahui", "Kepala Dinas,", "Nona Contoh"]


def test_on_behalf_of_has_both_titles(browser: Open) -> None:
    sign(browser, title="Sekretaris", capacity="an", on_behalf_of="Kepala Dinas")
    assert signers_of_a_letter()[0] == [
        "Mengetahui",
        "a.n. Kepala Dinas",
        "Sekretaris,",
        "Rosa Umpama",
    ]
    assert "a.n. Kepala Dinas, Sekretaris" in browser("adi").get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"title": "Plt. Kepala Dinas"}, ("Kepala Dinas", "plt")),
        ({"title": "PLH Kepala Dinas", "capacity": "plh"}, ("Kepala Dinas", "plh")),
        ({"capacity": "plt", "on_behalf_of": "Gubernur"}, ("Kepala Dinas", "plt")),
    ],
)
def test_an_abbreviation_before_the_title_is_understood(
    browser: Open, typed: dict[str, str], stored: tuple[str, str]
) -> None:
    assert sign(browser, **typed).status == 200
    signatory = named("Rosa Umpama")
    assert (signatory.title, signatory.capacity, signatory.on_behalf_of) == (*stored, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Isi nama dengan gelarnya."),
        ({"title": ""}, "Isi jabatan di atas tanda tangan"),
        ({"title": "x" * 101}, "Paling panjang 100 huruf."),
        ({"capacity": "raja"}, "Pilih salah satu."),
        ({"title": "Plt. Kepala Dinas", "capacity": "plh"}, "tidak cocok"),
        ({"capacity": "an"}, "Isi jabatan yang diwakili"),
        ({"from_on": ""}, "Isi tanggal"),
        ({"from_on": "31-2-2026"}, "Tulis tanggal"),
        ({"until_on": "31-12-2025"}, "Isi tanggal mulai"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_on_the_form(
    browser: Open, typed: dict[str, str], said: str
) -> None:
    page = sign(browser, rank="Pembina", **typed)
    assert page.status == 422
    assert said in page.text
    assert page.value("rank") == "Pembina"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signatory)) == 0


def test_an_odd_nip_is_kept_and_said(browser: Open) -> None:
    page = sign(browser, nip="198513012010012001")
    assert "memuat tanggal yang tidak ada" in page.text
    assert named("Rosa Umpama").nip == "198513012010012001"


def test_a_mistyped_one_is_put_right_until_a_letter_bears_the_name(browser: Open) -> None:
    sign(browser, name="Rosa Umpana")
    address = f"{PAGE}/{named('Rosa Umpana').id}"
    assert address in browser("adi").get(PAGE).links()
    page = browser("adi").submit(address, name="Rosa Umpama", nip="1")
    assert "bukan 18 angka" in page.text
    event = db.session.scalars(sa.select(Event).where(Event.kind == "signatory.changed")).one()
    assert event.fact("before") == {"name": "Rosa Umpana", "nip": None}
    assert signers_of_a_letter()[0][-1] == "Rosa Umpama"
    page = browser("adi").get(address)
    assert "sudah tertulis pada surat" in page.text
    assert address not in browser("adi").get(PAGE).links()
    assert browser("adi").post(address, name="Lain", title="Lain", capacity="plt").status == 409
    assert named("Rosa Umpama").title == "Kepala Dinas"
    page = browser("adi").submit(f"{address}/end", until_on="30-11-2026")
    assert page.status == 200
    assert f"{address}/end" in page.links()


def test_a_person_signs_for_the_office_that_is_chosen(browser: Open) -> None:
    with transaction():
        db.session.add(
            Office(code="disnaker-53b", kind="inspectorate", region_code="53.08", name="UPT Misal")
        )
        db.session.execute(sa.text("UPDATE stamps SET value = 'another'"))
    browser("adi").get("/help")
    page = sign(browser, office="disnaker-53b")
    assert "UPT Misal" in page.text
    day = named("Rosa Umpama").from_on
    assert signatory_on("53.71", day) is None
    sign(browser, name="Tono Misal", office="")
    signing = signatory_on("53.71", day)
    assert signing is not None
    assert signing.name == "Tono Misal"


def test_only_the_admin_says_who_signs(browser: Open) -> None:
    sign(browser)
    address = f"{PAGE}/{named('Rosa Umpama').id}"
    for who in ("ina", "sari", "tika", "lia"):
        assert browser(who).post(address, name="Lain").status == 403
        assert browser(who).get(PAGE).status == 403


def test_who_signs_for_the_head_without_an_end_is_asked_about_once(browser: Open) -> None:
    sign(browser)
    asked = {"name": "Tono Misal", "capacity": "plt", "from_on": "7-12-2026"}
    page = sign(browser, confirmed="", **asked)
    assert "Menandatangani tanpa tanggal akhir?" in page.title
    assert page.soup.select_one("[data-restored]") is None, "nothing was lost"
    assert "Mulai 7 Desember 2026" in page.text
    assert "Tono Misal, Plt. Kepala Dinas" in page.text
    assert "tidak lagi Rosa Umpama, Kepala Dinas" in page.text
    db.session.rollback()
    assert db.session.query(Signatory).count() == 1
    typed = {field["name"]: field["value"] for field in page.soup.select("main input[type=hidden]")}
    adi = browser("adi")
    page = adi.post(PAGE, {**typed, "confirmed": "no"})
    assert (page.value("name"), page.value("from_on")) == ("Tono Misal", "7-12-2026")
    db.session.rollback()
    assert db.session.query(Signatory).count() == 1
    page = adi.post(PAGE, {**typed, "confirmed": "yes"})
    assert "Tono Misal disimpan." in page.text
    id = named("Tono Misal").id
    page = adi.submit(f"{PAGE}/{id}", until_on="20-12-2026")
    assert "Tono Misal disimpan." in page.text
    event = db.session.scalars(sa.select(Event).where(Event.kind == "signatory.changed")).one()
    assert event.data["after"] == {"until_on": {"day": "2026-12-20"}}
    assert "20 Desember 2026" in adi.get("/admin/audit").text
    page = adi.submit(f"{PAGE}/{id}", until_on="")
    assert "Menandatangani tanpa tanggal akhir?" in page.title
    assert named("Tono Misal").until_on is not None


def test_a_refusal_names_its_field_where_there_are_several_days(browser: Open) -> None:
    page = sign(browser, from_on="lusa", until_on="besok")
    listed = page.soup.select_one("#problems").get_text(" ", strip=True)
    assert "Mulai tanggal:" in listed
    assert "Sampai tanggal:" in listed


def test_an_invented_letter_stands_beside_the_form_under_who_is_typed(browser: Open) -> None:
    sign(browser)
    adi = browser("adi")
    preview = f"{PAGE}/preview"
    for page, address in (
        (PAGE, preview),
        (f"{PAGE}/{named('Rosa Umpama').id}", f"{preview}?id={named('Rosa Umpama').id}"),
    ):
        shown = adi.get(page)
        frame = shown.soup.select_one("iframe[name=preview]")
        assert frame["src"].startswith(address)
        assert [one["formaction"] for one in shown.soup.select("[data-previews]")] == [frame["src"]]
        assert "frame-src 'self'" in shown.response.headers["Content-Security-Policy"]
        assert "Kepala Dinas, Rosa Umpama" in words_of(adi.client.get(address).data)
    typed = {"name": "Tono Misal", "title": "Kepala Dinas", "capacity": "plh"}
    made = adi.post(preview, {**typed, "from_on": "7-12-2026", "nip": "198501012010012001"})
    said = words_of(made.response.data)
    for words in ("KONSEP", "7 Desember 2026", "Plh. Kepala Dinas, Tono Misal", "NIP 19850101"):
        assert words in said, (words, said)
    refused = adi.post(preview, {**typed, "name": "", "from_on": "7-12-2026"})
    assert (refused.status, "Isi nama dengan gelarnya." in refused.text) == (422, True)
    db.session.rollback()
    assert db.session.query(Signatory).count() == 1
    assert browser("sari").get(preview).status == 403
