"""The penalties that several norm groups share, each worded once, until and since 2 January 2026.

UU 1/2026 (penyesuaian pidana, read: pasal I–III and Lampiran I) changed every criminal penalty from that day.
Special minimums are gone (pasal I), kurungan beside a fine is gone (pasal II), and Lampiran I gives the new
penalties of the laws that it names. Where it does not name a law, no figure is printed.
"""

from __future__ import annotations

from compliance.core.text import say

SANCTIONS = {
    "administrative": say("Sanksi administratif"),
    "criminal": say("Sanksi pidana"),
    "none": say("Tanpa sanksi tersendiri"),
}


ARTICLE_185_UNTIL_2026 = (
    "Tindak pidana: penjara 1–4 tahun dan/atau denda Rp100 juta sampai Rp400 juta "
    "(UU 13/2003 pasal 185 ayat (1))."
)
ARTICLE_185_UNTIL_2026_EN = (
    "Criminal offence: imprisonment of 1–4 years and/or a fine of Rp100 million to Rp400 million "
    "(UU 13/2003 art. 185(1))."
)
ARTICLE_185 = (
    "Tindak pidana: penjara paling lama 4 tahun dan/atau denda paling banyak kategori IV, Rp200 juta "
    "(UU 13/2003 pasal 185, disesuaikan UU 1/2026 Lampiran I nomor 175; UU 1/2023 pasal 79)."
)
ARTICLE_185_EN = (
    "Criminal offence: imprisonment of at most 4 years and/or a fine of at most category IV, Rp200 million "
    "(UU 13/2003 art. 185, adjusted by UU 1/2026 annex I no. 175; UU 1/2023 art. 79)."
)

ARTICLE_186_UNTIL_2026 = (
    "Tindak pidana: penjara 1 bulan sampai 4 tahun dan/atau denda Rp10 juta sampai Rp400 juta "
    "(UU 13/2003 pasal 186 ayat (1))."
)
ARTICLE_186_UNTIL_2026_EN = (
    "Criminal offence: imprisonment of 1 month to 4 years and/or a fine of Rp10 million to Rp400"
    " million (UU 13/2003 art. 186(1))."
)
ARTICLE_186 = (
    "Tindak pidana: penjara paling lama 4 tahun dan/atau denda paling banyak kategori IV, Rp200 juta "
    "(UU 13/2003 pasal 186, disesuaikan UU 1/2026 Lampiran I nomor 175; UU 1/2023 pasal 79)."
)
ARTICLE_186_EN = (
    "Criminal offence: imprisonment of at most 4 years and/or a fine of at most category IV, Rp200 million "
    "(UU 13/2003 art. 186, adjusted by UU 1/2026 annex I no. 175; UU 1/2023 art. 79)."
)

ARTICLE_187_UNTIL_2026 = (
    "Tindak pidana: kurungan 1–12 bulan dan/atau denda Rp10 juta sampai Rp100 juta "
    "(UU 13/2003 pasal 187 ayat (1))."
)
ARTICLE_187_UNTIL_2026_EN = (
    "Criminal offence: light detention (kurungan) of 1–12 months and/or a fine of Rp10 million to "
    "Rp100 million (UU 13/2003 art. 187(1))."
)
ARTICLE_187 = (
    "Tindak pidana: denda paling banyak kategori VIII, Rp50 miliar "
    "(UU 13/2003 pasal 187, disesuaikan UU 1/2026 Lampiran I nomor 175; UU 1/2023 pasal 79)."
)
ARTICLE_187_EN = (
    "Criminal offence: a fine of at most category VIII, Rp50 billion "
    "(UU 13/2003 art. 187, adjusted by UU 1/2026 annex I no. 175; UU 1/2023 art. 79)."
)

ARTICLE_188_UNTIL_2026 = (
    "Tindak pidana: denda Rp5 juta sampai Rp50 juta (UU 13/2003 pasal 188 ayat (1))."
)
ARTICLE_188_UNTIL_2026_EN = (
    "Criminal offence: a fine of Rp5 million to Rp50 million (UU 13/2003 art. 188(1))."
)
ARTICLE_188 = (
    "Tindak pidana: denda paling banyak kategori V, Rp500 juta "
    "(UU 13/2003 pasal 188, disesuaikan UU 1/2026 Lampiran I nomor 175; UU 1/2023 pasal 79)."
)
ARTICLE_188_EN = (
    "Criminal offence: a fine of at most category V, Rp500 million "
    "(UU 13/2003 art. 188, adjusted by UU 1/2026 annex I no. 175; UU 1/2023 art. 79)."
)

ARTICLE_190 = (
    "Sanksi administratif oleh Pemerintah Pusat atau pemerintah daerah sesuai kewenangannya "
    "(UU 13/2003 pasal 190)."
)
ARTICLE_190_EN = (
    "Administrative sanction by the central or regional government, as competent (UU 13/2003 art."
    " 190)."
)

STILL_OWED = " Sanksi tidak menghapus kewajiban membayar hak pekerja (UU 13/2003 pasal 189)."
STILL_OWED_EN = " The penalty does not remove the duty to pay the workers (UU 13/2003 art. 189)."
