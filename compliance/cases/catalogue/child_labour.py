"""Findings on child labour; light work, training and talent have rules of their own (pasal 69–71)."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import (
    ARTICLE_185,
    ARTICLE_185_EN,
    ARTICLE_185_UNTIL_2026,
    ARTICLE_185_UNTIL_2026_EN,
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    *until_and_since_2026(
        CatalogueEntry(
            code="AN-01",
            norm_group="child_labour",
            title="Pengusaha mempekerjakan anak",
            title_en="The employer employs children",
            legal_basis="UU 13/2003 pasal 68",
            order="Menghentikan pekerjaan anak, memulangkannya kepada orang tua atau wali, dan membayar "
            "seluruh "
            "upahnya",
            order_en="Stop the child's work, return the child to the parents or guardian, and pay all "
            "wages due",
            evidence="Daftar pekerja dengan tanggal lahir, bukti pembayaran upah anak, dan pernyataan "
            "tertulis "
            "pengusaha",
            evidence_en="List of workers with dates of birth, proof that the child's wages were paid, and a "
            "written undertaking by the employer",
            sanction="criminal",
            sanction_note=ARTICLE_185_UNTIL_2026,
            sanction_note_en=ARTICLE_185_UNTIL_2026_EN,
        ),
        note=ARTICLE_185,
        note_en=ARTICLE_185_EN,
    ),
)
