"""The triggers by which the store refuses to change or remove an event: whether they are as the
migrations made them, on either store.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

_SQLITE = {
    "events_are_never_changed": (
        "CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events"
        " BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
    ),
    "events_are_never_removed": (
        "CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events"
        " BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
    ),
}
_BODY = "BEGIN RAISE EXCEPTION 'the event log is append-only'; END"
_POSTGRESQL = {
    "events_are_never_changed": (
        "CREATE TRIGGER events_are_never_changed BEFORE DELETE OR UPDATE ON events"
        f" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events() {_BODY}"
    ),
    "events_are_never_emptied": (
        "CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON events"
        f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events() {_BODY}"
    ),
}
_IN_SQLITE = sa.text(
    "SELECT name, sql AS made, 1 AS works FROM sqlite_master"
    " WHERE type = 'trigger' AND tbl_name = 'events'"
)
_IN_POSTGRESQL = sa.text(
    "SELECT tgname AS name, pg_get_triggerdef(pg_trigger.oid, true) || ' ' || btrim(prosrc) AS made,"
    " tgenabled IN ('O', 'A') AS works"
    " FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
    " WHERE tgrelid = 'events'::regclass AND NOT tgisinternal"
)


def trigger_faults(connection: sa.Connection) -> Iterator[str]:
    """One line for each trigger of the log that is missing, switched off, altered, or somebody else's."""
    postgresql = connection.dialect.name == "postgresql"
    made = _POSTGRESQL if postgresql else _SQLITE
    here = {
        row.name: row
        for row in connection.execute(_IN_POSTGRESQL if postgresql else _IN_SQLITE).all()
    }
    for name, text in made.items():
        if name not in here:
            yield f"trigger {name}: missing; the store does not refuse what it would refuse"
        elif not here[name].works:
            yield f"trigger {name}: switched off"
        elif here[name].made != text:
            yield f"trigger {name}: not as the migrations made it"
    for name in here:
        if name not in made:
            yield f"trigger {name}: on the event log, and no migration made it"
