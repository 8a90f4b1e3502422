"""TABLE: the letters that are made here, in the order of the road: who signs, what is asked, what is said.

A paragraph is wording that an office may change. A chip such as {perusahaan} stands for a fact of the case;
`must` names what a paragraph cannot do without. What is listed, counted or quoted between the paragraphs is
the same for all offices (`building`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from compliance.core.text import Text, say

SignedBy = Literal["head", "inspectors", "inspectors_and_head", "both_parties", "with_witness"]
BY_THE_HEAD = ("head", "inspectors_and_head")


@dataclass(frozen=True)
class Paragraph:
    """Wording of a letter by default, and the chips and words that every wording of it must hold."""

    text: str
    must: tuple[str, ...] = ()


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter.

    `form` is "letter" for one with number, class and addressee, "document" for one with a title in the
    middle. `called` is the name of the paper where its title is not one: "Surat Pengecekan Kembali".
    `with_strip` marks the notas: they grant time from their receipt, and end with a receipt to be filled in.
    `asks` are the options its maker is asked for, `needs` those of them that cannot be left out.
    """

    name: Text
    title: str
    form: Literal["letter", "document"]
    signed_by: SignedBy
    paragraphs: Mapping[str, Paragraph]
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    classification: str = "Biasa"
    to_licensing: bool = False
    with_strip: bool = False
    called: str = ""
    numbered: bool = True

    @property
    def paper(self) -> str:
        """What a sentence of another paper calls it."""
        return self.called or self.title

    @property
    def by_the_head(self) -> bool:
        """The head of the office signs, so the head's side approves and numbers it."""
        return self.signed_by in BY_THE_HEAD


