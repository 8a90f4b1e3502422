"""Findings on the company rules (Peraturan Perusahaan), owed from ten workers on."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import (
    ARTICLE_188,
    ARTICLE_188_EN,
    ARTICLE_188_UNTIL_2026,
    ARTICLE_188_UNTIL_2026_EN,
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    *until_and_since_2026(
        CatalogueEntry(
            code="PP-01",
            norm_group="company_rules",
            title="Perusahaan dengan 10 pekerja atau lebih belum memiliki Peraturan Perusahaan yang disahkan",
            title_en="A company with 10 or more workers has no approved company rules",
            legal_basis="UU 13/2003 pasal 108 ayat (1)",
            order="Menyusun Peraturan Perusahaan dan mengajukan pengesahannya",
            order_en="Draw up company rules and submit them for approval",
            evidence="Peraturan Perusahaan dan keputusan pengesahannya yang masih berlaku",
            evidence_en="The company rules and the decision approving them, still in force",
            sanction="criminal",
            sanction_note=ARTICLE_188_UNTIL_2026,
            sanction_note_en=ARTICLE_188_UNTIL_2026_EN,
        ),
        note=ARTICLE_188,
        note_en=ARTICLE_188_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="PP-02",
            norm_group="company_rules",
            title="Peraturan Perusahaan tidak dijelaskan atau naskahnya tidak dibagikan kepada pekerja",
            title_en="The company rules were not explained or their text was not given to the workers",
            legal_basis="UU 13/2003 pasal 114",
            order="Menjelaskan isi Peraturan Perusahaan dan membagikan naskahnya kepada seluruh pekerja",
            order_en="Explain the company rules and give their text to all workers",
            evidence="Daftar hadir penjelasan dan tanda terima naskah yang ditandatangani pekerja",
            evidence_en="Attendance list of the explanation and receipts for the text signed by the workers",
            sanction="criminal",
            sanction_note=ARTICLE_188_UNTIL_2026,
            sanction_note_en=ARTICLE_188_UNTIL_2026_EN,
        ),
        note=ARTICLE_188,
        note_en=ARTICLE_188_EN,
    ),
)
