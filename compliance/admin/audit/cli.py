"""`flask audit verify`: whether the event log and what follows from it were altered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from compliance.admin.audit.verifying import Verification
from compliance.core.seals import NotASeal, Seal, kept_seals, read_seal, read_seals, seals_file
from compliance.web.commandline import Group

audit_group = Group("audit", help="The event log.")


@audit_group.command("verify")
@click.option(
    "--seal",
    "written",
    multiple=True,
    metavar="ID:HASH[:KEY]",
    help="A seal kept elsewhere; repeatable.",
)
@click.option(
    "--seals",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of such seals, one a line, as the daily job writes it.",
)
def verify_audit(written: tuple[str, ...], files: tuple[Path, ...]) -> None:
    """Walk the whole event log and say whether anything was altered. Exit code 1 when something was.

    Also compares it with the seals that the daily job wrote and with others kept elsewhere, and the cases,
    notas, flags, checks, letters, evidence and packets with it, and hashes every stored file again.
    """
    verification, found = Verification(seals=_seals(written, files), bytes_too=True), 0
    for line in verification.faults():
        found += 1
        click.echo(line)
    for name in verification.unnamed:
        click.echo(f"file {name}: stored, and no row names it; this is no fault")
    if found:
        click.echo(f"{found} things are not as they were sealed")
        raise SystemExit(1)
    walk = verification.walk
    click.echo(f"{walk.last_id} events, unaltered; the last one is sealed {walk.last_hash}")
    for line in _more(verification):
        click.echo(line)


def _more(verification: Verification) -> Iterator[str]:
    if verification.walk.spans:
        yield f"sealed: {verification.how_sealed}"
    if verification.seals:
        yield f"{len(verification.seals)} seals kept elsewhere agree"
    yield "cases, notas, flags and checks are as the events say"
    yield "letters, evidence, packets and stored files are as the events say"
    if verification.not_sealed:
        yield f"{verification.not_sealed} checks are newer than the last seal of checks"


def _seals(written: tuple[str, ...], files: tuple[Path, ...]) -> list[Seal]:
    """The seals that were given, from all sides, and those of the daily job; exit code 2 for what is none."""
    try:
        given = [*map(read_seal, written), *(seal for file in files for seal in read_seals(file))]
        own = () if seals_file().resolve() in {file.resolve() for file in files} else kept_seals()
        return [*given, *own]
    except NotASeal as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
