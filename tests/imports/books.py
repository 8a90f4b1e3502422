"""Workbooks as other programs than ours write them: several sheets, merged cells, ods, xls, a password."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[Any]]
SHEET = "xl/worksheets/sheet1.xml"
SECTOR = 512
_CHAIN_ENDS, _TABLE, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def xlsx(*sheets: Rows, merged: Sequence[str] = (), hidden: int | None = None) -> bytes:
    """A workbook with the sheets Lembar1, Lembar2, …; `merged` areas of the first keep its cells' texts."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for at, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"Lembar{at + 1}")
            for area in merged if at == 0 else ():
                sheet.merge_range(area, "")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell != "":
                        sheet.write(number, column, cell)
            if at == hidden:
                sheet.hide()
            elif hidden is not None:
                sheet.activate()
                sheet.set_first_sheet()
    return file.getvalue()


def rewritten(
    data: bytes,
    *,
    change: Mapping[str, Callable[[bytes], bytes]] | None = None,
    name: Callable[[str], str] = str,
) -> bytes:
    """The same workbook, some parts changed and all of them called otherwise, behind Excel's back."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(name(part), (change or {}).get(part, bytes)(old.read(part)))
    return file.getvalue()


def ods(rows: Rows, *, more: str = "", manifest: str = "") -> bytes:
    """A sheet as LibreOffice saves it: after the last row the empty ones are counted. `more` XML follows."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
            "</table:table-cell>"
            if cell != ""
            else "<table:table-cell/>"
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Daftar">{lines}{more}{empty}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{manifest}</m:manifest>",
        )
    return file.getvalue()


def xls(rows: Rows, *, locked: bool = False, far: tuple[int, int] | None = None) -> bytes:
    """A sheet as Excel 97 saved it, texts only. `far` is the place of one more cell."""
    cells = [(at, column, cell) for at, row in enumerate(rows) for column, cell in enumerate(row)]
    cells += [(*far, "x")] if far else []
    beginning = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x0600)
    sheet = _record(0x0809, beginning)
    for row, column, cell in cells:
        text = str(cell).encode("utf-16-le")
        sheet += _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    sheet += _record(0x000A, b"")
    globals_before = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600))
    globals_before += _record(0x002F, bytes(6)) if locked else b""
    name = b"Daftar"
    place = len(globals_before) + 4 + 8 + len(name) + 4
    listed = _record(0x0085, struct.pack("<IHBB", place, 0, len(name), 0) + name)
    return compound({"Workbook": globals_before + listed + _record(0x000A, b"") + sheet})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in sectors of its own."""
    table: list[int] = [_TABLE]
    sectors = b""
    entries = [_entry("Root Entry", kind=5, first=_CHAIN_ENDS, size=0, child=1)]
    for at, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        first, count = len(table), len(padded) // SECTOR
        table += [*range(first + 1, first + count), _CHAIN_ENDS]
        sectors += padded
        after = at + 1 if at < len(streams) else _FREE
        entries.append(_entry(name, kind=2, first=first, size=len(padded), after=after))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    first = len(table)
    table += [*range(first + 1, first + len(directory) // SECTOR), _CHAIN_ENDS]
    assert len(table) <= SECTOR // 4
    table += [_FREE] * (SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, first, 0, 4096, _CHAIN_ENDS, 0, _CHAIN_ENDS, 0, 0)
    header += struct.pack("<108I", *[_FREE] * 108)
    return header + struct.pack("<128I", *table) + sectors + directory


def _entry(
    name: str, *, kind: int, first: int, size: int, after: int = _FREE, child: int = _FREE
) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII36x", len(written), kind, 1, _FREE, after, child)
    return written.ljust(64, b"\0") + links + struct.pack("<IQ", first, size)
