"""`flask store`: the whole store as an operator handles it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from compliance.core.db import db
from compliance.policy import system_only
from compliance.store.commands import put_up_read_only, take_off_read_only, wait_for_writers
from compliance.store.copying import Copying
from compliance.store.rules import CannotMove
from compliance.web.commandline import Group
from config import store_address

store_group = Group("store", help="The store: read-only mode, moving it, what follows a restore.")


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What cannot be done is said in one line, with its exit code."""
    try:
        yield
    except CannotMove as refusal:
        click.echo(f"Error: {refusal}", err=True)
        raise SystemExit(refusal.code) from None


@store_group.command("copy")
@click.argument("to_url", metavar="TO_URL")
@system_only
def copy_store(to_url: str) -> None:
    """Copy the whole store into the empty one at TO_URL, SQLite or PostgreSQL, and prove that both are equal.

    Needs read-only mode. Given again after it was cut off, it goes on where it was. Exit code 3 people may
    write, 4 the target is not empty, 5 it is at another migration, 6 out of reach, 7 the copy is not equal.
    """
    with _in_one_line():
        try:
            copying = Copying(store_address(to_url))
        except ValueError as problem:
            raise CannotMove(f"TO_URL {problem}") from None
        copying.look()
        rows = copying.rows_in_all()
        with _bar(rows, "copying") as bar:
            copying.copy(bar.update)
        with _bar(2 * rows, "comparing") as bar:
            last_id = copying.prove(bar.update)
    click.echo(
        f"{len(copying.tables)} tables, {rows} rows, equal on both sides; {last_id} events, unaltered"
    )
    click.echo(
        "The copy is read-only, too. Give Patuh its address as DATABASE_URL, then there:"
        " flask store read-only off"
    )


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr)


@store_group.command("read-only")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--because", metavar="TEXT", help="Why; people read it at the top of every page.")
@system_only
def read_only(state: str, because: str | None) -> None:
    """Let people read and check, and let nothing be written, until it is taken off.

    Waits until those who were writing are done. Jobs pause, mails wait.
    """
    if state == "off":
        was_on = take_off_read_only()
        click.echo("people may write again" if was_on else "people may write already")
        return
    mode = put_up_read_only(because)
    db.session.remove()
    if left := wait_for_writers():
        raise click.ClickException(
            f"nothing new is written, but {left} transactions from before are still open."
            " Wait, then give the command again"
        )
    click.echo(f"read-only since {mode.since:%Y-%m-%d %H:%M}Z; nobody is writing any more")
