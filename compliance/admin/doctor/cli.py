"""`flask doctor`: a page of what is well and what is not, with what to do, and an exit code for monitors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from compliance.admin.doctor import queries, surroundings
from compliance.admin.doctor.rules import BAD, EXIT_CODE_OF, WARNING, WELL, Observation, worst
from compliance.core.availability import line_for_operator
from compliance.core.db import db, reading
from compliance.core.slots import Slot
from compliance.web.commandline import Command

Look = Callable[[], Iterator[Observation]]
LOOKS: Slot[Look] = Slot()
"""What upper rooms let the doctor look at, too."""
AROUND: tuple[Look, ...] = (
    surroundings.entrance_findings,
    surroundings.key_findings,
    surroundings.disk_findings,
    surroundings.mail_server_findings,
)
_MARKS = {WELL: "ok  ", WARNING: "warn", BAD: "BAD "}


IN_STORE: tuple[Look, ...] = (
    queries.clock_findings,
    queries.zone_findings,
    queries.scheduler_findings,
    queries.mail_findings,
    queries.number_findings,
    queries.office_findings,
    queries.people_findings,
    queries.factor_findings,
)


def look_at_all() -> list[Observation]:
    """Look at everything that can be looked at: without a store, at what lies around it."""
    found = list(surroundings.store_findings())
    if all(each.state == WELL for each in found if each.name != "writing"):
        found += _in_store()
    return found + [each for look in AROUND for each in look()]


def _in_store() -> list[Observation]:
    try:
        with reading():
            return [each for look in (*IN_STORE, *LOOKS) for each in look()]
    except Exception as error:
        db.session.remove()
        if (line := line_for_operator(error)) is None:
            raise
        return [Observation("store", BAD, line, "look again when it answers")]


@click.command("doctor", cls=Command, any_store=True)
@click.option("--json", "as_json", is_flag=True, help="For programs: one object with all findings.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Say what is well and what is not, and what to do.

    Changes nothing and sends no mail. Exit code for monitors: 0 all is well, 1 something wants attention, 2
    something does not work.
    """
    found = look_at_all()
    state = worst(found)
    if as_json:
        click.echo(json.dumps({"state": state, "findings": [asdict(each) for each in found]}))
    else:
        for each in found:
            click.echo(f"{_MARKS[each.state]}  {each.name}: {each.says}")
            if each.state != WELL and each.do:
                click.echo(f"      -> {each.do}")
        counted = ", ".join(
            f"{sum(each.state == name for each in found)} {name}" for name in EXIT_CODE_OF
        )
        click.echo(f"\n{counted}")
    raise SystemExit(EXIT_CODE_OF[state])
