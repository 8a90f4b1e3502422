"""The event log as a file: the same rows as the page shows, all of them, with their seals."""

from __future__ import annotations

from typing import Any

from compliance.admin.audit.queries import changes, facts, kind_name
from compliance.core.channels import channel_words
from compliance.core.text import say
from compliance.web.exports import Column


def details(row: Any) -> str:
    """What an act changed and what else was written down with it, on one line."""
    lines = [f"{name}: {before} → {after}" for name, before, after in changes(row)]
    return "; ".join(lines + [f"{name}: {value}" for name, value in facts(row)])


AUDIT_COLUMNS = [
    Column(say("Nomor"), lambda row: row.id),
    Column(say("Waktu"), lambda row: row.at),
    Column(say("Peristiwa"), lambda row: kind_name(row.kind)),
    Column(say("Oleh"), lambda row: say("sistem") if row.actor_id is None else row.actor_name),
    Column(say("Kasus"), lambda row: row.case_number),
    Column(say("Perusahaan"), lambda row: row.company),
    Column(say("Tentang"), lambda row: row.subject),
    Column(say("Alasan"), lambda row: row.reason),
    Column(say("Rincian"), details),
    Column(say("Segel"), lambda row: row.hash),
    Column(say("Lewat"), channel_words),
    Column(say("Nomor token"), lambda row: row.token_id),
]
