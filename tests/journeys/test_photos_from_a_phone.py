"""Many photos from a phone on a weak network: none is lost, stored twice or left on the phone."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from compliance.cases.commands.drafts import start_draft
from compliance.core.db import db, transaction
from compliance.evidence.models import Evidence
from compliance.files.rules import LARGEST_UPLOAD
from compliance.files.storage import hash_of, storage
from tests.browser import PASSWORD
from tests.factories import a_case, a_company, user
from tests.files.pictures import large_picture, pdf, picture
from tests.journeys.cutting import WeakNetwork
from tests.journeys.processes import until

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
MANY = int(os.environ.get("PHOTOS", "40"))
"""PHOTOS=200 sends as many as an inspector takes in a month."""
Open = Callable[..., Page]


@pytest.fixture
def network(address: str) -> Iterator[WeakNetwork]:
    made = WeakNetwork(urlsplit(address).port or 0, seed=MANY, chance=0)
    yield made
    made.close()


@pytest.fixture
def phone(chromium: Browser, network: WeakNetwork) -> Iterator[Open]:
    """A telephone behind the weak network, signed in."""
    contexts = []

    def unlock(who: str = "ina") -> Page:
        context = chromium.new_context(
            base_url=network.address,
            viewport={"width": 360, "height": 640},
            has_touch=True,
            is_mobile=True,
            service_workers="block",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        sign_in(page, who)
        return page

    yield unlock
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str, first: str = "**/field") -> None:
    page.goto("/login")
    page.fill("#email", f"{who}@contoh.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(first)


@pytest.fixture
def files() -> str:
    """The address of the evidence of a case of Ina's."""
    where = f"/cases/{a_case().number}/files"
    db.session.rollback()
    return where


def draft_of(who: str) -> str:
    """The key of a new draft."""
    with transaction():
        return start_draft(a_company(), by=user(who), draft_key=str(uuid.uuid4())).draft_key or ""


def photos(count: int, size: tuple[int, int] = (64, 48)) -> list[FilePayload]:
    """Photos of different seconds, as a phone names them."""
    return [
        {
            "name": f"IMG_{number:04}.jpg",
            "mimeType": "image/jpeg",
            "buffer": picture(taken=f"2026:11:30 08:{number // 60:02}:{number % 60:02}", size=size),
        }
        for number in range(count)
    ]


def stored() -> list[Evidence]:
    db.session.rollback()
    found = list(db.session.scalars(sa.select(Evidence).order_by(Evidence.id)))
    assert all(item.file and item.by for item in found)
    db.session.rollback()
    return found


def pick(page: Page, chosen: list[FilePayload], label: str = "#file") -> None:
    if len(chosen) > 1:
        expect(page.locator(f"{label}[multiple]")).to_be_attached()  # its script has begun
    page.set_input_files(label, chosen)
    page.get_by_role("button", name="Simpan bukti").click()


def status(page: Page) -> Locator:
    return page.locator("[data-photo-box] [role=status]")


def state(page: Page) -> str:
    return status(page).inner_text()


def left_on(page: Page) -> int:
    """How many photos the phone still keeps."""
    return int(
        page.evaluate(
            """() => new Promise((done) => { const opening = indexedDB.open("patuh-photos");
              opening.onsuccess = () => { const db = opening.result;
                if (!db.objectStoreNames.contains("bytes")) return db.close(), done(0);
                const count = db.transaction("bytes").objectStore("bytes").count();
                count.onsuccess = () => { db.close(); done(count.result); }; }; })"""
        )
    )


def finish(page: Page, count: int) -> None:
    """Walk to where the signal is, again and again, until all are there."""
    again = page.get_by_role("button", name="Coba kirim sekarang")
    done = page.get_by_text(f"Terkirim {count} dari {count}")
    while not done.is_visible():
        expect(again.or_(done).first).to_be_visible(timeout=30_000)
        if again.is_visible():
            page.evaluate("dispatchEvent(new Event('online'))")


