"""TABLE: what stands in a list beside its companies: sums, column numbers, titles, dates, signatures. Pure.

Such a row has no number of a company and hardly a filled cell: every cell in it is furniture, or a sum. So
"PT Total Jaya" and "UD Jumlah Rejeki" are companies, and so is whatever has a running number or an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.imports.reading.headers import names_undertaking
from compliance.reference.typed_regencies import regency_called

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
_DEGREES = (
    " sh se st sp sip ssi ssos skom spd sag shut spt spi spsi shum skes skm sfarm sstp stp sap str sak "
    "sikom sth sfil skep mh mm mt mp msi msos mkom mpd mhum mkes mkn map mak msc meng mip mba mpa mth amd "
    "aptnh phd ak ca "
)
"""Degrees behind a name, without their dots."""


@dataclass(frozen=True)
class Furniture:
    """One kind of row: why it is no company, and whether a text (small letters, single spaces) reads like it.

    `sums`: numbers may stand beside it. `signs`: below it stand the names of those who sign.
    """

    reason: Text
    reads: Callable[[str], object]
    sums: bool = False
    signs: bool = False


def _kind(
    reason: Text,
    pattern: str | Callable[[str], object],
    *,
    sums: bool = False,
    signs: bool = False,
) -> Furniture:
    reads = re.compile(pattern).fullmatch if isinstance(pattern, str) else pattern
    return Furniture(reason, reads, sums, signs)


def _bears_titles(text: str) -> bool:
    """Whether a text is a name between titles: "Drs. Contoh", "Contoh Umpama, S. Sos., M.Si"."""
    if text.startswith(("drs. ", "dra. ", "ir. ", "prof. ")):
        return True
    name, _, titles = text.partition(",")
    words = re.sub(r"\b([sma])\.\s", r"\1.", titles).replace(",", " ").split()
    return (
        bool(words and name)
        and not re.search(r"\d", name)
        and all(f" {word.replace('.', '')} " in _DEGREES for word in words)
    )


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
        _bears_titles),
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
    shown = {header: cell for header, cell in cells.items() if cell}
    regency = any(
        field_of.get(header) == "region_code" and regency_called(cell) is not None
        for header, cell in shown.items()
    )
    if regency:
        shown = {
            header: cell for header, cell in shown.items() if field_of.get(header) != "region_code"
        }
    if not shown or any(_is_number(cell, field_of.get(header)) for header, cell in shown.items()):
        return None
    if _are_column_numbers([cell for cell in cells.values() if cell]):
        return Found(COLUMN_NUMBERS)
    if len(shown) > 1 and all(_repeats(cell, header) for header, cell in shown.items()):
        return Found(REPEATED_HEADER)
    texts = [_folded(cell) for cell in shown.values()]
    if len(texts) == 2 and _ENUMERATOR.fullmatch(texts[0]):
        del texts[0]
    found = _found_in(texts)
    if found is not None:
        return None if regency and not found.sums else Found(found.reason, found.signs)
    if len(texts) == 1 and not regency:
        if _is_regency(texts[0]):
            return Found(TITLE)
        if below_signature and not names_undertaking(texts[0]):
            return Found(BELOW_SIGNATURE, signs=True)
    return None


def _found_in(texts: list[str]) -> Furniture | None:
    """The first kind of furniture among the texts, if there is nothing else among them."""
    found = None
    others = []
    for text in texts:
        kind = _kind_of(text)
        found = found or kind
        if kind is None:
            if not _SUM.fullmatch(text):
                return None
            others.append(text)
    return found if found is not None and (found.sums or not others) else None


def _kind_of(text: str) -> Furniture | None:
    if len(text) > _LONGEST or names_undertaking(text):
        return None
    return next((kind for kind in FURNITURE if kind.reads(text)), None)


def _is_number(text: str, field: str | None) -> bool:
    return field in _NUMBERS and sum(map(str.isdigit, text)) >= _NUMBERS[field]


def _are_column_numbers(texts: list[str]) -> bool:
    if len(texts) < 2 or _COLUMN_NUMBER.fullmatch(texts[0]) is None:
        return False
    numbers = [found and int(found[1]) for found in map(_COLUMN_NUMBER.fullmatch, texts)]
    return all(number == (numbers[0] or 0) + at for at, number in enumerate(numbers))


def _repeats(cell: str, header: str) -> bool:
    text = _folded(cell)
    return bool(text) and text in _folded(header)


def _folded(text: str) -> str:
    return clean_line(text.casefold()) or ""


def _is_regency(text: str) -> bool:
    kind = re.match(r"(kab\.?|kabupaten|kota)\s", text)
    bare = re.sub(r"\s*(tahun)?\s*\d{4}$", "", text)
    return kind is not None and regency_called(bare) is not None
