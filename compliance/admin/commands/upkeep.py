"""The verbs of the admin on jobs and mails: run a job now, try a mail again that was given up, try whether
mails leave.
"""

from __future__ import annotations

from compliance.core import clock, jobs
from compliance.core.db import db, transaction
from compliance.core.events import Subject, record
from compliance.core.mail import MailTrouble
from compliance.core.outbox import Message
from compliance.core.scheduler import Job
from compliance.office.settings import office_settings
from compliance.people.models import User
from compliance.policy import Actor, command
from compliance.web.mailroom import send_test_mail


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
def try_mail(*, by: Actor) -> tuple[str, str | None]:
    """Send the admin a mail that says nothing but that mails arrive. Answers the address, and why it failed.

    The transaction ends before: no one waits while a mail server takes its time.
    """
    admin = db.session.get_one(User, by.actor_id)
    address, language = admin.email, admin.language
    try:
        send_test_mail(address, office=office_settings().office_name, language=language)
    except MailTrouble as trouble:
        return address, f"{type(trouble).__name__}: {trouble}"
    return address, None


@command("jobs.manage", about=None)
def retry_message(message: Message, *, by: Actor) -> None:
    """Let a mail leave that was given up: it is tried at once, and as often as a new one."""
    message.given_up_at, message.refusal_told_at = None, None
    message.error, message.attempts = None, 0
    message.next_try_at = clock.now()
    record(
        "message.retried",
        by=by,
        subject=Subject("message", message.id),
        address=message.address,
        message_kind=message.kind,
    )
