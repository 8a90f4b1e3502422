"""Findings on the mandatory workforce report (WLKP, UU 7/1981); the duty is each branch's own (pasal 4)."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026

UNTIL_2026 = (
    "Tindak pidana: kurungan paling lama 3 bulan atau denda paling banyak Rp1 juta "
    "(UU 7/1981 pasal 10 ayat (1))."
)
UNTIL_2026_EN = (
    "Criminal offence: light detention (kurungan) of at most 3 months or a fine of at most Rp1 million "
    "(UU 7/1981 art. 10(1))."
)
SINCE_2026 = (
    "Tindak pidana: sanksi pidana menurut UU 7/1981 pasal 10 ayat (1) sebagaimana disesuaikan UU "
    "1/2026."
)
SINCE_2026_EN = "Criminal offence: the penalty of UU 7/1981 art. 10(1) as adjusted by UU 1/2026."
"""No figure: UU 7/1981 is not in Lampiran I, so the amount was read nowhere."""

ENTRIES: tuple[CatalogueEntry, ...] = (
    *until_and_since_2026(
        CatalogueEntry(
            code="WL-01",
            norm_group="wlkp",
            title="Perusahaan tidak melapor paling lambat 30 hari setelah didirikan, dijalankan kembali, "
            "atau dipindahkan",
            title_en="The company did not report within 30 days of being founded, resumed or moved",
            legal_basis="UU 7/1981 pasal 6 ayat (1)",
            order="Menyampaikan wajib lapor ketenagakerjaan perusahaan",
            order_en="File the mandatory workforce report of the company",
            evidence="Bukti pelaporan WLKP yang sah",
            evidence_en="Valid proof of the filed workforce report (WLKP)",
            sanction="criminal",
            sanction_note=UNTIL_2026,
            sanction_note_en=UNTIL_2026_EN,
        ),
        note=SINCE_2026,
        note_en=SINCE_2026_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="WL-02",
            norm_group="wlkp",
            title="Perusahaan tidak menyampaikan wajib lapor ketenagakerjaan tahunan",
            title_en="The company has not filed its yearly workforce report",
            legal_basis="UU 7/1981 pasal 7 ayat (1) dan penjelasannya",
            order="Menyampaikan wajib lapor ketenagakerjaan tahun berjalan, dan selanjutnya setiap tahun "
            "pada bulan laporan pertama",
            order_en="File this year's workforce report, and from now on every year in the month of the "
            "first report",
            evidence="Bukti pelaporan WLKP tahun berjalan",
            evidence_en="Proof of this year's workforce report (WLKP)",
            sanction="criminal",
            sanction_note=UNTIL_2026,
            sanction_note_en=UNTIL_2026_EN,
        ),
        note=SINCE_2026,
        note_en=SINCE_2026_EN,
    ),
)
