"""The `flask` commands: thin edges over the same commands and queries that pages and the API use."""

from __future__ import annotations

import signal
import sys
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext

from compliance import schedule
from compliance.admin.audit.cli import audit_group
from compliance.admin.cli import admin_group
from compliance.admin.doctor.cli import doctor
from compliance.admin.failures import meaning_of
from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.mail import MailTrouble
from compliance.core.scheduler import Clockwork
from compliance.imports.cli import companies_group, notas_group
from compliance.letters.cli import letters_group
from compliance.licensing.cli import check
from compliance.office.queries import find_office
from compliance.office.settings import office_settings, served_province, zone_of_office
from compliance.people.commands import accounts, resets
from compliance.people.commands import users as people
from compliance.people.factors.commands import reset_factors_at_console
from compliance.people.models import User
from compliance.people.queries import find_user, live_tokens, people_of
from compliance.policy import ROLES, SYSTEM, system_only
from compliance.reference.provinces import province_called
from compliance.store.cli import store_group, whole_store_group
from compliance.web.commandline import Command, Group
from compliance.web.formatting import written
from compliance.web.mailroom import send_test_mail

user_group = Group("user", help="People who work with Patuh.")
token_group = Group("token", help="Bearer tokens for the API.")
mail_group = Group("mail", help="Mails to people and offices.")
jobs_group = Group("jobs", help="What runs when, how it last ran, and running it now.")


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option(
    "--office",
    "office_code",
    help="Office code: ptsp- and the code of its region; needed for licensing.",
)
@click.option("--phone")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(
    email: str,
    name: str,
    role: str,
    office_code: str | None,
    phone: str | None,
    language: str,
    password_stdin: bool,
) -> None:
    """Add a person; without a password they can only be acted for by a token."""
    office = find_office(office_code) if office_code else None
    if office_code and office is None:
        raise click.ClickException(f"no office with the code {office_code}")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with transaction():
        user = people.add_user(
            by=SYSTEM,
            email=email,
            name=name,
            role=role,
            office=office,
            phone=phone,
            password=password,
            language=language,
        )
        shown = user.email
    click.echo(f"added {shown} as {role}")


@user_group.command("link")
@click.argument("email")
@system_only
def print_link(email: str) -> None:
    """Print a link by which that person sets a password, once, within a day; for when mail does not work."""
    _print_link(email)


@user_group.command("password-link")
@click.argument("email")
@system_only
def print_password_link(email: str) -> None:
    """The same as `link`."""
    _print_link(email)


def _print_link(email: str) -> None:
    with transaction():
        secret = resets.print_link(_active(email))
    click.echo(f"{current_app.config['PATUH_BASE_URL']}/reset-password/{secret}")


@user_group.command("reset-factor")
@click.argument("email")
@click.option("--because", "reason", required=True, help="Why, for the log.")
@system_only
def reset_factor(email: str, reason: str) -> None:
    """Remove a person's lost second factors and end their sessions; for when no second admin can agree."""
    user = _active(email)
    if user.factor_since is None:
        raise click.ClickException(f"{user.email} has no second factor")
    with transaction():
        reset_factors_at_console(user, reason=reason)
    click.echo(
        f"removed the second factors of {email}; they sign in with the password and set up a new one"
    )


@user_group.command("list")
@click.option("--all", "everybody", is_flag=True, help="Also those whose access was taken away.")
def list_users(everybody: bool) -> None:
    """Who may work with Patuh: mail address, role, office, and how the person comes in."""
    for user in people_of(everybody=everybody):
        office = user.office.code if user.office else "-"
        how = "" if user.active else "  no access"
        how += "" if user.password_hash else "  no password yet"
        click.echo(f"{user.email:<40} {user.role:<11} {office:<12} {user.name}{how}")


@user_group.command("disable")
@click.argument("email")
def disable_user(email: str) -> None:
    """Take somebody's access away, at once: sessions, links and tokens end. A page gives it back."""
    with transaction():
        user = _active(email)
        people.change_user(
            user,
            by=SYSTEM,
            name=user.name,
            role=user.role,
            office=user.office,
            phone=user.phone,
            active=False,
        )
        shown = user.email
    click.echo(f"{shown} has no access any more")


def _active(email: str) -> User:
    user = find_user(email)
    if user is None or not user.active:
        raise click.ClickException(f"no active user with the address {email}")
    return user


@token_group.command("add")
@click.argument("email")
@click.option("--name", "label", required=True, help="What the token is for.")
@click.option(
    "--days", type=click.IntRange(1, 3650), help="Days until it expires; a year when left out."
)
@system_only
def add_token(email: str, label: str, days: int | None) -> None:
    """Print a new bearer token, once; it acts as that user."""
    user = _active(email)
    with transaction():
        secret = accounts.add_token_at_console(user, label=label, days=days)
    click.echo(secret)


