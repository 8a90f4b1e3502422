"""`flask store`, `flask backup`, `flask restore`: the whole store as an operator handles it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy.engine import make_url

from compliance.admin.doctor.rules import BAD, WARNING, WELL, Observation
from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import last_sealed
from compliance.policy import system_only
from compliance.store.backing_up import files_to_back_up, make_backup, nightly
from compliance.store.commands import (
    Finished,
    finish_restore,
    held_mails,
    put_up_read_only,
    release_mails,
    take_off_read_only,
    wait_for_writers,
)
from compliance.store.copying import Copying
from compliance.store.drilling import drill
from compliance.store.queries import last_backup
from compliance.store.restoring import Place, restore_or_go_on
from compliance.store.rules import CannotMove, Keep, NumbersAfter, is_old_backup
from compliance.web.commandline import Command, Group
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
    except OSError as error:
        click.echo(f"Error: {error.filename or 'the disk'}: {error.strerror or error}", err=True)
        raise SystemExit(1) from None


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
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)


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


@store_group.command("release-mail")
@click.option("--list", "only_list", is_flag=True, help="Only say what waits.")
@click.option("--drop", is_flag=True, help="Give the mails up instead of sending them.")
@system_only
def release_mail(only_list: bool, drop: bool) -> None:
    """Let the mails leave that are held since a restore.

    They may have left once already, after the backup.
    """
    for kind, count in held_mails():
        click.echo(f"{count:6} {kind}")
    db.session.rollback()
    if not only_list:
        click.echo(f"{release_mails(drop=drop)} mails {'given up' if drop else 'leave now'}")


class _BackupGroup(Group):
    """`flask backup DIR` and `flask backup drill DIR`: what is no other command is a folder."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


whole_store_group = Group("whole-store", help="Commands that stand at the top.")
backup_group = _BackupGroup(
    "backup",
    help="Back up into a folder: flask backup DIR, which is short for flask backup make DIR.",
)
whole_store_group.add_command(backup_group)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@backup_group.command("make")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--encrypt-to", metavar="KEY", type=_FILE, help="A public X25519 key in PEM.")
@click.option("--keep", metavar="7d,5w,12m", help="Remove older backups but the last of each.")
@click.option(
    "--without-files", is_flag=True, help="Only the store: files are backed up elsewhere."
)
@system_only
def back_up(folder: Path, encrypt_to: Path | None, keep: str | None, without_files: bool) -> None:
    """Back up the store and its files into DIR while everybody works."""
    with _in_one_line():
        try:
            rule = Keep.read(keep) if keep else None
        except ValueError as problem:
            raise CannotMove(f"--keep {problem}") from None
        with _bar(files_to_back_up(), "backing up") as bar:
            made = make_backup(
                folder,
                encrypt_to=encrypt_to,
                keep=rule,
                with_files=not without_files,
                advance=bar.update,
            )
    manifest = made.manifest
    click.echo(
        f"{made.path}: {made.size} bytes, {sum(manifest.rows.values())} rows, {manifest.files} files,"
        f" up to event {manifest.last_event_id}; {made.seconds:.0f} s"
    )
    if made.removed:
        click.echo(f"{made.removed} older backups removed")
    if not made.noted:
        click.echo("read-only mode: the store does not know of this backup", err=True)
    for name in manifest.broken:
        click.echo(f"file {name}: changed or gone, and not in the backup", err=True)


@backup_group.command("drill")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--key", type=_FILE, help="The private key, of backups that are encrypted.")
@system_only
def drill_restore(folder: Path, key: Path | None) -> None:
    """Restore the newest backup of DIR beside the living store, verify it, and say what would be lost."""
    with _in_one_line(), _bar(0, "restoring") as bar:
        done = drill(folder, key=key, advance=bar.update)
    click.echo(f"{done.backup.name} restored and verified in {done.seconds / 60:.1f} minutes")
    hours = done.age.total_seconds() / 3600
    click.echo(f"lost would be {hours:.1f} hours: {done.events_since} events since")
    for name, count in sorted(done.rows_since.items()):
        click.echo(f"{count:8} {name}")


