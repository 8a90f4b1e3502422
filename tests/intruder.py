"""Somebody with the database's keys, but without the key of the seals; and what `flask audit verify` says."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import GENESIS, Event, seal


def verified(app: Flask, *options: str) -> tuple[int, str]:
    """What `flask audit verify` answers: the exit code and the text."""
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["audit", "verify", *options])
    return result.exit_code, result.output


def behind_the_back(*statements: str, **values: Any) -> None:
    """Change the log as somebody with the database's keys would: the triggers go, and come back."""
    if is_postgresql():
        unlock = ["ALTER TABLE events DISABLE TRIGGER USER"]
        lock = ["ALTER TABLE events ENABLE TRIGGER USER"]
    else:
        made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
        triggers = db.session.execute(sa.text(made)).all()
        db.session.remove()
        unlock = [f"DROP TRIGGER {trigger.name}" for trigger in triggers]
        lock = [trigger.sql for trigger in triggers]
    with transaction():
        for statement in (*unlock, *statements, *lock):
            mentioned = {name: value for name, value in values.items() if f":{name}" in statement}
            db.session.execute(sa.text(statement), mentioned)
    db.session.remove()


def as_before_channels_and_keys() -> None:
    """Make the log one that a version wrote that knew no channels and no keys: a downgrade keeps it whole."""
    empty = ("channel", "token_id", "token_name", "mac")
    behind_the_back(f"UPDATE events SET {', '.join(f'{name} = NULL' for name in empty)}")


def seal_anew(*changes: str, keep_macs: bool = True) -> None:
    """Change the log, then make every hash and the end of the log fit: whole in itself, but another log."""
    behind_the_back(*changes)
    previous, statements, last = GENESIS, [], 0
    for event in db.session.scalars(sa.select(Event).order_by(Event.id)).all():
        previous, last = seal(previous, event), event.id
        statements.append(f"UPDATE events SET hash = '{previous}' WHERE id = {last}")
    if not keep_macs:
        statements.append("UPDATE events SET mac = NULL")
    db.session.remove()
    behind_the_back(
        *statements, f"UPDATE event_head SET last_hash = '{previous}', last_id = {last}"
    )
