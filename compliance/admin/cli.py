"""`flask setup`: asks for the province that an installation serves, its inspectorate and its first people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from compliance.admin.commands.setup import (
    LARGEST_LIST,
    Newcomer,
    SetUp,
    read_people,
    set_up,
)
from compliance.admin.first_start.commands import somebody_works_here
from compliance.admin.first_start.rules import code_of
from compliance.admin.queries import list_offices, load_office
from compliance.core.db import transaction
from compliance.core.errors import Invalid
from compliance.licensing.codes import shown_code
from compliance.office.queries import kept_office
from compliance.office.settings import office_settings
from compliance.office.succession.commands import end_office
from compliance.people.commands.resets import print_link
from compliance.people.queries import find_user
from compliance.policy import SYSTEM, system_only
from compliance.reference.provinces import Province, province_called
from compliance.web.commandline import Command, Group
from compliance.web.formatting import written

admin_group = Group("admin", help="Commands that stand at the top.")


@admin_group.command("setup", cls=Command)
@click.option("--province", "typed", metavar="CODE", help="The province: its code or its name.")
@click.option("--inspectorate", metavar="NAME", help="What the inspectorate calls itself.")
@click.option("--admin-email", metavar="EMAIL", help="The mail address of the first admin.")
@click.option("--admin-name", metavar="NAME", default="Admin", show_default=True)
@click.option(
    "--people",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A csv of the first people: name, email, role, office. Each gets a mail with a link.",
)
@click.option("--yes", is_flag=True, help="Ask nothing.")
@system_only
def ask_and_set_up(
    typed: str | None,
    inspectorate: str | None,
    admin_email: str | None,
    admin_name: str,
    file: Path | None,
    yes: bool,
) -> None:
    """Set an empty database up for a province: settings, offices, the first admin and the first people.

    Done again it changes nothing. A database with companies keeps its province.
    """
    province = _province(typed, ask=not yes)
    if not yes:
        inspectorate = inspectorate or click.prompt("Inspectorate", default=_name_so_far(province))
        admin_email = admin_email or click.prompt("Mail address of the first admin")
    people = _people_in(file, province) if file else []
    if admin_email:
        people = [Newcomer(admin_name, admin_email, "admin"), *people]
    if not yes:
        click.echo(
            f"{province.long_name}: {len(province.licensing_offices) + 1} offices,"
            f" {province.zone}, {inspectorate}, {len(people)} people"
        )
        click.confirm("Set this database up so?", default=True, abort=True)
    with transaction():
        did = set_up(province, inspectorate=inspectorate, people=people)
        admin = find_user(admin_email) if admin_email else None
        secret = print_link(admin) if admin is not None and admin.email in did.people else None
    _tell(did, province)
    if secret is not None:
        click.echo(
            "The admin sets a password here, once, within a day:\n"
            f"{current_app.config['PATUH_BASE_URL']}/reset-password/{secret}"
        )


@admin_group.command("setup-code", cls=Command)
def print_setup_code() -> None:
    """Print the code that opens /setup while nobody works here."""
    if somebody_works_here():
        raise click.ClickException("somebody works here already: sign in")
    code = shown_code(code_of(str(current_app.secret_key)))
    click.echo(f"{current_app.config['PATUH_BASE_URL']}/setup opens with the code {code}")


@admin_group.group("offices", cls=Group, invoke_without_command=True)
@click.pass_context
def offices_group(context: click.Context) -> None:
    """The offices of the province: who they are, and how one ends. Alone it lists them."""
    if context.invoked_subcommand is None:
        context.invoke(list_all_offices)


@offices_group.command("list")
def list_all_offices() -> None:
    """Every office by the code that `flask user add --office` takes; of one that ends, when, and who does
    its work then.
    """
    for office, people in list_offices(SYSTEM):
        mailbox = office.email or "no mailbox"
        basis = "" if office.legal_basis or office.kind == "inspectorate" else "  no legal basis"
        click.echo(
            f"{office.code:<14} {office.kind:<13} {office.name} ({people} people), {mailbox}{basis}"
        )
        if office.ended_on is not None:
            after = kept_office(office.successor_id)
            name = after.name if after is not None else office.successor_name
            click.echo(
                f"  {'ended' if office.has_ended else 'ends'} {office.ended_on}, then {name}"
            )


@offices_group.command("end")
@click.argument("code")
@click.option(
    "--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day without it."
)
@click.option("--successor", metavar="CODE", help="The office that does its work then.")
@click.option("--new-name", metavar="NAME", help="Or the name of a new office in its place.")
@click.option("--reason", required=True, help="Why, for the record.")
def end_one_office(
    code: str, day: datetime, successor: str | None, new_name: str | None, reason: str
) -> None:
    """An office closes, merges or takes another name: its people, permits and open flags go to the successor.

    On its day, or at once when that has come.
    """
    office = load_office(SYSTEM, code)
    after = load_office(SYSTEM, successor) if successor else None
    with transaction():
        end_office(
            office,
            by=SYSTEM,
            ended_on=day.date(),
            successor=after,
            new_name=new_name,
            reason=reason,
        )
        said = f"{office.name} {'ended' if office.has_ended else 'ends'} {office.ended_on}"
    click.echo(said)


def _province(typed: str | None, *, ask: bool) -> Province:
    if typed is None and not ask:
        raise click.UsageError("--yes needs --province")
    while True:
        said = typed or click.prompt("Province (code or name)")
        if (province := province_called(said)) is not None:
            return province
        if typed is not None:
            raise click.ClickException(
                f"no province is called {typed}; 16 or Sumatera Selatan is one"
            )
        click.echo(f"No province is called {said}.")


def _name_so_far(province: Province) -> str:
    settings = office_settings()
    return (
        settings.office_name if settings.province == province.code else province.inspectorate.name
    )


def _people_in(file: Path, province: Province) -> list[Newcomer]:
    """The people of a csv file. Raises ClickException for a file that cannot be read."""
    if file.stat().st_size > LARGEST_LIST:
        raise click.ClickException(f"{file.name} is too large for a list of people")
    try:
        return read_people(file.read_bytes(), province)
    except Invalid as refusal:
        raise click.ClickException(
            f"{file.name}: {written(next(iter(refusal.errors.values())))}"
        ) from None


def _tell(did: SetUp, province: Province) -> None:
    """Say what was done."""
    if not did.changed:
        click.echo(f"Nothing to do: this database serves {province.name} already.")
        return
    if did.settings:
        click.echo(f"Serves {province.name} now.")
        for name, value in did.settings.items():
            click.echo(f"  {name}  {value}")
    if did.added or did.removed or did.renamed:
        click.echo(f"{len(did.added)} offices added, {len(did.removed)} taken away")
    if did.kept:
        click.echo(f"Offices of another province that somebody uses stay: {', '.join(did.kept)}")
    for email in did.people:
        click.echo(f"added {email}")