LETTER_KINDS: Mapping[str, LetterKind] = {
    "spt": LetterKind(
        say("Surat perintah tugas"),
        "Surat Perintah Tugas",
        "document",
        "head",
        {
            "task": Paragraph(
                "Melakukan pemeriksaan ketenagakerjaan di {perusahaan}{alamat} pada {kunjungan}.",
                ("{perusahaan}", "{kunjungan}"),
            ),
            "report": Paragraph("Melaporkan hasilnya secara tertulis.", ("Melaporkan hasilnya",)),
            "closing": Paragraph(
                "Surat perintah ini diberikan untuk dilaksanakan dengan penuh tanggung jawab."
            ),
        },
        asks=("inspectors", "visit_on", "visit_at"),
        needs=("inspectors", "visit_on"),
    ),
    "ba": LetterKind(
        say("Berita acara pemeriksaan"),
        "Berita Acara Pemeriksaan",
        "document",
        "both_parties",
        {
            "opening": Paragraph(
                "Pada {hari}{pukul}{di_tempat}{menurut_spt}, "
                "kami yang bertanda tangan di bawah ini:",
                ("{hari}",),
            ),
            "against": Paragraph(
                "telah melakukan pemeriksaan ketenagakerjaan di {perusahaan}{alamat}, yang diwakili oleh:",
                ("{perusahaan}",),
            ),
            "closing": Paragraph(
                "Demikian berita acara ini dibuat dengan sebenarnya dan ditandatangani kedua pihak."
            ),
        },
        asks=("held_on", "held_at", "place", "met_name", "met_position", "result", "documents"),
        needs=("held_on", "met_name", "met_position", "result"),
    ),
    "ba_refusal": LetterKind(
        say("Berita acara penolakan"),
        "Berita Acara Penolakan",
        "document",
        "with_witness",
        {
            "opening": Paragraph(
                "Pada {hari}{pukul}{di_tempat}{menurut_spt}, "
                "kami yang bertanda tangan di bawah ini:",
                ("{hari}",),
            ),
            "against": Paragraph(
                "menerangkan bahwa di {perusahaan}{alamat} telah ditolak:",
                ("{perusahaan}", "ditolak"),
            ),
            "closing": Paragraph(
                "Demikian berita acara ini dibuat dengan sebenarnya di hadapan saksi.", ("saksi",)
            ),
        },
        asks=(
            "held_on",
            "held_at",
            "place",
            "refused",
            "refused_by",
            "witness",
            "witness_position",
        ),
        needs=("held_on", "refused", "refused_by", "witness"),
    ),
    "nota_1": LetterKind(
        say("Nota Pemeriksaan I"),
        "Nota Pemeriksaan I",
        "letter",
        "inspectors_and_head",
        {
            "opening": Paragraph(
                "Berdasarkan pemeriksaan ketenagakerjaan di perusahaan Saudara{di_tempat} pada {diperiksa}"
                "{menurut_spt}{dihadiri}, kami temukan {jumlah_temuan} hal yang wajib Saudara perbaiki. "
                "Pemeriksaan ini berdasarkan {dasar}.",
                ("{diperiksa}", "{jumlah_temuan}"),
            ),
            "closing": Paragraph(
                "Demikian Nota Pemeriksaan I (Pertama) ini dibuat sebagai peringatan. Saudara wajib "
                "melaksanakan perintah di atas dan melaporkannya secara tertulis kepada kami dalam waktu "
                "{batas_lapor} setelah diterimanya Nota ini. Perintah yang tidak dilaksanakan "
                "ditindaklanjuti dengan Nota Pemeriksaan II.",
                ("{batas_lapor}", "setelah diterimanya", "secara tertulis", "peringatan"),
            ),
        },
        classification="Rahasia",
        with_strip=True,
    ),
    "receipt": LetterKind(
        say("Tanda terima"),
        "Tanda Terima",
        "document",
        "both_parties",
        {
            "opening": Paragraph(
                "Pada hari dan tanggal yang tertulis di bawah ini telah diterima:", ("diterima",)
            ),
        },
        asks=("about_letter", "sheets"),
        needs=("about_letter",),
        numbered=False,
    ),
    "cover_ptsp": LetterKind(
        say("Surat pengantar ke PTSP"),
        "Penyampaian Informasi Nota Pemeriksaan",
        "letter",
        "head",
        {
            "opening": Paragraph(
                "Bersama ini kami sampaikan bahwa kepada {perusahaan}{nomor_perusahaan} telah diterbitkan "
                "Nota Pemeriksaan I {nomor_nota} tanggal {tanggal_nota} {tentang}. {jenis_surat}",
                ("{perusahaan}", "{jenis_surat}"),
            ),
            "dates": Paragraph(
                "Kewajiban menurut nota: {tenggat}; pengecekan kembali {cek_ulang}.",
                ("{tenggat}", "{cek_ulang}"),
            ),
            "clears": Paragraph(
                "Yang menyelesaikannya: {bukti_selesai}.",
                ("{bukti_selesai}",),
            ),
        },
        asks=("cover", "office", "bpjs_number", "bpjs_on"),
        needs=("cover",),
        to_licensing=True,
        called="Surat Pengantar",
    ),
    "recheck_notice": LetterKind(
        say("Surat pengecekan kembali"),
        "Pengecekan Kembali",
        "letter",
        "head",
        {
            "opening": Paragraph(
                "Menindaklanjuti Nota Pemeriksaan I {nomor_nota} tanggal {tanggal_nota}, kami akan melakukan "
                "pengecekan kembali di perusahaan Saudara pada {kunjungan}.",
                ("{kunjungan}", "pengecekan kembali"),
            ),
            "show": Paragraph("Mohon disiapkan untuk diperlihatkan:"),
        },
        asks=("visit_on", "visit_at", "documents"),
        needs=("visit_on",),
        called="Surat Pengecekan Kembali",
    ),
    "nota_2": LetterKind(
        say("Nota Pemeriksaan II"),
        "Nota Pemeriksaan II",
        "letter",
        "inspectors_and_head",
        {
            "opening": Paragraph(
                "Nota Pemeriksaan I {nomor_nota} tanggal {tanggal_nota} telah Saudara terima pada "
                "{diterima}, dan batas waktunya telah lewat. Sampai hari ini {jumlah_terbuka} perintah "
                "belum kami terima pelaksanaannya.",
                ("{diterima}", "{jumlah_terbuka}"),
            ),
            "closing": Paragraph(
                "Saudara diminta melaksanakan isi Nota Pemeriksaan I dan melaporkannya secara tertulis "
                "kepada kami dalam waktu {batas_dua} setelah diterimanya Nota ini. Nota Pemeriksaan II ini "
                "adalah peringatan terakhir. Bila tetap tidak dilaksanakan, hal ini diproses lebih lanjut "
                "menurut hukum.",
                ("{batas_dua}", "setelah diterimanya", "peringatan terakhir", "secara tertulis"),
            ),
        },
        classification="Rahasia",
        with_strip=True,
    ),
    "noncompliance_report": LetterKind(
        say("Laporan ketidakpatuhan"),
        "Laporan Ketidakpatuhan",
        "letter",
        "inspectors",
        {
            "opening": Paragraph(
                "Dengan ini dilaporkan bahwa {perusahaan}{alamat}, yang diperiksa pada {diperiksa}"
                "{menurut_spt}, tidak melaksanakan perintah berikut dalam nota pemeriksaan, sampai batas "
                "waktunya lewat:",
                ("{perusahaan}", "tidak melaksanakan"),
            ),
            "papers": Paragraph("Nota dan tanda terimanya:"),
            "closing": Paragraph(
                "Laporan ini beserta nota pemeriksaannya disampaikan untuk ditindaklanjuti dengan "
                "rekomendasi kepada pejabat yang berwenang (Peraturan Pemerintah Nomor 37 Tahun 2021 "
                "Pasal 47 ayat (4) dan ayat (5)).",
                ("rekomendasi",),
            ),
        },
        asks=("proposal",),
        classification="Rahasia",
    ),
    "recommendation": LetterKind(
        say("Rekomendasi sanksi"),
        "Rekomendasi Pengenaan Sanksi Administratif",
        "letter",
        "head",
        {
            "opening": Paragraph(
                "Berdasarkan hasil pemeriksaan, {perusahaan}{nomor_perusahaan} tidak melaksanakan Nota "
                "Pemeriksaan I {nomor_nota} tanggal {tanggal_nota}{dan_nota_dua}.",
                ("{perusahaan}",),
            ),
            "request": Paragraph(
                "Sesuai Peraturan Pemerintah Nomor 37 Tahun 2021 Pasal 47 ayat (5), kami merekomendasikan "
                "pengenaan sanksi administratif kepada perusahaan tersebut menurut kewenangan Saudara.",
                ("Nomor 37 Tahun 2021 Pasal 47 ayat (5)", "merekomendasikan"),
            ),
            "report": Paragraph(
                "Pelaksanaannya dilaporkan oleh pejabat yang mengenakan sanksi kepada Menteri "
                "Ketenagakerjaan."
            ),
        },
        asks=("official", "proposal"),
        needs=("official",),
        classification="Rahasia",
        called="Surat Rekomendasi",
    ),
    "clearance_letter": LetterKind(
        say("Surat pencabutan catatan"),
        "Pencabutan Catatan Perizinan",
        "letter",
        "head",
        {
            "opening": Paragraph(
                "Catatan perizinan atas {perusahaan}{nomor_perusahaan} karena Nota Pemeriksaan I "
                "{nomor_nota} tanggal {tanggal_nota} dicabut menurut keadaan per tanggal {per_tanggal}.",
                ("{perusahaan}", "keadaan per tanggal"),
            ),
            "proof": Paragraph("Bukti yang kami terima:"),
            "limits": Paragraph(
                "Surat ini bukan pernyataan patuh dan tidak mengakhiri TMP2T; TMP2T hanya berakhir dengan "
                "surat BPJS Ketenagakerjaan.",
                ("bukan pernyataan patuh", "tidak mengakhiri TMP2T"),
            ),
        },
        asks=("proof", "office"),
        needs=("proof",),
        to_licensing=True,
        called="Surat Pencabutan Catatan",
    ),
    "certificate": LetterKind(
        say("Surat keterangan"),
        "Surat Keterangan",
        "document",
        "head",
        {
            "opening": Paragraph("Yang bertanda tangan di bawah ini menerangkan bahwa:"),
            "state": Paragraph(
                "menurut keadaan per tanggal {per_tanggal} {keadaan}.",
                ("keadaan per tanggal", "{keadaan}"),
            ),
            "limits": Paragraph(
                "Keterangan ini bukan pernyataan patuh dan tidak mengakhiri TMP2T.",
                ("bukan pernyataan patuh", "tidak mengakhiri TMP2T"),
            ),
        },
        asks=("proof",),
    ),
}
LETTER_NAMES: Mapping[str, Text] = {kind: entry.name for kind, entry in LETTER_KINDS.items()}
UNNUMBERED_KINDS = tuple(kind for kind, entry in LETTER_KINDS.items() if not entry.numbered)
"""The kinds that bear no number."""
MADE_BY_ACTS = ("nota_1", "nota_2")
"""The letters that an act on the case makes; no form asks for them."""
NOTA_LETTERS = {"I": "nota_1", "II": "nota_2"}
"""The letter of each kind of nota."""
RECORDS = ("ba", "ba_refusal")
"""The letters that record a visit."""
BEFORE_THE_NOTA = ("spt", *RECORDS)
"""The letters that may be dated before the nota of their case."""
OF_TODAY = ("clearance_letter", "certificate")
"""The letters that say how things stand: they are dated on the day on which that was read."""
COVERS = {
    "information": say("Informasi bahwa nota terbit"),
    "recommendation": say("Rekomendasi (PP 37/2021 pasal 47 ayat (5))"),
    "bpjs_request": say("Tindak lanjut permintaan BPJS"),
}
"""Which of its three kinds a cover letter to a licensing office is."""
COVER_SUBJECTS = {
    "information": "Penyampaian Informasi Nota Pemeriksaan",
    "recommendation": "Pemberitahuan Rekomendasi Pengenaan Sanksi Administratif",
    "bpjs_request": "Tindak Lanjut Permintaan BPJS Ketenagakerjaan",
}
"""What a cover letter of each kind is about, on the paper."""
