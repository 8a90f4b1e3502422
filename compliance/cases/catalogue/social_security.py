"""Findings on employment social security (BPJS Ketenagakerjaan).

Three things are kept apart here because they are mixed up everywhere else: the 0,1% administrative fine
(PP 86/2013), the 2% late fee on contributions (PP 44/2015, PP 45/2015), and the criminal penalty, which is
for unpaid contributions only (UU 24/2011 pasal 55) and never for a company that has not registered.
"""

from __future__ import annotations

from compliance.cases.catalogue.entry import CatalogueEntry, until_and_since_2026

MEMBERSHIP_PROOF = "Sertifikat kepesertaan dan bukti iuran terakhir"
MEMBERSHIP_PROOF_EN = "Certificate of membership and proof of the latest contribution"
"""Membership begins with the first contribution paid in full (PP 44/2015 pasal 6): a form proves nothing."""

LADDER = (
    "Sanksi administratif: teguran tertulis dua kali, lalu denda 0,1% per bulan dari iuran yang seharusnya "
    "dibayar, keduanya oleh BPJS; bila denda tidak dilunasi, TMP2T atas permintaan BPJS, dijalankan unit "
    "pelayanan publik (UU 24/2011 pasal 17; PP 86/2013 pasal 5 sampai dengan pasal 10)."
)
LADDER_EN = (
    "Administrative sanction: two written warnings, then a fine of 0.1% a month of the contributions due, "
    "both by BPJS; if the fine is not paid in full, certain public services are withheld (TMP2T) at the "
    "request of BPJS, by the public service unit (UU 24/2011 art. 17; PP 86/2013 art. 5–10)."
)
AFTER_LETTER = (
    " TMP2T dijalankan hanya setelah ada surat permohonan dari BPJS "
    "(PP 86/2013 pasal 8 ayat (3) huruf b)."
)
AFTER_LETTER_EN = (
    " TMP2T is carried out only after a letter of request from BPJS (PP 86/2013 art. 8(3)b)."
)
TMP2T_ROUTE = "TMP2T hanya atas permintaan BPJS dan dijalankan unit pelayanan publik."
TMP2T_ROUTE_EN = "TMP2T only at the request of BPJS and carried out by the public service unit."

ARTICLE_55_UNTIL_2026 = (
    "Tindak pidana: penjara paling lama 8 tahun atau denda paling banyak Rp1 miliar "
    "(UU 24/2011 pasal 55)."
)
ARTICLE_55_UNTIL_2026_EN = (
    "Criminal offence: imprisonment of at most 8 years or a fine of at most Rp1 "
    "billion (UU 24/2011 art. 55)."
)
ARTICLE_55 = (
    "Tindak pidana: penjara paling lama 8 tahun atau denda paling banyak kategori V, Rp500 juta "
    "(UU 24/2011 pasal 55, disesuaikan UU 1/2026 Lampiran I nomor 93; UU 1/2023 pasal 79)."
)
ARTICLE_55_EN = (
    "Criminal offence: imprisonment of at most 8 years or a fine of at most category V, Rp500 million "
    "(UU 24/2011 art. 55, adjusted by UU 1/2026 annex I no. 93; UU 1/2023 art. 79)."
)
LATE_FEE = (
    " Terpisah dari itu, denda keterlambatan 2% per bulan ditanggung pemberi kerja "
    "(PP 44/2015 pasal 22; PP 45/2015 pasal 31)."
)
LATE_FEE_EN = (
    " Apart from that, a late fee of 2% a month is borne by the employer "
    "(PP 44/2015 art. 22; PP 45/2015 art. 31)."
)

