"""What time does to packets: those that were asked for are made, one after the other."""

from __future__ import annotations

import time

import structlog

from compliance.core.db import db
from compliance.letters.packets.commands import make_packet
from compliance.letters.packets.queries import unmade_packets
from compliance.letters.rendering import LayoutRefused
from compliance.policy import system_only

_MOST_SECONDS = 20
_AT_ONCE = 20
log = structlog.get_logger()


@system_only
def make_packets() -> dict[str, int]:
    """Make the packets that wait. Raises OSError (the disk is full, or away) or LayoutRefused, when all
    others are made.
    """
    did, until = {"packets": 0, "packets_failed": 0}, time.monotonic() + _MOST_SECONDS
    trouble: OSError | LayoutRefused | None = None
    waiting = unmade_packets(limit=_AT_ONCE)
    db.session.rollback()
    for id in waiting:
        try:
            state = make_packet(id)
        except (OSError, LayoutRefused) as failure:
            log.warning("packet not made", packet=id, error=str(failure))
            trouble = failure
            continue
        did["packets"] += state == "made"
        did["packets_failed"] += state == "failed"
        if time.monotonic() > until:
            break
    if trouble is not None:
        raise trouble
    return did
