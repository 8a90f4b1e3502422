"""What admins are told of the store at the top of every page: an old backup, mails that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.core import clock
from compliance.core.text import Text, say, say_many
from compliance.policy import Actor, may
from compliance.store.backing_up import nightly
from compliance.store.queries import care
from compliance.store.rules import is_old_backup


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
