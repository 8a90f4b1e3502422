"""TABLE: what stands in a list beside its companies: sums, column numbers, titles, dates, signatures. Pure.

Such a row has no number of a company and hardly a filled cell: every cell in it is furniture, or a sum. So
"PT Total Jaya" and "UD Jumlah Rejeki" are companies, and so is whatever has a running number or an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.imports.reading.headers import names_undertaking
from compliance.reference.regions import regency_called

_MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|"
    "desember"
)
_DAY = (
    rf"(tanggal\s*)?[\d.…_ ]*({_MONTHS})[\s.…_]*(\d{{4}}|[.…_]{{2,}})"
    r"|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}"
)
_HEAD = r"kepala|bupati|gubernur|wali ?kota|sekretaris|pimpinan|direktur|camat|ketua"
_OFFICE = (
    r"dinas|badan|bidang|seksi|bagian|kantor|cabang|upt|uptd|sub ?bagian|sub ?bidang|bpjs|balai|"
    r"desa|kelurahan"
)
_DEGREE = (
    r"s\.?\s?(h|e|t|p|i\.?p|si|sos|kom|pd|ag|hut|pt|pi|psi|hum|kes|k\.?m|farm|stp|s\.?t\.?p|a\.?p|tr|"
    r"s\.?t|ak|i\.?kom|th|fil|kep)"
    r"|m\.?\s?(h|m|t|p|si|sos|kom|pd|hum|kes|kn|a\.?p|ak|sc|eng|i\.?p|b\.?a|p\.?a|th)"
    r"|a\.?\s?md(\.?\s?\w+)?|a\.?ptnh|ph\.?\s?d|ak|c\.?a"
)


@dataclass(frozen=True)
class Furniture:
    """One kind of row: why it is no company, and how its text reads (small letters, single spaces).

    `sums`: numbers may stand beside it.
    """

    reason: Text
    pattern: re.Pattern[str]
    sums: bool = False
    signs: bool = False


def _kind(reason: Text, pattern: str, *, sums: bool = False, signs: bool = False) -> Furniture:
    return Furniture(reason, re.compile(pattern), sums, signs)


TITLE = say("Judul di antara baris, bukan perusahaan")
FURNITURE = (
    _kind(say("Baris jumlah, bukan perusahaan"),
        r"(sub[\s-]*|grand[\s-]*)?(jumlah|total|jml|jlh|rata-rata|average)"
        r"([\s:]+(total|semua|seluruh|seluruhnya|keseluruhan|umum|akhir|sementara|perusahaan|badan usaha|"
        r"pekerja|tenaga kerja|tk|halaman ini|pindahan|dipindahkan|[ivx]+|[a-z]|\d+|((kab|kabupaten|kota|kec|"
        r"kecamatan|provinsi|prov|sektor|bulan|tahun)\b.*)))*[\s:.=]*", sums=True),
    _kind(say("Tempat dan tanggal surat, bukan perusahaan"),
        rf"([^\W\d][^\d,]{{1,40}},\s*|pada tanggal[\s:]*)?({_DAY})|(ditetapkan|dikeluarkan|dibuat) di\b.*"
        r"|pada tanggal[\s:.…_]*",
        signs=True),
    _kind(say("Bagian tanda tangan, bukan perusahaan"),
        r"(mengetahui|mengesahkan|menyetujui|disetujui|diperiksa|dibuat|disusun|disahkan|dilaporkan)"
        r"([\s/]+(oleh|dan|mengesahkan|menyetujui))*[\s,:.]*"
        rf"|(a\.?n|u\.?b|plt|plh|pj|pjs)\.?\s*({_HEAD})\b.*"
        rf"|(kepala|pimpinan|direktur|sekretaris|ketua|bendahara|petugas|pejabat|koordinator|pengawas)"
        rf"([\s,:.]*|[\s,]+(utama|umum|pelaksana|ketenagakerjaan|perusahaan|({_OFFICE})\b.*)[\s,:.]*)"
        r"|(prepared|approved|checked|acknowledged) by.*"
        r"|(yang (membuat|melaporkan|mengetahui|memeriksa|bertanda tangan).*|hormat kami|ttd\.?|tanda tangan)"
        r"[\s,:.]*", signs=True),
    _kind(say("NIP seorang pegawai, bukan perusahaan"),
        r"n\.?\s?i\.?\s?p\.?[\s.:]*[\d\s.…_-]*", signs=True),
    _kind(say("Nama orang dengan gelar, bukan perusahaan"),
        rf"(drs|dra|ir|prof)\.\s.*|[^\W\d][^\d]*,\s*({_DEGREE})\.?([\s,]+({_DEGREE})\.?)*[\s,.]*"),
    _kind(TITLE,
        r"(daftar|rekap|rekapitulasi|lampiran|laporan|data)\b.*\b(perusahaan|pemberi kerja|badan usaha|"
        r"tenaga kerja|pekerja|bpjs|tahun|bulan|triwulan|semester)\b.*"
        r"|([ivx]+|[a-z]|\d+)?[.)]?\s*((kecamatan|kec\.|provinsi|periode|sektor)[\s:]+.+"
        rf"|(triwulan|semester|tahun|bulan)[\s:]+([ivx\d]+|{_MONTHS})\b.*)"),
    _kind(say("Catatan di bawah daftar, bukan perusahaan"),
        r"(catatan|keterangan|ket|sumber|source|note|nb|terbilang)\b\s*[.:*].*|\*+\).*"
        r"|(halaman|hal\.?|page)\s*\d+(\s*(dari|of|/)\s*\d+)?|(dicetak|tercetak|tanggal cetak)\b.*"),
)  # fmt: skip
COLUMN_NUMBERS = say("Nomor kolom, bukan perusahaan")
REPEATED_HEADER = say("Nama kolom yang diulang, bukan perusahaan")
BELOW_SIGNATURE = say("Di bawah tempat tanda tangan, bukan perusahaan")
_SUM = re.compile(r"(rp\.?\s*)?[-\d.,\s]+(orang|org|jiwa|tk|perusahaan|unit|%)?|-|–", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*\)?\.?(\s*=.*)?")
_ENUMERATOR = re.compile(r"([ivx]+|[a-z])[.)]?")
_LONGEST = 120
_NUMBERS = {"nib": 9, "npwp": 9, "npp": 5}
"""From how many digits on the cell of a number is one, and no sum."""


@dataclass(frozen=True)
class Found:
    """A row that is no company: why, and whether it belongs to a signature."""

    reason: Text
    signs: bool = False


def furniture_in(
    cells: Mapping[str, str], field_of: Mapping[str, str], *, below_signature: bool = False
) -> Found | None:
    """Whether the cells of a row (by header) are furniture; `field_of` says which field a header is.

    `below_signature`: a row before this one signs the list, so a text that stands alone is a name.
    """
    regency = any(
        field_of.get(header) == "region_code" and regency_called(cell) is not None
        for header, cell in cells.items()
    )
    filled = {
        header: clean_line(cell.casefold()) or ""
        for header, cell in cells.items()
        if cell and not (regency and field_of.get(header) == "region_code")
    }
    if not filled or any(_is_number(cell, field_of.get(header)) for header, cell in filled.items()):
        return None
    texts = list(filled.values())
    if _are_column_numbers([cell for cell in cells.values() if cell]):
        return Found(COLUMN_NUMBERS)
    if len(filled) > 1 and _repeats_header(filled):
        return Found(REPEATED_HEADER)
    if len(texts) == 2 and _ENUMERATOR.fullmatch(texts[0]):
        del texts[0]
    kinds = [_kind_of(text) for text in texts]
    found = next((kind for kind in kinds if kind is not None), None)
    if found is not None and all(
        kind is not None or (found.sums and _SUM.fullmatch(text))
        for kind, text in zip(kinds, texts, strict=True)
    ):
        return None if regency and not found.sums else Found(found.reason, found.signs)
    if len(texts) == 1 and not regency:
        if _is_regency(texts[0]):
            return Found(TITLE)
        if below_signature and not names_undertaking(texts[0]):
            return Found(BELOW_SIGNATURE, signs=True)
    return None


def _kind_of(text: str) -> Furniture | None:
    if len(text) > _LONGEST or names_undertaking(text):
        return None
    return next((kind for kind in FURNITURE if kind.pattern.fullmatch(text)), None)


def _is_number(text: str, field: str | None) -> bool:
    return field in _NUMBERS and sum(map(str.isdigit, text)) >= _NUMBERS[field]


def _are_column_numbers(texts: list[str]) -> bool:
    numbers = [found and int(found[1]) for found in map(_COLUMN_NUMBER.fullmatch, texts)]
    return len(numbers) > 1 and all(
        number is not None and number == (numbers[0] or 0) + at for at, number in enumerate(numbers)
    )


def _repeats_header(filled: Mapping[str, str]) -> bool:
    return all(text and text in header.casefold() for header, text in filled.items())


def _is_regency(text: str) -> bool:
    kind = re.match(r"(kab\.?|kabupaten|kota)\s", text)
    bare = re.sub(r"\s*(tahun)?\s*\d{4}$", "", text)
    return kind is not None and regency_called(bare) is not None
