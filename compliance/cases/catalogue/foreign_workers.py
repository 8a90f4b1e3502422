"""Findings on foreign workers (TKA): UU 13/2003 pasal 42 and 45 as amended by UU 6/2023."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import (
    ARTICLE_185,
    ARTICLE_185_EN,
    ARTICLE_185_UNTIL_2026,
    ARTICLE_185_UNTIL_2026_EN,
    ARTICLE_187,
    ARTICLE_187_EN,
    ARTICLE_187_UNTIL_2026,
    ARTICLE_187_UNTIL_2026_EN,
    ARTICLE_190,
    ARTICLE_190_EN,
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    CatalogueEntry(
        code="TKA-01",
        norm_group="foreign_workers",
        title="Tenaga kerja asing dipekerjakan tanpa rencana penggunaan tenaga kerja asing (RPTKA) yang "
        "disahkan",
        title_en="Foreign workers are employed without an approved plan for their use (RPTKA)",
        legal_basis="UU 13/2003 pasal 42 ayat (1) sebagaimana diubah dengan UU 6/2023",
        order="Menghentikan penggunaan tenaga kerja asing tanpa RPTKA dan mengajukan pengesahan RPTKA bila "
        "masih diperlukan",
        order_en="Stop employing foreign workers without an RPTKA, and apply for approval if they are still "
        "needed",
        evidence="Pengesahan RPTKA yang berlaku, atau bukti tenaga kerja asing tidak lagi dipekerjakan",
        evidence_en="Approved RPTKA in force, or proof that the foreign workers are no longer employed",
        sanction="administrative",
        sanction_note=ARTICLE_190,
        sanction_note_en=ARTICLE_190_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="TKA-02",
            norm_group="foreign_workers",
            title="Pemberi kerja orang perseorangan mempekerjakan tenaga kerja asing",
            title_en="An individual employs foreign workers",
            legal_basis="UU 13/2003 pasal 42 ayat (2) sebagaimana diubah dengan UU 6/2023",
            order="Menghentikan hubungan kerja dengan tenaga kerja asing dan memenuhi seluruh haknya",
            order_en="End the employment of the foreign workers and pay all that is due to them",
            evidence="Bukti berakhirnya hubungan kerja dan bukti pemenuhan hak tenaga kerja asing",
            evidence_en="Proof that the employment ended and that what was due was paid",
            sanction="criminal",
            sanction_note=ARTICLE_185_UNTIL_2026,
            sanction_note_en=ARTICLE_185_UNTIL_2026_EN,
        ),
        note=ARTICLE_185,
        note_en=ARTICLE_185_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="TKA-03",
            norm_group="foreign_workers",
            title="Tenaga kerja asing dipekerjakan tanpa tenaga pendamping atau tanpa pendidikan dan "
            "pelatihan kerja bagi pendampingnya",
            title_en="Foreign workers are employed without an Indonesian counterpart, or without training "
            "for the counterpart",
            legal_basis="UU 13/2003 pasal 45 ayat (1) sebagaimana diubah dengan UU 6/2023",
            order="Menunjuk tenaga kerja Indonesia sebagai pendamping dan melaksanakan pendidikan dan "
            "pelatihan kerjanya",
            order_en="Appoint Indonesian counterparts and train them",
            evidence="Surat penunjukan pendamping dan bukti pelaksanaan pendidikan dan pelatihan kerja",
            evidence_en="Letters appointing the counterparts and proof that training was held",
            sanction="criminal",
            sanction_note=ARTICLE_187_UNTIL_2026,
            sanction_note_en=ARTICLE_187_UNTIL_2026_EN,
        ),
        note=ARTICLE_187,
        note_en=ARTICLE_187_EN,
    ),
)