ENTRIES: tuple[CatalogueEntry, ...] = (
    CatalogueEntry(
        code="JS-01",
        norm_group="social_security",
        title="Pemberi kerja belum mendaftarkan diri dan seluruh pekerjanya pada BPJS Ketenagakerjaan",
        title_en="The employer has not registered itself and all its workers with BPJS Ketenagakerjaan",
        legal_basis="UU 24/2011 pasal 15 ayat (1); PP 86/2013 pasal 3 ayat (1) huruf a",
        order="Mendaftarkan perusahaan dan seluruh pekerja pada program BPJS Ketenagakerjaan yang wajib bagi "
        "skala usahanya, dan melunasi iuran pertama",
        order_en="Register the company and all its workers in the BPJS Ketenagakerjaan programmes that are "
        "mandatory for its scale, and pay the first contribution in full",
        evidence=MEMBERSHIP_PROOF,
        evidence_en=MEMBERSHIP_PROOF_EN,
        sanction="administrative",
        sanction_note=LADDER
        + " Bagi yang belum terdaftar, TMP2T berupa syarat melengkapi identitas "
        "kepesertaan saat meminta pelayanan (PP 86/2013 pasal 8 ayat (3) huruf a).",
        sanction_note_en=LADDER_EN
        + " For the unregistered, TMP2T means that proof of membership is "
        "required when a service is asked for (PP 86/2013 art. 8(3)a).",
        bpjs_category="PWBD",
    ),
    CatalogueEntry(
        code="JS-02",
        norm_group="social_security",
        title="Sebagian pekerja belum didaftarkan pada BPJS Ketenagakerjaan",
        title_en="Some of the workers have not been registered with BPJS Ketenagakerjaan",
        legal_basis="UU 24/2011 pasal 15 ayat (2); "
        "PP 86/2013 pasal 3 ayat (1) huruf b dan pasal 3 ayat (2) huruf a",
        order="Mendaftarkan seluruh pekerja yang belum terdaftar dan melunasi iurannya",
        order_en="Register every worker not yet registered and pay their contributions",
        evidence=MEMBERSHIP_PROOF + ", disertai daftar peserta yang sesuai dengan daftar pekerja",
        evidence_en=MEMBERSHIP_PROOF_EN
        + ", with a list of members that matches the list of workers",
        sanction="administrative",
        sanction_note=LADDER + AFTER_LETTER,
        sanction_note_en=LADDER_EN + AFTER_LETTER_EN,
        bpjs_category="PDS-TK",
    ),
    CatalogueEntry(
        code="JS-03",
        norm_group="social_security",
        title="Upah yang dilaporkan kepada BPJS Ketenagakerjaan lebih rendah daripada upah yang diterima "
        "pekerja",
        title_en="The wages reported to BPJS Ketenagakerjaan are lower than the wages the workers receive",
        legal_basis="PP 86/2013 pasal 3 ayat (2) huruf b; PP 44/2015 pasal 19",
        order="Melaporkan upah pokok dan tunjangan tetap yang sebenarnya serta melunasi kekurangan iuran",
        order_en="Report the true basic wage and fixed allowances, and pay the contributions short-paid",
        evidence="Rincian upah pada BPJS Ketenagakerjaan yang sesuai dengan daftar upah, dan bukti pelunasan "
        "kekurangan iuran",
        evidence_en="Wage details at BPJS Ketenagakerjaan that match the payroll, and proof that the "
        "shortfall in contributions is paid",
        sanction="administrative",
        sanction_note=LADDER + AFTER_LETTER,
        sanction_note_en=LADDER_EN + AFTER_LETTER_EN,
        bpjs_category="PDS-Upah",
    ),
    CatalogueEntry(
        code="JS-04",
        norm_group="social_security",
        title="Pekerja belum diikutsertakan pada semua program yang wajib bagi skala usaha perusahaan",
        title_en="Workers are not enrolled in every programme that is mandatory for the scale of the company",
        legal_basis="PP 86/2013 pasal 3 ayat (2) huruf c; Perpres 109/2013 pasal 6 ayat (3)",
        order="Mengikutsertakan seluruh pekerja pada program wajib yang belum diikuti dan melunasi iurannya",
        order_en="Enrol all workers in the mandatory programmes still missing and pay their contributions",
        evidence=MEMBERSHIP_PROOF + " untuk program yang ditambahkan",
        evidence_en=MEMBERSHIP_PROOF_EN + " for the programmes added",
        sanction="administrative",
        sanction_note=LADDER + AFTER_LETTER,
        sanction_note_en=LADDER_EN + AFTER_LETTER_EN,
        bpjs_category="PDS-Program",
    ),
    CatalogueEntry(
        code="JS-05",
        norm_group="social_security",
        title="Perubahan data perusahaan atau pekerja tidak dilaporkan kepada BPJS Ketenagakerjaan paling "
        "lambat 7 hari kerja sejak terjadi",
        title_en="Changes in company or worker data were not reported to BPJS Ketenagakerjaan within 7 "
        "working days",
        legal_basis="PP 86/2013 pasal 3 ayat (4); PP 44/2015 pasal 9 ayat (3)",
        order="Melaporkan seluruh perubahan data yang belum disampaikan kepada BPJS Ketenagakerjaan",
        order_en="Report every outstanding change of data to BPJS Ketenagakerjaan",
        evidence="Tanda terima laporan perubahan data dari BPJS Ketenagakerjaan",
        evidence_en="Acknowledgement by BPJS Ketenagakerjaan of the reported changes",
        sanction="administrative",
        sanction_note=LADDER + AFTER_LETTER,
        sanction_note_en=LADDER_EN + AFTER_LETTER_EN,
    ),
    *until_and_since_2026(
        CatalogueEntry(
            code="JS-06",
            norm_group="social_security",
            title="Iuran jaminan sosial tidak dipungut, dibayar, atau disetor kepada BPJS Ketenagakerjaan",
            title_en="Social security contributions are not collected, paid or remitted to BPJS "
            "Ketenagakerjaan",
            legal_basis="UU 24/2011 pasal 19 ayat (1) dan ayat (2); PP 44/2015 pasal 21; PP 45/2015 pasal 30",
            order="Melunasi seluruh tunggakan iuran beserta denda keterlambatannya, dan menyetor iuran "
            "selanjutnya paling lambat tanggal 15 bulan berikutnya",
            order_en="Pay all contributions in arrears with the late fee, and remit further contributions "
            "by the "
            "15th of the following month",
            evidence="Bukti pelunasan tunggakan dan bukti iuran terakhir",
            evidence_en="Proof that the arrears are settled and proof of the latest contribution",
            sanction="criminal",
            sanction_note=ARTICLE_55_UNTIL_2026 + LATE_FEE,
            sanction_note_en=ARTICLE_55_UNTIL_2026_EN + LATE_FEE_EN,
            bpjs_category="Piutang",
        ),
        note=ARTICLE_55 + LATE_FEE,
        note_en=ARTICLE_55_EN + LATE_FEE_EN,
    ),
    CatalogueEntry(
        code="JS-07",
        norm_group="social_security",
        title="Pekerja baru tidak didaftarkan pada program Jaminan Pensiun paling lambat 30 hari sejak mulai "
        "bekerja",
        title_en="New workers were not registered in the Pension programme within 30 days of starting work",
        legal_basis="PP 45/2015 pasal 4 ayat (2)",
        order="Mendaftarkan pekerja baru pada program Jaminan Pensiun, yang wajib bagi usaha menengah dan "
        "usaha besar, dan melunasi iurannya",
        order_en="Register the new workers in the Pension programme, mandatory for medium and large "
        "companies, and pay their contributions",
        evidence=MEMBERSHIP_PROOF + " program Jaminan Pensiun",
        evidence_en=MEMBERSHIP_PROOF_EN + " in the Pension programme",
        sanction="administrative",
        sanction_note="Sanksi administratif (PP 45/2015 pasal 34). " + TMP2T_ROUTE,
        sanction_note_en="Administrative sanction (PP 45/2015 art. 34). " + TMP2T_ROUTE_EN,
        programmes=("JP",),
    ),
    CatalogueEntry(
        code="JS-08",
        norm_group="social_security",
        title="Pekerja belum didaftarkan pada program Jaminan Hari Tua",
        title_en="Workers have not been registered in the Old-Age programme",
        legal_basis="PP 46/2015 pasal 2 dan pasal 7 ayat (1)",
        order="Mendaftarkan pekerja pada program Jaminan Hari Tua, yang wajib bagi usaha kecil, menengah, "
        "dan besar, dan melunasi iurannya",
        order_en="Register the workers in the Old-Age programme, mandatory for small, medium and large "
        "companies, and pay their contributions",
        evidence=MEMBERSHIP_PROOF + " program Jaminan Hari Tua",
        evidence_en=MEMBERSHIP_PROOF_EN + " in the Old-Age programme",
        sanction="administrative",
        sanction_note="Sanksi administratif (PP 46/2015 pasal 33). " + TMP2T_ROUTE,
        sanction_note_en="Administrative sanction (PP 46/2015 art. 33). " + TMP2T_ROUTE_EN,
        programmes=("JHT",),
    ),
    CatalogueEntry(
        code="JS-09",
        norm_group="social_security",
        title="Pekerja yang memenuhi syarat tidak diikutsertakan pada program Jaminan Kehilangan Pekerjaan "
        "atau tidak didaftarkan paling lambat 30 hari sejak mulai bekerja",
        title_en="Eligible workers are not enrolled in the Job-Loss programme, or were not registered within "
        "30 days of starting work",
        legal_basis="PP 37/2021 pasal 2 ayat (1) dan pasal 6 ayat (1)",
        order="Mendaftarkan pekerja yang memenuhi syarat pasal 4 PP 37/2021 pada program Jaminan Kehilangan "
        "Pekerjaan, beserta program yang menjadi syaratnya",
        order_en="Register the workers who meet art. 4 of PP 37/2021 in the Job-Loss programme, together "
        "with the programmes it presupposes",
        evidence="Sertifikat kepesertaan program Jaminan Kehilangan Pekerjaan dan bukti iuran terakhir",
        evidence_en="Certificate of membership in the Job-Loss programme and proof of the latest "
        "contribution",
        sanction="administrative",
        sanction_note="Sanksi administratif bertahap: teguran tertulis, lalu TMP2T oleh unit pelayanan "
        "publik; tanpa denda. Dikenakan pejabat yang berwenang atas rekomendasi kepala dinas provinsi "
        "(PP 37/2021 pasal 46 dan pasal 47).",
        sanction_note_en="Administrative sanction in stages: written warning, then TMP2T by the public "
        "service unit; no fine. Imposed by the competent authority on the recommendation of the head of the "
        "provincial labour office (PP 37/2021 art. 46–47).",
        programmes=("JKP",),
    ),
    CatalogueEntry(
        code="JS-10",
        norm_group="social_security",
        title="Pekerja harian lepas, borongan, atau PKWT pada jasa konstruksi belum didaftarkan pada program "
        "JKK dan JKM",
        title_en="Casual, piece-rate or fixed-term workers in construction services have not been registered "
        "in the Work-Injury and Death programmes",
        legal_basis="PP 44/2015 pasal 53",
        order="Mendaftarkan seluruh pekerja proyek pada program JKK dan JKM dan melunasi iurannya",
        order_en="Register all project workers in the Work-Injury and Death programmes and pay their "
        "contributions",
        evidence=MEMBERSHIP_PROOF + " untuk proyek yang diperiksa",
        evidence_en=MEMBERSHIP_PROOF_EN + " for the project inspected",
        sanction="administrative",
        sanction_note="Sanksi administratif: teguran tertulis dan denda oleh BPJS, dan/atau TMP2T "
        "(PP 44/2015 pasal 59). " + TMP2T_ROUTE,
        sanction_note_en="Administrative sanction: written warning and fine by BPJS, and/or TMP2T "
        "(PP 44/2015 art. 59). " + TMP2T_ROUTE_EN,
        programmes=("JKK", "JKM"),
    ),
    CatalogueEntry(
        code="JS-11",
        norm_group="social_security",
        title="Kartu peserta BPJS Ketenagakerjaan tidak disampaikan kepada pekerja paling lama 3 hari kerja "
        "sejak diterima",
        title_en="BPJS Ketenagakerjaan membership cards were not handed to the workers within 3 working days "
        "of being received",
        legal_basis="PP 44/2015 pasal 7 ayat (2); PP 46/2015 pasal 8 ayat (2)",
        order="Menyampaikan kartu peserta kepada setiap pekerja yang bersangkutan",
        order_en="Hand the membership card to each worker concerned",
        evidence="Tanda terima kartu peserta yang ditandatangani pekerja",
        evidence_en="Receipts for the cards signed by the workers",
        sanction="none",
        sanction_note="Tidak termasuk pelanggaran yang dikenai sanksi menurut PP 44/2015 pasal 59 ayat (1); "
        "kewajiban tetap harus dipenuhi.",
        sanction_note_en="Not among the breaches sanctioned by PP 44/2015 art. 59(1); the duty must still be "
        "met.",
    ),
    CatalogueEntry(
        code="JS-12",
        norm_group="social_security",
        title="Hak jaminan sosial pekerja yang belum terdaftar tidak dibayar oleh pemberi kerja",
        title_en="The employer has not paid the social security benefits of a worker who was not registered",
        legal_basis="PP 44/2015 pasal 8 ayat (3) dan pasal 10 ayat (7); PP 45/2015 pasal 6; "
        "PP 46/2015 pasal 28",
        order="Membayar kepada pekerja atau ahli warisnya seluruh manfaat yang menjadi hak mereka selama "
        "belum terdaftar",
        order_en="Pay the worker or the heirs all benefits due for the time the worker was not registered",
        evidence="Bukti pembayaran yang ditandatangani pekerja atau ahli warisnya, disertai perhitungannya",
        evidence_en="Proof of payment signed by the worker or the heirs, with the calculation",
        sanction="administrative",
        sanction_note="Sanksi administratif: teguran tertulis dan denda oleh BPJS, dan/atau TMP2T "
        "(PP 44/2015 pasal 59). " + TMP2T_ROUTE,
        sanction_note_en="Administrative sanction: written warning and fine by BPJS, and/or TMP2T "
        "(PP 44/2015 art. 59). " + TMP2T_ROUTE_EN,
    ),
)
