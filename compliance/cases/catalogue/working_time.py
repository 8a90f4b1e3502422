"""Findings on working time, overtime, rest and leave (UU 13/2003 pasal 77–79 as amended by UU 6/2023)."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import (
    ARTICLE_187,
    ARTICLE_187_EN,
    ARTICLE_187_UNTIL_2026,
    ARTICLE_187_UNTIL_2026_EN,
    ARTICLE_188,
    ARTICLE_188_EN,
    ARTICLE_188_UNTIL_2026,
    ARTICLE_188_UNTIL_2026_EN,
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    *until_and_since_2026(
        CatalogueEntry(
            code="WK-01",
            norm_group="working_time",
            title="Kerja lembur melebihi 4 jam sehari atau 18 jam seminggu, atau tanpa persetujuan pekerja",
            title_en="Overtime exceeds 4 hours a day or 18 hours a week, or lacks the worker's consent",
            legal_basis="UU 13/2003 pasal 78 ayat (1) sebagaimana diubah dengan UU 6/2023",
            order="Mengatur kerja lembur paling lama 4 jam sehari dan 18 jam seminggu, dengan persetujuan "
            "pekerja",
            order_en="Keep overtime within 4 hours a day and 18 hours a week, with the workers' consent",
            evidence="Persetujuan lembur yang ditandatangani pekerja dan daftar hadir bulan berjalan",
            evidence_en="Overtime consents signed by the workers and this month's attendance records",
            sanction="criminal",
            sanction_note=ARTICLE_188_UNTIL_2026,
            sanction_note_en=ARTICLE_188_UNTIL_2026_EN,
        ),
        note=ARTICLE_188,
        note_en=ARTICLE_188_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="WK-02",
            norm_group="working_time",
            title="Upah kerja lembur tidak dibayar",
            title_en="Overtime pay is not paid",
            legal_basis="UU 13/2003 pasal 78 ayat (2) sebagaimana diubah dengan UU 6/2023",
            order="Menghitung dan membayar seluruh upah kerja lembur yang belum dibayar",
            order_en="Calculate and pay all outstanding overtime pay",
            evidence="Perhitungan upah lembur dan bukti pembayaran yang ditandatangani pekerja",
            evidence_en="Overtime calculation and proof of payment signed by the workers",
            sanction="criminal",
            sanction_note=ARTICLE_187_UNTIL_2026,
            sanction_note_en=ARTICLE_187_UNTIL_2026_EN,
        ),
        note=ARTICLE_187,
        note_en=ARTICLE_187_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="WK-03",
            norm_group="working_time",
            title="Waktu istirahat, istirahat mingguan, atau cuti tahunan tidak diberikan",
            title_en="Breaks, weekly rest or annual leave are not given",
            legal_basis="UU 13/2003 pasal 79 ayat (1), ayat (2), dan ayat (3) sebagaimana diubah dengan "
            "UU 6/2023",
            order="Memberikan istirahat antara jam kerja, istirahat mingguan, dan cuti tahunan paling "
            "sedikit 12 hari kerja",
            order_en="Give breaks during work, weekly rest, and at least 12 working days of annual leave",
            evidence="Jadwal kerja yang memuat waktu istirahat dan catatan cuti pekerja",
            evidence_en="Work schedule with rest periods and the workers' leave records",
            sanction="criminal",
            sanction_note=ARTICLE_187_UNTIL_2026,
            sanction_note_en=ARTICLE_187_UNTIL_2026_EN,
        ),
        note=ARTICLE_187,
        note_en=ARTICLE_187_EN,
    ),
)
