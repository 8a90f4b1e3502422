"""Findings on the employment relationship: appointment letters, fixed-term contracts, outsourcing.

Only the last two belong in a Nota Pemeriksaan Khusus; no other finding of the catalogue does.
"""

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
            code="HK-01",
            norm_group="employment",
            title="Pekerja tetap dengan perjanjian kerja lisan belum diberi surat pengangkatan",
            title_en="Permanent workers with an oral contract have no letter of appointment",
            legal_basis="UU 13/2003 pasal 63 ayat (1)",
            order="Membuat surat pengangkatan bagi setiap pekerja yang bersangkutan",
            order_en="Issue a letter of appointment to each worker concerned",
            evidence="Salinan surat pengangkatan yang memuat nama dan alamat pekerja, tanggal mulai bekerja, "
            "jenis pekerjaan, dan besarnya upah",
            evidence_en="Copies of the letters with the worker's name and address, starting date, kind of "
            "work "
            "and wage",
            sanction="criminal",
            sanction_note=ARTICLE_188_UNTIL_2026,
            sanction_note_en=ARTICLE_188_UNTIL_2026_EN,
        ),
        note=ARTICLE_188,
        note_en=ARTICLE_188_EN,
    ),
    CatalogueEntry(
        code="HK-02",
        norm_group="employment",
        title="PKWT tidak memenuhi syarat, tidak dicatatkan, atau uang kompensasinya tidak dibayar",
        title_en="Fixed-term contracts do not meet the conditions, are not recorded, or their compensation "
        "is not paid",
        legal_basis="UU 13/2003 pasal 59 dan pasal 61A sebagaimana diubah dengan UU 6/2023; PP 35/2021",
        order="Menyesuaikan PKWT dengan syaratnya, mencatatkannya, dan membayar uang kompensasi pekerja yang "
        "PKWT-nya berakhir",
        order_en="Bring the fixed-term contracts into line, have them recorded, and pay compensation to "
        "workers whose contract has ended",
        evidence="Salinan PKWT, bukti pencatatannya, dan bukti pembayaran uang kompensasi",
        evidence_en="Copies of the contracts, proof of recording, and proof that compensation was paid",
        sanction="administrative",
        sanction_note="Sanksi administratif untuk uang kompensasi (UU 13/2003 pasal 61A dan pasal 190). PKWT "
        "yang tidak memenuhi syarat demi hukum menjadi PKWTT (UU 13/2003 pasal 59 ayat (3)); dituangkan "
        "dalam Nota Pemeriksaan Khusus.",
        sanction_note_en="Administrative sanction for the compensation (UU 13/2003 art. 61A and 190). A "
        "fixed-term contract that does not meet the conditions becomes permanent by law (UU 13/2003 "
        "art. 59(3)); stated in a special note.",
        special_note=True,
    ),
    CatalogueEntry(
        code="HK-03",
        norm_group="employment",
        title="Pekerja alih daya dipekerjakan tanpa PKWT atau PKWTT tertulis",
        title_en="Outsourced workers are employed without a written contract",
        legal_basis="UU 13/2003 pasal 66 ayat (1) sebagaimana diubah dengan UU 6/2023; PP 35/2021 pasal 18",
        order="Membuat PKWT atau PKWTT secara tertulis dengan setiap pekerja alih daya",
        order_en="Conclude a written fixed-term or permanent contract with each outsourced worker",
        evidence="Salinan perjanjian kerja tertulis yang ditandatangani kedua pihak",
        evidence_en="Copies of the written contracts signed by both parties",
        sanction="none",
        sanction_note="Tidak termasuk pelanggaran yang dikenai sanksi menurut UU 13/2003 pasal 190; "
        "dituangkan dalam Nota Pemeriksaan Khusus.",
        sanction_note_en="Not among the breaches sanctioned by UU 13/2003 art. 190; stated in a special "
        "note.",
        special_note=True,
    ),
)
