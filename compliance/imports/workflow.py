"""TABLE: the life of an import, from the file to what became of it. Nothing is written to companies before
`start`.

A batch that stands in a working state waits for the scheduler, which takes it up again after any crash.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from compliance.core.chart import Chart, step
from compliance.core.text import Text, say

STATUSES = {
    "mapping": say("Kolom belum diperiksa"),
    "rehearsing": say("Sedang diuji coba"),
    "rehearsed": say("Sudah diuji coba, belum diimpor"),
    "importing": say("Sedang diimpor"),
    "done": say("Sudah diimpor"),
    "stopped": say("Dihentikan"),
    "failed": say("Terhenti karena kesalahan"),
    "undoing": say("Sedang diurungkan"),
    "undone": say("Diurungkan"),
}
MAPPING, REHEARSING, REHEARSED, IMPORTING, DONE, STOPPED, FAILED, UNDOING, UNDONE = STATUSES
WORKING = (REHEARSING, IMPORTING, UNDOING)
"""What the scheduler works on."""
CAN_BE_DECIDED = (REHEARSED, DONE, STOPPED, FAILED)
"""Rows that somebody has to decide about can be decided."""
CAN_BE_UNDONE = timedelta(days=30)


def nothing_written(batch: Any, _facts: Any) -> Text | None:
    return (
        say("Impor ini sudah mulai menulis. Lanjutkan atau urungkan.") if batch.started_at else None
    )


def nobody_is_asked(batch: Any, _facts: Any) -> Text | None:
    """Only a batch that came with its mapping, and whose unclear rows are refused, needs no page."""
    return say("Kolom belum diperiksa") if batch.asks else None


def something_written(batch: Any, _facts: Any) -> Text | None:
    return None if batch.started_at else say("Impor ini belum menulis apa pun.")


def the_rest_is_there(batch: Any, facts: Any) -> Text | None:
    """Rows that were not read yet need the file, which is kept as long as the import can be undone."""
    if batch.done_rows < batch.total_rows and not facts["file"]:
        return say("Berkas impor ini sudah dihapus. Unggah lagi berkasnya.")
    return None


def not_being_undone(batch: Any, _facts: Any) -> Text | None:
    return say("Impor ini sudah mulai diurungkan.") if batch.undone else None


def not_too_late(batch: Any, facts: Any) -> Text | None:
    now: datetime = facts["now"]
    late = batch.started_at is not None and now - batch.started_at > CAN_BE_UNDONE
    return (
        say("Impor hanya dapat diurungkan dalam {count} hari.", count=CAN_BE_UNDONE.days)
        if late
        else None
    )


def _refused(status: Text) -> Text:
    return say("Langkah ini tidak dapat dilakukan: impor ini {status}.", status=status)


IMPORTS = Chart(
    STATUSES,
    (
        step("rehearse",    "company.import", "mapping rehearsed failed",  "rehearsing", nothing_written),
        step("choose_sheet", "company.import", "mapping rehearsed failed", "mapping",   nothing_written),
        step("at_once",     "company.import", "mapping",                   "importing", nobody_is_asked),
        step("rehearsed",   "system",         "rehearsing",                "rehearsed"),
        step("back",        "company.import", "rehearsing",                "mapping"),
        step("start",       "company.import", "rehearsed",                 "importing", the_rest_is_there),
        step("go_on",       "company.import", "stopped failed done",       "importing",
            something_written, not_being_undone, the_rest_is_there),
        step("finish",      "system",         "importing",                 "done"),
        step("stop",        "company.import", "importing",                 "stopped"),
        step("fail",        "system",         "rehearsing importing undoing", "failed"),
        step("undo",        "company.import", "done stopped failed",       "undoing",
            something_written, not_too_late),
        step("undone",      "system",         "undoing",                   "undone"),
    ),
    refused=_refused,
)  # fmt: skip
