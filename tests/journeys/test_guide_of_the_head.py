"""The guide of the head of inspection, walked: letters approved, numbered and signed, and a packet made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.jobs import beat
from compliance.demo.pictures import scan
from compliance.letters.commands.drafting import draft_letter
from compliance.letters.jobs import set_letters
from compliance.letters.packets.jobs import make_packets
from compliance.office.commands import change_settings
from tests.factories import a_case, a_company, user
from tests.journeys.guide import Guide, a_head_signs

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
NAME = "PT Contoh Bahari Timur"
NOTICE = {"visit_on": "2027-03-01", "visit_at": "09.30"}
COVER = {"cover": "information"}


@pytest.fixture
def number(app: object) -> str:
    """The case of which two letters wait for the head."""
    a_head_signs()
    case = a_case(company=a_company(NAME, nib="9120001234567", address="Jalan Contoh 1"))
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    for kind, options in (("cover_ptsp", COVER), ("recheck_notice", NOTICE)):
        with transaction():
            draft_letter(kind, by=user("ina"), company=case.company, case=case, options=options)
    set_letters()
    beat()
    found = case.number or ""
    db.session.rollback()
    return found


def test_the_heads_guide(
    guide: Callable[..., Guide], person: Callable[..., Page], number: str
) -> None:
    told = guide(
        "kepala-pengawas",
        "Panduan kepala pengawas",
        "Untuk kepala pengawas yang menyetujui dan menerbitkan surat. Setiap langkah dijalani dan dipotret"
        " oleh uji Patuh sendiri; nama-namanya rekaan.",
    )
    page = person("sari")
    told.chapter(
        "Menyetujui surat",
        "Bila setelan kantor meminta persetujuan, konsep surat yang ditandatangani kepala dinas menunggu di"
        " **Persetujuan**. Tanpa setelan itu konsepnya juga menunggu di sana, dan Anda langsung"
        " menerbitkannya.",
    )
    told.step("Buka **Persetujuan**. Angka di sampingnya adalah yang menunggu.")
    page.click("nav a[href='/approvals']")
    told.picture(
        page, "Yang menunggu persetujuan: jenisnya, perusahaannya, penyusunnya", height=420
    )
    told.step(
        "Buka yang pertama, baca **Lihat pratinjau (PDF)**, lalu **Setujui, buka berikutnya**. Keliru?"
        " **Kembalikan** dengan sebabnya; konsepnya kembali ke penyusun."
    )
    page.click(f"main a:has-text('{NAME}')")
    told.picture(page, "Satu surat yang menunggu, dengan pratinjau dan tombolnya", height=480)
    page.get_by_role("button", name="Setujui, buka berikutnya").click()
    page.get_by_role("button", name="Setujui surat ini").click()
    expect(page.locator("main")).to_contain_text("Surat disetujui.")

    told.chapter(
        "Menerbitkan dan menandatangani",
        "Dengan nomornya, surat tersusun sekali sebagai PDF dan tidak berubah lagi.",
    )
    told.step(
        "Tekan **Terbitkan surat**. Kosongkan nomornya supaya nomor berikutnya dipakai, lalu **Beri nomor dan"
        " terbitkan**."
    )
    page.get_by_role("link", name="Terbitkan surat").click()
    told.picture(page, "Memberi nomor: kosong berarti nomor berikutnya", height=560)
    page.get_by_role("button", name="Beri nomor dan terbitkan").click()
    set_letters()
    db.session.rollback()
    told.step(
        "Cetak suratnya dan mintakan tanda tangan. Lalu **Catat tanda tangan**: tanggalnya, dan pindaian atau"
        " fotonya. Yang ditandatangani di BSrE atau SRIKANDI dikirim sebagai PDF; Patuh memeriksa tanda"
        " tangannya."
    )
    page.get_by_role("link", name="Catat tanda tangan").click()
    page.fill("#signed_on", "30-11-2026")
    content = scan("Surat bertanda tangan", NAME, made_at=clock.now())
    page.set_input_files(
        "#scan", {"name": "Pindaian.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    told.picture(
        page,
        "Tanda tangan tinta dengan pindaiannya, atau PDF bertanda tangan elektronik",
        height=760,
    )
    page.get_by_role("button", name="Catat tanda tangan ini").click()
    expect(page.locator("main")).to_contain_text("Tanda tangan basah, dipindai")
    told.step(
        "Halaman suratnya kini menyebut nomor, tanda tangan, dan langkah berikutnya. Salah isi? **Buat versi"
        " baru**: yang lama tetap berlaku sampai yang baru bernomor."
    )
    told.picture(page, "Surat yang sudah ditandatangani dan menunggu disampaikan", height=860)

    told.chapter(
        "Paket bukti",
        "Satu berkas zip dari satu kasus untuk Kadis atau pengadilan, atau untuk kantor perizinan.",
    )
    told.step(
        "Buka kasusnya, lalu **Lihat bukti dan paketnya** di panel **Bukti**. Tekan **Buat paket** di bawah"
        " **Lengkap**. Paket disiapkan di belakang layar; muat ulang halamannya sebentar lagi."
    )
    page.goto(f"/cases/{number}")
    page.get_by_role("link", name="Lihat bukti dan paketnya").click()
    page.get_by_role("button", name="Buat paket Lengkap").click()
    make_packets()
    db.session.rollback()
    page.reload()
    told.step(
        "**Unduh paket**. Daftar isinya memuat sidik setiap berkas; setiap unduhan tercatat. Paket untuk"
        " kantor perizinan tidak memuat temuan dan berkas terbatas."
    )
    packets = page.locator("section", has=page.get_by_role("heading", name="Paket bukti"))
    expect(packets).to_contain_text("Unduh paket")
    told.picture(page, "Panel Paket bukti: paket lengkap sudah dibuat", of=packets)
    told.finish()
