"""The chapters of the inspector's guide about evidence and letters, walked on a phone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, expect

from compliance.core.db import db
from compliance.demo.pictures import photo
from compliance.evidence.jobs import make_clean_copies
from compliance.letters.jobs import set_letters
from tests.journeys.guide import Guide


def a_photo(what: str, company: str) -> FilePayload:
    """A photo as a phone sends it, visibly invented."""
    taken = datetime(2026, 11, 30, 8, 12, tzinfo=ZoneInfo("Asia/Makassar"))
    content = photo(what, company, colour="#2f6b5e", taken=taken)
    return {"name": f"{what}.jpg", "mimeType": "image/jpeg", "buffer": content}


def take_photos(told: Guide, page: Page, company: str) -> None:
    """From a page of the draft to its photos, and back."""
    told.step(
        "Tekan **Foto dan dokumen** untuk memotret: papan nama, ruang kerja, daftar yang diperlihatkan. Foto"
        " dikirim satu per satu dan menunggu di ponsel bila sinyal hilang. Daftar pekerja dan NIK: pilih"
        " **Terbatas**. **Lanjutkan nota** membawa Anda kembali."
    )
    page.get_by_role("button", name="Foto dan dokumen").click()
    expect(page.locator("#file[multiple]")).to_be_attached()  # its script has begun
    page.set_input_files("#file", [a_photo("Papan nama", company), a_photo("Ruang kerja", company)])
    page.fill("#note", "Papan nama dan ruang kerja")
    page.get_by_role("button", name="Simpan bukti").click()
    expect(page.locator("[data-evidence] li")).to_have_count(2)
    make_clean_copies()
    db.session.rollback()
    page.reload()
    told.picture(
        page, "Foto dan dokumen sebuah draf: yang dikirim, kapan, dan oleh siapa", height=1180
    )
    page.get_by_role("link", name="Lanjutkan nota").click()


def hand_over_the_nota(told: Guide, page: Page) -> None:
    """From the page that says that the nota was issued, to the letter of which somebody has taken receipt."""
    told.chapter(
        "Menyerahkan nota",
        "Nota sudah tersusun sebagai PDF dan tidak berubah lagi. Batas waktu temuan mulai sejak perusahaan"
        " menerimanya.",
    )
    told.step(
        "Tekan **Buka nota untuk dicetak (PDF)**, cetak, lalu mintakan tanda tangan. Di halaman"
        " terakhirnya ada tanda terima untuk digunting."
    )
    expect(page.get_by_role("link", name="Buka nota untuk dicetak (PDF)")).to_be_visible()
    told.step(
        "Buka kasusnya. Panel **Surat** memuat semua suratnya: nomor, keadaan, dan PDF-nya. Tekan"
        " **Nota Pemeriksaan I**."
    )
    set_letters()
    db.session.rollback()
    page.get_by_role("link", name="Buka kasus").click()
    letters = page.locator("section", has=page.get_by_role("heading", name="Surat (1)"))
    told.picture(page, "Panel Surat di halaman kasus: nomor, keadaan, dan PDF", of=letters)
    letters.get_by_role("link", name="Nota Pemeriksaan I", exact=True).click()
    told.step("Sudah ditandatangani? **Catat tanda tangan**, dengan pindaian atau fotonya.")
    page.get_by_role("link", name="Catat tanda tangan").click()
    page.fill("#signed_on", "30-11-2026")
    page.get_by_role("button", name="Catat tanda tangan ini").click()
    told.step(
        "Sesudah diserahkan, tekan **Catat penyampaian**: caranya, tanggalnya, siapa yang menerima. Ditolak?"
        " Catat dengan saksinya."
    )
    page.get_by_role("link", name="Catat penyampaian").click()
    page.get_by_label("Diserahkan langsung").check()
    page.get_by_role("radio", name="Tersampaikan").check()
    page.fill("#served_on", "30-11-2026")
    page.fill("#receiver", "Rina Contoh")
    page.fill("#receiver_position", "Staf personalia")
    told.picture(page, "Siapa yang menerima nota, kapan, dan dengan cara apa", height=1200)
    page.get_by_role("button", name="Catat penyampaian ini").click()
    expect(page.locator("main")).to_contain_text("Tersampaikan")
    told.picture(page, "Nota yang sudah ditandatangani dan tersampaikan", height=1300)


def announce_the_recheck(told: Guide, page: Page, company: str) -> None:
    told.chapter(
        "Memberi tahu cek ulang",
        "Sebelum jatuh tempo, perusahaan diberi tahu kapan Anda datang dan apa yang perlu disiapkan.",
    )
    told.step("Buka kasusnya, lalu **Buat surat** di panel **Surat**.")
    page.get_by_role("link", name=company).first.click()
    page.get_by_role("link", name="Buat surat").click()
    told.picture(page, "Surat yang dapat dibuat; yang belum waktunya menyebut sebabnya", height=780)
    told.step(
        "Pilih **Surat pengecekan kembali**. Tanggalnya sudah terisi dengan jatuh tempo; tambah jamnya, lalu"
        " **Simpan konsep**."
    )
    page.get_by_role("link", name="Surat pengecekan kembali").click()
    page.fill("#visit_at", "09.30")
    told.picture(page, "Yang ditanyakan sebuah surat pengecekan kembali", height=760)
    page.get_by_role("button", name="Simpan konsep").click()
    told.step(
        "Periksa **Lihat pratinjau (PDF)**. Surat ini ditandatangani kepala dinas; kepala pengawas yang"
        " memberinya nomor. Sesudah itu cetak dan sampaikan seperti nota."
    )
    expect(page.get_by_role("link", name="Lihat pratinjau (PDF)")).to_be_visible()
