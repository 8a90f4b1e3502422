"""What the columns of a list are called, and which of our fields each holds. Pure.

A header may stand in several rows: a group ("JUMLAH TENAGA KERJA") above its parts ("L", "P", "JUMLAH"). When
several columns may hold one field, that column is taken whose cells look like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from compliance.companies.names import has_legal_form
from compliance.core.text import Text, say
from compliance.imports.kinds import COMPANY_LIST
from compliance.imports.reading.limits import MOST_COLUMNS
from compliance.reference.typed_regencies import regency_called

LONGEST_HEADER = 200
MOST_HEADER_ROWS = 3
_LONGEST_PART = 60
_DIGITS_OF_DATA = 5
_WHOLE = {"jumlah", "jml", "total", "jumlah total", "l p", "jumlah l p", "total l p", "jlh"}
_NUMBER = {"no", "nomor", "nomer", "number", "kode", "code"}
_PART = re.compile(r"\b(l|p|lk|pr|laki|laki laki|pria|perempuan|wanita|wni|wna|tka|male|female)\b")
_PERSON = re.compile(
    r"\b(pemilik|pimpinan|direktur|direksi|komisaris|pengurus|penanggung jawab|kontak|pic|owner|director)\b"
)
_OF_PERSONS = {"name", "region_code", "address", "npwp"}
"""The fields of which a list may give those of the owner, too."""
_UNNAMED = re.compile(r"kolom ([A-Z]{1,3})")
_LOOSE_NAMES = {"nama", "name", "perusahaan", "badan usaha", "pemberi kerja", "company", "employer"}
_UNDERTAKING = re.compile(
    r"(ud|cv|pt|pd|toko|kios|warung|koperasi|ksp|ksu|yayasan|firma|perum|perumda|bumdes|hotel|penginapan|"
    r"restoran|rumah (makan|sakit)|klinik|apotek|bengkel|salon|spbu|percetakan|sekolah)\b",
    re.IGNORECASE,
)
_BARE_FORM = re.compile(
    r"[\W\d_]*([^\W\d_]{1,3}\W*|perseroan terbatas|koperasi|yayasan)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Header:
    """The header of one column: as it is shown, and the rows that it stands in, from the top."""

    title: str
    parts: tuple[str, ...] = ()


def guess_columns(
    headers: Iterable[str], known: Mapping[str, str] = COMPANY_LIST.field_of
) -> dict[str, str]:
    """Header → our field, for headers known in Indonesian or English. Unknown ones are left out.

    Each field once, from the first header that names it. "No. NIB", "NIB*" and "nib (13 digit)" are all nib.
    """
    guessed: dict[str, str] = {}
    for header in islice(headers, MOST_COLUMNS):
        field = _field_called(header, known)
        if field and field not in guessed.values():
            guessed[header] = field
    return guessed


def guess_by_content(
    headers: Sequence[Header],
    samples: Sequence[Sequence[str]],
    known: Mapping[str, str] = COMPANY_LIST.field_of,
) -> dict[str, str]:
    """Header → our field, each field once; of headers that name one field, that one whose cells fit best.

    `samples` are the cells under each header.
    """
    columns: dict[str, list[tuple[float, str]]] = {}
    for header, values in zip(headers, samples, strict=True):
        field = _field_of(header, known) if header.title else None
        if field:
            columns.setdefault(field, []).append((_fit(field, header, values), header.title))
    best = {
        max(competing, key=lambda column: column[0])[1]: field
        for field, competing in columns.items()
    }
    return {header.title: best[header.title] for header in headers if header.title in best}


def _field_of(header: Header, known: Mapping[str, str]) -> str | None:
    """The field that a header names: as a whole, by its group when it is the total, or by its last part."""
    if field := _field_called(header.title, known):
        return field
    if len(header.parts) < 2:
        return None
    *groups, last = header.parts
    if _bare(last) in _WHOLE | _NUMBER:
        return _field_called(" ".join(groups), known)
    field = _field_called(last, known)
    return None if field in _OF_PERSONS and _PERSON.search(_words(header.title)) else field


def _field_called(header: str, known: Mapping[str, str]) -> str | None:
    header = header[:LONGEST_HEADER]
    bare = _bare(header)
    field = known.get(bare) or known.get(re.sub(r"^(no|nomor|nomer|kode) ", "", bare))
    if field is None:
        return None
    in_brackets = _words(" ".join(re.findall(r"\(([^)]*)\)", header)))
    if field == "workers_total" and in_brackets not in _WHOLE and _PART.search(in_brackets):
        return None
    return None if field in _OF_PERSONS and _PERSON.search(in_brackets) else field


def _bare(header: str) -> str:
    """Small letters and digits in single spaces, without remarks in brackets."""
    return _words(re.sub(r"\([^)]*\)", " ", header))


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _fit(field: str, header: Header, values: Sequence[str]) -> float:
    """How well the cells under a header look like a field. Headers that say it exactly come first."""
    looks = _LOOKS.get(field)
    filled = [value for value in values if value]
    fit = sum(map(looks, filled)) / len(filled) if looks and filled else bool(filled) * 1.0
    if field == "name":
        if len(filled) > 2:
            fit *= min(1.0, 2 * len(set(filled)) / len(filled))  # a class repeats itself
        fit += 0.3 * (_bare(header.title) not in _LOOSE_NAMES)
    return round(fit, 1)


def _like_company(value: str) -> float:
    if _BARE_FORM.fullmatch(value):
        return 0
    return 1 if names_undertaking(value) else 0.5


def names_undertaking(text: str) -> bool:
    """Whether a text bears a legal form, or begins as the name of a shop or the like does."""
    return has_legal_form(text) or _UNDERTAKING.match(text) is not None


def _digits(least: int, most: int) -> Callable[[str], float]:
    return lambda value: float(least <= sum(map(str.isdigit, value)) <= most)


_LOOKS: dict[str, Callable[[str], float]] = {
    "name":          _like_company,
    "region_code":   lambda value: float(regency_called(value) is not None),
    "nib":           _digits(12, 13),
    "npwp":          _digits(14, 50),
    "npp":           _digits(3, 30),
    "kbli":          _digits(4, 6),
    "workers_total": _digits(1, 6),
    "phone":         _digits(5, 40),
    "email":         lambda value: float("@" in value),
}  # fmt: skip
"""How far a cell looks like a field, from 0 to 1. For the others any cell will do."""


def header_depth(rows: Sequence[Sequence[str]], known: Mapping[str, str]) -> int:
    """How many rows the header takes that begins with the first of these."""
    top = list(rows[0])
    for depth, below in enumerate(rows[1:MOST_HEADER_ROWS], 1):
        width = max(len(top), len(below))
        high, low = _padded(top, width), _padded(below, width)
        if not _stands_below(_once(high), low, known):
            return depth
        top = [lower or upper for upper, lower in zip(high, low, strict=True)]
    return min(len(rows), MOST_HEADER_ROWS)


def _stands_below(top: Sequence[str], below: Sequence[str], known: Mapping[str, str]) -> bool:
    """Whether a row names the parts of groups in the header above it, and nothing else.

    A group is a cell with empty cells to its right. Under any other header stands nothing, or the same cell
    again where it is merged: so the first row of a list is no part of its header.
    """
    if sum(map(bool, top)) < 2:  # a title
        return False
    of_group = found = False
    for at, (high, low) in enumerate(zip(top, below, strict=True)):
        if high:
            end = next((place for place in range(at + 1, len(top)) if top[place]), len(top))
            of_group = bool(low) and any(below[at + 1 : end])
        if not low or low == high:
            continue
        names_company = _field_called(high, known) == "name" and not _field_called(low, known)
        if not of_group or names_company or not _may_be_header(low):
            return False
        found = True
    return found


def _once(row: Sequence[str]) -> list[str]:
    """A row without the cells that say again what stands to their left: an unmerged group."""
    return ["" if at and cell == row[at - 1] else cell for at, cell in enumerate(row)]


def _may_be_header(cell: str) -> bool:
    return len(cell) <= _LONGEST_PART and sum(map(str.isdigit, cell)) < _DIGITS_OF_DATA


def joined_headers(rows: Sequence[Sequence[str]]) -> list[Header]:
    """One header for each column: what stands over it in these rows, groups before their parts."""
    width = max(map(len, rows))
    padded = [_padded(row, width) for row in rows]
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(padded):
        group = ""
        for at, cell in enumerate(row):
            has_parts = any(below[at] for below in padded[depth + 1 :])
            if cell:
                group = cell if has_parts else ""
            part = cell or (group if has_parts else "")
            if part and part not in parts[at][-1:]:
                parts[at].append(part)
    return [Header(" ".join(part), tuple(part)) for part in parts]


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def fields_named(headers: Iterable[Header], known: Mapping[str, str]) -> set[str]:
    """The fields that these headers name."""
    return {field for header in headers if (field := _field_of(header, known))}


def named_apart(headers: Iterable[Header], used: set[int], *, left: int = 0) -> list[Header]:
    """No two alike: the second "alamat" is "alamat (2)". A column without a name gets one if it is in use.

    `used` are the columns in use by their place, from 0. `left` is how many columns stand before the first.
    """
    apart: list[Header] = []
    seen: set[str] = set()
    for at, header in enumerate(headers):
        title = header.title[:LONGEST_HEADER]
        if not title and at in used:
            title = f"kolom {column_letters(left + at + 1)}"
        name, again = title, 2
        while name and name in seen:
            name, again = f"{title} ({again})", again + 1
        seen.add(name)
        apart.append(Header(name, header.parts))
    return apart


def unnamed_column(header: str) -> Text | None:
    """What a page calls a column that has no name in the file; None when it has one."""
    unnamed = _UNNAMED.fullmatch(header)
    return say("kolom {letter}", letter=unnamed[1]) if unnamed else None


def column_letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
