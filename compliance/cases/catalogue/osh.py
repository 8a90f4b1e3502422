"""Findings on occupational safety and health (K3)."""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026
from compliance.cases.catalogue.penalties import ARTICLE_190, ARTICLE_190_EN

ENTRIES: tuple[CatalogueEntry, ...] = (
    CatalogueEntry(
        code="K3-01",
        norm_group="osh",
        title="Perusahaan tidak menerapkan sistem manajemen keselamatan dan kesehatan kerja (SMK3)",
        title_en="The company does not apply an occupational safety and health management system (SMK3)",
        legal_basis="UU 13/2003 pasal 87 ayat (1)",
        order="Menerapkan SMK3 yang terintegrasi dengan sistem manajemen perusahaan",
        order_en="Apply an SMK3 integrated with the management system of the company",
        evidence="Kebijakan K3, rencana penerapan SMK3, dan laporan pelaksanaannya",
        evidence_en="Safety policy, SMK3 plan and reports of its application",
        sanction="administrative",
        sanction_note=ARTICLE_190,
        sanction_note_en=ARTICLE_190_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="K3-02",
            norm_group="osh",
            title="Alat pelindung diri tidak disediakan atau tidak sesuai standar",
            title_en="Personal protective equipment is not provided or not up to standard",
            legal_basis="UU 1/1970 pasal 14 huruf c; Permenakertrans PER.08/MEN/VII/2010 pasal 2",
            order="Menyediakan secara cuma-cuma alat pelindung diri yang sesuai SNI atau standar yang "
            "berlaku bagi pekerja dan orang lain yang memasuki tempat kerja",
            order_en="Provide, free of charge, protective equipment that meets the standard to workers and "
            "to others who enter the workplace",
            evidence="Foto dan tanda terima alat pelindung diri yang ditandatangani pekerja",
            evidence_en="Photographs of the equipment and receipts signed by the workers",
            sanction="criminal",
            sanction_note="Tindak pidana: kurungan paling lama 3 bulan atau denda paling banyak Rp100 ribu "
            "(UU 1/1970 pasal 15 ayat (2)).",
            sanction_note_en="Criminal offence: light detention (kurungan) of at most 3 months or a fine of "
            "at most Rp100 thousand (UU 1/1970 art. 15(2)).",
        ),
        # No figure: UU 1/1970 is not in Lampiran I, so the amount was read nowhere.
        note="Tindak pidana: sanksi pidana menurut UU 1/1970 pasal 15 ayat (2) sebagaimana disesuaikan "
        "UU 1/2026.",
        note_en="Criminal offence: the penalty of UU 1/1970 art. 15(2) as adjusted by UU 1/2026.",
    ),
)
