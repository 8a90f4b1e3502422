"""What the maker of a letter is asked for: how it is typed, read, and kept as JSON. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from compliance.core.keyset import read_digits
from compliance.core.parsing import Unreadable, clean_line, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.letters.kinds import COVERS, LETTER_KINDS

Control = Literal[
    "day", "hour", "line", "text", "lines", "count", "cover", "office", "letter", "people"
]
_LONGEST_LINE, _LONGEST_TEXT, _LONGEST_ADDRESS, _MOST_LINES, _MOST_PEOPLE = 200, 4000, 500, 20, 20
_HOUR = re.compile(r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9]")


@dataclass(frozen=True)
class Option:
    """One thing that is asked: with which control, under which label and hint."""

    control: Control
    label: Text
    hint: Text | None = None


OPTIONS: Mapping[str, Option] = {
    "inspectors": Option("people", say("Pengawas yang ditugasi")),
    "visit_on": Option("day", say("Tanggal kunjungan")),
    "visit_at": Option("hour", say("Jam kunjungan"), say("Misalnya 09.30")),
    "held_on": Option("day", say("Tanggal acara")),
    "held_at": Option("hour", say("Jam acara"), say("Misalnya 09.30")),
    "place": Option("line", say("Tempat")),
    "met_name": Option("line", say("Nama wakil perusahaan")),
    "met_position": Option("line", say("Jabatan wakil perusahaan")),
    "result": Option("text", say("Hasil pemeriksaan")),
    "documents": Option("lines", say("Dokumen yang diminta"), say("Satu dokumen tiap baris.")),
    "refused": Option("line", say("Apa yang ditolak"), say("Misalnya memperlihatkan daftar upah")),
    "refused_by": Option("line", say("Ditolak oleh"), say("Nama dan jabatan, atau ciri orangnya.")),
    "witness": Option("line", say("Nama saksi")),
    "witness_position": Option("line", say("Jabatan saksi")),
    "about_letter": Option("letter", say("Surat yang diterima")),
    "sheets": Option("count", say("Jumlah lembar")),
    "cover": Option("cover", say("Jenis pengantar")),
    "office": Option("office", say("Kantor perizinan")),
    "bpjs_number": Option(
        "line",
        say("Nomor surat BPJS"),
        say("Hanya untuk tindak lanjut permintaan BPJS, dan seperti tercatat."),
    ),
    "bpjs_on": Option("day", say("Tanggal surat BPJS")),
    "proposal": Option("text", say("Usul")),
    "official": Option(
        "line",
        say("Ditujukan kepada pejabat"),
        say("Misalnya Bupati atau Wali Kota, dengan nama daerahnya"),
    ),
    "proof": Option("lines", say("Bukti yang diterima"), say("Satu bukti tiap baris.")),
}
"""The options by name. The same names stand in the API."""
CORRECTIONS = ("company_name", "address", "place", "met")
"""What a new version of a nota may say otherwise, beside the facts of its findings."""


def read_options(
    kind: str, typed: Mapping[str, Any], *, correcting: bool = False
) -> tuple[dict[str, Any], dict[str, Text]]:
    """What was typed or sent, as it is kept, and what is wrong with it, by name.

    What was left out is not kept. A name that this kind does not ask is refused.
    """
    entry, kept, problems = LETTER_KINDS[kind], {}, {}
    for name, value in typed.items():
        if name in entry.asks:
            try:
                read = _READERS[OPTIONS[name].control](value)
            except Unreadable as refusal:
                problems[name] = refusal.reason
                continue
        elif correcting and name in (*CORRECTIONS, "facts"):
            try:
                read = _corrected(name, value)
            except Unreadable as refusal:
                problems[name] = refusal.reason
                continue
        else:
            if value not in (None, "", []):
                problems[name] = say("Surat ini tidak memakai isian itu.")
            continue
        if read not in (None, "", [], {}):
            kept[name] = read
    for name in entry.needs:
        if name not in kept and name not in problems:
            problems[name] = say("Isi {label}.", label=OPTIONS[name].label)
    return kept, problems


def typed_options(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The options as facts: days as days."""
    return {
        name: date.fromisoformat(value)
        if name in OPTIONS and OPTIONS[name].control == "day"
        else value
        for name, value in kept.items()
    }


def _corrected(name: str, value: Any) -> Any:
    """What a new version of a nota says otherwise. Raises Unreadable for what is too long."""
    if name == "facts":
        facts = {str(id): _text(words) for id, words in dict(value).items()}
        return {id: words for id, words in facts.items() if words}
    if name == "address":
        return _short(clean_lines(str(value or "")), _LONGEST_ADDRESS)
    return _line(value)


def _day(value: Any) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Unreadable(say("Isi tanggal, misalnya 18-3-2026")) from None


def _hour(value: Any) -> str | None:
    line = clean_line(str(value or ""))
    if line is not None and not _HOUR.fullmatch(line):
        raise Unreadable(say("Isi jam, misalnya 09.30"))
    return line.replace(":", ".").zfill(5) if line else None


def _line(value: Any) -> str | None:
    return _short(clean_line(str(value or "")), _LONGEST_LINE)


def _text(value: Any) -> str | None:
    return _short(clean_lines(str(value or "")), _LONGEST_TEXT)


def _short(text: str | None, most: int) -> str | None:
    if reason := too_long(text, most):
        raise Unreadable(reason)
    return text


def _lines(value: Any) -> list[str]:
    given = value if isinstance(value, list) else str(value or "").splitlines()
    lines = [line for each in given if (line := _line(each))]
    if len(lines) > _MOST_LINES:
        raise Unreadable(say("Paling banyak {most} baris.", most=_MOST_LINES))
    return lines


def _count(value: Any) -> int | None:
    if value in (None, ""):
        return None
    number = read_digits(str(value).strip())
    if number is None or not 1 <= number <= 1000:
        raise Unreadable(
            say(
                "Isi bilangan antara {least} dan {most}, misalnya {example}",
                least=1,
                most=1000,
                example=2,
            )
        )
    return number


def _cover(value: Any) -> str | None:
    if value not in (None, "", *COVERS):
        raise Unreadable(say("Pilih salah satu."))
    return value or None


def _ids(value: Any) -> list[int]:
    given = value if isinstance(value, list) else [value]
    ids = [read_digits(str(each)) for each in given if each not in (None, "")]
    if None in ids or len(ids) > _MOST_PEOPLE:
        raise Unreadable(say("Pilih dari daftar."))
    return sorted({id for id in ids if id is not None})


def _id(value: Any) -> int | None:
    ids = _ids(value)
    return ids[0] if ids else None


_READERS: Mapping[Control, Callable[[Any], Any]] = {
    "day": _day,
    "hour": _hour,
    "line": _line,
    "text": _text,
    "lines": _lines,
    "count": _count,
    "cover": _cover,
    "office": _line,
    "letter": _id,
    "people": _ids,
}
