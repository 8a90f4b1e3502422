"""Files that unpack, spread out or go on beyond measure: refused with a sentence, and nobody is harmed."""

from __future__ import annotations

import os
import resource
import socket
import time
from pathlib import Path

import pytest
import xlsxwriter

from compliance.core.text import say
from compliance.imports.reading import child, limits, spreadsheet
from compliance.imports.reading.limits import MB, BadSheet
from tests.imports.books import SHEET, rewritten, xlsx
from tests.imports.importer import Desk

HEAVY = "Berkas daftar.xlsx terlalu berat untuk dibaca. Salin tabelnya saja ke berkas xlsx baru"
STRINGS = "xl/sharedStrings.xml"


def memory() -> int:
    """What this process holds in memory, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def one_text_often(*, size: int, times: int) -> bytes:
    """A small workbook that says one long text again and again."""
    rows = "".join(f'<row><c t="s"><v>{min(at, 1)}</v></c></row>' for at in range(times))
    head = b'<?xml version="1.0"?><%s xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = head % b"worksheet" + f"<sheetData>{rows}</sheetData></worksheet>".encode()
    texts = head % b"sst" + f"<si><t>Nama</t></si><si><t>{'x' * size}</t></si></sst>".encode()
    change = {SHEET: lambda _: sheet, STRINGS: lambda _: texts}
    return rewritten(xlsx([["Nama"], ["PT Contoh"]]), change=change)


def test_a_small_file_that_spreads_out_beyond_measure_is_refused_and_nothing_of_it_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "MOST_MEMORY", 64 * MB)
    data = one_text_often(size=32_000, times=20_000)
    assert len(data) < 100_000
    desk.upload("Nama;Kota\nPT Contoh;Ende\n")  # whatever the first upload loads is loaded
    before = memory()
    page = desk.upload(data, "daftar.xlsx")
    assert page.status == 422
    assert HEAVY in page.text
    assert memory() - before < 20 * MB


def test_rows_that_are_longer_altogether_than_a_file_may_be_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "LARGEST_UNZIPPED", MB)
    with pytest.raises(BadSheet) as refused:
        child.read_in_child(one_text_often(size=10_000, times=200), filename="daftar.xlsx")
    assert HEAVY in str(refused.value.reason)


def test_a_file_that_is_not_read_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_SECONDS", 0.2)
    monkeypatch.setattr(spreadsheet, "read", lambda *_args, **_more: time.sleep(60))
    begun = time.perf_counter()
    with pytest.raises(BadSheet) as refused:
        child.read_in_child(b"nama\nPT Contoh\n", filename="daftar.xlsx")
    assert HEAVY in str(refused.value.reason)
    assert time.perf_counter() - begun < 5


def test_a_remark_beyond_reason_is_refused_before_it_is_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LONGEST_TAG", 1000)
    book = xlsx([["Nama"], ["PT Contoh"]])
    remark = b"<!--" + b"x" * (3 * MB) + b"-->"
    data = rewritten(
        book, change={SHEET: lambda xml: xml.replace(b"<sheetData", remark + b"<sheetData")}
    )
    with pytest.raises(BadSheet) as refused:
        spreadsheet.read(data, filename="daftar.xlsx")
    assert "rusak" in str(refused.value.reason)


def test_the_child_knows_nothing_of_what_this_process_has_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A socket or a lock that the child kept would stay when this process has let go of it."""
    ours, other = socket.socketpair()

    def look(*_args: object, **_more: object) -> None:
        raise BadSheet(say(",".join(os.listdir("/proc/self/fd"))))

    monkeypatch.setattr(spreadsheet, "read", look)
    with ours, other, pytest.raises(BadSheet) as refused:
        child.read_in_child(b"nama\nPT Contoh\n", filename="daftar.csv")
    files = {int(number) for number in str(refused.value.reason).split(",")}
    assert not files & {ours.fileno(), other.fileno()}
    assert len(files) <= 6  # input, output, errors, the rows, the answer, this look


def test_what_fails_in_the_child_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "read", lambda *_args, **_more: {}["x"])
    with pytest.raises(RuntimeError, match="KeyError"):
        child.read_in_child(b"nama\nPT Contoh\n", filename="daftar.csv")


def test_a_child_reads_what_this_process_would_read(tmp_path: Path) -> None:
    """Also cells that are left out with their reason, and rows that cannot be read."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Daftar")
        sheet.write_row(0, 0, ["Nama", "Aktif", "Alamat"])
        sheet.write_row(1, 0, ["PT Contoh", True, "Jalan Mawar \u201c1\u201d\nKupang"])
    for file in (
        tmp_path / "a.xlsx",
        b'nama;kota\nPT Contoh;Ende\nPT "Misal;Ende\nPT Uji;Kupang\n',
    ):
        here, there = (each(file, filename="a") for each in (spreadsheet.read, child.read_in_child))
        assert list(there.lines()) == [(row, cells, None) for row, cells, _ in here.lines()]
        assert [list(map(type, cells)) for _, cells, _ in there.lines()] == [
            list(map(type, cells)) for _, cells, _ in here.lines()
        ]
        names = ("headers", "count", "fields", "name", "others", "problems", "content")
        assert [getattr(there, name) for name in names] == [getattr(here, name) for name in names]
