"""The bare, careful program of P13: the whole event log read on the raw driver and every seal made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.bare.seal import GENESIS, seal
from benchmarks.bare.store import Raw

EVENTS = """SELECT id, at, kind, actor_id, actor_name, case_id, company_id, subject, reason, data,
 seen_version, channel, token_id, token_name, hash
 FROM events WHERE id > ? ORDER BY id LIMIT 5000"""


def verify(raw: Raw) -> int:
    """Walk the log and refuse it if a seal is wrong; how many events there are."""
    previous, number = GENESIS, 0
    for id, at, *facts, data, seen_version, channel, token_id, token, sealed in _events(raw):
        number += 1
        if isinstance(at, str):
            instant = at.replace(" ", "T").removesuffix(".000000") + "+00:00"
            data = json.loads(data)
        else:
            instant = at.isoformat()
        content = [id, instant, *facts, data, seen_version]
        if channel is not None or token_id is not None or token is not None:
            content.append([channel, token_id, token])
        if id != number or seal(previous, content) != sealed:
            raise SystemExit(f"event {id} is not as it was sealed")
        previous = sealed
    end = raw.one("SELECT last_id, last_hash FROM event_head")
    if tuple(end) != (number, previous):
        raise SystemExit("the end of the log is not as it was sealed")
    return number


def _events(raw: Raw) -> Iterator[Any]:
    last = 0
    while rows := raw.rows(EVENTS, (last,)):
        yield from rows
        last = rows[-1][0]
