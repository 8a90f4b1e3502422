"""The names of the settings and of their values, as pages show them.

Form, preview and audit use the same names.
"""

from __future__ import annotations

from typing import Any

from compliance.core.text import Text, say

SETTING_NAMES = {
    "office_name": say("Nama kantor"),
    "office_contact": say("Kontak kantor"),
    "time_zone": say("Zona waktu"),
    "recheck_months": say("Masa perbaikan dalam bulan kalender"),
    "recheck_anchor": say("Masa perbaikan dihitung dari"),
    "missed_recheck": say("Kalau cek ulang terlewat tanpa hasil"),
    "extension_days_max": say("Perpanjangan paling lama, dalam hari"),
    "finding_days": say("Batas waktu biasa, dalam hari"),
    "finding_day_type": say("Hari yang dihitung"),
    "reminder_days": say("Berapa hari sebelum jatuh tempo"),
    "digest_hour": say("Jam pengiriman"),
    "case_number_template": say("Pola nomor kasus"),
    "nota_number_template": say("Pola nomor nota"),
    "inspector_norm_per_month": say("Target pemeriksaan per pengawas per bulan"),
    "draft_days": say("Draf dibuang sesudah berapa hari tidak disentuh"),
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
DAY_TYPES = {"calendar": say("Hari kalender"), "working": say("Hari kerja")}
_VALUES = {
    "time_zone": ZONES, "recheck_anchor": ANCHOR_NAMES, "missed_recheck": MISSED,
    "finding_day_type": DAY_TYPES,
}  # fmt: skip


def name_of(setting: str) -> Text:
    """What a setting is called; its own name when it has no other."""
    return SETTING_NAMES.get(setting) or Text("{name}", {"name": setting})


def value_of(setting: str, value: Any) -> Any:
    """What a value of a setting means; the value itself when it speaks for itself."""
    return _VALUES.get(setting, {}).get(value, value)