def test_many_photos_over_a_network_that_is_cut_at_random_arrive_once(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina, chosen = phone(), photos(MANY)
    ina.goto(files)
    network.chance = 0.4
    pick(ina, chosen)
    finish(ina, MANY)
    assert network.cuts["before"] > MANY / 20
    assert network.cuts["after"] > MANY / 20
    assert [item.file.sha256 for item in stored()] == [hash_of(each["buffer"]) for each in chosen]
    assert {item.original for item in stored()} == {True}
    assert left_on(ina) == 0
    expect(ina.locator(".photos > li")).to_have_count(MANY)


def test_a_note_is_about_the_photos_it_was_typed_with_and_stays_until_one_is_kept(
    phone: Open, files: str
) -> None:
    ina, [first, second] = phone(), photos(2)
    ina.goto(files)
    note = ina.locator("#note")
    note.fill("Papan nama")
    large = bytes(LARGEST_UPLOAD + 1)
    pick(ina, [{"name": "besar.pdf", "mimeType": "application/pdf", "buffer": large}])
    expect(status(ina)).to_contain_text("besar.pdf lebih besar dari 15 MB")
    expect(note).to_have_value("Papan nama")
    pick(ina, [first])
    expect(note).to_have_value("")
    expect(status(ina)).to_contain_text("Terkirim 1 dari 1")
    pick(ina, [second])
    expect(ina.locator(".photos > li")).to_have_count(2)
    assert [item.note for item in stored()] == ["Papan nama", None]


def test_without_a_signal_photos_wait_on_the_phone_and_every_page_says_so(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina = phone()
    ina.goto(files)
    expect(ina.locator("main")).to_contain_text(
        "paling lama tujuh hari, dan dihapus dari perangkat ini saat Anda keluar"
    )
    network.always = "before"
    pick(ina, photos(2))
    expect(status(ina)).to_contain_text("Menunggu sinyal (2)")
    assert "Terkirim" not in state(ina)
    ina.goto("/field")
    waiting = ina.get_by_text("Foto: Menunggu sinyal (2)")
    expect(waiting).to_be_visible()
    assert stored() == []
    network.always = None
    ina.get_by_role("link", name="Lihat foto yang menunggu").click()
    ina.wait_for_url(f"**{files}")
    expect(status(ina)).to_have_text("Terkirim 2 dari 2")
    expect(ina.locator(".photos > li")).to_have_count(2)
    assert (len(stored()), left_on(ina)) == (2, 0)
    ina.goto("/field")
    expect(ina.get_by_text("Terkirim 2")).to_have_count(0)


def test_a_photo_is_kept_for_seven_days_at_most(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina = phone()
    ina.goto(files)
    network.always = "before"
    pick(ina, photos(1))
    expect(status(ina)).to_contain_text("Menunggu sinyal (1)")
    now, week = ina.evaluate("Date.now()"), 7 * 24 * 3600 * 1000
    ina.clock.install(time=datetime.fromtimestamp((now + week - 60_000) / 1000, UTC))
    ina.goto("/account")
    expect(ina.get_by_text("Menunggu sinyal (1)")).to_be_visible()
    ina.clock.set_system_time(datetime.fromtimestamp((now + week + 60_000) / 1000, UTC))
    ina.goto("/account")
    assert until(lambda: left_on(ina) == 0, seconds=10)


def test_signing_out_asks_first_and_leaves_no_photo_on_the_phone(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina, asked = phone(), []
    ina.goto(files)
    network.always = "before"
    pick(ina, photos(2))
    expect(status(ina)).to_contain_text("Menunggu sinyal (2)")
    ina.goto("/account")
    ina.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    ina.get_by_role("button", name="Keluar").click()
    assert asked == ["2 foto belum terkirim dan akan dihapus dari perangkat ini. Tetap keluar?"]
    assert (left_on(ina), ina.url.endswith("/account")) == (2, True)
    ina.once("dialog", lambda dialog: dialog.accept())
    ina.get_by_role("button", name="Keluar").click()
    ina.wait_for_url("**/login*")
    network.always = None
    assert left_on(ina) == 0
    sign_in(ina, "ina")
    ina.goto(files)
    expect(ina.get_by_text("Belum ada foto")).to_be_visible()
    assert stored() == []


def test_another_person_on_the_same_phone_sends_nothing_of_the_first(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    page = phone()
    page.goto(files)
    network.always = "before"
    pick(page, photos(1))
    expect(status(page)).to_contain_text("Menunggu sinyal (1)")
    page.context.clear_cookies()
    network.always = None
    sign_in(page, "sari", "**/queue")
    page.goto(files)
    expect(page.locator("[data-photo-box]")).to_be_visible()
    assert (state(page), stored(), left_on(page)) == ("", [], 1)
    page.context.clear_cookies()
    sign_in(page, "ina")
    page.goto(files)
    expect(status(page)).to_have_text("Terkirim 1 dari 1", timeout=15_000)
    assert [item.by.name for item in stored()] == ["Ina Contoh"]


def fail_twice(page: Page) -> None:
    """Two attempts in vain: then the network is weak."""
    page.get_by_role("button", name="Coba kirim sekarang").click()
    expect(page.get_by_role("button", name="Kirim salinan diperkecil")).to_be_visible()


def test_on_a_weak_network_a_shrunk_copy_is_offered_and_marked(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina, content = phone(), large_picture()
    ina.goto(files)
    network.always = "before"
    pick(ina, [{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}, *photos(1)])
    fail_twice(ina)
    expect(ina.locator("main")).to_contain_text("bukan foto aslinya")
    network.always = None
    ina.get_by_role("button", name="Kirim salinan diperkecil").click()
    expect(status(ina)).to_have_text("Terkirim 2 dari 2")
    shrunk, small = stored()
    assert (shrunk.original, small.original) == (False, True)
    copy = Image.open(io.BytesIO(storage().get(shrunk.file.sha256)))
    assert (copy.format, copy.size) == ("JPEG", (1600, 1067))
    assert shrunk.file.size < len(content)
    expect(ina.locator(".photos > li").first).to_contain_text("salinan diperkecil")
    expect(ina.locator(".photos > li").last).not_to_contain_text("salinan diperkecil")


def test_a_shrunk_copy_of_a_photo_that_had_arrived_is_not_stored_beside_it(
    phone: Open, network: WeakNetwork, files: str
) -> None:
    ina = phone()
    ina.goto(files)
    network.always = "after"
    pick(ina, [{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": large_picture()}])
    fail_twice(ina)
    network.always = None
    ina.get_by_role("button", name="Kirim salinan diperkecil").click()
    expect(status(ina)).to_have_text("Terkirim 1 dari 1")
    assert [item.original for item in stored()] == [True]


def test_what_the_server_refuses_is_said_and_can_be_thrown_away(phone: Open, files: str) -> None:
    ina = phone()
    ina.goto(files)
    pdfs = [("a.pdf", pdf(script=True)), ("b.pdf", pdf()), ("c.pdf", pdf())]
    pick(ina, [{"name": n, "mimeType": "application/pdf", "buffer": each} for n, each in pdfs])
    expect(status(ina)).to_contain_text("c.pdf sudah ada di server")
    expect(status(ina)).to_contain_text("Ditolak: 1")
    expect(ina.locator(".sending")).to_contain_text("PDF ini memuat program.")
    assert (len(stored()), left_on(ina)) == (1, 1)
    ina.get_by_role("button", name="Buang dari perangkat ini").click()
    expect(ina.locator(".sending li")).to_have_count(0)
    assert left_on(ina) == 0


def test_a_session_that_ends_meanwhile_keeps_the_photo_until_the_next_sign_in(
    phone: Open, files: str, at: Callable[[str], None]
) -> None:
    ina = phone()
    ina.goto(files)
    at("2026-11-30 21:30")
    pick(ina, photos(1))
    expect(status(ina)).to_contain_text("Sesi Anda berakhir; masuk lagi")
    assert left_on(ina) == 1
    sign_in(ina, "ina")
    ina.goto(files)
    expect(status(ina)).to_have_text("Terkirim 1 dari 1")
    assert (len(stored()), left_on(ina)) == (1, 0)


def test_photos_taken_for_a_draft_and_at_a_recheck_stay_with_the_case(phone: Open) -> None:
    where, draft = f"/cases/{a_case().number}", draft_of("ina")
    db.session.rollback()
    ina = phone()
    ina.goto(f"/notas/{draft}/notes")
    ina.get_by_role("button", name="Foto dan dokumen").click()
    ina.wait_for_url(f"**/notas/{draft}/photos")
    pick(ina, photos(2))
    expect(status(ina)).to_have_text("Terkirim 2 dari 2")
    ina.get_by_role("link", name="Lanjutkan nota").click()
    ina.wait_for_url(f"**/notas/{draft}/notes")
    ina.goto(f"{where}/recheck")
    ina.set_input_files("#photo", photos(3)[2:])
    ina.get_by_role("button", name="Kirim foto").click()
    expect(status(ina)).to_have_text("Terkirim 1 dari 1")
    ina.goto(where)
    expect(ina.locator(".proofs li")).to_have_count(1)
    assert len({item.about_id for item in stored()}) == 2
