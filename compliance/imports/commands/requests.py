"""The verbs of an import: open, map, rehearse, decide, start, stop, undo. They only say what is to be done.

The scheduler does it (imports/jobs). Refuses a mapping that names no company, a decision that was not
offered, a step that the chart does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say
from compliance.imports.exports import tally
from compliance.imports.kinds import ListAsked, kinds
from compliance.imports.models import Import, ImportFile, ImportMapping, ImportRow
from compliance.imports.queries import form_value
from compliance.imports.reading.furniture import furniture_in
from compliance.imports.reading.headers import unnamed_column
from compliance.imports.reading.spreadsheet import ROWS_SAMPLED, Sheet
from compliance.imports.workflow import IMPORTS, MAPPING, REHEARSED, REHEARSING
from compliance.office.settings import office_settings, served_province, today
from compliance.people.queries import inspectors
from compliance.policy import Actor, System, command

SAMPLES = 3
LONGEST_SAMPLE = 60
LONGEST_FILENAME = 200
LONGEST_MAPPING_NAME = 80
LONGEST_SOURCE = 200


@command("company.import", about=None)
def open_import(
    sheet: Sheet,
    *,
    by: Actor | System,
    filename: str,
    content: bytes,
    kind: str = "companies",
    region_code: str | None = None,
    mapping: Mapping[str, str] | None = None,
    columns: list[Any] | None = None,
    takes_workers: bool = False,
    asked: ListAsked | None = None,
) -> Import:
    """A new batch with its file, deflated as `content`. With a `mapping` it begins at once."""
    if asked is not None and kinds()[kind].historic and (problems := not_said(asked)):
        raise Invalid(problems)
    if region_code is not None and region_code not in served_province().region_names:
        raise Invalid({"region_code": say("Pilih kabupaten atau kota")})
    now, at_once = clock.now(), mapping is not None
    batch = Import(
        kind=kind,
        filename=filename[-LONGEST_FILENAME:],
        sheet=sheet.name,
        other_sheets=list(sheet.others) or None,
        status=MAPPING,
        asks=not at_once,
        region_code=region_code,
        columns=columns or _columns(sheet),
        mapping=dict(mapping or {}),
        by_id=by.actor_id,
        created_at=now,
        started_at=now if at_once else None,
        phase_at=now if at_once else None,
        total_rows=sheet.count,
        takes_workers=takes_workers,
        holder_id=asked.holder_id if asked else None,
        counts_from=asked.counts_from if asked else None,
    )
    if at_once:
        IMPORTS.move(batch, "at_once")
    else:
        batch.mapping = _guessed(batch, sheet)
    db.session.add(batch)
    db.session.flush()
    db.session.add(ImportFile(import_id=batch.id, content=content))
    db.session.flush()
    return batch


@command("company.import", about=None)
def choose_sheet(batch: Import, sheet: Sheet, *, by: Actor, columns: list[Any]) -> None:
    """Read another sheet of the same file: its columns are guessed anew, and what was tried is forgotten."""
    IMPORTS.move(batch, "choose_sheet")
    batch.sheet, batch.other_sheets = sheet.name, list(sheet.others) or None
    batch.columns, batch.total_rows = columns, sheet.count
    batch.done_rows, batch.counts = 0, {}
    batch.mapping = _guessed(batch, sheet)
    db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == batch.id))


def sampled(sheet: Sheet) -> list[Any]:
    """The headers of a sheet, each with the first few values under it, of rows that are companies."""
    samples: dict[str, list[str]] = {header: [] for header in sheet.headers if header}
    for _number, cells in islice(sheet.rows, ROWS_SAMPLED):
        if furniture_in(cells, sheet.fields) is not None:
            continue
        for header, cell in cells.items():
            if cell and len(samples[header]) < SAMPLES:
                samples[header].append((clean_line(cell) or "")[:LONGEST_SAMPLE])
    return [[header, values] for header, values in samples.items()]


def _columns(sheet: Sheet) -> list[Any]:
    return [[header, []] for header in sheet.headers if header]


def _guessed(batch: Import, sheet: Sheet) -> dict[str, str]:
    """The named mapping that fits these headers exactly, else what the sheet says.

    A column without a name in the file may be used by a mapping, and need not be known to it.
    """
    headers = set(batch.headers)
    named = {header for header in headers if unnamed_column(header) is None}
    for kept in db.session.scalars(
        sa.select(ImportMapping)
        .where(ImportMapping.kind == batch.kind)
        .order_by(ImportMapping.id.desc())
    ):
        if kept.fields and named <= set(kept.fields) <= headers:
            return {header: field for header, field in kept.fields.items() if field}
    return dict(sheet.fields)


@command("company.import", about=None)
def map_columns(
    batch: Import,
    fields: Mapping[str, str],
    *,
    by: Actor,
    region_code: str | None,
    name: str = "",
    source: str = "",
    listed_on: date | None = None,
    asked: ListAsked | None = None,
) -> None:
    """Say what each column holds (header → field, "" for nothing), maybe under a name for the next file of
    this make.

    `source` and `listed_on` say whose list it is and of which day, for a kind that is dated; `asked`
    what a historic one needs. Raises Invalid: fields by header, "region_code", "name", "source", "listed_on",
    "holder", "counts_from".
    """
    if (reason := IMPORTS.refusal(batch, "rehearse")) is not None:
        raise Refusal(reason)
    headers, problems = _headers_of(batch, fields)
    name, source = clean_line(name) or "", clean_line(source) or ""
    kept = db.session.scalars(
        sa.select(ImportMapping).where(ImportMapping.name == name)
    ).one_or_none()
    problems |= _missing_columns(batch, headers)
    problems |= _region_problems(headers, region_code)
    problems |= _undated(source, listed_on) if batch.what.dated else {}
    problems |= not_said(asked or ListAsked()) if batch.what.historic else {}
    problems |= _name_problems(name, kept, by=by)
    if problems:
        raise Invalid(problems)
    batch.mapping, batch.region_code = (
        {header: field for field, header in headers.items()},
        region_code,
    )
    if batch.what.dated:
        batch.source, batch.listed_on = source, listed_on
    if batch.what.historic and asked is not None:
        batch.holder_id, batch.counts_from = asked.holder_id, asked.counts_from
    if name:
        _keep_mapping(batch, name, kept, by=by)


def _headers_of(batch: Import, fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """The header that was chosen for each field, and by header why a choice will not do."""
    known = {column.name for column in batch.what.fields}
    headers: dict[str, str] = {}
    problems: dict[str, Text] = {}
    for header in batch.headers:
        field = fields.get(header, "")
        if not field:
            continue
        if field not in known:
            problems[header] = say("Pilih isi kolom ini dari daftar")
        elif field in headers:
            problems[header] = say(
                "Isi ini sudah dipilih untuk kolom {other}", other=headers[field]
            )
        headers.setdefault(field, header)
    return headers, problems


def _missing_columns(batch: Import, headers: Mapping[str, str]) -> dict[str, Text]:
    missing = [batch.what.title_of(field) for field in batch.what.required if field not in headers]
    return {"": say("Pilih kolom yang berisi {field}", field=missing[0])} if missing else {}


def _region_problems(headers: Mapping[str, str], region_code: str | None) -> dict[str, Text]:
    if region_code is not None and region_code not in served_province().region_names:
        return {"region_code": say("Pilih kabupaten atau kota")}
    if "region_code" not in headers and region_code is None:
        text = say("Pilih kolom kabupaten/kota, atau satu kabupaten/kota untuk semua baris")
        return {"region_code": text}
    return {}


def _name_problems(name: str, kept: ImportMapping | None, *, by: Actor) -> dict[str, Text]:
    if reason := too_long(name, LONGEST_MAPPING_NAME):
        return {"name": reason}
    if name and kept is not None and kept.by_id != by.actor_id:
        return {"name": say("Nama ini sudah dipakai orang lain. Pilih nama lain")}
    return {}


def _keep_mapping(batch: Import, name: str, kept: ImportMapping | None, *, by: Actor) -> None:
    """Keep the mapping under a name, in place of an earlier one of that name."""
    if kept is None:
        kept = ImportMapping(name=name, by_id=by.actor_id)
        db.session.add(kept)
    kept.kind = batch.kind
    kept.fields = {header: batch.mapping.get(header, "") for header in batch.headers}


def _undated(source: str, listed_on: date | None) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if not source:
        problems["source"] = say(
            "Tulis dari siapa daftar ini, misalnya BPJS Ketenagakerjaan Cabang {place}",
            place=served_province().short_name,
        )
    elif reason := too_long(source, LONGEST_SOURCE):
        problems["source"] = reason
    if listed_on is None:
        problems["listed_on"] = say("Tulis tanggal daftar ini, misalnya 1-11-2026")
    elif listed_on > today():
        problems["listed_on"] = say("Tanggal daftar tidak mungkin sesudah hari ini")
    return problems


def not_said(asked: ListAsked) -> dict[str, Text]:
    """What a person has still to say of a historic list."""
    problems: dict[str, Text] = {}
    if asked.holder_id not in {person.id for person in inspectors()}:
        problems["holder"] = say("Pilih pengawas yang memegang kasus tanpa nama pengawas")
    if asked.counts_from is None:
        problems["counts_from"] = say(
            "Isi tanggal mulai menghitung, misalnya {day}", day=usual_start()
        )
    elif asked.counts_from <= today():
        problems["counts_from"] = say("Isi tanggal sesudah hari ini")
    elif asked.counts_from > today() + relativedelta(years=2):
        problems["counts_from"] = say("Isi tanggal dalam dua tahun ke depan.")
    return problems


def usual_start() -> date:
    """From when the clock counts an old list unless somebody says otherwise: as if it were issued today."""
    return today() + relativedelta(months=office_settings().recheck_months)


@command("company.import", about=None)
def rehearse_import(batch: Import, *, by: Actor) -> None:
    """Try what would become of every row; nothing is written to the registry."""
    _begin(batch, "rehearse")
    batch.done_rows, batch.counts = 0, {}
    batch.phase_from = 0


@command("company.import", about=None)
def start_import(batch: Import, *, by: Actor, takes_workers: bool = False) -> None:
    """Write what was rehearsed, or go on with what was stopped, failed, or decided since.

    `takes_workers` is asked once, before the first row is written: the list's number of workers replaces
    another one.
    """
    first = batch.status == REHEARSED
    if first:
        batch.done_rows = 0
    _begin(batch, "start" if first else "go_on", file=_has_file(batch))
    if first:
        batch.started_at, batch.counts = clock.now(), {}
        batch.takes_workers = takes_workers
    batch.phase_from = batch.done_rows
    batch.started_by_id = by.actor_id


@command("company.import", about=None)
def stop_import(batch: Import, *, by: Actor) -> None:
    """Stop after the chunk that is being written. A rehearsal goes back to the columns."""
    IMPORTS.move(batch, "back" if batch.status == REHEARSING else "stop")
    batch.claimed_by = batch.claimed_until = None
    tally(batch)


@command("company.import", about=None)
def undo_import(batch: Import, *, by: Actor) -> None:
    """Take back what the import added, as far as nothing else stands on it by now."""
    _begin(batch, "undo", now=clock.now())
    batch.undo_by_id, batch.undone = by.actor_id, {}


@command("company.import", about=None)
def decide_rows(batch: Import, decisions: Mapping[int, str], *, by: Actor) -> int:
    """What rows mean: "company:ID", "row:NUMBER", "new", "out" by row number. Answers how many were decided
    anew.

    Raises Invalid for what was not offered. It is written when the import is started, or started again.
    """
    lines = db.session.scalars(
        sa.select(ImportRow)
        .where(
            ImportRow.import_id == batch.id,
            ImportRow.outcome == "to_decide",
            ImportRow.number.in_(decisions),
        )
        .with_for_update()
    ).all()
    changed = 0
    for line in lines:
        decision, _, chosen = decisions[line.number].partition(":")
        if decisions[line.number] not in offered(line):
            raise Invalid(
                {f"row-{line.number}": say("Pilih salah satu untuk baris {row}", row=line.number)}
            )
        before = (line.decision, line.chosen)
        line.decision, line.chosen = decision, int(chosen) if chosen else None
        line.decided_by_id = by.actor_id
        changed += before != (line.decision, line.chosen)
    db.session.flush()
    return changed


def offered(line: ImportRow) -> list[str]:
    """What may be decided about a row."""
    return [*map(form_value, line.candidates or ()), "new", "out"]


def _begin(batch: Import, step: str, **facts: Any) -> None:
    IMPORTS.move(batch, step, facts)
    batch.phase_at, batch.attempts, batch.error = clock.now(), 0, None
    batch.claimed_by = batch.claimed_until = None


def _has_file(batch: Import) -> bool:
    return bool(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(ImportFile)
            .where(ImportFile.import_id == batch.id)
        )
    )
