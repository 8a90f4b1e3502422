"""The verbs of the admin on jobs and mails: run a job now, try a mail again that was given up."""

from __future__ import annotations

from compliance.core import clock, jobs
from compliance.core.db import transaction
from compliance.core.events import Subject, record
from compliance.core.outbox import Message
from compliance.core.scheduler import Job
from compliance.policy import Actor, command


@command("jobs.manage", about=None)
def run_job(job: Job, *, by: Actor) -> jobs.JobState:
    """Run a job now, once; answers how it went. Who asked is written down and committed before the
    job begins,

    because a job opens transactions of its own.
    """
    with transaction():
        record("job.run_by_hand", by=by, subject=Subject("job", job.name), name=job.name)
    return jobs.run(job.name, job.work)


@command("jobs.manage", about=None)
def retry_message(message: Message, *, by: Actor) -> None:
    """Let a mail leave that was given up: it is tried at once, and as often as a new one."""
    message.given_up_at, message.error, message.attempts = None, None, 0
    message.next_try_at = clock.now()
    record(
        "message.retried",
        by=by,
        subject=Subject("message", message.id),
        address=message.address,
        message_kind=message.kind,
    )
