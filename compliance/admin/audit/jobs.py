"""What time does to the event log: new events are verified and their end sealed every night, the whole log
is verified every week.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from compliance.admin.audit.verifying import Verification
from compliance.core import clock
from compliance.core.db import transaction
from compliance.core.outbox import post_message
from compliance.core.seals import keep_seal, kept_seals, seals_file
from compliance.licensing.checks.seals import seal_checks
from compliance.people.queries import in_role
from compliance.policy import system_only

FAULTS_NAMED = 5


class LogAltered(Exception):
    """The log is not as it was sealed."""


@system_only
def verify_event_log() -> dict[str, int]:
    """Walk what was sealed since the last walk that found no fault, and what it speaks of."""
    return _verify(Verification(tail_only=True, seals=kept_seals()))


@system_only
def verify_whole_event_log() -> dict[str, int]:
    """Walk the log from its first event, and compare the tables with it."""
    return _verify(Verification(seals=kept_seals()))


def _verify(verification: Verification) -> dict[str, int]:
    """Answers up to which event the log stands as it was sealed, and marks it. Raises LogAltered
    with the first faults.

    A log with a fault keeps its old mark, so that every nightly run reports the fault again. Checks are
    sealed first: none is late because the scheduler stood still.
    """
    seal_checks()
    _refuse_faults(verification.faults())
    with transaction():
        verification.walk.mark()
    return {"verified": verification.walk.last_id}


@system_only
def seal_event_log() -> dict[str, int]:
    """Write the seal of the last event into a file outside the store and mail it to the admins, once a day.

    A log that is not as it was sealed, or that the seals kept before do not fit, gets no seal. Raises
    LogAltered.
    """
    verification = Verification(tail_only=True, seals=kept_seals())
    _refuse_faults(verification.faults_of_the_log())
    seal, now = verification.walk.end, clock.now()
    if not seal.id or [str(kept) for kept in verification.seals[-1:]] == [str(seal)]:
        return {"seals": 0}
    with transaction():
        for admin in in_role("admin"):
            if admin.wants_email:
                post_message(
                    "log.sealed",
                    key=f"seal:{now:%Y-%m-%d}:{admin.id}",
                    channel="email",
                    user_id=admin.id,
                    address=admin.email,
                    language=admin.language,
                    data={"seal": str(seal), "reader": admin.role},
                )
    keep_seal(seals_file(), seal, remark=f"{now:%Y-%m-%d %H:%M}Z")
    return {"seals": 1}


def _refuse_faults(faults: Iterator[str]) -> None:
    if first := list(islice(faults, FAULTS_NAMED)):
        raise LogAltered("; ".join(first))