@token_group.command("list")
@click.argument("email", required=False)
def list_tokens(email: str | None) -> None:
    """The tokens that work, of everybody or of one person; never their secrets."""
    for token in live_tokens(of=_active(email) if email else None):
        until = f"{token.expires_at:%Y-%m-%d}" if token.expires_at else "for ever"
        click.echo(f"{token.id:<6} {token.user.email:<40} until {until}  {token.label}")


@token_group.command("revoke")
@click.argument("number", type=int)
def revoke_token(number: int) -> None:
    """Make a token worthless at once, by the number that `flask token list` shows."""
    with transaction():
        token = next((each for each in live_tokens() if each.id == number), None)
        if token is None:
            raise click.ClickException(f"no token that works has the number {number}")
        accounts.revoke_token(token, by=SYSTEM)
        shown = f"{token.label} of {token.user.email}"
    click.echo(f"revoked {shown}")


@mail_group.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a mail to ADDRESS now, and say what the mail server says."""
    place = urlsplit(current_app.config["MAIL_URL"]).hostname or current_app.config["MAIL_DIR"]
    try:
        send_test_mail(address, office=office_settings().office_name, language="id")
    except MailTrouble as trouble:
        said = f"{type(trouble).__name__}: {trouble}"
        raise click.ClickException(f"{said}\n{written(meaning_of(said))}") from None
    click.echo(f"a mail to {address} was taken by {place}")


@click.command("scheduler", cls=Command)
@with_appcontext
def scheduler() -> None:
    """Run the scheduler as a process of its own. Several may run; one leads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    clockwork = Clockwork(app, schedule.TABLE, zone=zone_of_office)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: clockwork.stop())
    clockwork.serve()


@jobs_group.command("list")
def list_jobs() -> None:
    """What runs when and why, and how it last ran."""
    zone = zone_of_office()
    for job in schedule.TABLE:
        state = db.session.get(jobs.JobState, job.name)
        click.echo(f"{job.name}\n  when  {job.trigger_in(zone)}\n  why   {written(job.why)}")
        if state is None:
            click.echo("  last  never")
        else:
            click.echo(f"  last  {state.finished_at:%Y-%m-%d %H:%M:%S}Z  {_said(state)}")


@jobs_group.command("run")
@click.argument("name")
@system_only
def run_job(name: str) -> None:
    """Run one job now, once, and say what it did. Exit code 1 when it failed."""
    job = schedule.JOBS.get(name)
    if job is None:
        raise click.ClickException(f"no such job: {name}. Known: {', '.join(schedule.JOBS)}")
    state = jobs.run(job.name, job.work)
    click.echo(f"{name}: {_said(state)}")
    if state.error:
        raise SystemExit(1)


def _said(state: jobs.JobState) -> str:
    if state.error:
        return f"failed: {state.error}"
    return ", ".join(f"{key} {count}" for key, count in state.did.items()) or "nothing to do"


@click.command("demo", cls=Command)
@click.option("--unless-filled", is_flag=True, help="Do nothing when there is data already.")
@click.option(
    "--province", "typed", metavar="CODE", help="Of which province; as it is when left out."
)
@with_appcontext
def demo_command(unless_filled: bool, typed: str | None) -> None:
    """Fill an empty database with the lively, fictitious work of a province."""
    from compliance import demo  # not above: no other command tells its story

    if current_app.config["PATUH_ENV"] == "production":
        raise click.ClickException("the demo's passwords are public: not in production")
    province = province_called(typed) if typed else None
    if typed and province is None:
        raise click.ClickException(f"no province is called {typed}")
    name = (province or served_province()).short_name
    if not (unless_filled and demo.is_filled()):
        if not demo.is_filled():
            click.echo(f"Filling the database with a fictitious {name} …")
        counts = demo.fill(province)
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    click.echo(
        f"\nPatuh: {current_app.config['PATUH_BASE_URL']}   (password for everybody: {demo.PASSWORD})"
    )
    for role, (email, person) in demo.ACCOUNTS.items():
        click.echo(f"  {role:<11} {email:<24} {person}")


class Migrations(click.Command):
    """`flask db`, whose commands are loaded when they are asked for: they load alembic."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        from compliance.core import migrations

        holder = parent.ensure_object(ScriptInfo) if parent is not None else ScriptInfo()
        made = migrations.install(current_app or holder.load_app())
        group = Group("db", help=made.help, callback=made.callback, params=made.params)
        group.commands = made.commands
        return group.make_context(info_name, args, parent, **extra)


def install(app: Flask) -> None:
    """Make the commands known to `flask`."""
    for command in (
        Migrations("db", help="Perform database migrations."),
        user_group,
        token_group,
        mail_group,
        companies_group,
        notas_group,
        jobs_group,
        audit_group,
        letters_group,
        store_group,
        *whole_store_group.commands.values(),
        *admin_group.commands.values(),
        scheduler,
        doctor,
        demo_command,
        check,
    ):
        app.cli.add_command(command)
