"""What time does for people: mails are sent, and old traces of sign-ins are deleted."""

from __future__ import annotations

from functools import partial

from compliance.core.db import transaction
from compliance.core.outbox import deliver_due
from compliance.office.settings import office_settings
from compliance.people.commands.access import forget_old_sign_ins
from compliance.people.commands.resets import forget_resets
from compliance.people.factors.commands import forget_old_devices
from compliance.people.readings.commands import forget_old_readings
from compliance.people.saved_forms import forget_saved_forms
from compliance.policy import system_only
from compliance.web.mailroom import outgoing_mail, send_message


@system_only
def deliver_messages() -> dict[str, int]:
    """Send the mails that are due, all over one connection."""
    with outgoing_mail() as out:
        return deliver_due(partial(send_message, office=office_settings().office_name, out=out))


@system_only
def purge_sign_ins() -> dict[str, int]:
    """Delete old traces of sign-ins and of reading, saved forms, and links for new passwords."""
    with transaction():
        return {
            **forget_old_sign_ins(),
            **forget_saved_forms(),
            **forget_resets(),
            **forget_old_devices(),
            **forget_old_readings(),
        }
