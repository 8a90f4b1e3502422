"""The chips that wording may hold, and how they are filled. A chip that has nothing to say is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

from compliance.core.text import Text, say
from compliance.letters.kinds import LETTER_KINDS, Paragraph

CHIP = re.compile(r"\{([^{}]*)\}")
CHIPS: Mapping[str, Text] = {
    "perusahaan": say("nama perusahaan"),
    "alamat": say("alamat, didahului koma"),
    "nomor_perusahaan": say("NIB dan NPP dalam kurung"),
    "kasus": say("nomor kasus"),
    "nomor_nota": say("kata Nomor dengan nomor Nota I"),
    "tanggal_nota": say("tanggal Nota I"),
    "diperiksa": say("hari dan tanggal pemeriksaan"),
    "dihadiri": say("yang ditemui pada pemeriksaan"),
    "di_tempat": say("tempat pemeriksaan, didahului kata di"),
    "menurut_spt": say("surat perintah tugasnya, bila ada"),
    "jumlah_temuan": say("jumlah temuan, dengan angka dan huruf"),
    "jumlah_terbuka": say("jumlah perintah yang belum dilaksanakan"),
    "dasar": say("undang-undang dasar pemeriksaan"),
    "batas_lapor": say("waktu melapor Nota I"),
    "batas_dua": say("batas waktu Nota II"),
    "diterima": say("hari Nota I diterima"),
    "tenggat": say("batas kewajiban menurut nota"),
    "cek_ulang": say("hari pengecekan kembali"),
    "kunjungan": say("hari dan jam kunjungan"),
    "hari": say("hari dan tanggal acara"),
    "pukul": say("jam acara, bila diisi"),
    "tentang": say("jenis kewajiban yang belum dipenuhi"),
    "bukti_selesai": say("bukti yang menyelesaikan perintahnya"),
    "jenis_surat": say("jenis surat pengantar"),
    "dan_nota_dua": say("Nota II, bila ada"),
    "per_tanggal": say("tanggal keadaan"),
    "keadaan": say("keadaan catatan perusahaan"),
}


def filled_in(text: str, chips: Mapping[str, str]) -> str:
    """The paragraph with its chips replaced by what they stand for."""
    return CHIP.sub(lambda chip: chips.get(chip[1], ""), text)


def paragraph_problem(
    text: str, paragraph: Paragraph, known: Mapping[str, Text] = CHIPS
) -> Text | None:
    """Why `text` cannot be the wording of a paragraph, or None when it can."""
    if not text.strip():
        return say("Isi kalimatnya.")
    if unknown := [name for name in CHIP.findall(text) if name not in known]:
        return say("Tidak ada isian bernama {name}.", name=f"{{{unknown[0]}}}")
    if "{" in CHIP.sub("", text) or "}" in CHIP.sub("", text):
        return say("Kurung kurawal hanya untuk isian, misalnya {example}.", example="{perusahaan}")
    if missing := [words for words in paragraph.must if words not in text]:
        return say("Kalimat ini wajib memuat: {missing}", missing=", ".join(missing))
    return next((reason for words, reason in NEVER_SAID if words.search(text)), None)


NEVER_SAID = (
    (
        re.compile(r"(?<!bukan pernyataan )\bpatuh\b", re.I),
        say(
            "Surat tidak menyatakan sebuah perusahaan patuh: tulis bukti yang diterima dan keadaan per"
            " tanggalnya."
        ),
    ),
    (
        re.compile(r"\bmasa perbaikan\b", re.I),
        say(
            "Tidak ada masa perbaikan yang diberikan sampai hari cek ulang: tulis batas waktu notanya."
        ),
    ),
)
"""What no letter says, and why (domain: a record says what was found and proven, never that all is well)."""


def wording_problems(kind: str, wording: Mapping[str, str]) -> dict[str, Text]:
    """What is wrong with the wording of a kind of letter, by paragraph."""
    return {
        name: problem
        for name, paragraph in LETTER_KINDS[kind].paragraphs.items()
        if (problem := paragraph_problem(wording.get(name, paragraph.text), paragraph)) is not None
    }
