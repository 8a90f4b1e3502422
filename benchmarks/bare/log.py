"""The event log on the raw driver: seals events behind the last one, as the application does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.bare.seal import mark, seal
from benchmarks.bare.store import Raw
from benchmarks.environment import SEAL_KEY

INSERT = """INSERT INTO events (id, at, kind, actor_id, actor_name, case_id, company_id, subject, reason,
 data, seen_version, channel, hash, mac)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True)
class Act:
    """An event that is still to be sealed."""

    kind: str
    data: dict[str, Any]
    case_id: int | None = None
    company_id: int | None = None
    subject: str | None = None
    seen_version: int | None = None
    actor: tuple[int | None, str] = (None, "sistem")
    channel: str = "job"


def seal_all(raw: Raw, acts: Sequence[Act], stamp: str) -> None:
    """Write these events in their order, in the open transaction; `stamp` is their instant."""
    lock = " FOR UPDATE" if raw.is_postgresql else ""
    last_id, last_hash = raw.one(f"SELECT last_id, last_hash FROM event_head{lock}")
    at, rows = f"{stamp.replace(' ', 'T').removesuffix('.000000')}+00:00", []
    for act in acts:
        last_id += 1
        content = [
            last_id,
            at,
            act.kind,
            *act.actor,
            act.case_id,
            act.company_id,
            act.subject,
            None,
            act.data,
            act.seen_version,
            [act.channel, None, None],
        ]
        last_hash = seal(last_hash, content)
        row = [
            last_id,
            stamp,
            act.kind,
            *act.actor,
            act.case_id,
            act.company_id,
            act.subject,
            None,
            json.dumps(act.data),
        ]
        rows.append((*row, act.seen_version, act.channel, last_hash, mark(SEAL_KEY, last_hash)))
    raw.many(INSERT, rows)
    raw.run("UPDATE event_head SET last_id = ?, last_hash = ?", (last_id, last_hash))
