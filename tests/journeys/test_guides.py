"""The user guides, walked: one journey for each of the three roles writes what it does, and
docs/guide must say the same.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.cases.jobs import sweep_due_rechecks
from compliance.core.db import db
from compliance.core.jobs import beat
from tests.factories import a_case, a_company, user
from tests.journeys.guide import Guide, a_head_signs
from tests.journeys.papers import announce_the_recheck, hand_over_the_nota, take_photos
from tests.licensing.desk import NIB, a_held_company
from tests.team.crowd import Row, a_crowd

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
NAME = "PT Contoh Bahari Timur"
GO = "main form[method=post] .btn-go"


def understood(page: Page) -> None:
    """The first-use hint is read and goes away."""
    page.get_by_role("button", name="Mengerti").click()
    expect(page.get_by_role("button", name="Mengerti")).to_have_count(0)


def test_the_inspectors_guide(
    guide: Callable[..., Guide], phone: Callable[[], Page], at: Callable[[str], None]
) -> None:
    a_company(NAME, nib=NIB, scale="medium", address="Jalan Contoh 1", phone="0380-000-000")
    a_head_signs()
    beat()
    db.session.rollback()
    told = guide(
        "pengawas",
        "Panduan pengawas",
        "Untuk pengawas ketenagakerjaan yang memakai Patuh di ponsel. Setiap langkah di bawah"
        " dijalani dan dipotret oleh uji Patuh sendiri; nama-namanya rekaan.",
    )
    page = phone()
    told.chapter(
        "Hari Anda",
        "Sesudah masuk, halaman **Lapangan** menunjukkan cek ulang yang terlambat, yang dekat, dan"
        " draf Anda.",
    )
    told.picture(page, "Halaman Lapangan pada pemakaian pertama", height=640)
    told.step(
        "Baca petunjuk singkat di atas, lalu tekan **Mengerti**. Petunjuk itu tidak muncul lagi."
    )
    understood(page)

    told.chapter(
        "Menerbitkan nota",
        "Satu halaman satu pertanyaan. Setiap **Lanjut** menyimpan draf di server; Anda boleh"
        " berhenti kapan saja.",
    )
    told.step("Tekan **Buat nota**.")
    page.click("text=Buat nota")
    told.step(
        "Ketik NIB, NPWP, NPP, atau nama perusahaan, lalu **Cari**. Yang cocok sudah terpilih;"
        " tekan **Lanjut**."
    )
    page.fill("#q", NIB)
    page.click("main >> text=Cari")
    expect(page.locator("input[name=company]")).to_be_checked()
    told.picture(page, "Perusahaan yang ditemukan dari NIB-nya", height=640)
    page.click(GO)
    told.step("Periksa alamat yang diperiksa, lalu **Lanjut**.")
    page.click(GO)
    told.step(
        "Isi jumlah pekerja dan yang sudah terdaftar. Selisihnya dihitung sendiri. Angka boleh"
        " ditulis 1.250."
    )
    page.fill("#workers_total", "40")
    page.fill("#workers_registered", "28")
    told.picture(page, "Jumlah pekerja, dengan selisih yang dihitung", height=640)
    page.click(GO)
    told.step(
        "Centang temuan. Dasar hukum, perintah, dan sanksinya dapat dibuka di bawah setiap temuan."
    )
    page.check("#findings-JS-02")
    take_photos(told, page, NAME)
    page.click(GO)
    told.step("Periksa tanggal pemeriksaan dan siapa yang ditemui, lalu **Lanjut**.")
    page.click(GO)
    told.step(
        "Baca sekali lagi semuanya. **Ubah** membawa Anda ke pertanyaannya dan kembali ke sini."
    )
    told.picture(
        page,
        "Periksa sebelum terbit: tanggal cek ulang dan kantor yang akan diberi tahu",
        height=900,
    )
    told.step(
        "Tekan **Terbitkan nota**. Nomor diberikan saat itu juga, dan kantor perizinan langsung"
        " diberi tahu. Tekan dua kali pun hanya satu nota."
    )
    page.click("text=Terbitkan nota")
    expect(page.locator("h1")).to_have_text("Nota terbit")
    told.picture(page, "Nota terbit: nomor, jatuh tempo cek ulang, dan alasannya", height=960)

    hand_over_the_nota(told, page)
    at("2027-02-15 08:00")
    beat()
    db.session.rollback()
    announce_the_recheck(told, phone(), NAME)

    at("2027-03-02 08:00")
    sweep_due_rechecks()
    beat()
    db.session.rollback()
    page = phone()
    told.chapter(
        "Mencatat cek ulang",
        "Tiga bulan kemudian cek ulang muncul sendiri di **Lapangan**; yang lewat tanggal disebut"
        " terlambat.",
    )
    told.picture(page, "Cek ulang yang terlambat", height=640)
    told.step("Buka perusahaannya, lalu tekan **Catat hasil cek ulang**.")
    page.click(f"text={NAME}")
    page.click("main >> text=Catat hasil cek ulang")
    told.step(
        "Pilih hasilnya. Di bawah setiap pilihan tertulis apa akibatnya dan siapa yang akan diberi"
        " tahu."
    )
    page.get_by_role("radio", name="Patuh", exact=True).check()
    told.step(
        "Isi jumlah pekerja yang kini terdaftar, centang temuan yang buktinya sudah Anda lihat, dan sebutkan"
        " buktinya, lalu **Simpan hasil**. Bila patuh, Patuh bertanya sekali lagi sebelum kasusnya ditutup;"
        " sepuluh menit sesudahnya hasil itu masih dapat dibatalkan."
    )
    page.fill("#workers_registered", "40")
    page.check("input[name=fixed]")
    told.picture(page, "Hasil cek ulang, dengan akibat setiap pilihan", height=900)
    page.click(GO)
    expect(page.locator("#problems")).to_contain_text("Kasus akan ditutup")
    page.click(GO)
    expect(page.locator("main > .notice").first).to_contain_text("Dicatat: patuh")

    told.chapter(
        "Bila sinyal hilang",
        "Yang sudah **Lanjut** tersimpan di server; draf ada di **Lapangan** dan terbuka di langkah"
        " terakhirnya. Yang sedang diketik tersimpan di ponsel sampai server menjawab, dan"
        " dikembalikan saat halaman dibuka lagi. Bila sesi berakhir, masuklah lagi: isian Anda"
        " kembali.",
    )
    told.finish()


def test_the_licensing_officers_guide(
    guide: Callable[..., Guide], person: Callable[..., Page], at: Callable[[str], None]
) -> None:
    a_held_company(at)
    for name in ("PT Misal Kopi Timur", "CV Misal Kopi", "UD Misal Kopi Sejahtera"):
        a_company(name)
    beat()
    db.session.rollback()
    told = guide(
        "petugas-perizinan",
        "Panduan petugas perizinan",
        "Untuk petugas loket PTSP. Patuh menjawab satu pertanyaan dengan satu kata; keputusan tetap"
        " di tangan Anda. Setiap langkah dijalani dan dipotret oleh uji Patuh sendiri; nama-namanya"
        " rekaan.",
    )
    page = person("lia")
    told.chapter("Mengecek pemohon", "Sesudah masuk, kotak cek sudah siap diketik.")
    told.step("Ketik NIB, NPWP, NPP, atau sedikitnya tiga huruf nama, lalu Enter.")
    page.keyboard.type(NIB)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()
    told.step(
        "Baca katanya dulu, lalu sebabnya dan apa yang menghapusnya. Kotak cek sudah kosong untuk"
        " pemohon berikutnya; Esc mengosongkannya."
    )
    told.picture(page, "Hasil cek: satu kata, sebabnya, dan keputusan Anda", height=1000)
    told.lines += [
        "",
        "| Kata | Artinya | Yang Anda lakukan |",
        "|---|---|---|",
        (
            "| **MERAH – TMP2T** | BPJS meminta layanan tertentu tidak diberikan. | Bila suratnya"
            " meminta kantor Anda, tahan layanan yang disebutnya sampai BPJS mencabutnya; izin lain diproses"
            " seperti biasa. |"
        ),
        (
            "| **MERAH – ADA CATATAN** | Cek ulang menemukan kewajiban belum dipenuhi. Bukan sanksi. |"
            " Pemohon dapat menunjukkan buktinya; putuskan sendiri dengan alasan tertulis. |"
        ),
        (
            "| **KUNING – NOTA TERBUKA** atau **LEWAT WAKTU** | Ada nota yang masih terbuka. |"
            " Izin dapat diproses; ingatkan pemohon. |"
        ),
        "| **HIJAU – TIDAK ADA CATATAN** | Tidak ada nota yang terbuka. | Proses seperti biasa. |",
        (
            "| **ABU – TIDAK DITEMUKAN** | Perusahaan tidak dikenal. Ini bukan bukti kepatuhan. |"
            " Periksa nomornya; bila perlu, tanyakan kepada pengawas. |"
        ),
        "",
    ]
    told.step(
        "Catat keputusan: pilih salah satu lalu **Simpan keputusan**, atau tekan Alt dengan nomor"
        " pilihannya. Putuskan tertulis sebelum waktu izinnya habis; lima hari kerja hanya bila aturan"
        " izinnya tidak menyebut waktu lain."
    )
    page.keyboard.press("Alt+1")
    expect(page.locator("main")).to_contain_text("Keputusan dicatat")
    told.step(
        "**Cetak bukti** mencetak setengah halaman. Kode di atasnya dapat diperiksa siapa pun di"
        " alamat `/verify`: yang ditunjukkan hanya nomor, waktu, dan katanya."
    )
    page.get_by_role("link", name="Cetak bukti").click()
    told.picture(page, "Bukti cek dengan kode dan QR untuk memeriksa keasliannya", height=640)

    page.goto("/check")
    told.chapter("Bila hanya tahu namanya")
    told.step(
        "Ketik beberapa huruf nama, lalu Enter. Bila ada beberapa yang cocok, Patuh tidak menebak."
    )
    page.keyboard.type("kopi")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pilih salah satu")
    told.picture(page, "Beberapa perusahaan cocok: pilih dengan nomor barisnya", height=560)
    told.step(
        "Cocokkan dengan berkas pemohon, lalu ketik nomor barisnya dan Enter. Bila ragu, minta NIB."
    )
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict .word")).to_contain_text("HIJAU")

    told.chapter(
        "Menjawab catatan",
        "Angka di samping **Catatan** adalah catatan yang belum dijawab kantor Anda.",
    )
    told.step("Buka **Catatan**, lalu perusahaannya.")
    page.click("nav a[href='/flags']")
    page.get_by_role("link", name="PT Contoh Bahari").click()
    told.step(
        "Pilih **Sudah dibaca, dipakai dalam keputusan**, **Bukan wewenang kantor kami**, atau"
        " **Belum ada permohonan izin**, lalu **Simpan jawaban**. Banyak sekaligus: centang barisnya di"
        " daftar, lalu **Sudah dibaca**; jawabannya boleh menyusul, dan sampai itu catatannya tetap di daftar"
        " yang belum dijawab."
    )
    page.get_by_label("Sudah dibaca, dipakai dalam keputusan").check()
    told.picture(page, "Satu catatan: mengapa, sejak kapan, dan jawaban kantor Anda", height=760)
    page.get_by_role("button", name="Simpan jawaban").click()
    expect(page.locator("main")).to_contain_text("Jawaban kantor Anda dicatat.")
    told.step(
        "Ada yang perlu ditanyakan? **Tanya** di halaman yang sama mengirim pertanyaan kepada"
        " pengawas; jawabannya masuk ke **Pesan**."
    )
    told.finish()


def test_the_compliance_teams_guide(
    guide: Callable[..., Guide], person: Callable[..., Page]
) -> None:
    ina, budi = user("ina").id, user("budi").id
    a_crowd(
        (Row(late=95 + each, inspector_id=budi, level="warning") for each in range(3)),
        first_id=20_000,
    )
    a_crowd(Row(late=3 + 4 * each, inspector_id=ina) for each in range(9))
    a_case(company=a_company(NAME))
    beat()
    db.session.rollback()
    told = guide(
        "tim-kepatuhan",
        "Panduan tim kepatuhan",
        "Untuk yang menjaga antrean cek ulang terlambat. Setiap langkah dijalani dan dipotret oleh"
        " uji Patuh sendiri; nama-namanya rekaan.",
    )
    page = person("tika")
    told.chapter(
        "Membaca antrean",
        "Sesudah masuk, **Antrean** menunjukkan cek ulang yang terlambat, yang paling lama dahulu.",
    )
    understood(page)
    told.picture(
        page, "Antrean: keranjang menurut lama terlambat, saringan, dan daftar", height=900
    )
    told.step(
        "Angka di atas adalah keranjang menurut lama terlambat; tekan untuk menyaring. Saringan"
        " yang berlaku tampak sebagai tanda yang dapat dihapus."
    )
    told.step(
        "**Beban per pengawas** menunjukkan kasus terbuka, yang terlambat, dan nota bulan ini"
        " terhadap normanya. Tekan nama untuk melihat kasusnya."
    )
    page.click("main a:has-text('Beban per pengawas')")
    told.picture(page, "Beban per pengawas", height=720)
    page.click("#load a:has-text('Ina Contoh')")

    told.chapter("Mengalihkan banyak kasus sekaligus")
    told.step("Centang kasusnya, atau **Semua kasus dalam daftar ini**, lalu tekan **Alihkan**.")
    page.check("#this-page")
    page.check("#all")
    page.click(".dock button:has-text('Alihkan')")
    told.step(
        "Pilih penerimanya. Angka sebelum dan sesudahnya tertulis pada setiap nama. Tulis"
        " alasannya, lalu tekan tombolnya."
    )
    page.get_by_label("Budi Misal").check()
    page.fill("#reason", "Ina Contoh cuti.")
    told.picture(page, "Sebelum mengalihkan: siapa menerima berapa, dan mengapa", height=900)
    page.click("main button.btn-go")
    told.step(
        "Keliru? **Urungkan** tersedia sepuluh menit. Setiap pengawas mendapat satu pesan, bukan"
        " satu per kasus."
    )
    expect(page.locator("main > .notice")).to_contain_text("9 kasus dialihkan ke Budi Misal.")
    told.picture(page, "Sesudah mengalihkan: yang terjadi, dan Urungkan", height=560)
    page.click("main > .notice button")
    expect(page.locator("main > .notice")).to_contain_text("9 kasus kembali ke Ina Contoh.")

    told.chapter("Meninjau satu per satu")
    told.step(
        "Tekan **Tinjau satu per satu**: setiap kasus tampil ringkas, dengan yang sudah dicoba."
    )
    page.goto("/queue")
    page.click("main a:has-text('Tinjau satu per satu')")
    told.picture(
        page, "Peninjauan: yang perlu diketahui dan tindakan dalam satu halaman", height=760
    )
    told.step(
        "Pilih tindakan, lalu **Simpan & berikutnya**. **Lewati** meneruskan tanpa mengubah apa"
        " pun."
    )
    page.get_by_label("Ingatkan pengawas").check()
    page.click("#save")
    expect(page.locator("main > .notice")).to_contain_text("diingatkan untuk 1 kasus")

    told.chapter(
        "Dengan papan ketik",
        "Tekan `?` di mana pun di luar isian untuk melihat pintasan: `j` `k` berpindah baris, `x`"
        " memilih, `o` membuka, `a` mengalihkan, `r` mengingatkan, `s` mencari di daftar,"
        " `f` membuka saringan, `/` mencari apa saja. Semuanya dapat"
        " dimatikan di halaman **Akun**.",
    )
    page.goto("/queue")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    told.picture(page, "Lembar pintasan", height=760)
    told.finish()
