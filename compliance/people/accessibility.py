"""The accessibility statement as data: each of the 55 success criteria of WCAG 2.2, levels A and
AA, with its result.

Owns what is claimed, how it was tested, and what is not met. A claim that nothing tests says so by
an empty `tested`. Source of numbers and levels: https://www.w3.org/TR/WCAG22/ (4.1.1 is obsolete
there and is no criterion any more).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from compliance.core.text import Text, say

REVIEWED_ON = date(2026, 11, 26)
PRINCIPLES = {
    "1": say("Dapat ditangkap"),
    "2": say("Dapat dioperasikan"),
    "3": say("Dapat dipahami"),
    "4": say("Tangguh"),
}
RESULTS = {
    "met": say("Terpenuhi"),
    "gap": say("Belum sepenuhnya"),
    "none": say("Tidak berlaku"),
}
METHODS = {
    "axe": say("pemeriksa otomatis axe"),
    "test": say("uji otomatis Patuh sendiri"),
    "keyboard": say("dijalani dengan papan ketik saja"),
    "eye": say("dilihat satu per satu"),
}
NO_MEDIA = say("Patuh tidak memuat suara atau video.")


@dataclass(frozen=True)
class Criterion:
    """One success criterion: what is claimed, by what means it is met or what is missing, and what
    tests it.
    """

    number: str
    level: Literal["A", "AA"]
    name: Text
    result: Literal["met", "gap", "none"]
    how: Text
    tested: tuple[str, ...] = ()


# fmt: off
CRITERIA = (
    Criterion("1.1.1", "A", say("Konten bukan teks"), "met",
        say("Tanda dan ikon selalu didampingi kata, dan disembunyikan dari pembaca layar."), ("axe", "eye")),
    Criterion("1.2.1", "A", say("Hanya suara dan hanya video"), "none", NO_MEDIA),
    Criterion("1.2.2", "A", say("Teks untuk video"), "none", NO_MEDIA),
    Criterion("1.2.3", "A", say("Deskripsi suara atau alternatif media"), "none", NO_MEDIA),
    Criterion("1.2.4", "AA", say("Teks untuk siaran langsung"), "none", NO_MEDIA),
    Criterion("1.2.5", "AA", say("Deskripsi suara"), "none", NO_MEDIA),
    Criterion("1.3.1", "A", say("Informasi dan hubungan"), "met",
        say("Judul, daftar, tabel dengan kepala kolom, kelompok isian dengan legenda, dan petunjuk "
            "yang terikat pada isiannya."), ("axe", "test")),
    Criterion("1.3.2", "A", say("Urutan yang bermakna"), "met",
        say("Urutan di kode sama dengan urutan baca. Di layar lebar, formulir kalender tampil di "
            "kanan walau dibaca lebih dulu; artinya tidak berubah."), ("eye",)),
    Criterion("1.3.3", "A", say("Ciri indrawi"), "met",
        say("Petunjuk menyebut nama tombol, tidak hanya bentuk, warna, atau letaknya."), ("eye",)),
    Criterion("1.3.4", "AA", say("Orientasi"), "met",
        say("Layar tegak dan mendatar sama-sama dapat dipakai."), ("eye",)),
    Criterion("1.3.5", "AA", say("Tujuan isian"), "met",
        say("Isian tentang diri sendiri (surel, kata sandi) menyebut tujuannya kepada peramban. "
            "Isian tentang orang lain sengaja tidak."), ("axe", "eye")),
    Criterion("1.4.1", "A", say("Penggunaan warna"), "met",
        say("Setiap warna didampingi kata: hasil cek, status, keterlambatan, kesalahan, jenis hari "
            "libur."), ("eye",)),
    Criterion("1.4.2", "A", say("Kendali suara"), "none", NO_MEDIA),
    Criterion("1.4.3", "AA", say("Kontras teks"), "met",
        say("Sedikitnya 4,5 banding 1 dalam tampilan terang dan gelap."), ("axe",)),
    Criterion("1.4.4", "AA", say("Ukuran teks"), "met",
        say("Teks dapat diperbesar sampai dua kali tanpa kehilangan isi."), ("eye",)),
    Criterion("1.4.5", "AA", say("Gambar teks"), "met", say("Tidak ada teks di dalam gambar."), ("eye",)),
    Criterion("1.4.10", "AA", say("Susun ulang"), "met",
        say("Pada lebar 320 piksel, setara pembesaran empat kali di layar 1280, isi tersusun satu "
            "kolom tanpa digeser ke samping; tabel menjadi kartu."), ("test", "eye")),
    Criterion("1.4.11", "AA", say("Kontras bukan teks"), "met",
        say("Batas isian, tanda fokus, dan tanda status sedikitnya 3 banding 1."), ("eye",)),
    Criterion("1.4.12", "AA", say("Jarak teks"), "met",
        say("Jarak baris, huruf, kata, dan paragraf dapat diperlebar tanpa ada yang terpotong."), ("eye",)),
    Criterion("1.4.13", "AA", say("Isi yang muncul saat disorot"), "met",
        say("Tidak ada isi yang hanya muncul saat disorot penunjuk atau mendapat fokus, selain "
            "keterangan bawaan peramban."), ("eye",)),
    Criterion("2.1.1", "A", say("Papan ketik"), "met",
        say("Semua tindakan memakai tautan, tombol, dan isian bawaan peramban, jadi dapat "
            "dilakukan dengan papan ketik."), ("keyboard",)),
    Criterion("2.1.2", "A", say("Tanpa jebakan papan ketik"), "met",
        say("Fokus dapat meninggalkan setiap bagian halaman dengan tombol Tab."), ("keyboard",)),
    Criterion("2.1.4", "A", say("Pintasan satu huruf"), "met",
        say("Pintasan dapat dimatikan di halaman Akun dan tidak bekerja saat mengetik di isian."), ("eye",)),
    Criterion("2.2.1", "A", say("Waktu dapat diatur"), "met",
        say("Sesi berakhir sesudah lama tidak dipakai, biasanya 12 jam. Lima menit sebelumnya Patuh "
            "memperingatkan, dan sesi diperpanjang dengan satu tombol, sampai beberapa hari sejak "
            "masuk. Isian yang terkirim sesudah sesi berakhir "
            "dikembalikan sesudah masuk lagi."), ("test",)),
    Criterion("2.2.2", "A", say("Jeda, hentikan, sembunyikan"), "none",
        say("Tidak ada yang bergerak, berkedip, atau memperbarui diri.")),
    Criterion("2.3.1", "A", say("Tidak lebih dari tiga kilatan"), "met",
        say("Tidak ada yang berkilat."), ("eye",)),
    Criterion("2.4.1", "A", say("Lompati blok"), "met",
        say("Tautan pertama setiap halaman langsung menuju isinya."), ("axe", "keyboard")),
    Criterion("2.4.2", "A", say("Judul halaman"), "met",
        say("Setiap halaman berjudul sendiri; bila ada kesalahan, judulnya berawal dengan kata itu."),
        ("test",)),
    Criterion("2.4.3", "A", say("Urutan fokus"), "met",
        say("Fokus mengikuti urutan baca; sesudah kesalahan, fokus pindah ke ringkasan kesalahan."),
        ("keyboard",)),
    Criterion("2.4.4", "A", say("Tujuan tautan"), "met",
        say("Tautan menyebut tujuannya; tombol yang berulang menyebut, untuk pembaca layar, baris "
            "mana yang dimaksud."), ("axe", "eye")),
    Criterion("2.4.5", "AA", say("Beberapa cara"), "met",
        say("Perusahaan dan kasus dicapai lewat daftar, pencarian, dan tautan antarhalaman."), ("eye",)),
    Criterion("2.4.6", "AA", say("Judul dan label"), "met",
        say("Setiap halaman punya satu judul utama dan setiap isian label yang terlihat."), ("test", "eye")),
    Criterion("2.4.7", "AA", say("Fokus terlihat"), "met",
        say("Yang mendapat fokus diberi bingkai tebal yang terlihat di tampilan terang dan gelap."),
        ("keyboard",)),
    Criterion("2.4.11", "AA", say("Fokus tidak tertutup"), "met",
        say("Tidak ada bilah yang menutupi bagian yang mendapat fokus."), ("keyboard",)),
    Criterion("2.5.1", "A", say("Gerakan penunjuk"), "none",
        say("Tidak ada tindakan yang memerlukan gerakan jari tertentu.")),
    Criterion("2.5.2", "A", say("Pembatalan penunjuk"), "met",
        say("Tindakan terjadi saat tombol dilepas, jadi dapat dibatalkan dengan menggeser penunjuk."),
        ("eye",)),
    Criterion("2.5.3", "A", say("Label dalam nama"), "met",
        say("Nama bagi pembaca layar berawal dengan kata yang terlihat."), ("axe", "eye")),
    Criterion("2.5.4", "A", say("Tindakan dengan gerakan"), "none",
        say("Tidak ada tindakan dengan menggoyang atau memiringkan perangkat.")),
    Criterion("2.5.7", "AA", say("Gerakan menyeret"), "none", say("Tidak ada yang perlu diseret.")),
    Criterion("2.5.8", "AA", say("Ukuran sasaran"), "met",
        say("Tombol dan kotak isian setinggi 44 piksel; kotak centang dan pilihan dapat ditekan "
            "pada kata-katanya; tautan di dalam kalimat mengikuti tinggi barisnya."), ("axe", "eye")),
    Criterion("3.1.1", "A", say("Bahasa halaman"), "met",
        say("Setiap halaman menyatakan bahasanya, Indonesia atau Inggris."), ("axe", "test")),
    Criterion("3.1.2", "AA", say("Bahasa bagian"), "gap",
        say("Teks hukum dan nama dalam bahasa lain ditandai. Yang ditulis pengguna sendiri "
            "(alasan, catatan) tidak ditandai bahasanya."), ("eye",)),
    Criterion("3.2.1", "A", say("Saat mendapat fokus"), "met",
        say("Fokus saja tidak mengubah apa pun."), ("keyboard",)),
    Criterion("3.2.2", "A", say("Saat diisi"), "met",
        say("Mengisi atau memilih tidak mengirim formulir; itu baru terjadi dengan tombol."), ("keyboard",)),
    Criterion("3.2.3", "AA", say("Navigasi konsisten"), "met",
        say("Navigasi sama di setiap halaman suatu peran."), ("eye",)),
    Criterion("3.2.4", "AA", say("Penamaan konsisten"), "met",
        say("Satu hal satu nama dan satu rupa di semua halaman."), ("eye",)),
    Criterion("3.2.6", "A", say("Bantuan konsisten"), "met",
        say("Tautan Bantuan ada di kaki setiap halaman, di tempat yang sama."), ("eye",)),
    Criterion("3.3.1", "A", say("Pengenalan kesalahan"), "met",
        say("Kesalahan disebut dengan kata di atas formulir dan di samping isiannya; yang sudah "
            "ditulis tidak hilang."), ("test",)),
    Criterion("3.3.2", "A", say("Label atau petunjuk"), "met",
        say("Setiap isian punya label, dan contoh bila bentuknya tertentu."), ("axe", "test")),
    Criterion("3.3.3", "AA", say("Saran perbaikan"), "met",
        say("Pesan kesalahan menyebut apa yang harus ditulis, dengan contoh."), ("test", "eye")),
    Criterion("3.3.4", "AA", say("Pencegahan kesalahan hukum dan data"), "met",
        say("Sebelum nota terbit, catatan dipasang, atau banyak kasus diubah, akibatnya "
            "ditunjukkan untuk diperiksa; yang keliru dapat ditarik atau dibuka kembali."), ("test",)),
    Criterion("3.3.7", "A", say("Tidak mengisi dua kali"), "met",
        say("Yang sudah diketahui tentang perusahaan terisi sendiri."), ("test", "eye")),
    Criterion("3.3.8", "AA", say("Cara masuk yang mudah"), "met",
        say("Masuk tanpa teka-teki; kata sandi boleh ditempel atau diisi pengelola kata sandi."), ("eye",)),
    Criterion("4.1.2", "A", say("Nama, peran, nilai"), "met",
        say("Semua kendali adalah kendali bawaan peramban dengan nama."), ("axe",)),
    Criterion("4.1.3", "AA", say("Pesan status"), "met",
        say("Pesan berhasil, pesan kesalahan, dan jumlah hasil diumumkan tanpa memindahkan fokus."),
        ("axe", "eye")),
)
# fmt: on
"""In the order of WCAG 2.2."""


def by_principle() -> list[tuple[Text, list[Criterion]]]:
    """The criteria under the principle that their number begins with."""
    return [
        (name, [criterion for criterion in CRITERIA if criterion.number.startswith(number)])
        for number, name in PRINCIPLES.items()
    ]


def with_result(result: str) -> list[Criterion]:
    """The criteria with this result."""
    return [criterion for criterion in CRITERIA if criterion.result == result]