def _afterwards(command: Callable[..., None]) -> Callable[..., None]:
    """The options about what follows a restore."""
    for option in (
        click.option("--keep-tokens", is_flag=True, help="Do not revoke the tokens of the API."),
        click.option(
            "--numbers-after",
            "typed",
            multiple=True,
            metavar="COUNT|NAME=LAST",
            help="How many numbers of each counter are left out (1000), or the last on paper: nota=123.",
        ),
    ):
        command = option(command)
    return command


def _numbers(typed: tuple[str, ...]) -> NumbersAfter:
    try:
        return NumbersAfter.read(typed)
    except ValueError as problem:
        raise CannotMove(f"--numbers-after {problem}") from None


def _tell(done: Finished) -> None:
    click.echo(
        f"{done.sessions} sessions ended, {done.tokens} tokens revoked, {done.links} password links void,"
        f" {done.mails} mails held"
    )
    for name, last in done.counters.items():
        click.echo(f"  {name} goes on after {last}")


@store_group.command("recovered")
@_afterwards
@system_only
def recovered(typed: tuple[str, ...], keep_tokens: bool) -> None:
    """Say that this store was put back by other means, such as the archived log of PostgreSQL.

    Does what `flask restore` does in the end: sessions, tokens, mails, numbers.
    """
    with _in_one_line():
        numbers = _numbers(typed)
    last = last_sealed()
    db.session.rollback()
    _tell(finish_restore(clock.now(), last_event_id=last, numbers=numbers, keep_tokens=keep_tokens))


@whole_store_group.command("restore", cls=Command, any_store=True)
@click.argument("backup", metavar="FILE", type=_FILE)
@click.option("--key", type=_FILE, help="The private key, of a backup that is encrypted.")
@_afterwards
@system_only
def restore(backup: Path, key: Path | None, typed: tuple[str, ...], keep_tokens: bool) -> None:
    """Put a backup into the empty place that DATABASE_URL and PATUH_FILES name, and verify it.

    Everybody signs in anew, tokens are revoked, mails wait for `flask store release-mail`, and numbers go on
    behind those that paper may bear. Exit code 4 not empty, 5 another migration, 6 out of reach, 7 not equal.
    """
    place = Place(make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]))
    with _in_one_line(), _bar(0, "restoring") as bar:
        numbers = _numbers(typed)
        manifest = restore_or_go_on(place, backup, key=key, advance=bar.update)
    done = finish_restore(
        datetime.fromisoformat(manifest.made_at),
        last_event_id=manifest.last_event_id,
        numbers=numbers,
        keep_tokens=keep_tokens,
    )
    click.echo(
        f"restored and verified: the store of {manifest.made_at}, {manifest.files} files,"
        f" {manifest.last_event_id} events"
    )
    _tell(done)
    if not manifest.with_files:
        click.echo(
            "the backup holds no files: put those back from where they are backed up", err=True
        )
    for name in manifest.broken:
        click.echo(f"file {name}: was broken when the backup was made, and is not in it", err=True)


def backup_findings() -> Iterator[Observation]:
    """How old the last good backup is."""
    last = last_backup()
    if last is None:
        is_set_up = nightly() is not None
        says = "none was completed yet" if is_set_up else "no backup is set up"
        yield Observation(
            "backup", BAD if is_set_up else WARNING, says, "see docs/running.md, Back up"
        )
    elif is_old_backup(last.made_at, clock.now()):
        says = f"the last good one was made {last.made_at:%Y-%m-%d %H:%M}Z"
        yield Observation("backup", BAD, says, "look at the job of the night: flask jobs list")
    else:
        yield Observation("backup", WELL, f"made {last.made_at:%Y-%m-%d %H:%M}Z")
