"""What time does to the event log: new events are verified every night, the whole log every week."""

from __future__ import annotations

from itertools import islice

from compliance.core.db import transaction
from compliance.core.events import Walk
from compliance.policy import system_only

FAULTS_NAMED = 5


class LogAltered(Exception):
    """The log is not as it was sealed."""


@system_only
def verify_event_log() -> dict[str, int]:
    """Walk what was sealed since the last walk that found no fault."""
    return _verify(Walk(tail_only=True))


@system_only
def verify_whole_event_log() -> dict[str, int]:
    """Walk the log from its first event."""
    return _verify(Walk())


def _verify(walk: Walk) -> dict[str, int]:
    """Answers up to which event the log stands as it was sealed, and marks it. Raises LogAltered
    with the first faults.

    A log with a fault keeps its old mark, so that every nightly run reports the fault again.
    """
    faults = list(islice(walk.faults(), FAULTS_NAMED))
    if faults:
        raise LogAltered("; ".join(faults))
    with transaction():
        walk.mark()
    return {"verified": walk.last_id}
