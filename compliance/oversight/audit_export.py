"""The event log as a table for a spreadsheet program: the same rows as the page shows, all of them, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, current_app

from compliance.companies.report import safe_cell
from compliance.core.db import db
from compliance.core.text import say
from compliance.oversight.audit import Filters, Row, changes, facts, kind_name, read_log
from compliance.people.settings import office_settings
from compliance.policy import SYSTEM, Actor, require
from compliance.web.words import ZONE_NAMES, in_language, language, render_text

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by it a spreadsheet program knows UTF-8
CHUNK = 500
"""How many events are read, and in memory, at once."""


def log_as_csv(by: Actor, filters: Filters) -> Iterator[str]:
    """The table in the reader's language, a chunk at a time: the store is free again between two of them."""
    require(by, "audit.read")
    return _chunks(current_app._get_current_object(), language(), filters)  # type: ignore[attr-defined]


def _chunks(app: Flask, code: str, filters: Filters) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    after, more, heading = None, True, True
    while more:
        with app.app_context(), in_language(code):
            db.session.info["read_only"] = True
            found = read_log(SYSTEM, filters, after=after, size=CHUNK)
            rows = [_cells(row) for row in found[:CHUNK]]
            chunk = csv_text([_heading(), *rows] if heading else rows)
            more, heading = len(found) > CHUNK, False
            after = str(rows[-1][0]) if rows else None
        yield chunk


def csv_text(rows: Iterable[list[Any]]) -> str:
    """Rows as lines of csv, none of which a spreadsheet program runs as a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _heading() -> list[str]:
    zone = office_settings().time_zone
    words = (
        say("Nomor"), say("Waktu ({zone})", zone=ZONE_NAMES.get(zone, zone)), say("Peristiwa"), say("Oleh"), say("Kasus"),
        say("Perusahaan"), say("Tentang"), say("Alasan"), say("Rincian"), say("Segel"),
    )  # fmt: skip
    return [render_text(each) for each in words]


def _cells(row: Row) -> list[Any]:
    event = row.event
    told = [f"{name}: {before} → {after}" for name, before, after in changes(event)]
    told += [f"{name}: {value}" for name, value in facts(event)]
    at = event.at.astimezone(office_settings().zone)
    by = render_text(say("sistem")) if event.actor_id is None else event.actor_name
    return [
        event.id, f"{at:%Y-%m-%d %H:%M:%S}", render_text(kind_name(event.kind)), by, row.case_number, row.company,
        event.subject, event.reason, "; ".join(told), event.hash,
    ]  # fmt: skip
