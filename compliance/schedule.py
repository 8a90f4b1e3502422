"""TABLE: what runs when, and why. Every job may run at any time and any number of times without harm.

The hours are the office's default zone; a job that depends on the office's own settings looks at them itself.
"""

from __future__ import annotations

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from compliance.api.jobs import forget_idempotent_answers
from compliance.cases.jobs import discard_old_drafts, next_due_at, sweep_due_rechecks
from compliance.core.scheduler import Job
from compliance.oversight.jobs import send_morning_digests
from compliance.people.jobs import deliver_messages, purge_sign_ins


def every(**span: int) -> IntervalTrigger:
    return IntervalTrigger(timezone="UTC", **span)


def at_night(hour: int, minute: int) -> CronTrigger:
    return CronTrigger(hour=hour, minute=minute, timezone="Asia/Makassar")


TABLE = (
    Job("sweep_due_rechecks", sweep_due_rechecks, every(minutes=1),
        "Brings every recheck back on its day: due, then missed. Also wakes at the very instant the next one is due.",
        alarm=next_due_at),
    Job("deliver_messages", deliver_messages, every(seconds=20),
        "Sends the mails that were written with the acts they speak of; licensing hears of a lift within a minute."),
    Job("send_morning_digests", send_morning_digests, every(minutes=10),
        "On working mornings, from the office's hour on: one digest per person of rechecks soon due or late."),
    Job("discard_old_drafts", discard_old_drafts, at_night(2, 10),
        "Throws away drafts that nobody touched for as many days as the office allows."),
    Job("purge_sign_ins", purge_sign_ins, at_night(2, 20),
        "Drops failed sign-ins of yesterday and sessions that ended a month ago."),
    Job("forget_idempotent_answers", forget_idempotent_answers, at_night(2, 30),
        "Forgets answers kept for repeated API requests after two days."),
)  # fmt: skip
JOBS = {job.name: job for job in TABLE}
