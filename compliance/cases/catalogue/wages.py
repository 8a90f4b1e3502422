"""Findings on wages. The minimum wage rests on pasal 88E (UU 6/2023): the old pasal 90 is deleted."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import (
    ARTICLE_185,
    ARTICLE_185_EN,
    ARTICLE_185_UNTIL_2026,
    ARTICLE_185_UNTIL_2026_EN,
    ARTICLE_186,
    ARTICLE_186_EN,
    ARTICLE_186_UNTIL_2026,
    ARTICLE_186_UNTIL_2026_EN,
    ARTICLE_190,
    ARTICLE_190_EN,
    STILL_OWED,
    STILL_OWED_EN,
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    *until_and_since_2026(
        CatalogueEntry(
            code="UP-01",
            norm_group="wages",
            title="Upah dibayar lebih rendah daripada upah minimum",
            title_en="Wages are paid below the minimum wage",
            legal_basis="UU 13/2003 pasal 88E ayat (2) sebagaimana diubah dengan UU 6/2023",
            order="Membayar upah paling sedikit sebesar upah minimum yang berlaku (usaha mikro dan usaha "
            "kecil: "
            "menurut pasal 90B) dan melunasi kekurangan yang telah terjadi",
            order_en="Pay at least the minimum wage in force (micro and small companies: as art. 90B "
            "provides) "
            "and settle the shortfall so far",
            evidence="Daftar upah dan bukti pembayaran kekurangan upah yang ditandatangani pekerja",
            evidence_en="Payroll and proof of payment of the shortfall signed by the workers",
            sanction="criminal",
            sanction_note=ARTICLE_185_UNTIL_2026 + STILL_OWED,
            sanction_note_en=ARTICLE_185_UNTIL_2026_EN + STILL_OWED_EN,
        ),
        note=ARTICLE_185 + STILL_OWED,
        note_en=ARTICLE_185_EN + STILL_OWED_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="UP-02",
            norm_group="wages",
            title="Upah dibayar tidak sesuai dengan kesepakatan",
            title_en="Wages are not paid as agreed",
            legal_basis="UU 13/2003 pasal 88A ayat (3) sebagaimana diubah dengan UU 6/2023",
            order="Membayar upah sesuai dengan kesepakatan dan melunasi kekurangan yang telah terjadi",
            order_en="Pay the wages as agreed and settle the shortfall so far",
            evidence="Perjanjian kerja, daftar upah, dan bukti pembayaran kekurangan upah yang "
            "ditandatangani "
            "pekerja",
            evidence_en="Employment contracts, payroll and proof of payment of the shortfall signed by the "
            "workers",
            sanction="criminal",
            sanction_note=ARTICLE_185_UNTIL_2026 + STILL_OWED,
            sanction_note_en=ARTICLE_185_UNTIL_2026_EN + STILL_OWED_EN,
        ),
        note=ARTICLE_185 + STILL_OWED,
        note_en=ARTICLE_185_EN + STILL_OWED_EN,
    ),
    CatalogueEntry(
        code="UP-03",
        norm_group="wages",
        title="Perusahaan tidak menyusun struktur dan skala upah",
        title_en="The company has no wage structure and scale",
        legal_basis="UU 13/2003 pasal 92 ayat (1) sebagaimana diubah dengan UU 6/2023",
        order="Menyusun struktur dan skala upah dan memberitahukannya kepada pekerja",
        order_en="Draw up a wage structure and scale and make it known to the workers",
        evidence="Struktur dan skala upah yang ditetapkan perusahaan",
        evidence_en="The wage structure and scale adopted by the company",
        sanction="administrative",
        sanction_note=ARTICLE_190,
        sanction_note_en=ARTICLE_190_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="UP-04",
            norm_group="wages",
            title="Upah tidak dibayar saat pekerja sakit, cuti, atau berhalangan karena alasan yang diatur "
            "undang-undang",
            title_en="Wages are not paid while workers are sick, on leave, or absent for reasons the law "
            "provides",
            legal_basis="UU 13/2003 pasal 93 ayat (2)",
            order="Membayar upah pekerja untuk seluruh masa tidak bekerja yang dilindungi undang-undang",
            order_en="Pay the workers' wages for all absences the law protects",
            evidence="Daftar upah dan bukti pembayaran yang ditandatangani pekerja",
            evidence_en="Payroll and proof of payment signed by the workers",
            sanction="criminal",
            sanction_note=ARTICLE_186_UNTIL_2026 + STILL_OWED,
            sanction_note_en=ARTICLE_186_UNTIL_2026_EN + STILL_OWED_EN,
        ),
        note=ARTICLE_186 + STILL_OWED,
        note_en=ARTICLE_186_EN + STILL_OWED_EN,
    ),
)
