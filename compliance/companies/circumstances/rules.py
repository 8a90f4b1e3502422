"""What a company's closure, bankruptcy or move is called, and what follows from it. Pure.

None of them ends a case or a flag: both go on until the obligations are met or proof lifts the flag.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.core.text import Text, say
from compliance.reference.regions import region_name

CLOSED, BANKRUPT, MOVED = "closed", "bankrupt", "moved"
CIRCUMSTANCES = {
    CLOSED: say("{id}", id="Tutup", en="Closed"),
    BANKRUPT: say("Pailit"),
    MOVED: say("Pindah"),
}
PROOF_WANTED = {
    CLOSED: say("Sebutkan buktinya, misalnya nomor surat keterangan tutup dari lurah."),
    BANKRUPT: say("Isi nomor putusan pengadilan niaga yang menyatakan pailit."),
    MOVED: say("Sebutkan buktinya, misalnya nomor perubahan NIB atau surat keterangan pindah."),
}
_FOLLOWS = {
    CLOSED: say(
        "Kasusnya tetap terbuka: kunjungan berikutnya memastikan bahwa perusahaan tutup. Bila terbukti tutup,"
        " mintalah kepala pengawas memutuskan akhir kasusnya. Catatan perizinan tetap berlaku sampai dicabut"
        " dengan bukti; TMP2T berakhir hanya dengan surat BPJS."
    ),
    BANKRUPT: say(
        "Tuntutan yang menyangkut harta pailit, juga upah yang terutang, diajukan kepada kurator (UU 37/2004"
        " pasal 26 ayat (1), 27, dan 39 ayat (2)). Cek ulang dan catatan perizinan tetap berlaku; hubungi"
        " kurator."
    ),
    MOVED: say(
        "Kasusnya berjalan terus di tempat baru, dan kantor perizinan di sana diberi tahu. Bila terlalu jauh,"
        " alihkan kasus ke pengawas lain."
    ),
}
_FOLLOWS_OUTSIDE = say(
    "Di tempat baru yang berwenang pengawas provinsi itu: kabari mereka, dan mintalah kepala pengawas"
    " memutuskan akhir kasus di sini. Catatan perizinan tetap berlaku sampai dicabut dengan bukti; TMP2T"
    " berakhir hanya dengan surat BPJS."
)


def circumstance_said(kind: str, since: date, region_code: str | None) -> Text:
    """One line, such as "Tutup sejak 3 Maret 2027". A move without a region left the province."""
    if kind == CLOSED:
        return say("Tutup sejak {day}", day=since)
    if kind == BANKRUPT:
        return say("Pailit sejak {day}", day=since)
    if region_code is None:
        return say("Pindah ke luar provinsi sejak {day}", day=since)
    return say("Pindah ke {region} sejak {day}", region=region_name(region_code), day=since)


def circumstance_line(row: Any) -> Text | None:
    """The line of a company, or of a row that has its three columns; None when nothing happened to it."""
    if row.circumstance is None:
        return None
    return circumstance_said(row.circumstance, row.circumstance_since, row.circumstance_region)


def weight(kind: str, since: date) -> tuple[bool, date]:
    """Which of several counts: an end before a move, then the latest. The greatest is in force."""
    return kind != MOVED, since


def what_follows(kind: str, region_code: str | None) -> Text:
    """What becomes of the company's rechecks and flags, for the inspectorate."""
    return _FOLLOWS_OUTSIDE if kind == MOVED and region_code is None else _FOLLOWS[kind]
