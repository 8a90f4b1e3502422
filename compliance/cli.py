"""The `flask` commands: thin edges over the same commands and queries that pages and the API use."""

from __future__ import annotations

import signal
import sys
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from compliance import schedule
from compliance.admin.audit.cli import audit_group
from compliance.admin.cli import admin_group
from compliance.core import jobs
from compliance.core.db import db, transaction
from compliance.core.scheduler import Clockwork
from compliance.imports.cli import companies_group, notas_group
from compliance.letters.cli import letters_group
from compliance.licensing.cli import check
from compliance.office.queries import find_office
from compliance.office.settings import served_province, zone_of_office
from compliance.people.commands import accounts, resets
from compliance.people.commands import users as people
from compliance.people.models import User
from compliance.people.queries import find_user
from compliance.policy import ROLES, SYSTEM, system_only
from compliance.reference.provinces import province_called
from compliance.web.commandline import Command, Group
from compliance.web.formatting import written

user_group = Group("user", help="People who work with Patuh.")
token_group = Group("token", help="Bearer tokens for the API.")
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
    with transaction():
        secret = resets.print_link(_active(email))
    click.echo(f"{current_app.config['PATUH_BASE_URL']}/reset-password/{secret}")


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


@click.command("scheduler")
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

        return migrations.install(current_app).make_context(info_name, args, parent, **extra)


def install(app: Flask) -> None:
    """Make the commands known to `flask`."""
    for command in (
        Migrations("db", help="Perform database migrations."),
        user_group,
        token_group,
        companies_group,
        notas_group,
        jobs_group,
        audit_group,
        letters_group,
        *admin_group.commands.values(),
        scheduler,
        demo_command,
        check,
    ):
        app.cli.add_command(command)
