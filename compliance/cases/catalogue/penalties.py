"""The penalties of UU 13/2003 (as amended by UU 6/2023) that several norm groups share, each worded once.

Penalties printed before and after 2 January 2026 differ where the law says "kurungan": UU 1/2023 pasal 615
turns it into a fine of category I (under 6 months) or II, unless the alternative fine is higher already.
UU 1/2026 (penyesuaian pidana), in force the same day, touches minimum penalties and fines too; it is not
worked in yet, as its full text has not been read: when it is, give the entries concerned a second date.
"""

from __future__ import annotations

ARTICLE_185 = (
    "Tindak pidana: penjara 1–4 tahun dan/atau denda Rp100 juta sampai Rp400 juta "
    "(UU 13/2003 pasal 185 ayat (1))."
)
ARTICLE_185_EN = (
    "Criminal offence: imprisonment of 1–4 years and/or a fine of Rp100 million to Rp400 million "
    "(UU 13/2003 art. 185(1))."
)

ARTICLE_186 = (
    "Tindak pidana: penjara 1 bulan sampai 4 tahun dan/atau denda Rp10 juta sampai Rp400 juta "
    "(UU 13/2003 pasal 186 ayat (1))."
)
ARTICLE_186_EN = (
    "Criminal offence: imprisonment of 1 month to 4 years and/or a fine of Rp10 million to Rp400"
    " million (UU 13/2003 art. 186(1))."
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
    "Tindak pidana: denda paling banyak Rp100 juta, karena lebih tinggi daripada kategori II "
    "(UU 13/2003 pasal 187 ayat (1); UU 1/2023 pasal 79 dan pasal 615)."
)
ARTICLE_187_EN = (
    "Criminal offence: a fine of at most Rp100 million, as that is higher than category II "
    "(UU 13/2003 art. 187(1); UU 1/2023 art. 79 and 615)."
)

ARTICLE_188 = "Tindak pidana: denda Rp5 juta sampai Rp50 juta (UU 13/2003 pasal 188 ayat (1))."
ARTICLE_188_EN = "Criminal offence: a fine of Rp5 million to Rp50 million (UU 13/2003 art. 188(1))."

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
