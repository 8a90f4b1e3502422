"""What admins are told of the store at the top of every page, and Prometheus at /metrics: an old backup,
mails that wait for a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from compliance.core import clock
from compliance.core.text import Text, say, say_many
from compliance.policy import Actor, may
from compliance.store.backing_up import nightly
from compliance.store.queries import care, last_backup
from compliance.store.rules import is_old_backup
from compliance.web.metrics import Figure


def notices_of_the_store(by: Actor) -> Iterator[Text]:
    """Sentences for whoever looks after the jobs; one read."""
    if not may(by, "jobs.manage"):
        return
    known = care()
    if nightly() is not None and is_old_backup(known.backup_made_at, clock.now()):
        yield (
            say("Belum ada cadangan yang selesai. Minta teknisi memeriksa pekerjaan Mencadangkan.")
            if known.backup_made_at is None
            else say(
                "Cadangan terakhir yang selesai dibuat {at}: lebih dari 26 jam yang lalu. Minta teknisi"
                " memeriksa pekerjaan Mencadangkan.",
                at=known.backup_made_at,
            )
        )
    if known.held_mails:
        yield say_many(
            "{count} surel ditahan sejak pemulihan dari cadangan. Teknisi melepasnya dengan flask store"
            " release-mail, sesudah Anda memutuskan.",
            count=known.held_mails,
        )


def backup_measured() -> Iterator[Figure]:
    """The age of the last good backup; nothing before the first one."""
    last = last_backup()
    if last is not None:
        yield Figure("patuh_backup_age_seconds", (clock.now() - last.made_at).total_seconds())
