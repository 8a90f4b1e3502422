"""The list of an office's old notas, as it can be imported: its columns, what a row may say, what follows it.

A row is refused when its nota cannot be told for certain: no number, no day, no finding that is known, a
result that cannot be read. Workers, receipt and recheck may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from compliance.cases.old_notas.commands import ListedNota, let_notas_go, take_over_notas
from compliance.cases.old_notas.queries import due_of_old, inspectors_by_name, known_notas
from compliance.cases.old_notas.rules import (
    NOT_CHECKED,
    OldNotaFacts,
    findings_in,
    outlook,
    result_in,
)
from compliance.cases.rules import EARLIEST, LONGEST_TEXTS, MOST_WORKERS
from compliance.companies.names import key_of
from compliance.core.calendar import load_calendar
from compliance.core.parsing import Unreadable, clean_line, parse_count, too_long
from compliance.core.text import Text, say
from compliance.imports.kinds import (
    LONGEST_QUOTED,
    FollowedRow,
    Foreseen,
    ListAsked,
    ListColumn,
    ListKind,
)
from compliance.imports.reading.rows import Row
from compliance.office.settings import today
from compliance.policy import SYSTEM
from compliance.web.forms import read_day

_EXCEL_BEGINS = date(1899, 12, 30)
_SHORT_YEAR = re.compile(r"(.*[\s./-])([0-9]{2})")
_TIME = re.compile(r"[\sT]+[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?$")
_NOTHING = re.compile(r"[-–—.\s]*")


def day_in(cell: str) -> date | None:
    """The day that a cell holds, as offices and spreadsheets write days; None when it is none."""
    text = _TIME.sub("", cell.strip().rstrip("."))
    if re.fullmatch(r"[3-5][0-9]{4}", text):
        return _EXCEL_BEGINS + timedelta(days=int(text))
    short = _SHORT_YEAR.fullmatch(text)
    return read_day(text) or (read_day(f"{short[1]}20{short[2]}") if short else None)


class _Cells:
    """The extra cells of a row, read one by one; `problems` says what cannot be read, by field."""

    def __init__(self, extras: Mapping[str, str]) -> None:
        self.extras = extras
        self.problems: dict[str, Text] = {}

    def line(self, name: str, *, most: int = 200) -> str | None:
        text = clean_line(self.extras.get(name, ""))
        if text is None or _NOTHING.fullmatch(text):
            return None
        if reason := too_long(text, most):
            self.problems[name] = reason
        return text

    def day(self, name: str, *, ahead: bool = False) -> date | None:
        text = self.line(name)
        if text is None:
            return None
        day = day_in(text)
        if day is None:
            self.problems[name] = say(
                "{typed} bukan tanggal. Tulis misalnya 18-3-2021", typed=text[:LONGEST_QUOTED]
            )
        elif day < EARLIEST:
            self.problems[name] = say("Periksa tahunnya: {day} terlalu lama.", day=day)
        elif day > today() and not ahead:
            self.problems[name] = say("{day} belum tiba", day=day)
        else:
            return day
        return None

    def count(self, name: str) -> int | None:
        text = self.line(name)
        if text is None:
            return None
        try:
            count = parse_count(re.sub(r"\s*(orang|org|pekerja)\.?$", "", text, flags=re.I))
        except Unreadable as error:
            self.problems[name] = error.reason
            return None
        if count is not None and count > MOST_WORKERS:
            self.problems[name] = say("Isi jumlah pekerja, misalnya 25")
        return count


def read_old_nota(extras: Mapping[str, str]) -> tuple[OldNotaFacts | None, dict[str, Text]]:
    """What a row says of its nota, and why it will not do, by field."""
    cells = _Cells(extras)
    number = cells.line("nota_number", most=LONGEST_TEXTS["nota_number"])
    issued_on, inspected_on = cells.day("issued_on"), cells.day("inspected_on")
    received_on = cells.day("received_on")
    words = cells.line("findings", most=500) or ""
    total, registered = cells.count("workers_at_nota"), cells.count("workers_registered")
    if total == 0:
        total = None
    outcome, rechecked_on = _result(cells)
    problems = cells.problems
    if number is None:
        problems.setdefault("nota_number", say("Nomor nota tidak diisi"))
    if issued_on is None:
        problems.setdefault("issued_on", say("Tanggal nota tidak diisi"))
    codes = findings_in(words)
    if not codes:
        problems.setdefault("findings", _unknown_findings(words))
    if total is not None and registered is not None and registered > total:
        problems["workers_registered"] = say(
            "Yang terdaftar tidak dapat lebih banyak daripada seluruh pekerja."
        )
    if issued_on is not None:
        problems |= _out_of_order(issued_on, inspected_on, received_on, rechecked_on, outcome)
    if problems or number is None or issued_on is None:
        return None, problems
    facts = OldNotaFacts(
        number,
        issued_on,
        codes,
        words,
        inspected_on=inspected_on,
        workers_total=total,
        workers_registered=registered if total is not None else None,
        received_on=received_on,
        received_by=cells.line("received_by"),
        outcome=outcome,
        rechecked_on=rechecked_on,
        inspector=cells.line("inspector"),
    )
    return facts, {}


def _result(cells: _Cells) -> tuple[str | None, date | None]:
    """What the recheck found and when; None and None while nobody looked again."""
    typed = cells.extras.get("result", "")
    outcome = result_in(typed, has_day=cells.line("rechecked_on") is not None)
    if outcome is None:
        cells.problems["result"] = say(
            "Hasil {typed} tidak dikenal. Tulis patuh, sebagian, belum patuh, tidak ditemui, atau belum"
            " dicek",
            typed=typed.strip()[:LONGEST_QUOTED],
        )
        return None, None
    day = cells.day("rechecked_on", ahead=outcome == NOT_CHECKED)
    if outcome == NOT_CHECKED:
        if day is not None and day <= today() and not typed.strip():
            cells.problems["result"] = say("Isi hasil cek ulang tanggal {day}", day=day)
        return None, None
    if day is None:
        cells.problems.setdefault("rechecked_on", say("Isi tanggal cek ulang: hasilnya tertulis"))
    return outcome, day


def _out_of_order(
    issued_on: date,
    inspected_on: date | None,
    received_on: date | None,
    rechecked_on: date | None,
    outcome: str | None,
) -> dict[str, Text]:
    """Days that cannot have come in this order."""
    problems = {}
    if inspected_on is not None and inspected_on > issued_on:
        problems["inspected_on"] = say("Nota tidak dapat terbit sebelum pemeriksaan.")
    if received_on is not None and received_on < issued_on:
        problems["received_on"] = say(
            "Nota tidak dapat diterima sebelum terbit, {day}", day=issued_on
        )
    if outcome is not None and rechecked_on is not None and rechecked_on < issued_on:
        problems["rechecked_on"] = say(
            "Cek ulang tidak dapat dilakukan sebelum nota terbit, {day}", day=issued_on
        )
    return problems


def _unknown_findings(words: str) -> Text:
    if not words:
        return say("Temuan tidak diisi")
    return say(
        "Temuan {typed} tidak dikenal. Tulis kodenya, misalnya JS-02; beberapa kode dipisah titik koma",
        typed=words[:LONGEST_QUOTED],
    )


def _check(extras: Mapping[str, str]) -> Mapping[str, Text]:
    return read_old_nota(extras)[1]


def _foresee(asked: ListAsked) -> Callable[[Sequence[Row]], Mapping[int, Foreseen]]:
    """What the store and the rows before say of rows: numbers that are taken, inspectors nobody knows."""
    seen: dict[str, int] = {}

    def look(rows: Sequence[Row]) -> Mapping[int, Foreseen]:
        read = {row.number: read_old_nota(row.extras)[0] for row in rows if row.facts is not None}
        facts_of = {number: facts for number, facts in read.items() if facts is not None}
        known = known_notas({facts.number for facts in facts_of.values()})
        people, calendar = inspectors_by_name(), load_calendar()
        foreseen: dict[int, Foreseen] = {}
        for row in rows:
            facts = facts_of.get(row.number)
            if facts is None:
                continue
            nota = known.get(facts.number)
            first = seen.setdefault(facts.number.casefold(), row.number)
            if facts.inspector and facts.inspector.casefold() not in people:
                foreseen[row.number] = Foreseen(
                    refusals={"inspector": _unknown_inspector(facts.inspector)}
                )
            elif nota is not None and (
                nota.issued_on != facts.issued_on or key_of(nota.company).same != row.key.same
            ):
                text = say(
                    "Nomor nota {number} sudah dipakai untuk {company}, terbit {day}.",
                    number=nota.number,
                    company=nota.company,
                    day=nota.issued_on,
                )
                foreseen[row.number] = Foreseen(refusals={"nota_number": text})
            elif nota is not None:
                text = say("Nota ini sudah tercatat; tidak dicatat lagi")
                foreseen[row.number] = Foreseen(remarks={"nota_number": text})
            elif first != row.number:
                text = say("Nomor ini sudah ada di baris {row}", row=first)
                foreseen[row.number] = Foreseen(refusals={"nota_number": text})
            else:
                ahead = outlook(
                    facts,
                    due_of_old(facts.issued_on, facts.received_on),
                    counts_from=asked.counts_from or today() + timedelta(days=1),
                    today=today(),
                    calendar=calendar,
                )
                foreseen[row.number] = Foreseen(remarks={"": ahead.said(facts)})
        return foreseen

    return look


def _unknown_inspector(typed: str) -> Text:
    return say(
        "Pengawas {typed} tidak dikenal atau tidak aktif. Tulis namanya seperti di Patuh, atau kosongkan",
        typed=typed[:LONGEST_QUOTED],
    )


def _follow(batch: Any, rows: Sequence[FollowedRow]) -> None:
    people, listed = inspectors_by_name(), []
    for row in rows:
        facts, _problems = read_old_nota(row.extras)
        if facts is None:
            continue
        holder = people.get((facts.inspector or "").casefold(), batch.holder_id)
        listed.append(ListedNota(row.number, row.company_id, holder, facts))
    take_over_notas(
        listed,
        by=batch.started_by or batch.by or SYSTEM,
        batch=batch.id,
        counts_from=batch.counts_from,
    )


def _unfollow(batch: Any, rows: Sequence[FollowedRow]) -> Mapping[int, Text]:
    moved = let_notas_go(batch.id, {row.number for row in rows}, by=batch.undo_by or SYSTEM)
    reason = say("Kasus dari nota ini sudah berlanjut, jadi tidak dihapus")
    return dict.fromkeys(moved, reason)


OLD_NOTAS = ListKind(
    "old_notas",
    say("Nota lama: nota yang terbit sebelum kantor memakai Patuh"),
    extras=(
        ListColumn("nota_number", say("Nomor nota"),
            "nomor nota, no nota, nomor nota pemeriksaan, no nota pemeriksaan, nomor nota i, nomor surat, "
            "nota number, nota no"),
        ListColumn("issued_on", say("Tanggal nota"),
            "tanggal nota, tgl nota, tanggal nota pemeriksaan, tanggal terbit, tgl terbit, tanggal nota i, "
            "tanggal surat, tanggal, tgl, nota date, issued on"),
        ListColumn("inspected_on", say("Tanggal pemeriksaan"),
            "tanggal pemeriksaan, tgl pemeriksaan, tanggal periksa, tgl periksa, inspected on, "
            "inspection date"),
        ListColumn("findings", say("Temuan"),
            "temuan, jenis temuan, pelanggaran, jenis pelanggaran, kode temuan, kode pelanggaran, "
            "ketidakpatuhan, kategori, norma yang dilanggar, uraian temuan, findings, violations"),
        ListColumn("workers_at_nota", say("Jumlah pekerja saat nota"),
            "jumlah pekerja saat nota, workers total, workers, total workers, number of workers, "
            "jumlah pekerja, "
            "jumlah tenaga kerja, jumlah karyawan, jml pekerja, jml tenaga kerja, jml tk, jumlah tk, tk, "
            "total pekerja, total tenaga kerja, tenaga kerja, pekerja, workers at the nota"),
        ListColumn("workers_registered", say("Pekerja terdaftar saat nota"),
            "pekerja terdaftar saat nota, pekerja terdaftar, tk terdaftar, jumlah tk terdaftar, tenaga kerja "
            "terdaftar, jumlah peserta, peserta, tk aktif, registered workers, workers registered"),
        ListColumn("received_on", say("Tanggal diterima"),
            "tanggal diterima, tgl diterima, tanggal terima, tgl terima, tanda terima, tanggal tanda terima, "
            "diterima, received on, receipt date"),
        ListColumn("received_by", say("Diterima oleh"),
            "diterima oleh, penerima, nama penerima, yang menerima, received by, receiver"),
        ListColumn("rechecked_on", say("Tanggal cek ulang"),
            "tanggal cek ulang, tgl cek ulang, tanggal pengecekan kembali, tanggal pengecekan, "
            "tanggal recheck, tanggal tindak lanjut, tgl tindak lanjut, tanggal pemeriksaan ulang, "
            "rechecked on, recheck date"),
        ListColumn("result", say("Hasil cek ulang"),
            "hasil cek ulang, hasil, hasil pengecekan, hasil pengecekan kembali, tindak lanjut, status, "
            "keterangan hasil, status tindak lanjut, status kepatuhan, result, outcome"),
        ListColumn("inspector", say("Pengawas"),
            "pengawas, nama pengawas, pengawas ketenagakerjaan, petugas pengawas, inspector"),
    ),
    required=("name", "nota_number", "issued_on", "findings"),
    historic=True,
    leads_to=("/cases", say("Buka daftar kasus")),
    check=_check,
    foresee=_foresee,
    follow=_follow,
    unfollow=_unfollow,
)  # fmt: skip
