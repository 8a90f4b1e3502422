"""The names of the settings and of their values, as pages show them.

Form, preview and audit use the same names.
"""

from __future__ import annotations

from typing import Any

from compliance.core.text import Text, say
from compliance.reference.regions import region_name

SETTING_NAMES = {
    "province": say("Provinsi yang dilayani"),
    "office_name": say("Nama kantor"),
    "office_contact": say("Kontak kantor"),
    "time_zone": say("Zona waktu"),
    "recheck_months": say("Pengecekan kembali sesudah berapa bulan kalender"),
    "recheck_anchor": say("Bulan itu dihitung dari"),
    "missed_recheck": say("Kalau cek ulang terlewat tanpa hasil"),
    "extension_days_max": say("Perpanjangan paling lama, dalam hari"),
    "next_visit_days": say("Kunjungan berikutnya sesudah berapa hari, bila belum selesai"),
    "finding_days": say("Batas waktu biasa, dalam hari"),
    "finding_day_type": say("Hari yang dihitung"),
    "second_nota_days": say("Batas waktu Nota II, dalam hari"),
    "reminder_days": say("Berapa hari sebelum jatuh tempo"),
    "digest_hour": say("Jam pengiriman"),
    "case_number_template": say("Pola nomor kasus"),
    "nota_number_template": say("Pola nomor nota"),
    "approval_days": say("Yang menunggu masuk ringkasan pagi sesudah berapa hari"),
    "letter_government": say("Pemerintah daerah pada kepala surat"),
    "letter_place": say("Tempat surat ditulis"),
    "letter_paper": say("Ukuran kertas"),
    "letter_approval": say("Persetujuan sebelum nota dan surat kepala bernomor"),
    "letter_numbering": say("Yang memberi nomor nota dan surat"),
    "letter_number_template": say("Pola nomor surat"),
    "spt_number_template": say("Pola nomor surat perintah tugas"),
    "ba_number_template": say("Pola nomor berita acara"),
    "inspector_norm_per_month": say("Target pemeriksaan per pengawas per bulan"),
    "draft_days": say("Draf dibuang sesudah berapa hari tidak disentuh"),
    "security_days": say("Log keamanan disimpan berapa hari"),
    "reading_days": say("Siapa membuka apa disimpan berapa hari"),
    "second_factor_for": say("Siapa yang wajib punya faktor kedua"),
    "second_factor_days": say("Berapa hari boleh masuk tanpa faktor kedua sejak diminta"),
    "unused_days": say("Akun dikunci sesudah berapa hari tidak dipakai"),
    "session_idle_hours": say("Sesi berakhir sesudah berapa jam tidak dipakai"),
    "session_days": say("Sesi paling lama berapa hari sejak masuk"),
}
ZONES = {
    "Asia/Jakarta": say("WIB (Jakarta)"),
    "Asia/Makassar": say("WITA (Makassar)"),
    "Asia/Jayapura": say("WIT (Jayapura)"),
}
ANCHOR_NAMES = {
    "issued": say("Tanggal nota terbit"),
    "received": say("Tanggal nota diterima perusahaan"),
    "conveyed": say("Tanggal nota disampaikan ke kantor perizinan"),
}
MISSED = {
    "warn": say("Beri peringatan (kuning di loket perizinan)"),
    "hold": say("Langsung beri catatan perizinan (merah di loket perizinan)"),
    "nothing": say("Tidak ada yang terjadi otomatis"),
}
PAPERS = {"a4": say("A4 (210 × 297 mm)"), "f4": say("F4 atau folio (210 × 330 mm)")}
APPROVALS = {
    "off": say("Tidak perlu: menerbitkan langsung memberi nomor"),
    "on": say("Perlu: surat bernomor setelah disetujui"),
}
NUMBERINGS = {
    "patuh": say("Patuh, dari pola di bawah ini"),
    "by_hand": say("Tata usaha: surat terbit tanpa nomor, nomornya dicatat kemudian"),
}
FACTOR_WANTED = {
    "deciding": say("Admin, kepala pengawas, dan tim kepatuhan"),
    "everybody": say("Semua orang"),
    "admin": say("Hanya admin"),
    "nobody": say("Tidak diwajibkan"),
}
DAY_TYPES = {"calendar": say("Hari kalender"), "working": say("Hari kerja")}
_VALUES = {
    "time_zone": ZONES, "recheck_anchor": ANCHOR_NAMES, "missed_recheck": MISSED,
    "finding_day_type": DAY_TYPES, "letter_paper": PAPERS, "letter_approval": APPROVALS,
    "letter_numbering": NUMBERINGS, "second_factor_for": FACTOR_WANTED,
}  # fmt: skip


def name_of(setting: str) -> Text:
    """What a setting is called; its own name when it has no other."""
    return SETTING_NAMES.get(setting) or Text("{name}", {"name": setting})


def value_of(setting: str, value: Any) -> Any:
    """What a value of a setting means; the value itself when it speaks for itself."""
    if setting == "province":
        return region_name(value)
    return _VALUES.get(setting, {}).get(value, value)
