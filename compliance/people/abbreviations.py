"""The abbreviations that pages use, and what they stand for: said at the foot of every page that uses one.

One table for the foot of pages and for the glossary on the help page. Names of the law stay Indonesian.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from compliance.core.text import Text, say

ABBREVIATIONS: dict[str, Text] = {
    "NIB": say(
        "Nomor induk berusaha dari OSS, 13 angka. Punya NIB belum berarti menjadi peserta BPJS."
    ),
    "NPWP": say("Nomor pokok wajib pajak, 15 atau 16 angka."),
    "NITKU": say(
        "Nomor identitas tempat kegiatan usaha: 22 angka, yaitu NPWP 16 angka dan 6 angka untuk"
        " tempat usahanya (000000: pusat)."
    ),
    "PIN": say("Angka rahasia yang membuka perangkat."),
    "NPP": say("Nomor pendaftaran perusahaan di BPJS Ketenagakerjaan."),
    "NIK": say("Nomor induk kependudukan seseorang, 16 angka; pada perorangan sekaligus NPWP."),
    "NIP": say("Nomor induk pegawai: nomor seorang pegawai negeri, bukan nomor perusahaan."),
    "KBLI": say(
        "Klasifikasi baku lapangan usaha Indonesia: lima angka untuk jenis usaha, dengan tahun versinya."
    ),
    "OSS": say("Online Single Submission: layanan perizinan berusaha milik pemerintah pusat."),
    "PTSP, DPMPTSP": say(
        "Pelayanan terpadu satu pintu: kantor perizinan, yang menerbitkan izin. Ada satu di provinsi dan satu"
        " di setiap kabupaten/kota."
    ),
    "TMP2T": say(
        "Tidak mendapat pelayanan publik tertentu: sanksi yang diminta BPJS Ketenagakerjaan dan dilaksanakan"
        " kantor perizinan (PP 86/2013). Untuk JKP: atas rekomendasi kepala dinas provinsi (PP 37/2021 pasal"
        " 46 dan 47). Dinas tenaga kerja tidak pernah menjatuhkannya."
    ),
    "PBG, IMB": say("Persetujuan bangunan gedung, dan namanya dahulu: izin mendirikan bangunan."),
    "KSWP": say(
        "Konfirmasi status wajib pajak, yang diperiksa kantor perizinan sebelum layanan tertentu diberikan."
    ),
    "BPJS": say(
        "Badan penyelenggara jaminan sosial. Di Patuh yang dimaksud BPJS Ketenagakerjaan, bagi pekerja."
    ),
    "JKK, JKM, JHT, JP, JKP": say(
        "Jaminan kecelakaan kerja, kematian, hari tua, pensiun, dan kehilangan pekerjaan. Yang wajib"
        " bergantung pada skala usaha: usaha mikro cukup JKK dan JKM."
    ),
    "PWBD, PDS": say(
        "Perusahaan wajib belum daftar, dan perusahaan daftar sebagian: yang belum mendaftarkan siapa pun,"
        " dan yang belum mendaftarkan semua pekerja, upah, atau programnya."
    ),
    "WLKP": say(
        "Wajib lapor ketenagakerjaan di perusahaan: laporan tahunan pengusaha tentang pekerjanya."
    ),
    "PKPU": say(
        "Penundaan kewajiban pembayaran utang: perusahaan diberi waktu oleh pengadilan dan belum pailit."
    ),
    "PKWT, PKWTT": say(
        "Perjanjian kerja waktu tertentu (kontrak), dan waktu tidak tertentu (tetap)."
    ),
    "TKA, RPTKA": say("Tenaga kerja asing, dan rencana penggunaannya yang harus disahkan."),
    "K3, SMK3": say("Keselamatan dan kesehatan kerja, dan sistem manajemennya di perusahaan."),
    "SNI": say("Standar Nasional Indonesia."),
    "SRIKANDI": say("Aplikasi pemerintah untuk surat dinas, yang juga menandatanganinya."),
    "PEM, DER": say("Dua bentuk berkas sertifikat elektronik."),
}
"""What each abbreviation, or several that belong together, stands for."""
_SHORT = {short: term for term in ABBREVIATIONS for short in term.split(", ")}
_USED = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")
_TAG = re.compile(r"<[^>]*>")


def abbreviations_in(page: Markup) -> list[tuple[str, Text]]:
    """The abbreviations that the text of a page uses, in the order of the table, with what they stand for."""
    used = {_SHORT[short] for short in _USED.findall(_TAG.sub(" ", page))}
    return [(term, meaning) for term, meaning in ABBREVIATIONS.items() if term in used]
